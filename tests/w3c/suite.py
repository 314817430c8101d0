"""The W3C SPARQL test suites: where they are, and their manifests as cases."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Address under which the suites are published; IRIs in test files are relative to it.
BASE = "https://w3c.github.io/rdf-tests/sparql/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

#: Other servers, other entailment regimes: what a plain SPARQL endpoint cannot be asked.
OUT_OF_SCOPE = ("/entailment/", "/syntax-fed/")
#: The manifests that hold the tests of the three versions.
TOPS = ("sparql10/manifest.ttl", "sparql11/manifest-all.ttl", "sparql12/manifest.ttl")


@dataclass(frozen=True)
class Case:
    """One test: what to load, what to ask, what must come out."""

    iri: str
    kind: str
    name: str
    request: str = ""
    data: tuple[str, ...] = ()
    graphs: tuple[tuple[str, str], ...] = ()
    result: str = ""
    result_data: tuple[str, ...] = ()
    result_graphs: tuple[tuple[str, str], ...] = ()
    is_lax: bool = False
    node: ox.NamedNode | None = field(default=None, compare=False, repr=False)
    manifest: Manifest | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """The suite, folder and name of the test, for reading."""
        path = self.manifest.iri.removeprefix(BASE) if self.manifest else ""
        return f"{path.rpartition('/')[0]}/{self.iri.rpartition('#')[2]}"


def root() -> Path | None:
    """Return the folder that holds sparql10, sparql11 and sparql12, if there is one."""
    given = os.environ.get("PARLEY_W3C")
    near = Path(__file__).resolve().parents[2].parent / "shared" / "w3c"
    folder = Path(given) if given else near
    for place in (folder / "sparql", folder):
        if (place / "sparql11" / "manifest-all.ttl").is_file():
            return place
    return None


def path_of(iri: str) -> Path:
    """Return the file behind an IRI of the suites."""
    folder = root()
    assert folder is not None, iri
    return folder / iri.removeprefix(BASE)


def text_of(iri: str) -> str:
    """Return the text of a file of the suites."""
    return path_of(iri).read_bytes().decode("utf-8")


class Manifest:
    """The triples of one manifest file."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.store = ox.Store()
        self.store.load(path=str(path_of(iri)), format=ox.RdfFormat.TURTLE, base_iri=iri)

    def values(
        self, subject: object, predicate: str
    ) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Return the objects of a subject's property."""
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)  # type: ignore[arg-type]
        return [quad.object for quad in found]  # type: ignore[misc]

    def value(
        self, subject: object, predicate: str
    ) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        """Return the one object of a subject's property, or None."""
        return next(iter(self.values(subject, predicate)), None)

    def items(self, node: object) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Return the members of a list."""
        members = []
        while node is not None and str(node) != f"<{RDF}nil>":
            members.extend(self.values(node, f"{RDF}first"))
            node = self.value(node, f"{RDF}rest")
        return members

    def subjects(self, kind: str) -> list[ox.NamedNode]:
        """Return the named subjects of a class, in order of their IRIs."""
        found = self.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(kind))
        names = {q.subject for q in found if isinstance(q.subject, ox.NamedNode)}
        return sorted(names, key=str)

    def string(self, subject: object, predicate: str) -> str:
        """Return the text of a subject's property, empty when there is none."""
        term = self.value(subject, predicate)
        return term.value if term is not None else ""


@cache
def cases() -> tuple[Case, ...]:
    """Return every test of the suites that a plain endpoint can be asked, in manifest order."""
    if root() is None:
        return ()
    return tuple(
        case
        for top in TOPS
        for manifest in _manifests(BASE + top)
        for case in _read(manifest)
        if not any(part in manifest.iri for part in OUT_OF_SCOPE) and not _needs_servers(case)
    )


def of_kind(*kinds: str) -> list[Case]:
    """Return the tests of some kinds."""
    return [case for case in cases() if case.kind in kinds]


def _manifests(iri: str, seen: set[str] | None = None) -> Iterator[Manifest]:
    seen = set() if seen is None else seen
    if iri in seen:
        return
    seen.add(iri)
    manifest = Manifest(iri)
    yield manifest
    included = manifest.store.quads_for_pattern(None, ox.NamedNode(f"{MF}include"), None)
    for quad in included:
        for item in manifest.items(quad.object):
            yield from _manifests(item.value, seen)


def _read(manifest: Manifest) -> Iterator[Case]:
    for quad in manifest.store.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None):
        for node in manifest.items(quad.object):
            yield _read_case(manifest, node)
    listed = {
        case
        for quad in manifest.store.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None)
        for case in manifest.items(quad.object)
    }
    for node in manifest.subjects(f"{MF}GraphStoreProtocolTest"):
        if node not in listed:
            yield _read_case(manifest, node)


def _read_case(manifest: Manifest, node: object) -> Case:
    assert isinstance(node, ox.NamedNode)
    kind = manifest.string(node, f"{RDF}type").rpartition("#")[2]
    action, result = manifest.value(node, f"{MF}action"), manifest.value(node, f"{MF}result")
    if isinstance(action, ox.NamedNode):
        request = action.value
    else:
        request = manifest.string(action, f"{QT}query") or manifest.string(action, f"{UT}request")
    return Case(
        iri=node.value,
        kind=kind,
        name=manifest.string(node, f"{MF}name"),
        request=request,
        data=_data(manifest, action),
        graphs=_graphs(manifest, action),
        result=result.value if isinstance(result, ox.NamedNode) else "",
        result_data=_data(manifest, result),
        result_graphs=_graphs(manifest, result),
        is_lax=bool(manifest.values(node, f"{MF}resultCardinality")),
        node=node,
        manifest=manifest,
    )


def _data(manifest: Manifest, node: object) -> tuple[str, ...]:
    if not isinstance(node, ox.BlankNode):
        return ()
    found = [*manifest.values(node, f"{QT}data"), *manifest.values(node, f"{UT}data")]
    return tuple(term.value for term in found)


def _graphs(manifest: Manifest, node: object) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if not isinstance(node, ox.BlankNode):
        return ()
    for term in [
        *manifest.values(node, f"{QT}graphData"),
        *manifest.values(node, f"{UT}graphData"),
    ]:
        if isinstance(term, ox.NamedNode):
            found.append((term.value, term.value))
        else:
            file = manifest.string(term, f"{UT}graph") or manifest.string(term, f"{QT}graph")
            found.append((manifest.string(term, f"{RDFS}label") or file, file))
    return tuple(found)


def _needs_servers(case: Case) -> bool:
    """Say whether a test needs other endpoints at given addresses (all of service/ but one)."""
    manifest = case.manifest
    if manifest is None or case.node is None:
        return False
    action = manifest.value(case.node, f"{MF}action")
    return isinstance(action, ox.BlankNode) and bool(manifest.values(action, f"{QT}serviceData"))

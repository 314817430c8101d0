"""Give the ontologies of a home a new version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, XSD

from parley.corpus.canonical import format_turtle
from parley.corpus.canonical.read import read_turtle
from parley.errors import InputError
from parley.publishing.files import write_all

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from parley.home import Home

_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_CATALOG: Final = "catalog-v001.xml"


def current_version(home: Home) -> str:
    """Return the version that the core ontology says it has.

    Raises:
        InputError: It says none, or none of the form 1.2.3.
    """
    path = home.ontology / "parley.ttl"
    graph = read_turtle(path.read_text(encoding="utf-8"), source=str(path))
    versions = [str(o).rpartition("/")[2] for o in graph.objects(None, OWL.versionIRI)]
    if len(versions) != 1:
        raise InputError(f"{path} names {len(versions)} version IRIs, and must name one.")
    _check(versions[0])
    return versions[0]


def set_version(home: Home, version: str, day: date) -> list[Path]:
    """Write a new version into every ontology that has one, and into the catalogs.

    The version IRI, ``owl:versionInfo``, the citation and ``dcterms:modified`` change;
    ``owl:priorVersion`` names the version before.

    Args:
        home: Whose files are changed.
        version: Three numbers, such as 0.2.0; later than the current one.
        day: The day of the release.

    Returns:
        The files that were changed.

    Raises:
        InputError: The version is malformed or not later than the current one.
    """
    old = current_version(home)
    if _check(version) <= _check(old):
        raise InputError(
            f"Version {version} is not later than {old}.", remedy="Give a higher number."
        )
    texts: dict[Path, str] = {}
    moved: dict[str, str] = {}
    for path in sorted(home.ontology.rglob("*.ttl")):
        graph = read_turtle(path.read_text(encoding="utf-8"), source=str(path))
        renamed = _move(graph, version, day)
        if renamed:
            moved.update(renamed)
            texts[path] = format_turtle(graph.serialize(format="nt"), source=str(path))
    for path in sorted({*home.ontology.rglob(_CATALOG), *home.data.rglob(_CATALOG)}):
        text = path.read_text(encoding="utf-8")
        for before, after in moved.items():
            text = text.replace(f'"{before}"', f'"{after}"')
        texts[path] = text
    changed = [path for path, text in texts.items() if text != path.read_text(encoding="utf-8")]
    files = {str(path.relative_to(home.root)): texts[path].encode("utf-8") for path in changed}
    write_all(home.root, files, with_checksums=False)
    return changed


def _move(graph: Graph, version: str, day: date) -> dict[str, str]:
    """Give each ontology of a file the version; return its new version IRI by its old one."""
    moved = {}
    for ontology, old in list(graph.subject_objects(OWL.versionIRI)):
        new = URIRef(f"{ontology}/{version}")
        moved[str(old)] = str(new)
        graph.set((ontology, OWL.versionIRI, new))
        graph.set((ontology, OWL.versionInfo, Literal(version)))
        graph.set((ontology, OWL.priorVersion, old))
        graph.set((ontology, DCTERMS.modified, Literal(day.isoformat(), datatype=XSD.date)))
        _cite(graph, ontology, str(old).rpartition("/")[2], version)
    return moved


def _cite(graph: Graph, ontology: Node, old: str, new: str) -> None:
    """Replace the number in the citation."""
    number = re.compile(rf"(?<![\d.]){re.escape(old)}(?![\d.]*\d)")
    for citation in list(graph.objects(ontology, DCTERMS.bibliographicCitation)):
        if isinstance(citation, Literal):
            text = Literal(number.sub(new, str(citation)), lang=citation.language)
            graph.remove((ontology, DCTERMS.bibliographicCitation, citation))
            graph.add((ontology, DCTERMS.bibliographicCitation, text))


def _check(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    if not match:
        raise InputError(
            f"{version!r} is no version.", remedy="Write three numbers with dots, as 0.2.0."
        )
    return tuple(int(number) for number in match.groups())

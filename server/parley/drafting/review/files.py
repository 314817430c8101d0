"""Read and replace a document's claims.ttl, whole or not at all, and tell its revisions apart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef

from parley.build.assemble import to_ntriples
from parley.corpus import claims, documents
from parley.corpus.canonical import format_turtle
from parley.durable import replace_file
from parley.errors import DocumentError, StaleError
from parley.namespaces import PL, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node

    from parley.corpus.documents import Document
    from parley.home import Home

_REVISION: Final = 16


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """A document and its claims as the file has them; the revision is the digest of its bytes."""

    path: Path
    document: Document
    author: Node
    title: str
    graph: Graph
    revision: str
    #: Files and times by which a change is noticed without reading.
    stamp: tuple[tuple[int, int, int], ...]


def read(home: Home, slug: str) -> ClaimsFile:
    """Read the claims of a document.

    Raises:
        DocumentError: There is no such document, or it names no author.
        ParleyError: Its files do not parse, or do not belong to its source.
    """
    folder = home.documents / slug
    if not folder.is_dir():
        known = ", ".join(path.name for path in documents.list_documents(home)) or "none"
        raise DocumentError(f"There is no document {slug!r}.", remedy=f"There are: {known}.")
    path = folder / claims.CLAIMS_FILE
    before = stamp(folder)
    content = path.read_bytes() if path.is_file() else b""
    document = documents.read(folder)
    graphs = claims.read_files(document)
    metadata = graphs[folder / claims.DOCUMENT_FILE]
    author = metadata.value(URIRef(document.iri), PL.hasAuthor, any=True)
    if author is None:
        raise DocumentError(f"{slug} names no author.", remedy="Say pl:hasAuthor in document.ttl.")
    graph = graphs.get(path, Graph(bind_namespaces="none"))
    title = _title(metadata, document)
    return ClaimsFile(path, document, author, title, graph, revision_of(content), before)


def stamp(folder: Path) -> tuple[tuple[int, int, int], ...]:
    """Return what changes when a file of a document's folder does."""
    names = (claims.CLAIMS_FILE, claims.DOCUMENT_FILE, documents.SOURCE)
    found = []
    for path in (folder / name for name in names):
        if path.is_file():
            stat = path.stat()
            found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def revision_of(content: bytes) -> str:
    """Return the name of a file's state."""
    return hashlib.sha256(content).hexdigest()[:_REVISION]


def render(graph: Graph) -> bytes:
    """Return the canonical Turtle of a graph."""
    bound = Graph(bind_namespaces="none")
    for triple in graph:
        bound.add(triple)
    for prefix, namespace in PREFIXES.items():
        bound.bind(prefix, namespace)
    return format_turtle(bound.serialize(format="turtle")).encode("utf-8")


def check_writable(file: ClaimsFile) -> None:
    """Check that nothing of the file is lost when its graph is written again.

    Raises:
        FormatError: It holds comments; they would be lost.
    """
    if file.path.is_file():
        format_turtle(file.path.read_bytes().decode("utf-8"), source=str(file.path))


def replace(path: Path, content: bytes, expected: str) -> None:
    """Put a file in the place of another: a reader sees the old one or the new one, whole.

    Raises:
        StaleError: The file is not in the state that is to be replaced.
    """

    def check(target: Path) -> None:
        if revision_of(target.read_bytes() if target.is_file() else b"") != expected:
            raise StaleError(f"{path.name} has been changed meanwhile.")

    replace_file(path, content, before=check)


def difference(before: Graph, after: Graph) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was removed and what was added, as sorted lines of N-Triples."""
    removed, added = Graph(bind_namespaces="none"), Graph(bind_namespaces="none")
    for triple in before:
        if triple not in after:
            removed.add(triple)
    for triple in after:
        if triple not in before:
            added.add(triple)
    return _lines(removed), _lines(added)


def apply(graph: Graph, removed: tuple[str, ...], added: tuple[str, ...]) -> Graph | None:
    """Return the graph with a difference applied; None when it does not fit."""
    out, new = _graph(removed), _graph(added)
    if any(triple not in graph for triple in out) or any(triple in graph for triple in new):
        return None
    made = Graph(bind_namespaces="none")
    for triple in graph:
        if triple not in out:
            made.add(triple)
    for triple in new:
        made.add(triple)
    return made


def _title(metadata: Graph, document: Document) -> str:
    from rdflib.namespace import DCTERMS

    found = sorted(metadata.objects(URIRef(document.iri), DCTERMS.title), key=str)
    return str(found[0]) if found else document.slug


def _lines(graph: Graph) -> tuple[str, ...]:
    return tuple(to_ntriples(graph).decode("utf-8").splitlines())


def _graph(lines: tuple[str, ...]) -> Graph:
    graph = Graph(bind_namespaces="none")
    return graph.parse(data="\n".join(lines), format="nt") if lines else graph

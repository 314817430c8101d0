"""Assemble the dataset of a home: which triple stands in which named graph.

No triple stands in two graphs, so that a query over their union counts each once. The order of
the graphs decides who keeps a triple that two files say: ontology, entities, documents by slug,
links, drafts, then what is derived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import XSD, BNode, Graph, Literal, URIRef

from parley.corpus import claims, documents, links, ontology, vocabulary
from parley.namespaces import GRAPH, PL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

    from parley.corpus.documents import Document
    from parley.home import Home

    Triple = tuple[Node, Node, Node]

ONTOLOGY: Final = str(GRAPH.ontology)
ENTITIES: Final = str(GRAPH.entities)
LINKS: Final = str(GRAPH.links)
INFERRED: Final = str(GRAPH.inferred)
PROVENANCE: Final = str(GRAPH.provenance)

_ESCAPES: Final = str.maketrans(
    {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
)


@dataclass(slots=True)
class Dataset:
    """Named graphs by IRI, in the order in which they were added."""

    graphs: dict[str, Graph] = field(default_factory=dict)

    def add(self, name: str, triples: Graph) -> int:
        """Add what no graph holds yet to a named graph; return how many triples that were."""
        graph = self.graphs.setdefault(name, Graph(bind_namespaces="none"))
        new = [t for t in triples if not any(t in other for other in self.graphs.values())]
        for triple in new:
            graph.add(triple)
        return len(new)

    def union(self, *, without: tuple[str, ...] = ()) -> Graph:
        """Return one graph with the triples of all graphs but those whose names begin so."""
        union = Graph(bind_namespaces="none")
        for name, graph in self.graphs.items():
            if not name.startswith(without):
                for triple in graph:
                    union.add(triple)
        return union

    def __len__(self) -> int:
        return sum(len(graph) for graph in self.graphs.values())


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """What one document brings: its graph with passages, and the part that is still a draft."""

    document: Document
    graph: Graph
    drafts: Graph


@dataclass(frozen=True, slots=True)
class Parts:
    """What a home says, read and anchored, before anything is derived."""

    dataset: Dataset
    documents: tuple[DocumentPart, ...]
    files: tuple[Path, ...]


def document_graph(slug: str) -> str:
    """Return the name of a document's graph."""
    return str(GRAPH[f"document/{slug}"])


def view_graph(slug: str) -> str:
    """Return the name of the graph of a document's direct triples."""
    return str(GRAPH[f"view/{slug}"])


def drafts_graph(slug: str) -> str:
    """Return the name of the graph of a document's drafts."""
    return str(GRAPH[f"drafts/{slug}"])


def assemble(home: Home) -> Parts:
    """Read a home and put each of its triples into its named graph.

    Raises:
        ParleyError: Something in the home is wrong; the error has the file and the line.
    """
    dataset = Dataset()
    dataset.add(ONTOLOGY, ontology.load(home))
    files = read_data_files(home)
    documents_files = _read_documents(home)
    check_vocabulary(home, dataset.graphs[ONTOLOGY], files, documents_files)
    for graph in files.values():
        dataset.add(ENTITIES, graph)
    parts = tuple(read_document(document, graphs) for document, graphs in documents_files)
    for part in parts:
        dataset.add(document_graph(part.document.slug), part.graph)
    tables = sorted((home.data / "links").glob("*.sssom.tsv"))
    dataset.add(LINKS, links.to_graph(m for table in tables for m in links.read(table)))
    for part in parts:  # last, so that no draft keeps what something reviewed says too
        if part.drafts:
            dataset.add(drafts_graph(part.document.slug), part.drafts)
    sources = [path for document, graphs in documents_files for path in graphs]
    return Parts(dataset, parts, (*files, *sources, *tables))


def read_data_files(home: Home) -> dict[Path, Graph]:
    """Return the shared entity files of a home by path; their imports must resolve by catalog.

    Raises:
        TurtleSyntaxError: A file does not parse.
        OntologyError: A file imports what no catalog maps.
    """
    graphs = {path: ontology.parse(path) for path in sorted(home.data.glob("*.ttl"))}
    for path, graph in graphs.items():
        ontology.imports(graph, path, home.root)
    return graphs


def read_document(document: Document, graphs: dict[Path, Graph]) -> DocumentPart:
    """Anchor a document's quotations; a pure function of its files, with nothing shared.

    Raises:
        QuotationError: A quotation does not stand in the source exactly once.
        DocumentError: A reviewed claim is said within a drafted one.
    """
    whole = Graph(bind_namespaces="none")
    for path, graph in graphs.items():
        claims.check_nesting(graph, path)
        for triple in graph:
            whole.add(triple)
        for triple in claims.anchor(graph, document, path):
            whole.add(triple)
    count = Literal(str(len(document.sentences)), datatype=XSD.integer)
    whole.add((URIRef(document.iri), PL.sentenceCount, count))
    drafts = claims.drafted(whole)
    kept = Graph(bind_namespaces="none")
    for triple in whole:
        if triple not in drafts:
            kept.add(triple)
    return DocumentPart(document, kept, drafts)


def check_vocabulary(
    home: Home,
    ontology_graph: Graph,
    files: dict[Path, Graph],
    documents_files: list[tuple[Document, dict[Path, Graph]]],
) -> None:
    """Check that every file uses only what the ontology declares and the data defines.

    Raises:
        VocabularyError: A term is unknown (file, line, nearest known terms).
    """
    named = {**files, **{p: g for _, graphs in documents_files for p, g in graphs.items()}}
    words = vocabulary.of_ontology(ontology_graph).extended(named.values())
    for path, graph in named.items():
        ontology.imports(graph, path, home.root)
        vocabulary.check(graph, path, words)


def to_nquads(dataset: Dataset) -> bytes:
    """Serialise a dataset as N-Quads, sorted by line: the same dataset gives the same bytes."""
    lines = {
        f"{n3(s)} {n3(p)} {n3(o)} <{name}> .\n"
        for name, graph in dataset.graphs.items()
        for s, p, o in graph
    }
    return "".join(sorted(lines)).encode("utf-8")


def to_ntriples(graph: Graph) -> bytes:
    """Serialise a graph as N-Triples, sorted by line."""
    lines = (f"{n3(s)} {n3(p)} {n3(o)} .\n" for s, p, o in graph)
    return "".join(sorted(lines)).encode("utf-8")


def n3(term: Node) -> str:
    """Write a term as N-Triples does; every character but the escaped ones stands as it is."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    if isinstance(term, BNode):
        return f"_:{term}"
    if not isinstance(term, Literal):
        raise TypeError(f"{term!r} is no RDF term.")
    text = f'"{str(term).translate(_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}"
    return f"{text}^^<{term.datatype}>" if term.datatype else text


def _read_documents(home: Home) -> list[tuple[Document, dict[Path, Graph]]]:
    folders: Iterator[Document] = (documents.read(f) for f in documents.list_documents(home))
    return [(document, claims.read_files(document)) for document in folders]

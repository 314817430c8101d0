"""What goes into an engine and what comes out: plain values, and the protocol of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


class Term(NamedTuple):
    """An RDF term without a library: an IRI, a blank node, a literal, or a triple term.

    A triple term has its N-Triples text as value. A literal has its datatype IRI, and its
    language tag when it has one.
    """

    kind: Literal["iri", "blank", "literal", "triple"]
    value: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query to evaluate, with the dataset the protocol asks for.

    ``default_graph_iris`` and ``named_graph_iris`` are ``None`` when the request names none; when
    one of them is given, the dataset is what both say and FROM is overridden
    (https://www.w3.org/TR/sparql11-protocol/#dataset). ``union_default_graph`` holds only when
    neither the request nor the query names a dataset. ``prefixes`` shorten Turtle and its kin.
    """

    text: str
    form: Form
    media_type: str
    base_iri: str | None = None
    default_graph_iris: tuple[str, ...] | None = None
    named_graph_iris: tuple[str, ...] | None = None
    union_default_graph: bool = True
    prefixes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """An update request; the using lists are ``None`` when the request names no such graph."""

    text: str
    base_iri: str | None = None
    using_graph_iris: tuple[str, ...] | None = None
    using_named_graph_iris: tuple[str, ...] | None = None
    union_default_graph: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: its bytes, how many solutions or triples, and who says so.

    ``rows`` is ``None`` for ASK. ``engine_s`` is the time the engine took, without waiting.
    ``version`` names the state of the data that was read.
    """

    body: bytes
    media_type: str
    rows: int | None
    engine_s: float
    version: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A document for one graph.

    ``base_iri`` is what its relative IRIs are resolved against. With ``if_version`` it is written
    only while the data is in that state.
    """

    body: bytes
    media_type: str
    base_iri: str | None = None
    if_version: str | None = None


class Engine(Protocol):
    """Something that holds a dataset and answers SPARQL; safe to call from many threads."""

    @property
    def version(self) -> str:
        """The state of the data: it changes with every update and every new generation."""

    @property
    def writable(self) -> bool:
        """Whether updates and graph writes are possible."""

    def evaluate(self, query: Query, *, timeout_s: float | None = None) -> Answer:
        """Answer a query, completely or not at all."""

    def update(self, update: Update) -> None:
        """Apply a whole update request, or nothing of it."""

    def get_graph(self, graph_iri: str | None, media_type: str) -> Answer:
        """Return the triples of a named graph, or of the default graph for ``None``."""

    def has_graph(self, graph_iri: str | None) -> bool:
        """Tell whether a graph exists; the default graph always does."""

    def parse(self, body: bytes, media_type: str, *, base_iri: str | None = None) -> bytes:
        """Turn a document into N-Triples; blank nodes of two documents stay apart."""

    def put_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Replace a graph, if the data is in the state named; return whether it was created."""

    def post_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Merge triples into a graph, if the data is in the state named; return as `put_graph`."""

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Remove a graph, or empty the default graph, if the data is in the state named."""

    def statistics(self) -> dict[str, float]:
        """Return counters and gauges for ``/health`` and ``/metrics``."""

    def close(self) -> None:
        """End every process the engine started."""

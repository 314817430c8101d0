"""The service description: what this endpoint is, reads, writes, holds and limits.

https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef

from parley.endpoint.graph_store import INPUT_FORMATS
from parley.engine.results import ASK_FORMATS, GRAPH_FORMATS, SELECT_FORMATS
from parley.engine.settled import DRAFTS
from parley.namespaces import PREFIXES, SCHEMA, SD, VOID

if TYPE_CHECKING:
    from parley.config import Settings

_W3_FORMATS: Final = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}
_RDFLIB_FORMATS: Final = {
    "text/turtle": "turtle",
    "application/trig": "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
#: Settings that limit what one request may ask for, in the order they are shown.
LIMITS: Final = (
    "timeout_s", "update_timeout_s", "max_query_bytes", "max_update_bytes", "max_url_bytes",
    "max_result_bytes", "max_result_rows", "max_nesting", "max_patterns", "max_operators",
    "max_branches", "max_queue", "queue_timeout_s", "client_concurrency", "client_engine_s",
    "worker_memory_bytes", "pool_memory_bytes",
)  # fmt: skip
#: Settings of how the server works, which no request meets as a limit; `/health` shows them too.
WORKINGS: Final = (
    "workers", "slow_workers", "slow_after_s", "worker_stack_bytes", "memory_store_bytes",
    "result_cache_bytes", "default_graph", "validate_writes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """A named graph of the dataset and how many triples it holds."""

    iri: str
    triples: int


def describe(settings: Settings, sparql_url: str, *, graphs: tuple[NamedGraph, ...] = ()) -> Graph:
    """Describe the service that answers at an address.

    Args:
        settings: What is switched on, and the limits.
        sparql_url: The true public address of the endpoint.
        graphs: The named graphs of the dataset, when they are known.
    """
    graph = Graph(bind_namespaces="none")
    for prefix in ("rdf", "schema", "sd", "void", "xsd"):
        graph.bind(prefix, PREFIXES[prefix])
    service = URIRef(f"{sparql_url}#service")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(sparql_url)))
    _add_languages(graph, service, settings, graphs)
    _add_formats(graph, service)
    _add_dataset(graph, service, sparql_url, graphs)
    for row in limit_rows(settings):
        _add_limit(graph, service, *row)
    return graph


def serialise(graph: Graph, media_type: str) -> bytes:
    """Write a graph in one of the formats that graphs are served in."""
    return graph.serialize(format=_RDFLIB_FORMATS.get(media_type, "nt"), encoding="utf-8")


def limit_rows(settings: Settings) -> list[tuple[str, float, str]]:
    """Return each limit's name, value and explanation."""
    help_of = {f.name: str(f.metadata["help"]) for f in fields(settings)}
    return [(name, getattr(settings, name), help_of[name]) for name in LIMITS]


def _add_languages(
    graph: Graph, service: URIRef, settings: Settings, graphs: tuple[NamedGraph, ...]
) -> None:
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    if settings.writable:
        graph.add((service, SD.supportedLanguage, SD.SPARQL11Update))
    has_drafts = any(named.iri.startswith(DRAFTS) for named in graphs)
    if settings.default_graph == "union" and not has_drafts:
        graph.add((service, SD.feature, SD.UnionDefaultGraph))
    if settings.service_allow:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    graph.add(
        (service, SD.defaultEntailmentRegime, URIRef("http://www.w3.org/ns/entailment/Simple"))
    )


def _add_formats(graph: Graph, service: URIRef) -> None:
    for media_type in dict.fromkeys((*SELECT_FORMATS, *ASK_FORMATS, *GRAPH_FORMATS)):
        if name := _FORMAT_IRIS.get(media_type):
            graph.add((service, SD.resultFormat, URIRef(_W3_FORMATS + name)))
    for media_type in INPUT_FORMATS:
        graph.add((service, SD.inputFormat, URIRef(_W3_FORMATS + _FORMAT_IRIS[media_type])))


def _add_dataset(
    graph: Graph, service: URIRef, sparql_url: str, graphs: tuple[NamedGraph, ...]
) -> None:
    dataset, default = URIRef(f"{sparql_url}#dataset"), URIRef(f"{sparql_url}#default-graph")
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    for named in graphs:
        node, content = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, node))
        graph.add((node, RDF.type, SD.NamedGraph))
        graph.add((node, SD.name, URIRef(named.iri)))
        graph.add((node, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
        graph.add((content, VOID.triples, Literal(named.triples, datatype=XSD.integer)))


def _add_limit(graph: Graph, service: URIRef, name: str, value: float, text: str) -> None:
    limit = BNode()
    graph.add((service, SCHEMA.additionalProperty, limit))
    graph.add((limit, RDF.type, SCHEMA.PropertyValue))
    graph.add((limit, SCHEMA.name, Literal(name)))
    graph.add((limit, SCHEMA.value, Literal(value)))
    graph.add((limit, SCHEMA.description, Literal(text, lang="en")))

"""What a page is about, as JSON-LD in schema.org's words: for search engines and other readers.

The context is part of it, so that nobody has to fetch one; it is flat, so that all say the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rdflib import RDF, Graph, Literal, URIRef

from parley.engine.results import N_TRIPLES
from parley.namespaces import SCHEMA

if TYPE_CHECKING:
    from rdflib.term import Node

    from parley.web.views import Views

#: What must not stand in a script element as it is, with what JSON reads as the same.
_ESCAPES: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\x7f"}


def describe(views: Views, iri: str, address: str) -> str:
    """Return JSON-LD on a thing, safe within a script element; nothing when it is of no kind.

    Args:
        views: Whom to ask.
        iri: The thing.
        address: Its page.
    """
    if views.home is None:
        return ""
    this = URIRef(iri)
    body = views.fetch("schema-org", "CONSTRUCT", N_TRIPLES, {"this": this})
    graph = Graph(bind_namespaces="none").parse(data=body.decode("utf-8"), format="nt")
    if (this, RDF.type, None) not in graph:
        return ""
    graph.add((this, SCHEMA.url, URIRef(address)))
    nodes = sorted({s for s in graph.subjects() if isinstance(s, URIRef)}, key=lambda s: s != this)
    document = {
        "@context": {"@vocab": str(SCHEMA)},
        "@graph": [_node(graph, node) for node in nodes],
    }
    return json.dumps(document).translate(_ESCAPES)


def _node(graph: Graph, node: URIRef) -> dict[str, Any]:
    types = sorted(str(o).removeprefix(str(SCHEMA)) for o in graph.objects(node, RDF.type))
    found: dict[str, Any] = {"@id": str(node)} | ({"@type": types} if types else {})
    for prop in sorted(set(graph.predicates(node)) - {RDF.type}, key=str):
        name = str(prop).removeprefix(str(SCHEMA))
        found[name] = [_value(o) for o in sorted(graph.objects(node, prop), key=str)]
    return found


def _value(term: Node) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": str(term)}
    value = {"@value": str(term)}
    if term.language:
        value["@language"] = term.language
    elif term.datatype:
        value["@type"] = str(term.datatype)
    return value

"""The answer to a query on the SPARQL page: table, sentence or picture, and the ways on."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlencode

import rdflib

from parley.engine.inspection import inspect
from parley.engine.results import JSON, TURTLE, in_order
from parley.namespaces import PREFIXES
from parley.web import charts, tables
from parley.web.charts import Statement
from parley.web.reuse import Reuse
from parley.web.views import read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.endpoint.messages import Request
    from parley.endpoint.service import Service

#: Code points of Turtle that a page shows; the downloads hold all.
SHOWN_TEXT: Final = 60_000
#: Bytes of Turtle above which no picture is tried.
_DRAWN_BYTES: Final = 100_000
#: What the downloads are called in an address and on the page; the first is the command line's.
_TABLES: Final = (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML"))
_GRAPHS: Final = (
    ("ttl", "Turtle"), ("nt", "N-Triples"), ("jsonld", "JSON-LD"), ("rdf", "RDF/XML"),
    ("trig", "TriG"), ("nq", "N-Quads"),
)  # fmt: skip
#: Parameters of the address that arrange the page and are no part of the query.
_ARRANGING: Final = frozenset({"format", "lang", "page", "sort", "version"})


def run(service: Service, request: Request, text: str) -> dict[str, Any]:
    """Answer the query of a page: its table, sentence or graph, and what there is to know of it.

    Raises:
        ParleyError: Whatever keeps it from being answered.
    """
    form = inspect(text).form
    is_graph = form in {"CONSTRUCT", "DESCRIBE"}
    headers = {**request.headers, "accept": TURTLE if is_graph else JSON}
    headers.pop("if-none-match", None)
    plain = b"&".join(
        part
        for part in request.query_string.split(b"&")
        if part.partition(b"=")[0].decode("ascii", "replace") not in _ARRANGING
    )
    started = time.perf_counter()
    response = service.answer_sparql(replace(request, headers=headers, query_string=plain))
    shown = {
        "seconds": time.perf_counter() - started,
        "note": unquote(response.header("parley-note")),
        **_ways_on(service, text, _GRAPHS if is_graph else _TABLES),
    }
    return shown | (_show_graph(response.body) if is_graph else _show_rows(response.body, text))


def _show_rows(body: bytes, text: str) -> dict[str, Any]:
    document = json.loads(body)
    if "boolean" in document:
        return {"boolean": document["boolean"]}
    rows = read_rows(body)
    variables = in_order(document["head"]["vars"], text)
    table = tables.make(variables, rows)
    picture = charts.of_rows(variables, rows, text, table.labels) if table.pages == 1 else ""
    return {"table": table, "picture": picture}


def _show_graph(body: bytes) -> dict[str, Any]:
    turtle = body.decode("utf-8")
    shown = {"graph": turtle[:SHOWN_TEXT], "is_cut": len(turtle) > SHOWN_TEXT, "picture": ""}
    if len(body) > _DRAWN_BYTES:
        return shown
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    statements = [
        Statement(str(s), str(p), str(o))
        for s, p, o in sorted(graph)
        if isinstance(s, rdflib.URIRef) and isinstance(o, rdflib.URIRef) and p != rdflib.RDF.type
    ]
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return {
        "graph": graph.serialize(format="turtle"),
        "is_cut": False,
        "picture": charts.of_statements(statements),
        "triples": len(graph),
    }


def _ways_on(service: Service, text: str, formats: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the addresses of the same answer: to keep, to download, for a command line."""
    address = f"/sparql?{urlencode({'query': text})}"
    is_table = formats is _TABLES
    data = f"{service.base_url}{address}&format={formats[0][0]}"
    return {
        "downloads": [(title, f"{address}&format={name}") for name, title in formats],
        "reuse": Reuse(
            data=data,
            table=data if is_table else "",
            endpoint=service.sparql_url,
            query=text if is_table else "",
            permalink=f"{address}&{urlencode({'version': service.engine.version})}",
            cited=("query", text),
        ),
    }

"""The doors for machines as an OpenAPI document."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from parley.engine.results import ASK_FORMATS, GRAPH_FORMATS, SELECT_FORMATS
from parley.web.routes import describe_routes

if TYPE_CHECKING:
    import flask

    from parley.config import Settings

_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
    },
}
_TEXT: Final = {"schema": {"type": "string"}}
_REFUSALS: Final = ("400", "406", "413", "414", "415", "429", "503")


def describe_api(app: flask.Flask, base_url: str, settings: Settings) -> dict[str, Any]:
    """Describe what a server answers, writes only when they are switched on."""
    paths = describe_routes(app) | {
        "/sparql": {"get": _query_get(), "post": _query_post(settings)},
        "/store": {"get": _graph_get()} | (_graph_writes() if settings.writable else {}),
        "/health": {"get": _plain("health", "Whether queries are answered", "application/json")},
        "/metrics": {"get": _plain("metrics", "Figures for Prometheus", "text/plain")},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Parley", "version": version("parley-claims")},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _query_get() -> dict[str, Any]:
    return {
        "summary": "Answer a SPARQL query; without one, describe the service",
        "operationId": "query",
        "parameters": [
            _parameter("query"),
            _parameter("default-graph-uri", many=True),
            _parameter("named-graph-uri", many=True),
            _parameter("format"),
            _parameter("timeout"),
        ],
        "responses": _answers(),
    }


def _query_post(settings: Settings) -> dict[str, Any]:
    bodies = ["application/sparql-query", "application/x-www-form-urlencoded"]
    if settings.writable:
        bodies.append("application/sparql-update")
    return {
        "summary": "Answer a SPARQL query" + (" or apply an update" if settings.writable else ""),
        "operationId": "queryByPost",
        "requestBody": {"required": True, "content": dict.fromkeys(bodies, _TEXT)},
        "responses": _answers()
        | ({"204": {"description": "Updated"}} if settings.writable else {}),
    }


def _graph_get() -> dict[str, Any]:
    return {
        "summary": "Return a graph",
        "operationId": "graph",
        "parameters": [_parameter("graph"), _parameter("default"), _parameter("format")],
        "responses": {
            "200": {"description": "The graph", "content": dict.fromkeys(GRAPH_FORMATS, _TEXT)},
            **_problems("400", "404", "406", "429", "503"),
        },
    }


def _graph_writes() -> dict[str, Any]:
    """Describe what changes a graph, with a bearer token."""
    summaries = {"put": "Replace a graph", "post": "Add to a graph", "delete": "Delete a graph"}
    return {
        method: {
            "summary": summary,
            "operationId": f"{method}Graph",
            "parameters": [_parameter("graph"), _parameter("default")],
            "responses": {
                "204": {"description": "Done"},
                **_problems("400", "401", "404", "413", "415", "422"),
            },
        }
        for method, summary in summaries.items()
    }


def _answers() -> dict[str, Any]:
    formats = dict.fromkeys((*SELECT_FORMATS, *ASK_FORMATS, *GRAPH_FORMATS), _TEXT)
    return {
        "200": {"description": "The complete answer", "content": formats},
        "304": {"description": "The client has this answer already"},
        **_problems(*_REFUSALS),
    }


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "A problem", "content": content} for status in statuses}


def _plain(name: str, summary: str, media_type: str) -> dict[str, Any]:
    answer = {"description": summary, "content": {media_type: {"schema": {}}}}
    return {"summary": summary, "operationId": name, "responses": {"200": answer}}


def _parameter(name: str, *, many: bool = False) -> dict[str, Any]:
    text = {"type": "string"}
    schema = {"type": "array", "items": text} if many else text
    return {"name": name, "in": "query", "schema": schema}

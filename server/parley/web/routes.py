"""What an application answers besides the SPARQL endpoint, read from its routes, for OpenAPI."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final

from parley.engine.results import GRAPH_FORMATS

if TYPE_CHECKING:
    import flask
    from werkzeug.routing import Rule

#: Parameters that addresses of pages take, with what they mean.
_PARAMETERS: Final = {
    "about": ("timeline network stances", "Only what is about this document or actor"),
    "format": ("entities ontology questions doors publishing", "Format: ttl, nt, jsonld, csv, …"),
    "iri": ("show_foreign show_citation", "The IRI of the thing"),
    "page": ("entities shelf documents search", "Page of a list, from 1"),
    "q": ("search", "Words to look for"),
    "query": ("show_citation", "A query whose answer is cited"),
    "version": ("", "Version of the data; another than the one served is a problem"),
}
#: A part of a route: its converter, what the converter takes, and its name.
_PART: Final = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<choices>.*?)\))?:)?(?P<name>\w+)>")


def describe_routes(app: flask.Flask) -> dict[str, Any]:
    """Return an OpenAPI path for every route that answers GET."""
    found: dict[str, Any] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()):
            found.setdefault(template_of(rule), {"get": _operation(app, rule)})
    return found


def template_of(rule: Rule) -> str:
    """Return the path of a route with its parts in braces, as OpenAPI writes them."""
    return _PART.sub(lambda part: f"{{{part['name']}}}", rule.rule)


def _operation(app: flask.Flask, rule: Rule) -> dict[str, Any]:
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    summary = (inspect.getdoc(view) or rule.endpoint).partition("\n")[0]
    name = re.sub(r"\W+", "_", template_of(rule)).strip("_") or "home"
    return {
        "summary": summary.rstrip("."),
        "operationId": f"get_{name}",
        "parameters": [*map(_path_parameter, _PART.finditer(rule.rule)), *_queried(rule)],
        "responses": {
            "200": {"description": "The answer", "content": _content(rule)},
            "304": {"description": "The client has this answer already"},
            "404": {
                "description": "There is nothing of that name, or not in that version",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            },
        },
    }


def _path_parameter(part: re.Match[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if part["kind"] == "any":
        schema["enum"] = [choice.strip(" '\"") for choice in part["choices"].split(",")]
    return {"name": part["name"], "in": "path", "required": True, "schema": schema}


def _queried(rule: Rule) -> list[dict[str, Any]]:
    """Return the parameters that the room of a route, or its view, takes."""
    room, _, view = rule.endpoint.rpartition(".")
    return [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, (places, text) in _PARAMETERS.items()
        if not places or {room, view} & set(places.split())
    ]


def _content(rule: Rule) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    room = rule.endpoint.rpartition(".")[0]
    if rule.rule.endswith(".json"):
        return {"application/json": {"schema": {}}}
    if room in {"entities", "ontology"}:
        return dict.fromkeys(("text/html", *GRAPH_FORMATS, "text/csv"), text)
    return {"*/*" if room in {"publishing", "doors", ""} else "text/html": text}

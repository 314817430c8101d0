"""The OpenAPI document describes what the application answers: no route less, none more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from parley.web.routes import template_of

if TYPE_CHECKING:
    from typing import Any

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def test_every_route_is_described(app: Flask, document: dict[str, Any]) -> None:
    """And nothing is described that is no route."""
    routes = {template_of(rule) for rule in app.url_map.iter_rules()}

    assert document["paths"].keys() == routes


def test_each_operation_says_what_it_does(document: dict[str, Any]) -> None:
    """In words, under a name of its own."""
    operations = [o for path in document["paths"].values() for o in path.values()]
    names = [operation["operationId"] for operation in operations]

    assert len(set(names)) == len(names)
    assert all(operation["summary"][0].isupper() for operation in operations)


def test_each_part_of_a_path_is_a_parameter(document: dict[str, Any]) -> None:
    """As OpenAPI demands."""
    for path, operations in document["paths"].items():
        given = {p["name"] for p in operations["get"].get("parameters", ()) if p["in"] == "path"}
        assert given == set(re.findall(r"{(\w+)}", path)), path


@pytest.mark.parametrize("path", ["/", "/timeline", "/ns", "/questions", "/search.json"])
def test_what_is_described_is_answered(
    client: FlaskClient, document: dict[str, Any], path: str
) -> None:
    """In a media type that the document names."""
    answer = client.get(path)
    content = document["paths"][path]["get"]["responses"]["200"]["content"]

    assert answer.mimetype in content

"""Queries are held to the grammar where the engine is looser or stricter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.endpoint.strictness import hold_to_grammar, may_differ
from parley.errors import QuerySyntaxError

from .conftest import TOKEN

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_booleans_are_written_as_the_engine_reads_them() -> None:
    """Only the keywords change; strings, names and offsets stay."""
    text = 'SELECT (TRUE AS ?t) { ?s ?p "TRUE", False . ?True a <TRUE> } # TRUE'

    assert hold_to_grammar(text) == (
        'SELECT (true AS ?t) { ?s ?p "TRUE", false . ?True a <TRUE> } # TRUE'
    )


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("SELECT (GROUP_CONCAT(?x) AS ?t) {}", "SELECT (STR(GROUP_CONCAT(?x)) AS ?t) {}"),
        (
            "SELECT (group_concat (DISTINCT STR(?x) ; separator = ')') AS ?t) (TRUE AS ?y) {}",
            "SELECT (STR(group_concat (DISTINCT STR(?x) ; separator = ')')) AS ?t) (true AS ?y) {}",
        ),
        (
            "SELECT * {} GROUP BY ?x HAVING(GROUP_CONCAT(?x)='a') ORDER BY GROUP_CONCAT((?x))",
            "SELECT * {} GROUP BY ?x HAVING(STR(GROUP_CONCAT(?x))='a') "
            "ORDER BY STR(GROUP_CONCAT((?x)))",
        ),
        ("SELECT ?GROUP_CONCAT { ?s ?p 'GROUP_CONCAT(' } # GROUP_CONCAT(", None),
    ],
)
def test_a_joined_text_is_plain(text: str, rewritten: str | None) -> None:
    """The standard gives it no language, whatever its parts have."""
    assert hold_to_grammar(text) == (rewritten or text)


@pytest.mark.parametrize("after", ["oops", "{"])
def test_mistakes_beside_a_joined_text_have_their_own_place(
    client: FlaskClient, after: str
) -> None:
    """Line and column are those of the text that was sent."""
    text = f"SELECT (GROUP_CONCAT(?x) AS ?t) {{ ?s ?p ?x }} {after}"
    plain = text.replace("GROUP_CONCAT", "SAMPLE".ljust(len("GROUP_CONCAT")))

    problems = [client.get("/sparql", query_string={"query": sent}) for sent in (text, plain)]

    places = [(p.status_code, p.get_json()["line"], p.get_json()["column"]) for p in problems]
    assert places[0] == places[1]
    assert places[0][0] == 400


def test_a_joined_text_is_plain_over_http(client: FlaskClient) -> None:
    """Also in an update, where it is stored."""
    values = 'VALUES ?x { "a"@en "b"@en }'
    query = f"SELECT (GROUP_CONCAT(?x) AS ?t) {{ {values} }}"
    update = f"INSERT {{ <a:joined> <a:p> ?t }} WHERE {{ {{ {query} }} }}"
    token = {"Authorization": f"Bearer {TOKEN}"}

    asked = client.get("/sparql", query_string={"query": query, "format": "csv"})
    done = client.post(
        "/sparql", data=update, content_type="application/sparql-update", headers=token
    )
    wrong = client.post(
        "/sparql", data=f"{update} oops", content_type="application/sparql-update", headers=token
    )
    stored = client.get("/store?default", headers={"Accept": "application/n-triples"})

    assert asked.text == "t\r\na b\r\n"
    assert (done.status_code, wrong.status_code) == (204, 400)
    assert wrong.get_json()["column"] == len(update) + 2
    assert '<a:joined> <a:p> "a b" .' in stored.text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTER (?x<?a&&?b>?y) }",
        "SELECT (COUNT(COUNT(*)) AS ?c) {}",
        "SELECT (SUM(1 + (MAX(?x))) AS ?c) { ?s ?p ?x }",
        "SELECT * { BIND(<<( 'a' ?p ?o )>> AS ?x) }",
        "SELECT * { BIND(<<( <<( ?s ?p ?o )>> ?p ?o )>> AS ?x) }",
    ],
)
def test_what_the_grammar_forbids_is_refused(text: str) -> None:
    """The engine would take it; another one would not."""
    with pytest.raises(QuerySyntaxError):
        hold_to_grammar(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTER (?x < ?a && ?b > ?y) }",
        "SELECT * { FILTER (?x<?a && ?b>?y) }",
        "SELECT (COUNT(*) + SUM(?x) AS ?c) { ?s ?p ?x }",
        "SELECT (SUM(IF(EXISTS { SELECT (COUNT(*) AS ?n) {} }, 1, 0)) AS ?c) {}",
        "SELECT * { BIND(<<( ?s ?p 'a' )>> AS ?x) }",
        "SELECT * { <<?s ?p ?o>> ?q 'a' }",
        "SELECT * { <<( <<( ?s ?p ?o )>> ?p ?o )>> ?q 1 }",
    ],
)
def test_what_the_grammar_allows_stays_as_it_is(text: str) -> None:
    """No more is refused than must be."""
    assert hold_to_grammar(text) == text


def test_a_plain_lookup_needs_no_second_reading() -> None:
    """Without parentheses, booleans and triple terms nothing can be misread."""
    assert not may_differ("SELECT ?p ?o { <https://example.org/a> ?p ?o ; ?q 'a' } # 1")

"""Queries are held to the grammar where the engine is looser or stricter."""

from __future__ import annotations

import pytest

from parley.endpoint.strictness import hold_to_grammar, may_differ
from parley.errors import QuerySyntaxError


def test_booleans_are_written_as_the_engine_reads_them() -> None:
    """Only the keywords change; strings, names and offsets stay."""
    text = 'SELECT (TRUE AS ?t) { ?s ?p "TRUE", False . ?True a <TRUE> } # TRUE'

    assert hold_to_grammar(text) == (
        'SELECT (true AS ?t) { ?s ?p "TRUE", false . ?True a <TRUE> } # TRUE'
    )


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

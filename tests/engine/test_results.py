"""Media types: which one a client gets, and how many rows an answer has."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from parley.engine.results import (
    CSV,
    GRAPH_FORMATS,
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    SELECT_FORMATS,
    TSV,
    TURTLE,
    XML,
    formats_of,
    negotiate,
)
from parley.engine.rows import count_rows
from parley.errors import NotAcceptableError


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        ("", SELECT_FORMATS, JSON),
        ("*/*", SELECT_FORMATS, JSON),
        ("text/csv", SELECT_FORMATS, CSV),
        ("text/csv;q=0.5, text/tab-separated-values", SELECT_FORMATS, TSV),
        ("application/json", SELECT_FORMATS, JSON),
        ("application/json", GRAPH_FORMATS, JSON_LD),
        ("text/xml", SELECT_FORMATS, XML),
        ("application/xml;q=0.9,text/plain;q=0.1", GRAPH_FORMATS, RDF_XML),
        ("text/*", SELECT_FORMATS, CSV),
        ("text/*;q=0.9, */*;q=0.1", SELECT_FORMATS, CSV),
        ("*/*, application/sparql-results+json;q=0", SELECT_FORMATS, XML),
        ("TEXT/TURTLE; charset=utf-8", GRAPH_FORMATS, TURTLE),
        ("text/html,application/xhtml+xml,*/*;q=0.8", GRAPH_FORMATS, TURTLE),
        ("*; q=.2", SELECT_FORMATS, JSON),
        ("nonsense", SELECT_FORMATS, JSON),
    ],
)
def test_the_accepted_type_of_highest_quality_wins(
    accept: str, offered: tuple[str, ...], expected: str
) -> None:
    """RFC 9110: the most specific range decides, then quality, then our order."""
    assert negotiate(accept, offered) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "text/csv;q=x", "text/turtle"])
def test_what_cannot_be_produced_is_not_acceptable(accept: str) -> None:
    """The error lists what can be had."""
    with pytest.raises(NotAcceptableError) as caught:
        negotiate(accept, SELECT_FORMATS)
    assert all(media_type in caught.value.remedy for media_type in SELECT_FORMATS)


@pytest.mark.parametrize(
    ("name", "offered", "expected"),
    [
        ("json", SELECT_FORMATS, JSON),
        ("JSON", GRAPH_FORMATS, JSON_LD),
        ("nt", GRAPH_FORMATS, N_TRIPLES),
        ("text/turtle", GRAPH_FORMATS, TURTLE),
        ("application/json", SELECT_FORMATS, JSON),
    ],
)
def test_a_named_format_overrides_the_header(
    name: str, offered: tuple[str, ...], expected: str
) -> None:
    """``?format=`` takes short names and media types."""
    assert negotiate("image/png", offered, name) == expected


def test_an_unknown_format_lists_the_known() -> None:
    """The remedy names short names only of what is offered."""
    with pytest.raises(NotAcceptableError, match="no format 'docx'") as caught:
        negotiate("", SELECT_FORMATS, "docx")
    assert caught.value.remedy == "Use one of json, srj, xml, srx, csv, tsv."


def test_tables_and_graphs_offer_different_formats() -> None:
    """SELECT and ASK give tables, CONSTRUCT and DESCRIBE graphs."""
    assert [formats_of(form) for form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")] == [
        SELECT_FORMATS,
        SELECT_FORMATS,
        GRAPH_FORMATS,
        GRAPH_FORMATS,
    ]


@pytest.mark.parametrize("media_type", SELECT_FORMATS)
@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (0, "VALUES ?x {}"),
        (1, "VALUES ?x { 1 }"),
        (3, "VALUES (?x ?y) { (1 2) (UNDEF UNDEF) (UNDEF 3) }"),
        (2, "VALUES ?x { UNDEF UNDEF }"),
        (2, 'VALUES ?x { "},{" "a},{" }'),
        (2, 'VALUES (?x ?y) { ("},{" "},{}") ("[{}" ",},{") }'),
        (2, 'VALUES ?x { "\\"\\n\\r\\n,\\t\\"},{\\"" "\\\\" }'),
        (2, "VALUES ?x { <<(<a:a> <a:b> 1)>> <<(<a:a> <a:b> <<(<a:a> <a:b> 1)>>)>> }"),
        (1, 'VALUES ?x { "</result><result>" }'),
        (1, "BIND(1 AS ?results)"),
    ],
    ids=["none", "one", "unbound", "empty", "like", "like2", "escapes", "terms", "tags", "name"],
)
def test_rows_are_counted_exactly(media_type: str, rows: int, values: str) -> None:
    """Whatever the strings hold, the count is the number of solutions."""
    result_format = ox.QueryResultsFormat.from_media_type(media_type)
    result = ox.Store().query(f"SELECT * {{ {values} }}")
    assert isinstance(result, ox.QuerySolutions)
    body = result.serialize(format=result_format)
    assert body is not None

    assert count_rows(body, media_type) == rows

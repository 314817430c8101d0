"""Terms enter queries as terms, in the place of variables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import BNode, Literal, URIRef

from parley.corpus.queries import Query, bind
from parley.errors import TermError

if TYPE_CHECKING:
    from rdflib.term import Node

DATA = '<http://e/a> <http://e/p> "one", "two" . <http://e/b> <http://e/p> "three" .'


def make(text: str) -> Query:
    """Return a query of a text."""
    return Query(Path("test.rq"), "Test", {}, (), text)


@pytest.fixture
def store() -> ox.Store:
    """Three triples on two subjects."""
    store = ox.Store()
    store.load(DATA.encode("utf-8"), format=ox.RdfFormat.TURTLE)
    return store


def test_a_bound_variable_keeps_its_column(store: ox.Store) -> None:
    """The answer still has the variable, with the term as its value."""
    query = make("SELECT ?s ?o\nWHERE {\n  ?s <http://e/p> ?o .\n}\nORDER BY ?s ?o")

    rows = store.query(bind(query, {"s": URIRef("http://e/b")}))

    assert isinstance(rows, ox.QuerySolutions)
    assert [(str(row["s"]), str(row["o"])) for row in rows] == [("<http://e/b>", '"three"')]


def test_groups_and_sub_selects_stay_valid(store: ox.Store) -> None:
    """Clauses that name columns hold the variable, not the term."""
    query = make(
        "SELECT ?s (COUNT(?o) AS ?n)\nWHERE {\n  { SELECT ?s ?o WHERE { ?s <http://e/p> ?o . } }\n}"
        "\nGROUP BY ?s"
    )

    rows = store.query(bind(query, {"s": URIRef("http://e/a")}))

    assert isinstance(rows, ox.QuerySolutions)
    assert [(str(row["s"]), row["n"].value) for row in rows] == [("<http://e/a>", "2")]


def test_strings_comments_and_iris_are_left_alone() -> None:
    """A variable's name inside a string, a comment or an IRI is no variable."""
    query = make('# ?s\nASK\nWHERE {\n  <http://e/?s> ?p "?s" .\n  ?s ?p ?o .\n}')

    text = bind(query, {"s": URIRef("http://e/a")})

    assert text.splitlines()[3:] == [
        "  VALUES ?s { <http://e/a> }",
        '  <http://e/?s> ?p "?s" .',
        "  <http://e/a> ?p ?o .",
        "}",
    ]


def test_a_literal_cannot_end_its_quotation(store: ox.Store) -> None:
    """Quotes and backslashes in a value stay inside the literal."""
    query = make("ASK\nWHERE {\n  ?s ?p ?o .\n}")

    answer = store.query(bind(query, {"o": Literal('" } ?x ?y ?z . { "\\')}))

    assert isinstance(answer, ox.QueryBoolean)
    assert not answer


@pytest.mark.parametrize(
    "term", [URIRef("http://e/a> ?p ?o . <http://e/b"), URIRef("relative"), BNode()], ids=str
)
def test_what_is_no_absolute_iri_or_literal_is_refused(term: Node) -> None:
    """A text that would break out of its brackets never enters a query."""
    with pytest.raises(TermError):
        bind(make("ASK\nWHERE {\n  ?s ?p ?o .\n}"), {"s": term})

"""Stores on disk and in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib

from parley.engine import store
from parley.engine.rdf import from_rdflib, to_rdflib
from parley.engine.store import MemoryStore
from parley.engine.types import Term
from parley.errors import QueryRefusedError, QuerySyntaxError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

NQUADS = b"""\
<http://e/a> <http://e/p> "one"@en <http://e/g> .
<http://e/a> <http://e/p> _:b .
_:b <http://e/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/h> .
"""
STRING = "http://www.w3.org/2001/XMLSchema#string"


def test_select_returns_plain_terms_of_all_graphs() -> None:
    """A solution maps names to terms; the default graph is the union."""
    solutions = MemoryStore.from_nquads(NQUADS).select("SELECT * { ?s <http://e/p> ?o }")

    assert sorted(solution["o"] for solution in solutions) == [
        Term("blank", "b"),
        Term("literal", "2", "http://www.w3.org/2001/XMLSchema#integer"),
        Term("literal", "one", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"),
    ]


def test_select_leaves_out_unbound_variables() -> None:
    """A variable without a value is no key of the solution."""
    assert MemoryStore().select("SELECT ?x ?y { VALUES (?x ?y) { (UNDEF 1) } }") == [
        {"y": Term("literal", "1", "http://www.w3.org/2001/XMLSchema#integer")}
    ]


def test_values_enter_by_substitution() -> None:
    """A term given for a variable takes its place, whatever characters it holds."""
    data = MemoryStore.from_nquads(b'<http://e/a> <http://e/p> "\\" } DROP ALL" .\n')
    found = data.ask("ASK { ?s ?p ?o }", {"o": Term("literal", '" } DROP ALL', STRING)})

    assert found
    assert not data.ask("ASK { ?s ?p ?o }", {"o": Term("iri", "http://e/x")})


def test_construct_returns_each_triple_once_and_sorted() -> None:
    """Two solutions with the same triple make one line."""
    body = MemoryStore.from_nquads(NQUADS).construct(
        "CONSTRUCT { ?p <http://e/q> 1, 0 } WHERE { ?s ?p ?o }"
    )

    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    assert body.decode() == (
        f'<http://e/p> <http://e/q> "0"^^{integer} .\n<http://e/p> <http://e/q> "1"^^{integer} .\n'
    )


def test_plain_default_graph_leaves_named_graphs_out() -> None:
    """Without the union, only the default graph is read."""
    data = MemoryStore.from_nquads(NQUADS)

    assert len(data.select("SELECT * { ?s ?p ?o }", union_default_graph=False)) == 1


def test_triples_load_into_a_named_graph() -> None:
    """What a rule constructs goes back into a graph of its own."""
    data = MemoryStore()
    data.load(b"<http://e/a> <http://e/p> <http://e/b> .\n", graph_iri="http://e/derived")

    assert len(data) == 1
    assert data.dump() == b"<http://e/a> <http://e/p> <http://e/b> <http://e/derived> .\n"


@pytest.mark.parametrize(
    ("call", "text", "error"),
    [
        ("select", "ASK {}", QueryRefusedError),
        ("ask", "SELECT * {}", QueryRefusedError),
        ("construct", "ASK {}", QueryRefusedError),
        ("select", "SELECT * {", QuerySyntaxError),
        ("select", "SELECT (<http://e/f>(1) AS ?x) {}", QueryRefusedError),
    ],
)
def test_wrong_queries_are_named(call: str, text: str, error: type[Exception]) -> None:
    """The form must fit the call, the text must parse, functions must exist."""
    with pytest.raises(error):
        getattr(MemoryStore(), call)(text)


def test_bad_nquads_are_a_store_error() -> None:
    """The message says what does not parse."""
    with pytest.raises(StoreError, match="Cannot load the N-Quads"):
        MemoryStore.from_nquads(b"nonsense")


def test_a_created_store_opens_read_only_with_all_quads(tmp_path: Path) -> None:
    """What is created from a file can be opened and holds it."""
    (tmp_path / "d.nq").write_bytes(NQUADS)
    store.create(tmp_path / "store", tmp_path / "d.nq")

    opened = store.open_read_only(tmp_path / "store")
    assert sorted(str(quad.object) for quad in opened) == [
        '"2"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"one"@en',
        "_:b",
    ]


def test_a_store_is_not_created_over_another(tmp_path: Path) -> None:
    """A directory that holds something stays as it is."""
    (tmp_path / "d.nq").write_bytes(NQUADS)

    with pytest.raises(StoreError, match="is not empty"):
        store.create(tmp_path, tmp_path / "d.nq")


def test_creating_from_bad_nquads_names_the_file(tmp_path: Path) -> None:
    """The file that does not parse is in the message."""
    (tmp_path / "d.nq").write_bytes(b"nonsense")

    with pytest.raises(StoreError, match=r"d\.nq is not N-Quads"):
        store.create(tmp_path / "store", tmp_path / "d.nq")


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    """Opening nothing says where nothing is."""
    with pytest.raises(StoreError, match="There is no store at"):
        store.open_read_only(tmp_path)


def test_a_corrupt_store_is_named(tmp_path: Path) -> None:
    """A damaged file makes opening fail with the remedy."""
    (tmp_path / "d.nq").write_bytes(NQUADS)
    store.create(tmp_path / "store", tmp_path / "d.nq")
    (tmp_path / "store" / "CURRENT").write_text("nonsense", encoding="utf-8")

    with pytest.raises(StoreError, match="is damaged") as caught:
        store.open_read_only(tmp_path / "store")
    assert "parley build" in caught.value.remedy


@pytest.mark.parametrize(
    "term",
    [
        rdflib.URIRef("http://e/a"),
        rdflib.BNode("b"),
        rdflib.Literal("plain"),
        rdflib.Literal("ja", lang="de"),
        rdflib.Literal("5", datatype=rdflib.XSD.integer),
    ],
    ids=["iri", "blank", "plain", "language", "typed"],
)
def test_rdflib_terms_survive_the_round_trip(term: rdflib.term.Identifier) -> None:
    """To a plain term, to the engine's, and back: nothing is lost."""
    plain = store.to_term(store.from_term(from_rdflib(term)))

    assert to_rdflib(plain) == term


def test_triple_terms_have_no_counterpart() -> None:
    """A triple term is refused in both directions, not mangled."""
    term = Term("triple", "<a:a> <a:b> <a:c>")

    with pytest.raises(ValueError, match="triple"):
        to_rdflib(term)
    with pytest.raises(ValueError, match="triple"):
        store.from_term(term)
    with pytest.raises(ValueError, match="not an RDF term"):
        from_rdflib(rdflib.Variable("x"))

"""Graphs are cut into parts that tear no blank node, and put into updates unaltered."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.engine.convert import canonical, to_nquads
from parley.publishing.parts import pack, to_insert, units

NAME = "http://e/g"
LABELS = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<http://e/x>", '"_:a ."'])
TRIPLES = st.lists(
    st.tuples(LABELS.filter(lambda term: not term.startswith('"')), LABELS).map(
        lambda pair: f"{pair[0]} <http://e/p> {pair[1]} .\n".encode()
    ),
    unique=True,
)


@given(TRIPLES)
def test_no_blank_node_stands_in_two_pieces(lines: list[bytes]) -> None:
    """Pieces together are the graph, and each blank node is in one of them."""
    pieces = units(b"".join(lines))
    nodes = [{word for word in piece.split() if word.startswith(b"_:")} for piece in pieces]

    assert sorted(b"".join(pieces).splitlines(keepends=True)) == sorted(lines)
    assert sum(map(len, nodes)) == len(set().union(*nodes))


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], [[]]),
        ([3, 3, 4], [[3, 3, 4]]),
        ([6, 5, 5], [[6], [5, 5]]),
        ([1, 30, 1], [[1], [30], [1]]),
    ],
    ids=["none", "full", "two", "one-too-large"],
)
def test_parts_hold_what_fits(sizes: list[int], parts: list[list[int]]) -> None:
    """A part is filled in order; a piece larger than a part has its own."""
    packed = pack([b"x" * size for size in sizes], 10)

    assert [[len(piece) for piece in part] for part in packed] == parts


@settings(deadline=None)
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('\\uU0041"\n\r\t'))))
def test_a_literal_goes_through_an_update_unaltered(text: str) -> None:
    """Backslashes, code points and line breaks arrive as they were."""
    triple = ox.Triple(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal(text))
    body = ox.serialize([triple], format=ox.RdfFormat.N_TRIPLES)
    assert body is not None
    store = ox.Store()
    store.update(to_insert(NAME, body))

    assert [quad.object for quad in store] == [ox.Literal(text)]


def test_blank_nodes_go_as_a_template() -> None:
    """An update with blank nodes makes the same graph as one that loads it."""
    body = b"<http://e/s> <http://e/p> _:a .\n_:a <http://e/p> <http://e/o> .\n"
    store = ox.Store()
    store.update(to_insert(NAME, body))
    dumped = store.dump(format=ox.RdfFormat.N_QUADS)
    assert dumped is not None

    assert canonical(dumped) == canonical(to_nquads(body, "application/n-triples", graph=NAME))

"""The reading view shows the source whole, with every passage where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import QuotationError
from parley.web.reading import Block, Mark, Segment, read


def test_overlapping_passages_are_cut_at_their_boundaries() -> None:
    """Words under two passages form a segment of their own."""
    text = "one two three"

    assert read(text, [Mark("a", 0, 7, "one two"), Mark("b", 4, 13, "two three")]) == [
        Block(
            0,
            13,
            (
                Segment("one ", ("a",), (), ("a",)),
                Segment("two", ("a", "b"), ("a",), ("b",)),
                Segment(" three", ("b",), ("b",)),
            ),
        )
    ]


def test_blank_lines_make_no_block() -> None:
    """Only lines with text are blocks; offsets still count every character."""
    assert [(b.start, b.end) for b in read("one\r\n\n two\n", [])] == [(0, 3), (6, 10)]


def test_a_passage_over_two_lines_is_marked_in_both() -> None:
    """A mark that crosses a line break ends in the second line."""
    blocks = read("one\ntwo", [Mark("a", 2, 5, "e\nt")])

    assert [block.keys for block in blocks] == [(), ("a",)]
    assert blocks[0].segments[-1] == Segment("e", ("a",), (), ("a",))


def test_astral_characters_count_once() -> None:
    """Offsets are code points, not UTF-16 units."""
    assert read("🦅 flew", [Mark("a", 2, 6, "flew")])[0].segments[-1].text == "flew"


def test_words_that_moved_are_refused() -> None:
    """No page is made from a quotation that is not at its offsets."""
    with pytest.raises(QuotationError, match="are not at 1-4"):
        read("one two", [Mark("a", 1, 4, "two")])


@given(
    st.text(alphabet="ab\n 🦅", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8),
)
def test_no_character_is_lost_or_doubled(text: str, spans: list[tuple[int, int]]) -> None:
    """The segments of a block are exactly its text, whatever the marks."""
    marks = [
        Mark(str(n), min(s), max(s), text[min(s) : max(s)])
        for n, s in enumerate(spans)
        if max(s) <= len(text)
    ]

    for block in read(text, marks):
        assert "".join(s.text for s in block.segments) == text[block.start : block.end]


def test_a_page_holds_only_the_lines_that_begin_in_its_span() -> None:
    """A long article is cut page by page; offsets stay those of the whole."""
    assert [(b.start, b.end) for b in read("one\ntwo\nthree", [], within=(4, 8))] == [(4, 7)]

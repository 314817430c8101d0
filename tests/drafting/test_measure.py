"""The measure: best one-to-one pairs, overlap by letters, claimants by name."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.drafting import measure
from parley.errors import DraftError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The minister said that the talks had failed. He hoped to leave the city."


def row(quote: str, claimant: str = "The minister", **more: object) -> measure.Row:
    """Return an annotation of words of the text."""
    start = TEXT.index(quote)
    return {"quote": quote, "start": start, "end": start + len(quote), "claimant": claimant, **more}


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_assignment_is_the_best(weights: list[list[int]]) -> None:
    """No other one-to-one pairing weighs more."""
    chosen = sum(weights[i][j] for i, j in measure.assign(weights))
    best = max(
        sum(weights[i][j] for i, j in enumerate(order))
        for order in itertools.permutations(range(4), len(weights))
    )

    assert chosen == best


def test_agreement_counts_in_full() -> None:
    """The same words of the same claimant are right in everything."""
    rows = [row("the talks had failed", polarity="+", hedged=False)]

    assert measure.compare(rows, rows, TEXT) == measure.Counts(1, 1, 1, 1, 1, 1, 0)


def test_opening_conjunction_does_not_count() -> None:
    """A leading that changes nothing, and half of the letters suffice."""
    annotated, proposed = row("that the talks had failed"), row("the talks had")

    assert measure.compare([annotated], [proposed], TEXT).content == 1


def test_wrong_claimant_is_content_but_no_attribution() -> None:
    """The right words of another claimant count for the content alone."""
    counts = measure.compare(
        [row("the talks had failed")], [row("the talks had failed", "the envoy")], TEXT
    )

    assert (counts.content, counts.attribution) == (1, 0)


def test_claimant_is_right_by_his_full_name() -> None:
    """A resolved name or a part of the words is enough."""
    annotated = row("to leave the city", "He", claimant_norm="the minister")

    assert measure.compare([annotated], [row("to leave the city", "minister")], TEXT).attribution


def test_figures_of_nothing_are_defined() -> None:
    """Nothing annotated and nothing proposed give zeros, not errors."""
    nothing = measure.compare([], [], TEXT)

    assert (nothing.precision(0), nothing.recall(0), nothing.f1(0), nothing.share(0)) == (
        0.0,
        0.0,
        0.0,
        1.0,
    )


def test_counts_add_up() -> None:
    """The total of two documents is the sum of their counts."""
    one = measure.Counts(1, 2, 1, 1, 1, 1, 0)

    assert one + one == measure.Counts(2, 4, 2, 2, 2, 2, 0)


def test_moved_quotation_is_inexact() -> None:
    """A quotation that does not stand at its place is counted."""
    moved = row("the talks had failed") | {"start": 0, "end": 20}

    assert measure.compare([], [moved], TEXT).inexact == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"claimant": "he"}'])
def test_malformed_annotations_are_refused(tmp_path: Path, line: str) -> None:
    """A line that is no annotation is named by its number."""
    path = tmp_path / "a.gold.jsonl"
    path.write_text(json.dumps(row("the city")) + "\n\n" + line + "\n", encoding="utf-8")

    with pytest.raises(DraftError, match="annotation") as refused:
        measure.read(path)
    assert refused.value.place is not None
    assert refused.value.place.line == 3

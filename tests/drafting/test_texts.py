"""Drafts of the annotated texts: good on the whole, and no text fails."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from parley.drafting import drafts, measure, model, rows, sources

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

FOLDER: Final = Path(__file__).parent / "texts"
TEXTS: Final = sorted(FOLDER.glob("*.txt"))


@cache
def scored(path: Path) -> tuple[measure.Counts, measure.Counts]:
    """Return how the attributions and the contacts of a text's draft agree with its annotation."""
    made = drafts.draft(sources.read(path))
    text = made.source.text
    gold = measure.read(path.with_name(f"{path.stem}.gold.jsonl"))
    said = measure.compare(gold, [*rows.objects(made, ["attribution"])], text)
    annotated = path.with_name(f"{path.stem.partition('-')[0]}.contacts.jsonl")
    meetings = measure.read(annotated) if annotated.is_file() else []
    return said, measure.compare(meetings, [*rows.objects(made, ["contact"])], text)


@pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])
def test_most_attributions_of_a_text_are_found(path: Path) -> None:
    """Each kind of text is drafted usefully, with every quotation as it stands."""
    said, _ = scored(path)

    assert said.inexact == 0
    assert said.f1(said.content) >= 0.70
    assert said.f1(said.attribution) >= 0.65


def test_drafts_are_good_on_the_whole() -> None:
    """Attributions, their polarity and the contacts reach what is promised, and more."""
    said = sum((scored(path)[0] for path in TEXTS), measure.Counts())
    met = sum((scored(path)[1] for path in TEXTS), measure.Counts())

    assert said.precision(said.attribution) >= 0.88
    assert said.f1(said.attribution) >= 0.87
    assert said.f1(said.content) >= 0.90
    assert said.share(said.polarity) >= 0.97
    assert met.f1(met.content) >= 0.70

"""``parley draft`` and ``parley bench drafting`` from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from parley.cli.bench.drafting import drafting
from parley.cli.draft import draft
from parley.drafting import model
from parley.errors import DraftError, HomeNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

TEXT = "The minister said that the talks had failed. The envoy hoped to leave the city.\n"
DATED = ("--issued", "2017-02-23")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article in a file."""
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_lines_are_json(article: Path) -> None:
    """--jsonl prints one proposal per line and nothing else."""
    result = CliRunner().invoke(draft, [str(article), "--jsonl"])
    lines = [json.loads(line) for line in result.stdout.splitlines()]

    assert [(line["claimant"], line["quote"]) for line in lines] == [
        ("The minister", "the talks had failed"),
        ("The envoy", "to leave the city"),
    ]


def test_standard_input_is_a_source() -> None:
    """A dash reads the article from standard input."""
    result = CliRunner().invoke(draft, ["-", "--kind", "attribution"], input=TEXT.encode())

    assert len(result.stdout.splitlines()) == 2


def test_folder_is_written(article: Path, tmp_path: Path) -> None:
    """--out writes a document folder and says what is in it."""
    result = CliRunner().invoke(
        draft, [str(article), "--out", str(tmp_path / "out"), "--slug", "talks", "--jsonl", *DATED]
    )

    assert (tmp_path / "out" / "talks" / "claims.ttl").is_file()
    assert "2 attributions" in result.stderr


def test_date_is_needed_before_the_work(article: Path, tmp_path: Path) -> None:
    """A document of which nobody says when it was published is refused, with the remedy."""
    result = CliRunner().invoke(draft, [str(article), "--out", str(tmp_path / "out")])

    assert isinstance(result.exception, DraftError)
    assert "--issued" in result.exception.remedy
    assert not (tmp_path / "out").exists()


def test_date_is_asked_for_on_a_terminal(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sits before a terminal is asked, and may answer there."""
    monkeypatch.setattr("parley.cli._drafts._is_terminal", lambda: True)
    arguments = [str(article), "--out", str(tmp_path), "--slug", "talks"]
    CliRunner().invoke(draft, arguments, input="2017-02-23\n")

    metadata = (tmp_path / "talks" / "document.ttl").read_text(encoding="utf-8")
    assert 'dcterms:issued "2017-02-23"^^xsd:date' in metadata


@pytest.mark.parametrize("day", ["2017", "2017-02-30", "yesterday", "20170223"])
def test_wrong_date_is_refused(article: Path, tmp_path: Path, day: str) -> None:
    """A date that is no day of the calendar is no date."""
    result = CliRunner().invoke(draft, [str(article), "--out", str(tmp_path), "--issued", day])

    assert isinstance(result.exception, DraftError)
    assert "is no day of the calendar" in result.exception.message


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Jane Roe, 23 February 2017\n\n", "Published 2017-02-23 (from the text's first lines)."),
        ("On 23 February 2017 the talks were held in the city of Kabul.\n\n", ""),
    ],
    ids=["byline", "sentence"],
)
def test_printed_date_is_taken_from_a_byline_alone(
    article: Path, tmp_path: Path, head: str, said: str
) -> None:
    """A short line gives the date of publication; a day that a sentence tells of does not."""
    article.write_text(head + TEXT, encoding="utf-8")
    result = CliRunner().invoke(draft, [str(article), "--out", str(tmp_path / "out")])

    assert result.stderr.partition("\n")[0] == said


def test_summary_is_shown(article: Path) -> None:
    """Without an option the draft is shown in short."""
    article.write_text(TEXT * 6, encoding="utf-8")
    result = CliRunner().invoke(draft, [str(article)])

    assert "12 attributions" in result.output
    assert "+ The minister · said · the talks had failed" in result.output


@pytest.mark.parametrize("arguments", [[], ["--batch", "x"], ["a", "--batch", "x", "--out", "y"]])
def test_wrong_use_is_explained(arguments: list[str]) -> None:
    """A source or a batch with a place to write is needed, not both."""
    assert CliRunner().invoke(draft, arguments).exit_code == 2


def test_named_home_must_be_one(article: Path, tmp_path: Path) -> None:
    """A home that is named and is none is an error, not ignored."""
    result = CliRunner().invoke(draft, [str(article), "--home", str(tmp_path)])

    assert isinstance(result.exception, HomeNotFoundError)


def test_benchmark_scores_a_corpus(article: Path) -> None:
    """The benchmark prints figures for each document, for all, and for contacts."""
    gold = {"quote": "the talks had failed", "claimant": "the minister", "polarity": "+"}
    article.with_name("article.gold.jsonl").write_text(json.dumps(gold), encoding="utf-8")
    contact = {"quote": "The minister said", "start": 0, "end": 17}
    article.with_name("article.contacts.jsonl").write_text(json.dumps(contact), encoding="utf-8")
    result = CliRunner().invoke(drafting, ["--corpus", str(article.parent)])

    assert "attribution P 0.500 R 1.000 F1 0.667" in result.output
    assert "contacts  P 0.000  R 0.000" in result.output
    assert "ten-KB documents/s" in result.output


def test_benchmark_needs_annotations(tmp_path: Path) -> None:
    """A folder without annotated texts is an error."""
    result = CliRunner().invoke(drafting, ["--corpus", str(tmp_path)])

    assert isinstance(result.exception, DraftError)

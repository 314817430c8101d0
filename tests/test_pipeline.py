"""Building a home: what is published, and that nothing is when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from parley.build import generations, pipeline
from parley.errors import (
    DocumentError,
    InconsistentOntologyError,
    LinkError,
    NotConformingError,
    OntologyError,
    ParleyError,
    QuotationError,
    SourceChangedError,
    SourceMissingError,
    StoreError,
    TurtleSyntaxError,
    VocabularyError,
)
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from parley.build.pipeline import BuildResult
    from parley.corpus.documents import Document
    from parley.home import Home

    Edit = Callable[[str, str, str], Path]

SECOND = "data/documents/second-document"
QUOTE = 'quote "Tajikistan did not mediate the contacts between Russia'


def publish_before(out: Path) -> generations.Generation:
    """Publish something that a failing build must leave as it is."""
    with generations.lock(out):
        quad = b"<urn:a> <urn:b> <urn:c> <urn:d> .\n"
        return generations.publish(out, quad, b"# report\n", {"fingerprint": "before"})


def contents(out: Path) -> dict[str, bytes]:
    """Return the files of a store directory that a build could have touched, by path."""
    files = [path for path in out.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def test_every_body_sentence_has_a_claim_or_is_named_claimless(
    built: BuildResult, document: Document
) -> None:
    """The front matter, the end matter and the line that announces the list hold none."""
    (coverage,) = built.summary.coverage

    assert coverage.slug == document.slug
    assert coverage.sentences == 63
    assert coverage.open == ()
    assert coverage.claimless == (1, 2, 3, 4, 24, 60, 61, 62, 63)
    assert set(coverage.claimed) == set(range(5, 60)) - {24}


def test_a_build_says_what_it_holds(built: BuildResult) -> None:
    """Counts by class and claimant, what was inferred, and the time of each step."""
    summary = built.summary
    lines = built.generation.dataset.read_bytes().splitlines()

    assert summary.quads == len(lines) == sum(summary.graphs.values())
    assert summary.classes[str(PL.Claim)] > 100
    assert summary.claimants["https://w3id.org/parley/id/actor/alireza-nouri"] > 50
    assert summary.inferred[str(PL.ReportedClaim)] > 50
    assert summary.inferred[str(PL.HedgedClaim)] > 10
    assert summary.inferred[str(PL.MediatedContact)] == 1
    assert tuple(built.timings) == pipeline.STEPS
    assert built.report.conforms


def test_the_manifest_says_how_a_generation_came_to_be(built: BuildResult, home: Home) -> None:
    """Enough to tell whether it is up to date, and what to show of it."""
    text = (built.generation.directory / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)

    assert manifest["fingerprint"] == built.generation.fingerprint
    assert manifest["quads"] == built.summary.quads
    assert manifest["coverage"][0]["slug"] == "iras-3036"
    assert {"rdflib", "pyoxigraph", "pyshacl", "owlready2"} <= set(manifest["versions"])
    assert "timings_s" in manifest


def test_the_same_home_gives_the_same_bytes(
    dataset: bytes, built: BuildResult, home: Home, tmp_path: Path
) -> None:
    """In another process, with another seed of hashes, in another directory."""
    command = [sys.executable, "-m", "parley", "build", "--home", str(home.root)]
    environ = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(
        [*command, "--out", str(tmp_path)], env=environ, check=True, stdout=subprocess.DEVNULL
    )

    assert (tmp_path / "dataset.nq").read_bytes() == dataset
    assert (tmp_path / "report.ttl").read_bytes() == built.generation.report.read_bytes()


def test_progress_tells_each_step_before_it_begins(editable: Home) -> None:
    """The first is told even when it fails."""
    told: list[tuple[str, int, int]] = []
    (editable.ontology / "parley.ttl").write_text("x", encoding="utf-8")
    with pytest.raises(TurtleSyntaxError):
        pipeline.examine(editable, progress=lambda *step: told.append(step))

    assert told == [("read", 1, 5)]


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        (f"{SECOND}/claims.ttl", QUOTE, 'quote "Nobody wrote this', QuotationError),
        (f"{SECOND}/claims.ttl", f"{QUOTE} and the “moderate” Taliban", 'quote "t', QuotationError),
        (
            f"{SECOND}/claims.ttl",
            "Some diplomats say that Moscow probably met the Taliban (U.S.",
            unicodedata.normalize("NFD", "Somé diplomats say"),
            QuotationError,
        ),
        (f"{SECOND}/claims.ttl", "actor:mira-halvorsen", "actor:mira-halversen", VocabularyError),
        (f"{SECOND}/claims.ttl", "pl:temporality", "pl:temporalty", VocabularyError),
        (f"{SECOND}/claims.ttl", "a pl:Claim", "a pl:Claims", VocabularyError),
        (f"{SECOND}/claims.ttl", "pl:content", "pl:content pl:content", TurtleSyntaxError),
        (f"{SECOND}/source.txt", "Moscow", "Minsk", SourceChangedError),
        (f"{SECOND}/document.ttl", "pl:textDigest", "pl:sentenceCount", DocumentError),
        ("ontology/parley.ttl", "owl:Class", "owl:Class owl:Class", TurtleSyntaxError),
        ("data/actors.ttl", "data/actors>", "data/other>", OntologyError),
        ("data/links/wikidata.sssom.tsv", "schema:sameAs", "owl:sameAs", LinkError),
    ],
    ids=[
        "not found", "twice", "NFC", "actor", "property", "class", "syntax", "changed", "digest",
        "ontology", "import", "link",
    ],
)  # fmt: skip
def test_nothing_is_published_from_a_home_that_is_wrong(
    editable: Home,
    edit: Edit,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    error: type[ParleyError],
) -> None:
    """The error has a place and is noted; what was published before stays as it is."""
    out = tmp_path / "out"
    before = publish_before(out)
    files = contents(out)
    if error is OntologyError:
        edit(file, "owl:imports <https://w3id.org/parley/ns>", "owl:imports <urn:nowhere>")
    else:
        edit(file, old, new)
    with pytest.raises(error) as caught:
        pipeline.build(editable, out)

    assert caught.value.place
    assert generations.current(out) == before
    assert contents(out) == files | {generations.FAILURE: f"{caught.value}\n".encode()}


def test_a_document_without_source_stops_the_build(editable: Home, tmp_path: Path) -> None:
    """Nothing is published; the message names the file."""
    (editable.root / SECOND / "source.txt").unlink()
    with pytest.raises(SourceMissingError, match=r"second-document/source\.txt"):
        pipeline.build(editable, tmp_path / "out")

    assert generations.current(tmp_path / "out") is None


def test_violated_shapes_and_failed_checks_are_told_in_words(
    editable: Home, edit: Edit, tmp_path: Path
) -> None:
    """The report of the shapes is kept apart; what was current stays current."""
    out = tmp_path / "out"
    before = publish_before(out)
    edit(f"{SECOND}/claims.ttl", "    pl:polarity pl:negative ;\n", "")
    edit(
        "data/actors.ttl",
        "    a pl:Alliance ;\n",
        "    a pl:Alliance ;\n    pl:factionOf actor:russia ;\n",
    )
    with pytest.raises(NotConformingError) as caught:
        pipeline.build(editable, out, reasoned=False)

    assert "claim/second-document/3a “Tajikistan did not mediate" in caught.value.message
    assert "polarity" in caught.value.message
    assert f"{SECOND}/claims.ttl:" in caught.value.message
    assert "ERROR: unsourced-triple" in caught.value.message
    assert b"conforms false" in (out / "failed" / "report.ttl").read_bytes()
    assert generations.current(out) == before


def test_a_link_from_something_unknown_is_named_by_its_row(editable: Home, tmp_path: Path) -> None:
    """In the table, also where other files hold words like its name."""
    table = editable.data / "links" / "wikidata.sssom.tsv"
    row = table.read_text(encoding="utf-8").splitlines()[-1].split("\t")
    more = "\t".join(["actor:nobody", "Nobody", row[2], "wikidata:Q1", *row[4:]])
    with table.open("a", encoding="utf-8") as file:
        file.write(f"{more}\n")
    with pytest.raises(NotConformingError) as caught:
        pipeline.build(editable, tmp_path / "out", reasoned=False)

    assert "Violation: actor:nobody" in str(caught.value)
    assert f"{table}:{len(table.read_text(encoding='utf-8').splitlines())}" in str(caught.value)


def test_an_inconsistent_home_is_not_published(editable: Home, edit: Edit, tmp_path: Path) -> None:
    """The statements that clash are named."""
    out = tmp_path / "out"
    before = publish_before(out)
    edit("data/places.ttl", "    a pl:Place ;\n", "    a pl:Place , pl:Topic ;\n")
    with pytest.raises(InconsistentOntologyError, match=r"pl:Place.*pl:Topic.*which are disjoint"):
        pipeline.build(editable, out)

    assert generations.current(out) == before


def test_a_directory_that_cannot_be_written_is_said_before_the_work(
    editable: Home, tmp_path: Path
) -> None:
    """Here a file stands in its place."""
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StoreError, match="out"):
        pipeline.build(editable, tmp_path / "out")


def test_the_second_document_is_built_validated_and_reasoned_over(
    editable: Home, tmp_path: Path
) -> None:
    """With no change of code: a disagreement with the first, CRLF and astral characters."""
    result = pipeline.build(editable, tmp_path / "out")
    coverage = result.summary.coverage[1]
    content = result.generation.dataset.read_text(encoding="utf-8")
    contested = (
        "<https://w3id.org/parley/id/proposition/tajikistan-mediates-contacts> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/parley/ns#ContestedProposition>"
    )

    assert result.report.conforms
    assert (coverage.slug, coverage.claimed, coverage.open) == ("second-document", (3, 4), ())
    assert contested in content

"""A review at work: revisions, undo, crashes, other hands on the file, what rules have earned."""

from __future__ import annotations

import json
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from parley.corpus import ontology
from parley.drafting import entities, folders
from parley.drafting.review import files, journal
from parley.drafting.review.changes import Change
from parley.drafting.review.reviews import Review
from parley.drafting.sources import Source
from parley.drafting.values import Attribution, Draft, Span
from parley.errors import DocumentError, FormatError, ReviewError, StaleError

from .conftest import CLAIM, SLUG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from parley.drafting.review.catalogue import Shelf
    from parley.home import Home


def decided(review: Review, act: str, *keys: str) -> None:
    """Decide the same on several claims."""
    for key in keys:
        review.decide(review.state().revision, act, f"{CLAIM}{key}", Change())


def test_reading_changes_nothing(review: Review, claims_ttl: Path, drafted: Home) -> None:
    """Looking at proposals and at what can be picked leaves every file as it is."""
    before = claims_ttl.read_bytes()
    review.state()
    review.catalogue()

    assert claims_ttl.read_bytes() == before
    assert not list(drafted.data.glob("drafting/*.jsonl"))


def test_undo_gives_the_same_bytes_back(review: Review, claims_ttl: Path) -> None:
    """Every decision can be taken back, down to the file as it was drafted."""
    before = claims_ttl.read_bytes()
    decided(review, "accept", "2a", "4a")
    decided(review, "reject", "3a", "8a")
    decided(review, "edit", "5a")
    for _ in range(5):
        review.undo(review.state().revision)

    assert claims_ttl.read_bytes() == before
    with pytest.raises(ReviewError, match="nothing to undo"):
        review.undo(review.state().revision)


def test_undo_works_after_a_new_start(
    review: Review, start: Callable[..., Review], claims_ttl: Path
) -> None:
    """The history is on the disk: another process takes back what this one decided."""
    before = claims_ttl.read_bytes()
    decided(review, "reject", "3a")
    other = start("John Doe")
    other.undo(other.state().revision)

    assert claims_ttl.read_bytes() == before


def test_a_stale_tab_is_told_what_changed(review: Review, claims_ttl: Path) -> None:
    """Who decides on an old revision changes nothing and learns what others did."""
    old = review.state().revision
    decided(review, "accept", "4a")
    decided(review, "reject", "3a")
    now = claims_ttl.read_bytes()
    with pytest.raises(StaleError) as told:
        review.decide(old, "accept", f"{CLAIM}5a", Change())

    assert told.value.changes == ("3a is gone", "4a is reviewed")
    assert claims_ttl.read_bytes() == now


def test_an_edit_by_hand_counts(review: Review, claims_ttl: Path) -> None:
    """What somebody saved in an editor is read, is not overwritten, and is told."""
    old = review.state().revision
    text = claims_ttl.read_text(encoding="utf-8")
    claims_ttl.write_text(text.replace('"insists"', '"insists that"'), encoding="utf-8")
    with pytest.raises(StaleError, match="5a is worded otherwise"):
        review.decide(old, "accept", f"{CLAIM}4a", Change())
    decided(review, "accept", "4a")

    assert '"insists that"' in claims_ttl.read_text(encoding="utf-8")


def test_comments_are_not_lost(review: Review, claims_ttl: Path) -> None:
    """A file with comments, which a save would drop, is not written."""
    claims_ttl.write_text(
        claims_ttl.read_text(encoding="utf-8") + "# a thought of the curator\n", encoding="utf-8"
    )
    with pytest.raises(FormatError, match="comment"):
        decided(review, "accept", "4a")


def test_undo_is_refused_when_the_claim_was_changed_by_hand(
    review: Review, claims_ttl: Path
) -> None:
    """What was changed by other means since is not undone blindly."""
    decided(review, "accept", "4a")
    text = claims_ttl.read_text(encoding="utf-8")
    claims_ttl.write_text(text.replace("pl:reviewed", "pl:superseded"), encoding="utf-8")
    with pytest.raises(ReviewError, match="4a was changed by other means"):
        review.undo(review.state().revision)


@pytest.mark.parametrize("moment", ["before the file", "after the file"])
def test_a_crash_loses_nothing(
    review: Review,
    start: Callable[..., Review],
    claims_ttl: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    """A step that was being saved when the process died is there at the next start."""
    where = (files, "replace") if moment == "before the file" else (journal, "confirm")
    with monkeypatch.context() as patched:
        patched.setattr(*where, die)
        with pytest.raises(SystemExit):
            decided(review, "reject", "3a")
    again = start()

    assert f"{CLAIM}3a" not in {p.claim for p in again.state().proposals}
    assert f"{CLAIM}3a" not in {str(s) for s in ontology.parse(claims_ttl).subjects()}
    assert [step.act for step in again.state().journal.standing] == ["rejected"]
    again.undo(again.state().revision)
    assert f"{CLAIM}3a" in {p.claim for p in again.state().proposals}


def test_a_line_cut_short_is_no_step(
    review: Review, start: Callable[..., Review], drafted: Home
) -> None:
    """What a crash left of a line is dropped; what came before it stands."""
    decided(review, "accept", "4a")
    path = journal.path_of(drafted, SLUG)
    with path.open("ab") as file:
        file.write(b'{"number":2,"act":"rej')
    again = start()
    decided(again, "reject", "3a")

    assert [step.act for step in again.state().journal.steps] == ["accepted", "rejected"]
    assert all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def test_a_step_that_could_not_be_saved_is_no_decision(
    review: Review, monkeypatch: pytest.MonkeyPatch, claims_ttl: Path
) -> None:
    """When the disk is full the file stays, the error is shown, and nothing is remembered."""
    before = claims_ttl.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(files, "replace", fill_up)
        with pytest.raises(OSError, match="No space"):
            decided(review, "reject", "3a")

    assert claims_ttl.read_bytes() == before
    assert review.state().journal.steps == ()


def test_two_reviews_at_once_lose_nothing(start: Callable[..., Review]) -> None:
    """Decisions of two processes follow each other; each stale one is taken again."""
    reviews = [start("Jane Roe"), start("John Doe")]
    keys = (["2a", "2b", "4a"], ["5a", "7a", "8a"])
    threads = [
        threading.Thread(target=insist, args=(review, own))
        for review, own in zip(reviews, keys, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = reviews[0].state()

    reviewed = {p.claim.removeprefix(CLAIM) for p in state.proposals if p.status == "reviewed"}
    assert reviewed == {"2a", "2b", "4a", "5a", "7a", "8a"}
    assert len(state.journal.standing) == 6
    assert sorted(step.number for step in state.journal.steps) == [1, 2, 3, 4, 5, 6]


def test_decisions_rank_what_waits(review: Review) -> None:
    """A rule whose proposals were rejected sinks; one whose were accepted rises."""
    first = [p.rule for p in review.state().ranked()]
    decided(review, "reject", "4a", "5a", "6a", "9a")
    decided(review, "accept", "2a", "3a")
    state = review.state()
    order = [p.rule for p in state.ranked()]

    assert first.index("verb.that") < first.index("contact")
    assert order.index("contact") < order.index("verb.that")
    assert state.tallies["verb.that"] == journal.Tally(rejected=4)
    assert state.tallies["contact"].precision(0.6) == pytest.approx((2 + 4 * 0.6) / 6)


def test_decisions_on_one_document_rank_the_proposals_of_the_next(
    review: Review, drafted: Home, others: Shelf
) -> None:
    """A rule that did badly there comes later here; what it promises is set right."""
    elsewhere = drafted.documents / "who-else"
    shutil.copytree(drafted.documents / SLUG, elsewhere)
    for path in elsewhere.iterdir():
        path.write_text(path.read_text("utf-8").replace(SLUG, elsewhere.name), encoding="utf-8")
    before = review.state()
    other = Review(drafted, elsewhere.name, "John Doe", shelf=others)
    for proposal in other.state().proposals:
        if proposal.rule == "verb.that":
            other.decide(other.state().revision, "reject", proposal.claim)
    after = review.state()
    one = next(p for p in after.proposals if p.rule == "verb.that")

    assert [p.claim for p in before.ranked()] != [p.claim for p in after.ranked()]
    assert before.ranked()[0].rule == "verb.that"
    assert after.ranked()[-1].rule == "verb.that"
    assert before.precision(one) == one.confidence
    assert after.precision(one) < 0.5
    assert review.state().journal.steps == ()


def test_what_was_rejected_is_not_drafted_again(review: Review, drafted: Home) -> None:
    """The same text drafted anew, under another name, lacks the rejected proposal."""
    text = review.state().file.document.text
    start = text.index("said that it had never passed")
    span = Span.cut(text, start + 10, text.index("any faction") + 11)
    cue = Span.cut(text, start, start + 4)
    proposal = Attribution(
        span=span, claimant="The Tajik government", claimant_norm="Tajik government", cue="said",
        polarity="+", hedged=False, actors=(), rule="verb.that", sense="assertion",
        confidence=0.9, cue_span=cue,
    )  # fmt: skip
    made = Draft(Source("again.html", text, "text/html", author="Mira Halvorsen"), (proposal,))
    told = folders.About(slug="again", author="Mira Halvorsen")
    before = folders.render(made, "again", told, entities.read(drafted))["claims.ttl"]
    decided(review, "reject", "4a")
    after = folders.render(made, "again", told, entities.read(drafted))["claims.ttl"]
    review.undo(review.state().revision)
    undone = folders.render(made, "again", told, entities.read(drafted))["claims.ttl"]

    assert "never passed a message" in before
    assert "never passed a message" not in after
    assert undone == before


def test_an_unknown_document_is_named_with_those_that_are_there(drafted: Home) -> None:
    """The message lists what could be reviewed."""
    with pytest.raises(DocumentError) as told:
        Review(drafted, "nowhere", "Jane Roe")

    assert told.value.remedy == "There are: iras-3036, who-spoke."


def test_a_broken_line_of_the_journal_has_its_place(
    drafted: Home, start: Callable[..., Review]
) -> None:
    """A line that is no step is refused with its number."""
    path = journal.path_of(drafted, SLUG)
    path.parent.mkdir()
    path.write_text('{"number": 1}nonsense\n', encoding="utf-8")
    with pytest.raises(ReviewError) as told:
        start()

    assert told.value.place is not None
    assert told.value.place.line == 1


def die(*_: object, **__: object) -> None:
    """End as a killed process does: nothing after this runs."""
    raise SystemExit(137)


def fill_up(*_: object, **__: object) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")


def insist(review: Review, keys: list[str]) -> None:
    """Accept claims, each again until the revision is the newest."""
    for key in keys:
        while True:
            try:
                review.decide(review.state().revision, "accept", f"{CLAIM}{key}", Change())
            except StaleError:
                continue
            break

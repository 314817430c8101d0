"""Drafts: every quotation exact, the same each time, and something even without a model."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.drafting import blocks, drafts, model, rows, tables
from parley.drafting.sources import Source
from parley.drafting.tables import Affiliation
from parley.drafting.values import Draft, Objective, Span, check

ARTICLE = """Objectives of the talks

Mullah Omar told a Russian envoy in 1995 that the crew would be released. "We have no quarrel with
the Russian people at all," said the envoy. He did not believe that the Taliban would keep their
promise. According to Henry Kissinger, the talks had failed.
The purposes of Moscow can be summarized as follows:
1. Freeing the crew. It had been captured.
2. Gaining influence in Kabul.
The Kremlin insisted that the Taliban said that the crew was well.
Having better maps, gaining new friends and dividing the rebels are among the advantages of Russia.
"""
KEYS = [
    "quote", "start", "end", "claimant", "claimant_norm", "cue", "polarity", "hedged", "actors",
    "kind",
]  # fmt: skip

needs_model = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")


def drafted(text: str, known: tuple[Affiliation, ...] = ()) -> Draft:
    """Draft a plain text."""
    return drafts.draft(Source("test.txt", text, "text/plain"), known)


@pytest.fixture(scope="module")
def made() -> Draft:
    """The draft of the article."""
    return drafted(ARTICLE)


@needs_model
def test_attributions_say_who_says_what(made: Draft) -> None:
    """Speech, quoted speech, denied belief, phrases and reports are found with their claimants."""
    found = {(a.claimant, a.cue, a.polarity, a.span.quote[:24]) for a in made.attributions}

    assert found >= {
        ("Mullah Omar", "told", "+", "the crew would be releas"),
        ("the envoy", "said", "+", '"We have no quarrel with'),
        ("He", "believe", "-", "the Taliban would keep t"),
        ("Henry Kissinger", "According to Henry Kissinger", "+", "the talks had failed"),
        ("The Kremlin", "insisted", "+", "the Taliban said that th"),
    }


@needs_model
def test_report_within_a_report_is_linked(made: Draft) -> None:
    """A claim inside another points at the one that reports it."""
    inner = next(a for a in made.attributions if a.span.quote == "the crew was well")

    assert inner.within is not None
    assert made.attributions[inner.within].claimant == "The Kremlin"


@needs_model
def test_numbered_objectives_are_exact(made: Draft) -> None:
    """Each item of the list is an objective, by its first sentence and number."""
    listed = [(o.number, o.span.quote) for o in made.objectives if o.rule == "list"]

    assert listed == [(1, "Freeing the crew."), (2, "Gaining influence in Kabul.")]


@needs_model
def test_coordinated_objectives_are_found(made: Draft) -> None:
    """Members of an enumeration that is among the advantages are objectives."""
    assert [o.span.quote for o in made.objectives if o.rule == "coordination"] == [
        "Having better maps",
        "gaining new friends",
        "dividing the rebels",
    ]


@needs_model
def test_contact_has_sides_and_time(made: Draft) -> None:
    """Who told whom, when."""
    contact = made.contacts[0]

    assert (contact.participants, contact.time, contact.realised) == (
        ("Mullah Omar", "Russian envoy"),
        "1995",
        True,
    )


@needs_model
def test_lines_have_the_promised_keys_first(made: Draft) -> None:
    """A line is one JSON object; its first keys are the promised ones; its words are exact."""
    lines = [json.loads(line) for line in rows.lines(made)]

    assert all(list(line)[:10] == KEYS for line in lines)
    assert all(ARTICLE[line["start"] : line["end"]] == line["quote"] for line in lines)
    assert {line["kind"] for line in lines} == {"attribution", "objective", "contact"}


@needs_model
def test_draft_is_the_same_each_time(made: Draft) -> None:
    """Drafting twice gives the same draft."""
    assert drafted(ARTICLE) == made


@needs_model
def test_names_of_the_home_are_actors() -> None:
    """A name that only the home knows is found as its actor."""
    known = (Affiliation("the Grey Wardens", "Grey Wardens", "", "group"),)
    made = drafted("The Grey Wardens said that the talks had failed.", known)

    assert made.attributions[0].claimant_norm == "Grey Wardens"


@needs_model
def test_sentences_nobody_else_says_are_the_authors(made: Draft) -> None:
    """What no attribution covers is left to the author."""
    assert "It had been captured" in {own.span.quote for own in made.author_claims}


@needs_model
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["The minister said", "that", "“the talks", "failed”", '"', "\n", "1.", "to", ",", "if",
             "He", "hoped", "according to", "Mullah Omar", ".", "not", "é", "—", "(", "in 1995"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_every_quotation_is_exact_in_any_text(words: list[str]) -> None:
    """Whatever the words, each quotation is what the text has at its place."""
    text = " ".join(words)

    assert isinstance(drafted(text), Draft)


def test_without_a_model_lists_and_speech_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model numbered objectives and quoted speech are drafted, and a note says so."""
    monkeypatch.setattr(model, "find_model", lambda: None)
    made = drafted(ARTICLE.replace("with\nthe", "with the"))

    assert [(a.claimant, a.cue) for a in made.attributions] == [("the envoy", "said")]
    assert [o.number for o in made.objectives] == [1, 2, None, None, None]
    assert made.notes == (drafts.NO_MODEL,)


def test_missing_model_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a parse without a model says what to install."""
    from parley.errors import DraftError

    monkeypatch.setattr(model, "find_model", lambda: None)

    with pytest.raises(DraftError, match="No English language model") as refused:
        model.load.__wrapped__()
    assert "pip install" in refused.value.remedy


def test_moved_span_is_a_defect() -> None:
    """A span whose words are not there stops the draft."""
    made = Draft(Source("t", "some words here", "text/plain"))
    moved = Objective(span=Span(0, 4, "other"), holder="", target="", rule="list")

    with pytest.raises(AssertionError, match="does not stand at"):
        check(replace(made, objectives=(moved,)))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (0, 99), (-1, 2)])
def test_span_outside_the_text_is_refused(start: int, end: int) -> None:
    """A span is not empty and lies within the text."""
    with pytest.raises(ValueError, match="is no span"):
        Span.cut("some words", start, end)


def test_blocks_keep_their_places() -> None:
    """Titles, metadata, paragraphs, items and headings are told apart, at their offsets."""
    text = "The title\nAuthor : Jane Roe\n\nA first sentence.\nHeading here\n1. An item.\n"
    found = blocks.split(text)

    assert [b.kind for b in found] == ["title", "metadata", "paragraph", "heading", "item"]
    assert all(text[b.start : b.end] == b.text for b in found)


def test_wrapped_lines_are_one_block() -> None:
    """A paragraph wrapped at a column is one block; a list marker begins another."""
    line = "the minister said that the talks had failed and the army would"
    text = "\n".join([line] * 5) + "\n\n" + "\n".join([line] * 3) + "\n1. An item.\n"

    assert [b.kind for b in blocks.split(text)] == ["paragraph", "paragraph", "item"]


def test_long_block_is_cut_at_sentences() -> None:
    """No block is longer than the parser should take."""
    found = blocks.split("The talks had failed. " * 2_000)

    assert max(len(b.text) for b in found) <= blocks.MAX_BLOCK
    assert all(b.text.endswith(".") for b in found)


PRONOUNS = [
    (
        "The Portuguese government left. It announced that the war was over.",
        "Portuguese government",
    ),
    ("Iran told the rebels that it would leave. It said that the war was over.", "Iran"),
    ("The generals left the city. They said that the war was over.", "generals"),
    ("The generals met Anthony Eden. He said that the war was over.", "Anthony Eden"),
    ("Anthony Eden, who met the generals, left. He said that the war was over.", "Anthony Eden"),
    ("Anthony Eden left the city.\n\nHe said that the war was over.", "Anthony Eden"),
    ("The generals met Iran. Some said that the war was over.", "Some"),
    ("Russia left. She said that the war was over.", "Russia"),
    ("The king repeated his claim that the war was over.", "king"),
]


@needs_model
@pytest.mark.parametrize(("text", "claimant"), PRONOUNS, ids=[row[0] for row in PRONOUNS])
def test_pronoun_means_the_last_who_acted(text: str, claimant: str) -> None:
    """A personal pronoun stands for the last subject of its kind; some stand for themselves."""
    assert [a.claimant_norm for a in drafted(text).attributions][-1] == claimant


def test_who_tells_what_he_did_himself_takes_part() -> None:
    """``I met`` is a contact of the one who writes; in somebody's speech, of nobody known."""
    told = drafted("In May I met President Nasser in Cairo.").contacts
    spoken = drafted("“I met President Nasser in Cairo,” he said.").contacts

    assert [c.participants[0] for c in told] == ["I"]
    assert spoken == ()


def test_two_persons_of_one_country_meet_but_do_not_tell_each_other() -> None:
    """Named persons who meet are two sides; one of them who advises the other is none."""
    met = drafted("President Kennedy met with President Eisenhower in Washington.").contacts
    told = drafted("President Kennedy advised President Eisenhower to leave.").contacts

    assert len(met) == 1
    assert told == ()


def test_what_is_nobody_has_no_contact() -> None:
    """A thing that presses two countries makes no contact between them."""
    assert drafted("The price of oil pressed Germany and Russia to agree.").contacts == ()


def test_contact_by_one_to_another() -> None:
    """A noun names its sides with ``by`` and ``to`` too."""
    (made,) = drafted("A warning by Russia to China followed in May.").contacts

    assert set(made.participants) >= {"Russia", "China"}


def test_discussion_of_a_country_is_none_with_it() -> None:
    """What is discussed is no party of the discussion; with whom it is, is one."""
    assert drafted("Kennedy opened the conference with a discussion of Laos.").contacts == ()
    assert len(drafted("Russia's discussions with China went on.").contacts) == 1


def test_several_hold_talks_with_each_other() -> None:
    """One plural party that holds or conducts talks is a contact."""
    assert len(drafted("The three factions held talks in Geneva.").contacts) == 1
    assert drafted("The minister held talks in Geneva.").contacts == ()


@pytest.mark.parametrize("row", tables.rows("no_contacts.tsv"), ids=lambda row: row["object"])
def test_cue_with_a_word_that_makes_it_something_else(row: dict[str, str]) -> None:
    """What has a contact's word but is none: to engage in fighting."""
    assert drafted(row["example"]).contacts == ()


def test_a_person_spoken_of_before_meets_others() -> None:
    """Whom a pronoun means need not be known for a meeting, but for what is told somebody."""
    assert (
        len(drafted("Later he met with representatives of the Government of Yemen.").contacts) == 1
    )
    assert drafted("Later he told them that the talks had failed.").contacts == ()

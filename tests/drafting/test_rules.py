"""Every row of the rules has an example, and the example shows what the row does."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from parley.drafting import (
    actors,
    attribution,
    blocks,
    coreference,
    dates,
    model,
    objectives,
    tables,
)
from parley.drafting import contacts as contact_rules
from parley.drafting.drafts import draft
from parley.drafting.sources import Source
from parley.errors import DraftError

if TYPE_CHECKING:
    from parley.drafting.attribution import Candidate

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

FILES = sorted(
    entry.name
    for entry in resources.files("parley.drafting").joinpath("rules").iterdir()
    if entry.name.endswith(".tsv")
)


@cache
def candidates(sentence: str) -> tuple[Candidate, ...]:
    """Return what the rules find in one sentence."""
    (doc,) = model.parse([sentence])
    coreference.mark(doc, actors.gazetteer())
    return tuple(attribution.find(doc))


def row_ids(name: str, *columns: str) -> list[str]:
    """Return a readable id for each row of a table."""
    return ["-".join(row[column] for column in columns) for row in tables.rows(name)]


@pytest.mark.parametrize("name", FILES)
def test_each_row_has_an_example(name: str) -> None:
    """No row stands without an example, and no two rows are the same."""
    rows = tables.rows(name)

    assert all(list(row)[-1] == "example" and row["example"] for row in rows)
    assert len({tuple(row.values())[:-1] for row in rows}) == len(rows)


@pytest.mark.parametrize("row", tables.rows("cues.tsv"), ids=row_ids("cues.tsv", "lemma", "frames"))
def test_cue_attributes_in_its_example(row: dict[str, str]) -> None:
    """Each cue's example yields an attribution by that cue."""
    found = candidates(row["example"])

    assert any(
        c.cue.lemma == row["lemma"] or c.token.text.lower()[:3] == row["lemma"][:3] for c in found
    )


@pytest.mark.parametrize(
    "row", tables.rows("phrases.tsv"), ids=row_ids("phrases.tsv", "opening", "closing")
)
def test_phrase_attributes_in_its_example(row: dict[str, str]) -> None:
    """Each attributing phrase's example yields its clause."""
    (found,) = [c for c in candidates(row["example"]) if c.frame == "phrase"]

    clause = row["example"].partition(", ")[2].removesuffix(".")
    assert found.token.doc[slice(*found.content)].text == clause


@pytest.mark.parametrize("row", tables.rows("hedges.tsv"), ids=row_ids("hedges.tsv", "word"))
def test_hedge_makes_its_example_uncertain(row: dict[str, str]) -> None:
    """Each hedge's example is hedged by that word."""
    assert attribution.hedge_in(row["example"]).lower() == row["word"]


@pytest.mark.parametrize("name", ["negations.tsv", "implicatives.tsv", "losing.tsv"])
def test_negations_turn_polarity(name: str) -> None:
    """Each negation's example is a denied attribution."""
    examples = [row["example"] for row in tables.rows(name)]
    turned = [e for e in examples if any(c.polarity == "-" for c in candidates(e))]

    assert turned == examples


@pytest.mark.parametrize(
    "name",
    [
        "people.tsv",
        "lemmas.tsv",
        "obtaining.tsv",
        "confidence.tsv",
        "parts.tsv",
        "documents.tsv",
        "reactions.tsv",
        "questions.tsv",
        "causatives.tsv",
        "convincing.tsv",
        "announcing.tsv",
        "sharing.tsv",
        "expressing.tsv",
    ],
)
def test_examples_of_word_lists_attribute(name: str) -> None:
    """Each row's example yields an attribution with a claimant."""
    examples = [row["example"] for row in tables.rows(name)]

    assert [e for e in examples if not any(c.claimant for c in candidates(e))] == []


@pytest.mark.parametrize("row", tables.rows("hearing.tsv"), ids=row_ids("hearing.tsv", "word"))
def test_who_hears_a_warning_does_not_give_it(row: dict[str, str]) -> None:
    """Each example reports warnings, and does not say whose they are."""
    (found,) = candidates(row["example"])

    assert found.token.text == "warnings"
    assert found.claimant is None


@pytest.mark.parametrize("name", ["countries.tsv", "actors.tsv", "metonyms.tsv"])
def test_names_are_found_in_their_examples(name: str) -> None:
    """Each name's example mentions its actor."""
    names = actors.gazetteer()
    column = {"countries.tsv": "country"}.get(name, "actor")
    missing = [
        row["example"]
        for row in tables.rows(name)
        if row[column] not in {m.actor for m in names.find(row["example"])}
    ]

    assert missing == []


@pytest.mark.parametrize("row", tables.rows("times.tsv"), ids=row_ids("times.tsv", "words"))
def test_time_has_its_value(row: dict[str, str]) -> None:
    """Each time in words has the EDTF value of its row."""
    assert [t.edtf for t in dates.find(row["example"])] == [row["edtf"]]


@pytest.mark.parametrize("row", tables.rows("counted.tsv"), ids=row_ids("counted.tsv", "word"))
def test_number_of_things_is_no_year(row: dict[str, str]) -> None:
    """Fifteen hundred soldiers are no date."""
    assert dates.find(row["example"]) == []


@pytest.mark.parametrize(
    "row", tables.rows("contacts.tsv"), ids=row_ids("contacts.tsv", "lemma", "pos")
)
def test_contact_cue_joins_two_sides(row: dict[str, str]) -> None:
    """Each contact's example is a contact that took place between Russia and China."""
    (doc,) = model.parse([row["example"]])
    coreference.mark(doc, actors.gazetteer())
    found = contact_rules.find(doc, {})

    assert [(len(c.participants), c.realised) for c in found] == [(2, True)]


@pytest.mark.parametrize("row", tables.rows("aims.tsv"), ids=row_ids("aims.tsv", "word"))
def test_effort_is_an_objective(row: dict[str, str]) -> None:
    """Each example tells of one thing that the rebels try to reach."""
    made = draft(Source("test", row["example"], "text/plain"))

    assert [o.holder for o in made.objectives] == ["rebels"]
    assert (
        made.objectives[0].span.quote
        == row["example"][-len(made.objectives[0].span.quote) - 1 : -1]
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "The plan is trying to the eye.",
        "The rebels did not try to leave the city.",
        "The rebels tried the door.",
        "The rebels looked at the city.",
        "The city is in good order.",
    ],
)
def test_what_nobody_tries_to_reach_is_no_objective(sentence: str) -> None:
    """A word of effort without an aim, or denied, tells of no objective."""
    assert draft(Source("test", sentence, "text/plain")).objectives == ()


ONE_CONTACT = [
    (table, row)
    for table in ("amounts.tsv", "envoys.tsv", "journeys.tsv", "light_verbs.tsv")
    for row in tables.rows(table)
]


@pytest.mark.parametrize(
    ("table", "row"), ONE_CONTACT, ids=[f"{t}-{r['word']}" for t, r in ONE_CONTACT]
)
def test_word_of_a_contact_tells_of_one(table: str, row: dict[str, str]) -> None:
    """Each example is one contact that took place, told by the whole sentence."""
    (found,) = draft(Source("test", row["example"], "text/plain")).contacts

    assert found.realised
    assert len(found.participants) == 2
    assert table != "light_verbs.tsv" or found.span.quote == row["example"].rstrip(".")


@pytest.mark.parametrize(
    "row", tables.rows("unreal_verbs.tsv"), ids=row_ids("unreal_verbs.tsv", "word")
)
def test_contact_that_is_only_wanted_is_not_realised(row: dict[str, str]) -> None:
    """A meeting that is planned, offered or refused has not taken place."""
    (found,) = draft(Source("test", row["example"], "text/plain")).contacts

    assert not found.realised


@pytest.mark.parametrize("row", tables.rows("metadata.tsv"), ids=row_ids("metadata.tsv", "example"))
def test_metadata_is_no_prose(row: dict[str, str]) -> None:
    """Each line about the document is set apart from its text."""
    assert [b.kind for b in blocks.split(row["example"])] == ["metadata"]


@pytest.mark.parametrize("row", tables.rows("idioms.tsv"), ids=row_ids("idioms.tsv", "idiom"))
def test_idiom_attributes_nothing(row: dict[str, str]) -> None:
    """A word in an idiom is no cue."""
    words = row["idiom"].split()

    assert [c for c in candidates(row["example"]) if c.token.lower_ in words] == []


@pytest.mark.parametrize(
    "row", tables.rows("objective_words.tsv"), ids=row_ids("objective_words.tsv", "word")
)
def test_word_announces_objectives(row: dict[str, str]) -> None:
    """A list under a heading with the word is a list of objectives."""
    text = f"{row['word'].capitalize()} of the army\n1. Peace in the city.\n2. Control of roads.\n"
    names = actors.gazetteer()

    found = objectives.find(text, blocks.split(text), names)
    assert [o.span.quote for o in found] == ["Peace in the city.", "Control of roads."]


@pytest.mark.parametrize(
    "row", tables.rows("hypothetical.tsv"), ids=row_ids("hypothetical.tsv", "word")
)
def test_possible_contact_is_not_realised(row: dict[str, str]) -> None:
    """What would, could or is to take place is told as not realised."""
    example = (
        row["example"]
        .replace("The envoy", "The Russian envoy")
        .replace("the rebels", "the Chinese minister")
    )
    made = draft(Source("test", example, "text/plain"))

    assert [c.realised for c in made.contacts] == [False]


@pytest.mark.parametrize("row", tables.rows("titles.tsv"), ids=row_ids("titles.tsv", "word"))
def test_title_names_the_one_who_has_it(row: dict[str, str]) -> None:
    """Each title's example resolves the title to the person named with it."""
    made = draft(Source("test", row["example"], "text/plain"))

    assert [a.claimant_norm for a in made.attributions] == ["Anthony Eden"]


@pytest.mark.parametrize("row", tables.rows("pronouns.tsv"), ids=row_ids("pronouns.tsv", "pronoun"))
def test_pronoun_can_claim(row: dict[str, str]) -> None:
    """Each pronoun's example has the pronoun as claimant."""
    found = [c for c in candidates(row["example"]) if c.claimant is not None]

    assert row["pronoun"] in {c.claimant.lower_ for c in found if c.claimant is not None} | {
        t.lower_ for c in found for t in c.token.doc if t.lower_ == "who"
    }


def test_malformed_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with a column too many names its line."""

    class Folder:
        def joinpath(self, *_: str) -> Folder:
            return self

        def read_text(self, **_: str) -> str:
            return "word\texample\none\ttwo\tthree\n"

    monkeypatch.setattr(resources, "files", lambda _: Folder())

    with pytest.raises(DraftError, match=r"Line 2 of rules/broken.tsv has 3 columns"):
        tables.rows("broken.tsv")

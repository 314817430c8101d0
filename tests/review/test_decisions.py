"""Decisions on drafted claims: what they write, what they keep out, what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import PROV, RDF, RDFS, XSD

from parley.build import pipeline
from parley.corpus import ontology
from parley.corpus.canonical import format_turtle
from parley.drafting.review import changes
from parley.drafting.review.reviews import Review
from parley.errors import ReviewError, TermError
from parley.namespaces import PL, PLID, PLR

from .conftest import CLAIM, SLUG

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

    from parley.drafting.review.reviews import State
    from parley.home import Home

ACTOR = f"{PLID}actor/"
MEDIATED = f"{PLID}proposition/tajikistan-mediates-contacts"
ARTICLE_CLAIM = f"{PLID}claim/iras-3036/11c"


def decide(review: Review, act: str, key: str, **change: Any) -> State:
    """Take a decision on the claim of this key as it is now."""
    revision = review.state().revision
    return review.decide(revision, act, f"{CLAIM}{key}", changes.read(change))


def values(graph: Graph, key: str, prop: URIRef) -> set[str]:
    """Return the values of a claim's property as texts, vocabulary names bare."""
    found = graph.objects(URIRef(f"{CLAIM}{key}"), prop)
    return {str(value).removeprefix(str(PL)) for value in found}


def test_accepting_names_curator_and_time(review: Review, claims_ttl: Path) -> None:
    """An accepted claim is reviewed, by an activity of the curator with begin and end."""
    decide(review, "accept", "4a")
    graph = ontology.parse(claims_ttl)
    claim = URIRef(f"{CLAIM}4a")
    activity = graph.value(claim, PROV.wasGeneratedBy)
    curator = graph.value(activity, PROV.wasAssociatedWith)

    assert values(graph, "4a", PL.status) == {"reviewed"}
    assert str(activity) == f"{PLID}curation/{SLUG}-jane-roe-2026-11-24"
    assert (activity, RDF.type, PROV.Activity) in graph
    assert graph.value(curator, RDFS.label) == Literal("Jane Roe", lang="en")
    at = graph.value(claim, PROV.generatedAtTime)
    assert at is not None
    assert at == graph.value(activity, PROV.endedAtTime)
    assert (at.datatype, str(at)[:10]) == (XSD.dateTime, "2026-11-24")  # type: ignore[attr-defined]


def test_what_a_model_proposed_stays_its_proposal(review: Review, claims_ttl: Path) -> None:
    """The activity of the model stands beside that of the curator; rejected, it goes too."""
    model = f"{PLID}drafting/{SLUG}-0123abcd"
    text = claims_ttl.read_text(encoding="utf-8")
    for key in ("4a", "5a"):
        line = f"claim:{key}\n    a pl:Claim ;\n"
        assert line in text
        text = text.replace(line, f"{line}    <{PROV.wasGeneratedBy}> <{model}> ;\n")
    text += f'\n<{model}> a <{PROV.Activity}> ; rdfs:label "a model"@en .\n'
    claims_ttl.write_text(format_turtle(text), encoding="utf-8")
    decide(review, "accept", "4a")
    decide(review, "edit", "5a", polarity="negative")
    both = {model, f"{PLID}curation/{SLUG}-jane-roe-2026-11-24"}
    reviewed = [
        values(ontology.parse(claims_ttl), key, PROV.wasGeneratedBy) for key in ("4a", "5a")
    ]
    decide(review, "reject", "4a")
    decide(review, "reject", "5a")

    assert reviewed == [both, both]
    assert (URIRef(model), None, None) not in ontology.parse(claims_ttl)


def test_the_file_is_canonical_after_every_step(review: Review, claims_ttl: Path) -> None:
    """Whatever is decided, parley format would change nothing."""
    decide(review, "accept", "4a")
    decide(review, "reject", "3a")
    decide(review, "edit", "5a", polarity="negative")
    text = claims_ttl.read_text(encoding="utf-8")

    assert format_turtle(text) == text


def test_rejecting_takes_what_only_that_claim_spoke_of(review: Review, claims_ttl: Path) -> None:
    """The claim and its proposition go; what another file or claim names stays."""
    before = ontology.parse(claims_ttl)
    content = before.value(URIRef(f"{CLAIM}4a"), PL.content)
    voice = URIRef(f"{ACTOR}{SLUG}-tajik-government")
    author = URIRef(f"{ACTOR}mira-halvorsen")
    decide(review, "reject", "4a")
    graph = ontology.parse(claims_ttl)

    assert (voice, RDF.type, None) in before
    assert all((gone, None, None) not in graph for gone in (content, voice))
    assert (author, RDF.type, PL.Person) in graph
    assert f"{CLAIM}4a" not in {str(s) for s in graph.subjects()}


@pytest.mark.parametrize("first", ["again", SLUG])
def test_what_another_draft_describes_too_is_not_left_behind(drafted: Home, first: str) -> None:
    """Rejecting all of one draft, then of the other, leaves neither more than its author."""
    twin = drafted.documents / "again"
    twin.mkdir()
    for file in (drafted.documents / SLUG).iterdir():
        (twin / file.name).write_text(file.read_text("utf-8").replace(SLUG, "again"), "utf-8")
    kept = {}
    for slug in sorted([SLUG, "again"], key=lambda name: name != first):
        review = Review(drafted, slug, "Jane Roe")
        for proposal in review.state().proposals:
            review.decide(review.state().revision, "reject", proposal.claim)
        graph = ontology.parse(drafted.documents / slug / "claims.ttl")
        kept[slug] = {str(s) for s in graph.subjects() if str(s).startswith(PLID)}

    assert kept == {SLUG: {f"{ACTOR}mira-halvorsen"}, "again": {f"{ACTOR}mira-halvorsen"}}


def test_editing_changes_what_is_given_and_no_more(review: Review, claims_ttl: Path) -> None:
    """Claimant, mode, certainty and hedge are as chosen; the rest is as drafted."""
    decide(
        review, "edit", "6a", mode="communication", certainty="possible", hedge="doubt",
        polarity="negative", label="Western diplomats doubt it",
        claimants=[{"label": "Some envoys", "class": str(PL.UnnamedSource)}],
    )  # fmt: skip
    graph = ontology.parse(claims_ttl)

    assert values(graph, "6a", PL.attributionMode) == {"communication"}
    assert values(graph, "6a", PL.certainty) == {"possible"}
    assert values(graph, "6a", PL.hedgeText) == {"doubt"}
    assert values(graph, "6a", PL.polarity) == {"negative"}
    assert values(graph, "6a", PL.cueText) == {"doubt"}
    assert values(graph, "6a", PL.claimant) == {f"{ACTOR}{SLUG}-some-envoys"}
    assert values(graph, "6a", RDFS.label) == {"Western diplomats doubt it"}
    assert (URIRef(f"{ACTOR}{SLUG}-some-envoys"), RDF.type, PL.UnnamedSource) in graph


def test_selected_words_become_the_exact_quotation(review: Review, claims_ttl: Path) -> None:
    """The quotation is cut out of the source at the offsets, blanks at its ends left out."""
    text = review.state().file.document.text
    start = text.index("Moscow insists")
    end = text.index(" against ISIS") + 1
    state = decide(review, "edit", "5a", start=start, end=end)
    found = next(p for p in state.proposals if p.claim == f"{CLAIM}5a")

    assert found.quote == "Moscow insists that the Taliban can be a partner"
    assert (found.start, found.end) == (start, end - 1)
    assert text[found.start : found.end] == found.quote


def test_words_that_stand_twice_get_their_context(review: Review) -> None:
    """A short quotation is told apart by what stands before and after it."""
    text = review.state().file.document.text
    start = text.index("the Taliban", text.index("weapons"))
    state = decide(review, "edit", "9a", start=start, end=start + 11, cue="")
    found = next(p for p in state.proposals if p.claim == f"{CLAIM}9a")

    assert text.count("the Taliban") > 1
    assert (found.start, found.quote) == (start, "the Taliban")


def test_a_draft_moved_to_another_sentence_is_named_after_it(
    review: Review, claims_ttl: Path
) -> None:
    """The claim takes the next free name of the sentence where its words now begin."""
    text = review.state().file.document.text
    start = text.index("Russia wants")
    state = decide(review, "edit", "5a", start=start, end=start + 30, cue="wants")

    assert f"{CLAIM}5a" not in {p.claim for p in state.proposals}
    assert values(ontology.parse(claims_ttl), "7b", PL.quote) == {text[start : start + 30].strip()}


def test_the_same_parts_are_the_same_proposition_in_any_document(
    review: Review, claims_ttl: Path
) -> None:
    """Subject, relation and object that another document has give its proposition."""
    known = next(
        p for p in review.catalogue().propositions
        if p.stands and {name for name, _ in p.parts} == {"subject", "relation", "object"}
    )  # fmt: skip
    parts = dict(known.parts)
    content = {
        "subject": {"iri": parts["subject"]},
        "relation": parts["relation"],
        "objects": [{"iri": parts["object"]}],
    }
    decide(review, "edit", "3b", content=content)

    assert values(ontology.parse(claims_ttl), "3b", PL.content) == {known.iri}


def test_new_parts_make_a_new_proposition(review: Review, claims_ttl: Path) -> None:
    """A subject picked, a relation and an object made now are a proposition with a label."""
    content = {
        "subject": {"iri": f"{ACTOR}russia"},
        "relation": str(PLR.equips),
        "objects": [{"label": "night-vision goggles", "class": str(PL.Topic)}],
    }
    decide(review, "edit", "9a", content=content, polarity="negative")
    graph = ontology.parse(claims_ttl)
    made = graph.value(URIRef(f"{CLAIM}9a"), PL.content)

    assert str(made) == f"{PLID}proposition/russia-equips-night-vision-goggles"
    assert str(graph.value(made, RDFS.label)) == "Russia equips night-vision goggles"
    assert (URIRef(f"{PLID}topic/night-vision-goggles"), RDF.type, PL.Topic) in graph


def test_what_the_author_claims_is_in_the_authors_voice(review: Review, claims_ttl: Path) -> None:
    """Making the author the claimant sets the mode and takes the cue away."""
    decide(review, "edit", "6a", claimants=[{"iri": f"{ACTOR}mira-halvorsen"}])
    graph = ontology.parse(claims_ttl)

    assert values(graph, "6a", PL.attributionMode) == {"authorVoice"}
    assert values(graph, "6a", PL.cueText) == set()


def test_a_claim_that_the_draft_missed_can_be_added(review: Review) -> None:
    """Words, claimant and proposition make a claim with the next free name."""
    text = review.state().file.document.text
    start = text.index("Tajikistan did not mediate")
    content = {"subject": {"iri": f"{ACTOR}russia"}, "relation": str(PLR.equips), "value": "arms"}
    change = changes.read(
        {"start": start, "end": start + 26, "claimants": [{"iri": f"{ACTOR}nato"}],
         "mode": "attitude", "content": content}
    )  # fmt: skip
    state = review.decide(review.state().revision, "add", "", change)
    added = state.journal.standing[-1]

    assert (added.act, added.claim) == ("added", f"{CLAIM}3c")
    assert next(p for p in state.proposals if p.claim == added.claim).status == "reviewed"


@pytest.mark.parametrize(
    ("key", "change", "message"),
    [
        ("4a", {"mode": "authorVoice"}, "Only the author"),
        ("4a", {"cue": "swore"}, "does not stand in the quotation"),
        ("4a", {"certainty": "possible"}, "less than certain"),
        ("4a", {"claimants": []}, "Nobody is said"),
        ("4a", {"claimants": [{"iri": f"{ACTOR}nobody"}]}, "no entity"),
        ("4a", {"start": 105, "end": 106}, "empty"),
        ("99z", {}, "no claim 99z"),
        ("4a", {"content": {"iri": f"{PLID}proposition/none"}}, "not there any more"),
    ],
    ids=["voice", "cue", "hedge", "nobody", "unknown", "blank", "claim", "proposition"],
)
def test_what_would_not_conform_is_refused_at_once(
    review: Review, claims_ttl: Path, key: str, change: dict[str, Any], message: str
) -> None:
    """The message says what is wrong, and the file is as it was."""
    before = claims_ttl.read_bytes()
    with pytest.raises(ReviewError, match=message):
        decide(review, "edit", key, **change)

    assert claims_ttl.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        [], {"mode": "loud"}, {"start": 5}, {"start": 5, "end": 5}, {"start": "1", "end": "2"},
        {"label": 7}, {"cue": "x" * 9_000}, {"claimants": "x"}, {"claimants": [7]},
        {"claimants": [{"label": "X"}]}, {"claimants": [{"label": "X", "class": str(PL.Claim)}]},
        {"content": 7}, {"content": {"relation": "https://example.org/r"}},
        {"content": {"relation": str(PLR.equips), "subject": {"iri": f"{ACTOR}nato"}}},
        {"contrasts": ["https://example.org/x"]}, {"contrasts": [{}]},
        {"claimants": [{"iri": "https://example.org/> ."}]},
    ],
    ids=repr,
)  # fmt: skip
def test_nonsense_is_no_change(change: Any) -> None:
    """Every member is checked for its kind before anything is touched."""
    with pytest.raises((ReviewError, TermError)):
        changes.read(change)


def test_a_claim_within_one_that_waits_has_to_wait(review: Review, claims_ttl: Path) -> None:
    """Its frame is decided on first: accepted, or rejected, which leaves the claim to itself."""
    text = claims_ttl.read_text(encoding="utf-8")
    for inner, outer in (("5a", "4a"), ("7a", "6a")):
        line = f"claim:{inner}\n    a pl:Claim ;\n"
        text = text.replace(line, f"{line}    pl:withinClaim claim:{outer} ;\n")
    claims_ttl.write_text(format_turtle(text), encoding="utf-8")
    with pytest.raises(ReviewError, match="said within 4a, which waits") as told:
        decide(review, "accept", "5a")
    decide(review, "accept", "4a")
    decide(review, "accept", "5a")
    decide(review, "reject", "6a")
    decide(review, "accept", "7a")
    graph = ontology.parse(claims_ttl)

    assert told.value.remedy == "Decide on 4a first."
    assert values(graph, "5a", PL.withinClaim) == {f"{CLAIM}4a"}
    assert values(graph, "7a", PL.withinClaim) == set()


def test_the_same_claim_is_not_accepted_twice(review: Review) -> None:
    """A second claim of the same words, claimant and content is refused by name."""
    state = review.state()
    first = next(p for p in state.proposals if p.claim == f"{CLAIM}2b")
    parts = {"start": first.start, "end": first.end, "content": {"iri": first.proposition}}
    decide(review, "accept", "2b")

    with pytest.raises(ReviewError, match="2b claims the same"):
        decide(review, "edit", "3b", **parts)


@pytest.mark.slow
def test_everything_accepted_builds_and_contradicts_the_first_article(
    review: Review, drafted: Home
) -> None:
    """After the review the home conforms, and the denial meets the affirmation."""
    decide(review, "reject", "3a")
    decide(
        review, "edit", "3b", polarity="negative", content={"iri": MEDIATED},
        contrasts=[ARTICLE_CLAIM],
    )  # fmt: skip
    for proposal in review.state().proposals:
        if proposal.status == "drafted":
            decide(review, "accept", proposal.claim.removeprefix(CLAIM))
    built = pipeline.build(drafted, drafted.root / "store", reasoned=False)

    assert built.report.conforms
    assert "https://w3id.org/parley/graph/drafts/who-spoke" not in built.summary.graphs
    assert not [f for f in built.findings if f.check.name == "unlinked-disagreement" and f.rows]

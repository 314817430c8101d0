"""Contacts and objectives of a draft are entities, which have what claims cover and no more."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS

from parley.corpus import claims, documents
from parley.corpus.ontology import parse
from parley.drafting import drafts, entities, folders, model
from parley.drafting.framing import Framing
from parley.drafting.review import decisions
from parley.drafting.review.reviews import Review
from parley.drafting.sources import Source
from parley.home import Home, find_home
from parley.namespaces import PL, PLID, PLR

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

TEXT = """The talks of the year

In 1995 Russia and the Taliban met informally in Doha.
Norway mediated between Israel and Egypt in May 1978. China met Iran and Turkey.
Russia did not negotiate with China. The minister
wanted to leave the city. Russia and the Taliban met informally in 1995.
The objectives of Russia are as follows:
1. Freeing the crew.
2. Gaining influence in Kabul.
"""
ABOUT = folders.About(slug="talks", author="Jane Roe", issued="2017-02-23")
ACTOR = PLID["actor/"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a draft of the text."""
    made = drafts.draft(Source("talks.txt", TEXT, "text/plain"))
    return folders.write(made, tmp_path_factory.mktemp("drafted"), about=ABOUT)


@pytest.fixture
def graph(folder: Path) -> Graph:
    """Its claims."""
    return parse(folder / "claims.ttl")


def actors(*names: str) -> set[URIRef]:
    """Return the actors of these names."""
    return {URIRef(f"{ACTOR}{name}") for name in names}


def of(graph: Graph, *names: str) -> URIRef:
    """Return the one contact of these participants."""
    (found,) = [
        node
        for node in graph.subjects(RDF.type, PL.Contact)
        if set(graph.objects(node, PL.hasParticipant)) == actors(*names)
    ]
    return URIRef(str(found))


def test_contact_has_its_sides_time_and_manner(graph: Graph) -> None:
    """What is told twice, of the same sides and the same time, is one contact."""
    met = of(graph, "russia", "taliban")

    (period,) = graph.objects(met, PL.holdsDuring)
    assert str(graph.value(period, PL.edtf)) == "1995"
    assert set(graph.objects(met, PL.formality)) == {PL.informal}
    assert str(graph.value(met, RDFS.label)) == "met: Russia and Taliban, 1995"


def test_mediator_is_no_participant(graph: Graph) -> None:
    """Who is between the sides mediates the contact, by a claim of its own."""
    mediated = of(graph, "israel", "egypt")

    assert set(graph.objects(mediated, PL.hasMediator)) == actors("norway")
    (said,) = graph.subjects(PL.relation, PLR.mediates)
    assert set(graph.objects(said, PL.object)) == {mediated}


def test_contact_that_did_not_take_place_is_denied(graph: Graph) -> None:
    """A denied contact is a negative claim and no occurrence."""
    denied = graph.subjects(PL.polarity, PL.negative)
    contents = {graph.value(claim, PL.content) for claim in denied}

    assert (None, PL.relation, PLR["has-contact-with"]) in graph
    assert any(graph.value(p, PL.relation) == PLR["has-contact-with"] for p in contents)
    assert not any((p, PL.frame, None) in graph for p in contents)


def test_contact_of_one_side_leaves_nobody_behind(tmp_path: Path) -> None:
    """Who is between two camps that nobody names, or who only offers it, is no actor of a claim."""
    text = "Norway shuttled between the two camps. Sweden offered to mediate between them.\n"
    made = drafts.draft(Source("camps.txt", text, "text/plain"))
    graph = parse(folders.write(made, tmp_path, about=ABOUT) / "claims.ttl")
    used = set(graph.objects())

    assert len(made.contacts) >= 1
    assert {s for s in graph.subjects(RDF.type) if str(s).startswith(str(ACTOR))} <= used


def test_objectives_are_held(graph: Graph) -> None:
    """Items of the list and what a person wants are objectives with their holders."""
    found = {
        (str(graph.value(o, RDFS.label)), graph.value(o, PL.holder))
        for o in graph.subjects(RDF.type, PL.Objective)
    }

    russia = URIRef(f"{ACTOR}russia")
    assert {("Freeing the crew", russia), ("Gaining influence in Kabul", russia)} <= found
    assert "to leave the city" in {words for words, _ in found}


def test_rejecting_a_claim_takes_only_its_side(graph: Graph) -> None:
    """Without the claim on Turkey, China and Iran have met; without both, nobody has."""
    met = of(graph, "china", "iran", "turkey")
    first, second = sorted(
        (claim for p in graph.subjects(PL.frame, met) for claim in graph.subjects(PL.content, p)),
        key=str,
    )
    one = decisions.reject(graph, URIRef(str(second)), frozenset())
    none = decisions.reject(one, URIRef(str(first)), frozenset())

    assert len(set(one.objects(met, PL.hasParticipant))) == 2
    assert (met, None, None) not in none


def test_what_only_drafts_say_of_a_reviewed_contact_is_a_draft(graph: Graph) -> None:
    """Accepting one of two claims on a contact does not accept the third participant."""
    met = of(graph, "china", "iran", "turkey")
    claim = min(
        (c for p in graph.subjects(PL.frame, met) for c in graph.subjects(PL.content, p)), key=str
    )
    graph.set((claim, PL.status, PL.reviewed))
    waiting = claims.drafted(graph)

    assert len(set(waiting.objects(met, PL.hasParticipant))) == 1
    assert (met, RDF.type, PL.Contact) not in waiting


@pytest.mark.parametrize(
    ("edtf", "begin", "end"),
    [
        ("1995", "1995-01-01T00:00:00Z", "1995-12-31T23:59:59Z"),
        ("199X", "1990-01-01T00:00:00Z", "1999-12-31T23:59:59Z"),
        ("2016-02", "2016-02-01T00:00:00Z", "2016-02-29T23:59:59Z"),
        ("2017-02-23", "2017-02-23T00:00:00Z", "2017-02-23T23:59:59Z"),
        ("1955/1960", "1955-01-01T00:00:00Z", "1960-12-31T23:59:59Z"),
        ("1955/..", "1955-01-01T00:00:00Z", None),
    ],
)
def test_period_has_its_bounds(folder: Path, edtf: str, begin: str, end: str | None) -> None:
    """A period begins and ends where its name says."""
    graph = Graph()
    period = Framing(graph, documents.read(folder), {}).period(edtf)

    assert period is not None
    assert [str(v) for v in graph.objects(period, PL.beginsAt)] == [begin]
    assert [str(v) for v in graph.objects(period, PL.endsAt)] == ([end] if end else [])


@pytest.mark.parametrize("edtf", ["", "XXXX-09-11", "1979-22", "19XX"])
def test_time_without_bounds_is_no_period(folder: Path, edtf: str) -> None:
    """What has no place in the calendar is left to the words."""
    assert Framing(Graph(), documents.read(folder), {}).period(edtf) is None


def test_period_of_the_home_is_used(folder: Path) -> None:
    """A period that the home names is not made again."""
    graph = Graph()
    known = entities.read(find_home()).periods
    period = Framing(graph, documents.read(folder), known).period("200X")

    assert str(period).endswith("/period/2000s")
    assert len(graph) == 0


@pytest.mark.slow
def test_accepted_entities_conform(folder: Path, tmp_path: Path) -> None:
    """With every claim reviewed, all that the entities have is covered by a claim."""
    from parley.build import pipeline

    real = find_home()
    home = Home(tmp_path / "home")
    for name in ("ontology", "queries"):
        shutil.copytree(getattr(real, name), home.root / name)
    shutil.copytree(folder, home.documents / folder.name)
    review = Review(home, folder.name, "Jane Roe")
    state = review.state()
    for proposal in state.proposals:
        state = review.decide(state.revision, "accept", proposal.claim)

    result = pipeline.build(home, tmp_path / "store", reasoned=False)

    wrong = {finding.check.name for finding in result.findings if finding.rows}
    assert result.report.conforms
    assert not wrong & {"unsourced-triple", "incomplete-frame", "triple-in-two-graphs"}

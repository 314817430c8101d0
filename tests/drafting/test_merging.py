"""Contents shared across documents: proposed, merged, and then agreeing or contradicting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS

from parley.build import pipeline
from parley.cli.draft import draft as draft_command
from parley.cli.merge import merge as merge_command
from parley.corpus.canonical import format_turtle
from parley.corpus.ontology import parse
from parley.drafting import entities, folders, merging, model, propositions, wording
from parley.drafting.actors import gazetteer
from parley.drafting.drafts import draft
from parley.drafting.merging import Merge
from parley.drafting.sources import Source
from parley.engine.store import MemoryStore
from parley.errors import DraftError
from parley.namespaces import PL, PLID, PLR

if TYPE_CHECKING:
    from parley.drafting.propositions import Known
    from parley.home import Home

needs_model = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

TEXT = """Talks in the North

The minister said that Tajikistan did not mediate the contacts between Russia and the “moderate”
Taliban. John Doe thinks that the government in Kabul is weak and ineffective. The harvest of
apples was better than in any year before.
"""
ABOUT = folders.About(slug="third", author="Jane Roe", issued="2026-11-23")
ROOT = Path(__file__).parents[2]
MEDIATES = str(PLID["proposition/tajikistan-mediates-contacts"])
WEAK = str(PLID["proposition/government-in-kabul-is-weak"])
CONTACT = str(PLID["proposition/russia-has-contact-with-taliban-in-1995"])


@pytest.fixture(scope="module")
def known(home: Home) -> Known:
    """What the checkout's documents claim."""
    return propositions.read(home)


def claim_graph(*rows: str) -> Graph:
    """Return a graph of claims a, b, … each with the given content, a proposition in Turtle."""
    head = (
        f"@prefix pl: <{PL}> . @prefix plr: <{PLR}> . @prefix id: <{PLID}> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        "@prefix actor: <https://w3id.org/parley/id/actor/> .\n"
    )
    body = "".join(
        f"<urn:claim:{n}> a pl:Claim ; pl:polarity pl:positive ; pl:status pl:drafted ;"
        f" pl:content <urn:p:{n}> . <urn:p:{n}> a pl:AtomicProposition ; {row} .\n"
        for n, row in enumerate(rows)
    )
    return Graph().parse(data=head + body, format="turtle")


def test_names_and_stems_make_contents_alike(home: Home) -> None:
    """A nation's names are one, endings do not count, common words are left out."""
    names = gazetteer(entities.read(home).affiliations)

    assert wording.tokens("The Russians had been contacting the Taliban", names) == {
        "@russia", "@taliban", "contact",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The talks had failed.", False),
        ("The talks had not failed.", True),
        ("The talks haven’t failed.", True),
        ("Nobody said that no talks had not failed.", False),
        ("the lack of a strategy", True),
    ],
)
def test_wording_that_denies_is_known(text: str, *, denied: bool) -> None:
    """One denying word denies, two do not."""
    assert wording.denies(text) is denied


def test_contents_without_a_common_word_are_not_alike() -> None:
    """Nothing in common is no likeness."""
    weights = wording.weigh([frozenset({"a"}), frozenset({"b"})])

    assert wording.likeness(frozenset({"a"}), frozenset({"b"}), weights) == 0.0


@pytest.mark.parametrize(
    ("row", "score", "reason"),
    [
        ("pl:subject actor:russia ; pl:relation plr:has-contact-with ; pl:object actor:taliban",
         0.9, "one says more"),
        ("pl:subject actor:taliban ; pl:relation plr:has-contact-with ; pl:object actor:russia",
         0.9, "one says more"),
        ("pl:subject actor:kremlin ; pl:relation plr:has-contact-with ; pl:object actor:taliban",
         0.8, "acts for the other"),
    ],
    ids=["same", "turned", "acting"],
)  # fmt: skip
def test_same_parts_are_the_same_content(known: Known, row: str, score: float, reason: str) -> None:
    """Subject, relation and object count, either way round where the relation is symmetric."""
    found = merging.propose(claim_graph(row), known)

    (merge,) = [m for m in found if m.other == CONTACT]
    assert merge.score == score
    assert reason in merge.reason
    assert merge.effect == merging.AGREEMENT


def test_another_relation_is_another_content(known: Known) -> None:
    """The same actors in another relation, or a part of one of them, are not proposed."""
    rows = (
        "pl:subject actor:russia ; pl:relation plr:captures ; pl:object actor:taliban",
        "pl:subject actor:iran ; pl:relation plr:has-contact-with ; pl:object actor:taliban",
    )

    assert merging.propose(claim_graph(*rows), known) == []


def test_words_that_deny_contradict(known: Known) -> None:
    """The same words with a denial are proposed as a contradiction, with the polarity reversed."""
    said = "Tajikistan did not mediate the contacts between Russia and the “moderate” Taliban"
    graph = claim_graph(f'pl:subject actor:iran ; pl:relation plr:states ; pl:value "{said}"')

    (best, *_) = merging.propose(graph, known)
    assert (best.other, best.effect, best.polarity) == (
        MEDIATES, merging.CONTRADICTION, merging.REVERSED,
    )  # fmt: skip
    assert best.documents == "iras-3036"


def test_shared_content_is_named_as_such(known: Known) -> None:
    """A proposition that both documents have needs no merging."""
    graph = Graph().parse(
        data=f"<urn:c> a <{PL.Claim}> ; <{PL.content}> <{MEDIATES}> ; <{PL.polarity}> "
        f"<{PL.negative}> ; <{PL.status}> <{PL.drafted}> .",
        format="turtle",
    )

    (merge,) = merging.propose(graph, known)
    assert merge.is_shared
    assert merge.effect == merging.CONTRADICTION
    merging.apply(graph, merge)
    assert (URIRef("urn:c"), PL.content, URIRef(MEDIATES)) in graph


def test_rejected_claims_are_not_compared(known: Known) -> None:
    """What a person rejected is not proposed for merging."""
    row = "pl:subject actor:russia ; pl:relation plr:has-contact-with ; pl:object actor:taliban"
    graph = claim_graph(row)
    graph.set((URIRef("urn:claim:0"), PL.status, PL.rejected))

    assert merging.propose(graph, known) == []


def test_merging_removes_what_nothing_speaks_of(known: Known) -> None:
    """The proposition goes, an actor of whom only it spoke too; one that another names stays."""
    del known
    graph = claim_graph(
        "pl:subject actor:a ; pl:relation plr:captures ; pl:object actor:b",
        "pl:subject actor:a ; pl:relation plr:releases ; pl:object actor:c",
    )
    for name in "abc":
        graph.add((PLID[f"actor/{name}"], RDF.type, PL.State))
    merge = Merge("urn:p:0", CONTACT, 1.0, merging.AGREEMENT, merging.KEPT, "x", "y", "", "")
    merging.apply(graph, merge)

    assert (None, None, URIRef("urn:p:0")) not in graph
    assert (URIRef("urn:p:0"), None, None) not in graph
    assert set(graph.subjects(RDF.type, PL.State)) == {PLID["actor/a"], PLID["actor/c"]}
    with pytest.raises(DraftError, match="No claim has the proposition"):
        merging.apply(graph, merge)


def test_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Proposals keep every field; none is no file; another table is refused with its line."""
    merge = Merge("urn:a", "urn:b", 0.5, merging.AGREEMENT, merging.KEPT, "d", 'r "x"', "w", "o")
    merging.write(tmp_path, [merge])

    assert merging.read(tmp_path) == [merge]
    merging.write(tmp_path, [])
    assert merging.read(tmp_path) == []
    (tmp_path / merging.FILE).write_text("a\tb\n1\t2\n", encoding="utf-8")
    with pytest.raises(DraftError, match="is not a table of merges"):
        merging.read(tmp_path)


@needs_model
def test_unknown_document_and_number_are_refused(home: Home, tmp_path: Path) -> None:
    """A document that is none and a number that no proposal has are named."""
    made = draft(Source("third.txt", TEXT, "text/plain"))
    folder = folders.write(made, tmp_path, about=ABOUT)
    runner = CliRunner()
    nowhere = runner.invoke(merge_command, ["nowhere", "--home", str(home.root)])
    number = runner.invoke(merge_command, [str(folder), "--home", str(home.root), "--accept", "99"])

    assert isinstance(nowhere.exception, DraftError)
    assert "There is no proposal 99" in str(number.exception)


def query(name: str, store: MemoryStore) -> list[dict[str, str]]:
    """Return the rows of an example query, each IRI without its beginning."""
    text = (ROOT / "queries" / "examples" / f"{name}.rq").read_text(encoding="utf-8")
    return [
        {key: value.value.removeprefix(str(PLID)) for key, value in row.items()}
        for row in store.select(text)
    ]


def review(path: Path) -> None:
    """Decide on the merged claims as a person would; say how a contradiction stands."""
    graph = parse(path)
    merged = [
        claim for claim, content in graph.subject_objects(PL.content)
        if str(content) in {MEDIATES, WEAK}
    ]  # fmt: skip
    for claim in merged:
        graph.set((claim, PL.status, PL.reviewed))
        graph.add((claim, DCTERMS.contributor, URIRef("https://example.org/curator")))
        graph.add((claim, RDFS.label, Literal("a claim that was reviewed", lang="en")))
        if (claim, PL.polarity, PL.negative) in graph:
            graph.add((claim, PL.contrastsWith, PLID["claim/iras-3036/11c"]))
    path.write_text(format_turtle(graph.serialize(format="turtle")), encoding="utf-8")


@pytest.mark.slow
@needs_model
def test_documents_agree_and_contradict_once_merged(editable: Home, tmp_path: Path) -> None:
    """From a new article to the built graph: it agrees with the other documents, and denies.

    The article is drafted into the home, two proposals are accepted and reviewed, and the queries
    of the home find both documents' claims on the two propositions.
    """
    source = tmp_path / "third.txt"
    source.write_text(TEXT, encoding="utf-8")
    runner = CliRunner()
    drafted = runner.invoke(
        draft_command,
        [str(source), "--home", str(editable.root), "--out", str(editable.documents),
         "--slug", "third", "--author", "Jane Roe", "--issued", "2026-11-23"],
        catch_exceptions=False,
    )  # fmt: skip
    folder = editable.documents / "third"
    waiting = [m for m in merging.read(folder) if not m.is_shared]
    numbers = [
        next(f"--accept={n}" for n, m in enumerate(waiting, 1) if m.other == other)
        for other in (MEDIATES, WEAK)
    ]
    merged = runner.invoke(
        merge_command, ["third", "--home", str(editable.root), *numbers], catch_exceptions=False
    )
    text = (folder / "claims.ttl").read_text(encoding="utf-8")
    review(folder / "claims.ttl")
    built = pipeline.build(editable, tmp_path / "store", reasoned=False)
    store = MemoryStore.from_nquads(built.generation.dataset)

    assert "(1 contradiction): parley merge" in drafted.stderr
    assert "2 shared propositions" in merged.output
    assert format_turtle(text) == text
    assert built.report.conforms
    assert ("claim/iras-3036/11c", "claim/third/2a") in {
        (row["claim"], row["counterclaim"]) for row in query("disagreements", store)
    }
    assert ("document/iras-3036", "document/third") in {
        (row["document"], row["otherDocument"]) for row in query("agreements", store)
    }

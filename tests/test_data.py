"""The curated data, read with rdflib alone: quotations, coverage of the text, and good form."""

from __future__ import annotations

import csv
import hashlib
import re
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from parley.corpus import documents

DATA: Final = Path(__file__).parents[1] / "data"
FILES: Final = sorted([*DATA.glob("*.ttl"), *DATA.glob("documents/*/*.ttl")])
FOLDER: Final = DATA / "documents" / "iras-3036"
TABLES: Final = sorted(DATA.glob("links/*.sssom.tsv"))
PL: Final = Namespace("https://w3id.org/parley/ns#")
PLR: Final = Namespace("https://w3id.org/parley/relation/")
PLID: Final = Namespace("https://w3id.org/parley/id/")
ARTICLE: Final = PLID["document/iras-3036"]
CLAIM: Final = str(PLID["claim/iras-3036/"])


@pytest.fixture(scope="module")
def graph() -> Graph:
    """All curated Turtle in one graph."""
    graph = Graph(bind_namespaces="none")
    for path in FILES:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def text() -> str:
    """The article, byte for byte."""
    return (FOLDER / "source.txt").read_bytes().decode("utf-8")


def anchor(graph: Graph, text: str, subject: URIRef) -> list[int]:
    """Return where the quotation of a claim or link starts, once for each place."""
    quote = str(graph.value(subject, PL.quote))
    prefix = str(graph.value(subject, PL.quotePrefix) or "")
    suffix = str(graph.value(subject, PL.quoteSuffix) or "")
    return [
        match.start() + len(prefix)
        for match in re.finditer(f"(?={re.escape(prefix + quote + suffix)})", text)
    ]


def claims(graph: Graph, **values: URIRef) -> set[str]:
    """Return the claims, as sentence and letter, that have all the given values."""
    found = {
        claim
        for claim in graph.subjects(RDF.type, PL.Claim)
        if all((claim, PL[name], value) in graph for name, value in values.items())
    }
    return {str(claim).removeprefix(CLAIM) for claim in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DATA)))
def test_a_file_is_an_ontology_named_after_itself(path: Path) -> None:
    """A file opens in Protégé under the IRI by which others import it."""
    name = str(path.relative_to(DATA)).removesuffix(".ttl")
    file = Graph(bind_namespaces="none").parse(path)

    assert list(file.subjects(RDF.type, OWL.Ontology)) == [
        URIRef(f"https://w3id.org/parley/data/{name}")
    ]
    assert not [node for node in file.all_nodes() if isinstance(node, BNode)]
    assert (None, OWL.sameAs, None) not in file


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DATA)))
def test_no_knowledge_is_in_comments(path: Path) -> None:
    """Editors lose comments; only the headings that the formatter writes may stand."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert {line for line in lines if line.startswith("#")} <= {"# Individuals"}


@pytest.mark.parametrize("folder", [DATA, FOLDER], ids=["data", "iras-3036"])
def test_a_catalog_maps_every_import(folder: Path) -> None:
    """Protégé reads the catalog beside the file it opens, and needs no network."""
    tree = ElementTree.parse(folder / "catalog-v001.xml")  # noqa: S314
    mapped = {node.get("name"): folder / str(node.get("uri")) for node in tree.getroot()}
    imported = {
        str(iri)
        for path in (folder.glob("*.ttl"))
        for iri in Graph(bind_namespaces="none").parse(path).objects(None, OWL.imports)
    }

    assert imported <= set(mapped)
    assert all(path.is_file() for path in mapped.values())


def test_the_source_is_the_one_that_was_curated(graph: Graph) -> None:
    """The digest of the bytes is the one written down."""
    digest = hashlib.sha256((FOLDER / "source.txt").read_bytes()).hexdigest()

    assert list(graph.objects(ARTICLE, PL.textDigest)) == [Literal(f"sha256:{digest}")]


def test_every_quotation_stands_in_the_source_once(graph: Graph, text: str) -> None:
    """Otherwise nobody could say which words make the claim."""
    quoted = set(graph.subjects(PL.quote))
    places = {str(s): anchor(graph, text, URIRef(str(s))) for s in quoted}

    assert {s: found for s, found in places.items() if len(found) != 1} == {}


def test_cues_hedges_and_connectives_are_words_of_the_quotation(graph: Graph) -> None:
    """A reader sees in the quotation what ascribes, weakens or joins."""
    wrong = [
        (str(subject), str(words))
        for prop in (PL.cueText, PL.hedgeText, PL.connectiveText)
        for subject, words in graph.subject_objects(prop)
        if str(words) not in str(graph.value(subject, PL.quote))
    ]

    assert wrong == []


def test_every_sentence_has_a_claim_or_is_named_as_holding_none(graph: Graph, text: str) -> None:
    """The front and end matter and the announcement of the list claim nothing."""
    document = documents.read(FOLDER)
    starts = [sentence.start for sentence in document.sentences]
    covered = set()
    for claim in graph.subjects(RDF.type, PL.Claim):
        (place,) = anchor(graph, text, URIRef(str(claim)))
        covered.add(max(n for n, start in enumerate(starts, 1) if start <= place))
    claimless = {int(str(number)) for number in graph.objects(ARTICLE, PL.claimlessSentence)}

    assert len(document.sentences) == 63
    assert claimless == {1, 2, 3, 4, 24, 60, 61, 62, 63}
    assert covered == set(range(1, 64)) - claimless


def test_a_claim_is_named_after_the_sentence_it_quotes(graph: Graph, text: str) -> None:
    """Sentence and letters, the letters without a gap."""
    starts = [sentence.start for sentence in documents.read(FOLDER).sentences]
    letters: dict[int, list[str]] = {}
    for claim in graph.subjects(RDF.type, PL.Claim):
        (place,) = anchor(graph, text, URIRef(str(claim)))
        sentence = max(n for n, start in enumerate(starts, 1) if start <= place)
        name = str(claim).removeprefix(CLAIM)
        assert name.startswith(str(sentence))
        letters.setdefault(sentence, []).append(name.removeprefix(str(sentence)))

    assert [s for s, found in letters.items() if sorted(found) != _alphabet(len(found))] == []


def _alphabet(count: int) -> list[str]:
    return [chr(ord("a") + n) for n in range(count)]


def test_the_author_speaks_in_his_own_voice_and_nobody_else_does(graph: Graph) -> None:
    """Whoever is not the author is ascribed something: words, an attitude, an intention."""
    author = PLID["actor/alireza-nouri"]

    assert list(graph.objects(ARTICLE, PL.hasAuthor)) == [author]
    assert claims(graph, attributionMode=PL.authorVoice) == claims(graph, claimant=author)


def test_a_claim_that_is_not_certain_shows_its_hedge(graph: Graph) -> None:
    """And a certain one has none."""
    hedged = {str(claim).removeprefix(CLAIM) for claim in graph.subjects(PL.hedgeText)}

    assert hedged == claims(graph, certainty=PL.probable) | claims(graph, certainty=PL.possible)


def test_the_listed_objectives_are_eight_intentions_of_russia(graph: Graph) -> None:
    """Each stands at its rank, in the sentence that lists it."""
    objectives = set(graph.subjects(PL.inList, PLID["list/iras-3036-objectives"]))
    ranks = {int(str(graph.value(o, PL.rank))): o for o in objectives}
    listed = ["25a", "28a", "31a", "34a", "35a", "38a", "41a", "43a"]

    assert sorted(ranks) == list(range(1, 9))
    for rank, name in enumerate(listed, 1):
        content = graph.value(URIRef(CLAIM + name), PL.content)
        assert graph.value(content, PL.relation) == PLR["has-objective"]
        assert graph.value(content, PL.object) == ranks[rank]
        assert name in claims(graph, claimant=PLID["actor/russia"], attributionMode=PL.intention)


def test_unnamed_sources_claim_only_what_the_article_reports_of_them(graph: Graph) -> None:
    """Some Russian analysts in sentences 15 and 16, others in 17, and nobody else."""
    sources = {
        str(source).rpartition("/")[2]: {
            re.match(r"\d+", str(c).removeprefix(CLAIM))[0]  # type: ignore[index]
            for c in graph.subjects(PL.claimant, source)
        }
        for source in graph.subjects(RDF.type, PL.UnnamedSource)
    }

    assert sources == {
        "iras-3036-russian-analysts": {"15", "16"},
        "iras-3036-other-analysts": {"17"},
    }


def test_the_stance_on_the_taliban_is_given_by_decade(graph: Graph) -> None:
    """Negative views, then no difference seen, then differences more visible."""
    attitudes = claims(graph, attributionMode=PL.attitude)
    decades = {
        decade: sorted(attitudes & claims(graph, holdsDuring=PLID[f"period/{decade}"]))
        for decade in ("1990s", "2000s", "2010s")
    }

    assert decades == {
        "1990s": ["6a"],
        "2000s": ["8c", "8d"],
        "2010s": ["9a", "9b", "9c", "9d"],
    }
    assert (URIRef(CLAIM + "9d"), PL.revises, URIRef(CLAIM + "8c")) in graph


def test_actors_and_places_are_named_in_three_languages(graph: Graph) -> None:
    """One label each in English, Russian and Persian."""
    kinds = [path for path in FILES if path.stem in {"actors", "places", "document"}]
    named = Graph(bind_namespaces="none")
    for path in kinds:
        named.parse(path)
    entities = {s for s in named.subjects() if re.search(r"/id/(actor|place)/", str(s))}
    languages = {
        str(s): sorted(getattr(label, "language", "") for label in graph.objects(s, RDFS.label))
        for s in entities
    }

    assert {s: found for s, found in languages.items() if found != ["en", "fa", "ru"]} == {}


def test_every_entity_says_what_it_is_and_where_it_is_mentioned(graph: Graph) -> None:
    """A definition and a document for actors, places, occurrences, objectives and the like."""
    kinds = re.compile(r"/id/(actor|place|occurrence|objective|quality|topic)/")
    entities = {s for s in graph.subjects() if kinds.search(str(s))}
    lacking = {
        str(s)
        for s in entities
        if not (graph.value(s, SKOS.definition) and graph.value(s, DCTERMS.source))
    }

    assert entities
    assert lacking == set()


def test_moderate_and_extremist_are_words_of_the_article(graph: Graph) -> None:
    """In labels these words stand in quotation marks: Parley takes no side."""
    labels = [str(label) for label in graph.objects(None, RDFS.label)]

    assert [s for s in labels if re.search(r"(?<!“)\b(moderate|extremist)\b", s)] == [
        "“other extremist forces” in Afghanistan"
    ]


def test_the_figures_in_the_readme_are_counted(graph: Graph) -> None:
    """data/README.md gives the counts of the first document."""
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    figures = {
        name: len(list(graph.subjects(PL[prop], PL[value])))
        for prop, values in {
            "attributionMode": "authorVoice intention attitude communication",
            "certainty": "certain possible probable unspecified",
            "polarity": "positive negative",
        }.items()
        for value in values.split()
        for name in ["author's voice" if value == "authorVoice" else value]
    }
    claimed = len(set(graph.subjects(RDF.type, PL.Claim)))
    links = len(set(graph.subjects(RDF.type, PL.ArgumentLink)))

    assert f"{claimed} claims on 54 of them" in readme
    assert f"{links} argument links" in readme
    assert [f"{name} {n}" for name, n in figures.items() if f" {name} {n} " not in readme] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_links_are_sorted_and_lead_from_entities_that_exist(graph: Graph, path: Path) -> None:
    """Every subject is declared, by the label it has there."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader([x for x in lines if not x.startswith("#")], delimiter="\t"))
    subjects = [row["subject_id"] for row in rows]

    assert all(a < b for a, b in pairwise(subjects))
    for row in rows:
        entity = PLID[row["subject_id"].replace(":", "/")]
        assert Literal(row["subject_label"], lang="en") in set(graph.objects(entity, RDFS.label))
        assert row["predicate_id"] == "schema:sameAs"

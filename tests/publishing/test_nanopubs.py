"""Nanopublications and RDF 1.2 reifiers say what the master says."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import RDF

from parley.engine.convert import canonical, reified, to_nquads
from parley.engine.rdf import to_rdflib
from parley.engine.results import TRIG
from parley.namespaces import PL, PLID, PLR
from parley.publishing import nanopubs, reifiers

if TYPE_CHECKING:
    from rdflib.term import Node

    from parley.engine.convert import Triple
    from parley.publishing.nanopubs import Nanopub

CLAIMS = 219
CONTENT = "proposition/"
DOCUMENT = "https://w3id.org/parley/graph/document/iras-3036"


@pytest.fixture(scope="module")
def made(nquads: bytes) -> list[Nanopub]:
    """The nanopublications of the built dataset."""
    return nanopubs.make_all(nquads)


def read(nquads: bytes) -> list[tuple[object, object, object, object]]:
    """Return the quads as rdflib reads them, the graph last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = Dataset()
        dataset.parse(data=nquads.decode("utf-8"), format="nquads")
        return list(dataset.quads((None, None, None, None)))


def test_every_reviewed_claim_has_one(made: list[Nanopub], dataset: Graph) -> None:
    """There are as many nanopublications as reviewed claims, each of another claim."""
    reviewed = set(dataset.subjects(PL.status, PL.reviewed)) & set(
        dataset.subjects(RDF.type, PL.Claim)
    )

    assert {URIRef(nanopub.claim) for nanopub in made} == reviewed
    assert len({nanopub.iri for nanopub in made}) == len(made)


def test_the_nanopub_library_computes_the_same_trusty_uris(made: list[Nanopub]) -> None:
    """The hash is the one that the reference library finds in the finished nanopublication."""
    hasher = pytest.importorskip("nanopub.trustyuri.rdf.RdfHasher", reason="needs nanopub")
    for nanopub in made:
        code = nanopub.iri.rpartition("/")[2]
        quads = [(g, s, p, o) for s, p, o, g in read(nanopub.nquads)]

        assert hasher.make_hash(quads, code) == code


def test_the_nanopub_library_finds_them_valid(made: list[Nanopub]) -> None:
    """The reference library reads a nanopublication as one: four graphs, a valid code."""
    library = pytest.importorskip("nanopub", reason="needs nanopub")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = Dataset()
        dataset.parse(data=made[0].to_trig().decode("utf-8"), format="trig")
        found = library.Nanopub(rdf=dataset, conf=library.NanopubConf())

        assert str(found.metadata.np_uri) == made[0].iri
        assert found.is_valid


def test_one_changed_word_changes_the_code(made: list[Nanopub]) -> None:
    """A nanopublication whose text was altered is no longer what its name says."""
    altered = made[0].nquads.replace(b"Taliban", b"taliban")
    quads = [(s, p, o, str(g)) for s, p, o, g in read(altered)]

    assert nanopubs.SPACE + nanopubs.trusty_hash(quads, made[0].iri) != made[0].iri  # type: ignore[arg-type]


def test_assertions_say_what_the_master_says(made: list[Nanopub], graphs: dict[str, Graph]) -> None:
    """All assertions together are the claims, contents and passages of the document graph."""
    said = {
        q[:3] for nanopub in made for q in read(nanopub.nquads) if str(q[3]).endswith("#assertion")
    }
    master = graphs[DOCUMENT]
    claims = set(master.subjects(PL.status, PL.reviewed))
    named = claims | {
        o for c in claims for p in (PL.content, PL.hasEvidence) for o in master.objects(c, p)
    }

    assert said == {triple for triple in master if triple[0] in named}


@pytest.fixture(scope="module")
def read_back(nquads: bytes) -> dict[str, tuple[Triple, ...]]:
    """What each reifier stands for, read back from TriG 1.2."""
    return reified(to_nquads(reifiers.to_trig(nquads), TRIG))


def test_every_reviewed_claim_is_a_reifier(
    read_back: dict[str, tuple[Triple, ...]], made: list[Nanopub]
) -> None:
    """Those of conditions and of several objects too."""
    assert read_back.keys() == {nanopub.claim for nanopub in made}
    assert len(read_back) == CLAIMS


def test_reifiers_hold_what_each_content_says(
    read_back: dict[str, tuple[Triple, ...]], graphs: dict[str, Graph]
) -> None:
    """Nothing more and nothing less than subject, relation and objects, or the condition."""
    master = graphs[DOCUMENT]
    for claim, triples in read_back.items():
        content = master.value(URIRef(claim), PL.content)
        said = dict.fromkeys((PL.object, PL.value, PL.antecedent, PL.consequent))
        parts = {prop: set(master.objects(content, prop)) for prop in said}
        objects = parts[PL.object] or parts[PL.value]
        inner = [(s, p, to_rdflib(o)) for s, p, o in triples]

        assert {o for _, _, o in inner} == objects | parts[PL.antecedent] | parts[PL.consequent]
        if objects:
            subject = str(master.value(content, PL.subject))
            relation = str(master.value(content, PL.relation))
            assert {(s, p) for s, p, _ in inner} == {(subject, relation)}
        else:
            assert all((URIRef(s), URIRef(p), o) in master for s, p, o in inner)
            assert {s for s, _, _ in inner} == {str(content)}


@pytest.mark.parametrize(
    ("claim", "triples"),
    [
        ("5a", [("actor/russia", PLR["has-contact-with"], PLID["actor/taliban"])]),
        ("9b", [("actor/russia", PLR["distinguishes-between"], PLID["actor/afghan-taliban"]),
                ("actor/russia", PLR["distinguishes-between"], PLID["actor/pakistani-taliban"])]),
        ("7b", [("place/samara", PLR["has-quality"], Literal("a city in southern Russia"))]),
        ("7a", [(f"{CONTENT}if-taliban-not-stopped-then-advances-to-samara", PL.antecedent,
                 PLID[f"{CONTENT}taliban-is-not-stopped-in-afghanistan"]),
                (f"{CONTENT}if-taliban-not-stopped-then-advances-to-samara", PL.consequent,
                 PLID[f"{CONTENT}taliban-advances-to-samara"])]),
    ],
)  # fmt: skip
def test_a_reifier_reads_as_the_claim(
    read_back: dict[str, tuple[Triple, ...]], claim: str, triples: list[tuple[str, URIRef, Node]]
) -> None:
    """One object, several, words, a condition."""
    found = [(s, p, to_rdflib(o)) for s, p, o in read_back[str(PLID[f"claim/iras-3036/{claim}"])]]

    assert found == [(str(PLID[s]), str(p), o) for s, p, o in triples]


def test_without_its_reifiers_it_is_the_master(nquads: bytes) -> None:
    """What RDF 1.2 adds is the reifiers and nothing else; nothing claimed is asserted."""
    lines = reifiers.to_nquads(nquads).splitlines(keepends=True)
    plain = b"".join(line for line in lines if b"22-rdf-syntax-ns#reifies>" not in line)

    assert canonical(plain) == canonical(nquads)
    assert len(lines) > len(nquads.splitlines())

"""Under the project's context a claim reads like a record, and says the same as before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pyld import jsonld
from rdflib import Graph, URIRef

from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from parley.home import Home

CLAIM = PLID["claim/iras-3036/5a"]
ADDRESS = "https://w3id.org/parley/context.jsonld"
FRAME = {"@context": ADDRESS, "id": str(CLAIM), "evidence": {"@embed": "@always"}}
RDF_XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def options(home: Home) -> dict[str, Any]:
    """Options of PyLD: only the project's own context can be loaded, from its file."""
    context = json.loads((home.ontology / "context.jsonld").read_text(encoding="utf-8"))

    def load(address: str, _options: object) -> dict[str, Any]:
        assert address == ADDRESS
        return {"contextUrl": None, "documentUrl": address, "document": context}

    return {"documentLoader": load}


@pytest.fixture(scope="module")
def claim(graphs: dict[str, Graph]) -> str:
    """A claim with its passage and its content, as N-Quads without graphs."""
    graph = graphs["https://w3id.org/parley/graph/document/iras-3036"]
    part = Graph()
    chosen = [CLAIM, *graph.objects(CLAIM, PL.hasEvidence), *graph.objects(CLAIM, PL.content)]
    for subject in chosen:
        for triple in graph.triples((subject, None, None)):
            part.add(triple)
    return part.serialize(format="nt")


def test_a_claim_reads_like_a_record(claim: str, options: dict[str, Any]) -> None:
    """Its keys are plain words, facets are plain words, labels are by language."""
    framed = jsonld.frame(jsonld.from_rdf(claim), FRAME, options)
    passage = framed["evidence"]

    assert framed["id"] == "plid:claim/iras-3036/5a"
    assert framed["type"] == "Claim"
    assert framed["polarity"] == "positive"
    assert framed["certainty"] == "certain"
    assert framed["attributionMode"] == "authorVoice"
    assert framed["status"] == "reviewed"
    assert framed["claimant"] == "plid:actor/alireza-nouri"
    assert framed["label"] == {"en": "Russia had its first contacts with the Taliban in 1995"}
    assert passage["exact"] == framed["quote"]
    assert passage["sentence"] == "5"
    assert not [key for key in (*framed, *passage) if ":" in key]


def test_the_record_says_what_the_graph_says(claim: str, options: dict[str, Any]) -> None:
    """Compacted and read back, a claim has the same triples."""
    record = jsonld.compact(jsonld.from_rdf(claim), {"@context": ADDRESS}, options)
    back = jsonld.to_rdf(record, {**options, "format": "application/n-quads"})

    assert sorted(back.splitlines()) == sorted(line for line in claim.splitlines() if line)


def test_every_term_of_the_context_is_declared(home: Home, dataset: Graph) -> None:
    """Each pl: name in the context is a term of the ontology."""
    context = json.loads((home.ontology / "context.jsonld").read_text(encoding="utf-8"))
    entries = [v["@id"] if isinstance(v, dict) else v for v in context["@context"].values()]
    own = {PL[v.removeprefix("pl:")] for v in entries if str(v).startswith("pl:")}

    assert {term for term in own if (URIRef(term), None, None) not in dataset} == set()


def test_the_server_gives_the_context(client: FlaskClient, home: Home) -> None:
    """/context.jsonld is the file, as JSON-LD that any page may load."""
    answer = client.get("/context.jsonld")

    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.data == (home.ontology / "context.jsonld").read_bytes()

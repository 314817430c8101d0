"""A thing's JSON-LD reads like a record, and three libraries read in it what the master says."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from pyld import jsonld
from rdflib import Graph, URIRef

from parley.namespaces import BASE, PLID
from parley.publishing.records import Context, read_context, to_record

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from parley.home import Home

THIS = f"{BASE}id/claim/x/1a"
#: Values that a word of the context must not change: other types, other spellings, other places.
HARD = """
<{0}> <https://w3id.org/parley/ns#startOffset> "05"^^<http://www.w3.org/2001/XMLSchema#integer> ,
    "5"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{0}> <https://w3id.org/parley/ns#endOffset> "7"^^<http://www.w3.org/2001/XMLSchema#byte> .
<{0}> <https://w3id.org/parley/ns#sentenceNumber> "123456789012345678901234567890"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{0}> <https://w3id.org/parley/ns#normative> "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<{0}> <https://w3id.org/parley/ns#quote> "plain" , "tagged"@en .
<{0}> <https://w3id.org/parley/ns#cueText> "true" , "@id" , "plid:x" .
<{0}> <https://w3id.org/parley/ns#claimant> "words" .
<{0}> <https://w3id.org/parley/ns#content> <https://w3id.org/parley/id/> .
<{0}> <https://w3id.org/parley/ns#polarity> <https://w3id.org/parley/ns#subject> .
<{0}> <https://w3id.org/parley/ns#certainty> <http://e/certain> .
<{0}> <https://w3id.org/parley/ns#isAbout> <https://w3id.org/parley/id///x> , <urn:x:y> .
<{0}> <http://www.w3.org/2000/01/rdf-schema#label> "a"@en , "b"@ru , "c"@ru , "no language" .
<{0}> <http://www.w3.org/2004/02/skos/core#altLabel> "\u0627"@fa , "x"@en-GB .
<{0}> <http://purl.org/dc/terms/issued> "2017-02-23"^^<http://www.w3.org/2001/XMLSchema#date> .
<{0}> <http://e/unknown> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> , <{0}> .
<{0}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/parley/ns#Claim> , <http://e/C> .
<http://e/other> <https://w3id.org/parley/ns#supports> <{0}> .
<http://e/other> <http://e/unknown> <{0}> .
""".replace("{0}", THIS)  # noqa: E501


@pytest.fixture(scope="module")
def context(home: Home) -> Context:
    """The project's context."""
    return read_context(home.ontology / "context.jsonld", 0)


def readings(text: str) -> list[Graph]:
    """Read JSON-LD by rdflib, pyoxigraph and PyLD; none may fetch a context."""

    def refuse(url: str, _: object) -> None:
        raise AssertionError(url)

    options = {"format": "application/n-quads", "documentLoader": refuse}
    by_engine = ox.serialize(
        (q.triple for q in ox.parse(text, ox.RdfFormat.JSON_LD)), format=ox.RdfFormat.N_TRIPLES
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return [
            Graph().parse(data=text, format="json-ld"),
            Graph().parse(data=by_engine or b"", format="nt"),
            Graph().parse(data=jsonld.to_rdf(json.loads(text), options), format="nt"),
        ]


def record(client: FlaskClient, path: str) -> dict[str, Any]:
    """Return the JSON-LD of a thing."""
    found: dict[str, Any] = json.loads(client.get(f"{path}.jsonld").text)
    return found


def test_a_claim_is_a_record(client: FlaskClient) -> None:
    """Plain keys at the top, facets as words, labels by language, things by short names."""
    claim = record(client, "/id/claim/iras-3036/5a")

    assert claim["id"] == "plid:claim/iras-3036/5a"
    assert claim["type"] == "Claim"
    assert claim["claimant"] == "plid:actor/alireza-nouri"
    assert (claim["polarity"], claim["certainty"], claim["status"]) == (
        "positive", "certain", "reviewed",
    )  # fmt: skip
    assert claim["label"] == {"en": "Russia had its first contacts with the Taliban in 1995"}
    assert claim["isAbout"] == ["plid:actor/russia", "plid:actor/taliban"]


@pytest.mark.parametrize(
    "path",
    ["claim/iras-3036/5a", "proposition/russia-has-contact-with-taliban-in-1995",
     "passage/iras-3036/167-237", "objective/iras-3036-1", "actor/russia", "period/1995",
     "occurrence/contacts-with-the-taliban", "argument/iras-3036/1", "document/iras-3036"],
)  # fmt: skip
def test_each_kind_of_thing_is_said_in_words(client: FlaskClient, path: str) -> None:
    """The context has one for every property that they have."""
    found = record(client, f"/id/{path}")

    assert [key for key in (*found, *found.get("@reverse", ())) if ":" in key] == []


def test_numbers_are_numbers(client: FlaskClient) -> None:
    """A passage says where it stands as JSON says numbers."""
    passage = record(client, "/id/passage/iras-3036/167-237")

    assert (passage["sentence"], passage["start"], passage["end"]) == (5, 167, 237)


def test_the_context_is_within_and_holds_what_is_used(client: FlaskClient, home: Home) -> None:
    """Each entry is that of the project's context."""
    whole = json.loads((home.ontology / "context.jsonld").read_bytes())["@context"]
    own = record(client, "/id/claim/iras-3036/5a")["@context"]

    assert own.items() <= whole.items()
    assert len(own) < len(whole)


def test_everything_reads_back_as_it_was(dataset: Graph, context: Context) -> None:
    """One thing of each ten, read by three libraries."""
    things = sorted(
        {s for s in dataset.subjects() if isinstance(s, URIRef) and s.startswith(str(PLID))}
    )[::10]
    for this in things:
        said = Graph()
        for triple in (*dataset.triples((this, None, None)), *dataset.triples((None, None, this))):
            said.add(triple)
        body = to_record(said.serialize(format="nt").encode(), str(this), context)

        assert body is not None
        assert all(set(found) == set(said) for found in readings(body.decode()))
    assert len(things) > 80


def test_no_word_changes_a_value(context: Context) -> None:
    """What a word of the context would read otherwise is written out."""
    said = Graph().parse(data=HARD, format="turtle")
    nt = ox.serialize(ox.parse(HARD, ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    body = to_record(nt or b"", THIS, context)

    assert body is not None
    assert [set(found) for found in readings(body.decode())] == [set(said)] * 3
    assert json.loads(body)["@reverse"]["supports"] == [{"id": "http://e/other"}]


@pytest.mark.parametrize(
    "line",
    [f"<{THIS}> <http://e/p> _:b .", f"<pl:x> <http://e/p> <{THIS}> .",
     f"<{THIS}> <http://e/p> <<( <http://e/s> <http://e/p> <http://e/o> )>> ."],
)  # fmt: skip
def test_what_cannot_be_a_record_is_none(context: Context, line: str) -> None:
    """Blank nodes, triple terms, and IRIs that look shortened."""
    assert to_record(f"{line}\n".encode(), THIS, context) is None


def test_it_is_the_same_each_time(context: Context) -> None:
    """Whatever the order of the triples."""
    nt = ox.serialize(ox.parse(HARD, ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
    turned = b"".join(reversed(nt.splitlines(keepends=True)))

    assert to_record(nt, THIS, context) == to_record(turned, THIS, context)


def test_a_term_is_shortened_by_the_longest_prefix(context: Context) -> None:
    """And not where the rest would be read as another address."""
    assert context.shorten(f"{BASE}relation/mediates") == "plr:mediates"
    assert context.shorten("http://e/x") == "http://e/x"
    assert context.shorten(str(URIRef(f"{BASE}id///x"))) == f"{BASE}id///x"

"""Checks of FOOPS! that need a running server, on ours: it stands where the ontology's IRI leads.

FOOPS! (https://w3id.org/foops/) has 24 tests of FAIR ontologies; six of them ask the web for what
the ontology's file alone cannot show. The w3id.org redirect is played by the base address.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.compare import isomorphic

from parley.corpus import ontology

from . import html

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from parley.home import Home

BASE = "https://w3id.org/parley"
ONTOLOGY = f"{BASE}/ns"
PARSERS = {
    "application/rdf+xml": "xml",
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
}
#: What OWLAPI sends, and so Protégé when it opens an address or follows an import.
OWLAPI = (
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
)


def resolve(client: FlaskClient, iri: str, accept: str) -> TestResponse:
    """Fetch an IRI as if the redirect led here, and follow where it leads."""
    path = iri.removeprefix(BASE).partition("#")[0]
    return client.get(path, headers={"Accept": accept}, follow_redirects=True)


def read(answer: TestResponse) -> Graph:
    """Read an answer by what it says it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = PARSERS[str(answer.mimetype)]
        return Graph().parse(data=answer.get_data(as_text=True), format=parser)


def header(graph: Graph) -> URIRef:
    """Return the one ontology of a graph."""
    (found,) = graph.subjects(RDF.type, OWL.Ontology)
    assert isinstance(found, URIRef)
    return found


def test_uri1_the_ontology_iri_resolves(client: FlaskClient) -> None:
    """URI1: the IRI found within the ontology leads to RDF."""
    named = header(read(resolve(client, ONTOLOGY, "text/turtle")))
    answer = resolve(client, str(named), ", ".join(PARSERS))

    assert answer.status_code == 200
    assert len(read(answer)) > 1_000


@pytest.mark.parametrize("accept", [*PARSERS, OWLAPI])
def test_uri2_the_ontology_is_called_as_its_address(client: FlaskClient, accept: str) -> None:
    """URI2: what stands at the IRI is one ontology, and that is its IRI."""
    assert header(read(resolve(client, ONTOLOGY, accept))) == URIRef(ONTOLOGY)


def test_ver2_the_version_iri_resolves(client: FlaskClient) -> None:
    """VER2: to the version that names it, and to no other."""
    graph = read(resolve(client, ONTOLOGY, "text/turtle"))
    version = graph.value(URIRef(ONTOLOGY), OWL.versionIRI)
    answer = resolve(client, str(version), "text/turtle")

    assert answer.status_code == 200
    assert isomorphic(read(answer), graph)
    assert resolve(client, f"{ONTOLOGY}/0.0.0", "text/turtle").status_code == 404


@pytest.mark.parametrize("media_type", PARSERS)
def test_cn1_rdf_is_negotiated(client: FlaskClient, media_type: str) -> None:
    """CN1: by Accept, in each serialisation that FOOPS! knows."""
    answer = resolve(client, ONTOLOGY, media_type)

    assert answer.status_code == 200
    assert answer.mimetype == media_type


def test_rdf1_the_rdf_is_what_people_edit(client: FlaskClient, home: Home) -> None:
    """RDF1: the ontology is there as RDF; in each serialisation it is the file of the home."""
    edited = ontology.parse(home.ontology / "parley.ttl")

    assert all(
        len(read(resolve(client, ONTOLOGY, media_type))) == len(edited) for media_type in PARSERS
    )
    assert isomorphic(read(resolve(client, ONTOLOGY, "application/n-triples")), edited)


def test_doc1_the_ontology_is_documented_for_people(client: FlaskClient) -> None:
    """DOC1: by the same IRI there is HTML, in which every term has its anchor."""
    answer = resolve(client, ONTOLOGY, "text/html")
    page = html.read(answer.text)
    anchors = {e.attributes["id"] for e in page.all() if "id" in e.attributes}
    graph = read(resolve(client, ONTOLOGY, "text/turtle"))
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    terms = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    own = {str(t).removeprefix(f"{ONTOLOGY}#") for t in terms if str(t).startswith(f"{ONTOLOGY}#")}

    assert answer.mimetype == "text/html"
    assert own <= anchors


def test_every_import_resolves_to_its_ontology(client: FlaskClient) -> None:
    """A reader that starts at the union of all and follows imports finds one ontology at each."""
    graph = read(resolve(client, f"{BASE}/all", OWLAPI))
    imports = sorted(map(str, graph.objects(URIRef(f"{BASE}/all"), OWL.imports)))
    found = [str(header(read(resolve(client, iri, OWLAPI)))) for iri in imports]

    assert len(imports) > 10
    assert found == imports


@pytest.mark.parametrize("iri", ["data/actors", "data/documents/iras-3036/claims", "shapes/claims"])
def test_data_and_shapes_resolve_to_their_documents(client: FlaskClient, iri: str) -> None:
    """So that Protégé can open the claims from here, with all they import."""
    assert header(read(resolve(client, f"{BASE}/{iri}", OWLAPI))) == URIRef(f"{BASE}/{iri}")


def test_the_shapes_are_there_as_one(client: FlaskClient) -> None:
    """At the namespace in which a validation report names them; a page shows what they bind."""
    graph = read(resolve(client, f"{BASE}/shapes#ClaimBasis", "text/turtle"))

    assert (URIRef(f"{BASE}/shapes#ClaimBasis"), None, None) in graph
    assert resolve(client, f"{BASE}/shapes", "text/html").mimetype == "text/html"

"""Describe the dataset in VoID and DCAT 3: what it counts, where it is, under which licence.

See https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/. The licence of the data
and the rights in the articles quoted are two statements on two things.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, XSD, Namespace

from parley.corpus.canonical import format_turtle
from parley.engine.convert import serialise, tally
from parley.engine.results import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE
from parley.namespaces import BASE, DCAT_NS, GRAPH, PL, VOID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.engine.convert import Tally

#: The dataset itself, whichever server shows it.
DATASET: Final = URIRef(f"{BASE}dataset")
LICENCE: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
AUTHORS: Final = URIRef(f"{BASE}authors")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPES: Final = {"nq": N_QUADS, "trig": TRIG, "ttl": TURTLE, "jsonld": JSON_LD}
TITLE: Final = "Parley: attributed claims of analysis articles"
_DESCRIPTION: Final = (
    "Who claims what about whom, in whose words: every claim of the articles with its claimant, "
    "its mode, certainty and polarity, and the passage that makes it."
)
_RIGHTS: Final = (
    "The licence covers the ontology and the curated data. The articles belong to their "
    "publishers and authors; they are quoted, and are not under this licence."
)


def describe(
    nquads: bytes, *, base_url: str = "", version: str = "", files: Mapping[str, bytes]
) -> Graph:
    """Return the description of a dataset.

    Args:
        nquads: The dataset.
        base_url: Where the files, and with one the endpoint, are found.
        version: The id of the generation.
        files: The dumps by their path below the address.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    counts = tally(nquads)
    address = base_url.rstrip("/") or BASE.rstrip("/")
    graph = Graph(bind_namespaces="none")
    _add_header(graph, version)
    _add_counts(graph, DATASET, counts.pop(""), partitions=True)
    for name, counted in counts.items():
        part = URIRef(name)
        graph.add((DATASET, VOID.subset, part))
        graph.add((part, RDF.type, VOID.Dataset))
        _add_counts(graph, part, counted, partitions=False)
    in_links = f" <{GRAPH.links}> .".encode()
    _add_linksets(graph, _read(line for line in _lines(nquads) if line.rstrip().endswith(in_links)))
    rights = f" <{DCTERMS.rights}> ".encode()
    _add_rights(graph, _read(line for line in _lines(nquads) if rights in line))
    for path, body in files.items():
        _add_distribution(graph, f"{address}/{path}", body)
    if base_url:
        _add_service(graph, address)
    return graph


def to_turtle(graph: Graph) -> bytes:
    """Return a description as canonical Turtle."""
    return format_turtle(graph.serialize(format="nt")).encode("utf-8")


def _add_header(graph: Graph, version: str) -> None:
    for cls in (VOID.Dataset, DCAT_NS.Dataset):
        graph.add((DATASET, RDF.type, cls))
    graph.add((DATASET, DCTERMS.title, Literal(TITLE, lang="en")))
    graph.add((DATASET, DCTERMS.description, Literal(_DESCRIPTION, lang="en")))
    graph.add((DATASET, DCTERMS.creator, AUTHORS))
    graph.add((DATASET, DCTERMS.publisher, AUTHORS))
    graph.add((DATASET, DCTERMS.license, LICENCE))
    statement = BNode()
    graph.add((DATASET, DCTERMS.rights, statement))
    graph.add((statement, RDF.type, DCTERMS.RightsStatement))
    graph.add((statement, DCTERMS.description, Literal(_RIGHTS, lang="en")))
    graph.add((DATASET, VOID.uriSpace, Literal(f"{BASE}id/")))
    graph.add((DATASET, VOID.exampleResource, URIRef(f"{BASE}id/actor/russia")))
    graph.add((DATASET, VOID.vocabulary, URIRef(str(PL))))
    for word in ("claims", "attribution", "knowledge graph"):
        graph.add((DATASET, DCAT_NS.keyword, Literal(word, lang="en")))
    graph.add((DATASET, FOAF.homepage, URIRef(BASE)))
    if version:
        graph.add((DATASET, DCAT_NS.version, Literal(version)))
        graph.add((DATASET, OWL.versionInfo, Literal(version)))


def _add_counts(graph: Graph, dataset: URIRef, counted: Tally, *, partitions: bool) -> None:
    numbers = {
        VOID.triples: counted.triples,
        VOID.distinctSubjects: counted.subjects,
        VOID.distinctObjects: counted.objects,
        VOID.classes: len(counted.classes),
        VOID.properties: len(counted.properties),
    }
    for prop, number in numbers.items():
        graph.add((dataset, prop, _number(number)))
    if not partitions:
        return
    for cls, entities in counted.classes.items():
        part = _add_partition(graph, VOID.classPartition)
        graph.add((part, VOID["class"], URIRef(cls)))
        graph.add((part, VOID.entities, _number(entities)))
    for prop_iri, triples in counted.properties.items():
        part = _add_partition(graph, VOID.propertyPartition)
        graph.add((part, VOID.property, URIRef(prop_iri)))
        graph.add((part, VOID.triples, _number(triples)))


def _add_partition(graph: Graph, prop: URIRef) -> BNode:
    part = BNode()
    graph.add((DATASET, prop, part))
    return part


def _add_linksets(graph: Graph, links: Graph) -> None:
    """Describe the links by what they say and the dataset they lead to."""
    outward = [(p, o) for _, p, o in links if isinstance(o, URIRef) and not o.startswith(BASE)]
    kinds = Counter((p, urlsplit(o).netloc) for p, o in outward)
    for (predicate, host), triples in sorted(kinds.items()):
        name = f"{str(predicate).rpartition('/')[2].rpartition('#')[2]}-{host}"
        linkset, target = URIRef(f"{BASE}linkset/{name}"), URIRef(f"https://{host}/")
        graph.add((DATASET, VOID.subset, linkset))
        graph.add((linkset, RDF.type, VOID.Linkset))
        graph.add((linkset, VOID.subjectsTarget, DATASET))
        graph.add((linkset, VOID.objectsTarget, target))
        graph.add((target, RDF.type, VOID.Dataset))
        graph.add((linkset, VOID.linkPredicate, predicate))
        graph.add((linkset, VOID.triples, _number(triples)))


def _add_rights(graph: Graph, rights: Graph) -> None:
    """Name each article as a source with rights of its own."""
    for document, text in rights.subject_objects(DCTERMS.rights):
        if str(document).startswith(f"{BASE}id/document/"):
            graph.add((DATASET, DCTERMS.source, document))
            graph.add((document, DCTERMS.rights, text))


def _add_distribution(graph: Graph, address: str, body: bytes) -> None:
    access = URIRef(address)
    plain, packed = address.removesuffix(".gz"), address.endswith(".gz")
    media_type = _MEDIA_TYPES[plain.rpartition(".")[2]]
    graph.add((DATASET, VOID.dataDump, access))
    graph.add((DATASET, DCAT_NS.distribution, access))
    graph.add((access, RDF.type, DCAT_NS.Distribution))
    graph.add((access, DCTERMS.title, Literal(address.rpartition("/")[2])))
    graph.add((access, DCAT_NS.accessURL, access))
    graph.add((access, DCAT_NS.downloadURL, access))
    graph.add((access, DCAT_NS.mediaType, URIRef(_IANA + media_type)))
    if packed:
        graph.add((access, DCAT_NS.compressFormat, URIRef(f"{_IANA}application/gzip")))
    graph.add((access, DCAT_NS.byteSize, _number(len(body), XSD.nonNegativeInteger)))
    graph.add((access, DCTERMS.license, LICENCE))
    checksum = BNode()
    graph.add((access, SPDX.checksum, checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    value = Literal(hashlib.sha256(body).hexdigest(), datatype=XSD.hexBinary)
    graph.add((checksum, SPDX.checksumValue, value))


def _add_service(graph: Graph, address: str) -> None:
    endpoint = URIRef(f"{address}/sparql")
    service = BNode()
    graph.add((DATASET, VOID.sparqlEndpoint, endpoint))
    graph.add((service, RDF.type, DCAT_NS.DataService))
    graph.add((service, DCTERMS.title, Literal("SPARQL 1.1 endpoint", lang="en")))
    graph.add((service, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    graph.add((service, DCAT_NS.endpointDescription, URIRef(f"{address}/openapi.json")))
    graph.add((service, DCAT_NS.endpointURL, endpoint))
    graph.add((service, DCAT_NS.servesDataset, DATASET))


def _lines(nquads: bytes) -> list[bytes]:
    return nquads.splitlines(keepends=True)


def _read(lines: Iterable[bytes]) -> Graph:
    """Read lines of N-Quads as one graph."""
    return Graph(bind_namespaces="none").parse(
        data=serialise(b"".join(lines), N_TRIPLES, {}), format="ntriples"
    )


def _number(number: int, datatype: URIRef = XSD.integer) -> Literal:
    return Literal(str(number), datatype=datatype)

"""Nanopublications: each reviewed claim as assertion, provenance and publication info.

Each has a Trusty URI of the module RA, which is a digest of its own content
(https://trustyuri.net/, https://nanopub.net/guidelines/working_draft/).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD

from parley.engine.convert import serialise, to_nquads
from parley.engine.results import N_TRIPLES, TRIG
from parley.namespaces import BASE, GRAPH, PL, PREFIXES
from parley.publishing.void import AUTHORS, LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

NP: Final = Namespace("http://www.nanopub.org/nschema#")
#: Address under which nanopublications are named.
SPACE: Final = f"{BASE}np/"
_PARTS: Final = ("Head", "assertion", "provenance", "pubinfo")
_DOCUMENT: Final = str(GRAPH["document/"])

Quad = tuple["Node", "Node", "Node", str]


@dataclass(frozen=True, slots=True)
class Nanopub:
    """One claim as a nanopublication: its IRI, the claim, and N-Quads."""

    iri: str
    claim: str
    nquads: bytes

    def to_trig(self) -> bytes:
        """Return it as TriG."""
        names = {**PREFIXES, "np": str(NP), "this": f"{self.iri}#"}
        return serialise(self.nquads, TRIG, names)


def make_all(nquads: bytes) -> list[Nanopub]:
    """Return a nanopublication of each reviewed claim of a dataset, in the order of the claims.

    The assertion holds every triple that the documents state of the claim, its content and its
    passages; those are what an assertion of this claim is. Derived triples are left out.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    graph = _read_documents(nquads)
    claims = sorted(str(claim) for claim in graph.subjects(PL.status, PL.reviewed))
    return [_make(graph, URIRef(claim)) for claim in claims if _is_claim(graph, claim)]


def trusty_hash(quads: list[Quad], name: str) -> str:
    """Return the artifact code of quads in which the nanopublication is called by ``name``.

    A blank stands for the code within IRIs; quads are sorted by graph, subject, predicate and
    object, one term on a line.
    """
    lines = sorted({tuple(_normal(term, name) for term in (q[3], *q[:3])) for q in quads})
    text = "".join("".join(line) for line in lines)
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "RA" + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _read_documents(nquads: bytes) -> Graph:
    mark = f" <{_DOCUMENT}".encode()
    lines = [line for line in nquads.splitlines(keepends=True) if mark in line[-200:]]
    graph = Graph(bind_namespaces="none")
    graph.parse(data=serialise(b"".join(lines), N_TRIPLES, {}), format="ntriples")
    return graph


def _is_claim(graph: Graph, iri: str) -> bool:
    return (URIRef(iri), RDF.type, PL.Claim) in graph


def _make(graph: Graph, claim: URIRef) -> Nanopub:
    temporary = f"{SPACE}TEMPORARY"
    quads = list(_quads(graph, claim, temporary))
    iri = SPACE + trusty_hash(quads, temporary)
    parts: dict[str, Graph] = {}
    for s, p, o, part in quads:
        renamed = (_rename(s, temporary, iri), p, _rename(o, temporary, iri))
        name = part.replace(temporary, iri)
        parts.setdefault(name, Graph(bind_namespaces="none")).add(renamed)
    body = b"".join(
        to_nquads(part.serialize(format="nt").encode(), N_TRIPLES, graph=name)
        for name, part in parts.items()
    )
    return Nanopub(iri, str(claim), b"".join(sorted(body.splitlines(keepends=True))))


def _quads(graph: Graph, claim: URIRef, name: str) -> Iterator[Quad]:
    head, assertion, provenance, pubinfo = (f"{name}#{part}" for part in _PARTS)
    this = URIRef(name)
    yield this, RDF.type, NP.Nanopublication, head
    yield this, NP.hasAssertion, URIRef(assertion), head
    yield this, NP.hasProvenance, URIRef(provenance), head
    yield this, NP.hasPublicationInfo, URIRef(pubinfo), head
    passages = list(graph.objects(claim, PL.hasEvidence))
    for subject in (claim, *graph.objects(claim, PL.content), *passages):
        for s, p, o in graph.triples((subject, None, None)):
            yield s, p, o, assertion
    said = URIRef(assertion)
    for claimant in graph.objects(claim, PL.claimant):
        yield said, PROV.wasAttributedTo, claimant, provenance
    for passage in passages:
        yield said, PROV.wasQuotedFrom, passage, provenance
        for document in graph.objects(passage, PL.passageOf):
            yield said, PROV.hadPrimarySource, document, provenance
    for activity in graph.objects(claim, PROV.wasGeneratedBy):
        yield said, PROV.wasGeneratedBy, activity, provenance
        for time in graph.objects(activity, PROV.endedAtTime):
            yield this, DCTERMS.created, Literal(str(time), datatype=XSD.dateTime), pubinfo
    yield this, DCTERMS.creator, AUTHORS, pubinfo
    yield this, DCTERMS.license, LICENCE, pubinfo
    yield this, NP.hasNanopubType, PL.Claim, pubinfo


def _normal(term: Node | str, name: str) -> str:
    """Return a term as the digest takes it, ended by a line break."""
    if isinstance(term, Literal):
        text = str(term).replace("\\", "\\\\").replace("\n", "\\n")
        if term.language:
            return f"@{term.language.lower()} {text}\n"
        return f"^{term.datatype or XSD.string} {text}\n"
    iri = str(term)
    if iri == name or iri.startswith(f"{name}#"):
        iri = f"{SPACE} {iri[len(name) :]}"
    return f"{iri}\n"


def _rename(term: Node, old: str, new: str) -> Node:
    if isinstance(term, URIRef) and term.startswith(old):
        return URIRef(new + term[len(old) :])
    return term

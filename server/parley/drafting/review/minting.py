"""Entities and propositions that a decision names: found where they are, else made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, XSD

from parley.drafting.review import catalogue
from parley.drafting.review.catalogue import MAKEABLE
from parley.errors import ReviewError, TermError
from parley.namespaces import PL, PLID
from parley.terms import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from parley.corpus.documents import Document
    from parley.drafting.review.catalogue import Catalogue
    from parley.drafting.review.changes import Content, Pick

_READABLE: Final = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """What a decision is taken on and with: the document, its author, what can be picked, by whom.

    ``at`` is the time in UTC as xsd:dateTime has it; ``taken`` are names of claims once used.
    """

    document: Document
    author: Node
    known: Catalogue
    curator: str
    at: str
    taken: frozenset[str] = frozenset()


def pick(graph: Graph, desk: Desk, wanted: Pick) -> URIRef:
    """Return the entity picked, made when it is new."""
    if wanted.iri:
        return _found(graph, desk, URIRef(wanted.iri))
    assert wanted.cls is not None  # noqa: S101 - a pick has one or the other
    try:
        slug = slugify(wanted.label)
    except TermError as error:
        raise ReviewError(f"{wanted.label!r} has no letters to make a name of.") from error
    if wanted.cls in {PL.UnnamedSource, PL.Objective}:
        slug = f"{desk.document.slug}-{slug}"
    iri = URIRef(f"{PLID}{MAKEABLE[wanted.cls]}/{slug}")
    if desk.known.thing(str(iri)) is not None or (iri, RDF.type, None) in graph:
        return _found(graph, desk, iri)
    return _described(graph, desk, iri, (wanted.cls,), wanted.label)


def content(graph: Graph, desk: Desk, wanted: Content) -> URIRef:
    """Return the proposition of these parts: one that is there if any document has it."""
    if wanted.iri:
        known = any(p.iri == wanted.iri for p in desk.known.propositions)
        if not known and (URIRef(wanted.iri), RDF.type, None) not in graph:
            raise ReviewError("The proposition is not there any more: pick its parts.")
        return URIRef(wanted.iri)
    if not any(r.iri == wanted.relation for r in desk.known.relations):
        raise ReviewError("The relation is no relation type of the ontology.")
    assert wanted.subject is not None  # noqa: S101 - parts have a subject
    said: list[tuple[URIRef, URIRef | Literal]] = [
        (PL.subject, pick(graph, desk, wanted.subject)),
        (PL.relation, URIRef(wanted.relation)),
        *((PL.object, pick(graph, desk, item)) for item in wanted.objects),
    ]
    if wanted.value:
        said.append((PL.value, Literal(wanted.value, datatype=XSD.string)))
    parts = tuple(sorted((p.removeprefix(str(PL)), str(value)) for p, value in said))
    return _same(graph, desk, parts) or _minted(graph, desk, said, parts)


def label_of(graph: Graph, desk: Desk, name: str) -> str:
    """Return what an IRI is called in the file or the home; words are their own label."""
    own = graph.value(URIRef(name), RDFS.label, any=True) if name.startswith("https://") else None
    return str(own or desk.known.labels.get(name, name))


def _found(graph: Graph, desk: Desk, iri: URIRef) -> URIRef:
    """Return an entity that is there; what only another document describes is described here too.

    So this document does not depend on what becomes of a draft of that one.
    """
    if (iri, RDF.type, None) in graph:
        return iri
    thing = desk.known.thing(str(iri))
    if thing is None:
        raise ReviewError(f"There is no entity {iri.rpartition('/id/')[2]}.")
    if not thing.shared:
        _described(graph, desk, iri, map(URIRef, thing.classes), thing.label)
    return iri


def _described(
    graph: Graph, desk: Desk, iri: URIRef, classes: Iterable[URIRef], label: str
) -> URIRef:
    for cls in classes:
        graph.add((iri, RDF.type, cls))
    graph.add((iri, RDFS.label, Literal(label, lang="en")))
    graph.add((iri, DCTERMS.source, URIRef(desk.document.iri)))
    return iri


def _same(graph: Graph, desk: Desk, parts: tuple[tuple[str, str], ...]) -> URIRef | None:
    for node in sorted(set(graph.subjects(RDF.type, PL.AtomicProposition)), key=str):
        if catalogue.parts_of(graph, node) == parts:
            return URIRef(str(node))
    return next((URIRef(p.iri) for p in desk.known.propositions if p.parts == parts), None)


def _minted(
    graph: Graph,
    desk: Desk,
    said: Iterable[tuple[URIRef, URIRef | Literal]],
    parts: tuple[tuple[str, str], ...],
) -> URIRef:
    pairs = list(said)
    named = [str(value) for _, value in pairs]
    names = [label_of(graph, desk, name) for name in named]
    slug = slugify(" ".join(n.rpartition("/")[2] for n in named))[:_READABLE].strip("-")
    iri = URIRef(f"{PLID}proposition/{slug}")
    if (iri, None, None) in graph or iri in desk.known.elsewhere:
        iri = URIRef(f"{iri}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}")
    graph.add((iri, RDF.type, PL.AtomicProposition))
    graph.add((iri, RDFS.label, Literal(" ".join(" ".join(names).split())[:200], lang="en")))
    for prop, value in pairs:
        graph.add((iri, prop, value))
    return iri

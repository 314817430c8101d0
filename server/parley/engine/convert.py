"""A dataset as N-Quads in other formats, and counted: what dumps and their description need."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from parley.engine.results import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from parley.engine.settled import is_draft
from parley.engine.store import from_term, to_term
from parley.engine.types import Term
from parley.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FORMATS: Final = {
    JSON_LD: ox.RdfFormat.JSON_LD,
    N_QUADS: ox.RdfFormat.N_QUADS,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RDF_XML: ox.RdfFormat.RDF_XML,
    TRIG: ox.RdfFormat.TRIG,
    TURTLE: ox.RdfFormat.TURTLE,
}
#: Formats that know prefixes.
_SHORTENED: Final = (JSON_LD, RDF_XML, TRIG, TURTLE)
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = f"{_RDF}type"
_REIFIES: Final = ox.NamedNode(f"{_RDF}reifies")


#: A triple without a library: subject and predicate are IRIs.
Triple = tuple[str, str, Term]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a set of triples holds: each distinct thing counted once."""

    triples: int
    subjects: int
    objects: int
    #: Instances of each class, by its IRI.
    classes: Mapping[str, int]
    #: Triples of each property, by its IRI.
    properties: Mapping[str, int]


def serialise(nquads: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return a dataset in another format; Turtle and N-Triples hold its graphs but the drafts.

    Subjects and graphs come in order, so the same dataset gives the same bytes.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    quads = sorted(_parse(nquads), key=_order)
    target = _FORMATS[media_type]
    names = dict(prefixes) if media_type in _SHORTENED else None
    if target.supports_datasets:
        return ox.serialize(quads, format=target, prefixes=names) or b""
    settled = (quad for quad in quads if not is_draft(quad.graph_name))
    triples = dict.fromkeys(quad.triple for quad in settled)
    return ox.serialize(triples, format=target, prefixes=names) or b""


def to_nquads(body: bytes, media_type: str, *, graph: str | None = None) -> bytes:
    """Return a body in any format as sorted N-Quads, its triples in a graph when one is given.

    Raises:
        StoreError: The body does not parse.
    """
    name = ox.NamedNode(graph) if graph else None
    quads = _parse(body, media_type)
    if name is not None:
        quads = (ox.Quad(q.subject, q.predicate, q.object, name) for q in quads)
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(set(lines)))


def table_to_nquads(body: bytes, *, graph: str) -> bytes:
    """Return a result in JSON with the variables s, p and o as sorted N-Quads of a graph.

    Raises:
        StoreError: It is no such result.
    """
    name = ox.NamedNode(graph)
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        rows: Iterable[ox.QuerySolution] = () if isinstance(found, ox.QueryBoolean) else found
        quads = [ox.Quad(row["s"], row["p"], row["o"], name) for row in rows]
    except (SyntaxError, TypeError, KeyError) as error:
        raise StoreError(f"The result does not hold triples: {error}.") from error
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(set(lines)))


def canonical(nquads: bytes) -> bytes:
    """Return N-Quads in which blank nodes have names of their position: equal when isomorphic.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    dataset = ox.Dataset(_parse(nquads))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


def fold(nquads: bytes) -> bytes:
    """Return a dataset as a store keeps it: equal numbers of derived types become one integer.

    ``"5"^^xsd:nonNegativeInteger`` becomes ``"5"^^xsd:integer``. Two datasets that went through
    different stores are compared in this form.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    store = ox.Store()
    store.extend(_parse(nquads))
    lines = (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


def digest(nquads: bytes) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(nquads)).hexdigest()


def tally(nquads: bytes) -> dict[str, Tally]:
    """Count what each named graph holds, by its IRI; all but drafts together under ``""``.

    The whole is what a query reads that names no graph.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    quads = list(_parse(nquads))
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    counted = {name: _tally(graphs[name]) for name in sorted(graphs)}
    settled = dict.fromkeys(quad.triple for quad in quads if not is_draft(quad.graph_name))
    return {"": _tally(settled), **counted}


def reify(nquads: bytes, reifiers: Mapping[str, Iterable[Triple]]) -> bytes:
    """Add to a dataset that each reifier stands for its triples; return N-Quads 1.2.

    The new triples stand in the default graph: saying what a reifier stands for asserts nothing
    (https://www.w3.org/TR/rdf12-concepts/#section-reifying-triples).
    """
    more = [
        ox.Quad(ox.NamedNode(name), _REIFIES, _triple_term(triple))
        for name, triples in sorted(reifiers.items())
        for triple in sorted(triples)
    ]
    quads = [*_parse(nquads), *more]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def reified(nquads: bytes) -> dict[str, tuple[Triple, ...]]:
    """Return which triples each reifier of a dataset stands for, in order."""
    found: dict[str, list[Triple]] = {}
    for quad in _parse(nquads):
        if quad.predicate == _REIFIES and isinstance(quad.object, ox.Triple):
            s, p, o = quad.object.subject, quad.object.predicate, quad.object.object
            found.setdefault(_text(quad.subject), []).append((_text(s), p.value, to_term(o)))
    return {name: tuple(sorted(triples)) for name, triples in found.items()}


def _triple_term(triple: Triple) -> ox.Triple:
    s, p, o = triple
    return ox.Triple(ox.NamedNode(s), ox.NamedNode(p), from_term(o))


def _parse(body: bytes, media_type: str = N_QUADS) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(input=body, format=_FORMATS[media_type])
    except SyntaxError as error:
        raise StoreError(f"The RDF does not parse: {error}.") from error


def _order(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)


def _tally(triples: Iterable[ox.Triple]) -> Tally:
    found = list(triples)
    instances: dict[str, set[str]] = {}
    for triple in found:
        if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
            instances.setdefault(triple.object.value, set()).add(str(triple.subject))
    return Tally(
        triples=len(found),
        subjects=len({triple.subject for triple in found}),
        objects=len({triple.object for triple in found}),
        classes={cls: len(instances[cls]) for cls in sorted(instances)},
        properties=dict(sorted(Counter(triple.predicate.value for triple in found).items())),
    )


def _text(term: object) -> str:
    return str(getattr(term, "value", term))

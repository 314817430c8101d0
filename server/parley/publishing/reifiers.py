"""RDF 1.2: each certain claim as a reifier of the triple that it claims, in TriG 1.2.

The reifier is the claim itself: ``claim rdf:reifies <<( subject property object )>>``. A triple
that stands between the brackets is named, not asserted.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import Graph

from parley.engine.convert import reify, serialise
from parley.engine.results import N_TRIPLES, TRIG
from parley.namespaces import PL, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

Triple = tuple[str, str, str]


def claimed_triples(nquads: bytes) -> dict[str, Triple]:
    """Return the one triple that a claim's proposition stands for, by claim.

    It is (subject, relation type, object) of each reviewed claim whose content has one subject,
    one relation and one object. The relation type stands as the predicate, so polarity, certainty
    and attribution stay with the claim, where they are in the master.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    graph = Graph(bind_namespaces="none")
    graph.parse(data=serialise(_claim_lines(nquads), N_TRIPLES, {}), format="ntriples")
    parts: Mapping[str, dict[str, list[str]]] = defaultdict(dict)
    for prop in (PL.subject, PL.relation, PL.object):
        for proposition, term in graph.subject_objects(prop):
            parts[str(proposition)].setdefault(str(prop), []).append(str(term))
    found = {}
    for claim, content in graph.subject_objects(PL.content):
        values = [parts[str(content)].get(str(p), []) for p in (PL.subject, PL.relation, PL.object)]
        reviewed = (claim, PL.status, PL.reviewed) in graph
        if reviewed and all(len(terms) == 1 for terms in values):
            found[str(claim)] = (values[0][0], values[1][0], values[2][0])
    return found


def to_nquads(nquads: bytes) -> bytes:
    """Return the dataset with its reifiers, as N-Quads 1.2.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    return reify(nquads, claimed_triples(nquads))


def to_trig(nquads: bytes) -> bytes:
    """Return the dataset with its reifiers, as TriG 1.2.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    return serialise(to_nquads(nquads), TRIG, PREFIXES)


def _claim_lines(nquads: bytes) -> bytes:
    wanted = [
        f"<{prop}>".encode() for prop in (PL.subject, PL.relation, PL.object, PL.content, PL.status)
    ]
    lines = nquads.splitlines(keepends=True)
    return b"".join(line for line in lines if line.split(b" ", 2)[1] in wanted)

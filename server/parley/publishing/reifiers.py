"""RDF 1.2: each reviewed claim as a reifier of the triples that it claims, in TriG 1.2.

The reifier is the claim itself: ``claim rdf:reifies <<( subject relation object )>>``, one for each
object. A triple that stands between the brackets is named, not asserted; polarity, certainty and
attribution stay with the claim, where they are in the master.

- The relation type stands as the predicate.
- Words that need no entity (``pl:value``) are the object where there is no other.
- A condition has neither subject nor relation. Its claim reifies what the condition is made of,
  ``<<( condition pl:antecedent … )>>`` and ``<<( condition pl:consequent … )>>``: as triples on the
  condition they are true of it, whereas an antecedent has no consequent of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Graph

from parley.engine.convert import reify, serialise
from parley.engine.rdf import from_rdflib
from parley.engine.results import N_TRIPLES, TRIG
from parley.namespaces import PL, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from parley.engine.convert import Triple

_CONDITION: Final = (PL.antecedent, PL.consequent)
_READ: Final = (PL.subject, PL.relation, PL.object, PL.value, PL.content, PL.status, *_CONDITION)


def claimed_triples(nquads: bytes) -> dict[str, tuple[Triple, ...]]:
    """Return the triples that the proposition of each reviewed claim stands for, by claim.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    graph = Graph(bind_namespaces="none")
    graph.parse(data=serialise(_claim_lines(nquads), N_TRIPLES, {}), format="ntriples")
    return {
        str(claim): tuple(sorted(_triples(graph, content)))
        for claim, content in graph.subject_objects(PL.content)
        if (claim, PL.status, PL.reviewed) in graph
    }


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


def _triples(graph: Graph, proposition: Node) -> Iterator[Triple]:
    for prop in _CONDITION:
        for part in graph.objects(proposition, prop):
            yield str(proposition), str(prop), from_rdflib(part)
    said = list(graph.objects(proposition, PL.object)) or graph.objects(proposition, PL.value)
    for term in said:
        for subject in graph.objects(proposition, PL.subject):
            for relation in graph.objects(proposition, PL.relation):
                yield str(subject), str(relation), from_rdflib(term)


def _claim_lines(nquads: bytes) -> bytes:
    wanted = [f"<{prop}>".encode() for prop in _READ]
    lines = nquads.splitlines(keepends=True)
    return b"".join(line for line in lines if line.split(b" ", 2)[1] in wanted)

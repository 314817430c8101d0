"""The gate of a writable endpoint: data that violates the shapes is not let in.

What is judged is what a build judges: all graphs but those that assert nothing about the world. The
store keeps numbers by their value, ``"5"^^xsd:nonNegativeInteger`` as ``"5"^^xsd:integer``; they
are judged as the types that the ranges of their properties name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDFS, XSD, Graph, Literal, URIRef

from parley.build import shapes
from parley.engine.rdf import to_rdflib
from parley.engine.store import MemoryStore
from parley.errors import WriteRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib.term import Node

    from parley.home import Home

_UNNAMED: Final = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED: Final = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
#: The store keeps an integer of more digits as it was written.
_MOST_DIGITS: Final = 20
#: Types the store folds into xsd:integer, with the least and the greatest value of each.
_INTEGERS: Final[dict[URIRef, tuple[float, float]]] = {
    XSD.nonNegativeInteger: (0, float("inf")),
    XSD.positiveInteger: (1, float("inf")),
    XSD.nonPositiveInteger: (float("-inf"), 0),
    XSD.negativeInteger: (float("-inf"), -1),
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-(2**7), 2**7 - 1),
    XSD.unsignedLong: (0, 2**64 - 1),
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 2**8 - 1),
}


def make_gate(home: Home) -> Callable[[bytes], None]:
    """Return what judges a dataset, in N-Quads, by the shapes of a home."""

    def judge(nquads: bytes) -> None:
        report = shapes.validate(read_judged(nquads), home)
        if report.conforms:
            return
        raise WriteRefusedError(
            f"The data would violate the shapes {report.count('Violation')} times.",
            results=tuple(shapes.in_words(report, {})),
            report=shapes.to_turtle(report),
        )

    return judge


def read_judged(nquads: bytes) -> Graph:
    """Return what a build would validate of a dataset, numbers as their properties have them.

    Triples that hold triple terms are left out: SHACL says nothing of them.
    """
    from parley.build.pipeline import APART

    store = MemoryStore.from_nquads(nquads)
    rows = store.select(_UNNAMED, union_default_graph=False)
    rows += store.select(_NAMED, union_default_graph=False)
    graph = Graph(bind_namespaces="none")
    for row in rows:
        s, p, o = row["s"], row["p"], row["o"]
        is_apart = "g" in row and row["g"].value.startswith(APART)
        if not is_apart and "triple" not in {s.kind, o.kind}:
            graph.add((to_rdflib(s), to_rdflib(p), to_rdflib(o)))
    for property_, datatype in graph.subject_objects(RDFS.range):
        if datatype in _INTEGERS:
            _retype(graph, property_, URIRef(str(datatype)))
    return graph


def _retype(graph: Graph, property_: Node, datatype: URIRef) -> None:
    least, greatest = _INTEGERS[datatype]
    for subject, number in list(graph.subject_objects(property_)):
        if not isinstance(number, Literal) or number.datatype != XSD.integer:
            continue
        if len(number) <= _MOST_DIGITS and least <= int(number) <= greatest:
            graph.remove((subject, property_, number))
            graph.add((subject, property_, Literal(str(number), datatype=datatype)))

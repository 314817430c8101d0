"""The gate of a writable endpoint: data that violates the shapes is not let in.

What is judged is what a build judges: all graphs but those that assert nothing about the world, and
numbers as the store keeps them: a derived type, ``"5"^^xsd:nonNegativeInteger``, has become the
``xsd:integer`` that the shapes want.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Graph

from parley.build import shapes
from parley.engine.rdf import to_rdflib
from parley.engine.store import MemoryStore
from parley.errors import WriteRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.home import Home

_UNNAMED: Final = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED: Final = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"


def make_gate(home: Home) -> Callable[[bytes], None]:
    """Return what judges a dataset, in N-Quads, by the shapes of a home."""

    def judge(nquads: bytes) -> None:
        report = shapes.validate(read_judged(nquads), home)
        if report.conforms:
            return
        count = report.count("Violation")
        raise WriteRefusedError(
            f"The data would violate the shapes {'once' if count == 1 else f'{count} times'}.",
            results=tuple(shapes.in_words(report, {})),
            report=shapes.to_turtle(report),
        )

    return judge


def read_judged(nquads: bytes) -> Graph:
    """Return what a build would validate of a dataset.

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
    return graph

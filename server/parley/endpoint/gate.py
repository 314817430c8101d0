"""The gate of a writable endpoint: data that violates the shapes is not let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph

from parley.build import shapes
from parley.engine.store import MemoryStore
from parley.errors import WriteRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.home import Home


def make_gate(home: Home) -> Callable[[bytes], None]:
    """Return what judges a dataset, in N-Quads, by the shapes of a home."""

    def judge(nquads: bytes) -> None:
        report = shapes.validate(_union(nquads), home)
        if report.conforms:
            return
        raise WriteRefusedError(
            f"The data would violate the shapes {report.count('Violation')} times.",
            results=tuple(shapes.in_words(report, {})),
            report=shapes.to_turtle(report),
        )

    return judge


def _union(nquads: bytes) -> Graph:
    """Return the triples of all graphs of a dataset."""
    store = MemoryStore.from_nquads(nquads)
    return Graph().parse(data=store.construct("CONSTRUCT WHERE { ?s ?p ?o }"), format="nt")

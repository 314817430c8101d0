"""Derive triples by the rules in queries/rules/, in the order of their file names.

A rule's header names its target: ``inferred``, or ``view`` for the graph of one document, whose
IRI then stands for ``?document``. A rule with ``**Fixpoint:** yes`` is run until it adds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Graph

from parley.build.assemble import INFERRED, Dataset, to_nquads, to_ntriples, view_graph
from parley.corpus import queries
from parley.engine.store import MemoryStore
from parley.engine.types import Term
from parley.errors import Place, QueryFileError, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.corpus.documents import Document
    from parley.corpus.queries import Query
    from parley.home import Home

TARGETS: Final = ("inferred", "view")
#: Rounds after which a rule that still adds triples is held to be endless.
MAX_ROUNDS: Final = 50


def derive(dataset: Dataset, home: Home, documents: Iterable[Document]) -> dict[str, int]:
    """Run the rules of a home on a dataset; return how many triples each one added.

    Drafts are not looked at. A rule sees what the rules before it derived; what any graph holds
    already is not derived again.

    Raises:
        QueryFileError: A rule does not parse, has no target, or never comes to an end.
    """
    slugs = {document.slug: document.iri for document in documents}
    store = MemoryStore.from_nquads(to_nquads(_settled(dataset)))
    added = {}
    for rule in queries.load(home, "rules"):
        added[rule.name] = sum(
            _run(rule, dataset, store, name, values) for name, values in _targets(rule, slugs)
        )
    return added


def _settled(dataset: Dataset) -> Dataset:
    drafts = view_graph("").replace("view/", "drafts/")
    return Dataset({n: g for n, g in dataset.graphs.items() if not n.startswith(drafts)})


def _targets(rule: Query, slugs: dict[str, str]) -> list[tuple[str, dict[str, Term]]]:
    target = rule.field("target")
    if target not in TARGETS:
        raise QueryFileError(
            f"{rule.path.name} has the target {target!r}.",
            remedy=f"Write '# **Target:** {' or '.join(TARGETS)}'.",
            place=Place(str(rule.path)),
        )
    if target == "inferred":
        return [(INFERRED, {})]
    return [(view_graph(slug), {"document": Term("iri", iri)}) for slug, iri in slugs.items()]


def _run(
    rule: Query, dataset: Dataset, store: MemoryStore, name: str, values: dict[str, Term]
) -> int:
    repeats = rule.field("fixpoint").lower() == "yes"
    total = 0
    for _ in range(MAX_ROUNDS if repeats else 1):
        added = _apply(rule, dataset, store, name, values)
        total += added
        if not added:
            return total
    if repeats:
        raise QueryFileError(
            f"{rule.path.name} still adds triples after {MAX_ROUNDS} rounds.",
            place=Place(str(rule.path)),
        )
    return total


def _apply(
    rule: Query, dataset: Dataset, store: MemoryStore, name: str, values: dict[str, Term]
) -> int:
    try:
        derived = store.construct(rule.text, values)
    except QuerySyntaxError as error:
        raise QueryFileError(
            f"{rule.path.name}: {error.message}", place=Place(str(rule.path))
        ) from error
    graph = Graph(bind_namespaces="none").parse(data=derived, format="nt")
    new = Graph(bind_namespaces="none")
    for triple in graph:
        if not any(triple in other for other in dataset.graphs.values()):
            new.add(triple)
    dataset.add(name, new)
    store.load(to_ntriples(new), graph_iri=name)
    return len(new)

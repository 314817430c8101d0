"""Prove that two graphs are the same but for blank node labels and OWL's unordered lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rdflib import BNode, URIRef
from rdflib.namespace import RDF

from parley.corpus.canonical.order import UNORDERED_LISTS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

#: What a blank node says to the number that stands for it, for both graphs.
_Numbers = dict["Hashable", int]


def same_graph(first: Graph, second: Graph) -> bool:
    """Say whether two graphs without circles of blank nodes are isomorphic.

    Each blank node gets a number for all that it says, from the innermost outwards; equal
    numbers are equal trees. A node that several statements point at is told apart by the
    named subjects among them also. Linear in the size of the graphs.
    """
    numbers: _Numbers = {}
    return _describe(first, numbers) == _describe(second, numbers)


def _describe(graph: Graph, numbers: _Numbers) -> Counter[Hashable]:
    """Return the statements of named subjects and the numbers of blank nodes that begin one."""
    pointed_at: Counter[Node] = Counter(o for o in graph.objects() if isinstance(o, BNode))
    value: dict[Node, int] = {}
    for node in _innermost_first(graph, pointed_at):
        says = Counter((p, _value(p, o, graph, value)) for p, o in graph.predicate_objects(node))
        pointers: frozenset[Any] = frozenset()
        if pointed_at[node] > 1:
            pairs = graph.subject_predicates(node)
            pointers = frozenset((s, p) for s, p in pairs if isinstance(s, URIRef))
        key = (frozenset(says.items()), pointers)
        value[node] = numbers.setdefault(key, len(numbers))
    found: Counter[Hashable] = Counter(
        (s, p, _value(p, o, graph, value)) for s, p, o in graph if isinstance(s, URIRef)
    )
    found.update(number for node, number in value.items() if pointed_at[node] != 1)
    return found


def _innermost_first(graph: Graph, pointed_at: Counter[Node]) -> Iterator[Node]:
    nodes = {s for s in graph.subjects() if isinstance(s, BNode)} | pointed_at.keys()
    waiting = {node: sum(isinstance(o, BNode) for o in graph.objects(node)) for node in nodes}
    free = [node for node, count in waiting.items() if not count]
    for node in free:
        yield node
        for s in graph.subjects(None, node):
            if s in waiting:
                waiting[s] -= 1
                if not waiting[s]:
                    free.append(s)


def _value(p: Node, o: Node, graph: Graph, value: dict[Node, int]) -> Hashable:
    if not isinstance(o, BNode):
        return o
    if p not in UNORDERED_LISTS:
        return value[o]
    members: Counter[Any] = Counter()
    node: Node | None = o
    while isinstance(node, BNode):
        members.update(
            (q, _value(q, member, graph, value))
            for q, member in graph.predicate_objects(node)
            if q != RDF.rest
        )
        node = graph.value(node, RDF.rest)
    return frozenset(members.items()), node

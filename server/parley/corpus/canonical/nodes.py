"""Survey the blank nodes of a graph: which nest, which are lists, which need a label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import BNode, URIRef
from rdflib.namespace import RDF

from parley.errors import FormatError, Place

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Nodes:
    """The blank nodes of a graph, by the way they are written."""

    #: First node of each list that can be written in parentheses, with its members.
    lists: dict[Node, list[Node]]
    #: Nodes that several statements point at, as an annotated axiom and its annotation do.
    shared: frozenset[Node]
    #: Nodes that begin a block: those nothing points at, and the shared ones.
    roots: frozenset[Node]


def survey(graph: Graph, source: str) -> Nodes:
    """Sort the blank nodes of a graph.

    Raises:
        FormatError: Some of them form a circle.
    """
    pointed_at: Counter[Node] = Counter(o for o in graph.objects() if isinstance(o, BNode))
    nodes: set[Node] = {s for s in graph.subjects() if isinstance(s, BNode)} | pointed_at.keys()
    _refuse_circles(graph, nodes, source)
    shared = frozenset(node for node in nodes if pointed_at[node] > 1)
    roots = shared | {node for node in nodes if not pointed_at[node]}
    return Nodes(_find_lists(graph, shared), shared, roots)


def _find_lists(graph: Graph, shared: frozenset[Node]) -> dict[Node, list[Node]]:
    """Return the members of each well-formed list by the list's first node."""
    cells: set[Node] = {
        s
        for s in graph.subjects(RDF.rest)
        if isinstance(s, BNode) and s not in shared and _is_cell(graph, s)
    }
    inner = {graph.value(cell, RDF.rest) for cell in cells}
    lists = {}
    for head in cells - inner:
        node = head
        members: list[Node] = []
        while node in cells:
            members.append(_only(graph, node, RDF.first))
            node = _only(graph, node, RDF.rest)
        if node == RDF.nil and _is_pointed_at(graph, head):
            lists[head] = members
    return lists


def _is_cell(graph: Graph, node: Node) -> bool:
    return sorted(str(p) for p in graph.predicates(node)) == [str(RDF.first), str(RDF.rest)]


def _is_pointed_at(graph: Graph, node: Node) -> bool:
    return next(graph.subjects(None, node), None) is not None


def _only(graph: Graph, node: Node, predicate: URIRef) -> Node:
    return next(graph.objects(node, predicate))


def _refuse_circles(graph: Graph, nodes: set[Node], source: str) -> None:
    """Take away, again and again, nodes that no other blank node points at."""
    waiting = Counter(o for s, o in graph.subject_objects() if s in nodes and o in nodes)
    free = [node for node in nodes if not waiting[node]]
    for node in free:
        for o in graph.objects(node):
            if o in nodes:
                waiting[o] -= 1
                if not waiting[o]:
                    free.append(o)
    if len(free) < len(nodes):
        raise FormatError(
            f"{len(nodes) - len(free)} blank nodes form a circle, or hang on one.",
            remedy="Give one of them an IRI.",
            place=Place(source),
        )

"""A network drawn as columns that read from left to right, like a sentence.

Nodes stand in the column of their kind; within a column they are ordered by the barycentre of
their neighbours (Sugiyama's heuristic), which keeps crossings few and the result the same on
every run. An edge that passes a column goes through a gap of its own, not through boxes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from parley.web.pictures import svg, words

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Mapping, Sequence

WIDTH: Final = 1180.0
HEAD: Final = 36.0
SIZE: Final = 13.0
PADDING: Final = 8.0
GAP: Final = 12.0
SWEEPS: Final = 6
#: What stands in a column for the edges that pass it by.
GATE: Final = "gate"
GATE_HEIGHT: Final = 14.0
#: How far a line between boxes of one column swings out of it.
SWING: Final = 60.0


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a column: its key (an IRI), label, address, and kind (a class for colour)."""

    key: str
    label: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, with the words it stands for and its own address.

    ``words`` are written on the line where there is room for them.
    """

    source: str
    target: str
    label: str
    href: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the nodes below it."""

    title: str
    nodes: tuple[Node, ...]


def draw(
    columns: Sequence[Column], edges: Sequence[Edge], *, title: str, name: str = "network"
) -> str:
    """Draw columns of nodes and the edges between them; edges to absent nodes are left out."""
    columns = [column for column in columns if column.nodes]
    edges = _turn_forward(columns, edges)
    ordered = _order(_add_gates(columns, edges), edges)
    boxes = _layout(ordered)
    bottom = max((box.y + box.height for box in boxes.values()), default=HEAD)
    places = {node.key: n for n, column in enumerate(ordered) for node in column.nodes}
    root = svg.picture(
        WIDTH,
        bottom + GAP,
        title=title,
        description="Columns read from left to right; every box and line links to its claims. "
        "The same as a table follows.",
        name=name,
    )
    lines = svg.add(root, "g", "edges")
    room = words.Room(boxes.values())
    for edge in edges:
        if edge.source in boxes and edge.target in boxes:
            gates = [
                boxes[key]
                for n in range(places[edge.source] + 1, places[edge.target])
                if (key := _gate(edge.source, n)) in boxes
            ]
            curves = _curves([boxes[edge.source], *gates, boxes[edge.target]])
            _draw_edge(lines, edge, curves)
            room.add(edge.words, curves[-1])
    room.write(root)
    for column in ordered:
        x = boxes[column.nodes[0].key].x
        svg.text(root, [column.title], x, HEAD - 16, css="lane", size=SIZE)
        for node in column.nodes:
            if node.kind != GATE:
                _draw_node(root, node, boxes[node.key])
    return svg.to_string(root)


def _turn_forward(columns: Sequence[Column], edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges with their ends in the order of the columns, as lines are drawn."""
    places = {node.key: n for n, column in enumerate(columns) for node in column.nodes}
    return [
        replace(edge, source=edge.target, target=edge.source)
        if places.get(edge.source, 0) > places.get(edge.target, 0)
        else edge
        for edge in edges
    ]


def _gate(source: str, column: int) -> str:
    return f"{GATE} {column} {source}"


def _add_gates(columns: Sequence[Column], edges: Sequence[Edge]) -> list[Column]:
    """Keep a gap free in each column that edges pass by: one for all edges of one source."""
    places = {node.key: n for n, column in enumerate(columns) for node in column.nodes}
    gates: dict[int, dict[str, Node]] = {}
    for edge in edges:
        if edge.source in places and edge.target in places:
            for n in range(places[edge.source] + 1, places[edge.target]):
                key = _gate(edge.source, n)
                gates.setdefault(n, {})[key] = Node(key, "", "", GATE)
    return [
        Column(column.title, (*column.nodes, *gates.get(n, {}).values()))
        for n, column in enumerate(columns)
    ]


def _order(columns: list[Column], edges: Sequence[Edge]) -> list[Column]:
    """Sort each column by the mean position of its neighbours, sweeping to and fro."""
    neighbours: dict[str, set[str]] = {n.key: set() for c in columns for n in c.nodes}
    for edge in edges:
        if edge.source in neighbours and edge.target in neighbours:
            passed = [_gate(edge.source, n) for n in range(len(columns))]
            way = [edge.source, *(key for key in passed if key in neighbours), edge.target]
            for one, other in pairwise(way):
                neighbours[one].add(other)
                neighbours[other].add(one)
    ordered = list(columns)
    for sweep in range(SWEEPS):
        sequence = range(len(ordered)) if sweep % 2 == 0 else range(len(ordered) - 1, -1, -1)
        for index in sequence:
            places = _positions(ordered)
            nodes = sorted(
                ordered[index].nodes, key=lambda n: _barycentre(n.key, neighbours, places)
            )
            ordered[index] = Column(ordered[index].title, tuple(nodes))
    return ordered


def _positions(columns: Sequence[Column]) -> dict[str, float]:
    return {
        node.key: (place + 0.5) / len(column.nodes)
        for column in columns
        for place, node in enumerate(column.nodes)
    }


def _barycentre(
    key: str, neighbours: Mapping[str, set[str]], places: Mapping[str, float]
) -> tuple[float, str]:
    near = [places[other] for other in sorted(neighbours[key])]
    return (sum(near) / len(near) if near else places[key], key)


def _layout(columns: Sequence[Column]) -> dict[str, svg.Box]:
    count = max(len(columns), 1)
    pitch = WIDTH / count
    width = min(pitch * 0.72, 250.0)
    step = (WIDTH - 4 - width) / max(count - 1, 1)
    heights = [[_height(node, width) for node in column.nodes] for column in columns]
    tallest = max((sum(h) + GAP * (len(h) - 1) for h in heights), default=0.0)
    boxes: dict[str, svg.Box] = {}
    for index, (column, sizes) in enumerate(zip(columns, heights, strict=True)):
        free = tallest - sum(sizes)
        gap = min(free / max(len(sizes), 1), GAP * 5)
        y = HEAD + (tallest - sum(sizes) - gap * (len(sizes) - 1)) / 2
        for node, height in zip(column.nodes, sizes, strict=True):
            boxes[node.key] = svg.Box(2 + index * step, y, width, height)
            y += height + gap
    return boxes


def _height(node: Node, width: float) -> float:
    if node.kind == GATE:
        return GATE_HEIGHT
    rows = len(svg.wrap(node.label, width - 2 * PADDING, SIZE))
    return rows * SIZE * svg.LINE_HEIGHT + 2 * PADDING


def _curves(way: Sequence[svg.Box]) -> list[list[tuple[float, float]]]:
    """Return the cubic Bézier curves from box to box.

    Between boxes of one column a curve swings out beside it: to the right, in the last column to
    the left.
    """
    return [_swing(a, b) if a.x == b.x else _cross(a, b) for a, b in pairwise(way)]


def _cross(one: svg.Box, other: svg.Box) -> list[tuple[float, float]]:
    half = (one.right + other.x) / 2
    return [
        (one.right, one.middle),
        (half, one.middle),
        (half, other.middle),
        (other.x, other.middle),
    ]


def _swing(one: svg.Box, other: svg.Box) -> list[tuple[float, float]]:
    outside = one.right + SWING
    x, out = (one.right, outside) if outside < WIDTH else (one.x, one.x - SWING)
    return [(x, one.middle), (out, one.middle), (out, other.middle), (x, other.middle)]


def _draw_edge(
    parent: ET.Element, edge: Edge, curves: Sequence[Sequence[tuple[float, float]]]
) -> None:
    """Draw a line along its curves, straight through the gates between them."""
    d = "M {} {}".format(*map(svg.number, curves[0][0]))
    for curve in curves:
        if curve is not curves[0]:
            d += f" H {svg.number(curve[0][0])}"
        d += " C {} {} {} {} {} {}".format(*(svg.number(n) for point in curve[1:] for n in point))
    anchor = svg.link(parent, edge.href, label=edge.label, css="edge")
    svg.add(anchor, "path", "hit", d=d)
    svg.add(anchor, "path", "line", d=d)


def _draw_node(parent: ET.Element, node: Node, box: svg.Box) -> None:
    anchor = svg.link(parent, node.href, label=node.label, css=f"node {node.kind}")
    svg.add(anchor, "rect", "mark", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
    rows = svg.wrap(node.label, box.width - 2 * PADDING, SIZE)
    svg.text(anchor, rows, box.x + PADDING, box.y + PADDING + SIZE * 0.9, size=SIZE)

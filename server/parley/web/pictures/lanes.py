"""A network drawn as columns that read from left to right, like a sentence.

Nodes stand in the column of their kind; within a column they are ordered by the barycentre of
their neighbours (Sugiyama's heuristic), which keeps crossings few and the result the same on
every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.web.pictures import svg

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Mapping, Sequence

WIDTH: Final = 1180.0
HEAD: Final = 36.0
SIZE: Final = 13.0
PADDING: Final = 8.0
GAP: Final = 12.0
SWEEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a column: its key (an IRI), label, address, and kind (a class for colour)."""

    key: str
    label: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, with the words it stands for and its own address."""

    source: str
    target: str
    label: str
    href: str = ""


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
    ordered = _order(columns, edges)
    boxes = _layout(ordered)
    bottom = max((box.y + box.height for box in boxes.values()), default=HEAD)
    root = svg.picture(
        WIDTH,
        bottom + GAP,
        title=title,
        description="Columns read from left to right; every box and line links to its claims. "
        "The same as a table follows.",
        name=name,
    )
    lines = svg.add(root, "g", "edges")
    for edge in edges:
        if edge.source in boxes and edge.target in boxes:
            _draw_edge(lines, edge, boxes[edge.source], boxes[edge.target])
    for column in ordered:
        x = boxes[column.nodes[0].key].x
        svg.text(root, [column.title], x, HEAD - 16, css="lane", size=SIZE)
        for node in column.nodes:
            _draw_node(root, node, boxes[node.key])
    return svg.to_string(root)


def _order(columns: list[Column], edges: Sequence[Edge]) -> list[Column]:
    """Sort each column by the mean position of its neighbours, sweeping to and fro."""
    neighbours: dict[str, set[str]] = {n.key: set() for c in columns for n in c.nodes}
    for edge in edges:
        if edge.source in neighbours and edge.target in neighbours:
            neighbours[edge.source].add(edge.target)
            neighbours[edge.target].add(edge.source)
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
    step = (WIDTH - width) / max(count - 1, 1)
    heights = [[_height(node, width) for node in column.nodes] for column in columns]
    tallest = max((sum(h) + GAP * (len(h) - 1) for h in heights), default=0.0)
    boxes: dict[str, svg.Box] = {}
    for index, (column, sizes) in enumerate(zip(columns, heights, strict=True)):
        free = tallest - sum(sizes)
        gap = min(free / max(len(sizes), 1), GAP * 5)
        y = HEAD + (tallest - sum(sizes) - gap * (len(sizes) - 1)) / 2
        for node, height in zip(column.nodes, sizes, strict=True):
            boxes[node.key] = svg.Box(index * step, y, width, height)
            y += height + gap
    return boxes


def _height(node: Node, width: float) -> float:
    rows = len(svg.wrap(node.label, width - 2 * PADDING, SIZE, lines=3))
    return rows * SIZE * svg.LINE_HEIGHT + 2 * PADDING


def _draw_edge(parent: ET.Element, edge: Edge, source: svg.Box, target: svg.Box) -> None:
    if source.x > target.x:
        source, target = target, source
    same = source.x == target.x
    x1, y1 = source.right, source.middle
    x2, y2 = (target.right if same else target.x), target.middle
    bend = 60.0 if same else (x2 - x1) / 2
    end = x2 + bend if same else x2 - bend
    points = (x1, y1, x1 + bend, y1, end, y2, x2, y2)
    d = "M {} {} C {} {} {} {} {} {}".format(*(svg.number(p) for p in points))
    anchor = svg.link(parent, edge.href, label=edge.label, css="edge")
    svg.add(anchor, "path", "hit", d=d)
    svg.add(anchor, "path", "line", d=d)


def _draw_node(parent: ET.Element, node: Node, box: svg.Box) -> None:
    anchor = svg.link(parent, node.href, label=node.label, css=f"node {node.kind}")
    svg.add(anchor, "rect", "mark", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
    rows = svg.wrap(node.label, box.width - 2 * PADDING, SIZE, lines=3)
    svg.text(anchor, rows, box.x + PADDING, box.y + PADDING + SIZE * 0.9, size=SIZE)

"""A timeline in swim lanes that shows how precisely each thing is dated.

A decade fades at both ends, a year is a bar, a day is a dot; what the source does not date
stands in a column of its own and never gets a date it does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from parley.web.pictures import svg

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Iterable, Sequence

Precision = Literal["day", "month", "year", "decade", "open"]

WIDTH: Final = 1180.0
GUTTER: Final = 128.0
UNDATED_WIDTH: Final = 250.0
AXIS_HEIGHT: Final = 34.0
ROW_HEIGHT: Final = 40.0
LANE_PADDING: Final = 10.0
SIZE: Final = 13.0
GAP: Final = 10.0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the timeline; years are decimal (1995.5 is mid 1995), None is undated."""

    lane: str
    label: str
    href: str
    kind: str
    begin: float | None = None
    end: float | None = None
    precision: Precision = "year"
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    item: Item
    row: int
    left: float
    right: float


def draw(items: Sequence[Item], *, title: str) -> str:
    """Draw items in lanes, in the order in which lanes first appear; an empty list is a frame."""
    lanes = list(dict.fromkeys(item.lane for item in items))
    scale = _Scale.over(items)
    placed = {lane: _place([i for i in items if i.lane == lane], scale) for lane in lanes}
    heights = {lane: _height(placed[lane]) for lane in lanes}
    total = AXIS_HEIGHT + sum(heights.values()) + 8
    root = svg.picture(
        WIDTH,
        total,
        title=title,
        description="Time runs from left to right; each entry links to what the source says. "
        "The same as a table follows.",
        name="timeline",
    )
    _draw_axis(root, scale, total)
    top = AXIS_HEIGHT
    for lane in lanes:
        _draw_lane(root, lane, placed[lane], top, heights[lane])
        top += heights[lane]
    return svg.to_string(root)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float
    left: float
    right: float

    @classmethod
    def over(cls, items: Iterable[Item]) -> _Scale:
        years = [y for i in items for y in (i.begin, i.end) if y is not None]
        undated = any(i.begin is None and i.end is None for i in items)
        first, last = (min(years), max(years)) if years else (0.0, 1.0)
        pad = max((last - first) * 0.02, 0.5)
        right = WIDTH - (UNDATED_WIDTH if undated else 16)
        return cls(first - pad, last + pad, GUTTER, right)

    def x(self, year: float) -> float:
        share = (year - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[int]:
        span = self.last - self.first
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if span / s <= 12)
        start = int(self.first // step + 1) * step
        return list(range(start, int(self.last) + 1, step))


def _place(items: list[Item], scale: _Scale) -> list[_Placed]:
    """Give each item the first row where it overlaps nothing, its label included."""
    rows: list[float] = []
    undated = 0
    placed = []
    for item in sorted(items, key=lambda i: (i.begin if i.begin is not None else 1e9, i.label)):
        if item.begin is None and item.end is None:
            left = scale.right + GAP
            placed.append(_Placed(item, undated, left, WIDTH - 8))
            undated += 1
            continue
        left, bar_right = _extent(item, scale)
        wanted = max(bar_right, left + _label_width(item))
        shift = max(0.0, wanted - scale.right)
        start = max(scale.left, left - shift)
        row = next((n for n, taken in enumerate(rows) if taken + GAP <= start), len(rows))
        if row == len(rows):
            rows.append(0.0)
        rows[row] = max(bar_right, start + _label_width(item))
        placed.append(_Placed(item, row, left, bar_right))
    return placed


def _extent(item: Item, scale: _Scale) -> tuple[float, float]:
    begin = item.begin if item.begin is not None else scale.first
    end = item.end if item.end is not None else (scale.last if item.precision == "open" else begin)
    left, right = scale.x(begin), scale.x(end)
    return left, max(right, left + 10)


def _label_width(item: Item) -> float:
    return min(svg.text_width(item.label, SIZE), 330.0)


def _height(placed: list[_Placed]) -> float:
    return (max((p.row for p in placed), default=0) + 1) * ROW_HEIGHT + 2 * LANE_PADDING


def _draw_axis(root: ET.Element, scale: _Scale, total: float) -> None:
    for year in scale.ticks():
        x = scale.x(year)
        svg.add(root, "line", "tick", x1=x, y1=AXIS_HEIGHT - 6, x2=x, y2=total - 8)
        svg.text(root, [str(year)], x, AXIS_HEIGHT - 12, css="year", size=12)
    if scale.right < WIDTH - 20:
        svg.text(root, ["undated in the source"], scale.right + GAP, AXIS_HEIGHT - 12, css="lane")


def _draw_lane(
    root: ET.Element, lane: str, placed: list[_Placed], top: float, height: float
) -> None:
    svg.add(root, "rect", "band", x=0, y=top, width=WIDTH, height=height - 4, rx=6)
    svg.text(root, svg.wrap(lane, GUTTER - 20, SIZE), 10, top + 24, css="lane", size=SIZE)
    for entry in placed:
        y = top + LANE_PADDING + entry.row * ROW_HEIGHT
        _draw_item(root, entry, y)


def _draw_item(root: ET.Element, entry: _Placed, y: float) -> None:
    item = entry.item
    tip = f"{item.label}. {item.note}".strip()
    anchor = svg.link(root, item.href, label=tip, css=f"item {item.kind}")
    if item.begin is None and item.end is None:
        rows = svg.wrap(item.label, entry.right - entry.left - 16, SIZE)
        svg.add(anchor, "circle", "mark", cx=entry.left + 5, cy=y + 9, r=4)
        svg.text(anchor, rows, entry.left + 15, y + 13, size=SIZE)
        return
    width = entry.right - entry.left
    if item.precision == "day":
        svg.add(anchor, "circle", "mark", cx=entry.left + 5, cy=y + 5, r=5)
    else:
        svg.add(
            anchor, "rect", f"mark {item.precision}", x=entry.left, y=y, width=width, height=9, rx=4
        )
        if item.precision in {"decade", "open"}:
            _fade(anchor, entry, y, width)
    wide = _label_width(item)
    start = max(GUTTER, min(entry.left, WIDTH - 8 - wide))
    svg.text(anchor, svg.wrap(item.label, wide + 1, SIZE, lines=1), start, y + 24, size=SIZE)


def _fade(anchor: ET.Element, entry: _Placed, y: float, width: float) -> None:
    """Lay three thinning veils over an end that the source leaves open."""
    step = min(width / 8, 14)
    ends = ("right",) if entry.item.precision == "open" else ("left", "right")
    for side in ends:
        for n in range(3):
            x = entry.left + n * step if side == "left" else entry.right - (n + 1) * step
            svg.add(anchor, "rect", f"veil veil-{n}", x=x, y=y - 1, width=step, height=11)

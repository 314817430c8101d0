"""A timeline in swim lanes that shows how precisely each thing is dated.

A decade fades at both ends, a year is a bar, a day is a dot; what the source does not date
stands in a column of its own and never gets a date it does not have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
LABEL_WIDTH: Final = 290.0
LABEL_MINIMUM: Final = 200.0
BAR: Final = 9.0
#: Steps in which an open end fades.
VEILS: Final = 7
LANE_PADDING: Final = 12.0
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
    """An item in its lane: the bar from left to right, its words, and the y of its top."""

    item: Item
    rows: tuple[str, ...]
    left: float
    right: float
    label_x: float
    y: float


def draw(items: Sequence[Item], *, title: str) -> str:
    """Draw items in lanes, in the order in which lanes first appear; an empty list is a frame."""
    names = list(dict.fromkeys(item.lane for item in items))
    scale = _Scale.over(items)
    lanes = {name: _place([i for i in items if i.lane == name], scale) for name in names}
    total = AXIS_HEIGHT + sum(height for _, height in lanes.values()) + 8
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
    for name, (placed, height) in lanes.items():
        _draw_lane(root, name, placed, top, height)
        top += height
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


def _place(items: list[Item], scale: _Scale) -> tuple[list[_Placed], float]:
    """Place the items of a lane, and say how high it is."""
    dated = sorted(
        (i for i in items if not _is_undated(i)),
        key=lambda i: (i.begin if i.begin is not None else -1e9, i.label),
    )
    undated = sorted((i for i in items if _is_undated(i)), key=lambda i: i.label)
    placed, bottom = _place_dated(dated, scale)
    y = LANE_PADDING
    for item in undated:
        left = scale.right + GAP
        rows = tuple(svg.wrap(item.label, WIDTH - 8 - left - 15, SIZE))
        placed.append(_Placed(item, rows, left, left, left + 15, y))
        y += len(rows) * SIZE * svg.LINE_HEIGHT + 8
    return placed, max(bottom, y, 30.0) + LANE_PADDING


def _place_dated(items: list[Item], scale: _Scale) -> tuple[list[_Placed], float]:
    """Give each item the first row where it overlaps nothing, its label included."""
    rows: list[list[_Placed]] = []
    taken: list[float] = []
    for item in items:
        left, right = _extent(item, scale)
        lines = _wrap(item, scale.right - left)
        wide = max(svg.text_width(line, SIZE) for line in lines)
        label_x = max(scale.left, min(left, scale.right - wide))
        start = min(left, label_x)
        row = next((n for n, end in enumerate(taken) if end + GAP <= start), len(rows))
        if row == len(rows):
            rows.append([])
            taken.append(0.0)
        rows[row].append(_Placed(item, lines, left, right, label_x, 0.0))
        taken[row] = max(right, label_x + wide)
    placed: list[_Placed] = []
    y = LANE_PADDING
    for entries in rows:
        placed += [replace(entry, y=y) for entry in entries]
        y += BAR + 12 + max(len(entry.rows) for entry in entries) * SIZE * svg.LINE_HEIGHT
    return placed, y


def _is_undated(item: Item) -> bool:
    return item.begin is None and item.end is None


def _extent(item: Item, scale: _Scale) -> tuple[float, float]:
    begin = item.begin if item.begin is not None else scale.first
    end = item.end if item.end is not None else (scale.last if item.precision == "open" else begin)
    left, right = scale.x(begin), scale.x(end)
    return left, max(right, left + 10)


def _wrap(item: Item, room: float) -> tuple[str, ...]:
    """Break a label into lines that fit right of its bar, as far as they can be read."""
    width = min(max(room, LABEL_MINIMUM), LABEL_WIDTH)
    return tuple(svg.wrap(item.label, width, SIZE))


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
        _draw_item(root, entry, top + entry.y)


def _draw_item(root: ET.Element, entry: _Placed, y: float) -> None:
    item = entry.item
    tip = f"{item.label}. {item.note}".strip()
    anchor = svg.link(root, item.href, label=tip, css=f"item {item.kind}")
    if _is_undated(item):
        svg.add(anchor, "circle", "mark", cx=entry.left + 5, cy=y + 9, r=4)
        svg.text(anchor, list(entry.rows), entry.label_x, y + 13, size=SIZE)
        return
    _draw_bar(anchor, entry, y)
    svg.text(anchor, list(entry.rows), entry.label_x, y + BAR + 15, size=SIZE)


def _draw_bar(anchor: ET.Element, entry: _Placed, y: float) -> None:
    precision = entry.item.precision
    if precision == "day":
        svg.add(anchor, "circle", "mark", cx=entry.left + 5, cy=y + 5, r=5)
        return
    width = entry.right - entry.left
    mark = f"mark {precision}"
    svg.add(anchor, "rect", mark, x=entry.left, y=y, width=width, height=BAR, rx=4)
    if precision in {"decade", "open"}:
        _fade(anchor, entry, y, width)


def _fade(anchor: ET.Element, entry: _Placed, y: float, width: float) -> None:
    """Lay thinning veils over an end that the source leaves open."""
    step = min(width / (VEILS * 3), 6)
    is_open = entry.item.precision == "open"
    begins_open = not is_open or entry.item.begin is None
    ends_open = not is_open or entry.item.end is None
    for side in ["left"] * begins_open + ["right"] * ends_open:
        for n in range(VEILS):
            x = entry.left + n * step if side == "left" else entry.right - (n + 1) * step
            opacity = svg.number(0.9 - 0.9 * n / VEILS)
            svg.add(
                anchor, "rect", f"veil veil-{n}",
                x=x, y=y - 1, width=step + 0.3, height=BAR + 2, opacity=opacity,
            )  # fmt: skip

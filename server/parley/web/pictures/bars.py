"""Bars for one number each of several things, the labels on the left and the numbers at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.web.pictures import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 900.0
LABEL_WIDTH: Final = 300.0
NUMBER_WIDTH: Final = 80.0
SIZE: Final = 13.0
PITCH: Final = 28.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing, its address and its number."""

    label: str
    href: str
    number: float


def draw(bars: Sequence[Bar], *, title: str) -> str:
    """Draw bars from the line of zero, in the order given; none leave an empty frame."""
    root = svg.picture(
        WIDTH,
        max(len(bars), 1) * PITCH + 8,
        title=title,
        description="One bar for each row. The same as a table follows.",
        name="bars",
    )
    low = min((0.0, *(bar.number for bar in bars)))
    high = max((0.0, *(bar.number for bar in bars)))
    scale = (WIDTH - LABEL_WIDTH - NUMBER_WIDTH) / ((high - low) or 1.0)
    zero = LABEL_WIDTH - low * scale
    for place, bar in enumerate(bars):
        y = 4 + place * PITCH
        width = max(abs(bar.number) * scale, 1.0)
        left = zero if bar.number >= 0 else zero - width
        anchor = svg.link(root, bar.href, label=f"{bar.label}: {bar.number:g}", css="item bar")
        rows = svg.wrap(bar.label, LABEL_WIDTH - 16, SIZE, lines=1)
        svg.text(anchor, rows, 0, y + 17, size=SIZE)
        svg.add(anchor, "rect", "mark", x=left, y=y + 4, width=width, height=PITCH - 10, rx=3)
        svg.text(anchor, [f"{bar.number:g}"], left + width + 8, y + 17, size=SIZE)
    return svg.to_string(root)

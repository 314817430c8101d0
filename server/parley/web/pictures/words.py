"""Words on lines: each stands on its own line, where it covers no box and no other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.web.pictures import svg

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Iterable, Sequence

SIZE: Final = 11.0
#: Longest words on a line that leads to the same column, and what others leave free of theirs.
WIDEST: Final = 190.0
MARGIN: Final = 24.0
#: Where along a line words are tried, first to last; 0 is its begin, 1 its end.
PLACES: Final = (0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.2)


class Room:
    """The room that boxes leave for words; it is taken by those who come first."""

    def __init__(self, boxes: Iterable[svg.Box]) -> None:
        self._taken = list(boxes)
        self._placed: dict[tuple[str, float, float], None] = {}

    def add(self, words: str, curve: Sequence[tuple[float, float]]) -> None:
        """Place words on a cubic Bézier curve; they are left out where there is no room."""
        if not words:
            return
        free = abs(curve[-1][0] - curve[0][0]) - MARGIN
        [row] = svg.wrap(words, max(free, WIDEST), SIZE, lines=1)
        wide = svg.text_width(row, SIZE)
        for place in PLACES:
            x, y = _point(curve, place)
            box = svg.Box(x - wide / 2 - 2, y - SIZE * 0.7, wide + 4, SIZE * 1.4)
            if not any(_overlap(box, taken) for taken in self._taken):
                self._taken.append(box)
                self._placed[row, x, y] = None
                return

    def write(self, root: ET.Element) -> None:
        """Write all words above the lines; the links below them say the same to screen readers."""
        if self._placed:
            group = svg.add(root, "g", "words", aria_hidden="true")
            for row, x, y in self._placed:
                svg.text(group, [row], x, y + SIZE * 0.33, css="word", size=SIZE)


def _point(points: Sequence[tuple[float, float]], place: float) -> tuple[float, float]:
    rest = 1 - place
    shares = (rest**3, 3 * rest**2 * place, 3 * rest * place**2, place**3)
    x, y = (sum(s * p[axis] for s, p in zip(shares, points, strict=True)) for axis in (0, 1))
    return x, y


def _overlap(one: svg.Box, other: svg.Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )

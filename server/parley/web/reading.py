"""Cut a source into marked segments, so that overlapping passages can be shown.

Text is cut at every boundary of every passage; a segment knows which passages cover it. Offsets are
Unicode code points, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from parley.errors import QuotationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to show: its key, where it stands and the words it must show."""

    key: str
    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text under the same marks.

    ``ends`` are the marks whose last words it holds, ``starts`` those that begin with it.
    """

    text: str
    keys: tuple[str, ...]
    ends: tuple[str, ...]
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the source: its place and its segments in reading order."""

    start: int
    end: int
    segments: tuple[Segment, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The marks whose last words stand in this block, in reading order."""
        return tuple(key for segment in self.segments for key in segment.ends)


def read(text: str, marks: Iterable[Mark], *, within: tuple[int, int] | None = None) -> list[Block]:
    """Cut a source into its non-blank lines and those into segments.

    A mark that spans lines is shown in each of them. With ``within``, only the lines that begin
    in that span are cut.

    Raises:
        QuotationError: A mark's words do not stand at its offsets; no page may show them there.
    """
    checked = sorted(marks, key=lambda m: (m.start, -m.end, m.key))
    for mark in checked:
        _check(text, mark)
    first, last = within or (0, len(text))
    return [
        Block(start, end, _cut(text, start, end, checked))
        for start, end in lines(text)
        if first <= start < last and text[start:end].strip()
    ]


def lines(text: str) -> list[tuple[int, int]]:
    """Return where each line of a source begins and ends, its line break left out."""
    spans = []
    start = 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line.rstrip("\r\n"))))
        start += len(line)
    return spans


def _check(text: str, mark: Mark) -> None:
    if text[mark.start : mark.end] != mark.exact:
        raise QuotationError(
            f"{mark.key}: the words {mark.exact[:60]!r} are not at {mark.start}-{mark.end}.",
            remedy="Build again from the source that was curated.",
        )


def _cut(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    here = [m for m in marks if m.start < end and m.end > start]
    cuts = sorted({start, end, *(p for m in here for p in (m.start, m.end) if start < p < end)})
    return tuple(
        Segment(
            text[a:b],
            tuple(m.key for m in here if m.start <= a and m.end >= b),
            tuple(m.key for m in here if a < m.end <= b),
            tuple(m.key for m in here if m.start == a),
        )
        for a, b in pairwise(cuts)
    )

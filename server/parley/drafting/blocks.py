"""Blocks: the title, headings, paragraphs and list items of a text, each with where it stands.

Offsets count code points of the whole text; a block of several lines keeps its line ends, so a
place in a block is the block's start plus the place in its words.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from parley.drafting import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["title", "heading", "paragraph", "item", "metadata"]

#: A block longer than this is cut at a sentence's end, else at a space, else anywhere, so that no
#: parse takes unbounded memory.
MAX_BLOCK: Final = 4_000

_LINE: Final = re.compile(r"[^\n\r\u2028\u2029]+")
_MARKER: Final = re.compile(r"\s*(?:\(?(?P<number>\d{1,2})[.)]|(?P<bullet>[•‣▪*–-]))\s+(?=\S)")
#: ``GENEVA, 14 March – `` before the first sentence of a report.
_DATELINE: Final = re.compile(
    r"[A-Z][A-Z.' -]{2,30}(?:, [A-Z][\w. ]{1,20})?(?:, \d{1,2} [A-Z]\w+\.?(?: \d{4})?)?"
    r"(?:,? \([\w .-]{1,20}\))? (?:[–—-]|--) (?=[A-Z“\"])"
)
_STOP: Final = re.compile(r"[.!?…:;,][\"'”’)\]]*$")
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]*\s+")
_SPACE: Final = re.compile(r"\s+")
_HEADING_LENGTH: Final = 120
_WRAP_WIDTHS: Final = range(40, 101)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its words begin after a list marker, whose number it keeps."""

    kind: Kind
    start: int
    end: int
    text: str
    number: int | None = None

    @property
    def is_prose(self) -> bool:
        """Whether the block can hold sentences."""
        return self.kind in {"paragraph", "item"}


def split(text: str) -> tuple[Block, ...]:
    """Divide a text into its blocks, in order."""
    found: list[Block] = []
    for start, end in _groups(text):
        for left, right in _cut(text, start, end):
            found.append(_block(text, left, right, first=not any(b.kind == "title" for b in found)))
    return tuple(found)


def _block(text: str, start: int, end: int, *, first: bool) -> Block:
    if dateline := _DATELINE.match(text, start, end):
        start = dateline.end()
    words = text[start:end]
    if marker := _MARKER.match(words):
        begin = start + marker.end()
        number = int(marker["number"]) if marker["number"] else None
        return Block("item", begin, end, text[begin:end], number)
    return Block(_kind(words, first=first), start, end, words)


def _kind(words: str, *, first: bool) -> Kind:
    if any(pattern.search(words) for pattern in _metadata_patterns()):
        return "metadata"
    if len(words) > _HEADING_LENGTH or _STOP.search(words):
        return "paragraph"
    if words.endswith(("”", '"')):
        return "paragraph"
    return "title" if first else "heading"


def _metadata_patterns() -> list[re.Pattern[str]]:
    return [re.compile(row["pattern"], re.IGNORECASE) for row in tables.rows("metadata.tsv")]


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each block: a line, or the lines of a wrapped paragraph."""
    lines = [m.span() for m in _LINE.finditer(text) if m.group().strip()]
    wrapped = _is_wrapped(text, lines)
    begin = 0
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following is None or _starts_block(text, line, following, wrapped=wrapped):
            yield _trim(text, lines[begin][0], line[1])
            begin = index + 1


def _starts_block(
    text: str, line: tuple[int, int], following: tuple[int, int], *, wrapped: bool
) -> bool:
    """Say whether a line begins a block; one that goes on in lower case never does."""
    gap = text[line[1] : following[0]]
    if gap.count("\n") > 1 or _MARKER.match(text, following[0], following[1]):
        return True
    if wrapped:
        return False
    goes_on = text[slice(*following)].lstrip()[:1].islower()
    return not goes_on or bool(_STOP.search(text[slice(*line)].rstrip()))


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Say whether most lines end where a column ends rather than where a sentence does."""
    inner = [
        text[a:b].rstrip()
        for (a, b), (c, _) in itertools.pairwise(lines)
        if text[b:c].count("\n") == 1
    ]
    broken = [line for line in inner if len(line) in _WRAP_WIDTHS and not _STOP.search(line)]
    return len(inner) > 3 and len(broken) > 0.5 * len(inner)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_BLOCK:
        stop = _last_end(text, start, start + MAX_BLOCK)
        yield _trim(text, start, stop)
        start = stop
    yield _trim(text, start, end)


def _last_end(text: str, start: int, limit: int) -> int:
    for pattern in (_SENTENCE_END, _SPACE):
        if ends := [m.end() for m in pattern.finditer(text, start, limit)]:
            return ends[-1]
    return limit


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return first, max(first, start + len(words.rstrip()))

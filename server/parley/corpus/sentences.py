"""The sentences of a text: every line begins one, a full stop may end one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(r"[^\r\n\u2028\u2029]+")
#: A full stop, what closes with it, white space; then something that opens a sentence.
_BREAK: Final = re.compile(
    r"(?P<stop>[.!?…]+)[\"'”’»)\]]*(?P<gap>\s+)(?=[\"'“‘«(\[]*[^\W\d_a-z])", re.UNICODE
)
_MARKER: Final = re.compile(r"\d+")
_LAST_WORD: Final = re.compile(r"[^\s(\[“\"'‘]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading or line of a source: its number from 1, and where it stands."""

    number: int
    start: int
    end: int


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Divide a text into its sentences, numbered from 1; every line that is not blank begins one.

    A list marker (``1.``) and an abbreviation do not end a sentence.
    """
    spans = [span for line in _LINE.finditer(text) for span in _split_line(text, *line.span())]
    return tuple(Sentence(number, *span) for number, span in enumerate(spans, start=1))


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if _ends_sentence(text[begin : match.start("stop")], match["stop"]):
            yield from _trim(text, begin, match.start("gap"))
            begin = match.end("gap")
    yield from _trim(text, begin, end)


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    if stripped := words.strip():
        first = start + words.index(stripped)
        yield first, first + len(stripped)


def _ends_sentence(before: str, stop: str) -> bool:
    if stop != ".":
        return True
    if _MARKER.fullmatch(before.strip()):
        return False
    match = _LAST_WORD.search(before)
    word = match.group() if match else ""
    return not (word in _abbreviations() or (len(word) == 1 and word.isupper()))


@cache
def _abbreviations() -> frozenset[str]:
    listed = resources.files("parley.corpus").joinpath("abbreviations.txt")
    return frozenset(listed.read_text(encoding="utf-8").split())

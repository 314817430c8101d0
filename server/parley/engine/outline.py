"""What remains of a query when its values are left out: clients send one query with many values.

::

    SELECT * { <http://e/1> ?p "some text" } LIMIT 10 # first page
    SELECT * { <           > ?p "         " } LIMIT 0  #

Once a query has passed a check, another one with the same outline passes it too and need not be
read: to find the outline takes 6 µs, to read a short query 45 to 130.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Final, Generic, TypeVar

from parley.engine.lexer import IRI, STRING, Lexer, decode

T = TypeVar("T")
V = TypeVar("V")

#: Longer texts, in code points, are read each time.
LONGEST: Final = 8_192
#: Outlines that one memory keeps; the one that came first is forgotten first.
KEPT: Final = 512

#: IRIs and strings by the patterns of the lexer itself, so that it reads what is found here.
_VALUE: Final = re.compile(
    rf"{IRI}|{STRING}|(?P<comment>#[^\r\n]*+)|(?<![\w:.?$%\\@-])(?P<number>[0-9]++)(?![\w:.%\\])"
)
_MARKS: Final = {"<": "<\0", '"': '"\0', "'": "'\0", "#": "#\0"}


@lru_cache(maxsize=KEPT)
def outline_of(text: str) -> str | None:
    """Return the text without its values; nothing for a text that is too long.

    What stands before the first brace, the prologue and the dataset, is kept to the letter. Of a
    value after it the first character stays, so that texts of one outline have the same tokens.
    """
    if len(text) > LONGEST or "\0" in text:
        return None
    head, brace, rest = text.partition("{")
    return f"{head}{brace}{_VALUE.sub(_mark, rest)}"


def iris_left_out(text: str) -> list[str]:
    """Return the IRIs that the outline leaves out, in order, escapes decoded."""
    return [
        decode(value[0][1:-1])
        for value in _VALUE.finditer(text, text.find("{") + 1)
        if value.lastgroup == "iri"
    ]


def leaves_out_tokens(text: str) -> bool:
    """Say whether each value that is left out is a whole token to the lexer, or a comment.

    In ``FILTER(?a<1&&?b>2)`` it is not, whatever ``<1&&?b>`` looks like. Where it is, the lexer
    reads every text of that outline alike, by induction along the text.
    """
    tokens = {token.start: token for token in Lexer(text).tokens()}
    inside = {at for start, token in tokens.items() for at in range(start, start + len(token.text))}
    return all(
        inside.isdisjoint(range(*value.span()))
        if value.lastgroup == "comment"
        else tokens.get(value.start()) == (value.lastgroup, value.group(), value.start())
        for value in _VALUE.finditer(text, text.find("{") + 1)
    )


class OutlineMemory(Generic[T]):
    """What was found out about texts, by their outline; it must not depend on any value in them.

    An outline is looked at closely when it comes for the second time: a text that nobody repeats
    costs no more than its outline. Safe to use from many threads.
    """

    def __init__(self) -> None:
        self._known: dict[str, T] = {}
        #: Outlines that came once (True), or that were looked at and not trusted (False).
        self._seen: dict[str, bool] = {}
        self._lock = threading.Lock()

    def recall(self, text: str) -> T | None:
        """Return what is known of a text, or nothing."""
        outline = outline_of(text)
        return None if outline is None else self._known.get(outline)

    def keep(self, text: str, found: T) -> None:
        """Remember what was found out about a text and all others like it."""
        outline = outline_of(text)
        if outline is None:
            return
        with self._lock:
            is_second = self._seen.get(outline)
            _put(self._seen, outline, is_second is None)
        if is_second and leaves_out_tokens(text):
            with self._lock:
                _put(self._known, outline, found)


def _put(kept: dict[str, V], outline: str, item: V) -> None:
    kept[outline] = item
    if len(kept) > KEPT:
        del kept[next(iter(kept))]


def _mark(value: re.Match[str]) -> str:
    return _MARKS.get(value[0][0], "0\0")

"""Where words that were selected in another rendering of a text stand in ours.

The quotation decides, its context chooses between several places, and the position, which may
count otherwise, only says which of the remaining places is nearest. What is found is always what
our text has there: white space, quotation marks and dashes may differ from what was selected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from parley.corpus import quotations
from parley.errors import QuotationError

Place = tuple[int, int]

_LONGEST: Final = 20_000
_CONTEXT: Final = 120
_PLACES: Final = 2_000
_SHOWN: Final = 80
_PLAIN: Final = {
    ord(char): plain
    for chars, plain in (("‘’‚‛", "'"), ("“”„‟«»", '"'), ("–—−‑‐", "-"), ("\u00a0\u202f\t", " "))
    for char in chars
}
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Selector:
    """Selected words with what stands before and after them, and where they stood: half-open."""

    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


class Anchors:
    """A text in which selected words are looked for."""

    def __init__(self, text: str, *, same_positions: bool) -> None:
        self.text = text
        self.same_positions = same_positions
        self._plain = text.translate(_PLAIN)

    def locate(self, selector: Selector) -> Place:
        """Return the one place that is meant.

        Raises:
            QuotationError: The words stand nowhere, or nothing chooses between their places; or
                there are no words, and positions do not count in this text.
        """
        if not selector.exact.strip():
            return self._by_position(selector)
        places = self._find(selector.exact)
        if not places:
            raise QuotationError(f"{_shown(selector.exact)} does not stand in the source.")
        places = self._by_context(places, selector)
        if len(places) > 1 and selector.start is not None:
            places = _nearest(places, selector.start)
        if len(places) > 1:
            raise QuotationError(
                f"{_shown(selector.exact)} stands {len(places)} times, "
                "and neither context nor position chooses."
            )
        return places[0]

    def _by_position(self, selector: Selector) -> Place:
        start, end = selector.start, selector.end
        if start is None or end is None:
            raise QuotationError("It has neither words nor a position.")
        if not self.same_positions:
            raise QuotationError(
                "It has only a position, which counts in the page, not in its text."
            )
        if not 0 <= start < end <= len(self.text):
            raise QuotationError(f"{start}–{end} is no span of the source.")
        return start, end

    def _find(self, exact: str) -> list[Place]:
        words = exact.strip()
        if len(words) > _LONGEST:
            return []
        if found := quotations.find(self.text, words)[:_PLACES]:
            return found
        parts = (re.escape(part) for part in _SPACES.split(words.translate(_PLAIN)))
        pattern = re.compile(r"\s+".join(parts))
        return [
            match.span()
            for _, match in zip(range(_PLACES), pattern.finditer(self._plain), strict=False)
        ]

    def _by_context(self, places: list[Place], selector: Selector) -> list[Place]:
        """Return the places with which most of the context agrees."""
        if len(places) == 1 or not (selector.prefix or selector.suffix):
            return places
        before, after = (
            _squeezed(selector.prefix)[-_CONTEXT:],
            _squeezed(selector.suffix)[:_CONTEXT],
        )
        scores = [self._agreement(place, before, after) for place in places]
        best = max(scores)
        return [place for place, score in zip(places, scores, strict=True) if score == best]

    def _agreement(self, place: Place, before: str, after: str) -> int:
        start, end = place
        left = _squeezed(self._plain[max(0, start - 2 * _CONTEXT) : start])
        right = _squeezed(self._plain[end : end + 2 * _CONTEXT])
        return _common(left[::-1], before[::-1]) + _common(right, after)


def _common(one: str, other: str) -> int:
    """Return with how many characters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _squeezed(text: str) -> str:
    return _SPACES.sub("", text.translate(_PLAIN))


def _nearest(places: list[Place], start: int) -> list[Place]:
    least = min(abs(place[0] - start) for place in places)
    return [place for place in places if abs(place[0] - start) == least]


def _shown(words: str) -> str:
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")

"""Where quotations stand in a text, and what to say when they do not stand there just once."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from parley.errors import Place, QuotationError

if TYPE_CHECKING:
    from parley.corpus.source import Document

Span = tuple[int, int]

#: Similarity from which a sentence is shown as the nearest one.
_NEAR: Final = 0.5
#: Similarity from which only the difference is shown.
_ALMOST: Final = 0.8
#: Characters shown on each side of a difference.
_CONTEXT: Final = 20
_SHOWN_PLACES: Final = 5
_PLAIN: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_SPACES: Final = re.compile(r"\s+")


def find(text: str, exact: str, *, prefix: str = "", suffix: str = "") -> list[Span]:
    """Return every place, overlapping ones too, where the words stand within their context."""
    if not exact:
        return []
    spans = []
    start = text.find(exact)
    while start >= 0:
        end = start + len(exact)
        if text.endswith(prefix, 0, start) and text.startswith(suffix, end):
            spans.append((start, end))
        start = text.find(exact, start + 1)
    return spans


def explain(
    document: Document, exact: str, *, prefix: str, suffix: str, spans: list[Span]
) -> QuotationError:
    """Return the error that says why a quotation has no single place, and the remedy."""
    place = Place(str(document.folder / "source.txt")) if document.folder else None
    if not exact:
        return QuotationError("A quotation is empty.", remedy="Quote the words.", place=place)
    if spans:
        message, remedy = _found_often(document, exact, spans)
    elif anywhere := find(document.text, exact):
        message = (
            f"{_shown(exact)} stands {_times(len(anywhere))} ({_places(document, anywhere)}), "
            f"but not between {prefix!r} and {suffix!r}."
        )
        remedy = "Mend quotePrefix and quoteSuffix: the characters just before and after."
    else:
        message, remedy = _found_nowhere(document, exact)
    return QuotationError(message, remedy=remedy, place=place)


def _found_often(document: Document, exact: str, spans: list[Span]) -> tuple[str, str]:
    start = spans[0][0]
    before = document.text[max(0, start - 24) : start]
    return (
        f"{_shown(exact)} stands {_times(len(spans))}: {_places(document, spans)}.",
        f"Quote more words, or add quotePrefix or quoteSuffix (for the first: {before!r}).",
    )


def _found_nowhere(document: Document, exact: str) -> tuple[str, str]:
    composed = unicodedata.normalize("NFC", exact)
    if composed != exact and find(document.text, composed):
        return (
            f"{_shown(exact)} is not in Unicode normal form NFC, as the source is.",
            "Save the quotation in NFC: letters and accents composed.",
        )
    message = f"{_shown(exact)} does not stand in the source."
    if span := _find_alike(document.text, exact):
        words = document.text[slice(*span)]
        return (
            message,
            f"The source has {words!r} at {span[0]}–{span[1]}{_difference(exact, words)}.",
        )
    if nearest := _nearest_sentence(document, exact):
        return message, f"The nearest is {nearest}."
    return message, "Copy the words from source.txt."


def _find_alike(text: str, exact: str) -> Span | None:
    """Return where the words stand when quotes, dashes, spaces and case are taken as alike."""
    parts = [re.escape(_alike(part)) for part in _SPACES.split(exact.strip())]
    plain = "".join(_alike(char) for char in text)
    if len(plain) != len(text) or not any(parts):
        return None
    match = re.search(r"\s+".join(parts), plain)
    return match.span() if match else None


def _alike(text: str) -> str:
    lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_PLAIN)


def _difference(exact: str, words: str) -> str:
    pairs = zip(_SPACES.sub(" ", exact.strip()), _SPACES.sub(" ", words), strict=False)
    for mine, theirs in pairs:
        if mine != theirs:
            return f": it has {theirs!r} where the quotation has {mine!r}"
    return ": the white space differs"


def _nearest_sentence(document: Document, exact: str) -> str | None:
    best, ratio = None, _NEAR
    for sentence in document.sentences:
        words = document.text[sentence.start : sentence.end]
        matcher = difflib.SequenceMatcher(None, words, exact, autojunk=False)
        score = _similarity(matcher, len(exact))
        if score > ratio:
            said = _first_difference(matcher, words, exact) if score > _ALMOST else ""
            best, ratio = f"sentence {sentence.number}{said or f': {_shown(words)}'}", score
    return best


def _similarity(matcher: difflib.SequenceMatcher[str], length: int) -> float:
    """Return the share of a quotation of this length that a sentence has in the same order."""
    return sum(block.size for block in matcher.get_matching_blocks() if block.size > 2) / length


def _first_difference(matcher: difflib.SequenceMatcher[str], words: str, exact: str) -> str:
    """Say where a quotation first leaves the sentence; what it does not quote is no difference."""
    for tag, start, end, mine, my_end in matcher.get_opcodes():
        if tag != "equal" and (mine, my_end) not in ((0, 0), (len(exact), len(exact))):
            theirs, ours = _around(words, start, end), _around(exact, mine, my_end)
            return f", which has {theirs} where the quotation has {ours}"
    return ""


def _around(text: str, start: int, end: int) -> str:
    before, after = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    return repr("…" * (before > 0) + text[before:after] + "…" * (after < len(text)))


def _places(document: Document, spans: list[Span]) -> str:
    shown = [
        f"sentence {document.sentence_at(start).number} ({start}–{end})"
        for start, end in spans[:_SHOWN_PLACES]
    ]
    return ", ".join(shown) + (", …" if len(spans) > _SHOWN_PLACES else "")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _shown(text: str, width: int = 80) -> str:
    return repr(text if len(text) <= width else f"{text[: width - 1]}…")

"""Find what a query names and the data does not know: the usual cause of an empty result."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from parley.engine.inspection import inspect
from parley.engine.lexer import Lexer, decode
from parley.engine.outline import OutlineMemory, iris_left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Words after which an IRI is no term of a pattern.
_DECLARING: Final = frozenset({"PREFIX", "BASE", "FROM", "NAMED", "USING", "SERVICE", "VERSION"})
#: The names in queries, by outline.
_NAMED: Final[OutlineMemory[tuple[str, ...]]] = OutlineMemory()
#: Terms looked up at most for one query.
MAX_TERMS: Final = 20


def note_unknown(
    text: str, *, is_used: Callable[[str], bool], known: Callable[[], Iterable[str]]
) -> str:
    """Say which term of a query occurs nowhere in the data, and which one may be meant.

    Args:
        text: A query that parses.
        is_used: Says whether an IRI occurs anywhere in the data.
        known: Returns the predicates and classes in use, among which to look for the nearest.
    """
    unknown = [iri for iri in terms_of(text)[:MAX_TERMS] if not is_used(iri)]
    notes = []
    for iri in unknown:
        meant = nearest(iri, known())
        suggestion = f", did you mean <{meant}>?" if meant else ""
        notes.append(f"<{iri}> occurs nowhere in the data{suggestion}")
    return "; ".join(notes)


def terms_of(text: str) -> list[str]:
    """Return the absolute IRIs a query names in its patterns, each once, names written out.

    The names come first. They are the same in every query of an outline.
    """
    values = iris_left_out(text)
    named = _NAMED.recall(text)
    if named is None:
        named, found = _read_terms(text)
        if found == values:
            _NAMED.keep(text, named)
        values = found
    return [iri for iri in dict.fromkeys((*named, *values)) if ":" in iri]


def _read_terms(text: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the terms that are names or stand before the first brace, and the IRIs after it."""
    prefixes = dict(inspect(text).prefixes)
    named: list[str] = []
    found: list[str] = []
    declaring = False
    body = text.find("{")
    for token in Lexer(text).tokens():
        if token.type == "word":
            declaring = token.text.upper() in _DECLARING
        elif token.type == "iri" and not declaring:
            (found if token.start > body else named).append(decode(token.text[1:-1]))
        elif token.type == "name" and not declaring:
            prefix, _, local = token.text.partition(":")
            named.append(prefixes.get(prefix, "") + local.replace("\\", ""))
        declaring = declaring and token.type in {"word", "name"}
    return tuple(named), found


def nearest(iri: str, known: Iterable[str]) -> str:
    """Return the known IRI whose spelling is nearest, or nothing when none is near."""
    found = difflib.get_close_matches(iri, list(known), n=1, cutoff=0.85)
    return found[0] if found else ""

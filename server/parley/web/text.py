"""Small turns of text that templates use."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from parley.web import languages, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    import flask

    from parley.web.views import Value

#: Code points of one literal that a page shows; downloads hold all of it.
SHOWN: Final = 1_500
#: Controls that reorder a line, and those that HTML forbids.
_UNSAFE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shortened(text: str) -> str:
    """Return a text fit to be shown: no giant, no characters that reorder the line around it."""
    clean = _UNSAFE.sub("", text)
    return clean if len(clean) <= SHOWN else f"{clean[:SHOWN].rstrip()}…"


@lru_cache(maxsize=4_096)
def named(value: Value) -> Markup:
    """Return a text set apart from the line around it, in its language and direction."""
    tag = escape(value.language)
    foreign = f' lang="{tag}" dir="{languages.direction(value.language)}"'
    own = foreign if value.language not in {"", languages.DEFAULT} else ""
    return Markup(f"<bdi{own}>{escape(shortened(value.text))}</bdi>")  # noqa: S704 - escaped


@lru_cache(maxsize=4_096)
def linked(iri: str, label: Value) -> Markup:
    """Return what a thing is called, with a link to its page when it may have one."""
    path = names.path_of(iri)
    if path:
        return Markup(f'<a href="{escape(path)}">{named(label)}</a>')  # noqa: S704 - escaped
    return Markup(f'<span title="{escape(iri)}">{named(label)}</span>')  # noqa: S704 - escaped


def from_word(text: str) -> str:
    """Return a text that was cut somewhere before, from its first whole word on."""
    head, space, rest = text.partition(" ")
    return f"…{rest}" if space and head else text


def to_word(text: str) -> str:
    """Return a text that was cut somewhere behind, up to its last whole word."""
    rest, space, tail = text.rpartition(" ")
    return f"{rest}…" if space and tail else text


def long_date(text: str) -> str:
    """Write an ISO date as people do; what is no such date stays as it is."""
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{date.day} {date:%B %Y}"


def begin_words(text: str, words: Iterable[str]) -> bool:
    """Tell if each of these begins a word of the text, as "us" does in "the US", not in Russia."""
    return all(re.search(rf"(?<!\w){re.escape(word)}", text, re.I) for word in words)


def highlight(text: str, words: list[str], *, room: int = 240) -> Markup:
    """Mark words in a text and cut the text around the first of them.

    Args:
        text: The text.
        words: Words in lower case.
        room: Code points to show.
    """
    clean = _UNSAFE.sub("", text)
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.I)
    begun = re.compile(rf"(?<!\w)(?:{pattern.pattern})", re.I)
    pattern = begun if begun.search(clean) else pattern
    first = pattern.search(clean) if words else None
    start = max(0, first.start() - room // 3) if first and len(clean) > room else 0
    cut = clean[start : start + room]
    pieces, done = [], 0
    for match in pattern.finditer(cut) if words else ():
        pieces += [escape(cut[done : match.start()]), Markup("<mark>"), escape(match[0])]
        pieces.append(Markup("</mark>"))
        done = match.end()
    pieces.append(escape(cut[done:]))
    before = "…" if start else ""
    after = "…" if start + room < len(clean) else ""
    return Markup(before) + Markup("").join(pieces) + Markup(after)  # noqa: S704 - pieces are escaped


def register(app: flask.Flask) -> None:
    """Give the templates of an application these turns."""
    for turn in (shortened, named, from_word, to_word, long_date, highlight):
        app.add_template_filter(turn)
    app.add_template_global(linked, "link_to")

"""Search across labels, aliases, definitions and passages, with the matching words marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask
from rdflib import RDFS, SKOS, Literal

from parley.errors import EngineError
from parley.namespaces import PL
from parley.web import names, rendering
from parley.web.text import begin_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.web.views import Row, Value

blueprint = flask.Blueprint("search", __name__)

_WORDS: Final = 3
_MARKS: Final = re.compile("[\"'`´‘’‚‛“”„‟«»‹›ʼ]")
_LONGEST: Final = 80
_LISTED: Final = 30
#: Kinds in the order in which they are shown; what is of none comes last.
KINDS: Final = (
    ("actor", "Actors"),
    ("objective", "Objectives"),
    ("occurrence", "Contacts and other occurrences"),
    ("place", "Places"),
    ("claim", "Claims"),
    ("passage", "Passages"),
    ("proposition", "Propositions"),
    ("topic", "Topics"),
    ("document", "Documents"),
    ("", "Vocabulary and other"),
)
#: Where a match weighs more: in the name, then in an alias, then elsewhere.
_WEIGHTS: Final = {str(RDFS.label): 0, str(SKOS.altLabel): 1, str(PL.exactText): 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found: what it is called, and the text in which the words stand."""

    iri: str
    label: Value
    address: str
    text: Value
    via: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things found of one kind."""

    kind: str
    title: str
    hits: tuple[Hit, ...]
    count: int


@blueprint.route("/search")
@rendering.kept
def show_search() -> str:
    """Show what holds all the words; the same address answers as you type."""
    asked = flask.request.args.get("q", "").strip()[:200]
    kind = flask.request.args.get("kind")
    words = split(asked)
    try:
        found = _search(words) if words else []
    except EngineError:
        found, failed = [], True
    else:
        failed = False
    groups = group(found, kind, rendering.page_number())
    template = "search-part.html" if rendering.is_fragment() else "search.html"
    return rendering.render(
        template,
        behind=("search", _terms(words)) if words else None,
        asked=asked,
        words=words,
        groups=groups,
        kind=kind,
        failed=failed,
        listed=_LISTED,
    )


def split(asked: str) -> list[str]:
    """Return the words to look for: at most three, in lower case, the rest as one phrase.

    A text may have other quotation marks and apostrophes than a keyboard: of a word or phrase
    with such marks, its longest part between them is looked for.
    """
    words = asked.lower().split(maxsplit=_WORDS - 1)
    parts = (max(_MARKS.split(word), key=len).strip()[:_LONGEST] for word in words)
    return [part for part in parts if part]


def group(rows: Iterable[Row], kind: str | None, number: int) -> list[Group]:
    """Return what was found by kind: the best text of each thing, the best things first."""
    best: dict[str, Row] = {}
    for row in sorted(rows, key=_rank):
        best.setdefault(row["thing"].text, row)
    by_kind: dict[str, list[Row]] = {}
    for iri, row in best.items():
        by_kind.setdefault(place(iri)[0], []).append(row)
    skipped = (number - 1) * _LISTED if kind is not None else 0
    shown = {
        name: by_kind[name][skipped : skipped + (_LISTED if kind is not None else 6)]
        for name, _ in KINDS
        if name in by_kind and kind in (None, name)
    }
    labels = rendering.labels_of(row["thing"].text for rows in shown.values() for row in rows)
    return [
        Group(name, title, tuple(_hit(row, labels) for row in shown[name]), len(by_kind[name]))
        for name, title in KINDS
        if name in shown
    ]


def weight(row: Row) -> int:
    """Return how much a match in this property weighs; least is best."""
    return _WEIGHTS.get(row["property"].text, 3)


def place(iri: str) -> tuple[str, str, bool]:
    """Return under which kind a thing is listed, its address, and whether it is a passage."""
    own = names.kind_of(iri)
    is_passage = own == "passage"
    address = names.path_of(iri)
    if is_passage:
        address = f"/documents/{names.document_slug(iri)}#p-{names.span_of(iri)}"
    return own if own in dict(KINDS) else "", address, is_passage


def _search(words: list[str]) -> list[Row]:
    """Return texts with words that begin so; where there is none, texts that hold them anywhere."""
    rows = rendering.site().views.select("search", _terms(words))
    return [row for row in rows if begin_words(row["text"].text, words)] or rows


def _terms(words: list[str]) -> dict[str, Literal]:
    padded = [*words, *[""] * (_WORDS - len(words))]
    return dict(zip(("first", "second", "third"), map(Literal, padded), strict=True))


def _rank(row: Row) -> tuple[int, int, str]:
    return weight(row), len(row["text"].text), row["thing"].text


def _hit(row: Row, labels: dict[str, Value]) -> Hit:
    iri = row["thing"].text
    _, address, is_passage = place(iri)
    text = row["text"]
    return Hit(iri, text if is_passage else labels[iri], address, text, _via(row))


def _via(row: Row) -> str:
    return {0: "", 1: "also called", 2: "", 3: "defined as"}[weight(row)]

"""Where documents meet: claims of two of them on one proposition, that agree or contradict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from parley.namespaces import PLID
from parley.web import cards, names, rendering
from parley.web.views import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.web.cards import Card
    from parley.web.views import Row, Value

#: Pairs shown at most, one on each proposition.
SHOWN: Final = 8
#: Rows that there may be on one proposition: affirmed and denied, here and elsewhere.
_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two claims of two documents on one proposition: the first affirms it if any does."""

    proposition: str
    label: Value
    one: Card
    other: Card
    titles: tuple[Value, Value]
    agree: bool


@dataclass(frozen=True, slots=True)
class Meetings:
    """Some of the pairs, contradictions first, and whether there are more."""

    shown: tuple[Meeting, ...] = ()
    more: bool = False

    @property
    def contradictions(self) -> int:
        """How many of those shown contradict each other."""
        return sum(not meeting.agree for meeting in self.shown)


def read(documents: Sequence[str]) -> Meetings:
    """Return where these documents meet others."""
    if not documents:
        return Meetings()
    asked = tuple(URIRef(iri) for iri in documents)
    part = Slice(_ROWS * SHOWN + 1)
    terms = {"document": asked if len(asked) > 1 else asked[0]}
    rows = rendering.site().views.select("meetings", terms, part=part)
    by_proposition: dict[str, Row] = {}
    for row in rows:
        by_proposition.setdefault(row["proposition"].text, row)
    shown = _load(list(by_proposition.values())[:SHOWN])
    return Meetings(shown, len(by_proposition) > SHOWN or len(rows) == part.size)


def _load(rows: Sequence[Row]) -> tuple[Meeting, ...]:
    pairs = [_pair(row) for row in rows]
    loaded = {card.iri: card for card in cards.load({c for p in pairs for c in p}, with_words=True)}
    labels = rendering.labels_of({row["proposition"].text for row in rows})
    titles = _titles(loaded.values())
    found = []
    for row, pair in zip(rows, pairs, strict=True):
        one, other = sorted(
            (loaded[iri] for iri in pair), key=lambda card: card.one("polarity") == "negative"
        )
        proposition = row["proposition"].text
        found.append(
            Meeting(
                proposition,
                labels[proposition],
                one,
                other,
                (titles[one.document], titles[other.document]),
                row["polarity"] == row["answer"],
            )
        )
    return tuple(found)


def _pair(row: Row) -> tuple[str, str]:
    """Return a claim of the documents asked for and one of another document."""
    own, first, last = (row[name].text for name in ("own", "first", "last"))
    return own, last if names.document_slug(first) == names.document_slug(own) else first


def _titles(found: Iterable[Card]) -> dict[str, Value]:
    """Return what the documents of claims are called, by slug."""
    iris = {card.document: str(PLID[f"document/{card.document}"]) for card in found}
    labels = rendering.labels_of(iris.values())
    return {slug: labels[iri] for slug, iri in iris.items()}

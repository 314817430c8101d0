"""Where documents meet: claims of two of them on one proposition, that agree or contradict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from parley.namespaces import PLID
from parley.web import cards, rendering
from parley.web.views import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.web.cards import Card
    from parley.web.views import Row, Value

#: Pairs shown at most.
SHOWN: Final = 8


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


def read(documents_: Iterable[str]) -> Meetings:
    """Return where these documents meet others."""
    asked = tuple(URIRef(iri) for iri in documents_)
    if not asked:
        return Meetings()
    part = Slice(2 * SHOWN + 1)
    rows = rendering.site().views.select("meetings", {"document": asked}, part=part)
    pairs: dict[frozenset[str], Row] = {}
    for row in rows:
        pairs.setdefault(frozenset({row["claim"].text, row["other"].text}), row)
    shown = _load(list(pairs.values())[:SHOWN])
    return Meetings(shown, len(pairs) > SHOWN or len(rows) == part.size)


def _load(rows: Sequence[Row]) -> tuple[Meeting, ...]:
    iris = dict.fromkeys(row[name].text for row in rows for name in ("claim", "other"))
    loaded = {card.iri: card for card in cards.load(iris, with_words=True)}
    labels = rendering.labels_of({row["proposition"].text for row in rows})
    titles = _titles(loaded.values())
    found = []
    for row in rows:
        pair = [loaded[row["claim"].text], loaded[row["other"].text]]
        pair.sort(key=lambda card: card.one("polarity") == "negative")
        one, other = pair
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


def _titles(found: Iterable[Card]) -> dict[str, Value]:
    """Return what the documents of claims are called, by slug."""
    iris = {card.document: str(PLID[f"document/{card.document}"]) for card in found}
    labels = rendering.labels_of(iris.values())
    return {slug: labels[iri] for slug, iri in iris.items()}

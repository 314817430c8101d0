"""Claims as cards: what is said, by whom, via whom, how surely, when, in which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import RDFS, URIRef

from parley.namespaces import PL, PLID
from parley.web import names, rendering
from parley.web.views import Slice, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.web.views import Row, Terms

#: Claims on one page of a list.
LISTED: Final = 25
#: How a card begins to say whose claim it is, by mode of attribution.
OPENINGS: Final = {
    "authorVoice": "author’s voice, ",
    "communication": "said by ",
    "attitude": "view of ",
    "intention": "aim of ",
}
_NOTHING: Final = Value("")
_NS: Final = str(PL)
_LABEL: Final = str(RDFS.label)


@dataclass(slots=True)
class Card:
    """One claim: values by the local name of their property, and the words of its passages."""

    iri: str
    label: Value = _NOTHING
    values: dict[str, list[Value]] = field(default_factory=dict)
    labels: dict[str, Value] = field(default_factory=dict)
    quotations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the claim is called in its document: ``5a``."""
        return names.claim_key(self.iri)

    @property
    def document(self) -> str:
        """The slug of its document."""
        return names.document_slug(self.iri)

    @property
    def mode(self) -> str:
        """The local name of its attribution mode, which is also its style."""
        return self.one("attributionMode") or "authorVoice"

    @property
    def claimants(self) -> list[Value]:
        """Who is said to hold it."""
        return self.values.get("claimant", [])

    @property
    def reporters(self) -> list[Value]:
        """Who reports it, where that is not the claimant."""
        own = {value.text for value in self.claimants}
        return [value for value in self.values.get("reportedBy", []) if value.text not in own]

    @property
    def times(self) -> list[Value]:
        """The periods for which it is claimed."""
        return self.values.get("holdsDuring", [])

    @property
    def passages(self) -> list[str]:
        """The IRIs of its passages."""
        return [value.text for value in self.values.get("hasEvidence", [])]

    @property
    def content(self) -> str:
        """The IRI of its proposition."""
        return next((value.text for value in self.values.get("content", [])), "")

    @property
    def notes(self) -> list[str]:
        """What a reader must know at once: not certain, denied, wished for, implied, a forecast."""
        found = [self.one("certainty")] if self.one("certainty") in {"probable", "possible"} else []
        if self.one("polarity") == "negative":
            found.append("denied")
        if self.one("normative") == "true":
            found.append("ought to be")
        if self.one("attributionBasis") == "implicit":
            found.append("implied")
        if self.one("temporality") == "future":
            found.append("of the future")
        if self.one("status") not in {"", "reviewed"}:
            found.append(self.one("status"))
        return found

    def one(self, name: str) -> str:
        """Return the local name or text of a property's first value, or nothing."""
        for value in self.values.get(name, []):
            return value.text.removeprefix(_NS) if value.is_iri else value.text
        return ""

    def label_of(self, value: Value) -> Value:
        """Return what one of its values is called."""
        return self.labels.get(value.text) or Value(names.words_of(value.text))


def load(iris: Iterable[str], *, with_words: bool = False) -> list[Card]:
    """Return the cards of claims, in the order given; what is no claim has an empty card.

    Args:
        iris: The claims.
        with_words: Whether the words of their passages are wanted too.
    """
    cards = {iri: Card(iri) for iri in iris}
    views = rendering.site().views
    said: dict[str, list[Row]] = {}
    for row in views.select_each("cards", "claim", cards):
        said.setdefault(row["claim"].text, []).append(row)
    for iri, rows in said.items():
        _fill(cards[iri], rows)
    if with_words:
        for row in views.select_each("words-of-claims", "claim", cards):
            cards[row["claim"].text].quotations.append((row["passage"].text, row["exact"].text))
    _name(cards.values())
    return list(cards.values())


def brief(known: Mapping[str, Mapping[str, Iterable[str]]]) -> list[Card]:
    """Return the cards of claims of which much is known already, in the order given.

    Args:
        known: Claim to property (its local name) to IRIs.
    """
    cards = {
        iri: Card(iri, values={n: [Value(v, is_iri=True) for v in vs] for n, vs in values.items()})
        for iri, values in known.items()
    }
    said: dict[str, list[Row]] = {}
    for row in rendering.site().views.select_each("notes", "claim", cards):
        said.setdefault(row["claim"].text, []).append(row)
    for iri, rows in said.items():
        _fill(cards[iri], rows)
    _name(cards.values())
    return list(cards.values())


def load_part(view: str, terms: Terms, number: int) -> tuple[list[Card], bool]:
    """Return the cards of one page of a list, and whether there are more.

    Args:
        view: The query that lists the claims.
        terms: The values of its parameters.
        number: The page, from 1.
    """
    part = Slice(LISTED + 1, (number - 1) * LISTED)
    rows = rendering.site().views.select(view, terms, part=part)
    iris = [row["claim"].text for row in rows]
    return load(iris[:LISTED], with_words=True), len(iris) > LISTED


def attribution(card: Card) -> str:
    """Return in plain words whose claim it is: ``view of the Kremlin, via Alireza Nouri``."""
    named = [
        ", ".join(card.label_of(value).text for value in values)
        for values in (card.claimants, card.reporters)
    ]
    said = f"{OPENINGS.get(card.mode, '')}{named[0]}"
    return f"{said}, via {named[1]}" if named[1] else said


def claim_iri(slug: str, key: str) -> str:
    """Return the IRI of a document's claim."""
    return str(URIRef(f"{PLID}claim/{slug}/{key}"))


def _fill(card: Card, rows: list[Row]) -> None:
    labels = []
    for row in rows:
        prop, value = row["property"].text, row["value"]
        if prop == _LABEL:
            labels.append({"value": value})
        else:
            card.values.setdefault(prop.removeprefix(_NS), []).append(value)
    card.label = rendering.pick(labels, "value") or _NOTHING


def _name(cards: Iterable[Card]) -> None:
    """Give each card the names of what it points at; a claim without label takes its content's."""
    listed = list(cards)
    shown = ("claimant", "reportedBy", "holdsDuring", "saidDuring", "content", "claimantRole")
    iris = {v.text for card in listed for name in shown for v in card.values.get(name, [])}
    labels = rendering.labels_of(iris)
    for card in listed:
        card.labels = labels
        if not card.label.text:
            card.label = labels.get(card.content) or Value(names.words_of(card.iri))

"""The timeline: contacts, stances, aims, statements and context, as precisely as they are dated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask

from parley.web import cards, edtf, evidence, names, rendering, scopes
from parley.web.pictures import timeline as picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.web.cards import Card
    from parley.web.scopes import Scope
    from parley.web.views import Value

blueprint = flask.Blueprint("timeline", __name__)

#: Entries of one lane that are drawn; the table has all.
DRAWN: Final = 24
_LANES: Final = {
    "contact": "Contacts",
    "stance": "Stances",
    "objective": "Aims",
    "statement": "Statements",
    "context": "Context",
}
_KIND_OF_MODE: Final = {"attitude": "stance", "intention": "objective"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline, its date as the source gives it, and the claims behind it."""

    iri: str
    kind: str
    label: Value
    date: str
    claims: tuple[str, ...]
    note: str = ""

    @property
    def lane(self) -> str:
        """The heading it stands under."""
        return _LANES[self.kind]

    @property
    def when(self) -> str:
        """Its date in words."""
        return edtf.words(self.date) if self.date else "undated"

    @property
    def order(self) -> tuple[int, float]:
        """Where it stands in a list: by lane, then by time, undated last."""
        span = edtf.read(self.date)
        begin = (span.begin or span.end) if span else None
        return list(_LANES).index(self.kind), 1e9 if begin is None else begin


@blueprint.route("/timeline")
@rendering.kept
def show_timeline() -> str:
    """Show the timeline as a picture with links, and as a table."""
    scope = scopes.read()
    entries = read_entries(scope)
    counts = [sum(e.kind == kind for e in entries) for kind in _LANES]
    return rendering.render(
        "timeline.html",
        behind=("timeline-claims", scope.terms),
        scope=scope,
        entries=entries,
        picture=draw(entries, scope),
        left_out=sum(max(0, count - DRAWN) for count in counts),
    )


def draw(entries: Iterable[Entry], scope: Scope) -> str:
    """Draw entries, of each lane the first few."""
    items: dict[str, list[picture.Item]] = {}
    for entry in entries:
        items.setdefault(entry.kind, []).append(_item(entry))
    title = f"Timeline: {scope.label}" if scope.label else "Timeline"
    return picture.draw([item for lane in items.values() for item in lane[:DRAWN]], title=title)


def read_entries(scope: Scope) -> list[Entry]:
    """Return everything that has a place on the timeline of a scope, lane by lane."""
    entries = [*_read_occurrences(scope), *_read_claims(scope), *_read_documents(scope)]
    return sorted(entries, key=lambda entry: (*entry.order, entry.iri))


def _read_occurrences(scope: Scope) -> list[Entry]:
    rows = rendering.site().views.select("timeline-occurrences", scope.terms)
    iris = list(dict.fromkeys(row["item"].text for row in rows))
    labels = rendering.labels_of(iris)
    claims = evidence.claims_of_frames(iris)
    return [
        Entry(
            row["item"].text,
            "contact" if row["isContact"].text == "true" else "context",
            labels[row["item"].text],
            row["edtf"].text if "edtf" in row else "",
            tuple(claims.get(row["item"].text, ())),
        )
        for row in rows
    ]


def _read_claims(scope: Scope) -> list[Entry]:
    rows = rendering.site().views.select("timeline-claims", scope.terms)
    by_iri = {card.iri: card for card in cards.load({row["claim"].text for row in rows})}
    entries = []
    for row in rows:
        card = by_iri[row["claim"].text]
        said = names.local_name(row["property"].text) == "saidDuring"
        kind = "statement" if said else _KIND_OF_MODE.get(card.mode, "context")
        entries.append(
            Entry(card.iri, kind, card.label, row["edtf"].text, (card.iri,), _voices(card))
        )
    return entries


def _read_documents(scope: Scope) -> list[Entry]:
    """Return the publication of the documents, which is what dates the author's own voice."""
    rows = rendering.site().views.select("documents")
    wanted = [row for row in rows if "issued" in row and _is_within(row["document"].text, scope)]
    labels = rendering.labels_of(row["document"].text for row in wanted)
    return [
        Entry(iri, "statement", labels[iri], row["issued"].text, (), "Published")
        for row in wanted
        if (iri := row["document"].text)
    ]


def _is_within(document: str, scope: Scope) -> bool:
    return scope.name in {"", document.partition("/id/")[2]}


def _voices(card: Card) -> str:
    return ", ".join(card.label_of(value).text for value in card.claimants)


def _item(entry: Entry) -> picture.Item:
    span = edtf.read(entry.date)
    keys = ", ".join(names.claim_key(claim) for claim in entry.claims)
    note = ". ".join(filter(None, (entry.when, entry.note, f"Claims {keys}" if keys else "")))
    href = names.path_of(entry.iri)
    if span is None:
        return picture.Item(entry.lane, entry.label.text, href, entry.kind, note=note)
    return picture.Item(
        entry.lane,
        entry.label.text,
        href,
        entry.kind,
        span.begin,
        span.end,
        span.precision,
        note,
    )

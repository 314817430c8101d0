"""The timeline: contacts, stances, aims, statements and context, as precisely as they are dated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import flask

from parley.web import cards, edtf, evidence, names, rendering, scopes
from parley.web.pictures import timeline as picture
from parley.web.views import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.web.scopes import Scope

blueprint = flask.Blueprint("timeline", __name__)

#: Entries of one lane that are drawn; the table has all.
DRAWN: Final = 24
#: Rows of one page of the table.
LISTED: Final = 100
#: Dated claims that a view returns at most (its LIMIT).
MOST: Final = 2_000
_LANES: Final = {
    "contact": "Contacts",
    "stance": "Stances",
    "objective": "Aims",
    "statement": "Statements",
    "context": "Context",
}
_UNNAMED: Final = Value("")
_KIND_OF_MODE: Final = {"attitude": "stance", "intention": "objective"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline and its date as the source gives it.

    Label, the claims behind it and a note are there once it is completed.
    """

    iri: str
    kind: str
    date: str
    label: Value = _UNNAMED
    claims: tuple[str, ...] = ()
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
    """Show the timeline as a picture with links, and page by page as a table."""
    scope = scopes.read()
    entries = read_entries(scope)
    drawn = first_of_each(entries, DRAWN)
    number = rendering.page_number()
    end = number * LISTED
    listed = entries[end - LISTED : end]
    shown = [*drawn, *listed]
    known = dict(zip(shown, complete(shown), strict=True))
    return rendering.render(
        "timeline.html",
        behind=("timeline-claims", scope.terms),
        scope=scope,
        entries=[known[entry] for entry in listed],
        picture=draw([known[entry] for entry in drawn], scope),
        left_out=len(entries) - len(drawn),
        is_cut=sum(names.kind_of(e.iri) == "claim" for e in entries) >= MOST,
        number=number,
        more=len(entries) > end,
    )


def draw(entries: Iterable[Entry], scope: Scope) -> str:
    """Draw completed entries, lane by lane."""
    title = f"Timeline: {scope.label}" if scope.label else "Timeline"
    return picture.draw([_item(entry) for entry in entries], title=title)


def read_entries(scope: Scope) -> list[Entry]:
    """Return everything that has a place on the timeline of a scope, lane by lane."""
    entries = [*_read_occurrences(scope), *_read_claims(scope), *_read_documents(scope)]
    return sorted(entries, key=lambda entry: (*entry.order, entry.iri))


def first_of_each(entries: Iterable[Entry], count: int) -> list[Entry]:
    """Return so many entries of each lane."""
    return [entry for lane in _lanes(entries) for entry in lane[:count]]


def some_of_each(entries: Iterable[Entry], count: int) -> list[Entry]:
    """Return so many entries of each lane: of different times, from the first to the last."""
    return [entry for lane in _lanes(entries) for entry in _spread(lane, count)]


def complete(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries with their labels, who says so, and the claims behind them."""
    claims = {e.iri for e in entries if names.kind_of(e.iri) == "claim"}
    by_iri = {card.iri: card for card in cards.load(claims)}
    others = list(dict.fromkeys(e.iri for e in entries if e.iri not in claims))
    labels = rendering.labels_of(others)
    behind = evidence.claims_of_frames(i for i in others if names.kind_of(i) == "occurrence")
    return [
        replace(e, label=card.label, claims=(e.iri,), note=cards.attribution(card))
        if (card := by_iri.get(e.iri))
        else replace(e, label=labels[e.iri], claims=tuple(behind.get(e.iri, ())))
        for e in entries
    ]


def _lanes(entries: Iterable[Entry]) -> Iterable[list[Entry]]:
    lanes: dict[str, list[Entry]] = {}
    for entry in entries:
        lanes.setdefault(entry.kind, []).append(entry)
    return lanes.values()


def _spread(lane: Sequence[Entry], count: int) -> list[Entry]:
    """Return one entry of each of so many times, evenly chosen; if times are few, more of them."""
    dates = list(dict.fromkeys(entry.date for entry in lane))
    last = max(count - 1, 1)
    wanted = {dates[n * (len(dates) - 1) // last] for n in range(count)}
    firsts = {entry.date: entry for entry in reversed(lane) if entry.date in wanted}
    chosen = list(firsts.values())
    chosen += [entry for entry in lane if entry not in chosen][: count - len(chosen)]
    return [entry for entry in lane if entry in chosen]


def _read_occurrences(scope: Scope) -> list[Entry]:
    rows = rendering.site().views.select("timeline-occurrences", scope.terms)
    return [
        Entry(
            row["item"].text,
            "contact" if "contact" in row else "context",
            row["edtf"].text if "edtf" in row else "",
        )
        for row in rows
    ]


def _read_claims(scope: Scope) -> list[Entry]:
    entries = []
    for row in rendering.site().views.select("timeline-claims", scope.terms):
        said = names.local_name(row["property"].text) == "saidDuring"
        mode = names.local_name(row["mode"].text)
        kind = "statement" if said else _KIND_OF_MODE.get(mode, "context")
        entries.append(Entry(row["claim"].text, kind, row["edtf"].text))
    return entries


def _read_documents(scope: Scope) -> list[Entry]:
    """Return the publication of the documents, which is what dates the author's own voice."""
    return [
        Entry(row["document"].text, "statement", row["issued"].text, note="Published")
        for row in rendering.site().views.select("documents")
        if "issued" in row and _is_within(row["document"].text, scope)
    ]


def _is_within(document: str, scope: Scope) -> bool:
    return scope.name in {"", document.partition("/id/")[2]}


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

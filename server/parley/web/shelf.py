"""Lists: the shelf of documents, and the things of a kind, the most spoken of first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask

from parley.errors import NotFoundError
from parley.namespaces import PL
from parley.web import cards, documents, meetings, rendering
from parley.web.views import Slice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.web.meetings import Meetings
    from parley.web.views import Terms, Value

blueprint = flask.Blueprint("shelf", __name__)

#: Documents or things on one page.
LISTED: Final = 50
#: Name in the address to heading and class; voices and claims have queries of their own.
KINDS: Final = {
    "actors": ("Actors", "Actor"),
    "objectives": ("Objectives", "Objective"),
    "contacts": ("Contacts", "Contact"),
    "occurrences": ("Occurrences", "Occurrence"),
    "places": ("Places", "Place"),
    "topics": ("Topics", "Topic"),
    "periods": ("Periods", "Period"),
    "propositions": ("Propositions", "Proposition"),
}


@dataclass(frozen=True, slots=True)
class Book:
    """A document on the shelf: its IRI and what is known of it."""

    iri: str
    facts: Mapping[str, list[Value]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the shelf."""

    documents: tuple[Book, ...]
    meetings: Meetings
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing in a list: what it is called, what it is, how many claims are on it."""

    iri: str
    label: Value
    definition: Value | None
    count: int


@blueprint.route("/documents")
@rendering.kept
def show_shelf() -> str:
    """Show the shelf of documents, the newest first."""
    found = list_documents(rendering.page_number(), LISTED)
    return rendering.render("shelf.html", behind=("documents", {}), shelf=found, counts=[])


@blueprint.route("/browse/<name>")
@rendering.kept
def show_list(name: str) -> str:
    """List the things of a kind, the most spoken of first."""
    number = rendering.page_number()
    if name == "claims":
        found, more = cards.load_part("claims", {}, number)
        return rendering.render(
            "claims.html", behind=("claims", {}), cards=found, number=number, more=more
        )
    if name == "voices":
        return _show_things("Voices", "voices", {}, number)
    if name not in KINDS:
        raise NotFoundError(f"There is no list of {name[:80]!r}.")
    title, cls = KINDS[name]
    return _show_things(title, "things", {"class": PL[cls]}, number)


def list_documents(number: int, size: int) -> Shelf:
    """Return one page of the shelf, numbered from 1, with so many documents."""
    part = Slice(size + 1, (number - 1) * size)
    rows = rendering.site().views.select("documents", part=part)
    iris = list(dict.fromkeys(row["document"].text for row in rows[:size]))
    facts = documents.describe(iris)
    books = tuple(Book(iri, facts[iri]) for iri in iris)
    alone = len(iris) == 1 and number == 1
    met = meetings.Meetings() if alone else meetings.read(iris)
    return Shelf(books, met, number, len(rows) > size)


def define(iris: list[str]) -> dict[str, Value]:
    """Return the definitions of things in the reader's language."""
    rows = rendering.site().views.select_each("definitions", "this", iris)
    found = {iri: [r for r in rows if r["this"].text == iri] for iri in iris}
    picked = {iri: rendering.pick(own, "definition") for iri, own in found.items()}
    return {iri: value for iri, value in picked.items() if value is not None}


def _show_things(title: str, view: str, terms: Terms, number: int) -> str:
    part = Slice(LISTED + 1, (number - 1) * LISTED)
    rows = rendering.site().views.select(view, terms, part=part)
    iris = [row["thing"].text for row in rows[:LISTED]]
    labels, definitions = rendering.labels_of(iris), define(iris)
    things = [
        Thing(iri, labels[iri], definitions.get(iri), int(row["claims"].text))
        for iri, row in zip(iris, rows, strict=False)
    ]
    return rendering.render(
        "things.html",
        behind=(view, terms),
        title=title,
        things=things,
        number=number,
        more=len(rows) > LISTED,
        per="claims ascribed" if view == "voices" else "claims on it",
    )

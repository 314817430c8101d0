"""The front page: one article with its claims, or the shelf of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flask
from rdflib import URIRef

from parley.corpus import queries
from parley.web import documents, names, rendering, scopes, shelf, specimen, timeline

if TYPE_CHECKING:
    from parley.corpus.queries import Query
    from parley.web.views import Row

blueprint = flask.Blueprint("pages", __name__)

#: Entries of a lane of the timeline on the front page.
_TIMED: Final = 4
#: Documents of a shelf that the front page shows, the newest.
NEWEST: Final = 12
#: The numbers of the front page: column, what it counts, and where the list is.
COUNTS: Final = (
    ("documents", "documents", "/documents"),
    ("claims", "claims", "/browse/claims"),
    ("claimants", "voices", "/browse/voices"),
    ("actors", "actors", "/browse/actors"),
    ("objectives", "objectives", "/browse/objectives"),
    ("contacts", "contacts", "/browse/contacts"),
)

#: The questions that a newcomer is offered: of one article, and of a shelf.
FIRST_QUESTIONS: Final = (
    "p01-listed-objectives",
    "p08-stance-over-time",
    "p03-mediator",
    "claims-by-claimant",
    "contested-propositions",
    "changes-of-stance",
)


@blueprint.route("/")
@rendering.kept
def show_home() -> str:
    """Show the article with its claims, or the shelf when there are several."""
    found = shelf.list_documents(1, NEWEST)
    if len(found.documents) == 1 and not found.more:
        return _show_article(found.documents[0])
    picture = _draw_timeline() if found.documents else ""
    return rendering.render(
        "shelf.html",
        behind=("documents", {}),
        shelf=found,
        is_front=True,
        counts=_counts(),
        picture=picture,
        questions=_questions("examples"),
    )


def _show_article(book: shelf.Book) -> str:
    reading = documents.read_page(names.local_name(book.iri))
    return rendering.render(
        "home.html",
        behind=("claim-index", {"document": URIRef(book.iri)}),
        iri=book.iri,
        document=book.facts,
        reading=reading,
        specimen=specimen.choose(reading),
        counts=_counts(),
        picture=_draw_timeline(),
        questions=_questions("competency"),
    )


def _questions(folder: str) -> list[Query]:
    """Return the questions of a folder that the front page offers, as far as the home has them."""
    home = rendering.site().home
    paths = [home.queries / folder / f"{n}.rq" for n in FIRST_QUESTIONS] if home else []
    return [queries.read(path) for path in paths if path.is_file()]


def _draw_timeline() -> str:
    """Draw some dated entries of each lane, of different times; nothing when there are none."""
    dated = [entry for entry in timeline.read_entries(scopes.EVERYTHING) if entry.date]
    shown = timeline.complete(timeline.some_of_each(dated, _TIMED))
    return timeline.draw(shown, scopes.EVERYTHING) if shown else ""


def _counts() -> list[tuple[int, str, str]]:
    rows: list[Row] = rendering.site().views.select("counts")
    counts = [(int(rows[0][column].text), name, path) for column, name, path in COUNTS if rows]
    return [found for found in counts if found[0] > 1 or found[1] != "documents"]

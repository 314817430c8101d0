"""``/search.json``: all that can be searched, for a search in the browser without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import flask

from parley.web import rendering, search
from parley.web.text import shortened
from parley.web.views import Slice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.web.views import Row

blueprint = flask.Blueprint("search_index", __name__)

#: Rows asked for at a time; answers of any size are put together.
_BATCH: Final = 20_000


@blueprint.route("/search.json")
@rendering.kept
def show_index() -> flask.Response:
    """Return each thing with its name, address and kind, and the texts by which it is found."""
    things: dict[str, dict[str, Any]] = {}
    for row in _rows():
        iri = row["thing"].text
        if iri not in things:
            things[iri] = {"address": "", "kind": "", "name": "", "texts": []}
        text = {"text": shortened(row["text"].text), "rank": search.weight(row)}
        language = row["text"].language
        things[iri]["texts"].append(text | ({"language": language} if language else {}))
    labels = rendering.labels_of(things)
    for iri, thing in things.items():
        kind, address, passage = search.place(iri)
        name = thing["texts"][0]["text"] if passage else shortened(labels[iri].text)
        thing |= {"address": address, "kind": kind, "name": name}
    kinds = [{"name": name, "title": title} for name, title in search.KINDS]
    return flask.json.jsonify({"kinds": kinds, "things": list(things.values())})


def _rows() -> Iterator[Row]:
    skipped = 0
    while True:
        rows = rendering.site().views.select("search-index", part=Slice(_BATCH, skipped))
        yield from rows
        if len(rows) < _BATCH:
            return
        skipped += _BATCH

"""``/vocab.json``: the names a query may use, for completion in the editor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import flask

from parley.namespaces import PREFIXES
from parley.web import names, rendering, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.web.views import Row

blueprint = flask.Blueprint("vocabulary", __name__)

#: Local names that SPARQL takes without escapes; others are left to the writer.
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][\w-]*")
#: Code points of a definition that a completion shows.
_SHOWN: Final = 200


@blueprint.route("/vocab.json")
@rendering.kept
def show_vocabulary() -> flask.Response:
    """Return prefixes, terms of the ontology, individuals with a label, and predicates in use."""
    views = rendering.site().views
    terms: dict[str, dict[str, str]] = {}
    for row in (*views.select("ontology-terms"), *views.select("vocabulary")):
        _add(terms, row["term"].text, row)
    for iri in views.known_terms():
        _add(terms, iri, {})
    used = {curie.partition(":")[0] for curie in terms}
    prefixes = {prefix: PREFIXES[prefix] for prefix in sorted(used)}
    return flask.json.jsonify({"prefixes": prefixes, "terms": _sorted(terms.values())})


def _add(terms: dict[str, dict[str, str]], iri: str, row: Row) -> None:
    curie = names.curie_of(iri)
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES or not _LOCAL.fullmatch(local) or curie in terms:
        return
    definition = row["definition"].text[:_SHOWN] if "definition" in row else ""
    terms[curie] = {
        "curie": curie,
        "label": text.shortened(row["label"].text) if "label" in row else "",
        "kind": names.local_name(row["kind"].text) if "kind" in row else "",
        "definition": text.shortened(definition),
    }


def _sorted(terms: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(terms, key=lambda term: term["curie"])

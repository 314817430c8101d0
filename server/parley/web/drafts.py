"""What a machine has drafted and nobody has reviewed: not shown, but said to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef

from parley.engine.settled import DRAFTS
from parley.errors import NotFoundError
from parley.namespaces import PLID
from parley.web import names, rendering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.web.views import Value


def count(documents: Iterable[str]) -> dict[str, Value]:
    """Return how many drafted claims wait in each of these documents that has some."""
    graphs = {f"{DRAFTS}{names.local_name(iri)}": iri for iri in documents}
    rows = rendering.site().views.select_each("drafts-of-documents", "graph", graphs)
    return {graphs[row["graph"].text]: row["drafts"] for row in rows}


def missing(iri: str) -> NotFoundError:
    """Return the error for an IRI of which the dataset says nothing outside its drafts."""
    slug = names.document_slug(iri) if iri.startswith(str(PLID)) else ""
    terms = {"this": URIRef(iri), "graph": URIRef(f"{DRAFTS}{slug}")}
    if slug and rendering.site().views.ask("is-draft", terms):
        return NotFoundError(
            f"<{iri}> is drafted by a machine; nobody has reviewed it yet.",
            remedy=f"Decide on it with: parley review {slug}",
        )
    return NotFoundError(f"The dataset says nothing about <{iri}>.")

"""A thing as RDF: all it is said to be, blank nodes included, and what points at it page by page.

It is a bounded description: a hub at which ten thousand claims point has many pages, none of them
large (compare https://www.w3.org/Submission/CBD/).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from parley.engine.convert import canonical, serialise
from parley.engine.results import JSON_LD, N_TRIPLES
from parley.errors import NotFoundError
from parley.namespaces import PREFIXES
from parley.publishing.records import read_context, to_record
from parley.web.site import site
from parley.web.views import Slice

#: Things that point at another, on one page of its description.
INCOMING: Final = 1_000


@dataclass(frozen=True, slots=True)
class Description:
    """One page of what is said about a thing, and whether there is another."""

    body: bytes
    more: bool


def describe(iri: str, media_type: str, number: int) -> Description:
    """Return a page of the description of a thing, from 1; the first has all that it is.

    Raises:
        NotFoundError: There are not so many pages.
    """
    this, views = URIRef(iri), site().views
    part = Slice(INCOMING + 1, (number - 1) * INCOMING)
    rows = views.select("entity-incoming", {"this": this}, part=part)
    if number > 1 and not rows:
        raise NotFoundError(f"There is no page {number}.", remedy="Leave page out of the address.")
    lines = [
        f"<{row['subject'].text}> <{row['property'].text}> {this.n3()} .\n".encode()
        for row in rows[:INCOMING]
    ]
    if number == 1:
        lines.append(views.fetch("entity", "CONSTRUCT", N_TRIPLES, {"this": this}))
    triples = b"".join(lines)
    more = len(rows) > INCOMING
    record = _record(triples, iri) if media_type == JSON_LD else None
    if record is not None:
        return Description(record, more)
    named = canonical(triples) if b"_:" in triples else triples
    return Description(serialise(named, media_type, PREFIXES), more)


def _record(triples: bytes, iri: str) -> bytes | None:
    """Return triples as a record by the context of the home; None where there is no context."""
    home = site().home
    path = home.ontology / "context.jsonld" if home is not None else None
    if path is None or not path.is_file():
        return None
    return to_record(triples, iri, read_context(path, path.stat().st_mtime_ns))

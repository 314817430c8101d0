"""The contacts, objectives and periods of a draft as entities, with what its claims cover.

Every triple of an entity is one that a claim of the draft says: who takes part, who holds it and
when. So a person who accepts the claims has the entity, and has only to correct it.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, XSD

from parley.errors import TermError
from parley.namespaces import PL, PLID
from parley.terms import slugify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import Graph

    from parley.corpus.documents import Document
    from parley.drafting.values import Contact

_READABLE: Final = 64
_LABEL: Final = 120
#: Years, decades, months and days of the calendar, and ranges of years.
_POINT: Final = re.compile(r"(?P<y>\d{3}[\dX])(?:-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>\d\d))?)?")
_RANGE: Final = re.compile(r"(?P<first>\d{4})/(?P<last>\d{4}|\.\.)")


class Framing:
    """Entities minted for one document, each once."""

    def __init__(self, graph: Graph, document: Document, periods: Mapping[str, str]) -> None:
        self.graph = graph
        self.document = document
        self.periods = periods
        self._keys: dict[URIRef, tuple[str, ...]] = {}

    def contact(
        self, proposal: Contact, sides: Sequence[URIRef], mediators: Sequence[URIRef]
    ) -> URIRef:
        """Return the contact of these sides: the same word, sides and time are the same contact."""
        names = proposal.participants
        words = f"{proposal.cue} {' '.join(names)} {proposal.time}"
        key = (proposal.cue.lower(), proposal.time, *sorted(map(str, sides)), *map(str, mediators))
        iri = self._named("occurrence", words, key)
        time = f", {proposal.time}" if proposal.time else ""
        label = f"{proposal.cue}: {names[0]} and {', '.join(names[1:])}{time}"
        self._describe(iri, PL.Contact, label)
        for side in sides:
            self.graph.add((iri, PL.hasParticipant, side))
        for mediator in mediators:
            self.graph.add((iri, PL.hasMediator, mediator))
        if proposal.informal:
            self.graph.add((iri, PL.formality, PL.informal))
        if (period := self.period(proposal.time)) is not None:
            self.graph.add((iri, PL.holdsDuring, period))
        return iri

    def objective(self, holder: URIRef, words: str) -> URIRef:
        """Return the objective of a holder in these words."""
        plain = " ".join(words.split())
        iri = self._named("objective", plain, (str(holder), plain))
        self._describe(iri, PL.Objective, plain.rstrip(".;"))
        self.graph.add((iri, PL.holder, holder))
        return iri

    def period(self, edtf: str) -> URIRef | None:
        """Return the period of this name; None when it has no bounds in the calendar."""
        bounds = _bounds(edtf)
        if bounds is None:
            return None
        if edtf in self.periods:
            return URIRef(self.periods[edtf])
        iri = URIRef(PLID[f"period/{slugify(edtf.replace('..', 'on'))}"])
        self._describe(iri, PL.Period, edtf)
        self.graph.add((iri, PL.edtf, Literal(edtf, datatype=XSD.string)))
        for prop, at in zip((PL.beginsAt, PL.endsAt), bounds, strict=True):
            if at:
                self.graph.add((iri, prop, Literal(at, datatype=XSD.dateTime)))
        return iri

    def _named(self, kind: str, words: str, key: tuple[str, ...]) -> URIRef:
        try:
            slug = slugify(words)
        except TermError:
            slug = kind
        short = slug if len(slug) <= _READABLE else slug[:_READABLE].rpartition("-")[0]
        iri = URIRef(PLID[f"{kind}/{self.document.slug}-{short}"])
        if self._keys.setdefault(iri, key) != key:
            digest = hashlib.sha256("\n".join(key).encode("utf-8")).hexdigest()[:8]
            iri = URIRef(f"{iri}-{digest}")
        return iri

    def _describe(self, iri: URIRef, kind: URIRef, label: str) -> None:
        if (iri, RDF.type, None) in self.graph:
            return
        self.graph.add((iri, RDF.type, kind))
        self.graph.add((iri, RDFS.label, Literal(label[:_LABEL], lang="en")))
        self.graph.add((iri, DCTERMS.source, URIRef(self.document.iri)))


def _bounds(edtf: str) -> tuple[str, str] | None:
    """Return the first and the last second of a time; an open end is empty."""
    if span := _RANGE.fullmatch(edtf):
        last = span["last"]
        return f"{span['first']}-01-01T00:00:00Z", "" if last == ".." else f"{last}-12-31T23:59:59Z"
    point = _POINT.fullmatch(edtf)
    if point is None or (point["m"] and "X" in point["y"]):
        return None
    first, last = point["y"].replace("X", "0"), point["y"].replace("X", "9")
    month, day = point["m"], point["d"]
    end = day or (f"{calendar.monthrange(int(last), int(month))[1]:02}" if month else "31")
    return (
        f"{first}-{month or '01'}-{day or '01'}T00:00:00Z",
        f"{last}-{month or '12'}-{end}T23:59:59Z",
    )

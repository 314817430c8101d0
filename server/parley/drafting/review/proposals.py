"""The claims of a document's file as a curator sees them, drafted or decided."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from parley.corpus import quotations
from parley.drafting.review import catalogue
from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from parley.corpus.documents import Document

_RULE: Final = re.compile(r"drafted by rule (\S+)")
_CONFIDENCE: Final = re.compile(r"confidence (\d\.\d+)")
#: What is expected of a rule of which nothing is known.
UNKNOWN: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A claim as its file has it; ``start`` and ``end`` are its place, or None when it has none.

    ``notes`` are what the draft remarks, without its rule and confidence.
    """

    claim: str
    status: str
    start: int | None
    end: int | None
    quote: str
    label: str
    claimants: tuple[str, ...]
    mode: str
    basis: str
    certainty: str
    polarity: str
    temporality: str
    cue: str
    hedge: str
    proposition: str
    wording: str
    parts: tuple[tuple[str, str], ...]
    rule: str
    confidence: float
    notes: tuple[str, ...]
    within: str


def read(graph: Graph, document: Document) -> list[Proposal]:
    """Return every claim of a document's file, in the order of the text, what is around first."""
    found = [
        read_one(graph, document, claim)
        for claim in sorted(graph.subjects(RDF.type, PL.Claim, unique=True), key=str)
    ]
    end = len(document.text)
    return sorted(
        found, key=lambda p: (end if p.start is None else p.start, -(p.end or 0), p.claim)
    )


def read_one(graph: Graph, document: Document, claim: Node) -> Proposal:
    """Return one claim of a document's file."""
    quote = _text(graph, claim, PL.quote)
    span = place(graph, document, claim, quote)
    notes = [str(note) for note in sorted(graph.objects(claim, SKOS.editorialNote), key=str)]
    rule = next((m[1] for note in notes if (m := _RULE.match(note))), "")
    sure = next((float(m[1]) for note in notes if (m := _CONFIDENCE.match(note))), UNKNOWN)
    content = graph.value(claim, PL.content, any=True)
    return Proposal(
        claim=str(claim),
        status=_word(graph, claim, PL.status),
        start=span[0] if span else None,
        end=span[1] if span else None,
        quote=quote,
        label=_text(graph, claim, RDFS.label),
        claimants=tuple(sorted(str(c) for c in graph.objects(claim, PL.claimant))),
        mode=_word(graph, claim, PL.attributionMode),
        basis=_word(graph, claim, PL.attributionBasis),
        certainty=_word(graph, claim, PL.certainty),
        polarity=_word(graph, claim, PL.polarity),
        temporality=_word(graph, claim, PL.temporality),
        cue=_text(graph, claim, PL.cueText),
        hedge=_text(graph, claim, PL.hedgeText),
        proposition=str(content or ""),
        wording="" if content is None else _text(graph, content, RDFS.label),
        parts=() if content is None else catalogue.parts_of(graph, content),
        rule=rule,
        confidence=sure,
        notes=tuple(n for n in notes if not _RULE.match(n) and not _CONFIDENCE.match(n)),
        within=_text(graph, claim, PL.withinClaim),
    )


def place(graph: Graph, document: Document, claim: Node, quote: str) -> tuple[int, int] | None:
    """Return where the quotation of a claim stands, or None when it is not there just once."""
    prefix, suffix = (_text(graph, claim, p) for p in (PL.quotePrefix, PL.quoteSuffix))
    spans = quotations.find(document.text, quote, prefix=prefix, suffix=suffix)
    return spans[0] if len(spans) == 1 else None


def key_of(proposal: Proposal, document: Document) -> str:
    """Return what a proposal is remembered by: where it stands in which text, who says what.

    Neither the name of the claim nor that of the document counts, as both may be other ones when
    the same text is drafted again.
    """
    parts = dict(proposal.parts)
    about = [_bare(parts.get(name, ""), document) for name in ("subject", "relation", "object")]
    said = [
        document.digest, str(proposal.start), str(proposal.end), proposal.polarity,
        *(_bare(claimant, document) for claimant in proposal.claimants), *about,
    ]  # fmt: skip
    return hashlib.sha256("\n".join(said).encode("utf-8")).hexdigest()[:24]


def as_data(
    proposal: Proposal, labels: Mapping[str, str], precision: float | None = None
) -> dict[str, Any]:
    """Return a proposal as the review page reads it; ``precision`` is that of its rule."""
    return {
        "claim": proposal.claim,
        "key": proposal.claim.rpartition("/")[2],
        "status": proposal.status,
        "start": proposal.start,
        "end": proposal.end,
        "quote": proposal.quote,
        "label": proposal.label,
        "claimants": [named(iri, labels) for iri in proposal.claimants],
        "mode": proposal.mode,
        "basis": proposal.basis,
        "certainty": proposal.certainty,
        "polarity": proposal.polarity,
        "temporality": proposal.temporality,
        "cue": proposal.cue,
        "hedge": proposal.hedge,
        "proposition": {
            "iri": proposal.proposition,
            "label": proposal.wording or labels.get(proposal.proposition, ""),
            "parts": [[name, named(value, labels)] for name, value in proposal.parts],
        },
        "rule": proposal.rule,
        "confidence": round(proposal.confidence if precision is None else precision, 2),
        "notes": list(proposal.notes),
        "within": proposal.within.rpartition("/")[2],
    }


def named(value: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Return a value and what it is called; words have no IRI."""
    if not value.startswith("https://"):
        return {"iri": "", "label": value}
    return {"iri": value, "label": labels.get(value, value.rpartition("/")[2].replace("-", " "))}


def _bare(iri: str, document: Document) -> str:
    return iri.replace(f"/{document.slug}-", "/")


def _text(graph: Graph, subject: Node, prop: URIRef) -> str:
    values = sorted(graph.objects(subject, prop), key=_english_first)
    return str(values[0]) if values else ""


def _english_first(value: Node) -> tuple[bool, str]:
    return getattr(value, "language", None) not in {None, "en"}, str(value)


def _word(graph: Graph, subject: Node, prop: URIRef) -> str:
    return _text(graph, subject, prop).removeprefix(str(PL))


def iri_of(slug: str, key: str) -> URIRef:
    """Return the IRI of a document's claim."""
    return URIRef(f"{PLID}claim/{slug}/{key}")

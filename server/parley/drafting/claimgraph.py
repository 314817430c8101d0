"""Drafted claims as triples: claims, propositions and the entities that the home does not know."""

from __future__ import annotations

import hashlib
import string
from collections import Counter
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from parley.corpus import documents, quotations
from parley.drafting import coreference, suggestions, tables
from parley.drafting.framing import Framing
from parley.errors import TermError
from parley.namespaces import PL, PLID, PLR
from parley.terms import slugify

if TYPE_CHECKING:
    from parley.corpus.documents import Document
    from parley.drafting.entities import Entities
    from parley.drafting.values import (
        Attribution,
        AuthorClaim,
        Contact,
        Draft,
        Objective,
        Span,
    )

_TYPES: Final = {
    "person": PL.Person, "state": PL.State, "government": PL.Government, "party": PL.Party,
    "organization": PL.Organization, "group": PL.PoliticalGrouping, "metonym": PL.State,
}  # fmt: skip
_MODES: Final = {
    "assertion": PL.communication, "question": PL.communication, "belief": PL.attitude,
    "attitude": PL.attitude, "eventuality": PL.intention,
}  # fmt: skip
_FUTURE: Final = ("will", "shall", "going to")
_PAST: Final = frozenset({"was", "were", "had", "did"})
_READABLE: Final = 48
_SIDES: Final = 2
_UNSAID: Final = "unnamed source"


class ClaimGraph:
    """The graph of a document's drafted claims, filled once."""

    def __init__(self, document: Document, names: Entities, author: str) -> None:
        self.graph = Graph(bind_namespaces="none")
        self.document = document
        self.names = names
        self.framing = Framing(self.graph, document, names.periods)
        self.kinds: dict[str, str] = {author: "person"}
        self._letters: Counter[int] = Counter()
        self._said: set[tuple[str, ...]] = set()
        self._claimants: set[str] = {"author", _UNSAID}
        self.author = self.actor(author) if author else self._unnamed("author")

    def add(self, draft: Draft) -> None:
        """Add every proposal of a draft, in the order of its kind and place."""
        self.kinds |= {m.actor: m.kind for m in draft.mentions if m.actor not in self.kinds}
        self._claimants |= {_voice(a) for a in draft.attributions if a.sense != "evidence"}
        self._claimants |= {o.holder for o in draft.objectives}
        made = [self._attribution(attribution) for attribution in draft.attributions]
        for attribution, claim in zip(draft.attributions, made, strict=True):
            parent = None if attribution.within is None else made[attribution.within]
            if claim is not None and parent is not None:
                self._put(claim, PL.withinClaim, parent)
        for objective in draft.objectives:
            self._objective(objective)
        for contact in draft.contacts:
            self._contact(contact)
        for own in draft.author_claims:
            self._own(own)

    def actor(self, name: str, kind: str = "") -> URIRef:
        """Return the home's actor of this name, or one minted for this document."""
        if name.lower() in coreference.ONESELF:
            return self.author
        known = self.names.find(name)
        if known is not None:
            return URIRef(known)
        kind = kind or self.kinds.get(name) or _listed_kinds().get(name.lower(), "")
        if not kind:
            return self._unnamed(name)
        return self._mint(slugify(name), name, _TYPES.get(kind, PL.Organization))

    def _unnamed(self, name: str) -> URIRef:
        try:
            slug = slugify(name)
        except TermError:
            slug = slugify(_UNSAID)
        kind = PL.UnnamedSource if name in self._claimants else PL.PoliticalGrouping
        return self._mint(f"{self.document.slug}-{slug}", name, kind)

    def _mint(self, slug: str, label: str, kind: URIRef) -> URIRef:
        iri = URIRef(PLID[f"actor/{slug}"])
        if (iri, RDF.type, None) not in self.graph and str(iri) not in self.names.by_name.values():
            self._put(iri, RDF.type, kind)
            self._put(iri, RDFS.label, Literal(label, lang="en"))
            self._put(iri, DCTERMS.source, URIRef(self.document.iri))
        return iri

    def _attribution(self, proposal: Attribution) -> URIRef | None:
        shown = proposal.sense == "evidence"
        claimant = self.author if shown else self.actor(_voice(proposal))
        relation = _relation(proposal)
        if relation == PLR["has-objective"] and not proposal.denied and not shown:
            content = self._aim(claimant, proposal.span.quote)
        else:
            content = self._proposition(claimant, relation, value=proposal.span.quote)
        quoted = _joined(self.document.text, proposal)
        explicit = proposal.cue_span is not None
        denied = proposal.polarity == "-" if relation == PLR.states else proposal.denied
        claim = self._claim(quoted, claimant, content, denied=denied, rule=proposal.rule)
        if claim is None:
            return None
        self._put(claim, PL.attributionMode, PL.authorVoice if shown else _MODES[proposal.sense])
        self._put(claim, PL.attributionBasis, PL.explicit if explicit else PL.implicit)
        if proposal.cue_span is not None:
            self._put(claim, PL.cueText, Literal(proposal.cue_span.quote))
        self._certainty(claim, proposal.hedge)
        time = f", time {proposal.time}" if proposal.time else ""
        self._note(claim, proposal.origin or f"confidence {proposal.confidence:.2f}{time}")
        if proposal.rule == suggestions.RULE:
            self._put(claim, PROV.wasGeneratedBy, self._activity(proposal.origin))
        return claim

    def _activity(self, origin: str) -> URIRef:
        """Return the activity of a model, which names no curator: nobody has judged yet."""
        digest = hashlib.sha256(origin.encode("utf-8")).hexdigest()[:8]
        iri = URIRef(PLID[f"drafting/{self.document.slug}-{digest}"])
        self._put(iri, RDF.type, PROV.Activity)
        self._put(iri, RDFS.label, Literal(origin, lang="en"))
        return iri

    def _aim(self, holder: URIRef, words: str) -> URIRef:
        """Return the proposition that somebody has the objective of these words."""
        aim = self.framing.objective(holder, words)
        return self._proposition(
            holder, PLR["has-objective"], thing=aim, value=words, frame=aim, worded=True
        )

    def _objective(self, proposal: Objective) -> None:
        words = proposal.span.quote
        holder = self.actor(proposal.holder) if proposal.holder else self.author
        if holder == self.author:
            content = self._proposition(holder, PLR["has-objective"], value=words)
        else:
            content = self._aim(holder, words)
        rule = f"objective.{proposal.rule}"
        claim = self._claim(proposal.span, holder, content, denied=False, rule=rule)
        if claim is None:
            return
        mode = PL.authorVoice if holder == self.author else PL.intention
        self._put(claim, PL.attributionMode, mode)
        self._put(claim, PL.attributionBasis, PL.implicit)
        self._certainty(claim, "")
        self._note(claim, proposal.origin)
        if proposal.number is not None:
            self._note(claim, f"item {proposal.number} of a list")

    def _contact(self, proposal: Contact) -> None:
        """Claim that each further side has contact with the first, and what else is said of it."""
        if len({self.names.find(name) or name.lower() for name in proposal.participants}) < _SIDES:
            return  # one side alone is in contact with nobody
        sides = list(dict.fromkeys(self.actor(name) for name in proposal.participants))
        told = proposal.mediators if proposal.realised else ()
        between = dict.fromkeys(self.actor(name) for name in told)
        mediators = [actor for actor in between if actor not in sides]
        taken_place = proposal.realised and len(sides) >= _SIDES
        frame = self.framing.contact(proposal, sides, mediators) if taken_place else None
        for other in sides[1:]:
            content = self._proposition(sides[0], PLR["has-contact-with"], thing=other, frame=frame)
            self._met(proposal, content)
        if frame is None:
            return
        for mediator in mediators:
            self._met(proposal, self._proposition(mediator, PLR.mediates, thing=frame, frame=frame))
        if proposal.informal:
            relation = PLR["has-formality"]
            self._met(proposal, self._proposition(frame, relation, thing=PL.informal, frame=frame))

    def _met(self, proposal: Contact, content: URIRef) -> None:
        claim = self._in_own_voice(proposal.span, content, proposal.rule, denied=proposal.denied)
        if claim is None:
            return
        self._certainty(claim, "")
        self._note(claim, proposal.origin)
        if not proposal.realised and not proposal.denied:
            self._note(claim, "not told as having taken place")
        if (period := self.framing.period(proposal.time)) is not None:
            self._put(claim, PL.holdsDuring, period)

    def _own(self, proposal: AuthorClaim) -> None:
        content = self._proposition(self.author, PLR.states, value=proposal.span.quote)
        claim = self._in_own_voice(proposal.span, content, proposal.rule, denied=False)
        if claim is not None:
            self._certainty(claim, _hedge(proposal))
            self._note(claim, proposal.origin)

    def _in_own_voice(
        self, span: Span, content: URIRef, rule: str, *, denied: bool
    ) -> URIRef | None:
        claim = self._claim(span, self.author, content, denied=denied, rule=rule)
        if claim is not None:
            self._put(claim, PL.attributionMode, PL.authorVoice)
            self._put(claim, PL.attributionBasis, PL.explicit)
        return claim

    def _claim(
        self, span: Span, claimant: URIRef, content: URIRef, *, denied: bool, rule: str
    ) -> URIRef | None:
        """Mint a claim, unless the same is claimed with the same words already."""
        key = (str(claimant), str(content), str(denied), str(span.start), str(span.end))
        if key in self._said:
            return None
        self._said.add(key)
        number = self.document.sentence_at(span.start).number
        letter = _letters(self._letters[number])
        self._letters[number] += 1
        claim = URIRef(PLID[f"claim/{self.document.slug}/{number}{letter}"])
        self._put(claim, RDF.type, PL.Claim)
        self._put(claim, PL.claimant, claimant)
        self._put(claim, PL.content, content)
        self._put(claim, PL.polarity, PL.negative if denied else PL.positive)
        self._put(claim, PL.temporality, _temporality(span.quote))
        self._put(claim, PL.status, PL.drafted)
        self._note(claim, f"drafted by rule {rule}")
        self._quote(claim, span)
        return claim

    def _note(self, claim: URIRef, words: str) -> None:
        if words:
            self._put(claim, SKOS.editorialNote, Literal(words, lang="en"))

    def _quote(self, claim: URIRef, span: Span) -> None:
        self._put(claim, PL.quote, Literal(span.quote))
        if len(quotations.find(self.document.text, span.quote)) > 1:
            passage = documents.passage_at(self.document, span.start, span.end)
            self._put(claim, PL.quotePrefix, Literal(passage.prefix))
            self._put(claim, PL.quoteSuffix, Literal(passage.suffix))

    def _certainty(self, claim: URIRef, hedge: str) -> None:
        self._put(claim, PL.certainty, PL.possible if hedge else PL.certain)
        if hedge:
            self._put(claim, PL.hedgeText, Literal(hedge))

    def _proposition(
        self,
        subject: URIRef,
        relation: URIRef,
        *,
        thing: URIRef | None = None,
        value: str = "",
        frame: URIRef | None = None,
        worded: bool = False,
    ) -> URIRef:
        """Mint the proposition; the same subject, relation, object and frame give the same IRI.

        Its value are the words, unless a thing is its object, which is then only ``worded`` so.
        """
        what = str(thing or value)
        framed = f"\n{frame}" if frame is not None else ""
        said = f"{subject}\n{relation}\n{what}{framed}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:8]
        named = value if worded else what.rpartition("/")[2]
        words = [subject.rpartition("/")[2], relation.rpartition("/")[2], named]
        readable = slugify(" ".join(words))[:_READABLE].rpartition("-")[0]
        iri = URIRef(PLID[f"proposition/{readable}-{digest}"])
        self._put(iri, RDF.type, PL.AtomicProposition)
        self._put(iri, PL.subject, subject)
        self._put(iri, PL.relation, relation)
        if thing is not None:
            self._put(iri, PL.object, thing)
        else:
            self._put(iri, PL.value, Literal(value, datatype=XSD.string))
        if frame is not None:
            self._put(iri, PL.frame, frame)
        label = " ".join(value.split())[:120] or readable.replace("-", " ")
        self._put(iri, RDFS.label, Literal(label, lang="en"))
        return iri

    def _put(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self.graph.add((subject, predicate, value))


def _voice(proposal: Attribution) -> str:
    return proposal.claimant_norm or proposal.claimant or _UNSAID


def _relation(proposal: Attribution) -> URIRef:
    affirmed = (proposal.polarity == "+") != proposal.denied
    if proposal.sense == "attitude":
        return PLR.approves if affirmed else PLR.opposes
    if proposal.sense == "eventuality":
        return PLR["has-objective"] if affirmed else PLR.opposes
    return PLR.states


def _joined(text: str, proposal: Attribution) -> Span:
    """Return the words from cue to content, so that the cue stands in the quotation."""
    cue, span = proposal.cue_span, proposal.span
    if cue is None:
        return span
    return type(span).cut(text, min(cue.start, span.start), max(cue.end, span.end))


def _temporality(words: str) -> URIRef:
    lowered = f" {words.lower()} "
    if any(f" {sign} " in lowered for sign in _FUTURE):
        return PL.future
    return PL.past if _PAST & set(lowered.split()) else PL.present


def _hedge(proposal: AuthorClaim) -> str:
    from parley.drafting import attribution

    return attribution.hedge_in(proposal.span.quote)


def _letters(index: int) -> str:
    """Return a, b, … z, aa, ab, … for 0, 1, and so on."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = string.ascii_lowercase[rest] + name
    return name


def _listed_kinds() -> dict[str, str]:
    return {entry.actor.lower(): entry.kind for entry in tables.affiliations()}

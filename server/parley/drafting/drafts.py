"""Draft a source: one pure function from its text to everything that is proposed for it.

text ─blocks─▶ one parse a block ─▶ actors ─▶ attributions, contacts, the author's own claims
blocks ─▶ objectives          text ─▶ times, quoted speech (these need no model)
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import (
    actors,
    aims,
    antecedents,
    attribution,
    blocks,
    contacts,
    coreference,
    dates,
    model,
    objectives,
    spans,
    speech,
    syntax,
    tables,
    titles,
    voices,
)
from parley.drafting.values import (
    PROSE,
    Attribution,
    AuthorClaim,
    Contact,
    Draft,
    Objective,
    Span,
    check,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc, Token

    from parley.drafting.actors import Gazetteer, Mention
    from parley.drafting.attribution import Candidate
    from parley.drafting.blocks import Block
    from parley.drafting.dates import Time
    from parley.drafting.sources import Source
    from parley.drafting.tables import Affiliation

NO_MODEL: Final = (
    "No English language model is installed: only listed objectives and quoted speech are drafted. "
    "Install it with: pip install 'parley-claims[draft]'."
)
_QUIET: Final = 0.5


def draft(source: Source, known: Iterable[Affiliation] = (), *, parse: bool = True) -> Draft:
    """Propose attributions, objectives, contacts and author's claims for a source.

    The same source and names give the same draft, on any machine with the same model. Without a
    model, or with ``parse`` off, what needs none is drafted and a note says so.

    Args:
        source: The text to draft.
        known: The names of a home's actors, found besides those of the tables.
        parse: Whether to use the language model.
    """
    names = actors.gazetteer(known)
    found = blocks.split(source.text)
    times = dates.find(source.text)
    listed = tuple(objectives.find(source.text, found, names))
    if not parse or model.find_model() is None:
        spoken = tuple(_from_speech(source.text, times))
        return check(Draft(source, spoken, listed, notes=(NO_MODEL,)))
    return check(_Reading(source, found, names, times).draft(listed))


class _Reading:
    """The parsed blocks of one source, and what is known of its names."""

    def __init__(
        self, source: Source, found: Sequence[Block], names: Gazetteer, times: Sequence[Time]
    ) -> None:
        self.source = source
        self.text = source.text
        self.times = times
        self.blocks = [block for block in found if block.is_prose]
        self.docs = list(model.parse(block.text for block in self.blocks))
        self.mentions: list[Mention] = []
        before: Doc | None = None
        for block, doc in zip(self.blocks, self.docs, strict=True):
            doc.user_data[antecedents.BEFORE] = before
            before = doc
            local = coreference.mark(doc, names)
            self.mentions += [
                replace(m, start=m.start + block.start, end=m.end + block.start) for m in local
            ]
        self.names = actors.unify(self.mentions) | coreference.settle_metonyms(self.mentions)
        self.names |= titles.holders(self.docs, self.names)

    def draft(self, listed: tuple[Objective, ...]) -> Draft:
        """Return everything proposed for the source."""
        attributions: list[Attribution] = []
        meetings: list[Contact] = []
        own: list[AuthorClaim] = []
        sought = list(listed)
        for block, doc in zip(self.blocks, self.docs, strict=True):
            candidates = attribution.find(doc)
            attributions += self._attributions(block, doc, candidates, len(attributions))
            meetings += self._contacts(block, doc)
            sought += self._aims(block, doc, [c.content for c in candidates])
            own += self._author_claims(block, doc, candidates)
        return Draft(
            self.source, tuple(attributions), tuple(sought), tuple(meetings), tuple(own),
            tuple(self.mentions),
        )  # fmt: skip

    def _attributions(
        self, block: Block, doc: Doc, candidates: list[Candidate], offset: int
    ) -> list[Attribution]:
        parents = voices.parents(candidates)
        made = []
        for candidate, parent in zip(candidates, parents, strict=True):
            span = self._span(block, doc, candidate.content)
            made.append(
                Attribution(
                    span=span,
                    **self._claimant(candidate),
                    cue=_cue_text(candidate),
                    cue_span=self._span(block, doc, candidate.cue_span),
                    denied=candidate.denied,
                    polarity=candidate.polarity,
                    hedged=candidate.hedged,
                    hedge=attribution.hedge_in(span.quote),
                    actors=self._actors_in(span),
                    rule=f"{candidate.cue.pos}.{candidate.frame}",
                    sense=candidate.cue.sense,
                    confidence=_confidence(candidate),
                    time=self._time_near(block, doc, candidate.token.i),
                    within=None if parent is None else offset + parent,
                    independent=parent is None
                    or voices.is_independent(candidate, candidates[parent]),
                )
            )
        return made

    def _claimant(self, candidate: Candidate) -> dict[str, str]:
        claimed = candidate.claimant_span
        if claimed is None or candidate.claimant is None:
            return {"claimant": "", "claimant_norm": ""}
        words = candidate.token.doc[slice(*claimed)].text
        return {
            "claimant": words,
            "claimant_norm": coreference.name(candidate.claimant, self.names),
        }

    def _contacts(self, block: Block, doc: Doc) -> list[Contact]:
        return [
            Contact(
                span=self._span(block, doc, found.span),
                cue=found.cue.text,
                participants=self._named(found.participants),
                mediators=self._named(found.mediators),
                realised=found.realised,
                time=self._time_near(block, doc, found.cue.i),
                informal=found.informal,
                denied=found.denied,
            )
            for found in contacts.find(doc, self.names)
        ]

    def _aims(self, block: Block, doc: Doc, taken: list[spans.TokenSpan]) -> list[Objective]:
        return [
            Objective(
                span=self._span(block, doc, found.span),
                holder=aims.holder_of(found, self.names),
                target="",
                rule=PROSE,
                confidence=_QUIET,
            )
            for found in aims.find(doc, taken)
        ]

    def _author_claims(
        self, block: Block, doc: Doc, candidates: list[Candidate]
    ) -> list[AuthorClaim]:
        taken = [c.content for c in candidates if c.is_clausal or c.claimant is not None]
        made = []
        for own in voices.own_clauses(doc, taken):
            span = self._span(block, doc, own.span)
            made.append(
                AuthorClaim(
                    span=span,
                    polarity="-" if syntax.is_negated(own.verb) else "+",
                    hedged=attribution.is_hedged(span.quote),
                    time=self._time_near(block, doc, own.verb.i),
                    subject=own.subject,
                    predicate=own.predicate,
                    object=own.object,
                    actors=self._actors_in(span),
                )
            )
        return made

    def _named(self, heads: Iterable[Token]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(coreference.name(head, self.names) for head in heads))

    def _span(self, block: Block, doc: Doc, tokens: spans.TokenSpan) -> Span:
        span = doc[tokens[0] : tokens[1]]
        return Span.cut(self.text, block.start + span.start_char, block.start + span.end_char)

    def _actors_in(self, span: Span) -> tuple[str, ...]:
        inside = [m for m in self.mentions if span.start <= m.start and m.end <= span.end]
        return tuple(dict.fromkeys(self.names.get(m.actor, m.actor) for m in inside))

    def _time_near(self, block: Block, doc: Doc, index: int) -> str:
        """Return the EDTF value of the one time in the token's sentence nearest before it."""
        sentence = doc[index].sent
        left, right = block.start + sentence.start_char, block.start + sentence.end_char
        inside = [t for t in self.times if left <= t.start and t.end <= right]
        at = block.start + doc[index].idx
        return min(inside, key=lambda t: abs(t.start - at)).edtf if inside else ""


def _from_speech(text: str, times: Sequence[Time]) -> Iterable[Attribution]:
    del times
    for said in speech.find(text):
        yield Attribution(
            span=Span.cut(text, said.start, said.end),
            claimant=said.speaker,
            claimant_norm=said.speaker,
            cue=said.verb,
            polarity="+",
            hedged=attribution.is_hedged(text[said.start : said.end]),
            actors=(),
            rule="speech.quote",
            sense="assertion",
            confidence=_QUIET,
        )


def _cue_text(candidate: Candidate) -> str:
    if candidate.cue.pos == "phrase":
        return candidate.cue.lemma
    return " ".join([candidate.token.text, *candidate.cue.words[1:]])


def _confidence(candidate: Candidate) -> float:
    return _confidences().get(f"{candidate.cue.pos}.{candidate.frame}", _QUIET)


@cache
def _confidences() -> dict[str, float]:
    found = tables.mapping("confidence.tsv", "rule", "precision")
    return {rule: float(value) for rule, value in found.items()}

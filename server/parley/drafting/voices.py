"""Voices within voices, and what is left to the author's own.

An attribution whose cue stands in another's content is nested in it. Clauses that no attribution
covers are the author's own claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.drafting import spans, syntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

    from parley.drafting.attribution import Candidate
    from parley.drafting.spans import TokenSpan

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_MIN_TOKENS: Final = 4
_COVERED: Final = 0.6


@dataclass(frozen=True, slots=True)
class OwnClause:
    """A clause in the author's voice, with its subject, predicate and object in words."""

    span: TokenSpan
    verb: Token
    subject: str
    predicate: str
    object: str


def parents(candidates: Sequence[Candidate]) -> list[int | None]:
    """Return for each candidate the index of the smallest other whose content holds it."""
    return [_parent(index, candidates) for index in range(len(candidates))]


def is_independent(inner: Candidate, outer: Candidate) -> bool:
    """Say whether a nested attribution is another voice that says a whole clause.

    Such a voice stands beside the one that reports it; any other nested cue is a part of what
    is reported.
    """
    if inner.claimant is None:
        return False
    if outer.claimant is None:
        return outer.frame == "that" and inner.cue.sense != "evidence"
    if inner.cue.pos != "verb" or inner.frame not in {"that", "quote"}:
        return False
    return inner.claimant.pos_ != "PRON" and inner.claimant.lower_ != outer.claimant.lower_


def own_clauses(doc: Doc, taken: Sequence[TokenSpan]) -> Iterator[OwnClause]:
    """Yield the sentences of a block that attributions do not cover."""
    for sentence in doc.sents:
        left, right = spans.trim(doc, sentence.start, sentence.end)
        verb = sentence.root
        if right - left < _MIN_TOKENS or not _is_finite(verb):
            continue
        covered = {i for a, b in taken for i in range(a, b) if left <= i < right}
        if len(covered) < _COVERED * (right - left):
            yield _clause(verb, (left, right))


def _parent(index: int, candidates: Sequence[Candidate]) -> int | None:
    inner = candidates[index]
    holders = [
        (other.content[1] - other.content[0], position)
        for position, other in enumerate(candidates)
        if position != index and _holds(other, inner)
    ]
    return min(holders)[1] if holders else None


def _holds(outer: Candidate, inner: Candidate) -> bool:
    left, right = outer.content
    size, inner_size = right - left, inner.content[1] - inner.content[0]
    inside = left <= inner.token.i < right and left <= inner.content[0] < right
    return inside and size > inner_size and outer.cue.sense != "evidence"


def _is_finite(verb: Token) -> bool:
    if verb.tag_ in _FINITE:
        return True
    return any(child.tag_ in _FINITE for child in syntax.children(verb, "aux", "auxpass", "cop"))


def _clause(verb: Token, span: TokenSpan) -> OwnClause:
    subject = syntax.first(syntax.children(verb, "nsubj", "nsubjpass", "csubj"))
    thing = syntax.first(syntax.children(verb, "dobj", "attr", "acomp", "xcomp", "ccomp"))
    if thing is None:
        preposition = syntax.first(syntax.children(verb, "prep"))
        thing = syntax.first(syntax.children(preposition, "pobj")) if preposition else None
    return OwnClause(span, verb, _words(subject), syntax.lemma(verb), _words(thing))


def _words(token: Token | None) -> str:
    if token is None:
        return ""
    left, right = spans.noun_phrase(token)
    return str(token.doc[left:right].text)

"""Where what is said ends and the author goes on: asides, grounds and what the speaker adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from parley.drafting import spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Token

    from parley.drafting.attribution import Candidate

_WHICH: Final = frozenset({"WDT", "WP", "WP$"})


def end(found: Sequence[Candidate]) -> list[Candidate]:
    """Return attributions whose contents end at asides, in the same order."""
    cues = [candidate.token for candidate in found]
    return [_without_asides(_added(candidate, found), cues) for candidate in found]


def _without_asides(candidate: Candidate, cues: list[Token]) -> Candidate:
    """End a content where the author goes on to what others say of its last noun, or why."""
    left, right = candidate.content
    words = candidate.token.doc[left + 1 : right]
    inside = [t for t in words if t in cues or _judges(t) or _describes(t, right)]
    cuts = [end for end in map(_aside, inside) if end is not None and left + 1 < end < right]
    if candidate.frame == "quote" or candidate.token.i > left or not cuts:
        return candidate
    return replace(candidate, content=spans.trim(candidate.token.doc, left, min(cuts)))


def _judges(token: Token) -> bool:
    """Say whether a relative clause tells what somebody holds of a noun: ``which they reject``."""
    held = syntax.first(syntax.children(token, "dobj"))
    relative = token.dep_ == "relcl" and held is not None and held.tag_ in _WHICH
    return relative and (syntax.lemma(token), "verb") in tables.cues()


def _describes(token: Token, right: int) -> bool:
    """Say whether a participle ends a content with what is known of its last noun."""
    participle = token.dep_ == "acl" and token.tag_ in {"VBN", "VBG"}
    return participle and token.left_edge == token and token.right_edge.i + 1 >= right - 1


def _aside(cue: Token) -> int | None:
    """Return where ``, which they called …`` or ``on the grounds that …`` begins, if it holds."""
    if cue.lower_ in {"grounds", "ground"} and cue.dep_ == "pobj":
        return int(cue.head.i)
    opening = cue.left_edge
    apart = opening.i > 0 and opening.doc[opening.i - 1].text == ","
    told = cue.dep_ == "acl" or (cue.dep_ == "relcl" and opening.tag_ in _WHICH)
    return int(opening.i) if (apart and told) or _is_added(cue) else None


def _is_added(cue: Token) -> bool:
    """Say whether a participle goes on after a comma: ``, adding that``, ``, not realizing``."""
    opening = cue.left_edge
    apart = opening.i > 0 and opening.doc[opening.i - 1].text == ","
    begins = opening == cue or (opening.dep_ == "neg" and opening.i + 1 == cue.i)
    return apart and begins and cue.dep_ == "advcl" and cue.tag_ == "VBG"


def _added(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """Give what a participle adds to a report to the one who reports."""
    if not _is_added(candidate.token):
        return candidate
    for other in found:
        left, right = other.content
        around = other.token.i < left < candidate.token.i < right
        if other.frame == "that" and around and other.claimant is not None:
            return replace(candidate, claimant=other.claimant)
    return candidate

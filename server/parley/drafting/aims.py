"""Objectives told in prose: what somebody is trying, acting or planning to bring about.

What a cue of the table of cues ascribes, as ``wants to``, is an attribution and no matter of this
module; here are the verbs and phrases that tell of an effort rather than of a wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley.drafting import coreference, spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

    from parley.drafting.spans import TokenSpan


@dataclass(frozen=True, slots=True)
class Aim:
    """What is aimed at: its words, and who aims at it."""

    span: TokenSpan
    holder: Token


def find(doc: Doc, taken: Iterable[TokenSpan]) -> list[Aim]:
    """Return the aims of a parsed block, without those whose words are attributed already."""
    spans = list(taken)
    return [
        aim
        for token in doc
        for aim in _aims(token)
        if not any(aim.span[0] < b and a < aim.span[1] for a, b in spans)
    ]


def _aims(token: Token) -> Iterator[Aim]:
    frame = tables.mapping("aims.tsv", "word", "frame").get(syntax.lemma(token), "")
    if not frame or syntax.is_negated(token):
        return
    doing, aim = _purpose(token) if frame == "purpose" else (token, _sought(token, frame))
    holder = syntax.subject(doing) if doing is not None else None
    if aim is None or holder is None or not _is_actor(holder):
        return
    yield Aim(spans.trim(token.doc, *spans.subtree(aim)), holder)


def _sought(verb: Token, frame: str) -> Token | None:
    """Return the head of what a verb seeks: an infinitive, or what stands after a preposition."""
    if verb.pos_ != "VERB":
        return None
    if frame == "to":
        return syntax.first(c for c in syntax.children(verb, "xcomp", "advcl") if syntax.has_to(c))
    for preposition in syntax.children(verb, "prep"):
        if preposition.lower_ == frame:
            return syntax.first(syntax.children(preposition, "pobj", "pcomp"))
    return None


def _purpose(noun: Token) -> tuple[Token | None, Token | None]:
    """Return what is done ``in order to`` reach something, and the head of that."""
    if noun.head.lower_ != "in" or noun.head.dep_ != "prep":
        return None, None
    aim = syntax.first(c for c in syntax.children(noun, "acl", "relcl") if syntax.has_to(c))
    return noun.head.head, aim


def _is_actor(holder: Token) -> bool:
    return holder.pos_ != "PRON" and (holder._.actor is not None or syntax.is_someone(holder))


def holder_of(aim: Aim, names: dict[str, str]) -> str:
    """Return the name of who aims."""
    return coreference.name(aim.holder, names)

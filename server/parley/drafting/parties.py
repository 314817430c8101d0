"""Who takes part in a contact: the heads of the noun phrases that its cue joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_OF_SIDES: Final = frozenset({"of", "from"})
_BETWEEN: Final = frozenset({"with", "between", "to", "of", "at", "from", "by"})
MEDIATION: Final = frozenset({"mediate", "broker", "facilitate", "shuttle", "arbitrate"})
PLURAL: Final = frozenset({"NNS", "NNPS"})
#: What an answer or favour is asked from or of: of the verb alone, not of its object.
_SOURCES: Final = frozenset({"from", "of"})
MIN_SIDES: Final = 2


def find(token: Token, row: tuple[str, frozenset[str]]) -> Iterator[Token]:
    """Yield the heads of the noun phrases that take part, each once."""
    pos, frames = row
    raw = _of_verb(token, frames) if pos == "verb" else _of_noun(token, frames)
    seen: set[int] = set()
    for head in raw:
        for whole in (head, *_coordinated(head)):
            for one in _parts(whole):
                if one.i not in seen and (syntax.is_someone(one) or one._.actor is not None):
                    seen.add(one.i)
                    yield one


def _parts(head: Token) -> list[Token]:
    """Return the sides that one noun names, as ``Turkish and Armenian diplomats``; else itself."""
    if head.tag_ not in PLURAL or head._.actor is not None:
        return [head]
    named = list(syntax.children(head, "amod", "compound", "nmod"))
    for preposition in syntax.children(head, "prep"):
        if preposition.lower_ in _OF_SIDES:
            named += syntax.children(preposition, "pobj")
    whole = [one for name in named for one in (name, *_coordinated(name))]
    parts = [one for one in whole if one._.actor is not None]
    sides = {one._.actor.side or one._.actor.actor for one in parts}
    return parts if len(sides) == len(parts) >= MIN_SIDES else [head]


def _of_verb(verb: Token, frames: frozenset[str]) -> Iterator[Token]:
    doer = syntax.subject(verb)
    if doer is not None and syntax.lemma(verb) not in MEDIATION:
        yield doer
    if syntax.is_passive(verb):
        yield from syntax.children(verb, "nsubjpass")
    if "obj" in frames:
        yield from syntax.children(verb, "dobj", "dative")
        yield from _controlled_subject(verb)
    if "dat" in frames:
        yield from syntax.children(verb, "dative")
    yield from _reached(verb, doer, frames)
    for holder in (verb, *syntax.children(verb, "dobj", "nsubjpass")):
        for preposition in syntax.children(holder, "prep", "dative"):
            if preposition.lower_ in frames and not _is_of_another(preposition, verb):
                yield from syntax.children(preposition, "pobj")


def _reached(verb: Token, doer: Token | None, frames: frozenset[str]) -> Iterator[Token]:
    """Yield to whom an envoy or a letter is sent, or an envoy goes."""
    sent = "sent" in frames and any(map(_is_envoy, syntax.children(verb, "dobj", "nsubjpass")))
    comes = "come" in frames and doer is not None and _is_envoy(doer)
    if sent or comes:
        for holder in (verb, *syntax.children(verb, "dobj")):
            yield from _joined_by(holder, {"to"})


def _is_envoy(token: Token) -> bool:
    """Say whether a word names somebody who speaks for a side, or a letter that does."""
    return syntax.lemma(token) in tables.words("envoys.tsv")


def _is_of_another(preposition: Token, verb: Token) -> bool:
    """Say whether a place is left, as in ``demanded the withdrawal of the army from Taiwan``."""
    holder = preposition.head
    if holder == verb or preposition.lower_ not in _SOURCES:
        return False
    return preposition.lower_ == "of" or any(
        other.lower_ == "of" for other in syntax.children(holder, "prep")
    )


def _controlled_subject(verb: Token) -> Iterator[Token]:
    """Yield whom one asks when the parser took him for the subject of what he is to do."""
    for clause in syntax.children(verb, "ccomp"):
        if syntax.has_to(clause):
            yield from syntax.children(clause, "nsubj")


def _of_noun(noun: Token, frames: frozenset[str]) -> Iterator[Token]:
    own = noun.dep_ == "dobj"  # ``resumed their talks``: those who do have been named
    yield from (p for p in syntax.children(noun, "poss") if not own or p.pos_ != "PRON")
    yield from (
        m
        for m in syntax.children(noun, "amod", "compound")
        if m._.actor is not None and m._.actor.kind != "metonym"
    )
    for preposition in syntax.children(noun, "prep"):
        if preposition.lower_ in _BETWEEN - ({"of"} - frames):
            yield from syntax.children(preposition, "pobj")
    whole = counted(noun)
    if whole != noun:
        yield from syntax.children(whole, "poss")
        yield from _joined_by(whole, {"with", "between"})
    if whole.dep_ in {"dobj", "nsubjpass", "nsubj"}:
        yield from _joined_by(whole.head, {"with", "to"}, after=noun.i)
    if whole.dep_ == "nsubjpass" and not has_sides(noun):
        agent = syntax.by_agent(whole.head)
        yield from [agent] if agent is not None else []
    doer = _doer(whole, noun)
    if doer is not None:
        yield doer


def _joined_by(holder: Token, words: set[str], after: int = -1) -> Iterator[Token]:
    for preposition in syntax.children(holder, "prep", "dative"):
        if preposition.lower_ in words and preposition.i > after:
            yield from syntax.children(preposition, "pobj")


def counted(noun: Token) -> Token:
    """Return the word that counts what a noun names, as ``two rounds of talks``; else the noun."""
    head = noun.head
    if noun.dep_ != "pobj" or head.lower_ != "of" or head.dep_ != "prep":
        return noun
    return head.head if syntax.lemma(head.head) in tables.words("amounts.tsv") else noun


def has_sides(noun: Token) -> bool:
    """Say whether a noun itself names those between whom it is, or from whom to whom."""
    words = {part.lower_ for part in syntax.children(noun, "prep")}
    return bool(words & {"between", "among"}) or words >= {"from", "to"}


def _doer(whole: Token, noun: Token) -> Token | None:
    """Return who holds talks; one who arranges them between others is none of them."""
    if whole.dep_ == "dobj":
        cues = tables.cues().get((syntax.lemma(whole.head), "verb"), ())
        judged = any(cue.sense == "attitude" for cue in cues)
        return None if judged or has_sides(noun) else syntax.subject(whole.head)
    if whole.dep_ != "pobj":
        return None
    governor = whole.head.head
    linking = syntax.copula(governor)
    is_clause = linking is not None or governor.pos_ in {"VERB", "AUX"}
    return syntax.subject(linking or governor) if is_clause else None


def _coordinated(head: Token) -> Iterator[Token]:
    for other in syntax.children(head, "conj"):
        yield other
        yield from _coordinated(other)

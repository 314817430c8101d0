"""Frames: where the content stands that a cue attributes, by the cue's place in the parse.

Each frame is a function from the cue's token to the span of its content, or None. The table of
cues names the frames a word has; `match` takes the first that holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import judging, nominal, syntax, verbal
from parley.drafting.clauses import PREPOSITIONS, Match, infinitive_span, object_of, question
from parley.drafting.spans import subtree, trim
from parley.drafting.syntax import children, first, has_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Token

    from parley.drafting.spans import TokenSpan
    from parley.drafting.tables import Cue


def match(token: Token, cue: Cue) -> Match | None:
    """Return how a cue's frames hold at a token, or None; clauses come before phrases."""
    anchor = _anchor(token, cue)
    if anchor is None:
        return None
    if found := _of_verb(token, cue):
        return found
    if anchor is not token and (found := _with_particle(token, anchor, cue)):
        return found
    if found := _framed(token, anchor, cue):
        return found
    for preposition in sorted(cue.frames & PREPOSITIONS):
        if span := _prepositional(token, anchor, preposition):
            return Match(preposition, span)
    return None


def _framed(token: Token, anchor: Token, cue: Cue) -> Match | None:
    """Match the first frame of a cue that holds at it or, for clauses, at its last particle."""
    for name, frame in _FRAMES[cue.pos].items():
        anchors = (anchor, token) if name == "that" else (anchor,)
        for place in anchors if name in cue.frames else ():
            if found := frame(place):
                return found
    return None


def _of_verb(token: Token, cue: Cue) -> Match | None:
    """Match what any verb can stand in: ``what they wanted was a treaty``."""
    clefts = cue.pos == "verb" and bool(cue.frames & {"that", "obj", "inf", "oinf", "matter"})
    return judging.cleft(token) if clefts else None


def _with_particle(token: Token, particle: Token, cue: Cue) -> Match | None:
    """Match ``called on the rebels to leave`` and ``referred to the treaty as a threat``."""
    thing = object_of(particle)
    if thing is None:
        asked = [c for c in children(token, "ccomp") if has_to(c) and c.i > particle.i]
        return Match("oinf", trim(token.doc, *subtree(asked[0]))) if asked else None
    for holder in (token, particle, thing):
        for part in holder.children:
            if part.i <= thing.i:
                continue
            if "oinf" in cue.frames and part.pos_ in {"VERB", "AUX"} and has_to(part):
                return Match("oinf", infinitive_span(part))
            if "as" in cue.frames and part.lower_ == "as":
                return Match("as", trim(token.doc, subtree(thing)[0], subtree(part)[1]))
    return None


def _anchor(token: Token, cue: Cue) -> Token | None:
    """Return the token whose dependents hold the content: the cue or its last particle."""
    anchor = token
    for word in cue.words[1:]:
        following = [t for t in token.doc[token.i + 1 : token.i + 5] if t.lower_ == word]
        if not following or not token.is_ancestor(following[0]):
            return None
        if any(t.lower_ == "that" for t in token.doc[token.i + 1 : following[0].i]):
            return None
        if following[0].dep_ == "prep" or following[0].tag_ in {"JJ", "VBN"}:
            anchor = following[0]
    return anchor


def _prepositional(token: Token, anchor: Token, word: str) -> TokenSpan | None:
    """Return what a preposition after the cue governs; a pronoun says too little."""
    found = [anchor] if anchor is not token else _prepositions(token)
    for preposition in found:
        if preposition.lower_ == word and preposition.i > token.i:
            content = first(children(preposition, "pobj", "pcomp"))
            if content is not None and not _is_other(preposition, content):
                return trim(token.doc, *subtree(content))
    return None


def _is_other(preposition: Token, content: Token) -> bool:
    """Say whether a preposition tells when or by whom, or of a pronoun: ``on 16 May``."""
    when = content.left_edge.ent_type_ in {"DATE", "TIME"}
    doer = preposition.lower_ == "by" and syntax.is_someone(content)
    return content.pos_ == "PRON" or doer or (when and preposition.lower_ in {"on", "in", "at"})


def _prepositions(token: Token) -> list[Token]:
    """Return the prepositions that may belong to a cue, wherever the parser hung them."""
    thing = object_of(token)
    holders = [token] if thing is None or token.pos_ != "VERB" else [token, thing]
    if token.pos_ == "NOUN" and token.dep_ == "dobj":
        holders.append(token.head)
    if token.pos_ == "NOUN":
        holders += [clause for clause in children(token, "acl") if clause.tag_ == "VBN"]
    return [part for holder in holders for part in children(holder, "prep", "agent", "dative")]


_FRAMES: Final[dict[str, dict[str, Callable[[Token], Match | None]]]] = {
    "verb": {
        "that": verbal.that,
        "wh": question,
        "as": judging.as_something,
        "sc": judging.small_clause,
        "raised": judging.raised,
        "like": judging.likeness,
        "expv": judging.experience,
        "self": judging.feeling,
        "reaction": judging.reaction,
        "oinf": verbal.object_infinitive,
        "inf": verbal.infinitive,
        "ing": verbal.gerund,
        "obj": verbal.noun_object,
        "matter": verbal.matter,
        "said": verbal.denied_charge,
        "pass": verbal.passive_clause,
        "passany": verbal.assumed_clause,
        "negobj": verbal.denied_object,
        "topic": verbal.topic,
    },
    "adj": {
        "that": nominal.adjective_that,
        "wh": nominal.adjective_question,
        "exp": nominal.experiencer,
        "inf": nominal.adjective_infinitive,
    },
    "adp": {"stand": nominal.stand},
    "noun": {
        "that": nominal.noun_that,
        "predof": nominal.predicated_topic,
        "pred": nominal.predicate,
        "ofexp": nominal.of_interest,
        "inf": nominal.noun_infinitive,
        "colon": nominal.colon,
        "np": nominal.identified,
    },
}

"""Frames of adjectives and nouns: what somebody is sure of, and what his view or aim is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.drafting import syntax
from parley.drafting.clauses import (
    PREPOSITIONS,
    Match,
    clause_span,
    infinitive_span,
    is_question,
    is_statement,
    question,
    that_after,
)
from parley.drafting.spans import subtree, trim
from parley.drafting.syntax import children, first, has_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token


def _holders(token: Token) -> Iterator[Token]:
    """Yield where a predicate's complements may hang: the word itself, then its copula."""
    yield token
    linking = syntax.copula(token)
    if linking is not None:
        yield linking


def adjective_that(token: Token) -> Match | None:
    """Match ``was sure that the talks had failed``."""
    for holder in _holders(token):
        for clause in children(holder, "ccomp", "advcl"):
            if clause.i > token.i and is_statement(clause):
                return Match("that", clause_span(clause))
    return None


def adjective_question(token: Token) -> Match | None:
    """Match ``was unsure how to go on``."""
    for holder in _holders(token):
        found = question(holder)
        if found and found.content[0] > token.i:
            return found
    return None


def adjective_infinitive(token: Token) -> Match | None:
    """Match ``was eager to leave``."""
    for clause in children(token, "xcomp"):
        if clause.i > token.i and has_to(clause):
            return Match("inf", infinitive_span(clause))
    return None


def experiencer(token: Token) -> Match | None:
    """Match what is clear, visible or acceptable to somebody."""
    linking = syntax.copula(token)
    if linking is None:
        return None
    who = _to_whom(token, linking)
    if who is None:
        return None
    found = adjective_that(token) or that_after(token, who)
    if found:
        return Match("exp", found.content, who)
    thing = first(children(linking, "nsubj", "csubj")) or _shared_nominal(linking)
    if thing is None or thing.pos_ == "PRON":
        return None
    return Match("exp", trim(token.doc, *subtree(thing)), who)


def _shared_nominal(linking: Token) -> Token | None:
    if linking.dep_ == "conj":
        return first(children(linking.head, "nsubj", "nsubjpass"))
    return None


def _to_whom(token: Token, linking: Token) -> Token | None:
    for holder in (token, linking):
        for preposition in children(holder, "prep"):
            if preposition.lower_ in {"to", "for"} and _is_placed(preposition, token):
                who = first(children(preposition, "pobj"))
                if who is not None and syntax.is_someone(who):
                    return who
    return None


def _is_placed(preposition: Token, token: Token) -> bool:
    """Say whether ``to him`` follows what it is, or opens the sentence."""
    opens = preposition.i == token.sent.start and _follows_comma(preposition)
    return preposition.i > token.i or opens


def stand(token: Token) -> Match | None:
    """Match ``was against the treaty``."""
    thing = first(children(token, "pobj", "pcomp"))
    if thing is None or thing.pos_ == "PRON" or token.head.lemma_ not in {"be", "turn", "stand"}:
        return None
    return Match("stand", trim(token.doc, *subtree(thing)))


def _follows_comma(preposition: Token) -> bool:
    end = preposition.right_edge.i + 1
    return bool(preposition.doc[end : end + 1].text == ",")


def of_interest(token: Token) -> Match | None:
    """Match ``of interest to somebody``."""
    preposition = token.head
    linking = preposition.head
    if preposition.lower_ != "of" or linking.lemma_ not in {"be", "remain", "become"}:
        return None
    who = _to_whom(token, linking)
    thing = first(children(linking, "nsubj", "csubj"))
    if who is None or thing is None:
        return None
    return Match("ofexp", trim(token.doc, *subtree(thing)), who)


def noun_that(token: Token) -> Match | None:
    """Match ``his belief that the talks had failed``."""
    found = that_after(token, token) or _noun_of_question(token)
    if found:
        return found
    if token.dep_ == "dobj" or (token.dep_ == "pobj" and token.i + 1 < len(token.doc)):
        verb = token.head if token.dep_ == "dobj" else token.head.head
        direct = token.dep_ == "dobj" or token.doc[token.i + 1].lower_ == "that"
        return that_after(token, verb) if direct else None
    if token.dep_ == "nsubj":
        return that_after(token, token.head, *children(token.head, "acomp", "attr"))
    return None


def _noun_of_question(token: Token) -> Match | None:
    for preposition in children(token, "prep"):
        for clause in children(preposition, "pcomp"):
            if is_question(clause):
                return Match("wh", clause_span(clause))
    return None


def noun_infinitive(token: Token) -> Match | None:
    """Match ``their promise to leave``."""
    for clause in children(token, "acl", "xcomp", "relcl"):
        if clause.i > token.i and has_to(clause):
            return Match("inf", infinitive_span(clause))
    for preposition in children(token, "prep"):
        for owner in children(preposition, "pobj"):
            for clause in children(owner, "acl", "relcl"):
                if preposition.lower_ == "of" and has_to(clause) and syntax.is_someone(owner):
                    return Match("inf", infinitive_span(clause))
    return None


def predicate(token: Token) -> Match | None:
    """Match ``the aim of the rebels is to leave`` and ``his view was that …``."""
    topic = token
    while topic.dep_ == "pobj" and topic.head.lower_ == "of":
        topic = topic.head.head
    linking = topic.head
    if topic.dep_ not in {"nsubj", "csubj"} or linking.lemma_ != "be":
        return None
    for clause in children(linking, "xcomp", "ccomp", "advcl", "attr"):
        if clause.i <= linking.i:
            continue
        if has_to(clause):
            return Match("pred", infinitive_span(clause))
        if clause.dep_ == "ccomp":
            return Match("held", clause_span(clause))
    return None


def identified(token: Token) -> Match | None:
    """Match ``the rebels' main aim is a new treaty``."""
    topic = token
    while topic.dep_ == "pobj" and topic.head.lower_ == "of":
        topic = topic.head.head
    linking = topic.head
    if topic.dep_ != "nsubj" or linking.lemma_ not in {"be", "remain", "become", "include"}:
        return None
    thing = first(children(linking, "attr", "dobj"))
    if thing is None or thing.i < linking.i or thing.pos_ not in {"NOUN", "PROPN"}:
        return None
    right = subtree(linking if linking.lemma_ == "include" else thing)[1]
    return Match("np", trim(token.doc, subtree(thing)[0], right))


def predicated_topic(token: Token) -> Match | None:
    """Match ``the Kremlin's views on the Taliban were negative``."""
    linking = token.head
    if token.dep_ != "nsubj" or linking.lemma_ not in {"be", "remain", "become"}:
        return None
    for preposition in children(token, "prep"):
        topic = first(children(preposition, "pobj"))
        if preposition.lower_ in PREPOSITIONS and topic is not None:
            if not any(True for _ in children(linking, "acomp", "attr")):
                return None
            return Match("predof", trim(token.doc, subtree(topic)[0], subtree(linking)[1]))
    return None


def colon(token: Token) -> Match | None:
    """Match ``the same conclusion: the fight requires …``, to the end of the sentence."""
    sentence = token.sent
    for mark in token.doc[token.i + 1 : sentence.end]:
        if mark.text in ".;!?":
            return None
        if mark.text == ":":
            end = _block_sentence_end(token)
            return Match("colon", trim(token.doc, mark.i + 1, end)) if end > mark.i + 3 else None
    return None


def _block_sentence_end(token: Token) -> int:
    """Return where the sentence ends by its full stop, whatever the parser thinks."""
    for following in token.doc[token.i :]:
        if following.text in {".", "!", "?"}:
            return int(following.i)
    return len(token.doc)

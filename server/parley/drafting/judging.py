"""Frames of verbs of judging: what somebody takes something for, likens it to or feels it to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.drafting import spans, syntax, tables, verbal
from parley.drafting.clauses import Match, clause_span, is_statement, object_of
from parley.drafting.spans import subtree, trim
from parley.drafting.syntax import children, first, has_to

if TYPE_CHECKING:
    from spacy.tokens import Token


def raised(token: Token) -> Match | None:
    """Match ``believed the treaty to be a threat``: content from the object on."""
    for clause in children(token, "ccomp", "xcomp", "acl"):
        thing = first(children(clause, "nsubj")) or object_of(token)
        if has_to(clause) and thing is not None and token.i < thing.i < clause.i:
            return Match("raised", trim(token.doc, subtree(thing)[0], subtree(clause)[1]))
    thing = object_of(token)
    for clause in children(thing, "acl", "relcl") if thing is not None else ():
        if has_to(clause) and clause.lemma_ == "be" and thing is not None and thing.i > token.i:
            return Match("raised", trim(token.doc, *subtree(thing)))
    return None


def likeness(token: Token) -> Match | None:
    """Match ``likened the treaty to a surrender`` and ``attributed the defeat to the weather``."""
    thing = object_of(token)
    if thing is None or thing.i < token.i:
        return None
    for holder in (token, thing):
        for preposition in children(holder, "prep", "dative"):
            if preposition.lower_ in {"to", "with"} and preposition.i > thing.i:
                return Match("like", trim(token.doc, subtree(thing)[0], subtree(preposition)[1]))
    return None


def experience(token: Token) -> Match | None:
    """Match ``it seemed to the envoy that …`` and ``the plan struck the envoy as naive``."""
    told = _whom(token)
    if told is None:
        return None
    preposition, who = told
    for clause in children(token, "ccomp", "advcl"):
        if clause.i > token.i and is_statement(clause):
            return Match("expv", clause_span(clause), who)
    thing = first(children(token, "nsubj"))
    rest = [
        p for p in children(token, "oprd", "acomp", "attr", "prep", "xcomp") if p != preposition
    ]
    if thing is None or thing.pos_ == "PRON" or not rest:
        return None
    if any((part.lower_, "adj") in tables.cues() for part in rest):
        return None
    without = [preposition] if preposition.right_edge.i + 1 >= subtree(token)[1] - 1 else []
    left, right = subtree(token, without=without)
    return Match("expv", trim(token.doc, max(left, subtree(thing)[0]), right), who)


def _whom(token: Token) -> tuple[Token, Token] | None:
    """Return to whom something seems so, and the word that stands for him in the clause."""
    if syntax.lemma(token) == "strike":
        thing = object_of(token)
        felt = thing is not None and any(p.lower_ == "as" for p in children(token, "prep"))
        return (thing, thing) if felt and thing is not None else None
    for holder in (token, *children(token, "acomp", "oprd")):
        for preposition in children(holder, "prep"):
            who = first(children(preposition, "pobj"))
            if preposition.lower_ in {"to", "on"} and who is not None and syntax.is_someone(who):
                return preposition, who
    return None


def feeling(token: Token) -> Match | None:
    """Match ``felt betrayed by the allies``: what somebody feels done to him."""
    done = token.head if token.dep_ == "auxpass" else first(children(token, "acomp", "oprd"))
    if done is None or done.tag_ != "VBN" or done.i < token.i:
        return None
    if not any(True for _ in children(done, "agent", "xcomp", "prep")):
        return None
    return Match("self", trim(token.doc, done.i, spans.noun_phrase(done)[1]))


def cleft(token: Token) -> Match | None:
    """Match ``what the rebels wanted was a treaty`` and ``all they wanted was a treaty``."""
    linking = token.head
    if token.dep_ == "relcl" and token.head.lower_ in {"all", "thing"}:
        linking = token.head.head
    elif token.dep_ not in {"csubj", "nsubj"} or token.left_edge.lower_ != "what":
        return None
    if linking.lemma_ != "be" or linking.i < token.i:
        return None
    thing = first(c for c in children(linking, "attr", "ccomp", "xcomp") if c.i > linking.i)
    subjects = [t for t in children(token, "nsubj") if syntax.is_someone(t)]
    if thing is None or not subjects:
        return None
    return Match("cleft", clause_span(thing), subjects[-1])


def reaction(token: Token) -> Match | None:
    """Match what is met or greeted with alarm, opposition or approval, and by whom."""
    thing = object_of(token)
    holders = (token,) if thing is None else (token, thing)
    for preposition in (p for holder in holders for p in children(holder, "prep")):
        noun = first(children(preposition, "pobj"))
        if preposition.lower_ != "with" or noun is None:
            continue
        thing = object_of(token) or first(children(token, "nsubj", "nsubjpass"))
        if syntax.lemma(noun) not in tables.words("reactions.tsv") or thing is None:
            continue
        if thing.pos_ == "PRON" or (syntax.is_someone(thing) and thing.dep_ != "dobj"):
            continue
        left, right = subtree(thing, without=[preposition])
        return Match("reaction", trim(token.doc, left, right), _reacting(token, noun), noun)
    return None


def _reacting(token: Token, noun: Token) -> Token | None:
    """Return who reacts: ``opposition from Congress``, or ``In Washington, … was met``."""
    for holder in (noun, token):
        for preposition in children(holder, "prep", "agent"):
            who = first(children(preposition, "pobj"))
            fits = preposition.lower_ in {"from", "by", "in", "among"} and who is not None
            if fits and who is not None and syntax.is_someone(who):
                return who
    return None


def small_clause(token: Token) -> Match | None:
    """Match ``considered the treaty dangerous``."""
    if syntax.is_passive(token):
        return None
    described = first(c for c in children(token, "dobj") if c.lower_ in syntax.RELATIVE)
    if described is not None and described.i < token.i:
        return _called(token)
    objects = [t for t in children(token, "dobj", "dative") if t.i > token.i]
    named = [t for one in objects[:1] for t in children(one, "appos")]
    objects += [t for t in named if t.left_edge.nbor(-1) == objects[0]]
    if len(objects) == 2:
        return Match("sc", trim(token.doc, subtree(objects[0])[0], subtree(objects[1])[1]))
    for part in children(token, "oprd", "ccomp", "xcomp"):
        if part.pos_ in {"ADJ", "NOUN", "PROPN"} and not has_to(part) and part.i > token.i:
            thing = first(children(part, "nsubj")) or object_of(token)
            if thing is not None and token.i < thing.i < part.i:
                return Match("sc", trim(token.doc, subtree(thing)[0], subtree(part)[1]))
    return None


def _called(token: Token) -> Match | None:
    """Match ``the flights, which they called a violation``: a violation."""
    for part in children(token, "oprd", "acomp", "ccomp", "xcomp", "dobj"):
        if part.pos_ in {"ADJ", "NOUN", "PROPN"} and not has_to(part) and part.i > token.i:
            return Match("sc", trim(token.doc, *subtree(part)))
    return None


def as_something(token: Token) -> Match | None:
    """Match ``viewed the treaty as a threat``, and the treaty that is viewed as one."""
    if syntax.is_passive(token) and any(p.lower_ == "as" for p in children(token, "prep")):
        done_to = first(children(token, "nsubjpass"))
        if done_to is not None and done_to.pos_ == "PRON":
            return _seen_as(token)
        return verbal.assumed_clause(token)
    thing = object_of(token)
    if thing is None:
        return None
    if thing.i < token.i:
        return _seen_as(token) if thing.lower_ in syntax.RELATIVE else None
    for holder in (token, thing):
        for preposition in children(holder, "prep"):
            if preposition.lower_ == "as" and preposition.i > thing.i:
                return Match("as", trim(token.doc, subtree(thing)[0], subtree(preposition)[1]))
    return None


def _seen_as(token: Token) -> Match | None:
    """Match ``the treaty, which they viewed as a threat``: a threat."""
    for preposition in children(token, "prep"):
        thing = first(children(preposition, "pobj", "amod", "pcomp"))
        if preposition.lower_ == "as" and thing is not None:
            return Match("as", trim(token.doc, *subtree(thing)))
    return None

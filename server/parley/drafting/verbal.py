"""Frames of verbs: what somebody says, asks, wants, rejects or is said to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import parentheses, spans, syntax, tables
from parley.drafting.clauses import (
    Match,
    clause_span,
    infinitive_span,
    is_question,
    is_statement,
    object_of,
    that_after,
)
from parley.drafting.spans import subtree, trim
from parley.drafting.syntax import children, first, has_to

if TYPE_CHECKING:
    from spacy.tokens import Token

#: What may follow the verb in ``as he explained in a letter``, and ``it`` in ``as he put it``.
_SETTING: Final = frozenset({"it", "in", "at", "on", "to", "during", "after", "before"})


def that(token: Token) -> Match | None:
    """Match ``said that the talks had failed``, with or without ``that``."""
    if found := parentheses.find(token):
        return found
    for clause in children(token, "ccomp", "advcl", "acl", "csubj"):
        if clause.i > token.i and is_statement(clause):
            return Match("that", clause_span(clause))
    told = [object_of(token), *map(object_of, children(token, "prep", "dative"))]
    if found := that_after(token, *(one for one in told if one is not None)):
        return found
    return _answer(token) or _gapped(token) or _inverted(token) or _comment(token)


def _gapped(token: Token) -> Match | None:
    """Match ``the dam, which Egypt says will harm it``: what it is said to do."""
    for clause in children(token, "ccomp"):
        own = first(children(clause, "nsubj", "nsubjpass", "expl", "csubj"))
        relative = own is None or (own.lower_ in {*syntax.RELATIVE, "what"} and own.i < token.i)
        verbs = [clause.i, *(t.i for t in children(clause, "aux", "auxpass") if t.i > token.i)]
        finite = clause.tag_ in {"VBZ", "VBD", "VBP"} or len(verbs) > 1
        if token.dep_ != "ROOT" and relative and finite and min(verbs) == token.i + 1:
            return Match("that", trim(token.doc, min(verbs), subtree(clause)[1]))
    return None


def _answer(token: Token) -> Match | None:
    """Match ``said no``."""
    if token.i + 1 < len(token.doc) and token.doc[token.i + 1].lower_ in {"no", "yes"}:
        following = token.doc[token.i + 2 : token.i + 3].text
        if following in {"", ".", ",", ";", "to", "and", "but"}:
            return Match("that", (token.i + 1, token.i + 2))
    return None


def _inverted(token: Token) -> Match | None:
    """Match content that stands before its cue, as in ``Sanctions would fail, he argued``."""
    for clause in children(token, "ccomp"):
        left, right = clause_span(clause)
        if right <= token.i and _closes(token, right) and ";" not in token.doc[left:right].text:
            return Match("that", (left, right))
    if any(part.lower_ == "as" for part in children(token, "prep")):
        return None
    if token.dep_ == "parataxis" and token.head.pos_ in {"VERB", "AUX"}:
        main = token.head.head if token.head.dep_ in {"aux", "auxpass"} else token.head
        left, right = subtree(main, without=[])
        inside = [t.i for t in token.subtree]
        left = max([left, *(t.i + 1 for t in token.doc[left : min(inside)] if t.text == ";")])
        if left < min(inside) and max(inside) + 1 < right:
            return Match("that", trim(token.doc, left, right))
        if left < min(inside):
            return Match("that", trim(token.doc, left, min(inside)))
    return None


def _comment(token: Token) -> Match | None:
    """Match ``As Kissinger explained, the talks had failed``."""
    marks = [c.lower_ for c in children(token, "mark")]
    main = token.head
    if token.dep_ != "advcl" or marks != ["as"] or main.pos_ not in {"VERB", "AUX"}:
        return None
    rest = children(token, "dobj", "ccomp", "xcomp", "attr", "acomp", "prep")
    told = [p for p in rest if p.lower_ not in _SETTING]
    if (
        not all(p.dep_ == "dobj" and syntax.is_someone(p) for p in told)
        or syntax.own_subject(token) is None
    ):
        return None
    amid = subtree(main)[0] < token.left_edge.i < main.i
    left, right = subtree(main, without=[] if amid else [token])
    return Match("that", trim(token.doc, left, right)) if right - left > len(marks) + 1 else None


def _closes(token: Token, right: int) -> bool:
    between = token.doc[right : token.i]
    return any(t.text in ',"”’' for t in between) or token.doc[right - 1].text in '"”’'


def infinitive(token: Token) -> Match | None:
    """Match ``hoped to leave``."""
    if any(True for _ in children(token, "dobj")):
        return None
    for clause in children(token, "xcomp"):
        asks = is_question(clause) and clause.left_edge.i > token.i
        if clause.i > token.i and has_to(clause) and not asks:
            return Match("inf", infinitive_span(clause))
    return None


def object_infinitive(token: Token) -> Match | None:
    """Match ``urged the rebels to leave``."""
    told = first(children(token, "nsubjpass"))
    cues = tables.cues().get((syntax.lemma(token), "verb"), ())
    held = any("pass" in cue.frames for cue in cues)
    if told is not None and held and not syntax.is_someone(told):
        return None
    for clause in children(token, "xcomp", "ccomp", "advcl"):
        if clause.i > token.i and has_to(clause) and not is_question(clause):
            return Match("oinf", infinitive_span(clause))
    thing = object_of(token)
    for clause in children(thing, "acl", "relcl") if thing is not None else ():
        if has_to(clause):
            return Match("oinf", infinitive_span(clause))
    return None


def gerund(token: Token) -> Match | None:
    """Match ``proposed leaving``."""
    for clause in children(token, "xcomp"):
        having = any(aux.lower_ == "having" for aux in children(clause, "aux"))
        if clause.i > token.i and (clause.tag_ == "VBG" or having):
            return Match("ing", clause_span(clause))
    return None


def noun_object(token: Token) -> Match | None:
    """Match ``rejected the treaty``, and what was rejected."""
    if syntax.is_passive(token):
        return _passive_subject(token)
    thing = object_of(token)
    bare = thing is not None and thing.pos_ == "PRON" and not any(True for _ in thing.children)
    if thing is None or thing.i < token.i or bare:
        return None
    left, right = subtree(thing)
    for preposition in children(token, "prep"):
        joins = preposition.lower_ in {"for", "of"} and preposition.i >= right
        if joins and syntax.is_someone(thing):
            right = max(right, subtree(preposition)[1])
    return Match("obj", trim(token.doc, left, right))


def matter(token: Token) -> Match | None:
    """Match ``supported the plan``; steps to support it, or to support somebody, are deeds."""
    if has_to(token) and token.dep_ in {"acl", "advcl"}:
        return None
    found = noun_object(token)
    thing = object_of(token)
    someone = thing is not None and syntax.is_someone(thing)
    return None if someone or (thing is not None and thing.lower_ == "other") else found


def denied_charge(token: Token) -> Match | None:
    """Match ``denied the charge``; to deny something to somebody is a deed."""
    holders = [token, *children(token, "dobj")]
    given = [p for h in holders for p in children(h, "prep", "dative") if p.lower_ == "to"]
    people = [object_of(p) for p in given]
    people += children(token, "dobj", "dative")
    deed = any(one is not None and syntax.is_someone(one) for one in people)
    return None if deed else noun_object(token)


def denied_object(token: Token) -> Match | None:
    """Match what somebody does not recognise or share; affirmed, the verb is a deed."""
    return noun_object(token) if syntax.is_negated(token) else None


def topic(token: Token) -> Match | None:
    """Match ``debated the possibility of a treaty``: an open question, not any object."""
    thing = object_of(token)
    if thing is None or syntax.lemma(thing) not in tables.words("questions.tsv"):
        return None
    return noun_object(token)


def _passive_subject(token: Token) -> Match | None:
    verb = token
    while verb.dep_ == "conj" and not any(True for _ in children(verb, "nsubjpass")):
        verb = verb.head
    thing = first(children(verb, "nsubjpass", "csubj", "csubjpass"))
    if thing is None and token.dep_ == "acl":
        thing = token.head
        if syntax.is_someone(thing) or thing.pos_ not in {"NOUN", "PROPN"}:
            return None
        return Match("obj", spans.noun_phrase(thing))
    if thing is None or thing.pos_ == "PRON" or syntax.is_someone(thing):
        return None
    return Match("obj", trim(token.doc, *subtree(thing)))


def passive_clause(token: Token) -> Match | None:
    """Match a whole clause whose passive verb says that someone holds it, and how it is held."""
    held = any(True for _ in children(token, "oprd", "xcomp", "ccomp"))
    held = held or (syntax.is_negated(token) and syntax.lemma(token) != "find")
    held = held or any(part.lower_ == "as" for part in children(token, "prep"))
    return assumed_clause(token) if held else None


def assumed_clause(token: Token) -> Match | None:
    """Match a whole clause whose passive verb says that it is held to be so."""
    if not syntax.is_passive(token) or token.dep_ in {"acl", "relcl"}:
        return None
    thing = first(children(token, "nsubjpass", "csubj", "csubjpass"))
    someone = thing is not None and syntax.is_someone(thing)
    if any(p.lower_ == "as" for p in children(token, "prep")):
        someone = someone and syntax.by_agent(token) is None
    if thing is None or thing.pos_ == "PRON" or someone:
        return _said_of_someone(token) if thing is not None else None
    without = [c for c in token.children if c.dep_ in {"advcl", "conj", "cc", "npadvmod"}]
    without += [c for c in children(token, "agent") if c.right_edge.i + 1 >= subtree(token)[1]]
    left, right = subtree(token, without=[c for c in without if c.i > token.i])
    return Match("pass", trim(token.doc, max(left, subtree(thing)[0]), right))


def _said_of_someone(token: Token) -> Match | None:
    """Match ``Russia is believed to seek bases``: what he is said to do."""
    for clause in children(token, "xcomp"):
        if clause.i > token.i and has_to(clause):
            return Match("pass", infinitive_span(clause))
    return None

"""Frames of verbs: what somebody says, asks, wants, calls something or judges."""

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
    if any(part.lower_ not in _SETTING for part in rest) or syntax.own_subject(token) is None:
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
    if told is not None and not syntax.is_someone(told):
        return None
    for clause in children(token, "xcomp", "ccomp", "advcl"):
        if clause.i > token.i and has_to(clause) and not is_question(clause):
            return Match("oinf", infinitive_span(clause))
    thing = object_of(token)
    for clause in children(thing, "acl", "relcl") if thing is not None else ():
        if has_to(clause):
            return Match("oinf", infinitive_span(clause))
    return None


def raised(token: Token) -> Match | None:
    """Match ``believed the treaty to be a threat``: content from the object on."""
    for clause in children(token, "ccomp", "xcomp"):
        thing = first(children(clause, "nsubj")) or object_of(token)
        if has_to(clause) and thing is not None and token.i < thing.i < clause.i:
            return Match("raised", trim(token.doc, subtree(thing)[0], subtree(clause)[1]))
    return None


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


def gerund(token: Token) -> Match | None:
    """Match ``proposed leaving``."""
    for clause in children(token, "xcomp"):
        having = any(aux.lower_ == "having" for aux in children(clause, "aux"))
        if clause.i > token.i and (clause.tag_ == "VBG" or having):
            return Match("ing", clause_span(clause))
    return None


def small_clause(token: Token) -> Match | None:
    """Match ``considered the treaty dangerous``."""
    if syntax.is_passive(token):
        return None
    described = first(c for c in children(token, "dobj") if c.lower_ in syntax.RELATIVE)
    if described is not None and described.i < token.i:
        return _called(token)
    objects = [t for t in children(token, "dobj", "dative") if t.i > token.i]
    if len(objects) == 2:
        return Match("sc", trim(token.doc, subtree(objects[0])[0], subtree(objects[1])[1]))
    for part in children(token, "oprd", "ccomp", "xcomp"):
        if part.pos_ in {"ADJ", "NOUN", "PROPN"} and not has_to(part) and part.i > token.i:
            thing = first(children(part, "nsubj")) or object_of(token)
            if thing is not None and token.i < thing.i < part.i:
                return Match("sc", trim(token.doc, subtree(thing)[0], subtree(part)[1]))
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


def _called(token: Token) -> Match | None:
    """Match ``the flights, which they called a violation``: a violation."""
    for part in children(token, "oprd", "acomp", "ccomp", "xcomp", "dobj"):
        if part.pos_ in {"ADJ", "NOUN", "PROPN"} and not has_to(part) and part.i > token.i:
            return Match("sc", trim(token.doc, *subtree(part)))
    return None


def noun_object(token: Token) -> Match | None:
    """Match ``rejected the treaty``, and what was rejected."""
    if syntax.is_passive(token):
        return _passive_subject(token)
    thing = object_of(token)
    if thing is None or thing.i < token.i or thing.pos_ == "PRON":
        return None
    left, right = subtree(thing)
    for preposition in children(token, "prep"):
        joins = preposition.lower_ in {"for", "of"} and preposition.i >= right
        if joins and syntax.is_someone(thing):
            right = max(right, subtree(preposition)[1])
    return Match("obj", trim(token.doc, left, right))


def matter(token: Token) -> Match | None:
    """Match ``supported the plan``; to support or resist somebody is a deed."""
    found = noun_object(token)
    thing = object_of(token)
    someone = thing is not None and syntax.is_someone(thing)
    return None if someone or (thing is not None and thing.lower_ == "other") else found


def denied_charge(token: Token) -> Match | None:
    """Match ``denied the charge``; to deny something to somebody is a deed."""
    holders = [token, *children(token, "dobj")]
    given = [p for h in holders for p in children(h, "prep", "dative") if p.lower_ == "to"]
    people = [object_of(p) for p in given]
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
        if syntax.is_someone(thing):
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
    if thing is not None and thing.pos_ == "PRON" and syntax.by_agent(token) is not None:
        return _seen_as(token)
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


def as_something(token: Token) -> Match | None:
    """Match ``viewed the treaty as a threat``, and the treaty that is viewed as one."""
    if syntax.is_passive(token) and any(p.lower_ == "as" for p in children(token, "prep")):
        pronoun = first(c for c in children(token, "nsubjpass") if c.lower_ in syntax.RELATIVE)
        return assumed_clause(token) if pronoun is None else _seen_as(token)
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

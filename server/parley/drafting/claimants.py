"""Who is said to say, think, want or judge what a cue attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.drafting import syntax, tables
from parley.drafting.clauses import PREPOSITIONS

if TYPE_CHECKING:
    from spacy.tokens import Token

    from parley.drafting.clauses import Match
    from parley.drafting.tables import Cue


def find(token: Token, cue: Cue, found: Match) -> Token | None:
    """Return the head of who holds what a cue attributes, or None when nobody is named."""
    if cue.pos == "verb":
        return _of_verb(token, cue)
    if cue.pos == "adp":
        return syntax.subject(token.head)
    if cue.pos == "adj":
        linking = syntax.copula(token)
        return syntax.subject(linking) if linking is not None else _described(token)
    if found.frame == "colon":
        return _relative_subject(token) or syntax.subject_of_noun(token)
    return _of_noun(token, cue, found)


def _of_verb(token: Token, cue: Cue) -> Token | None:
    if announcer := _announcing(token):
        return announcer
    if token.dep_ == "auxpass":
        return syntax.own_subject(token.head)
    if _is_impersonal(token):
        return None
    return _convinced(token, cue) or syntax.subject(token) or _place_of_belief(token)


def _is_impersonal(token: Token) -> bool:
    """Say whether nobody is meant: ``it is wrong to suppose that …``."""
    linking = token.head if token.head.pos_ != "ADJ" else token.head.head
    own = syntax.own_subject(linking)
    idle = linking.lemma_ == "be" and own is not None and own.lower_ == "it"
    return idle and syntax.has_to(token)


def _announcing(token: Token) -> Token | None:
    """Return who lets others know something, or makes it known."""
    tells = token.head != token and syntax.lemma(token.head) in tables.words("announcing.tsv")
    known = syntax.lemma(token) in tables.words("announcing.tsv", "known")
    return syntax.subject(token.head) if tells and known else None


def _of_noun(token: Token, cue: Cue, found: Match) -> Token | None:
    owner = syntax.owner_of_noun(token)
    verb = _governor(token)
    if verb is not None and syntax.lemma(verb) in tables.words("sharing.tsv"):
        return syntax.governing_subject(token) or owner
    voiced = verb is not None and syntax.lemma(verb) in tables.words("expressing.tsv")
    if owner is not None and owner.tag_ == "PRP$" and voiced:
        owner = syntax.governing_subject(token) or owner
    if owner is None:
        if not _passes_subject(token, cue, found):
            return None
        owner = syntax.governing_subject(token)
    if owner is None or syntax.is_someone(owner):
        return owner
    unsaid = found.frame in {"that", "wh"} and not syntax.is_document(owner)
    return syntax.possessor(owner) or (None if unsaid else owner)


def _passes_subject(noun: Token, cue: Cue, found: Match) -> bool:
    """Say whether who governs a noun has what it names: not who hears a warning.

    What is named without a clause, as in ``support for the war``, must be had or expressed.
    """
    verb = _governor(noun)
    if verb is None:
        return True
    lemma = syntax.lemma(verb)
    hears = lemma in tables.words("hearing.tsv") and not syntax.taken_from(verb)
    if noun.dep_ == "dobj" and hears:
        return (
            cue.sense == "belief" and tables.mapping("hearing.tsv", "word", "learns")[lemma] == "y"
        )
    if found.frame not in PREPOSITIONS:
        return True
    had = {"expressing.tsv", "losing.tsv", "obtaining.tsv"}
    return any(lemma in tables.words(name) for name in had)


def _governor(noun: Token) -> Token | None:
    head = noun.head
    while head.dep_ in {"prep", "conj", "pobj"} and head.pos_ not in {"VERB", "AUX"}:
        head = head.head
    return head if head.pos_ in {"VERB", "AUX"} and head != noun else None


def _convinced(token: Token, cue: Cue) -> Token | None:
    """Return who comes to believe what he is, or events make him, convinced or reminded of."""
    if cue.lemma not in tables.words("convincing.tsv"):
        return None
    if syntax.is_passive(token):
        return _described(token)
    doer, done_to = syntax.subject(token), syntax.first(syntax.children(token, "dobj"))
    if doer is None or done_to is None or syntax.is_someone(doer):
        return None
    return done_to if syntax.is_someone(done_to) else None


def _place_of_belief(token: Token) -> Token | None:
    """Return whose capital it is in which something is believed."""
    if not syntax.is_passive(token):
        return None
    for preposition in syntax.children(token, "prep"):
        place = syntax.first(syntax.children(preposition, "pobj"))
        if preposition.lower_ == "in" and place is not None and place._.actor is not None:
            return place if place._.actor.kind == "metonym" else None
    return None


def _described(token: Token) -> Token | None:
    """Return what an adjective or participle that is no predicate complement is said of."""
    if own := syntax.own_subject(token):
        return syntax.antecedent(own, token) if own.lower_ in syntax.RELATIVE else own
    if token.dep_ in {"acl", "relcl", "amod"}:
        return token.head
    return syntax.subject(token.head) if token.dep_ in {"advcl", "conj"} else None


def _relative_subject(token: Token) -> Token | None:
    for clause in syntax.children(token, "relcl"):
        return syntax.subject(clause)
    return None

"""Mend what the parser often joins wrongly, before the rules read the parse.

What follows a reported clause after ``and`` is often done by the one who speaks: in ``he said the
truce was over, and appealed to both sides`` the parser takes the appeal for a part of the speech.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import syntax, tables

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP"})


def mend(doc: Doc) -> Doc:
    """Join coordinate predicates to the verb whose subject they share; return the same block."""
    for token in doc:
        if token.dep_ == "conj" and (matrix := _matrix_of_infinitive(token)):
            for word in _joints(token):
                word.head = matrix
            token.head = matrix
        elif token.dep_ == "conj" and (clause := _reported(token)):
            for word in _joints(token):
                word.head = clause
            token.head = clause
        elif token.dep_ == "conj" and (_continues_matrix(token) or _has_same_subject(token)):
            matrix = token.head.head
            for word in _joints(token):
                word.head = matrix
            token.head = matrix
    return doc


def _continues_matrix(token: Token) -> bool:
    """Say whether a predicate joined to a reported clause goes on with the one who reports."""
    clause = token.head
    matrix = clause.head
    if clause.dep_ != "ccomp" or not matrix.i < clause.i or token.tag_ not in _FINITE:
        return False
    if matrix.tag_ != token.tag_ or any(True for _ in syntax.children(token, "nsubj", "aux")):
        return False
    if any(True for _ in syntax.children(token, "nsubjpass", "auxpass")):
        return False
    said = (syntax.lemma(token), "verb") in tables.cues()
    if not said and syntax.lemma(token) not in tables.words("expressing.tsv"):
        return False
    joints = _joints(token)
    doer = syntax.first(syntax.children(clause, "nsubj", "nsubjpass", "expl"))
    if doer is not None and _thinks(token) and not syntax.is_someone(doer):
        return True
    apart = any(t.nbor(-1).text == "," or t.lower_ == "but" for t in joints if t.i > 0)
    return apart or _finite_tag(clause) != token.tag_ or syntax.lemma(token) == "add"


def _reported(token: Token) -> Token | None:
    """Return the report that a verb in its tense goes on: ``said he opposes it and hopes …``."""
    own = any(True for _ in syntax.children(token, "nsubj", "nsubjpass", "aux"))
    if own or token.tag_ not in {"VBZ", "VBP"} or token.head.tag_ != "VBD":
        return None
    told = [c for c in syntax.children(token.head, "ccomp") if token.head.i < c.i < token.i]
    return next((c for c in told if c.tag_ == token.tag_), None)


def _thinks(verb: Token) -> bool:
    """Say whether only somebody can do what a verb says."""
    cues = tables.cues().get((syntax.lemma(verb), "verb"), ())
    return bool(cues) and all(cue.sense != "evidence" for cue in cues)


def _matrix_of_infinitive(token: Token) -> Token | None:
    """Return the verb to which a finite one belongs that the parser joined to an infinitive."""
    own = any(True for _ in syntax.children(token, "nsubj", "nsubjpass", "aux", "auxpass"))
    if token.tag_ not in _FINITE or token.head.tag_ != "VB" or own:
        return None
    if any(c.tag_ == "MD" for c in syntax.children(token.head, "aux")):
        return None
    above = [t for t in token.head.ancestors if t.pos_ == "VERB" and t.tag_ == token.tag_]
    return above[0] if above else None


def _has_same_subject(token: Token) -> bool:
    """Say whether a pronoun takes the speaker up: ``they said that …, and they hoped that …``."""
    clause = token.head
    matrix = clause.head
    if clause.dep_ != "ccomp" or not matrix.i < clause.i or token.tag_ != matrix.tag_:
        return False
    own = syntax.first(syntax.children(token, "nsubj"))
    speaker = syntax.first(syntax.children(matrix, "nsubj"))
    if own is None or speaker is None or own.lower_ not in {"he", "she", "they"}:
        return False
    comma = any(t.nbor(-1).text == "," for t in _joints(token) if t.i > 0)
    several = speaker.tag_ in {"NNS", "NNPS"} or speaker.lower_ == "they"
    return comma and several == (own.lower_ == "they")


def _joints(token: Token) -> list[Token]:
    """Return the conjunctions between a predicate and the one it is joined to."""
    return [t for t in syntax.children(token.head, "cc") if token.head.i < t.i < token.i]


def _finite_tag(verb: Token) -> str:
    helpers = [t.tag_ for t in syntax.children(verb, "aux", "auxpass", "cop")]
    return next((tag for tag in helpers if tag in _FINITE | {"MD"}), verb.tag_)

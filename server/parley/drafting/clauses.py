"""Clauses and spans that the frames share: statements, questions, infinitives.

`Match` is what a frame returns when it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.drafting import tables
from parley.drafting.spans import TokenSpan, subtree, trim
from parley.drafting.syntax import WH, children, first, has_to, is_quoted, lemma

if TYPE_CHECKING:
    from spacy.tokens import Token

PREPOSITIONS: Final = frozenset(
    {
        "for",
        "against",
        "on",
        "about",
        "of",
        "with",
        "to",
        "in",
        "at",
        "over",
        "toward",
        "towards",
        "upon",
        "by",
        "from",
        "under",
    }
)
_TAKING: Final = ("expressing.tsv", "hearing.tsv", "losing.tsv")
_CONTRASTING: Final = frozenset({"although", "though", "whereas", "while"})
_SUBJECTS: Final = ("nsubj", "nsubjpass", "expl")
_CLAUSES: Final = ("ccomp", "xcomp", "pcomp")
_TRAILING: Final = ("ccomp", "advcl", "acl", "relcl", "appos")


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that holds: its name, the content, and the claimant when the frame says who."""

    frame: str
    content: TokenSpan
    claimant: Token | None = None
    #: The noun that tells how somebody reacts, where that is not the cue.
    reaction: Token | None = None


def is_statement(clause: Token) -> bool:
    """Say whether a clause states something: finite, and no question."""
    if has_to(clause) or is_question(clause):
        return False
    if clause.dep_ != "ccomp":
        return any(c.lower_ == "that" for c in children(clause, "mark"))
    if clause.tag_ in {"VBG"} and not any(True for _ in children(clause, "aux")):
        return False
    return any(True for _ in children(clause, "nsubj", "nsubjpass", "expl", "csubj", "mark"))


def is_question(clause: Token) -> bool:
    """Say whether a clause opens with a question word."""
    start = clause.left_edge
    if start.lower_ not in WH:
        return False
    if start.lower_ in {"where", "when"} and not any(True for _ in children(clause, *_SUBJECTS)):
        return False
    return start.lower_ != "if" or clause.dep_ == "ccomp"


def clause_span(clause: Token) -> TokenSpan:
    """Return a clause without the conjunction that opens it."""
    left, right = subtree(clause)
    doc = clause.doc
    if doc[left].lower_ == "that" and doc[left].dep_ != "nsubj":
        left += 1
    return trim(doc, left, min(right, _contrast(clause, left, right)))


def _contrast(clause: Token, left: int, right: int) -> int:
    """Return where a contrast begins that is told beside a clause: ``…, although they left``."""
    for part in clause.doc[left:right]:
        if part.text == ";" and not is_quoted(part):
            return int(part.i)
        opens = part.dep_ == "mark" and part.lower_ in _CONTRASTING
        after = part.i > clause.i and part.doc[part.i - 1].text in {",", "–", "—"}
        if opens and after and part.head.right_edge.i + 1 >= right - 1:
            return int(part.i)
    return right


def infinitive_span(clause: Token) -> TokenSpan:
    """Return the span of an infinitive from its ``to``."""
    left, right = clause_span(clause)
    marks = [c.i for c in clause.children if c.tag_ == "TO"]
    begin = max(left, marks[0])
    denied = begin > 0 and clause.doc[begin - 1].dep_ == "neg"
    return (begin - 1 if denied else begin), right


def object_of(token: Token) -> Token | None:
    """Return the head of what a verb or preposition governs, or None."""
    return first(children(token, "dobj", "pobj"))


def question(token: Token) -> Match | None:
    """Match ``asked whether the talks had failed``."""
    for clause in children(token, *_CLAUSES, "advcl"):
        asks = clause.dep_ != "advcl" or clause.left_edge.lower_ in {"whether", "why"}
        if clause.i > token.i and asks and is_question(clause):
            return Match("wh", clause_span(clause))
    for preposition in children(token, "prep"):
        for clause in children(preposition, "pcomp", "ccomp"):
            if is_question(clause):
                return Match("wh", clause_span(clause))
    return None


def that_after(token: Token, *holders: Token) -> Match | None:
    """Match a that-clause which the parser hung on one of some words after the cue."""
    for holder in holders:
        for clause in children(holder, *_TRAILING):
            marks = {c.lower_ for c in children(clause, "mark")}
            if clause.i <= token.i or has_to(clause):
                continue
            if "that" in marks and clause.dep_ == "acl" and _lacks_object(clause):
                continue
            if "that" in marks or (holder == token and _is_no_relative(clause)):
                return Match("that", clause_span(clause))
    return None


def _lacks_object(clause: Token) -> bool:
    """Say whether what is made, heard or rejected is the noun before: ``the claim they reject``."""
    cues = tables.cues().get((lemma(clause), "verb"), ())
    taken = any(cue.frames & {"obj", "matter"} for cue in cues)
    taken = taken or any(lemma(clause) in tables.words(name) for name in _TAKING[1:])
    passive = any(True for _ in children(clause, "auxpass"))
    rest = [c for c in clause.children if c.i > clause.i and c.dep_ not in {"advmod", "punct"}]
    return taken and not passive and not rest


def _is_no_relative(clause: Token) -> bool:
    """Say whether the ``that`` after a noun, taken for its pronoun, opens what the noun says.

    In ``the hypothesis that the talks had failed`` it does; what is made, heard or rejected,
    as in ``the claim that they made``, is the noun itself.
    """
    opening = clause.left_edge
    if clause.dep_ != "relcl" or opening.lower_ != "that" or opening.dep_ not in {"dobj", "mark"}:
        return False
    if any(True for _ in children(clause, "auxpass")):
        return True
    return clause.tag_ != "VBG" and not any(lemma(clause) in tables.words(n) for n in _TAKING)

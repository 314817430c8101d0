"""Contacts: who met, called, warned or visited whom, who was between them, and whether they did.

A contact has participants of at least two sides: an official who briefs his own minister is
none. What is wished, promised or possible is a contact that is not realised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import coreference, parties, spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

    from parley.drafting.spans import TokenSpan

#: Several who speak of themselves: nobody knows of which side they are.
_SELVES: Final = frozenset({"we", "us", "our"})
_MEDIATING: Final = frozenset({"mediator", "intermediary", "go-between", "broker", "facilitator"})
_INFORMAL: Final = frozenset({"informally", "informal", "unofficial", "unofficially"})
_DENYING: Final = frozenset({"deny"})
_THROUGH: Final = frozenset({"through", "via"})
_DETACHED: Final = frozenset({"conj", "cc", "advcl", "relcl", "parataxis"})


@dataclass(frozen=True, slots=True)
class Found:
    """A contact in a block: token span, cue, participants and mediators as tokens."""

    span: TokenSpan
    cue: Token
    participants: tuple[Token, ...]
    mediators: tuple[Token, ...]
    realised: bool
    informal: bool
    denied: bool = False


def find(doc: Doc, names: dict[str, str]) -> list[Found]:
    """Return the contacts of a parsed block, at most one for the same words."""
    kept: list[Found] = []
    for token in doc:
        made = _contact(token, names)
        if made is None:
            continue
        told = [other for other in kept if _same(made.span, other.span)]
        if all(_is_way(other.cue) for other in told):
            kept = [*(other for other in kept if other not in told), made]
    return kept


def _is_way(cue: Token) -> bool:
    """Say whether a contact is only told of as a way to it: who came and talked, talked."""
    row = _rows()[syntax.lemma(cue), "verb" if cue.pos_ == "VERB" else "noun"]
    return "come" in row[1]


def _contact(token: Token, names: dict[str, str]) -> Found | None:
    row = _rows().get((syntax.lemma(token), {"VERB": "verb", "NOUN": "noun"}.get(token.pos_, "")))
    if row is None or token.dep_ in {"amod", "compound"}:
        return None
    if _is_another(token):
        return None
    mediators = tuple(dict.fromkeys(_mediators(token)))
    people = [p for p in parties.find(token, row) if p not in mediators]
    certain = not _is_meeting(token)
    sides = {s for p in people if (s := coreference.side(p, names, certain=certain))}
    if len(sides) < parties.MIN_SIDES - _is_gathering(token, people) or any(
        p.lower_ in _SELVES for p in people
    ):
        return None
    if certain and _is_abstract(syntax.subject(token), people):
        return None
    informal = any(t.lower_ in _INFORMAL and _is_told_together(t, token) for t in token.sent)
    return Found(
        span=_span(token, people),
        cue=token,
        participants=tuple(people),
        mediators=mediators,
        realised=_is_realised(token),
        informal=informal,
        denied=_is_denied(_governor(token)),
    )


def _is_abstract(doer: Token | None, people: list[Token]) -> bool:
    """Say whether what presses or warns somebody is nobody: ``the treaty pressed Germany``."""
    return doer is not None and doer not in people and doer.pos_ in {"NOUN", "PROPN"}


def _is_another(token: Token) -> bool:
    """Say whether a cue with a word after it is no contact: ``engaged in combat``."""
    return any(
        (syntax.lemma(token), preposition.lower_, syntax.lemma(noun)) in _others()
        for preposition in syntax.children(token, "prep")
        for noun in syntax.children(preposition, "pobj")
    )


def _is_gathering(token: Token, people: list[Token]) -> bool:
    """Say whether several of one kind meet each other: ``the two leaders met in Geneva``."""
    if len(people) != 1 or not _is_meeting(token):
        return False
    of = any(p.lower_ == "of" for p in syntax.children(token, "prep"))
    if people[0].tag_ in parties.PLURAL and people[0].head == _carrier(token) != token and not of:
        return True
    if token.pos_ == "NOUN" or syntax.lemma(token) in parties.MEDIATION:
        return people[0].tag_ in parties.PLURAL and people[0].head.lower_ in {"between", "among"}
    alone = not any(True for _ in syntax.children(token, "dobj", "ccomp", "xcomp"))
    return alone and people[0].tag_ in parties.PLURAL and people[0].head == token


def _is_meeting(token: Token) -> bool:
    """Say whether a cue by itself tells of two sides: one tells a colleague, but meets others."""
    row = _rows().get((syntax.lemma(token), "verb"))
    return token.pos_ == "NOUN" or (row is not None and bool({"with", "between"} & row[1]))


def _mediators(token: Token) -> Iterator[Token]:
    """Yield who is between: ``by Tajikistan as the mediator``, ``mediated by``, ``arranged``."""
    if token.pos_ == "NOUN" and token.dep_ == "dobj" and parties.has_sides(token):
        arranger = syntax.subject(token.head)
        yield from [arranger] if arranger is not None else []
        return
    carrier = _carrier(token) or token
    through = [p for p in syntax.children(carrier, "prep") if p.lower_ in _THROUGH]
    through += [
        p for p in syntax.children(token, "prep") if p.lower_ in _THROUGH and p not in through
    ]
    between = [t for p in through for t in syntax.children(p, "pobj") if t._.actor is not None]
    if between:
        yield from between
        return
    yield from _mediating(token)


def _mediating(token: Token) -> Iterator[Token]:
    for word in token.sent:
        if not _is_told_together(word, token):
            continue
        if syntax.lemma(word) in _MEDIATING and word.dep_ in {"pobj", "appos", "attr"}:
            agents = [
                t for t in token.sent if t.dep_ == "pobj" and t.head.lower_ in {"by", "through"}
            ]
            yield from agents[:1]
            return
        if syntax.lemma(word) in parties.MEDIATION and word.pos_ == "VERB":
            agent = syntax.subject(word)
            if agent is not None:
                yield agent
                return


def _is_told_together(a: Token, b: Token) -> bool:
    """Say whether two words stand in one clause, or one's clause hangs on the other's."""
    low, high = _governor(a), _governor(b)
    return _hangs(low, high) or _hangs(high, low)


def _hangs(low: Token, high: Token) -> bool:
    node = low
    while node not in (high, node.head):
        if node.dep_ in {"conj", "parataxis"} and node.pos_ in {"VERB", "AUX"}:
            return False
        node = node.head
    return node == high


def _is_realised(token: Token) -> bool:
    """Say whether a contact is told as having taken place."""
    verb = token if token.pos_ == "VERB" else _governor(token)
    unreal = tables.words("hypothetical.tsv")
    if verb != token and syntax.lemma(verb) in tables.words("unreal_verbs.tsv"):
        return False
    for _ in range(parties.MIN_SIDES):
        helpers = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
        if syntax.is_negated(verb):
            return False
        if any(c.lower_ in unreal for c in helpers):
            return _is_end_of_journey(verb)
        if verb.dep_ not in {"xcomp", "ccomp"}:
            return True
        if syntax.lemma(verb.head) in _DENYING:
            return False
        verb = verb.head
    return True


def _is_denied(verb: Token) -> bool:
    told = verb.dep_ in {"xcomp", "ccomp"} and syntax.lemma(verb.head) in _DENYING
    return told or syntax.is_negated(verb)


def _is_end_of_journey(verb: Token) -> bool:
    """Say whether a verb tells why someone has come: ``flew to Cairo to meet him``."""
    way = verb.head
    return (
        verb.dep_ in {"advcl", "xcomp"}
        and syntax.has_to(verb)
        and syntax.lemma(way) in tables.words("journeys.tsv")
        and _is_realised(way)
    )


def _governor(noun: Token) -> Token:
    node = noun
    while node.head != node and node.pos_ not in {"VERB", "AUX"}:
        node = node.head
    return node


def _span(token: Token, people: Iterable[Token]) -> TokenSpan:
    """Return the words of a contact: its cue's clause without what is joined to it."""
    inside = {i for p in people for i in range(*_named(p))} | {token.i}
    carrier = _carrier(token)
    if carrier is None:
        left = min(t.i for t in token.subtree if t.i <= token.i)
        return spans.trim(token.doc, min(left, *inside), max(inside) + 1)
    apart = [c for c in carrier.children if c.dep_ in _DETACHED or _is_before(c, carrier)]
    barred = {t.i for child in apart for t in child.subtree}
    ends = [c.left_edge.i for c in apart if c.i > carrier.i and c.left_edge.i > max(inside)]
    inside |= {t.i for t in carrier.subtree if t.i < min(ends, default=len(token.doc))} - barred
    return spans.trim(token.doc, min(inside), max(inside) + 1)


def _carrier(token: Token) -> Token | None:
    """Return the verb whose clause tells of a contact: its own, or one that says no more.

    ``Talks were held in Geneva`` is told by the whole clause, ``talks failed`` is not.
    """
    if token.pos_ != "NOUN":
        return token
    whole = parties.counted(token)
    verb = whole.head
    if whole.dep_ == "pobj" and verb.lower_ in {"in", "into"}:
        verb = verb.head
    elif whole.dep_ not in {"dobj", "nsubj", "nsubjpass"}:
        return None
    is_light = verb.pos_ == "VERB" and syntax.lemma(verb) in tables.words("light_verbs.tsv")
    return verb if is_light else None


def _named(head: Token) -> TokenSpan:
    """Return the words that name a participant: of a name no more than the name."""
    left, right = spans.noun_phrase(head)
    return (left, head.i + 1) if head._.actor is not None and left <= head.i else (left, right)


def _is_before(child: Token, token: Token) -> bool:
    return child.dep_ == "ccomp" and child.i < token.i


def _same(a: TokenSpan, b: TokenSpan) -> bool:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > 0 and 2 * shared / (a[1] - a[0] + b[1] - b[0]) > _ALIKE


_ALIKE: Final = 0.5


@cache
def _rows() -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    return {
        (row["lemma"], row["pos"]): (row["pos"], frozenset(row["frames"].split(",")))
        for row in tables.rows("contacts.tsv")
    }


@cache
def _others() -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (row["lemma"], row["word"], row["object"]) for row in tables.rows("no_contacts.tsv")
    )

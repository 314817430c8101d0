"""Contacts: who met, called, warned or visited whom, who was between them, and whether they did.

A contact has participants of at least two sides: an official who briefs his own minister is
none. What is wished, promised or possible is a contact that is not realised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import coreference, spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

    from parley.drafting.spans import TokenSpan

#: Several who speak of themselves: nobody knows of which side they are.
_SELVES: Final = frozenset({"we", "us", "our"})
_OF_SIDES: Final = frozenset({"of", "from"})
_BETWEEN: Final = frozenset({"with", "between", "to", "of", "at", "from"})
_MEDIATING: Final = frozenset({"mediator", "intermediary", "go-between", "broker", "facilitator"})
_MEDIATION: Final = frozenset({"mediate", "broker", "facilitate", "shuttle", "arbitrate"})
_INFORMAL: Final = frozenset({"informally", "informal", "unofficial", "unofficially"})
_DENYING: Final = frozenset({"deny"})
_THROUGH: Final = frozenset({"through", "via"})
_PLURAL: Final = frozenset({"NNS", "NNPS"})
#: What an answer or favour is asked from or of: of the verb alone, not of its object.
_SOURCES: Final = frozenset({"from", "of"})
_DETACHED: Final = frozenset({"conj", "cc", "advcl", "relcl", "parataxis"})
_MIN_SIDES: Final = 2


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
    mediators = tuple(dict.fromkeys(_mediators(token)))
    people = [p for p in _participants(token, row) if p not in mediators]
    certain = not _is_meeting(token)
    sides = {s for p in people if (s := coreference.side(p, names, certain=certain))}
    if len(sides) < _MIN_SIDES - _is_gathering(token, people) or any(
        p.lower_ in _SELVES for p in people
    ):
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


def _is_gathering(token: Token, people: list[Token]) -> bool:
    """Say whether several of one kind meet each other: ``the two leaders met in Geneva``."""
    if len(people) != 1 or not _is_meeting(token):
        return False
    if token.pos_ == "NOUN" or syntax.lemma(token) in _MEDIATION:
        return people[0].tag_ in _PLURAL and people[0].head.lower_ in {"between", "among"}
    alone = not any(True for _ in syntax.children(token, "dobj", "ccomp", "xcomp"))
    return alone and people[0].tag_ in _PLURAL and people[0].head == token


def _is_meeting(token: Token) -> bool:
    """Say whether a cue by itself tells of two sides: one tells a colleague, but meets others."""
    row = _rows().get((syntax.lemma(token), "verb"))
    return token.pos_ == "NOUN" or (row is not None and bool({"with", "between"} & row[1]))


def _participants(token: Token, row: tuple[str, frozenset[str]]) -> Iterator[Token]:
    """Yield the heads of the noun phrases that take part, each once."""
    pos, frames = row
    raw = _of_verb(token, frames) if pos == "verb" else _of_noun(token)
    seen: set[int] = set()
    for head in raw:
        for whole in (head, *_coordinated(head)):
            for one in _parts(whole):
                if one.i not in seen and (syntax.is_someone(one) or one._.actor is not None):
                    seen.add(one.i)
                    yield one


def _parts(head: Token) -> list[Token]:
    """Return the sides that one noun names, as ``Turkish and Armenian diplomats``; else itself."""
    if head.tag_ not in _PLURAL or head._.actor is not None:
        return [head]
    named = list(syntax.children(head, "amod", "compound", "nmod"))
    for preposition in syntax.children(head, "prep"):
        if preposition.lower_ in _OF_SIDES:
            named += syntax.children(preposition, "pobj")
    whole = [one for name in named for one in (name, *_coordinated(name))]
    parts = [one for one in whole if one._.actor is not None]
    sides = {one._.actor.side or one._.actor.actor for one in parts}
    return parts if len(sides) == len(parts) >= _MIN_SIDES else [head]


def _of_verb(verb: Token, frames: frozenset[str]) -> Iterator[Token]:
    doer = syntax.subject(verb)
    if doer is not None and syntax.lemma(verb) not in _MEDIATION:
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


def _of_noun(noun: Token) -> Iterator[Token]:
    own = noun.dep_ == "dobj"  # ``resumed their talks``: those who do have been named
    yield from (p for p in syntax.children(noun, "poss") if not own or p.pos_ != "PRON")
    yield from (
        m
        for m in syntax.children(noun, "amod", "compound")
        if m._.actor is not None and m._.actor.kind != "metonym"
    )
    for preposition in syntax.children(noun, "prep"):
        if preposition.lower_ in _BETWEEN:
            yield from syntax.children(preposition, "pobj")
    whole = _counted(noun)
    if whole != noun:
        yield from syntax.children(whole, "poss")
        yield from _joined_by(whole, {"with", "between"})
    if whole.dep_ in {"dobj", "nsubjpass", "nsubj"}:
        yield from _joined_by(whole.head, {"with", "to"}, after=noun.i)
    if whole.dep_ == "nsubjpass" and not _has_sides(noun):
        agent = syntax.by_agent(whole.head)
        yield from [agent] if agent is not None else []
    doer = _doer(whole, noun)
    if doer is not None:
        yield doer


def _joined_by(holder: Token, words: set[str], after: int = -1) -> Iterator[Token]:
    for preposition in syntax.children(holder, "prep", "dative"):
        if preposition.lower_ in words and preposition.i > after:
            yield from syntax.children(preposition, "pobj")


def _counted(noun: Token) -> Token:
    """Return the word that counts what a noun names, as ``two rounds of talks``; else the noun."""
    head = noun.head
    if noun.dep_ != "pobj" or head.lower_ != "of" or head.dep_ != "prep":
        return noun
    return head.head if syntax.lemma(head.head) in tables.words("amounts.tsv") else noun


def _has_sides(noun: Token) -> bool:
    """Say whether a noun itself names those between whom it is, or from whom to whom."""
    words = {part.lower_ for part in syntax.children(noun, "prep")}
    return bool(words & {"between", "among"}) or words >= {"from", "to"}


def _doer(whole: Token, noun: Token) -> Token | None:
    """Return who holds talks; one who arranges them between others is none of them."""
    if whole.dep_ == "dobj":
        cues = tables.cues().get((syntax.lemma(whole.head), "verb"), ())
        judged = any(cue.sense == "attitude" for cue in cues)
        return None if judged or _has_sides(noun) else syntax.subject(whole.head)
    if whole.dep_ != "pobj":
        return None
    governor = whole.head.head
    linking = syntax.copula(governor)
    return syntax.subject(linking or governor) if linking or governor.pos_ == "VERB" else None


def _coordinated(head: Token) -> Iterator[Token]:
    for other in syntax.children(head, "conj"):
        yield other
        yield from _coordinated(other)


def _mediators(token: Token) -> Iterator[Token]:
    """Yield who is between: ``by Tajikistan as the mediator``, ``mediated by``, ``arranged``."""
    if token.pos_ == "NOUN" and token.dep_ == "dobj" and _has_sides(token):
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
        if syntax.lemma(word) in _MEDIATION and word.pos_ == "VERB":
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
    for _ in range(_MIN_SIDES):
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
    whole = _counted(token)
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

"""Frames: where the content stands that a cue attributes, by the cue's place in the parse.

Each frame is a function from the cue's token to the span of its content, or None. The table of
cues names the frames a word has; `match` takes the first that holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.drafting import syntax
from parley.drafting.syntax import WH, children, first, has_to, subtree, trim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Token

    from parley.drafting.syntax import TokenSpan
    from parley.drafting.tables import Cue

PREPOSITIONS: Final = frozenset(
    ["for", "against", "on", "about", "of", "with", "to", "in", "at", "over", "toward", "towards"]
)
_CLAUSES: Final = ("ccomp", "xcomp", "pcomp")
_TRAILING: Final = ("ccomp", "advcl", "acl", "relcl", "appos")


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that holds: its name, the content, and the claimant when the frame says who."""

    frame: str
    content: TokenSpan
    claimant: Token | None = None


def match(token: Token, cue: Cue) -> Match | None:
    """Return how a cue's frames hold at a token, or None; clauses come before phrases."""
    anchor = _anchor(token, cue)
    if anchor is None:
        return None
    if anchor is not token and (found := _with_particle(token, anchor, cue)):
        return found
    for name, frame in _FRAMES[cue.pos].items():
        if name in cue.frames and (found := frame(anchor)):
            return found
    for preposition in sorted(cue.frames & PREPOSITIONS):
        if span := _prepositional(token, anchor, preposition):
            return Match(preposition, span)
    return None


def _with_particle(token: Token, particle: Token, cue: Cue) -> Match | None:
    """Match ``called on the rebels to leave`` and ``referred to the treaty as a threat``."""
    thing = _object(particle)
    if thing is None:
        return None
    for holder in (token, particle, thing):
        for part in holder.children:
            if part.i <= thing.i:
                continue
            if "oinf" in cue.frames and part.pos_ in {"VERB", "AUX"} and has_to(part):
                return Match("oinf", _from_to(part))
            if "as" in cue.frames and part.lower_ == "as":
                return Match("as", trim(token.doc, subtree(thing)[0], subtree(part)[1]))
    return None


def _anchor(token: Token, cue: Cue) -> Token | None:
    """Return the token whose dependents hold the content: the cue or its last particle."""
    anchor = token
    for word in cue.words[1:]:
        following = [t for t in token.doc[token.i + 1 : token.i + 4] if t.lower_ == word]
        if not following or following[0].head not in {token, anchor}:
            return None
        if following[0].dep_ == "prep":
            anchor = following[0]
    return anchor


# --- verbs -----------------------------------------------------------------------------------


def _that(token: Token) -> Match | None:
    for clause in children(token, "ccomp", "advcl", "acl"):
        if clause.i > token.i and _is_statement(clause):
            return Match("that", _clause(clause))
    return _answer(token) or _inverted(token)


def _answer(token: Token) -> Match | None:
    """Match ``said no``."""
    if token.i + 1 < len(token.doc) and token.doc[token.i + 1].lower_ in {"no", "yes"}:
        following = token.doc[token.i + 2 : token.i + 3].text
        if following in {"", ".", ",", ";", "to", "and", "but"}:
            return Match("that", (token.i + 1, token.i + 2))
    return None


def _wh(token: Token) -> Match | None:
    for clause in children(token, *_CLAUSES):
        if clause.i > token.i and _is_question(clause):
            return Match("wh", _clause(clause))
    for preposition in children(token, "prep"):
        for clause in children(preposition, "pcomp", "ccomp"):
            if _is_question(clause):
                return Match("wh", _clause(clause))
    return None


def _inverted(token: Token) -> Match | None:
    """Match content that stands before its cue, as in ``Sanctions would fail, he argued``."""
    for clause in children(token, "ccomp"):
        left, right = _clause(clause)
        if right <= token.i and _closes(token, right) and ";" not in token.doc[left:right].text:
            return Match("that", (left, right))
    if token.dep_ == "parataxis" and token.head.pos_ in {"VERB", "AUX"}:
        left, right = subtree(token.head, without=[])
        inside = [t.i for t in token.subtree]
        if left < min(inside) and max(inside) + 1 < right:
            return Match("that", trim(token.doc, left, right))
        if left < min(inside):
            return Match("that", trim(token.doc, left, min(inside)))
    return None


def _closes(token: Token, right: int) -> bool:
    between = token.doc[right : token.i]
    return any(t.text in ',"”’' for t in between) or token.doc[right - 1].text in '"”’'


def _is_statement(clause: Token) -> bool:
    if has_to(clause) or _is_question(clause):
        return False
    if clause.dep_ != "ccomp":
        return any(c.lower_ == "that" for c in children(clause, "mark"))
    if clause.tag_ in {"VBG"} and not any(True for _ in children(clause, "aux")):
        return False
    return any(True for _ in children(clause, "nsubj", "nsubjpass", "expl", "csubj", "mark"))


def _is_question(clause: Token) -> bool:
    start = clause.left_edge
    if start.lower_ not in WH:
        return False
    return start.lower_ != "if" or clause.dep_ == "ccomp"


def _infinitive(token: Token) -> Match | None:
    if any(True for _ in children(token, "dobj")):
        return None
    for clause in children(token, "xcomp"):
        if clause.i > token.i and has_to(clause) and not _is_question(clause):
            return Match("inf", _from_to(clause))
    return None


def _object_infinitive(token: Token) -> Match | None:
    for clause in children(token, "xcomp", "ccomp", "advcl"):
        if clause.i > token.i and has_to(clause) and not _is_question(clause):
            return Match("oinf", _from_to(clause))
    thing = _object(token)
    for clause in children(thing, "acl", "relcl") if thing is not None else ():
        if has_to(clause):
            return Match("oinf", _from_to(clause))
    return None


def _from_to(clause: Token) -> TokenSpan:
    left, right = _clause(clause)
    marks = [c.i for c in clause.children if c.tag_ == "TO"]
    return max(left, marks[0]), right


def _gerund(token: Token) -> Match | None:
    for clause in children(token, "xcomp"):
        if clause.i > token.i and clause.tag_ == "VBG":
            return Match("ing", _clause(clause))
    return None


def _small_clause(token: Token) -> Match | None:
    if syntax.is_passive(token):
        return None
    for part in children(token, "oprd", "ccomp", "xcomp"):
        if part.pos_ in {"ADJ", "NOUN", "PROPN"} and not has_to(part) and part.i > token.i:
            thing = first(children(part, "nsubj")) or _object(token)
            if thing is not None and token.i < thing.i < part.i:
                return Match("sc", trim(token.doc, subtree(thing)[0], subtree(part)[1]))
    return None


def _object(token: Token) -> Token | None:
    return first(children(token, "dobj", "pobj"))


def _noun_object(token: Token) -> Match | None:
    if syntax.is_passive(token):
        return _passive_subject(token)
    thing = _object(token)
    if thing is None or thing.i < token.i or thing.pos_ == "PRON":
        return None
    left, right = subtree(thing)
    for preposition in children(token, "prep"):
        if preposition.lower_ == "for" and preposition.i >= right and syntax.is_someone(thing):
            right = max(right, subtree(preposition)[1])
    return Match("obj", trim(token.doc, left, right))


def _denied_object(token: Token) -> Match | None:
    """Match what somebody does not recognise or share; affirmed, the verb is a deed."""
    return _noun_object(token) if syntax.is_negated(token) else None


def _passive_subject(token: Token) -> Match | None:
    verb = token
    while verb.dep_ == "conj" and not any(True for _ in children(verb, "nsubjpass")):
        verb = verb.head
    thing = first(children(verb, "nsubjpass", "csubj", "csubjpass"))
    if thing is None and token.dep_ == "acl":
        thing = token.head
        return Match("obj", syntax.noun_phrase(thing))
    if thing is None or thing.pos_ == "PRON" or syntax.is_someone(thing):
        return None
    return Match("obj", trim(token.doc, *subtree(thing)))


def _passive_clause(token: Token) -> Match | None:
    """Match a whole clause whose passive verb says that someone holds it, and how it is held."""
    held = any(True for _ in children(token, "oprd", "xcomp", "ccomp")) or syntax.is_negated(token)
    return _assumed_clause(token) if held else None


def _assumed_clause(token: Token) -> Match | None:
    if not syntax.is_passive(token) or token.dep_ in {"acl", "relcl"}:
        return None
    thing = first(children(token, "nsubjpass", "csubj", "csubjpass"))
    if thing is None or thing.pos_ == "PRON" or syntax.is_someone(thing):
        return None
    without = [c for c in token.children if c.dep_ in {"advcl", "conj", "agent", "cc", "npadvmod"}]
    left, right = subtree(token, without=[c for c in without if c.i > token.i])
    return Match("pass", trim(token.doc, max(left, subtree(thing)[0]), right))


def _as(token: Token) -> Match | None:
    thing = _object(token)
    if thing is None or thing.i < token.i:
        return None
    for holder in (token, thing):
        for preposition in children(holder, "prep"):
            if preposition.lower_ == "as" and preposition.i > thing.i:
                return Match("as", trim(token.doc, subtree(thing)[0], subtree(preposition)[1]))
    return None


def _prepositional(token: Token, anchor: Token, word: str) -> TokenSpan | None:
    if anchor is not token:
        thing = first(children(anchor, "pobj", "pcomp")) if anchor.lower_ == word else None
        return trim(token.doc, *subtree(thing)) if thing is not None else None
    thing = _object(token)
    holders = [token] if thing is None or token.pos_ != "VERB" else [token, thing]
    if token.pos_ == "NOUN" and token.dep_ == "dobj":
        holders.append(token.head)
    for holder in holders:
        for preposition in children(holder, "prep"):
            if preposition.lower_ == word and preposition.i > token.i:
                content = first(children(preposition, "pobj", "pcomp"))
                if content is not None and content.pos_ != "PRON":
                    return trim(token.doc, *subtree(content))
    return None


def _clause(clause: Token) -> TokenSpan:
    """Return a clause without the conjunction that opens it."""
    left, right = subtree(clause)
    doc = clause.doc
    if doc[left].lower_ == "that" and doc[left].dep_ == "mark":
        left += 1
    return trim(doc, left, right)


# --- adjectives and nouns --------------------------------------------------------------------


def _holders(token: Token) -> Iterator[Token]:
    """Yield where a predicate's complements may hang: the word itself, then its copula."""
    yield token
    linking = syntax.copula(token)
    if linking is not None:
        yield linking


def _adjective_that(token: Token) -> Match | None:
    for holder in _holders(token):
        for clause in children(holder, "ccomp", "advcl"):
            if clause.i > token.i and _is_statement(clause):
                return Match("that", _clause(clause))
    return None


def _adjective_wh(token: Token) -> Match | None:
    for holder in _holders(token):
        found = _wh(holder)
        if found and found.content[0] > token.i:
            return found
    return None


def _adjective_infinitive(token: Token) -> Match | None:
    for clause in children(token, "xcomp"):
        if clause.i > token.i and has_to(clause):
            return Match("inf", _from_to(clause))
    return None


def _experiencer(token: Token) -> Match | None:
    """Match what is clear, visible or acceptable to somebody."""
    linking = syntax.copula(token)
    if linking is None:
        return None
    who = _to_whom(token, linking)
    if who is None:
        return None
    found = _adjective_that(token) or _that_after(token, who)
    if found:
        return Match("exp", found.content, who)
    thing = first(children(linking, "nsubj", "csubj")) or _shared_nominal(linking)
    if thing is None or thing.pos_ == "PRON":
        return None
    return Match("exp", trim(token.doc, *subtree(thing)), who)


def _that_after(token: Token, *holders: Token) -> Match | None:
    """Match a that-clause which the parser hung on one of some words after the cue."""
    for holder in holders:
        for clause in children(holder, *_TRAILING):
            marks = {c.lower_ for c in children(clause, "mark")}
            if clause.i > token.i and "that" in marks and not has_to(clause):
                return Match("that", _clause(clause))
    return None


def _shared_nominal(linking: Token) -> Token | None:
    if linking.dep_ == "conj":
        return first(children(linking.head, "nsubj", "nsubjpass"))
    return None


def _to_whom(token: Token, linking: Token) -> Token | None:
    for holder in (token, linking):
        for preposition in children(holder, "prep"):
            if preposition.lower_ in {"to", "for"} and preposition.i > token.i:
                who = first(children(preposition, "pobj"))
                if who is not None and syntax.is_someone(who):
                    return who
    return None


def _of_interest(token: Token) -> Match | None:
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


def _noun_that(token: Token) -> Match | None:
    found = _that_after(token, token) or _noun_of_question(token)
    if found:
        return found
    if token.dep_ == "dobj" or (token.dep_ == "pobj" and token.i + 1 < len(token.doc)):
        verb = token.head if token.dep_ == "dobj" else token.head.head
        direct = token.dep_ == "dobj" or token.doc[token.i + 1].lower_ == "that"
        return _that_after(token, verb) if direct else None
    if token.dep_ == "nsubj":
        return _that_after(token, token.head, *children(token.head, "acomp", "attr"))
    return None


def _noun_of_question(token: Token) -> Match | None:
    for preposition in children(token, "prep"):
        for clause in children(preposition, "pcomp"):
            if _is_question(clause):
                return Match("wh", _clause(clause))
    return None


def _noun_infinitive(token: Token) -> Match | None:
    for clause in children(token, "acl", "xcomp", "relcl"):
        if clause.i > token.i and has_to(clause):
            return Match("inf", _from_to(clause))
    for preposition in children(token, "prep"):
        for owner in children(preposition, "pobj"):
            for clause in children(owner, "acl", "relcl"):
                if preposition.lower_ == "of" and has_to(clause) and syntax.is_someone(owner):
                    return Match("inf", _from_to(clause))
    return None


def _predicate(token: Token) -> Match | None:
    """Match ``the aim of the rebels is to leave`` and ``his view was that …``."""
    topic = token
    while topic.dep_ in {"pobj", "prep"}:
        topic = topic.head
    linking = topic.head
    if topic.dep_ not in {"nsubj", "csubj"} or linking.lemma_ != "be":
        return None
    for clause in children(linking, "xcomp", "ccomp", "advcl", "attr"):
        if clause.i <= linking.i:
            continue
        if has_to(clause):
            return Match("pred", _from_to(clause))
        if clause.dep_ == "ccomp":
            return Match("pred", _clause(clause))
    return None


def _predicated_topic(token: Token) -> Match | None:
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


def _colon(token: Token) -> Match | None:
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


_FRAMES: Final[dict[str, dict[str, Callable[[Token], Match | None]]]] = {
    "verb": {
        "that": _that, "wh": _wh, "as": _as, "sc": _small_clause, "oinf": _object_infinitive,
        "inf": _infinitive, "ing": _gerund, "obj": _noun_object, "pass": _passive_clause,
        "passany": _assumed_clause, "negobj": _denied_object,
    },
    "adj": {
        "that": _adjective_that, "wh": _adjective_wh, "exp": _experiencer,
        "inf": _adjective_infinitive,
    },
    "noun": {
        "that": _noun_that, "predof": _predicated_topic, "pred": _predicate,
        "ofexp": _of_interest, "inf": _noun_infinitive, "colon": _colon,
    },
}  # fmt: skip

"""Attributions in a parsed block: who is said to say, think, want or judge what.

Cues come from the table, contents from the frames; what is left over here is who the claimant
is, whether the cue is denied or hedged, and which of two readings of the same words is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import asides, claimants, frames, phrases, spans, speech, syntax, tables
from parley.drafting.clauses import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from parley.drafting.spans import TokenSpan
    from parley.drafting.tables import Cue, Polarity

#: Frames whose content is a clause: these need no claimant who is known to be someone.
CLAUSAL: Final = frozenset(
    {
        "that",
        "wh",
        "pass",
        "passany",
        "exp",
        "ofexp",
        "pred",
        "held",
        "cleft",
        "expv",
        "predof",
        "quote",
        "reaction",
        "colon",
        "phrase",
    }
)
_POS: Final = {
    "ADP": "adp",
    "VERB": "verb",
    "AUX": "verb",
    "NOUN": "noun",
    "PROPN": "noun",
    "ADJ": "adj",
}
_PARTICIPLES: Final = frozenset({"VBN", "VBD", "VBG"})
#: Words between a quotation and its verb of saying.
_BESIDE: Final = 8
#: Frames in which only somebody can stand, whatever noun names him.
_SPOKEN: Final = frozenset({"that", "wh", "quote"})
_MONTH: Final = re.compile(r"\bMay(?= \d)|(?<=\d )May\b|(?<=in |of )May\b")
_DEPICTING: Final = frozenset({"amod", "compound"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible attribution; spans are token indices of the block."""

    cue: Cue
    token: Token
    frame: str
    content: TokenSpan
    claimant: Token | None
    polarity: Polarity
    hedged: bool
    denied: bool = False
    #: Whether it goes on from a quotation before it, without a cue of its own.
    continued: bool = False

    @property
    def cue_span(self) -> TokenSpan:
        """The words of the cue: with its particles when they follow it at once."""
        end = self.token.i + len(self.cue.words)
        words = [t.lower_ for t in self.token.doc[self.token.i + 1 : end]]
        joined = tuple(words) == self.cue.words[1:] or self.frame == "phrase"
        return (self.token.i, end) if joined else (self.token.i, self.token.i + 1)

    @property
    def claimant_span(self) -> TokenSpan | None:
        """The words that name the claimant, or None when nobody is named."""
        return spans.noun_phrase(self.claimant) if self.claimant is not None else None

    @property
    def is_clausal(self) -> bool:
        """Whether the content is a clause."""
        return self.frame in CLAUSAL


def find(doc: Doc) -> list[Candidate]:
    """Return the attributions of a parsed block in the order of their contents."""
    found = [*_by_phrases(doc), *(candidate for token in doc for candidate in _at(token))]
    kept = _joined_up(_without_rivals([*found, *_spoken(doc, found)]))
    kept = asides.end(kept)
    return sorted(kept, key=lambda c: (c.content, c.token.i))


def is_hedged(text: str) -> bool:
    """Say whether words make what they say uncertain."""
    return bool(hedge_in(text))


def hedge_in(text: str) -> str:
    """Return the first words that hedge, or nothing."""
    found = (m.group() for m in _hedges().finditer(_MONTH.sub("", text)))
    return next(found, "")


def _by_phrases(doc: Doc) -> Iterator[Candidate]:
    for row, span, claimant, content in phrases.find(doc):
        words = doc[slice(*span)].text
        cue = tables.Cue(words, "phrase", frozenset({"phrase"}), row["sense"], "+", False, "")
        hedged = is_hedged(doc[slice(*content)].text)
        yield Candidate(cue, doc[span[0]], "phrase", content, claimant, "+", hedged)


def _at(token: Token) -> Iterator[Candidate]:
    for pos, key in _readings(token):
        for cue in tables.cues().get((key, pos), ()):
            found = frames.match(token, cue)
            if found and (candidate := _candidate(token, cue, found)):
                yield candidate
                return


def _spoken(doc: Doc, found: list[Candidate]) -> Iterator[Candidate]:
    """Yield quoted speech whose verb the frames did not join to it, whole."""
    last: Candidate | None = None
    for start, end in speech.spans(doc.text):
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None or any(_encloses(c, span.start, span.end) for c in found):
            continue
        made = _quoted(doc, found, (span.start, span.end))
        if made is None and last is not None and _goes_on(doc, span.start):
            made = replace(last, content=(span.start, span.end), frame="quote")
            made = replace(made, hedged=is_hedged(span.text), continued=True)
        if made is not None:
            yield made
        covering = [c for c in found if _overlap(c.content, (span.start, span.end)) > _SAME]
        last = made or (covering[0] if covering else None)


def _encloses(candidate: Candidate, start: int, end: int) -> bool:
    """Say whether a quotation is a part of what is reported in other words."""
    left, right = candidate.content
    inside = left <= start and end <= right and (left, right) != (start, end)
    return inside and right - left > end - start + 2 and candidate.token.i < left


def _quoted(doc: Doc, found: list[Candidate], span: TokenSpan) -> Candidate | None:
    """Return a quotation with the verb of saying that stands beside it, or None."""
    inside = [c for c in found if _joined(c, *span)]
    token = inside[0].token if inside else _speaking(doc, *span)
    if token is None:
        return None
    for cue in tables.cues().get((syntax.lemma(token), "verb"), ()):
        if "quote" in cue.frames and (made := _candidate(token, cue, Match("quote", span))):
            return made
    return None


def _goes_on(doc: Doc, start: int) -> bool:
    """Say whether a quotation begins where a sentence ended: the same speaker goes on."""
    before = doc[start - 1].text if start else ""
    return before in {".", "!", "?", "”", '"'}


def _joined(candidate: Candidate, start: int, end: int) -> bool:
    """Say whether a candidate's content begins a quotation and breaks it off."""
    left, right = candidate.content
    outside = not start <= candidate.token.i < end
    return outside and candidate.cue.pos == "verb" and abs(left - start) <= 1 and right < end


def _speaking(doc: Doc, start: int, end: int) -> Token | None:
    """Return the verb of saying just before a quotation, or just after it.

    After it, a conjunction begins another clause, whose verb says something else.
    """
    before = doc[max(0, start - _BESIDE) : start]
    if start and doc[start - 1].pos_ == "VERB" and syntax.lemma(doc[start - 1]) in speech.verbs():
        return doc[start - 1]
    if before and before[-1].text in ",:":
        said = [t for t in before if t.pos_ == "VERB" and syntax.lemma(t) in speech.verbs()]
        return (
            said[-1] if said and not any(t.text in ".;" for t in doc[said[-1].i : start]) else None
        )
    for token in doc[end : end + _BESIDE]:
        if token.text in ".;:" or token.dep_ in {"cc", "mark"}:
            return None
        if token.pos_ == "VERB":
            return token if syntax.lemma(token) in speech.verbs() else None
    return None


def _readings(token: Token) -> Iterator[tuple[str, str]]:
    """Yield the parts of speech and forms under which a token may be a cue."""
    if (token.dep_ in _DEPICTING and token.i < token.head.i) or _is_idiom(token):
        return
    if token.tag_ in _PARTICIPLES or token.pos_ == "ADJ":
        yield "adj", token.lower_
    pos = _POS.get(token.pos_)
    if pos and pos != "adj":
        yield pos, syntax.lemma(token)
    if token.dep_ == "ROOT" and pos == "adj":
        yield "verb", syntax.lemma(token)


def _is_idiom(token: Token) -> bool:
    """Say whether a word stands in an idiom or a hyphenated word, where it attributes nothing."""
    if idioms := _idioms().get(token.lower_):
        around = " ".join(t.lower_ for t in token.doc[max(0, token.i - 3) : token.i + 5])
        if any(f" {idiom} " in f" {around} " for idiom in idioms):
            return True
    after = token.doc[token.i + 1 : token.i + 2].text
    return after == "-" and not token.whitespace_


def _candidate(token: Token, cue: Cue, found: Match) -> Candidate | None:
    claimant = found.claimant if found.claimant is not None else claimants.find(token, cue, found)
    if not _is_plausible(token, cue, found, claimant):
        return None
    found = replace(found, content=spans.to_closing_mark(token.doc, *found.content))
    left, right = found.content
    words = token.doc[left:right].text
    negative = _is_denied(token, cue) or words.lower() in {"no", "“no”", '"no"'}
    polarity: Polarity = "-" if (_sense(cue, found) == "-") != negative else "+"
    hedged = cue.hedged or is_hedged(words) or _is_weak(token)
    return Candidate(cue, token, found.frame, found.content, claimant, polarity, hedged, negative)


def _sense(cue: Cue, found: Match) -> str:
    """Return whether a cue by itself approves or disapproves; of a reaction its noun decides."""
    if found.reaction is None:
        return cue.polarity
    return tables.mapping("reactions.tsv", "word", "polarity")[syntax.lemma(found.reaction)]


def _is_plausible(token: Token, cue: Cue, found: Match, claimant: Token | None) -> bool:
    left, right = found.content
    if right <= left or left <= token.i < right:
        return found.frame in {"pass", "passany", "that", "expv"} and right > left
    if claimant is not None and left <= claimant.i < right:
        return False
    if cue.sense == "evidence":
        return claimant is not None
    if claimant is None:
        unnamed = found.frame in CLAUSAL and (cue.pos != "noun" or _is_held(cue, found))
        return unnamed or (syntax.is_passive(token) and _is_told(token, found))
    if claimant.dep_ == "expl" or claimant.lower_ in {"this", "that", "these", "it"}:
        return (
            claimant.lower_ == "it"
            and claimant.dep_ != "expl"
            and found.frame != "obj"
            and (_stands_for_actor(claimant))
        )
    if cue.pos == "verb" and found.frame in _SPOKEN and claimant.pos_ == "PROPN":
        return True
    if cue.pos == "adj" and found.frame in _SPOKEN and claimant.pos_ == "PROPN":
        return True
    return syntax.is_someone(claimant) or syntax.is_document(claimant)


def _is_held(cue: Cue, found: Match) -> bool:
    """Say whether a noun needs no owner: ``the belief that …``, ``the official line was that``."""
    return found.frame == "that" or (found.frame == "held" and cue.sense == "belief")


def _is_told(token: Token, found: Match) -> bool:
    """Say whether a passive reports something though nobody is named: ``accused of lying``."""
    doing = found.frame == "of" and token.doc[found.content[0]].tag_ == "VBG"
    return doing or found.frame in {"that", "pass", "oinf"}


def _stands_for_actor(pronoun: Token) -> bool:
    """Say whether an actor is named before a pronoun, so that it can stand for one."""
    return any(t._.actor is not None or syntax.is_someone(t) for t in pronoun.doc[: pronoun.i])


def _is_denied(token: Token, cue: Cue) -> bool:
    if syntax.is_negated(token):
        return True
    if cue.pos == "adp":
        return syntax.is_negated(token.head)
    if cue.pos != "noun":
        return False
    if syntax.is_few(token) or any(d.lower_ == "no" for d in syntax.children(token, "det")):
        return True
    verb = token.head.head if token.dep_ == "pobj" and token.head.dep_ == "prep" else token.head
    if token.dep_ in {"dobj", "pobj"} and syntax.lemma(verb) in tables.words("losing.tsv"):
        return not syntax.is_negated(verb)
    return token.dep_ in {"dobj", "pobj"} and syntax.is_negated(verb)


def _is_weak(token: Token) -> bool:
    linking = syntax.copula(token)
    return linking is not None and is_hedged(linking.lemma_)


def _without_rivals(found: list[Candidate]) -> list[Candidate]:
    """Keep one of several attributions of the same words: a clause's, else the nearest cue's."""
    kept: list[Candidate] = []
    for candidate in sorted(
        found, key=lambda c: (c.frame != "quote", not c.is_clausal, _distance(c))
    ):
        if not any(_is_rival(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


_SAME: Final = 0.85


def _joined_up(found: list[Candidate]) -> list[Candidate]:
    """Leave out the shorter piece of a sentence that its cue interrupts."""
    return [c for c in found if not any(_is_piece(c, other) for other in found)]


def _is_piece(candidate: Candidate, other: Candidate) -> bool:
    if candidate.token != other.token or candidate == other:
        return False
    first, last = sorted((candidate.content, other.content))
    if not first[1] <= candidate.token.i < last[0] or candidate.continued or other.continued:
        return False
    ends = candidate.token.doc[first[1] - 1 : candidate.token.i].text
    shorter = (_size(candidate), candidate.content[0]) < (_size(other), other.content[0])
    return shorter and not any(mark in ends for mark in ".!?")


def _size(candidate: Candidate) -> int:
    return candidate.content[1] - candidate.content[0]


def _is_rival(candidate: Candidate, other: Candidate) -> bool:
    shared = _overlap(candidate.content, other.content)
    if candidate.continued or other.continued:
        return shared > 0
    return shared > _SAME or (shared > 0 and candidate.token == other.token)


def _distance(candidate: Candidate) -> int:
    return abs(candidate.content[0] - candidate.token.i)


def _overlap(a: TokenSpan, b: TokenSpan) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return 2 * max(0, shared) / (a[1] - a[0] + b[1] - b[0])


@cache
def _idioms() -> dict[str, list[str]]:
    """Return the idioms by each of their words."""
    found: dict[str, list[str]] = {}
    for idiom in sorted(tables.words("idioms.tsv", "idiom")):
        for word in idiom.split():
            found.setdefault(word, []).append(idiom)
    return found


@cache
def _hedges() -> re.Pattern[str]:
    longest = sorted(tables.words("hedges.tsv"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", re.IGNORECASE)

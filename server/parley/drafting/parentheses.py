"""Reports set between commas: ``the treaty, argues Gaddis, was a mistake``.

The parser reads most of them in another way each time; what stands between the commas is read
here by its words: somebody, a verb of saying or thinking, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import syntax
from parley.drafting.clauses import Match
from parley.drafting.spans import trim

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MARKS: Final = frozenset({",", "–", "—", ";", ":", "(", ")"})
_FINITE: Final = frozenset({"VBZ", "VBD", "VBP", "VBN"})
_NAMING: Final = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "PART"})
#: Words that may stand beside the verb: ``as many seem to believe``.
_SLIGHT: Final = frozenset({"to", "seem", "seems", "seemed", "of"})
_ADVERBS: Final = frozenset({"ADV", "AUX"})
_LONGEST: Final = 10
#: What begins a clause after the comma that the report does not cover.
_FURTHER: Final = frozenset({"CC", "VBG", "WDT", "WP", "WP$"})


def find(token: Token) -> Match | None:
    """Match the sentence around a report that commas set apart, with text on both sides."""
    doc = token.doc
    start, end = _segment(token)
    sentence = token.sent
    inside = sentence.start < start and end < sentence.end - 1
    finite = token.tag_ in _FINITE or (token.tag_ == "VB" and doc[token.i - 1].lower_ == "to")
    if not inside or not finite or end - start > _LONGEST:
        return None
    opening = 1 if doc[start].lower_ in {"as", "so"} else 0
    who = _speaker(doc, start + opening, end, token)
    if (
        who is None
        or syntax.is_passive(token)
        or doc[start - 1].text not in {",", "–", "—"}
        or doc[end].text not in _MARKS
    ):
        return None
    goes_on = doc[end].text == doc[start - 1].text and doc[end + 1].tag_ not in _FURTHER
    left = max([sentence.start, *(i + 1 for i in range(sentence.start, start) if _parts(doc, i))])
    if start > 1 and doc[start - 2].tag_ in _FURTHER:
        left = end
    stops = [i for i in range(end, sentence.end) if _parts(doc, i)]
    right = min([sentence.end, *stops]) if goes_on else start - 1
    return Match("that", trim(doc, left, right), who)


def _parts(doc: Doc, index: int) -> bool:
    return doc[index].text == ";"


def _segment(token: Token) -> tuple[int, int]:
    """Return the words around a token as far as the next marks."""
    start = end = token.i
    while start > token.sent.start and token.doc[start - 1].text not in _MARKS:
        start -= 1
    while end < token.sent.end and token.doc[end].text not in _MARKS:
        end += 1
    return start, end


def _speaker(doc: Doc, start: int, end: int, verb: Token) -> Token | None:
    """Return who speaks when the words are he and his verb, in either order."""
    before = [t for t in doc[start : verb.i] if not _is_slight(t)]
    after = [t for t in doc[verb.i + 1 : end] if not _is_slight(t)]
    named = before or after
    if (before and after) or not named or not all(t.pos_ in _NAMING for t in named):
        return None
    if after and doc[start - 1].lower_ == "as":
        return None
    own = syntax.own_subject(verb)
    who = own if own is not None and own in named else named[-1]
    return who if syntax.is_someone(who) else None


def _is_slight(token: Token) -> bool:
    return token.pos_ in _ADVERBS or token.lower_ in _SLIGHT

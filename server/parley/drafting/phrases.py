"""Attributing phrases: ``according to X``, ``in X's view``; their content is the clause around.

Phrases that open a sentence have what follows as content, those that end it what precedes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from parley.drafting.spans import TokenSpan

_REACH: Final = 14
#: Words that may stand between a sentence's start and its attributing phrase.
_LEADING: Final = frozenset({"but", "and", "yet", "however", "thus", "moreover", "so", "as", ","})
#: Verbs by which something is to somebody what he takes it for.
_BEING: Final = frozenset({"be", "seem", "appear", "look", "sound", "represent", "mean", "remain"})


def find(doc: Doc) -> Iterator[tuple[dict[str, str], TokenSpan, Token, TokenSpan]]:
    """Yield each phrase's row, its span, its claimant and its content."""
    for token in doc:
        for row in _rows().get(token.lower_, ()):
            found = _phrase(token, row)
            if found is None:
                continue
            claimant, end = found
            content = _content(doc, token.i, end)
            if content is None:
                continue
            if token.i <= claimant.i < end or not content[0] <= claimant.i < content[1]:
                yield row, (token.i, end), claimant, content
                break


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    """Return the phrases by their first word."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in tables.rows("phrases.tsv"):
        found.setdefault(row["opening"].split(" ")[0], []).append(row)
    return found


def _phrase(token: Token, row: dict[str, str]) -> tuple[Token, int] | None:
    """Return the claimant of a phrase and where the phrase ends, or None when it is none."""
    opening = row["opening"].split(" ")
    if token.lower_ != opening[0] or not _stands(token.doc, token.i, opening):
        return None
    start = token.i + len(opening)
    if row["closing"]:
        return _possessor(token.doc, start, row["closing"].split(" "))
    last = token.doc[start - 1]
    if row["opening"] in {"to", "for"} and not _is_apart(token):
        return None
    head = syntax.first(syntax.children(last, "pobj", "pcomp"))
    if head is None or (not syntax.is_someone(head) and head.pos_ not in {"PROPN", "NOUN"}):
        return None
    return head, spans.subtree(head)[1]


def _is_apart(preposition: Token) -> bool:
    """Say whether ``to`` or ``for`` opens a sentence on what something is to somebody."""
    end = preposition.right_edge.i + 1
    alone = bool(preposition.is_sent_start) and preposition.doc[end : end + 1].text == ","
    root = preposition.sent.root
    if preposition.lower_ == "for":
        return alone and root.lemma_ == "be" and any(t.dep_ == "attr" for t in root.children)
    return alone and root.lemma_ in _BEING


def _possessor(doc: Doc, start: int, closing: list[str]) -> tuple[Token, int] | None:
    for index in range(start, min(start + _REACH, len(doc))):
        if doc[index].text in ",.;:":
            return None
        if _stands(doc, index, closing):
            who = syntax.first(syntax.children(doc[index + len(closing) - 1], "poss"))
            who = who or syntax.first(syntax.children(doc[index], "poss"))
            who = who or syntax.first(t for t in doc[start:index] if t._.actor is not None)
            return (who, index + len(closing)) if who is not None else None
    return None


def _stands(doc: Doc, start: int, words: list[str]) -> bool:
    return [t.lower_ for t in doc[start : start + len(words)]] == words


def _content(doc: Doc, start: int, end: int) -> TokenSpan | None:
    """Return the clause that a phrase attributes, half-open, or None when there is none."""
    sentence = doc[start].sent
    before = [t for t in doc[sentence.start : start] if t.lower_ not in _LEADING]
    if end >= sentence.end and not before:
        return None
    if not before:
        left, right = end, _clause_end(doc, end, sentence.end)
    else:
        left, right = sentence.start, start
        inside = doc[start - 1].text != "," or doc[end : end + 1].text == ","
        if inside and end < sentence.end - 1:
            left, right = sentence.start, sentence.end
    left, right = spans.trim(doc, left, right)
    return (left, right) if right - left > 2 else None


def _clause_end(doc: Doc, start: int, end: int) -> int:
    """Return where a coordinate clause with its own subject begins, or the sentence's end."""
    root = doc[start:end].root
    for clause in syntax.children(root, "conj"):
        own = syntax.first(syntax.children(clause, "nsubj", "nsubjpass"))
        if own is not None and clause.i > root.i:
            joints = [t.i for t in syntax.children(root, "cc") if root.i < t.i < own.i]
            return joints[-1] if joints else own.left_edge.i
    return end

"""Spans of a parsed block: half-open pairs of its token indices, without loose punctuation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Token

TokenSpan = tuple[int, int]

_CLOSER: Final = {"“": "”", '"': '"', "‘": "’", "(": ")", "[": "]", "«": "»"}
_STRIPPED: Final = frozenset(".,;:!?–—-…")
#: Dependents that describe a noun without naming it.
_DESCRIBING: Final = frozenset({"relcl", "acl", "appos", "parataxis", "advcl", "ccomp"})


def subtree(token: Token, *, without: Iterable[Token] = ()) -> TokenSpan:
    """Return the span of a token and its dependents, without some of them and what follows."""
    barred = {t.i for child in without for t in child.subtree}
    inside = [t.i for t in token.subtree if t.i not in barred]
    left, right = min(inside), max(inside) + 1
    for index in sorted(barred):
        if index > token.i:
            right = min(right, index)
        elif left <= index < token.i:
            left = max(left, index + 1)
    return left, right


def noun_phrase(head: Token) -> TokenSpan:
    """Return the span of a noun phrase that names: no relative clause, no apposition."""
    left, right = subtree(head)
    for child in head.children:
        if child.i > head.i and (
            child.dep_ in _DESCRIBING or child.text in "(—–" or _is_aside(child)
        ):
            right = min(right, child.left_edge.i)
    left = min(left, head.i)
    return trim(head.doc, left, max(right, head.i + 1))


def _is_aside(child: Token) -> bool:
    """Say whether a comma sets a description apart: ``Shultz, unlike Weinberger``."""
    before = child.left_edge.i - 1
    return child.dep_ in {"prep", "amod", "advmod"} and child.doc[before].text == ","


def trim(doc: Doc, left: int, right: int) -> TokenSpan:
    """Return the span without punctuation at its ends, with quotation marks in pairs."""
    while right > left and _is_loose(doc, left, right, right - 1):
        right -= 1
    while left < right and _is_loose(doc, left, right, left):
        left += 1
    return _close_quotes(doc, left, right)


def _is_loose(doc: Doc, left: int, right: int, index: int) -> bool:
    text = doc[index].text
    if doc[index].dep_ == "cc" and index == right - 1 and index > left:
        return True
    if doc[index].is_space or (text and set(text) <= _STRIPPED):
        return True
    if text not in "“”\"‘’()[]«»'":
        return False
    inside = [doc[i].text for i in range(left, right)]
    if text in {'"', "'"}:
        return inside.count(text) % 2 == 1
    partner = {v: k for k, v in _CLOSER.items()}.get(text) or _CLOSER.get(text, text)
    if index == right - 1 and left and doc[left - 1].text == partner and partner != text:
        return False
    return inside.count(partner) < inside.count(text)


def _close_quotes(doc: Doc, left: int, right: int) -> TokenSpan:
    """Take a closing mark back in when its opening mark stands inside."""
    inside = [doc[i].text for i in range(left, right)]
    for opening, closing in _CLOSER.items():
        odd = (
            inside.count(opening) % 2
            if opening == closing
            else (inside.count(opening) - inside.count(closing))
        )
        after = [i for i in range(right, min(right + 3, len(doc))) if doc[i].text == closing]
        if odd == 1 and after:
            return left, after[0] + 1
        if opening != closing and odd == -1 and left and doc[left - 1].text == opening:
            return left - 1, right
    return left, right


def to_closing_mark(doc: Doc, left: int, right: int) -> TokenSpan:
    """Return a span that goes on to where a quotation ends that begins inside it."""
    inside = [t.text for t in doc[left:right]]
    if inside.count("“") <= inside.count("”"):
        return left, right
    closing = next((t.i for t in doc[right:] if t.text in "“”"), None)
    return (
        (left, closing + 1) if closing is not None and doc[closing].text == "”" else (left, right)
    )

"""Titles: whom ``the President`` or ``the foreign minister`` means, when one person has the title.

A title stands before a name (``Prime Minister Anthony Eden``) or beside it (``Zhou Enlai, the
premier``). One that several persons of the text have tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import spans, syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc, Token

_LONGEST: Final = 5
_LINKS: Final = frozenset({"of", "for"})
_PASSED_OVER: Final = frozenset({"det", "case", "poss", "punct"})


def holders(docs: Iterable[Doc], names: dict[str, str]) -> dict[str, str]:
    """Map each title, in lower case, to the one person of the blocks who has it."""
    found: dict[str, set[str]] = {}
    for doc in docs:
        for title, token in _titled(doc):
            person = token._.actor.actor
            found.setdefault(title, set()).add(names.get(person, person))
    return {title: next(iter(them)) for title, them in sorted(found.items()) if len(them) == 1}


def words(token: Token) -> str:
    """Return the title that a noun phrase consists of, in lower case, without articles."""
    left, right = spans.noun_phrase(token)
    inside = token.doc[left:right]
    kept = [t for t in inside if t == token or t.dep_ not in _PASSED_OVER]
    return " ".join(t.lower_ for t in kept)


def _titled(doc: Doc) -> Iterator[tuple[str, Token]]:
    """Yield the titles of a block, each with the first word of the name that has it."""
    for token in doc:
        if not _begins_name(token):
            continue
        before = _before(token)
        yield from before
        head = token
        while head.dep_ in {"compound", "nmod"} and head.head._.actor == token._.actor:
            head = head.head
        beside = [*syntax.children(head, "appos"), *([head.head] if head.dep_ == "appos" else [])]
        for noun in beside:
            if _is_title(noun) and not any(True for _ in syntax.children(noun, "prep")):
                yield noun.lower_, token
                yield words(noun), token


def _begins_name(token: Token) -> bool:
    mention = token._.actor
    if mention is None or mention.kind != "person":
        return False
    return token.i == 0 or token.nbor(-1)._.actor != mention


def _before(token: Token) -> Iterator[tuple[str, Token]]:
    """Yield the title before a name, whole and without what it is ``of``."""
    start = token.i
    while start > 0 and token.i - start < _LONGEST and _is_title_word(token.doc[start - 1]):
        start -= 1
    before = [t for t in token.doc[start : token.i] if t.text != "-"]
    said = [t.lower_ for t in before]
    if not any(map(_is_title, before)):
        return
    yield " ".join(said), token
    for link in _LINKS & set(said):
        yield " ".join(said[: said.index(link)]), token


def _is_title_word(token: Token) -> bool:
    joins = token.lower_ in _LINKS or token.text == "-"
    return token._.actor is None and (token.pos_ == "PROPN" or joins)


def _is_title(token: Token) -> bool:
    return token.lower_ in tables.words("titles.tsv")

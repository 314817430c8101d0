"""Whom a personal pronoun means: the last one of its kind who did something.

Who acts in a main clause comes before who acts in another clause of the sentence, and these
before who is only named; the sentence of the pronoun comes before those that precede it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import syntax, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

#: The block before, by this name in a parsed block's own data.
BEFORE: Final = "before"
_PERSONAL: Final = frozenset({"PRP", "PRP$", "WP"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
_PLURAL: Final = frozenset({"NNS", "NNPS"})
_MAIN: Final = frozenset({"ROOT", "conj"})


def find(pronoun: Token) -> Token | None:
    """Return the head of the name or noun a pronoun stands for, or None."""
    kind = tables.mapping("pronouns.tsv", "pronoun", "kind").get(pronoun.lower_)
    if pronoun.tag_ not in _PERSONAL or kind not in {"person", "group"}:
        return None
    found = _nearest(pronoun, kind)
    state = found is None and pronoun.lower_ in {"she", "her"}
    return _nearest(pronoun, "group") if state else found


def _nearest(pronoun: Token, kind: str) -> Token | None:
    for sentence in _sentences(pronoun):
        fitting = [t for t in sentence if t.i < pronoun.i or t.doc is not pronoun.doc]
        fitting = [t for t in fitting if _fits(t, pronoun, kind)]
        acting = [t for t in fitting if t.dep_ in _SUBJECTS]
        main = [t for t in acting if t.head.dep_ in _MAIN]
        if acting:
            return (main or acting)[-1]
        if fitting and sentence.doc is pronoun.doc:
            return fitting[-1]
    return None


def _sentences(pronoun: Token) -> Iterator[Span]:
    """Yield the sentence of a pronoun and those before it, the last first."""
    doc: Doc | None = pronoun.doc
    yield from reversed([s for s in pronoun.doc.sents if s.start <= pronoun.i])
    before = doc.user_data.get(BEFORE) if doc is not None else None
    if before is not None:
        yield from reversed(list(before.sents))


def _fits(token: Token, pronoun: Token, kind: str) -> bool:
    """Say whether a noun is of a pronoun's kind and number, and named by itself."""
    if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ in {"compound", "amod", "nmod"}:
        return False
    mention = token._.actor
    person = mention.kind == "person" if mention is not None else token.ent_type_ == "PERSON"
    if kind == "person":
        return person and token.tag_ not in _PLURAL
    several = token.tag_ in _PLURAL or any(c.dep_ == "conj" for c in token.children)
    if person and not several:
        return False
    if pronoun.lower_ in {"it", "its", "she", "her"}:
        return syntax.is_someone(token) and not several
    return syntax.is_someone(token)

"""Who a pronoun or a name in a block stands for: the nearest actor of the right kind before it.

A guess of modest quality; what is drafted from it keeps the pronoun as its claimant's words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from parley.drafting import actors, antecedents, spans, syntax, titles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Token

    from parley.drafting.actors import Gazetteer, Mention

#: One who tells what he did himself.
ONESELF: Final = frozenset({"i", "me", "myself"})

#: One or several persons of whom was spoken before.
PERSONAL: Final = frozenset({"he", "him", "she", "her", "they", "them"})


def mark(doc: Doc, gazetteer: Gazetteer) -> list[Mention]:
    """Find the actors of a parsed block and put each on its tokens."""
    known = gazetteer.find(doc.text)
    found = sorted([*known, *actors.propose(doc, known)], key=lambda m: m.start)
    for mention in found:
        span = doc.char_span(mention.start, mention.end, alignment_mode="contract")
        for token in span or ():
            token._.actor = mention
    return found


def settle_metonyms(mentions: Iterable[Mention]) -> dict[str, str]:
    """Choose, for each name of several possible actors, the one the text speaks of most."""
    counts = Counter(m.actor for m in mentions if "|" not in m.actor)
    choices = {m.actor for m in mentions if "|" in m.actor}
    return {
        choice: max(choice.split("|"), key=lambda name: counts[name]) for choice in sorted(choices)
    }


def name(token: Token, names: dict[str, str]) -> str:
    """Return the actor a claimant's head stands for; its words when that is not known."""
    if token.pos_ == "PRON" and (meant := antecedents.find(token)):
        return name(meant, names)
    mention = token._.actor
    for other in syntax.children(token, "appos"):
        if mention is None and other._.actor is not None and other._.actor.kind == "person":
            mention = other._.actor
    if mention is not None:
        return _unified(mention.actor, names)
    named = [t for t in syntax.children(token, "appos") if t.pos_ == "PROPN"]
    if named and token.pos_ == "NOUN":
        return _words(named[0])
    return names.get(titles.words(token)) or _words(token)


def _words(token: Token) -> str:
    left, right = spans.noun_phrase(token)
    phrase = token.doc[left:right]
    words = [t.whitespace_ if t.dep_ in {"det", "case"} else t.text_with_ws for t in phrase]
    return " ".join("".join(words).split())


def side(token: Token, names: dict[str, str], *, certain: bool = False) -> str:
    """Return the side that a participant is on: its own, its modifiers', or its name.

    Nothing for a pronoun that nobody before explains, and nothing but a known side when the side
    must be ``certain``. Who says ``I`` is a side of his own, but in speech nobody knows who.
    """
    if token.lower_ in ONESELF:
        return "" if syntax.is_quoted(token) else token.lower_
    mention = token._.actor
    if mention is None and token.pos_ == "PRON":
        meant = antecedents.find(token)
        mention = meant._.actor if meant is not None else None
        if mention is None:
            return "" if certain or token.lower_ not in PERSONAL else token.lower_
    meets = not certain and mention is not None and mention.kind == "person"
    if meets and token.pos_ == "PROPN":
        return name(token, names)
    if mention is not None and mention.side:
        return _unified(mention.side, names)
    for word in token.subtree:
        near = word._.actor
        if near is not None and near.kind != "person" and not _is_apart(word, token):
            return _unified(near.side or near.actor, names)
    return "" if certain and mention is None else name(token, names)


def _is_apart(word: Token, head: Token) -> bool:
    """Say whether a word belongs to a clause or companion of the noun, not to its name."""
    node = word
    while node != head:
        if node.dep_ in {"relcl", "conj", "acl"} or (
            node.dep_ == "prep" and node.lower_ in {"with", "on", "to"}
        ):
            return True
        node = node.head
    return False


def _unified(actor: str, names: dict[str, str]) -> str:
    chosen = names.get(actor, actor)
    return names.get(chosen, chosen)

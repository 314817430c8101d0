"""How alike two contents are by their words: names by whom they stand for, words by their stem.

A content of few rare words that all stand in the other is much alike; names of actors, which
stand everywhere, weigh little. Whether a wording denies is counted apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from parley.drafting import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.drafting.actors import Gazetteer

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_ENDINGS: Final = (
    "ational", "ations", "ation", "ments", "ment", "ingly", "ing", "edly", "ed", "ions", "ion",
    "ies", "es", "s", "ly", "y", "e",
)  # fmt: skip
_SHORTEST: Final = 4
_NO: Final = re.compile(r"\b(?:no|cannot|without|unable|lacks?|absence|\w+n[’']t)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each token says: the fewer contents have it, the more."""

    contents: int
    counts: Counter[str]

    def sum(self, tokens: Iterable[str]) -> float:
        """Return the weight of some tokens together; a token never seen weighs most."""
        found = (self.counts[token] or 0.5 for token in sorted(tokens))
        return sum(math.log(1 + self.contents / count) for count in found)


def weigh(contents: Iterable[frozenset[str]]) -> Weights:
    """Return the weights of tokens among some contents."""
    every = list(contents)
    return Weights(len(every), Counter(token for tokens in every for token in tokens))


def tokens(text: str, names: Gazetteer) -> frozenset[str]:
    """Return what a text speaks of: each known name's side after ``@``, and stems of words."""
    found: set[str] = set()
    rest: list[str] = []
    last = 0
    for mention in names.find(text):
        rest.append(text[last : mention.start])
        found.add("@" + (mention.side or mention.actor).partition("|")[0].casefold())
        last = mention.end
    rest.append(text[last:])
    words = _WORD.findall(" ".join(rest).casefold())
    skipped = _common_words() | tables.words("negations.tsv")
    return frozenset(found | {_stem(word) for word in words if word not in skipped})


def likeness(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    """Return from 0 to 1 how alike two contents are: the mean share of weight they have in common.

    The geometric mean: a short content that a long one holds is alike, but not the same.
    """
    shared = weights.sum(one & other)
    if not shared:
        return 0.0
    return shared / math.sqrt(weights.sum(one) * weights.sum(other))


def denies(text: str) -> bool:
    """Say whether a wording denies: whether an odd number of its words do."""
    listed = tables.words("negations.tsv")
    words = [word for word in _WORD.findall(text.casefold()) if word in listed]
    return (len(words) + len(_NO.findall(text))) % 2 == 1


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


@cache
def _common_words() -> frozenset[str]:
    listed = resources.files("parley.drafting").joinpath("rules", "common-words.txt")
    return frozenset(listed.read_text(encoding="utf-8").split())

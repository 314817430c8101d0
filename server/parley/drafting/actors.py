"""Actors in a text: names that the home or the tables know, then names the model proposes.

Names are compared word by word and longest first; case matters, so that ``us`` is nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from parley.drafting import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc

    from parley.drafting.tables import Affiliation

_WORD: Final = re.compile(r"(?:[A-Za-z]\.){2,}|\w+(?:-\w+)*|['’]s\b|[^\w\s]")
_NAMED: Final = {"PERSON": "person", "ORG": "organization", "GPE": "state", "NORP": "group"}
_TITLE: Final = re.compile(r"^(?:the|The|a|an)\s+|['’]s?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an actor is named; offsets within the block or text searched."""

    start: int
    end: int
    text: str
    actor: str
    side: str
    kind: str
    known: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of actors as sequences of words."""

    names: dict[tuple[str, ...], Affiliation]
    longest: int = field(default=1)

    def find(self, text: str) -> list[Mention]:
        """Return the mentions of known names, longest first, none overlapping, in order."""
        words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
        found: list[Mention] = []
        index = 0
        while index < len(words):
            size, who = self._longest_at([w for w, _, _ in words[index : index + self.longest]])
            if who is None:
                index += 1
                continue
            start, end = words[index][1], words[index + size - 1][2]
            found.append(
                Mention(start, end, text[start:end], who.actor, who.side, who.kind, known=True)
            )
            index += size
        return found

    def _longest_at(self, words: Sequence[str]) -> tuple[int, Affiliation | None]:
        for size in range(len(words), 0, -1):
            if who := self.names.get(tuple(words[:size])):
                return size, who
        return 1, None


def gazetteer(known: Iterable[Affiliation] = ()) -> Gazetteer:
    """Return the names of the tables and of a home's own actors; of two, the table's sides."""
    names = {}
    for entry in known:
        name = entry.name.removeprefix("the ").removeprefix("The ")
        if any(char.isupper() for char in name):
            names[tuple(_WORD.findall(name))] = entry
    names.update(_table_names())
    return Gazetteer(names, max((len(key) for key in names), default=1))


def propose(doc: Doc, known: list[Mention]) -> list[Mention]:
    """Return the named entities of a parsed block that no known mention touches."""
    taken = [(m.start, m.end) for m in known]
    found = []
    for entity in doc.ents:
        kind = _NAMED.get(entity.label_)
        if kind is None or any(a < entity.end_char and entity.start_char < b for a, b in taken):
            continue
        name = _TITLE.sub("", entity.text.replace("\n", " ")).strip()
        if not name[:1].isupper():
            continue
        found.append(
            Mention(entity.start_char, entity.end_char, entity.text, name, "", kind, known=False)
        )
    return found


def unify(mentions: Iterable[Mention]) -> dict[str, str]:
    """Map each short name of a person to the one full name of the text that ends with it."""
    full = {m.actor for m in mentions if m.kind == "person" and " " in m.actor}
    ends = Counter(name.split()[-1] for name in full)
    return {name.split()[-1]: name for name in sorted(full) if ends[name.split()[-1]] == 1}


@cache
def _table_names() -> dict[tuple[str, ...], Affiliation]:
    return {tuple(_WORD.findall(entry.name)): entry for entry in tables.affiliations()}

"""Filters over the claims of a document, with how many claims each choice would leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.namespaces import PLID
from parley.web import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.web.views import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim as the filters see it: where it stands, and its values by filter.

    ``spans`` are the places of its passages, in code points, half-open.
    """

    claim: str
    sentence: int
    passages: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    values: Mapping[str, frozenset[str]]

    @property
    def start(self) -> int:
        """Where its first passage begins."""
        return self.spans[0][0]

    def is_within(self, here: tuple[int, int]) -> bool:
        """Say whether any of its words stand in a stretch of the source."""
        return any(begin < here[1] and end > here[0] for begin, end in self.spans)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its IRI, how it stands in addresses, how many claims have it."""

    iri: str
    word: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its parameter, its heading, and its choices, the commonest first."""

    name: str
    title: str
    choices: tuple[Choice, ...]


#: Parameter of the address to heading; ``about`` is answered by a query of its own.
TITLES: Final = {
    "voice": "Voice",
    "mode": "How it is said",
    "says": "What is said",
    "about": "About",
    "certainty": "Certainty",
    "polarity": "Polarity",
}
_COLUMNS: Final = {
    "voice": "claimant",
    "mode": "mode",
    "says": "relation",
    "certainty": "certainty",
    "polarity": "polarity",
}
#: Filter to the property whose values it has, by local name.
PROPERTIES: Final = {
    "voice": "claimant",
    "mode": "attributionMode",
    "says": "relation",
    "certainty": "certainty",
    "polarity": "polarity",
}


def read_entries(rows: Iterable[Row]) -> list[Entry]:
    """Gather the rows of the index, one for each claim, passage and claimant, into claims."""
    found: dict[str, tuple[int, dict[str, None], dict[str, set[str]]]] = {}
    for row in rows:
        sentence = int(row["sentence"].text)
        _, passages, values = found.setdefault(row["claim"].text, (sentence, {}, {}))
        passages[row["passage"].text] = None
        for name, column in _COLUMNS.items():
            if column in row:
                values.setdefault(name, set()).add(row[column].text)
    return [
        Entry(
            claim,
            sentence,
            tuple(passages),
            tuple(map(names.place_of, passages)),
            {n: frozenset(v) for n, v in values.items()},
        )
        for claim, (sentence, passages, values) in found.items()
    ]


def select(
    entries: Iterable[Entry], chosen: Mapping[str, str], *, without: str = ""
) -> list[Entry]:
    """Return the claims that have every chosen value, one filter left out of account."""
    wanted = [(n, word) for n, word in chosen.items() if n in _COLUMNS and n != without]
    return [
        entry
        for entry in entries
        if all(word in map(word_of, entry.values.get(name, ())) for name, word in wanted)
    ]


def count(entries: Sequence[Entry], chosen: Mapping[str, str]) -> list[Facet]:
    """Return the filters, each counted under the choices made in the others."""
    return [
        Facet(name, TITLES[name], _choices(name, select(entries, chosen, without=name), chosen))
        for name in _COLUMNS
    ]


def word_of(iri: str) -> str:
    """Return how a value stands in an address: its last part."""
    return names.local_name(iri)


def iri_of_actor(word: str) -> str:
    """Return the actor that a word of the address names."""
    return f"{PLID}actor/{word}"


def _choices(name: str, left: Iterable[Entry], chosen: Mapping[str, str]) -> tuple[Choice, ...]:
    counts = Counter(iri for entry in left for iri in entry.values.get(name, ()))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Choice(iri, word_of(iri), number, chosen.get(name) == word_of(iri))
        for iri, number in ordered
    )

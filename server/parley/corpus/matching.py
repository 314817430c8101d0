"""Compare names, kinds and dates of two descriptions of a thing, to propose that they are one.

Nothing here decides: a score says how much two descriptions look alike, and a person looks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The measure, as a proposal names it.
MEASURE: Final = "rapidfuzz token_sort_ratio"
#: What a score is worth when the kinds are unknown, and when the dates exclude each other.
_UNKNOWN_KIND: Final = 0.95
_OTHER_TIME: Final = 0.5
#: No proposal is surer than this: only a person is.
_SUREST: Final = 0.95
_MARKS: Final = re.compile(r"[^\w\s]+")
_ARTICLES: Final = frozenset({"the", "a", "an", "al", "el"})
#: Words of other tables for kinds that the ontology calls otherwise.
_KINDS: Final = {
    "human": {"person"}, "people": {"population"}, "ethnic group": {"population"},
    "country": {"state", "place"}, "sovereign state": {"state", "place"},
    "nation": {"state", "place"}, "organisation": {"organization"}, "company": {"organization"},
    "militia": {"armed group"}, "terrorist organization": {"armed group"},
    "insurgent group": {"armed group"}, "political party": {"party"},
    "think tank": {"research institute"}, "city": {"place"}, "town": {"place"},
    "region": {"place"}, "settlement": {"place"}, "event": {"occurrence"},
    "meeting": {"contact"}, "war": {"armed conflict"},
}  # fmt: skip
_YEAR: Final = re.compile(r"(?<!\d)(\d{1,2}XX|\d{3}X|\d{4})(?!\d)")
_OPEN_END: Final = re.compile(r"(?:/|/\.\.|[-–])\s*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the field it comes from."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What is compared: its IRI, names, kinds, and the years in which it was (both ends known)."""

    iri: str
    names: tuple[Name, ...]
    kinds: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None

    @property
    def label(self) -> str:
        """Its first name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal that two things are one: how much their names look alike, and what speaks."""

    subject: Thing
    object: Thing
    subject_name: Name
    object_name: Name
    similarity: float
    score: float
    remarks: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether the names are the same but for case, marks and articles."""
        return self.similarity == 1.0


@dataclass(frozen=True)
class Kinds:
    """The kinds of things: which include which, and which exclude each other."""

    supers: Mapping[str, frozenset[str]]
    disjoint: frozenset[frozenset[str]]

    def find(self, words: str) -> frozenset[str]:
        """Return the kinds that words of a table may mean; none when they are unknown."""
        plain = normalise(words)
        return frozenset(_KINDS.get(plain, {plain})) & self.supers.keys()

    def exclude(self, one: str, other: str) -> bool:
        """Say whether nothing can be of both kinds."""
        return any(
            frozenset({a, b}) in self.disjoint
            for a in self.supers.get(one, ())
            for b in self.supers.get(other, ())
        )


def normalise(name: str) -> str:
    """Return a name without case, accents, punctuation and articles, spaces made single."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = _MARKS.sub(" ", plain).replace("_", " ").split()
    return " ".join([word for word in words if word not in _ARTICLES] or words)


def read_years(text: str) -> tuple[int, int] | None:
    """Return the first and last year that a text of dates names, or None.

    ``199X`` is ten years; ``2001-09-11/..`` has no end and is read up to the year 9999.
    """
    found = _YEAR.findall(text)
    if not found:
        return None
    begins = [int(year.replace("X", "0")) for year in found]
    ends = [int(year.replace("X", "9")) for year in found]
    return min(begins), 9999 if _OPEN_END.search(text) else max(ends)


def propose(
    things: Sequence[Thing], others: Iterable[Thing], kinds: Kinds, *, least: float, most: int
) -> list[Candidate]:
    """Propose for each thing of a table which of ours it may be, the likeliest first.

    Args:
        things: Ours.
        others: Those of the table.
        kinds: What excludes what.
        least: Similarity of names, from 0 to 1, below which nothing is proposed.
        most: Proposals for one thing of the table.

    Raises:
        InputError: The library that compares names is not installed.
    """
    index = [(normalise(name.text), thing, name) for thing in things for name in thing.names]
    names = [text for text, _, _ in index]
    found: list[Candidate] = []
    for other in others:
        best: dict[str, Candidate] = {}
        for name in other.names:
            for position, similarity in _alike(normalise(name.text), names, least):
                _, thing, own = index[position]
                candidate = _weigh(thing, other, own, name, similarity, kinds)
                if candidate and candidate.score > best.get(thing.iri, _NOTHING).score:
                    best[thing.iri] = candidate
        found += sorted(best.values(), key=lambda c: (-c.score, c.subject.iri))[:most]
    return found


def _alike(name: str, names: Sequence[str], least: float) -> list[tuple[int, float]]:
    """Return the positions of names like this one, with their similarity."""
    try:
        from rapidfuzz import fuzz, process
    except ImportError as error:
        raise InputError(
            "Names are compared by rapidfuzz, which is not installed.",
            remedy="Install it with: pip install 'parley-claims[reconcile]'",
        ) from error
    if not name:
        return []
    found = process.extract(
        name, names, scorer=fuzz.token_sort_ratio, score_cutoff=least * 100, limit=None
    )
    return [(position, round(score / 100, 3)) for _, score, position in found]


def _weigh(
    thing: Thing, other: Thing, own: Name, name: Name, similarity: float, kinds: Kinds
) -> Candidate | None:
    """Return a proposal, or None when a thing of the one kind cannot be of the other."""
    remarks = []
    score = min(similarity, _SUREST)
    if not thing.kinds or not other.kinds:
        remarks.append("kind not compared")
        score *= _UNKNOWN_KIND
    elif all(kinds.exclude(a, b) for a in thing.kinds for b in other.kinds):
        return None
    if thing.years and other.years:
        apart = thing.years[1] < other.years[0] or other.years[1] < thing.years[0]
        remarks.append("dates exclude each other" if apart else "dates agree")
        score *= _OTHER_TIME if apart else 1.0
    return Candidate(thing, other, own, name, similarity, round(score, 3), tuple(remarks))


_NOTHING: Final = Candidate(Thing("", ()), Thing("", ()), Name("", ""), Name("", ""), 0.0, 0.0)

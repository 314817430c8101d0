"""The rules as data: cues, frames, hedges, names and the other tables of ``rules/``.

Every table is tab-separated text with a header line; a line that begins with ``#`` is a remark.
A row's last column is an example, and the tests draft each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal

from parley.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Iterator

Polarity = Literal["+", "-"]

_FOLDER: Final = "rules"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that attributes, with the frames in which it does and what it then means."""

    lemma: str
    pos: str
    frames: frozenset[str]
    sense: str
    polarity: Polarity
    hedged: bool
    example: str

    @property
    def words(self) -> tuple[str, ...]:
        """The lemma's words: the cue itself, then its particles."""
        return tuple(self.lemma.split(" "))


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A name, the actor it stands for, that actor's side and the kind of actor it is."""

    name: str
    actor: str
    side: str
    kind: str


def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table as column name to value, in the order of the file.

    Raises:
        DraftError: A row has more or fewer columns than the header.
    """
    return _rows(name)


@cache
def cues() -> dict[tuple[str, str], tuple[Cue, ...]]:
    """Return the cues by their first word and part of speech, the likeliest reading first."""
    found: dict[tuple[str, str], list[Cue]] = {}
    for row in rows("cues.tsv"):
        cue = Cue(
            lemma=row["lemma"],
            pos=row["pos"],
            frames=frozenset(row["frames"].split(",")),
            sense=row["sense"],
            polarity="-" if row["polarity"] == "-" else "+",
            hedged=row["hedge"] == "y",
            example=row["example"],
        )
        found.setdefault((cue.words[0], cue.pos), []).append(cue)
    return {key: tuple(sorted(them, key=_order)) for key, them in found.items()}


def _order(cue: Cue) -> tuple[int, bool]:
    """Sort longer cues before shorter, and readings with a clause before others."""
    return -len(cue.words), not cue.frames & {"that", "wh"}


@cache
def words(name: str, column: str = "word") -> frozenset[str]:
    """Return one column of a table as a set of lower-case words."""
    return frozenset(row[column].lower() for row in rows(name))


@cache
def mapping(name: str, key: str, value: str) -> dict[str, str]:
    """Return two columns of a table as a mapping; the keys in lower case."""
    return {row[key].lower(): row[value] for row in rows(name)}


@cache
def affiliations() -> tuple[Affiliation, ...]:
    """Return what every name of the tables stands for: countries, capitals, offices, people."""
    found = [
        Affiliation(name, row["country"], row["country"], "state")
        for row in rows("countries.tsv")
        for name in _split(row["country"], row["names"])
    ]
    found += [
        Affiliation(name, row["actor"], row["side"], row["kind"])
        for row in rows("actors.tsv")
        for name in _split(row["actor"], row["names"])
    ]
    found += [
        Affiliation(row["metonym"], row["actor"], row["side"], "metonym")
        for row in rows("metonyms.tsv")
    ]
    return tuple(found)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(_read(name))


def _read(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__package__).joinpath(_FOLDER, name).read_text(encoding="utf-8")
    return parse(text, f"rules/{name}")


def parse(text: str, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table's text as column name to value; ``#`` begins a remark.

    Raises:
        DraftError: A row has more or fewer columns than the header.
    """
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line and not line.startswith("#")
    ]
    header = lines[0][1].split("\t") if lines else []
    for number, line in lines[1:]:
        values = line.split("\t")
        if len(values) != len(header):
            raise DraftError(
                f"Line {number} of {name} has {len(values)} columns, not {len(header)}."
            )
        yield dict(zip(header, values, strict=True))


def _split(first: str, more: str) -> list[str]:
    return [first, *(name.strip() for name in more.split(",") if name.strip())]

"""Annotations whatever their format: marked words, what joins them, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from parley.drafting.anchoring import Selector

#: A mark without a label: a highlight.
UNTAGGED: Final = "(untagged)"
_NOTE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Marked words: their labels, where they are, and what the annotator wrote beside them."""

    id: str
    place: str
    labels: tuple[str, ...]
    selector: Selector
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two marks that belong together: the second plays a role for the first."""

    source: str
    target: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Trait:
    """Something said of a mark: a name, and a value that may be empty."""

    mark: str
    name: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Left:
    """An annotation that was left out: where it is, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(slots=True)
class Annotations:
    """What a file of annotations holds, and what of it could not be read."""

    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    traits: list[Trait] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def add(self, other: Annotations) -> None:
        """Add everything another file holds."""
        self.marks += other.marks
        self.links += other.links
        self.traits += other.traits
        self.left += other.left


def shorten(note: str) -> str:
    """Return a note in one line of bearable length."""
    line = " ".join(note.split())
    return line if len(line) <= _NOTE else f"{line[: _NOTE - 1]}…"

"""Stand-off annotations of brat, which INCEpTION writes too: a .ann file beside its text.

``T`` lines mark words, ``R`` lines relate two marks, ``E`` lines join a trigger with arguments,
``A`` and ``M`` lines say something of a mark, ``#`` and ``N`` lines annotate it, ``*`` lines name
marks that mean the same (https://brat.nlplab.org/standoff.html). Offsets count code points of the
text that was annotated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from parley.drafting.anchoring import Selector
from parley.drafting.importing.marks import Annotations, Left, Link, Mark, Trait, shorten

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTEXT: Final = 48
_WIDEST: Final = 1_000
_SPANS: Final = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)")
_ARGUMENT: Final = re.compile(r"([^\s:]+):(\S+)")


def read(text: str, name: str, annotated: str) -> Annotations:
    """Read the lines of a .ann file.

    Args:
        text: The file's text.
        name: Its name, for places and ids.
        annotated: The text that was annotated, in which the offsets count.
    """
    return _Reading(name, annotated).read(text)


class _Reading:
    """One file: marks first, since lines may speak of later ones, then what is said of them."""

    def __init__(self, name: str, annotated: str) -> None:
        self.name = name
        self.annotated = annotated
        self.found = Annotations()
        self.triggers: dict[str, str] = {}
        self.notes: dict[str, list[str]] = {}

    def read(self, text: str) -> Annotations:
        lines = enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        rows = [(number, line) for number, line in lines if line.strip()]
        for _, line in rows:
            key, _, rest = line.partition("\t")
            if key.startswith("E") and rest:
                self.triggers[key] = rest.split()[0].partition(":")[2]
            if key.startswith(("#", "N")):
                self._note(rest)
        for number, line in rows:
            self._line(line, f"{self.name}:{number}")
        return self.found

    def _note(self, rest: str) -> None:
        about, _, words = rest.partition("\t")
        parts = about.split()
        if len(parts) > 1:
            kept = words if parts[0] != "Reference" else " ".join([*parts[2:], words])
            self.notes.setdefault(parts[1], []).append(kept)

    def _line(self, line: str, place: str) -> None:
        key, _, rest = line.partition("\t")
        readers: dict[str, Callable[[str, str, str], bool]] = {
            "T": self._mark, "R": self._relation, "E": self._event, "A": self._trait,
            "M": self._trait, "*": self._same, "#": _pass, "N": _pass,
        }  # fmt: skip
        reader = readers.get(key[:1])
        if reader is None or not reader(key, rest, place):
            self.found.left.append(
                Left(place, f"{line[:80]!r} is no line of stand-off annotation.")
            )

    def _mark(self, key: str, rest: str, place: str) -> bool:
        head, _, words = rest.partition("\t")
        match = _SPANS.fullmatch(head)
        if match is None:
            return False
        label, listed = match.groups()
        spans = [tuple(map(int, part.split())) for part in listed.split(";")]
        start, end = min(s for s, _ in spans), max(e for _, e in spans)
        pieces = [self.annotated[s:e] for s, e in spans]
        note = self._notes_on(key)
        if _same_words(" ".join(pieces), words):
            selector = self._selector(start, end)
            if len(pieces) > 1:
                note = [*note, "parts: " + " … ".join(pieces)]
        elif len(pieces) > 1 or not words:
            reason = f"{words[:80]!r} are not the words of the text at {listed}."
            self.found.left.append(Left(place, reason))
            return True
        else:
            selector = Selector(exact=words, start=start, end=end)
        if end - start > _WIDEST and len(pieces) > 1:
            self.found.left.append(Left(place, f"Its parts lie {end - start} characters apart."))
            return True
        self.found.marks.append(
            Mark(id=self._id(key), place=place, labels=(label,), selector=selector,
                 note=shorten("; ".join(note)))
        )  # fmt: skip
        return True

    def _selector(self, start: int, end: int) -> Selector:
        text = self.annotated
        before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
        return Selector(text[start:end], before, after, start, end)

    def _relation(self, key: str, rest: str, place: str) -> bool:
        del key
        role, _, arguments = rest.partition(" ")
        ends = [target for _, target in _ARGUMENT.findall(arguments)]
        if len(ends) != 2:
            return False
        self.found.links.append(Link(self._id(ends[0]), self._id(ends[1]), role, place))
        return True

    def _event(self, key: str, rest: str, place: str) -> bool:
        del key
        arguments = _ARGUMENT.findall(rest)
        if not arguments:
            return False
        trigger = self._id(arguments[0][1])
        for role, target in arguments[1:]:
            plain = role.rstrip("0123456789") or role
            self.found.links.append(Link(trigger, self._id(target), plain, place))
        return True

    def _trait(self, key: str, rest: str, place: str) -> bool:
        del key
        parts = rest.split(maxsplit=2)
        if len(parts) < 2:
            return False
        value = parts[2] if len(parts) > 2 else ""
        self.found.traits.append(Trait(self._id(parts[1]), parts[0], value, place))
        return True

    def _same(self, key: str, rest: str, place: str) -> bool:
        del key
        role, *members = rest.split() or [""]
        self.found.links += [
            Link(self._id(members[0]), self._id(other), role, place) for other in members[1:]
        ]
        return len(members) > 1

    def _id(self, key: str) -> str:
        """Return a mark's id in all files; an event stands for its trigger."""
        return f"{self.name}#{self.triggers.get(key, key)}"

    def _notes_on(self, key: str) -> list[str]:
        events = [event for event, trigger in self.triggers.items() if trigger == key]
        return [note for about in (key, *events) for note in self.notes.get(about, ())]


def _pass(key: str, rest: str, place: str) -> bool:
    del key, rest, place
    return True


def _same_words(one: str, other: str) -> bool:
    return bool(one.strip()) and one.split() == other.split()

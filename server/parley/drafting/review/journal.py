"""The journal of a document's review: every decision, what it changed in the file, what it undid.

One line of JSON a step in ``data/drafting/<slug>.jsonl``, only ever appended. A step is written
before the file it changes, and a second line says that the file followed: after a crash between
the two the change is made good. The decisions that stand give each rule its precision, and name
what was rejected, so that drafting again does not propose it again.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from parley.errors import Place, ReviewError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from parley.home import Home

FOLDER: Final = "drafting"
ACCEPTED: Final = "accepted"
EDITED: Final = "edited"
REJECTED: Final = "rejected"
ADDED: Final = "added"
UNDONE: Final = "undone"
WRITTEN: Final = "written"
DROPPED: Final = "dropped"
_MEMBERS: Final = frozenset({"number", WRITTEN, DROPPED})
#: What an edited proposal is worth beside an accepted one when a rule is judged.
_HALF: Final = 0.5
#: Decisions that the precision a rule came with stands for.
_PRIOR_WEIGHT: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A decision: who took it when on which claim, and the lines of N-Triples it changed.

    ``before`` and ``after`` are the revisions of the file; ``undoes`` is the number of the step
    that an undo takes back; ``key`` stands for the proposal whatever its claim is called.
    """

    number: int
    act: str
    claim: str
    at: str
    curator: str
    rule: str = ""
    key: str = ""
    quote: str = ""
    before: str = ""
    after: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    undoes: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """The steps of one document, and the numbers of those whose file is known to be written.

    Steps that never reached the file are left out.
    """

    path: Path
    steps: tuple[Step, ...] = ()
    written: frozenset[int] = frozenset()
    #: The number that the next step has.
    next_number: int = 1

    @property
    def standing(self) -> tuple[Step, ...]:
        """The decisions that have not been undone, in their order."""
        gone = {step.undoes for step in self.steps}
        return tuple(s for s in self.steps if s.act != UNDONE and s.number not in gone)

    @property
    def unfinished(self) -> Step | None:
        """The last step, when its file may not have been written."""
        last = self.steps[-1] if self.steps else None
        return None if last is None or last.number in self.written else last


@dataclass(frozen=True, slots=True)
class Tally:
    """How often the proposals of one rule were accepted, edited and rejected."""

    accepted: int = 0
    edited: int = 0
    rejected: int = 0

    def precision(self, prior: float) -> float:
        """Return the share of good proposals, drawn towards what was expected at first."""
        total = self.accepted + self.edited + self.rejected
        good = self.accepted + _HALF * self.edited
        return (good + _PRIOR_WEIGHT * prior) / (total + _PRIOR_WEIGHT)


def path_of(home: Home, slug: str) -> Path:
    """Return where the journal of a document is kept."""
    return home.data / FOLDER / f"{slug}.jsonl"


def read(path: Path) -> Journal:
    """Read a journal; a last line that a crash cut short counts as not written.

    Raises:
        ReviewError: Another line is no step.
    """
    if not path.is_file():
        return Journal(path)
    lines = path.read_bytes().split(b"\n")[:-1]
    steps: dict[int, Step] = {}
    written: set[int] = set()
    for number, line in enumerate(lines, start=1):
        found = _parse(line, Place(str(path), number))
        if WRITTEN in found:
            written.add(found[WRITTEN])
        elif DROPPED in found:
            del steps[found[DROPPED]]
        else:
            steps[found["number"]] = _step(found)
    last = max([0, *written, *steps])
    return Journal(path, tuple(steps.values()), frozenset(written), last + 1)


def append(path: Path, step: Step) -> None:
    """Add a step, on the disk before this returns."""
    said = {name: value for name, value in asdict(step).items() if value not in ("", (), 0)}
    _append(path, said)


def confirm(path: Path, step: Step) -> None:
    """Note that the file has followed a step."""
    _append(path, {WRITTEN: step.number})


def drop(path: Path, step: Step) -> None:
    """Note that a step never reached the file."""
    _append(path, {DROPPED: step.number})


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keep other reviews of the same document, in this process or another, out meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.stem}.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_all(home: Home) -> list[Journal]:
    """Read the journals of all documents of a home, by name."""
    return [read(path) for path in sorted((home.data / FOLDER).glob("*.jsonl"))]


def tally(journals: Iterable[Journal]) -> dict[str, Tally]:
    """Count the decisions that stand, by the rule that made the proposal."""
    counts: dict[str, dict[str, int]] = {}
    for journal in journals:
        decided = {step.claim: step for step in journal.standing if step.rule}
        for step in decided.values():
            row = counts.setdefault(step.rule, {})
            row[step.act] = row.get(step.act, 0) + 1
    return {
        rule: Tally(row.get(ACCEPTED, 0), row.get(EDITED, 0), row.get(REJECTED, 0))
        for rule, row in sorted(counts.items())
    }


def rejected(journals: Iterable[Journal]) -> frozenset[str]:
    """Return the keys of the proposals whose rejection stands."""
    return frozenset(
        step.key
        for journal in journals
        for step in journal.standing
        if step.act == REJECTED and step.key
    )


def _step(found: dict[str, Any]) -> Step:
    lists = {name: tuple(found.get(name, ())) for name in ("removed", "added")}
    return Step(**(found | lists))


def _parse(line: bytes, place: Place) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not _MEMBERS & found.keys():
        raise ReviewError(
            "A line of the journal is no step.",
            remedy="Remove that line; the claims themselves are in claims.ttl.",
            place=place,
        )
    return found


def _append(path: Path, said: dict[str, Any]) -> None:
    line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if end := file.tell():
            _cut_torn_line(path, end)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _cut_torn_line(path: Path, end: int) -> None:
    """Drop what a crash left of a line, so that the next one begins anew."""
    with path.open("r+b") as file:
        file.seek(end - 1)
        if file.read(1) == b"\n":
            return
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)

"""How good drafts are: attributions, contacts and objectives against annotations by hand.

Two spans overlap by Dice's coefficient of their letters and digits, by position; a leading
``that``, ``whether``, ``if`` or ``to`` does not count. Proposals and annotations are paired one
to one so that the summed overlap is greatest; a pair counts from an overlap of one half. An
attribution is right when its pair counts and names the same claimant.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from parley.errors import DraftError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, Any]

_ENOUGH: Final = 0.5
_OPENERS: Final = re.compile(r"(?:(?:that|whether|if|to)\b|[\s,:;\"'“”‘’])+", re.IGNORECASE)
_TITLES: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "then",
        "mr",
        "mrs",
        "ms",
        "dr",
        "president",
        "secretary",
        "his",
        "her",
        "its",
        "their",
        "of",
        "and",
    ]
)
_POSSESSIVE: Final = re.compile(r"[’']s\b")
_NONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one document; they add up."""

    annotated: int = 0
    proposed: int = 0
    content: int = 0
    attribution: int = 0
    polarity: int = 0
    hedged: int = 0
    inexact: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{f.name: mine[f.name] + theirs[f.name] for f in fields(Counts)})

    def precision(self, hits: int) -> float:
        """Return the share of proposals that are right; 0 when nothing is proposed."""
        return hits / self.proposed if self.proposed else 0.0

    def recall(self, hits: int) -> float:
        """Return the share of annotations that are found; 0 when there are none."""
        return hits / self.annotated if self.annotated else 0.0

    def f1(self, hits: int) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.annotated + self.proposed
        return 2 * hits / both if both else 0.0

    def share(self, hits: int) -> float:
        """Return the share of counting pairs that agree; 1 when there is no pair."""
        return hits / self.content if self.content else 1.0


def read(path: Path) -> list[Row]:
    """Read annotations or proposals: one JSON object a line.

    Raises:
        DraftError: A line is not a JSON object with a quotation.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DraftError(
                f"{error.msg} in an annotation.", place=Place(str(path), number)
            ) from error
        if not isinstance(row, dict) or "quote" not in row:
            raise DraftError("An annotation has no quote.", place=Place(str(path), number))
        rows.append(row)
    return rows


def compare(annotated: Sequence[Row], proposed: Sequence[Row], text: str) -> Counts:
    """Count how proposals agree with annotations of the same text."""
    inexact = sum(text[p["start"] : p["end"]] != p["quote"] for p in proposed)
    pairs = _pairs(
        [_letters(row, text) for row in annotated], [_letters(r, text) for r in proposed]
    )
    found = [(annotated[i], proposed[j]) for i, j in pairs]
    return Counts(
        annotated=len(annotated),
        proposed=len(proposed),
        content=len(found),
        attribution=sum(_same_claimant(a, b) for a, b in found),
        polarity=sum(a.get("polarity", "+") == b.get("polarity", "+") for a, b in found),
        hedged=sum(bool(a.get("hedged")) == bool(b.get("hedged")) for a, b in found),
        inexact=inexact,
    )


def dice(a: Iterable[object], b: Iterable[object]) -> float:
    """Return Dice's coefficient of two collections as sets; 0 when one is empty."""
    left, right = set(a), set(b)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the one-to-one pairs of rows and columns of greatest summed weight.

    Rows are added one by one; each is placed by the best chain of exchanges with those before.
    Pairs without weight are left out.
    """
    taken: dict[int, int] = {}
    for row in range(len(weights)):
        _place(row, weights, taken)
    return sorted((r, c) for c, r in taken.items() if weights[r][c] > 0)


def _place(row: int, weights: Sequence[Sequence[float]], taken: dict[int, int]) -> None:
    """Give a row its column; rows that lose theirs move on, so that the sum grows most."""
    columns = range(len(weights[row]))
    gain = {c: weights[row][c] for c in columns}
    through: dict[int, int | None] = dict.fromkeys(columns)
    improved = True
    while improved:
        improved = False
        for column, owner in taken.items():
            for other in columns:
                moved = gain[column] - weights[owner][column] + weights[owner][other]
                if other != column and moved > gain[other] + 1e-12:
                    gain[other], through[other], improved = moved, column, True
    ends = [c for c in columns if c not in taken] or []
    leaving = [(gain[c] - weights[taken[c]][c], c) for c in columns if c in taken]
    best = max([(gain[c], c) for c in ends] + leaving, default=None)
    if best is None or best[0] <= 0:
        return
    _exchange(row, best[1], through, taken)


def _exchange(row: int, end: int, through: dict[int, int | None], taken: dict[int, int]) -> None:
    chain = [end]
    while (before := through[chain[-1]]) is not None:
        chain.append(before)
    for column, before in itertools.pairwise(chain):
        taken[column] = taken[before]
    taken[chain[-1]] = row


def _pairs(a: Sequence[frozenset[int]], b: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    weights = [[dice(x, y) for y in b] for x in a]
    return [(i, j) for i, j in assign(weights) if weights[i][j] >= _ENOUGH] if b else []


def _letters(row: Row, text: str) -> frozenset[int]:
    quote = row["quote"]
    start = row.get("start")
    start = text.find(quote) if start is None else start
    if start < 0:
        return _NONE
    opener = _OPENERS.match(quote)
    skipped = opener.end() if opener and opener.end() < len(quote) else 0
    return frozenset(start + i for i, char in enumerate(quote) if i >= skipped and char.isalnum())


def _same_claimant(annotated: Row, proposed: Row) -> bool:
    theirs, ours = _names(annotated), _names(proposed)
    if not annotated.get("claimant") and not proposed.get("claimant"):
        return True
    if {name.lower() for name in theirs} & {name.lower() for name in ours}:
        return True
    return any(dice(_words(x), _words(y)) >= _ENOUGH for x in theirs for y in ours)


def _names(row: Row) -> list[str]:
    return [name for name in (row.get("claimant"), row.get("claimant_norm")) if name]


def _words(name: str) -> set[str]:
    plain = _POSSESSIVE.sub("", name.lower())
    return set(re.findall(r"[a-z0-9]+", plain)) - _TITLES

"""Run the checks in queries/checks/: queries that must return no row.

``profile.txt`` gives each check its level, a tab between level and name; a check it does not
name is an ERROR. ``exceptions.tsv`` lists accepted rows: check, first value of the row, reason.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.corpus import queries
from parley.corpus.vocabulary import shorten
from parley.errors import Place, QueryFileError, QuerySyntaxError

if TYPE_CHECKING:
    from pathlib import Path

    from parley.corpus.queries import Query
    from parley.engine.store import MemoryStore
    from parley.home import Home

LEVELS: Final = ("ERROR", "WARN", "INFO")
PROFILE: Final = "profile.txt"
EXCEPTIONS: Final = "exceptions.tsv"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: its level, its problem in words, and the rows, as texts."""

    check: Query
    level: str
    rows: tuple[tuple[str, ...], ...]
    accepted: int


def run(store: MemoryStore, home: Home) -> list[Finding]:
    """Run every check of a home, by file name; a check without rows is found as well.

    Raises:
        QueryFileError: A check, the profile or the exceptions are malformed.
    """
    folder = home.queries / "checks"
    levels = _read_profile(folder / PROFILE)
    accepted = _read_exceptions(folder / EXCEPTIONS)
    return [_run(check, store, levels, accepted) for check in queries.load(home, "checks")]


def failed(findings: list[Finding]) -> list[Finding]:
    """Return the findings of level ERROR that have rows."""
    return [finding for finding in findings if finding.level == "ERROR" and finding.rows]


def in_words(findings: list[Finding], limit: int = 5) -> list[str]:
    """Return a paragraph for each finding: its problem, its first rows, what to do."""
    return [_paragraph(finding, limit) for finding in findings]


def _paragraph(finding: Finding, limit: int) -> str:
    check = finding.check
    rows = ["  " + "  ".join(map(_shown, row)) for row in finding.rows[:limit]]
    if len(finding.rows) > limit:
        rows.append(f"  … and {len(finding.rows) - limit} more")
    lines = [f"{finding.level}: {check.name}: {check.question}", *rows]
    return "\n".join([*lines, f"  {check.field('solution')}"])


def _shown(value: str) -> str:
    return shorten(value) if value.startswith("http") and " " not in value else value[:120]


def _run(
    check: Query, store: MemoryStore, levels: dict[str, str], accepted: set[tuple[str, str]]
) -> Finding:
    try:
        solutions = store.select(check.text)
    except QuerySyntaxError as error:
        raise QueryFileError(
            f"{check.path.name}: {error.message}", place=Place(str(check.path))
        ) from error
    rows = sorted({tuple(term.value for term in solution.values()) for solution in solutions})
    kept = [row for row in rows if not row or (check.name, row[0]) not in accepted]
    level = levels.get(check.name, LEVELS[0])
    return Finding(check, level, tuple(kept), len(rows) - len(kept))


def _read_profile(path: Path) -> dict[str, str]:
    rows = _read_rows(path)
    for number, row in rows:
        if len(row) != 2 or row[0] not in LEVELS:
            raise QueryFileError(
                f"{path.name}: {row!r} is no level and name.",
                remedy=f"Write {', '.join(LEVELS)}, a tab, and the name of a check.",
                place=Place(str(path), number),
            )
    return {row[1].removesuffix(".rq"): row[0] for _, row in rows}


def _read_exceptions(path: Path) -> set[tuple[str, str]]:
    rows = _read_rows(path)
    for number, row in rows:
        if len(row) != 3 or not row[2].strip():
            raise QueryFileError(
                f"{path.name}: an exception needs the check, the value and a reason.",
                place=Place(str(path), number),
            )
    return {(row[0].removesuffix(".rq"), row[1]) for _, row in rows}


def _read_rows(path: Path) -> list[tuple[int, list[str]]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.reader(file, delimiter="\t"), start=1))
    return [(number, row) for number, row in rows if row and not row[0].startswith("#")]

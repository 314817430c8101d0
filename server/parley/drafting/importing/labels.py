"""What the labels of others mean here: a table that a person can extend with one of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from parley.drafting import tables
from parley.errors import DraftError, Place, reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Of = Literal["span", "role", "trait"]

IGNORE: Final = "ignore"
#: What each kind of label can become.
MEANINGS: Final = {
    "span": frozenset(
        {
            "author", "content", "belief", "attitude", "intention", "claimant", "cue",
            "actor person", "actor state", "actor organization", "actor government",
            "actor group", "objective", "contact", IGNORE,
        }
    ),
    "role": frozenset(
        {"claimant", "cue", "content", "holder", "target", "participant", "mediator", IGNORE}
    ),
    "trait": frozenset({"denied", "hedged", IGNORE}),
}  # fmt: skip
_COLUMNS: Final = {"label", "of", "becomes"}
_FILE: Final = "labels.tsv"


class Labels:
    """A table of labels; what a person's own rows say goes before ours."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._becomes = {(row["of"], _key(row["label"])): row["becomes"] for row in rows}

    def meaning(self, label: str, of: Of) -> str | None:
        """Return what a label becomes, or None; of an address its last part counts."""
        found = self._becomes.get((of, _key(label)))
        if found is not None:
            return found
        return self._becomes.get((of, _key(_last_part(label))))

    def trait(self, name: str, value: str) -> str | None:
        """Return what a trait becomes: by its name and value, else by its name."""
        return self.meaning(f"{name}={value}", "trait") or self.meaning(name, "trait")


def read(path: Path | None = None) -> Labels:
    """Read our table, and after it a person's own.

    Raises:
        DraftError: It cannot be read, a column is missing, or a label becomes what nothing can.
    """
    rows = list(tables.rows(_FILE))
    if path is not None:
        rows += _own(path)
    return Labels(rows)


def _own(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DraftError(
            f"{path.name} cannot be read: {reason(error)}.", remedy="Give a table."
        ) from error
    rows = list(tables.parse(text, path.name))
    for row in rows:
        allowed = MEANINGS.get(row.get("of", ""), frozenset())
        if not row.keys() >= _COLUMNS or row["becomes"] not in allowed:
            raise DraftError(
                f"{path.name}: {' '.join(row.values())[:80]!r} is no row of a table of labels.",
                remedy="Write the columns label, of (span, role or trait) and becomes, with tabs; "
                f"a span becomes one of: {', '.join(sorted(MEANINGS['span']))}.",
                place=Place(str(path)),
            )
    return rows


def _key(label: str) -> str:
    return " ".join(label.replace("_", " ").replace("-", " ").casefold().split())


def _last_part(label: str) -> str:
    last = label.rstrip("/#")
    for mark in ("/", "#", ":"):
        last = last.rpartition(mark)[2]
    return last

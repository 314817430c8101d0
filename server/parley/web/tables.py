"""Solutions as a table for people: labels in cells, sorted, in pages, with the words behind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask
from markupsafe import Markup, escape
from rdflib import XSD

from parley.web import cards, edtf, evidence, names, rendering

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley.web.evidence import Words
    from parley.web.views import Row, Value

#: Rows of one page of a table; the downloads hold all.
PAGE_ROWS: Final = 200
_NUMERIC: Final = frozenset(
    str(XSD[name])
    for name in (
        "byte", "decimal", "double", "float", "int", "integer", "long", "negativeInteger",
        "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "short", "unsignedByte",
        "unsignedInt", "unsignedLong", "unsignedShort",
    )
)  # fmt: skip
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Column:
    """A variable: its heading, whether it holds numbers, and how the table is sorted by it."""

    name: str
    heading: str
    is_numeric: bool
    order: str


@dataclass(frozen=True, slots=True)
class Table:
    """One page of solutions: columns, rows, what things are called, and what rows rest on.

    ``holders`` says of each claim whose it is; ``words`` are the passages behind each row.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    labels: Mapping[str, Value]
    holders: Mapping[str, str]
    words: tuple[list[Words], ...]
    total: int
    number: int
    pages: int

    @property
    def has_words(self) -> bool:
        """Whether any row rests on words that can be shown."""
        return any(self.words)


def make(variables: Sequence[str], rows: Sequence[Row], *, terse: bool = False) -> Table:
    """Return the page of a table that the address asks for, sorted as it asks.

    Args:
        variables: The columns, in order.
        rows: All solutions.
        terse: Leave out columns that only repeat what another column's things are called.
    """
    by, descending = _wanted_order(variables)
    labels = rendering.labels_of(_iris(rows)) if terse or by else {}
    if by:
        rows = _sort(rows, by, labels, descending=descending)
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(rendering.page_number(), pages)
    shown = tuple(rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS])
    if not labels:
        labels = rendering.labels_of(_iris(shown))
    if terse:
        variables = [name for name in variables if not _repeats(name, rows, labels)]
    columns = tuple(_column(name, shown, by, descending=descending) for name in variables)
    words = evidence.behind_rows([[v.text for v in row.values() if v.is_iri] for row in shown])
    return Table(columns, shown, labels, _holders(shown), tuple(words), len(rows), number, pages)


def is_date(text: str) -> bool:
    """Say whether a literal is a date as the documents give them."""
    return edtf.read(text) is not None


def breakable(text: str) -> Markup:
    """Let a short name break after its slashes and hyphens."""
    return Markup("<wbr>").join(escape(part) for part in re.split("(?<=[/-])", text))


def is_numeric(name: str, rows: Sequence[Row]) -> bool:
    """Say whether a column holds numbers only, and at least one."""
    values = [row[name] for row in rows if name in row]
    return bool(values) and all(value.datatype in _NUMERIC for value in values)


def heading(variable: str) -> str:
    """Return a variable as words."""
    return _CAMEL.sub(" ", variable).replace("_", " ").lower()


def _wanted_order(variables: Sequence[str]) -> tuple[str, bool]:
    asked = flask.request.args.get("sort", "")
    name = asked.removeprefix("-")
    return (name, asked.startswith("-")) if name in variables else ("", False)


def _column(name: str, rows: Sequence[Row], by: str, *, descending: bool) -> Column:
    order = "none" if name != by else "descending" if descending else "ascending"
    return Column(name, heading(name), is_numeric(name, rows), order)


def _iris(rows: Sequence[Row]) -> set[str]:
    return {value.text for row in rows for value in row.values() if value.is_iri}


def _holders(rows: Sequence[Row]) -> dict[str, str]:
    """Return whose the claims of a page are: what is ascribed must not pass for the author's."""
    claims = {iri for iri in _iris(rows) if names.kind_of(iri) == "claim"}
    return {card.iri: cards.attribution(card) for card in cards.load(sorted(claims))}


def _sort(
    rows: Sequence[Row], by: str, labels: Mapping[str, Value], *, descending: bool
) -> list[Row]:
    """Sort by numbers where all are numbers, by what is shown otherwise; unbound ones go last."""
    bound = [row for row in rows if by in row]
    unbound = [row for row in rows if by not in row]
    numeric = is_numeric(by, bound)

    def key(row: Row) -> tuple[float, str]:
        value = row[by]
        if numeric:
            return float(value.text), ""
        return 0.0, (labels[value.text].text if value.is_iri else value.text).casefold()

    return [*sorted(bound, key=key, reverse=descending), *unbound]


def _repeats(name: str, rows: Sequence[Row], labels: Mapping[str, Value]) -> bool:
    """Say whether every value of a column is the label of another thing in its row."""
    values = [row for row in rows if name in row]
    return bool(values) and all(
        not row[name].is_iri
        and any(v.is_iri and labels[v.text].text == row[name].text for v in row.values())
        for row in values
    )

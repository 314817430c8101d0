"""The answer of a query on a terminal: a table, or records where a table would be cramped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from parley.corpus.vocabulary import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

#: Rows from which it is judged whether a table fits.
_SAMPLE: Final = 200
#: Control characters as the pictures Unicode has for them: data must not steer a terminal.
_VISIBLE: Final = (
    {n: 0x2400 + n for n in range(32) if n != ord("\n")}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cells: tuple[str, ...]
    is_number: bool = False

    @property
    def least(self) -> int:
        """The width of its longest word: below it, words would be cut."""
        return max(map(cell_len, " ".join((self.name, *self.cells)).split()), default=1)

    @property
    def most(self) -> int:
        """The width at which no cell is wrapped."""
        return max(cell_len(line) for cell in (self.name, *self.cells) for line in cell.split("\n"))


def show(console: Console, found: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """Print an answer in SPARQL's JSON: yes or no, a table, or records one below the other.

    Things stand with their label. Columns that read alike from top to bottom are one, with all
    their names at its head. Records are shown when words would not fit into the columns of a
    table, or when the table would be the longer of the two.
    """
    if "boolean" in found:
        console.print("yes" if found["boolean"] else "no")
        return
    solutions = found["results"]["bindings"]
    columns = _columns(found["head"]["vars"], solutions, labels)
    widths = _fit(columns, console.width)
    if solutions and (widths is None or _is_long(console, columns, widths)):
        _print_records(console, columns)
    else:
        console.print(_table(columns, widths or [column.least for column in columns]))


def _columns(
    names: Iterable[str], solutions: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
) -> list[_Column]:
    """Return the columns in order; one that reads like one before it joins that one."""
    columns: dict[tuple[str, ...], _Column] = {}
    for name in names:
        terms = [solution.get(name) for solution in solutions]
        cells = tuple(_cell(term, labels) for term in terms)
        same = columns.get(cells) if any(cells) else None
        key = cells if any(cells) else (name,)
        is_number = all(term is not None and _is_number(term) for term in terms)
        columns[key] = _Column(f"{same.name}, {name}" if same else name, cells, is_number)
    return list(columns.values())


def _cell(term: Mapping[str, str] | None, labels: Mapping[str, str]) -> str:
    if term is None:
        return ""
    value = term["value"]
    if term["type"] == "uri":
        value = labels.get(value) or shorten(value)
    return value.translate(_VISIBLE)


def _is_number(term: Mapping[str, str]) -> bool:
    return term.get("datatype", "").endswith(("#integer", "#decimal", "#double"))


def _fit(columns: Sequence[_Column], room: int) -> list[int] | None:
    """Return widths at which no word is cut, the widest narrowed first; None if there are none."""
    room -= 3 * len(columns) + 1
    least = [column.least for column in columns]
    widths = [min(column.most, max(room, 1)) for column in columns]
    while sum(widths) > room:
        free = [n for n, width in enumerate(widths) if width > least[n]]
        if not free:
            return None
        widths[max(free, key=lambda n: widths[n])] -= 1
    return widths if all(w >= n for w, n in zip(widths, least, strict=True)) else None


def _is_long(console: Console, columns: Sequence[_Column], widths: Sequence[int]) -> bool:
    """Tell whether rows take more lines than records, which have one for each column."""
    rows = list(zip(*(column.cells[:_SAMPLE] for column in columns), strict=True))
    lines = sum(
        1 + max(len(Text(c).wrap(console, w)) for c, w in zip(row, widths, strict=True))
        for row in rows
    )
    return lines > 2 * len(rows) and lines >= len(rows) * (1 + len(columns))


def _table(columns: Sequence[_Column], widths: Sequence[int]) -> Table:
    """Return the table, with lines between its rows when some take several."""
    wrapped = any(column.most > width for column, width in zip(columns, widths, strict=True))
    table = Table(
        show_lines=wrapped, header_style="bold", row_styles=() if wrapped else ("", "dim")
    )
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column.name, width=width, justify="right" if column.is_number else "left")
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(Text, row))
    return table


def _print_records(console: Console, columns: Sequence[_Column]) -> None:
    """Print each solution as a list of names and values."""
    for row in zip(*(column.cells for column in columns), strict=True):
        record = Table.grid(padding=(0, 2, 0, 0))
        record.add_column(style="bold", no_wrap=True)
        record.add_column(overflow="fold")
        for column, cell in zip(columns, row, strict=True):
            if cell:
                record.add_row(column.name, Text(cell))
        console.print(record)
        console.print()

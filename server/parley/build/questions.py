"""Ask the competency questions of a dataset and compare the answers with those expected.

Each ``queries/competency/<name>.rq`` has its answer beside it, ``<name>.csv``, as SPARQL 1.1 CSV
(https://www.w3.org/TR/sparql11-results-csv-tsv/).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley.corpus import queries
from parley.errors import Place, QueryFileError, QuerySyntaxError

if TYPE_CHECKING:
    from parley.corpus.queries import Query
    from parley.engine.store import MemoryStore
    from parley.home import Home

    Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the rows that were expected but not given, and the other way round."""

    question: Query
    missing: tuple[Row, ...]
    surplus: tuple[Row, ...]
    ordered: bool

    @property
    def right(self) -> bool:
        """Whether the answer is the expected one, row by row."""
        return self.ordered and not self.missing and not self.surplus


def ask(store: MemoryStore, home: Home) -> list[Answer]:
    """Ask every question that has an expected answer, by file name.

    Raises:
        QueryFileError: A question does not parse, or its expected answer has no header.
    """
    asked = queries.load(home, "competency")
    return [_ask(query, store) for query in asked if query.path.with_suffix(".csv").is_file()]


def _ask(query: Query, store: MemoryStore) -> Answer:
    path = query.path.with_suffix(".csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    if not rows:
        raise QueryFileError(f"{path.name} has no header.", place=Place(str(path), 1))
    header, expected = rows[0], rows[1:]
    try:
        solutions = store.select(query.text)
    except QuerySyntaxError as error:
        raise QueryFileError(
            f"{query.path.name}: {error.message}", place=Place(str(query.path))
        ) from error
    given = [
        tuple(solution[name].value if name in solution else "" for name in header)
        for solution in solutions
    ]
    missing = tuple(row for row in expected if row not in given)
    surplus = tuple(row for row in given if row not in expected)
    return Answer(query, missing, surplus, given == expected)

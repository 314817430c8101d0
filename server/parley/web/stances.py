"""The stances: what each actor holds of each other, and by which claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import flask

from parley.web import edtf, rendering, scopes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.web.scopes import Scope
    from parley.web.views import Row, Value

blueprint = flask.Blueprint("stances", __name__)

#: Rows and columns of the matrix; the list has all.
DRAWN: Final = 24


@dataclass(frozen=True, slots=True)
class Stance:
    """One claim on how one actor stands to another, in few words."""

    holder: str
    other: str
    claim: str
    is_attitude: bool
    when: str


@dataclass(slots=True)
class Matrix:
    """Stances by who holds them (with those who act for it) and whom they regard."""

    labels: Mapping[str, Value]
    cells: dict[tuple[str, str], list[Stance]] = field(default_factory=dict)

    @property
    def rows(self) -> list[str]:
        """Who holds a stance: who holds most first."""
        return self._ordered(0)

    @property
    def columns(self) -> list[str]:
        """Whom stances regard: who is regarded most first."""
        return self._ordered(1)

    def _ordered(self, end: int) -> list[str]:
        counts: dict[str, int] = {}
        for pair, stances in self.cells.items():
            counts[pair[end]] = counts.get(pair[end], 0) + len(stances)
        return sorted(counts, key=lambda iri: (-counts[iri], iri))


@blueprint.route("/stances")
@rendering.kept
def show_stances() -> str:
    """Show who holds what of whom: a matrix to find a pair, and each pair with its claims."""
    scope = scopes.read()
    matrix = read_matrix(scope)
    return rendering.render(
        "stances.html",
        behind=("stances", scope.terms),
        scope=scope,
        matrix=matrix,
        rows=matrix.rows[:DRAWN],
        columns=matrix.columns[:DRAWN],
    )


def read_matrix(scope: Scope) -> Matrix:
    """Return the stances within a scope."""
    rows = rendering.site().views.select("stances", scope.terms)
    shown = ("claim", "holder", "other", "principal")
    iris = {row[name].text for row in rows for name in shown if name in row}
    matrix = Matrix(rendering.labels_of(iris))
    for row in rows:
        holder = row["principal"].text if "principal" in row else row["holder"].text
        matrix.cells.setdefault((holder, row["other"].text), []).append(_stance(row))
    return matrix


def _stance(row: Row) -> Stance:
    return Stance(
        holder=row["holder"].text,
        other=row["other"].text,
        claim=row["claim"].text,
        is_attitude=row["isAttitude"].text == "true",
        when=edtf.words(row["edtf"].text) if "edtf" in row else "",
    )

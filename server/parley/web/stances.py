"""The stances: what each actor holds of each other, and by which claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import flask

from parley.web import cards, edtf, rendering, scopes

if TYPE_CHECKING:
    from parley.web.scopes import Scope
    from parley.web.views import Row

blueprint = flask.Blueprint("stances", __name__)

#: Rows and columns of the matrix; the list has all.
DRAWN: Final = 24
#: Claims of one page of the list; no holder is divided.
LISTED: Final = 120
#: Stances that a view returns at most (its LIMIT).
MOST: Final = 1_000


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

    cells: dict[tuple[str, str], list[Stance]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many stances there are."""
        return sum(map(len, self.cells.values()))

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
    pages = divide(matrix)
    number = min(rendering.page_number(), max(len(pages), 1))
    listed = pages[number - 1] if pages else []
    claims = [s.claim for pair, some in matrix.cells.items() if pair[0] in listed for s in some]
    return rendering.render(
        "stances.html",
        behind=("stances", scope.terms),
        scope=scope,
        matrix=matrix,
        labels=rendering.labels_of({iri for pair in matrix.cells for iri in pair}),
        rows=matrix.rows[:DRAWN],
        columns=matrix.columns[:DRAWN],
        page_of={holder: n for n, holders in enumerate(pages, 1) for holder in holders},
        listed=listed,
        cards={card.iri: card for card in cards.load(dict.fromkeys(claims))},
        left_out=max(len(matrix.rows), len(matrix.columns)) > DRAWN,
        is_cut=matrix.size >= MOST,
        number=number,
        more=number < len(pages),
    )


def read_matrix(scope: Scope) -> Matrix:
    """Return the stances within a scope."""
    matrix = Matrix()
    for row in rendering.site().views.select("stances", scope.terms):
        holder = row["principal"].text if "principal" in row else row["holder"].text
        matrix.cells.setdefault((holder, row["other"].text), []).append(_stance(row))
    return matrix


def divide(matrix: Matrix) -> list[list[str]]:
    """Divide the holders into pages of the list, by how many claims each has."""
    sizes: dict[str, int] = {}
    for (holder, _), stances in matrix.cells.items():
        sizes[holder] = sizes.get(holder, 0) + len(stances)
    pages: list[list[str]] = []
    filled = LISTED
    for holder in matrix.rows:
        if filled >= LISTED:
            pages.append([])
            filled = 0
        pages[-1].append(holder)
        filled += sizes[holder]
    return pages


def _stance(row: Row) -> Stance:
    return Stance(
        holder=row["holder"].text,
        other=row["other"].text,
        claim=row["claim"].text,
        is_attitude="mode" in row,
        when=edtf.words(row["edtf"].text) if "edtf" in row else "",
    )

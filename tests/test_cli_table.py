"""The answer of ``parley query`` on terminals of every width."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from parley.cli import _table

CLAIM = "https://w3id.org/parley/id/claim/d/1a"
LONG = "Russia prefers cooperation with the government in Kabul and with regional states " * 2


def shown(width: int, solutions: list[dict[str, Any]], labels: dict[str, str]) -> str:
    """Show solutions on a console of this width."""
    console = Console(file=io.StringIO(), width=width)
    names = list(dict.fromkeys(name for solution in solutions for name in solution))
    found = {"head": {"vars": names}, "results": {"bindings": solutions}}
    _table.show(console, found, labels)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def iri(value: str) -> dict[str, str]:
    """Return an IRI as SPARQL's JSON has it."""
    return {"type": "uri", "value": value}


def text(value: str) -> dict[str, str]:
    """Return a string as SPARQL's JSON has it."""
    return {"type": "literal", "value": value}


def test_a_long_label_still_stands_for_its_iri() -> None:
    """Nobody reads half a short IRI instead of a claim."""
    table = shown(100, [{"claim": iri(CLAIM)}], {CLAIM: LONG})

    assert "government in Kabul" in table
    assert "plid:" not in table


def test_columns_that_read_alike_are_one() -> None:
    """A thing and its label take one column, with both names at its head."""
    row = {"who": iri(CLAIM), "label": text("Iran"), "n": text("1")}

    assert shown(60, [row], {CLAIM: "Iran"}).count("Iran") == 1
    assert "who, label" in shown(60, [row], {CLAIM: "Iran"})


def test_columns_without_any_value_stay_apart() -> None:
    """Two empty columns are two answers that are missing."""
    rows = [{"a": text("x"), "b": text(""), "c": text("")}]

    assert "b, c" not in shown(60, rows, {})


@pytest.mark.parametrize("width", [30, 40, 80, 120])
def test_no_word_is_cut_at_any_width(width: int) -> None:
    """Records take the place of a table that would be too narrow for its words."""
    row = {f"column{n}": text(f"counterfactual {n}") for n in range(8)}
    lines = shown(width, [row, row], {})

    assert lines.count("counterfactual") == 16
    assert "…" not in lines
    assert max(map(len, lines.splitlines())) <= width


def test_a_table_longer_than_its_records_gives_way_to_them() -> None:
    """Towers of three words a line are no way to read a sentence."""
    rows = [{"claim": text(LONG), "quote": text(LONG), "n": text("1")}] * 3

    assert "━" not in shown(60, rows, {})
    assert "━" in shown(200, rows, {})


def test_lines_part_rows_that_take_several() -> None:
    """A row of several lines is told from the next one, also without colours."""
    row = {"a": text(LONG[:81]), "b": text("1"), "c": text("2"), "d": text("3")}

    assert "├" in shown(60, [row, row], {})
    assert "├" not in shown(50, [{"a": text("one"), "b": text("1")}] * 2, {})


def test_data_cannot_steer_the_terminal() -> None:
    """An escape sequence in a literal is shown, not obeyed."""
    assert shown(60, [{"a": text("x\x1b[31mred\x9b2J")}], {}).count("\x1b") == 0
    assert "␛[31mred" in shown(60, [{"a": text("x\x1b[31mred")}], {})


def test_an_answer_without_solutions_shows_its_columns() -> None:
    """Nothing found is still an answer."""
    console = Console(file=io.StringIO(), width=40)
    _table.show(console, {"head": {"vars": ["who"]}, "results": {"bindings": []}}, {})

    assert "who" in console.file.getvalue()  # type: ignore[attr-defined]

"""The benchmark of attacks runs to its end and counts what it says."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from click.testing import CliRunner

from parley.cli.bench.hostile import Examiner, Tally, hostile

if TYPE_CHECKING:
    from .conftest import Server

TRIPLES = (
    b"INSERT DATA { <http://e/a> a <http://e/C> ; <http://e/p> 1 . <http://e/b> a <http://e/C> }"
)


def test_it_counts_right_and_wrong_answers(server: Server) -> None:
    """An answer that is not what it was at rest is wrong, and said so."""
    form = {"Content-Type": "application/sparql-update"}
    assert server.send("POST", "/sparql", TRIPLES, form)[0] == 204
    examiner, tally, chance = Examiner.prepare(server.url), Tally(), random.Random(1)  # noqa: S311
    examiner.ask(tally, chance, 1)
    server.send("POST", "/sparql", b"CLEAR ALL", form)
    examiner.ask(tally, chance, 2)

    assert (tally.right, tally.wrong, tally.refused) == (1, 1, 0)
    assert tally.line().startswith("1 right, 1 wrong, 0 refused; p95 ")


def test_it_runs_to_its_end() -> None:
    """It attacks the home's own data, kills workers, and reports."""
    few = ["--clients", "2", "--questions", "3", "--kills", "2"]
    result = CliRunner().invoke(hostile, few)

    assert result.exit_code == 0, result.output
    assert re.search(r"\d+ right, 0 wrong", result.output)
    assert result.output.count("  0 clients hung") == 2
    assert "the same web process" in result.output

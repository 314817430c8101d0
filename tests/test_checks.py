"""The checks of queries/checks that watch the data: each finds what is planted, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from parley.build import checks
from parley.corpus import queries
from parley.engine.store import MemoryStore

ROOT: Final = Path(__file__).parents[1]
CHECKS: Final = ROOT / "queries" / "checks"
CASES: Final = ROOT / "tests" / "cases" / "checks"
#: The checks of the ontology itself have their own tests.
DATA_CHECKS: Final = sorted(
    path.stem for path in CHECKS.glob("*.rq") if not path.stem.startswith("ontology-")
)


def found(check: str, nquads: bytes) -> set[str]:
    """Return the first value of each row that a check gives on a dataset."""
    store = MemoryStore.from_nquads(nquads)
    query = queries.read(CHECKS / f"{check}.rq")
    return {next(iter(row.values())).value for row in store.select(query.text)}


@pytest.mark.parametrize("check", DATA_CHECKS)
def test_a_check_finds_what_is_planted_and_no_more(check: str) -> None:
    """Every planted thing is in a row, and no row is about anything else."""
    quads = list(ox.parse(path=CASES / f"{check}.trig"))
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    planted = {iri for iri in iris if "planted" in iri}

    assert planted
    assert found(check, ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"") == planted


@pytest.mark.parametrize("check", DATA_CHECKS)
def test_a_check_says_what_is_wrong_and_what_to_do(check: str) -> None:
    """The header is the documentation: title, problem, solution."""
    query = queries.read(CHECKS / f"{check}.rq")

    assert query.title
    assert query.field("problem").endswith(".")
    assert query.field("solution").endswith(".")


def test_every_check_has_a_level() -> None:
    """The profile names each check once, and nothing else."""
    rows = (CHECKS / checks.PROFILE).read_text(encoding="utf-8").splitlines()
    named = [row.split("\t")[1] for row in rows if row and not row.startswith("#")]

    assert sorted(named) == sorted(path.stem for path in CHECKS.glob("*.rq"))

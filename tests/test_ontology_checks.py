"""The checks of the ontology itself: each finds what is planted, and the ontology passes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from parley.build import checks
from parley.corpus import ontology, queries
from parley.engine.store import MemoryStore
from parley.home import find_home

ROOT: Final = Path(__file__).parents[1]
CHECKS: Final = ROOT / "queries" / "checks"
CASES: Final = ROOT / "tests" / "cases" / "checks"
NAMES: Final = sorted(path.stem for path in CHECKS.glob("ontology-*.rq"))
GRAPH: Final = ox.NamedNode("https://w3id.org/parley/graph/ontology")


def rows(check: str, store: MemoryStore) -> list[str]:
    """Return the first value of each row a check gives."""
    query = queries.read(CHECKS / f"{check}.rq")
    return [next(iter(row.values())).value for row in store.select(query.text)]


@pytest.mark.parametrize("check", NAMES)
def test_a_check_finds_what_is_planted_and_no_more(check: str) -> None:
    """Every planted term is in a row, and no row is about anything else."""
    quads = list(ox.parse(path=CASES / f"{check}.trig"))
    terms = {term for quad in quads for term in quad.triple if isinstance(term, ox.NamedNode)}
    planted = {term.value for term in terms if "planted" in term.value.lower()}
    store = MemoryStore.from_nquads(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")

    assert planted
    assert set(rows(check, store)) == planted


@pytest.mark.parametrize("check", NAMES)
def test_a_check_says_what_is_wrong_and_what_to_do(check: str) -> None:
    """The header is the documentation: title, problem, solution."""
    query = queries.read(CHECKS / f"{check}.rq")

    assert query.title
    assert query.field("problem").endswith(".")
    assert query.field("solution").endswith(".")


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """The ontology with its schemes and alignments, in its graph."""
    triples = ontology.load(find_home()).serialize(format="nt", encoding="utf-8")
    quads = [
        ox.Quad(triple.subject, triple.predicate, triple.object, GRAPH)
        for triple in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
    ]
    return MemoryStore.from_nquads(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def test_the_ontology_passes_its_checks(store: MemoryStore) -> None:
    """No error and no warning is left that is not accepted with a reason."""
    found = [f for f in checks.run(store, find_home()) if f.check.name in NAMES]
    left = {f.check.name: f.rows for f in found if f.rows and f.level != "INFO"}

    assert left == {}


def test_every_accepted_row_is_still_found(store: MemoryStore) -> None:
    """An exception whose term was mended or is gone is taken out of the list."""
    path = CHECKS / checks.EXCEPTIONS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    accepted = [line.split("\t")[:2] for line in lines if line.startswith("ontology-")]

    assert [row for row in accepted if row[1] not in rows(row[0], store)] == []

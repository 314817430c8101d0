"""The questions of queries/competency and queries/examples, on the dataset as it is built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from parley.build import assemble, questions, rules
from parley.corpus import queries
from parley.engine.store import MemoryStore
from parley.home import Home, find_home

ROOT: Final = Path(__file__).parents[1]
COMPETENCY: Final = sorted((ROOT / "queries" / "competency").glob("*.rq"))
EXAMPLES: Final = sorted((ROOT / "queries" / "examples").glob("*.rq"))
FEDERATION: Final = sorted((ROOT / "queries" / "federation").glob("*.rq"))
RULES: Final = sorted((ROOT / "queries" / "rules").glob("*.rq"))
CHECKS: Final = sorted((ROOT / "queries" / "checks").glob("*.rq"))
#: Examples whose answer may be empty: no claim of the kind has to exist.
MAY_BE_EMPTY: Final = {"disagreements"}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The shipped data with everything the rules derive, without the reasoner's types."""
    home = find_home(ROOT)
    parts = assemble.assemble(home)
    rules.derive(parts.dataset, home, [part.document for part in parts.documents])
    store = ox.Store()
    store.load(assemble.to_nquads(parts.dataset), format=ox.RdfFormat.N_QUADS)
    return store


def answer(store: ox.Store, path: Path) -> str:
    """Return the answer to a query file as SPARQL CSV, with plain line ends."""
    text = path.read_text(encoding="utf-8")
    results = store.query(text, use_default_graph_as_union=True)
    assert isinstance(results, ox.QuerySolutions)
    body = results.serialize(format=ox.QueryResultsFormat.CSV) or b""
    return body.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("path", COMPETENCY, ids=lambda path: path.stem)
def test_a_competency_question_gets_its_expected_answer(store: ox.Store, path: Path) -> None:
    """The answers were written from the article; the graph has to give them."""
    expected = path.with_suffix(".csv").read_text(encoding="utf-8")

    assert answer(store, path) == expected


def test_a_second_document_leaves_the_answers_about_the_first_alone(editable: Home) -> None:
    """It quotes unnamed sources and denies the mediator: that is asked of it, not of the first."""
    parts = assemble.assemble(editable)
    rules.derive(parts.dataset, editable, [part.document for part in parts.documents])
    store = MemoryStore.from_nquads(assemble.to_nquads(parts.dataset))

    answers = questions.ask(store, editable)

    assert len(answers) == len(COMPETENCY)
    assert [answer.question.path.stem for answer in answers if not answer.right] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_an_answer(store: ox.Store, path: Path) -> None:
    """An example that finds nothing teaches nothing."""
    rows = answer(store, path).splitlines()[1:]

    assert rows or path.stem in MAY_BE_EMPTY


@pytest.mark.parametrize("path", [*COMPETENCY, *EXAMPLES], ids=lambda path: path.stem)
def test_a_question_is_asked_in_words(path: Path) -> None:
    """A reader sees the question before the query."""
    query = queries.read(path)

    assert query.title
    assert query.question.endswith("?")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_parameter_is_explained_and_among_the_columns(path: Path) -> None:
    """Without a value the question is answered for everything."""
    query = queries.read(path)
    columns = query.text.partition("SELECT")[2].partition("WHERE")[0]
    for parameter in query.parameters:
        assert f"?{parameter.name} " in columns
        assert parameter.type
        assert parameter.text


@pytest.mark.parametrize(
    "path", [*COMPETENCY, *EXAMPLES, *FEDERATION, *RULES, *CHECKS], ids=lambda path: path.stem
)
def test_prefixes_are_sorted_and_all_used(path: Path) -> None:
    """A file that people copy from should be tidy."""
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^PREFIX ([\w-]*):", text, re.MULTILINE)
    body = re.sub(r"^(?:#|PREFIX ).*$", "", text, flags=re.MULTILINE)

    assert declared == sorted(declared)
    assert [p for p in declared if not re.search(rf"(?<![\w?]){p}:", body)] == []


@pytest.mark.parametrize(
    "path", [*COMPETENCY, *EXAMPLES, *FEDERATION, *CHECKS], ids=lambda path: path.stem
)
def test_rows_come_in_a_fixed_order(path: Path) -> None:
    """The same data give the same answer, line by line."""
    assert "\nORDER BY " in path.read_text(encoding="utf-8")


def test_every_competency_question_has_an_answer_file() -> None:
    """Twelve questions, twelve answers, and no answer without its question."""
    folder = ROOT / "queries" / "competency"

    assert len(COMPETENCY) == 12
    assert {path.stem for path in folder.glob("*.csv")} == {path.stem for path in COMPETENCY}

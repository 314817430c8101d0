"""The pool: right answers, complete or none, deadlines by kill, publications followed."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import store
from parley.engine.mistakes import explain
from parley.engine.process import read_syntax_error
from parley.engine.results import GRAPH_FORMATS, SELECT_FORMATS
from parley.engine.types import Query, Update, Upload
from parley.engine.workers import PoolEngine
from parley.errors import (
    ForbiddenError,
    NotFoundError,
    Place,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
    StoreError,
)

from .conftest import JSON, make_ask, make_generation, make_nquads, values

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from parley.engine.types import Form

    from .conftest import Ask

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_an_answer_is_complete_and_says_what_it_read(ask: Ask) -> None:
    """Body, media type, rows, version and time come back together."""
    answer = ask("SELECT ?o { <http://e/s1> <http://e/p2> ?o }")

    assert values(answer.body) == ["value 1 2"]
    assert (answer.media_type, answer.rows, answer.version) == (JSON, 1, "first")
    assert 0 < answer.engine_s < 0.5


@pytest.mark.parametrize("media_type", SELECT_FORMATS)
def test_tables_come_in_every_format(engine: PoolEngine, media_type: str) -> None:
    """SELECT and ASK answer in all formats of results."""
    text = "SELECT ?o { <http://e/s1> ?p ?o } ORDER BY ?o LIMIT 3"

    assert engine.evaluate(Query(text, "SELECT", media_type)).rows == 3
    assert b"true" in engine.evaluate(Query("ASK {}", "ASK", media_type)).body


@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_graphs_come_in_every_format(ask: Ask, media_type: str) -> None:
    """CONSTRUCT and DESCRIBE answer in all formats of graphs, each counting its triples."""
    built = ask("CONSTRUCT { ?s <http://e/q#r> ?o } WHERE { ?s <http://e/p1> ?o }", media_type)

    assert built.rows == 300
    assert b"value 299 1" in built.body
    assert ask("DESCRIBE <http://e/s1>", media_type).rows == 10


def test_turtle_uses_the_prefixes_of_the_query(ask: Ask) -> None:
    """What the query shortens, the answer shortens."""
    body = ask("PREFIX e: <http://e/> CONSTRUCT WHERE { e:s1 e:p1 ?o }", "text/turtle").body

    assert body.decode() == '@prefix e: <http://e/> .\ne:s1 e:p1 "value 1 1" .\n'


@pytest.mark.parametrize(
    ("text", "options", "count"),
    [
        (COUNT, {}, 3000),
        (COUNT, {"union_default_graph": False}, 0),
        ("SELECT (COUNT(*) AS ?n) FROM <http://e/g1> { ?s ?p ?o }", {}, 1000),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED <http://e/g1> { ?s ?p ?o }", {}, 0),
        ("SELECT (COUNT(*) AS ?n) FROM <http://e/none> { ?s ?p ?o }", {}, 0),
        (COUNT, {"default_graph_iris": ("http://e/g1", "http://e/g2")}, 2000),
        (COUNT, {"named_graph_iris": ("http://e/g1",)}, 0),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", {}, 3000),
        (
            "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
            {"default_graph_iris": ("http://e/g1",)},
            0,
        ),
        (
            "SELECT (COUNT(*) AS ?n) FROM <http://e/g1> { ?s ?p ?o }",
            {"default_graph_iris": (), "named_graph_iris": ("http://e/g1",)},
            0,
        ),
    ],
)
def test_the_dataset_is_what_the_request_says(
    ask: Ask, text: str, options: dict[str, object], count: int
) -> None:
    """The request's dataset, else the query's, else the union or the plain default graph."""
    assert values(ask(text, **options).body) == [str(count)]


def test_relative_iris_use_the_base(ask: Ask) -> None:
    """The base of the request resolves them; without one they are an error."""
    assert values(ask("SELECT ?o { <s1> <p1> ?o }", base_iri="http://e/").body) == ["value 1 1"]
    with pytest.raises(QuerySyntaxError):
        ask("SELECT ?o { <s1> <p1> ?o }")


@pytest.mark.parametrize(
    ("text", "options", "error"),
    [
        ("SELECT ?o WHERE { ?s ?p ?o } ORDER", {}, QuerySyntaxError),
        ("SELECT (<http://e/f>(1) AS ?x) {}", {}, QueryRefusedError),
        ("SELECT * {}", {"base_iri": "nonsense"}, QueryRefusedError),
        ("SELECT * {}", {"default_graph_iris": ("not an iri",)}, QueryRefusedError),
        ("SELECT * {}", {"default_graph_iris": ("http://e/\n",)}, QueryRefusedError),
        ("INSERT DATA {}", {}, QuerySyntaxError),
    ],
)
def test_wrong_requests_are_the_clients_fault(
    ask: Ask, text: str, options: dict[str, object], error: type[Exception]
) -> None:
    """What the client got wrong is a 400."""
    with pytest.raises(error) as caught:
        ask(text, **options)
    assert getattr(caught.value, "status", None) == 400


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?o\nWHERE { ?s ?p }", "query:2:15: The text does not follow the grammar at '}'"),
        ("SELECT ?o { ?s ?p . }", "query:1:19: The text does not follow the grammar at '.'"),
        ("SELECT ?o {} ORDER", "query:1:14: The text does not follow the grammar at 'ORDER'"),
        (
            "SELECT ?o {\n FILTR(?o) }",
            "query:2:2: FILTR is no word of SPARQL. Did you mean FILTER?",
        ),
        ("ASK {} extra", "query:1:8: extra is no word of SPARQL. Write IRIs as <…>"),
        (
            "SELECT ?s (COUNT(*) AS ?c) { ?s ?p 1 }",
            "The SELECT contains a variable that is unbound",
        ),
    ],
)
def test_syntax_errors_say_what_is_wrong_and_where(ask: Ask, text: str, said: str) -> None:
    """The place is that of the mistake, and the engine's lists of characters are left out."""
    with pytest.raises(QuerySyntaxError) as caught:
        ask(text)
    assert said in str(caught.value)
    assert "'\\u" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nothing"])
def test_an_empty_update_that_did_not_parse_is_explained(text: str) -> None:
    """Without a token there is no place to name but the beginning."""
    error = explain(text, read_syntax_error("error at 1:1: expected ASK"))

    assert error.place == Place("query", 1, 1)


def test_messages_without_a_place_are_kept() -> None:
    """A message of another kind is passed on."""
    error = read_syntax_error("something else")

    assert explain("ASK {}", error) is error
    assert "something else" in error.message


def test_graphs_are_read_by_name(engine: PoolEngine) -> None:
    """A named graph, the default graph, and one that is not there."""
    assert engine.get_graph("http://e/g1", "application/n-triples").rows == 1000
    assert engine.get_graph(None, "text/turtle").rows == 0
    assert engine.has_graph("http://e/g1")
    assert engine.has_graph(None)
    assert not engine.has_graph("http://e/none")
    with pytest.raises(NotFoundError):
        engine.get_graph("http://e/none", "text/turtle")


def test_a_built_dataset_refuses_writes(engine: PoolEngine) -> None:
    """Every way to write is forbidden, with the remedy."""
    calls: list[Callable[[], object]] = [
        lambda: engine.update(Update("CLEAR ALL")),
        lambda: engine.put_graph(None, Upload(b"", "text/turtle")),
        lambda: engine.post_graph(None, Upload(b"", "text/turtle")),
        lambda: engine.delete_graph(None),
    ]

    assert not engine.writable
    for call in calls:
        with pytest.raises(ForbiddenError, match="read-only"):
            call()


@pytest.mark.parametrize("media_type", [*SELECT_FORMATS, *GRAPH_FORMATS])
@pytest.mark.parametrize(
    "limit", [{"max_result_rows": 99}, {"max_result_bytes": 999}], ids=["rows", "bytes"]
)
def test_too_large_an_answer_is_no_answer(
    built: Path, media_type: str, limit: dict[str, int]
) -> None:
    """Over the cap of rows or bytes nothing is sent; at the cap of rows everything is."""
    is_table = media_type in SELECT_FORMATS
    head = "SELECT *" if is_table else "CONSTRUCT { ?s ?p ?o }"
    form: Form = "SELECT" if is_table else "CONSTRUCT"

    with PoolEngine(built, Settings(**limit)) as small:  # type: ignore[arg-type]
        with pytest.raises(ResultTooLargeError):
            small.evaluate(Query(f"{head} WHERE {{ ?s ?p ?o }} LIMIT 100", form, media_type))
        if "max_result_rows" in limit:
            text = f"{head} WHERE {{ ?s ?p ?o }} LIMIT 99"
            assert small.evaluate(Query(text, form, media_type)).rows == 99


def test_a_missing_dataset_is_named(tmp_path: Path) -> None:
    """Without a build there is nothing to serve."""
    with pytest.raises(StoreError, match="no built dataset"):
        PoolEngine(tmp_path, Settings())


def test_a_damaged_store_is_our_fault(tmp_path: Path) -> None:
    """A store that does not open ends the start, and leaves no process."""
    make_generation(tmp_path, "bad", make_nquads(1, 1))
    shutil.copytree(tmp_path / "generations" / "bad", tmp_path / "current" / "store")

    with pytest.raises(StoreError, match=r"Opening .* failed"):
        PoolEngine(tmp_path, Settings(memory_store_bytes=0))


def test_large_datasets_are_read_from_disk(tmp_path: Path) -> None:
    """Above the size for memory the store directory is opened; answers are the same."""
    make_generation(tmp_path, "large", make_nquads(30, 10))
    store.create(tmp_path / "current" / "store", tmp_path / "current" / "dataset.nq")

    with PoolEngine(tmp_path, Settings(memory_store_bytes=0)) as pool:
        assert values(make_ask(pool)(COUNT).body) == ["300"]


def test_a_generation_itself_can_be_served(built: Path) -> None:
    """A directory without the link is taken for a generation."""
    with PoolEngine(built / "generations" / "first", Settings()) as pool:
        assert pool.version == "first"


def test_a_new_generation_is_followed(tmp_path: Path) -> None:
    """After the link was replaced every answer is from the new one, under readers."""
    make_generation(tmp_path, "g0", make_nquads(1, 1))
    wrong: list[object] = []
    done = threading.Event()

    def read(pool: PoolEngine) -> None:
        seen = -1
        while not done.is_set():
            answer = make_ask(pool)(COUNT)
            number = int(answer.version[1:])
            if values(answer.body) != [str(number + 1)] or number < seen:
                wrong.append((answer.version, answer.body, seen))
            seen = number

    with PoolEngine(tmp_path, Settings()) as pool:
        readers = [threading.Thread(target=read, args=(pool,)) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(1, 12):
            make_generation(tmp_path, f"g{number}", make_nquads(1, number + 1))
            assert pool.version == f"g{number}"
            assert values(make_ask(pool)(COUNT).body) == [str(number + 1)]
            shutil.rmtree(tmp_path / "generations" / f"g{number - 1}")
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []

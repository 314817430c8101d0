"""The pool: right answers, complete or none, deadlines by kill, publications followed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import process, store, wire
from parley.engine.lanes import Lane
from parley.engine.mistakes import explain
from parley.engine.process import Child, ChildOptions, describe_exit, read_syntax_error
from parley.engine.results import GRAPH_FORMATS, SELECT_FORMATS
from parley.engine.types import Query, Update
from parley.engine.workers import PoolEngine
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    EngineError,
    ForbiddenError,
    NotFoundError,
    Place,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
    StoreError,
    WorkerDiedError,
)

from .conftest import JSON, make_ask, make_generation, make_nquads

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.engine.types import Form

    from .conftest import Ask

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def values(body: bytes) -> list[str]:
    """Return the values of a one-column result."""
    bindings = json.loads(body)["results"]["bindings"]
    return [term["value"] for row in bindings for term in row.values()]


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
        lambda: engine.put_graph(None, b"", "text/turtle"),
        lambda: engine.post_graph(None, b"", "text/turtle"),
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

    with pytest.raises(StoreError, match="The store failed"):
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


@pytest.mark.parametrize(
    "text",
    [
        ENDLESS,
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(?c, ?f, ?i) = '') }",
    ],
    ids=["count", "order", "cartesian"],
)
def test_the_deadline_holds(engine: PoolEngine, text: str) -> None:
    """A query is stopped at its limit, in the fast lane and in the slow one."""
    for timeout_s in (0.1, 0.5):
        started = time.monotonic()
        with pytest.raises(DeadlineExceededError, match=f"after {timeout_s} seconds"):
            engine.evaluate(Query(text, "SELECT", JSON), timeout_s=timeout_s)

        assert timeout_s <= time.monotonic() - started < timeout_s + 0.5


def test_a_slow_query_that_ends_in_time_is_answered(built: Path) -> None:
    """Moving to the slow lane loses nothing, and the text goes there at once the next time."""
    text = "SELECT (COUNT(*) AS ?n) { ?a <http://e/p1> ?c . ?d ?e ?f }"
    with PoolEngine(built, Settings(slow_after_s=0.001, timeout_s=20.0)) as pool:
        counts = [values(make_ask(pool)(text).body) for _ in range(2)]

        assert counts == [["900000"], ["900000"]]
        assert pool.statistics()["deadlines"] == 0


def test_memory_is_limited(built: Path) -> None:
    """A query that takes too much memory ends its process, not the machine."""
    tight = Settings(timeout_s=20.0, slow_after_s=0.05, pool_memory_bytes=250_000_000)
    with PoolEngine(built, tight) as pool:
        with pytest.raises(WorkerDiedError, match="held"):
            make_ask(pool)("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
        assert values(make_ask(pool)(COUNT).body) == ["3000"]


def test_address_space_is_limited(built: Path) -> None:
    """A process that asks the system for too much is ended by it; the signal is named."""
    tight = Settings(timeout_s=20.0, slow_after_s=19.0, worker_memory_bytes=400_000_000)
    with PoolEngine(built, tight) as pool:
        with pytest.raises(WorkerDiedError, match="signal SIG"):
            make_ask(pool)("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f")
        assert values(make_ask(pool)(COUNT).body) == ["3000"]


def test_too_many_queries_are_told_to_come_back(built: Path) -> None:
    """When the places are taken and the queue is full, the answer is 503 at once."""
    full = Settings(workers=1, slow_workers=1, max_queue=0, slow_after_s=5.0, timeout_s=1.0)
    with PoolEngine(built, full) as pool:
        ask = make_ask(pool)
        hog = threading.Thread(target=_ask_in_vain, args=(pool,))
        hog.start()
        while pool.statistics()["idle"] == pool.statistics()["processes"]:
            time.sleep(0.005)
        with pytest.raises(EngineBusyError, match="wait already"):
            ask(COUNT)
        hog.join()
        assert values(ask(COUNT).body) == ["3000"]


def _ask_in_vain(pool: PoolEngine) -> None:
    with pytest.raises(DeadlineExceededError):
        make_ask(pool)(ENDLESS)


def test_a_place_is_waited_for_only_so_long() -> None:
    """Who waits too long leaves the queue; the place goes to the next in line."""
    lane = Lane("fast", 1, 2)
    lane.take(0.0)

    with pytest.raises(EngineBusyError, match=r"within 0\.01 seconds"):
        lane.take(0.01)
    assert lane.waiting == 0
    assert not lane.try_take()
    lane.give_back()
    assert lane.try_take()


def test_a_dead_process_is_replaced_and_its_query_fails_honestly(engine: PoolEngine) -> None:
    """A process killed while idle costs at most one query."""
    victims = [child.pid for child in engine._reading.pool._idle]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    outcomes = set()
    for _ in range(len(victims) + 2):
        try:
            outcomes.add(values(make_ask(engine)(COUNT).body)[0])
        except WorkerDiedError as error:
            outcomes.add(error.message)

    assert "3000" in outcomes
    assert outcomes <= {"3000", "The engine process ended: signal SIGKILL."}


@pytest.mark.slow
def test_two_hundred_kills_lose_no_answer(built: Path) -> None:
    """Processes killed at random moments under load: answers are right or errors, nobody hangs."""
    pick = random.Random(7)  # noqa: S311 - not a secret
    done = threading.Event()
    outcomes: list[str] = []

    def load(pool: PoolEngine) -> None:
        ask = make_ask(pool)
        while not done.is_set():
            try:
                outcomes.append(values(ask(COUNT).body)[0])
            except WorkerDiedError:
                outcomes.append("died")

    with PoolEngine(built, Settings()) as pool:
        clients = [threading.Thread(target=load, args=(pool,)) for _ in range(4)]
        for client in clients:
            client.start()
        kills = 0
        while kills < 200:
            time.sleep(pick.uniform(0.0, 0.05))
            pids = [child.pid for child in tuple(pool._reading.pool._children)]
            if pids:
                os.kill(pick.choice(pids), signal.SIGKILL)
                kills += 1
        done.set()
        for client in clients:
            client.join(timeout=20)
        assert not any(client.is_alive() for client in clients)
        assert values(make_ask(pool)(COUNT).body) == ["3000"]
    assert set(outcomes) <= {"3000", "died"}
    assert outcomes.count("3000") > outcomes.count("died")


def test_closing_ends_every_process(built: Path) -> None:
    """No process outlives its engine, and a closed engine answers no more."""
    pool = PoolEngine(built, Settings())
    make_ask(pool)(COUNT)
    pids = [child.pid for child in pool._reading.pool._children]
    pool.close()

    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    with pytest.raises(EngineError):
        make_ask(pool)(COUNT)


def test_processes_end_with_their_server(built: Path) -> None:
    """A server that is killed leaves no process behind, not even a busy one."""
    code = (
        "import sys, threading, time; from pathlib import Path\n"
        "from parley.config import Settings; from parley.engine.types import Query\n"
        "from parley.engine.workers import PoolEngine\n"
        "pool = PoolEngine(Path(sys.argv[1]), Settings(slow_after_s=50.0, timeout_s=60.0))\n"
        "ask = lambda: pool.evaluate(Query(sys.argv[2], 'SELECT', 'text/csv'))\n"
        "threading.Thread(target=ask, daemon=True).start(); time.sleep(0.3)\n"
        "print(*(c.pid for c in pool._reading.pool._children), flush=True); time.sleep(60)\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(built), ENDLESS], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    pids = server.stdout.readline().split()
    server.kill()
    server.communicate()

    deadline = time.monotonic() + 5
    while any(_is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert pids
    assert not any(_is_running(pid) for pid in pids)


def _is_running(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_worker_imports_only_what_it_needs() -> None:
    """Its start is fast because it loads neither rdflib nor a web framework nor our errors."""
    code = (
        f"import sys; sys.path += {process._import_paths()!r}\n"
        "import parley.engine.worker, parley.engine.writer\n"
        "print(*sorted(m for m in sys.modules if m.partition('.')[0] in "
        "('parley', 'rdflib', 'flask', 'pyoxigraph', 'typing', 'dataclasses')))"
    )
    names = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()

    assert names == [
        "parley",
        "parley.engine",
        "parley.engine.box",
        "parley.engine.rows",
        "parley.engine.wire",
        "parley.engine.worker",
        "parley.engine.writer",
        "pyoxigraph",
        "pyoxigraph.pyoxigraph",
    ]


def test_a_process_that_cannot_start_says_so() -> None:
    """An engine process that ends at once is an error of ours, not a hang."""
    with pytest.raises(WorkerDiedError, match="exit status 1"):
        Child("parley.engine.nonsense", ChildOptions(memory_bytes=10**9, stack_bytes=1 << 20))


def test_large_frames_pass_whole() -> None:
    """A request of megabytes arrives as it was sent."""
    child = Child("parley.engine.worker", ChildOptions(memory_bytes=10**9, stack_bytes=1 << 20))
    try:
        triples = "".join(f"<http://e/{n}> <http://e/p> <http://e/o> .\n" for n in range(60_000))
        fields = [triples.encode(), b"application/n-triples", b""]
        code, (body,) = child.ask(wire.PARSE, fields, timeout_s=20.0)
    finally:
        child.close()
    assert (code, body.decode()) == (wire.DONE, triples)


def test_exits_are_described() -> None:
    """Signals by name, others by number."""
    assert describe_exit(-11) == "signal SIGSEGV"
    assert describe_exit(3) == "exit status 3"

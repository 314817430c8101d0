"""The pool of processes: deadlines, memory, queues, kills, and an end without leftovers."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from parley.config import Settings
from parley.engine import process, wire
from parley.engine.lanes import Lane
from parley.engine.process import Child, ChildOptions, describe_exit
from parley.engine.types import Query
from parley.engine.workers import PoolEngine
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    EngineError,
    WorkerDiedError,
)

from .conftest import JSON, make_ask, values

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


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


@pytest.mark.parametrize(("waited_s", "order"), [(0.2, [1, 2]), (0.3, [2, 1])])
def test_newcomers_go_first_only_in_a_crowd(waited_s: float, order: list[int]) -> None:
    """First come first served, until somebody has waited as long as a slow query takes."""
    now = [0.0]
    lane = Lane("fast", 1, 2, crowded_after_s=0.25, clock=lambda: now[0])
    lane.take(0.0)
    served: list[int] = []

    def wait(number: int) -> None:
        lane.take(5.0)
        served.append(number)
        lane.give_back()

    threads = []
    for number in (1, 2):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while lane.waiting < number:
            time.sleep(0.001)
    now[0] = waited_s
    lane.give_back()
    for thread in threads:
        thread.join()
    assert served == order


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
            with contextlib.suppress(IndexError, ProcessLookupError):
                os.kill(pick.choice(pids), signal.SIGKILL)
                kills += 1
        done.set()
        for client in clients:
            client.join(timeout=20)
        assert not any(client.is_alive() for client in clients)
        assert values(make_ask(pool)(COUNT).body) == ["3000"]
    assert set(outcomes) <= {"3000", "died"}
    assert "3000" in outcomes


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
        "parley.engine.settled",
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

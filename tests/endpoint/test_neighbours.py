"""No client hurts another: hostile queries beside small ones, and workers that die under load."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psutil
import pytest

from .conftest import Server, start

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Takes for ever, each in another way: joins, paths, regular expressions, strings, sorting.
HOSTILE = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
    "SELECT * { ?a (!<a:a>|^!<a:b>)* ?c . ?c (!<a:a>|^!<a:b>)* ?d . ?d (!<a:c>)* ?e }",
    'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(?c, ?f), "^(([a-z ])+.)+[A-Z]$")) }',
    "SELECT (GROUP_CONCAT(?s) AS ?t) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?d)) AS ?s) }",
    "SELECT DISTINCT ?c ?f ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "CONSTRUCT { ?a ?b ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
)
#: How a query ends that is stopped, too large or sent away; the rest are answered in time.
STOPPED = {413, 429, 503}
SMALL_ASKED = 40
KILLED = 15


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with 2,000 triples, two workers and short limits."""
    log = tmp_path_factory.mktemp("crowded") / "log"
    server = start(log, "--empty", "--writable", "--timeout", "1", "--workers", "2")
    triples = " . ".join(f"<http://e/s{n}> <http://e/p{n % 7}> 'value {n}'" for n in range(2_000))
    form = {"Content-Type": "application/sparql-update"}
    assert server.send("POST", "/sparql", f"INSERT DATA {{ {triples} }}".encode(), form)[0] == 204
    yield server
    assert server.stop() == 0, log.read_text(encoding="utf-8")


def ask(server: Server, query: str, client: str = "127.0.0.1") -> tuple[int, bytes]:
    """Ask a query from an address of the loopback; an answer that does not come whole raises."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=60, source_address=(client, 0)
    )
    with contextlib.closing(connection):
        connection.request("GET", f"/sparql?{urlencode({'query': query})}")
        response = connection.getresponse()
        return response.status, response.read()


def is_right(server: Server, number: int) -> bool | None:
    """Look one value up and say whether it is the right one; None when it was refused."""
    query = f"SELECT ?o {{ <http://e/s{number}> ?p ?o }} # {random.random()}"  # noqa: S311
    status, body = ask(server, query)
    if status in STOPPED:
        return None
    bindings = json.loads(body)["results"]["bindings"]
    return [row["o"]["value"] for row in bindings] == [f"value {number}"]


def workers_of(server: Server) -> list[psutil.Process]:
    """Return the processes that answer queries now."""
    found = []
    for child in psutil.Process(server.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "parley.engine.worker" in " ".join(child.cmdline()):
                found.append(child)
    return found


def test_sixteen_hostile_clients_leave_the_small_one_its_answers(crowded: Server) -> None:
    """Each small question is answered rightly, each hostile one ends, the server is the same."""
    over = threading.Event()
    statuses: list[int] = []

    def attack(number: int) -> None:
        while not over.is_set():
            query = f"{HOSTILE[number % len(HOSTILE)]} # {number}"
            statuses.append(ask(crowded, query, f"127.0.0.{number + 2}")[0])

    attackers = [threading.Thread(target=attack, args=(n,)) for n in range(16)]
    for thread in attackers:
        thread.start()
    answers = [is_right(crowded, number) for number in range(SMALL_ASKED)]
    over.set()
    for thread in attackers:
        thread.join(60)

    assert not any(thread.is_alive() for thread in attackers)
    assert False not in answers
    assert answers.count(True) > SMALL_ASKED // 2
    assert set(statuses) <= STOPPED | {200}
    assert crowded.process.poll() is None


def test_workers_that_are_killed_under_load_cost_no_wrong_answer(crowded: Server) -> None:
    """A question whose worker dies is answered by another or refused, and nobody waits for ever."""
    over = threading.Event()
    answers: list[bool | None] = []

    def look_up(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        while not over.is_set():
            try:
                answers.append(is_right(crowded, chance.randrange(2_000)))
            except (http.client.HTTPException, ValueError, KeyError):
                answers.append(False)

    clients = [threading.Thread(target=look_up, args=(n,)) for n in range(4)]
    for thread in clients:
        thread.start()
    chance = random.Random(3036)  # noqa: S311
    for _ in range(KILLED):
        over.wait(chance.uniform(0.01, 0.15))
        if workers := workers_of(crowded):
            chance.choice(workers).kill()
    over.set()
    for thread in clients:
        thread.join(60)

    assert not any(thread.is_alive() for thread in clients)
    assert False not in answers
    assert True in answers
    assert crowded.process.poll() is None


def test_small_questions_are_answered_after_the_storm(crowded: Server) -> None:
    """What the storm used up comes back by itself."""
    found = None
    for number in range(200):
        found = is_right(crowded, number)
        if found:
            break
        threading.Event().wait(0.1)

    assert found is True

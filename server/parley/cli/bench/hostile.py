"""``parley bench hostile``: what one client's worst queries, and dying workers, cost the others."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import click
import psutil

from parley.cli.bench.processes import Peak, Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MEGA: Final = 1_000_000
_WAIT_S: Final = 120.0
#: Joins, paths, expressions, sorting and strings that have no end, for data of any kind.
ATTACKS: Final = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
    "SELECT * { ?a (!<a:a>|^!<a:b>)* ?c . ?c (!<a:a>|^!<a:b>)* ?d . ?d (!<a:c>)* ?e }",
    'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "^((a|b)+.)+Z$")) }',
    "SELECT (GROUP_CONCAT(?s) AS ?t) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?d)) AS ?s) }",
    "SELECT DISTINCT ?c ?f ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "CONSTRUCT { ?a ?b ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
)
_THINGS: Final = "SELECT DISTINCT ?s { ?s a ?class } ORDER BY ?s LIMIT 200"
_SMALL: Final = "SELECT ?p ?o {{ <{}> ?p ?o }} ORDER BY ?p ?o #{}"
#: How the server refuses when it has to: the one who asks may come again.
_REFUSED: Final = {429, 503}


@dataclass
class Tally:
    """How small questions were answered: in seconds each, and how many rightly, wrongly, not."""

    seconds: list[float] = field(default_factory=list)
    right: int = 0
    wrong: int = 0
    refused: int = 0

    def line(self) -> str:
        """Return it in words."""
        late = sorted(self.seconds)[int(0.95 * (len(self.seconds) - 1))] if self.seconds else 0.0
        return (
            f"{self.right} right, {self.wrong} wrong, {self.refused} refused; p95 {late:.3f} s, "
            f"slowest {max(self.seconds, default=0.0):.3f} s"
        )


@dataclass(frozen=True)
class Examiner:
    """Asks small questions whose answers it got beforehand, when the server was at rest."""

    address: str
    answers: dict[str, object]

    @classmethod
    def prepare(cls, address: str) -> Examiner:
        """Ask what there is, and everything about each of it."""
        found = json.loads(ask(address, _THINGS)[1])["results"]["bindings"]
        things = [row["s"]["value"] for row in found if row["s"]["type"] == "uri"]
        asked = {iri: json.loads(ask(address, _SMALL.format(iri, 0))[1]) for iri in things}
        return cls(address, asked)

    def ask(self, tally: Tally, chance: random.Random, number: int) -> None:
        """Ask one small question that no cache has, and note how it was answered."""
        iri = chance.choice([*self.answers])
        begin = time.perf_counter()
        try:
            status, body = ask(self.address, _SMALL.format(iri, number))
            right = status == 200 and json.loads(body) == self.answers[iri]
        except (http.client.HTTPException, ValueError):
            status, right = 0, False
        tally.seconds.append(time.perf_counter() - begin)
        tally.right += right
        tally.refused += status in _REFUSED
        tally.wrong += not right and status not in _REFUSED


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="The home to serve.")
@click.option("--clients", default=16, show_default=True, help="Hostile clients at once.")
@click.option("--questions", default=300, show_default=True, help="Small questions beside them.")
@click.option("--kills", default=200, show_default=True, help="Workers killed under load.")
def hostile(home: Path | None, clients: int, questions: int, kills: int) -> None:
    """Attack a server and kill its workers, and count what others get meanwhile."""
    given = ["--home", str(home)] if home else []
    with running(*given, "--timeout", "2") as server:
        examiner = Examiner.prepare(server.address)
        click.echo(f"{clients} hostile clients, and one that asks {questions} small questions")
        tally = Tally()
        with Peak(server.process) as peak, _attacking(server.address, clients):
            chance = random.Random(3036)  # noqa: S311 - a choice of questions
            for number in range(questions):
                examiner.ask(tally, chance, number + 1)
        click.echo(f"  {tally.line()}")
        click.echo(f"  all processes at most {peak.bytes / _MEGA:.0f} MB (PSS)")
        click.echo(f"{kills} workers killed at random moments, while four clients ask")
        tally = _kill(server, examiner, kills)
        click.echo(f"  {tally.line()}")
        state = "the same web process" if server.process.is_running() else "THE SERVER ENDED"
        click.echo(f"  {state}")


def ask(address: str, query: str, client: str = "127.0.0.1") -> tuple[int, bytes]:
    """Ask a query over a new connection from an address of the loopback: status and body."""
    at = urlsplit(address)
    connection = http.client.HTTPConnection(
        at.hostname or "", at.port, timeout=_WAIT_S, source_address=(client, 0)
    )
    accept = {"Accept": "application/sparql-results+json, application/n-triples;q=0.5"}
    with contextlib.closing(connection):
        connection.request("GET", f"/sparql?{urlencode({'query': query})}", headers=accept)
        response = connection.getresponse()
        return response.status, response.read()


@contextlib.contextmanager
def _attacking(address: str, clients: int) -> Iterator[None]:
    """Keep so many clients busy with attacks, each from an address of its own."""

    def attack(number: int) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            ask(address, f"{ATTACKS[number % len(ATTACKS)]} #{number}", f"127.0.0.{number + 2}")

    with _repeating([lambda n=n: attack(n) for n in range(clients)]):  # type: ignore[misc]
        yield


def _kill(server: Server, examiner: Examiner, kills: int) -> Tally:
    tally, numbers = Tally(), itertools.count(1_000_000)
    chances = [random.Random(n) for n in range(4)]  # noqa: S311 - choices of questions
    lock = threading.Lock()

    def look_up(chance: random.Random) -> None:
        own = Tally()
        examiner.ask(own, chance, next(numbers))
        with lock:
            tally.seconds += own.seconds
            tally.right += own.right
            tally.wrong += own.wrong
            tally.refused += own.refused

    with _repeating([lambda c=c: look_up(c) for c in chances]):  # type: ignore[misc]
        for _ in range(kills):
            time.sleep(chances[0].uniform(0.0, 0.1))
            if workers := _workers(server.process):
                chances[0].choice(workers).kill()
    return tally


@contextlib.contextmanager
def _repeating(tasks: list[Callable[[], None]]) -> Iterator[None]:
    """Do each task again and again, in a thread of its own, until the block ends."""
    over = threading.Event()

    def repeat(task: Callable[[], None]) -> None:
        while not over.is_set():
            task()

    threads = [threading.Thread(target=repeat, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(_WAIT_S)
        hung = sum(thread.is_alive() for thread in threads)
        click.echo(f"  {hung} clients hung")


def _workers(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes that answer queries now."""
    found = []
    for child in process.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "parley.engine.worker" in " ".join(child.cmdline()):
                found.append(child)
    return found

"""What was acknowledged over HTTP is there after kill -9; what was not is there whole or not."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from .conftest import Server, start

if TYPE_CHECKING:
    from pathlib import Path

UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
#: Triples that one write makes.
SIZE = 200


def open_server(tmp_path: Path) -> Server:
    """Start a server over a store that outlives it."""
    return start(tmp_path / "log", "--empty", "--writable", "--store", str(tmp_path / "store"))


def kill(server: Server) -> None:
    """End the server at once, as kill -9 does."""
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(20)
    assert server.process.stdout is not None
    server.process.stdout.close()


def counts(server: Server) -> dict[int, int]:
    """Return how many triples each write has left."""
    query = b"SELECT ?w (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://e/write> ?w } } GROUP BY ?w"
    kind = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    status, _, body = server.send("POST", "/sparql", query, kind)
    assert status == 200, body
    rows = json.loads(body)["results"]["bindings"]
    return {int(row["w"]["value"]): int(row["n"]["value"]) for row in rows}


def write(server: Server, number: int) -> int:
    """Make one write, by update or by upload in turn; return its status."""
    triples = " ".join(f"<http://e/{number}/{i}> <http://e/write> {number} ." for i in range(SIZE))
    if number % 2:
        body = f"INSERT DATA {{ GRAPH <http://e/g> {{ {triples} }} }}".encode()
        return server.send("POST", "/sparql", body, UPDATE)[0]
    return server.send("POST", "/store?graph=http://e/g", triples.encode(), TURTLE)[0]


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    """The kill comes right after the answer, three times over."""
    written: list[int] = []
    for first in (0, 3, 6):
        server = open_server(tmp_path)
        try:
            assert counts(server) == dict.fromkeys(written, SIZE)
            for number in range(first, first + 3):
                assert write(server, number) in {201, 204}
                written.append(number)
        finally:
            kill(server)
    server = open_server(tmp_path)
    found = counts(server)

    assert server.stop() == 0
    assert found == dict.fromkeys(written, SIZE)


@pytest.mark.parametrize("seed", [3036, 7, 11])
def test_what_was_being_written_is_there_whole_or_not_at_all(tmp_path: Path, seed: int) -> None:
    """Two clients write until the kill; nothing acknowledged is lost, nothing is there in part."""
    server = open_server(tmp_path)
    acknowledged: list[int] = []

    def send(first: int) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            for number in range(first, 10_000, 2):
                assert write(server, number) in {201, 204}
                acknowledged.append(number)

    clients = [threading.Thread(target=send, args=(first,)) for first in (0, 1)]
    for client in clients:
        client.start()
    threading.Event().wait(random.Random(seed).uniform(0.1, 0.6))  # noqa: S311
    kill(server)
    for client in clients:
        client.join(60)
    again = open_server(tmp_path)
    found = counts(again)

    assert again.stop() == 0
    assert not any(client.is_alive() for client in clients)
    assert set(acknowledged) <= set(found)
    assert set(found.values()) <= {SIZE}
    assert len(found) <= len(acknowledged) + 2

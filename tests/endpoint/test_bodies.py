"""Bodies that never come keep no thread from anybody else."""

from __future__ import annotations

import io
import select
import socket
import time
from typing import TYPE_CHECKING

import pytest

from parley.errors import EngineBusyError, TooManyRequestsError
from parley.web.bodies import IN_ALL, PER_CLIENT, BodyGate, GatedBody

if TYPE_CHECKING:
    from .conftest import Server

UNFINISHED = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000\r\n\r\nASK"
)
ASK = "/sparql?query=ASK%7B%7D"
QUERY = {"Content-Type": "application/sparql-query"}


@pytest.mark.parametrize("senders", [10, 50, 300])
def test_unfinished_bodies_keep_nobody_waiting(server: Server, senders: int) -> None:
    """Beyond a number the sender is told so; others are answered, and it is too, later."""
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(senders)]
    for connection in slow:
        connection.sendall(UNFINISHED)
    answers = _answers(slow, senders - PER_CLIENT)
    status, _, _ = server.send("GET", ASK)

    for connection in slow:
        connection.close()
    assert status == 200
    assert len(answers) >= senders - PER_CLIENT
    assert set(answers) <= {b"HTTP/1.1 429"}
    assert _is_answered_again(server)


def _answers(connections: list[socket.socket], wanted: int) -> list[bytes]:
    """Return so many answers or more, on whichever connections they come."""
    answers: list[bytes] = []
    waiting = connections
    deadline = time.monotonic() + 60
    while len(answers) < wanted and time.monotonic() < deadline:
        answered = select.select(waiting, [], [], 1)[0]
        waiting = [connection for connection in waiting if connection not in answered]
        answers += [connection.recv(12) for connection in answered]
    return answers


def _is_answered_again(server: Server) -> bool:
    """Ask by POST until the server has noticed that the slow senders are gone."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if server.send("POST", "/sparql", b"ASK {}", QUERY)[0] == 200:
            return True
        time.sleep(0.05)
    return False


def test_one_client_has_so_many_unfinished_bodies_and_all_so_many() -> None:
    """What is finished makes room; an IPv6 network is one client."""
    gate = BodyGate()
    places = [gate.reading(f"192.0.2.{n // PER_CLIENT}") for n in range(IN_ALL)]
    for place in places[:PER_CLIENT]:
        place.__enter__()

    with pytest.raises(TooManyRequestsError), gate.reading("192.0.2.0"):
        pass
    for place in places[PER_CLIENT:]:
        place.__enter__()
    with pytest.raises(EngineBusyError), gate.reading("198.51.100.1"):
        pass
    places[0].__exit__(None, None, None)
    with gate.reading("2001:db8::1"):
        pass


def test_a_gated_body_reads_as_any_other() -> None:
    """All the ways of PEP 3333."""
    lines = [b"a\n", b"b\n", b"c"]

    def body() -> GatedBody:
        return GatedBody(io.BytesIO(b"".join(lines)), BodyGate(), "192.0.2.1")

    assert (body().read(), body().read(2)) == (b"a\nb\nc", b"a\n")
    assert (body().readline(), body().readline(1)) == (b"a\n", b"a")
    assert (body().readlines(), list(body()), body().readlines(1)) == (lines, lines, lines[:1])

"""The server on a real port: hostile requests, real clients, starting and stopping."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from .conftest import TOKEN, Server, start

if TYPE_CHECKING:
    from pathlib import Path

SPARQL_QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def raw(server: Server, data: bytes, *, timeout_s: float = 10.0) -> bytes:
    """Send bytes as they are, and return what comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout_s) as connection:
        connection.sendall(data)
        chunks = []
        while chunk := connection.recv(65_536):
            chunks.append(chunk)
            if b"\r\n\r\n" in b"".join(chunks):
                break
        return b"".join(chunks)


def status_of(response: bytes) -> int:
    """Return the status of a raw response."""
    return int(response.split(b" ", 2)[1])


def is_well(server: Server) -> bool:
    """Say whether the server still answers a query."""
    status, _, body = server.send("POST", "/sparql", b"ASK {}", SPARQL_QUERY)
    return status == 200 and json.loads(body)["boolean"] is True


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/sparql?query=" + "A" * 20_000, None, {}, 414),
        ("POST", "/sparql", b"query=" + b"A" * 70_000, FORM, 413),
        ("POST", "/sparql", b"\xff\xfe", SPARQL_QUERY, 400),
        ("GET", "/sparql?query=%FF%FE", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
        ("POST", "/sparql", b"ASK {}", SPARQL_QUERY | {"Content-Encoding": "gzip"}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("POST", "/sparql", b"<a/>", {"Content-Type": "application/xml"}, 415),
        ("TRACE", "/sparql", None, {}, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("PATCH", "/sparql", b"", {}, 405),
        ("GET", "/sparql?query=ASK%7B", None, {}, 400),
        ("POST", "/sparql", b"ASK { SERVICE <http://127.0.0.1/> {} }", SPARQL_QUERY, 400),
        ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 400),
        ("POST", "/sparql", b"update=CLEAR%20ALL", FORM | {"Origin": "https://evil.example"}, 403),
        ("PUT", "/store?default", b"", {"Content-Type": "text/turtle", "Origin": "null"}, 403),
        ("GET", "/../../etc/passwd", None, {}, 404),
        ("GET", "/static/../app.py", None, {}, 404),
        ("GET", "/id/actor/%0d%0aSet-Cookie:x", None, {}, 404),
        ("GET", "/store?graph=http://e/%0d%0aSet-Cookie:%20x", None, {}, 400),
    ],
)  # fmt: skip
def test_a_hostile_request_is_refused_and_the_server_stays(
    server: Server,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
    status: int,
) -> None:
    """The status says whose fault it is; the next query is answered."""
    found, answered, _ = server.send(method, path, body, headers)

    assert found == status
    assert "set-cookie" not in answered
    assert is_well(server)


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\n\r\n", {200, 400}),
        (b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n", {405}),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {400, 505}),
        (b"nonsense\r\n\r\n", {400}),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 6\r\nContent-Length: 600\r\n\r\nASK {}",
            {400},
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: -1\r\n\r\nASK {}",
            {400},
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
            {200},
        ),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 600_000 + b"\r\n\r\n", {400, 414, 431}),
    ],
    ids=["braces", "bytes", "method", "version", "text", "lengths", "negative", "chunks", "header"],
)  # fmt: skip
def test_raw_bytes_get_an_answer_of_their_kind(
    server: Server, data: bytes, statuses: set[int]
) -> None:
    """Malformed HTTP is a 4xx; a chunked body is read."""
    assert status_of(raw(server, data)) in statuses
    assert is_well(server)


def test_two_lengths_smuggle_no_second_request(server: Server) -> None:
    """A body with a length and chunks is one request at most."""
    data = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"6\r\nASK {}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    )

    assert status_of(raw(server, data)) in {200, 400}
    assert is_well(server)


def test_a_chunked_body_over_the_limit_is_cut_off(server: Server) -> None:
    """No length is announced, so the bytes are counted; what has been read is not kept."""
    head = (
        b"POST /store?default HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"100000\r\n" + b"#" * 0x100000 + b"\r\n"

    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as connection:
        connection.sendall(head)
        try:
            for _ in range(80):
                connection.sendall(chunk)
            connection.sendall(b"0\r\n\r\n")
            answer = connection.recv(100)
        except OSError:
            answer = b""

    assert answer == b"" or status_of(answer) == 413
    assert is_well(server)


def test_many_slow_senders_do_not_keep_others_waiting(server: Server) -> None:
    """Fifty connections that never finish their headers take no thread from anybody."""
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-")

    started = time.monotonic()
    answered = is_well(server)
    seconds = time.monotonic() - started

    for connection in slow:
        connection.close()
    assert answered
    assert seconds < 2


def test_the_host_header_has_no_say(server: Server) -> None:
    """Addresses in answers are those the server knows, not those a client claims."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": "text/turtle"}

    _, _, body = server.send("GET", "/sparql", headers=headers)

    assert b"evil.example" not in body
    assert f"<{server.url}/sparql>".encode() in body


def test_head_and_get_agree(server: Server) -> None:
    """HEAD sends the headers of GET and no body."""
    _, got, body = server.send("GET", "/sparql?query=ASK%7B%7D")

    status, head, nothing = server.send("HEAD", "/sparql?query=ASK%7B%7D")

    assert (status, nothing) == (200, b"")
    assert int(head["content-length"]) == len(body)
    assert head["etag"] == got["etag"]


def test_rdflib_reads_and_writes(server: Server) -> None:
    """Rdflib's own stores for SPARQL endpoints work as they are."""
    from rdflib import Graph, Literal, URIRef
    from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
    from rdflib.query import ResultRow

    url = f"{server.url}/sparql"
    triple = (URIRef("http://e/rdflib"), URIRef("http://e/p"), Literal("value", lang="en"))

    writer = SPARQLUpdateStore(url, url, method="POST_FORM")
    writer.add(triple, Graph(identifier=URIRef("http://e/by-rdflib")))
    writer.commit()
    reader = SPARQLStore(url, returnFormat="xml")
    rows = list(reader.query("SELECT ?o { <http://e/rdflib> <http://e/p> ?o }"))

    assert [row[0] for row in rows if isinstance(row, ResultRow)] == [triple[2]]


def test_sparqlwrapper_reads_every_form(server: Server) -> None:
    """SPARQLWrapper gets JSON, XML and RDF, by GET and by POST."""
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setReturnFormat(wrapper.JSON)

    client.setQuery("SELECT (1 AS ?x) {}")
    rows = client.query().convert()["results"]["bindings"]
    client.setMethod(wrapper.POST)
    client.setQuery("ASK {}")
    answer = client.query().convert()["boolean"]

    assert [row["x"]["value"] for row in rows] == ["1"]
    assert answer is True


def test_pandas_reads_csv(server: Server) -> None:
    """One line brings an answer into a data frame."""
    pandas = pytest.importorskip("pandas")
    query = "SELECT%20%3Fx%20%7B%20VALUES%20%3Fx%20%7B%201%202%20%7D%20%7D"
    _, _, body = server.send("GET", f"/sparql?query={query}&format=csv")

    frame = pandas.read_csv(io.BytesIO(body))

    assert frame["x"].tolist() == [1, 2]


def test_a_port_in_use_is_said_so(server: Server) -> None:
    """The second server on a port ends with a message that says what to do."""
    command = [sys.executable, "-m", "parley", "serve", "--empty", "--port", str(server.port)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "--port" in done.stderr


def test_writing_is_not_offered_to_a_network_without_a_token() -> None:
    """The start is refused, with the remedy."""
    command = [
        sys.executable,
        "-m",
        "parley",
        "serve",
        "--empty",
        "--writable",
        "--host",
        "0.0.0.0",  # noqa: S104
    ]
    environ = {name: value for name, value in os.environ.items() if name != "PARLEY_TOKEN"}

    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, env=environ
    )

    assert done.returncode == 1
    assert "PARLEY_TOKEN" in done.stderr


def test_a_token_from_the_environment_guards_writes(tmp_path: Path) -> None:
    """PARLEY_TOKEN is asked for, and lets a write pass."""
    server = start(tmp_path / "log", "--empty", "--writable", PARLEY_TOKEN=TOKEN)
    update = {"Content-Type": "application/sparql-update"}
    bearer = update | {"Authorization": f"Bearer {TOKEN}"}

    refused, _, _ = server.send("POST", "/sparql", b"CLEAR ALL", update)
    done, _, _ = server.send("POST", "/sparql", b"CLEAR ALL", bearer)

    assert server.stop() == 0
    assert (refused, done) == (401, 204)


def test_requests_are_logged_as_json_when_asked(tmp_path: Path) -> None:
    """One line for each request, with its status and time; a line break in it is escaped."""
    server = start(tmp_path / "log", "--empty", "--log-requests")
    server.send("GET", "/sparql?query=ASK%7B%0A%7D")
    server.stop()

    lines = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]

    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/sparql", 200)
    ]


def children_of(process: int) -> list[int]:
    """Return the processes below one, from /proc."""
    found = []
    for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
        with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:  # noqa: PTH123
            found += [int(child) for child in file.read().split()]
    return found + [below for child in found for below in children_of(child)]


def wait_until_gone(processes: list[int], seconds: float) -> list[int]:
    """Wait for processes to end; return those that are still there."""
    deadline = time.monotonic() + seconds
    left = processes
    while left and time.monotonic() < deadline:
        left = [number for number in left if is_running(number)]
        time.sleep(0.05)
    return left


def is_running(process: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        with open(f"/proc/{process}/stat", encoding="latin-1") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_no_child_outlives_the_server(tmp_path: Path, signal_name: str) -> None:
    """However it is ended, even killed, its processes end with it."""
    import signal

    server = start(tmp_path / "log", "--empty", "--writable")
    assert is_well(server)
    children = children_of(server.process.pid)

    server.process.send_signal(getattr(signal, signal_name))
    status = server.process.wait(20)
    assert server.process.stdout is not None
    server.process.stdout.close()

    assert children
    assert status == (-9 if signal_name == "SIGKILL" else 0)
    assert wait_until_gone(children, 5) == []

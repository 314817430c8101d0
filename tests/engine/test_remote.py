"""The remote engine, in front of small servers that behave well and badly."""

from __future__ import annotations

import http.server
import threading
import urllib.parse
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine.remote import RemoteEngine
from parley.engine.types import Query, Update
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    ForbiddenError,
    NotFoundError,
    ParleyError,
    QueryRefusedError,
    QuerySyntaxError,
    RemoteEngineError,
    ResultTooLargeError,
    SettingError,
)

from .conftest import JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:a"}}]}}'
SETTINGS = Settings(timeout_s=0.3, update_timeout_s=0.3, max_result_bytes=100_000)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the path says, and notes what it was asked."""

    asked: list[tuple[str, str, str]]
    release: threading.Event

    def respond(self) -> None:
        """Answer any method."""
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size).decode()
        self.asked.append((self.command, self.path, body))
        path = urllib.parse.urlsplit(self.path).path
        if path == "/slow":
            self.release.wait(5)
            return
        status, media_type, answer = ANSWERS[path]
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if path == "/redirect":
            self.send_header("Location", "/good")
        self.send_header("Content-Length", str(len(answer) + (path == "/short") * 10))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = respond  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


ANSWERS = {
    "/good": (200, JSON, RESULT),
    "/short": (200, JSON, RESULT),
    "/html": (200, "text/html", b"<h1>Welcome</h1>"),
    "/bad": (400, "text/plain", b"line 1: no"),
    "/busy": (503, "text/plain", b"later"),
    "/broken": (500, "text/plain", b"oops"),
    "/redirect": (302, "text/plain", b""),
    "/large": (200, JSON, b" " * 200_000),
    "/store": (201, "text/turtle", b"<a:a> <a:b> <a:c> ."),
    "/empty": (404, "text/plain", b""),
}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The address of the server, and what it was asked."""
    asked: list[tuple[str, str, str]] = []
    release = threading.Event()
    handler = type("Bound", (Handler,), {"asked": asked, "release": release})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", asked
        release.set()
        httpd.shutdown()
        thread.join()


def ask(url: str, text: str = "SELECT * {}", settings: Settings = SETTINGS) -> int | None:
    """Ask a remote engine at an address; return the number of rows."""
    with RemoteEngine(url, settings) as engine:
        return engine.evaluate(Query(text, "SELECT", JSON)).rows


def test_a_query_is_sent_as_a_form(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """Text and dataset are passed on; the answer comes back whole with its rows."""
    url, asked = server
    engine = RemoteEngine(f"{url}/good", SETTINGS, headers={"Authorization": "Bearer x"})
    query = Query(
        "SELECT * {}", "SELECT", JSON, default_graph_iris=("a:g",), named_graph_iris=("a:h",)
    )
    answer = engine.evaluate(query)

    assert (answer.body, answer.rows) == (RESULT, 1)
    assert asked[-1] == (
        "POST",
        "/good",
        "query=SELECT+%2A+%7B%7D&default-graph-uri=a%3Ag&named-graph-uri=a%3Ah",
    )
    assert engine.statistics() == {"requests": 1, "failures": 0}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/bad", QuerySyntaxError),
        ("/busy", EngineBusyError),
        ("/broken", RemoteEngineError),
        ("/redirect", RemoteEngineError),
        ("/html", RemoteEngineError),
        ("/short", RemoteEngineError),
        ("/large", ResultTooLargeError),
        ("/slow", DeadlineExceededError),
    ],
)
def test_bad_answers_become_our_errors(
    server: tuple[str, list[tuple[str, str, str]]], path: str, error: type[ParleyError]
) -> None:
    """Each fault of the remote engine has a name and a status here."""
    with pytest.raises(error):
        ask(server[0] + path)


def test_redirects_are_not_followed(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """A request goes where it was sent and nowhere else."""
    url, asked = server
    before = len(asked)
    with pytest.raises(RemoteEngineError, match="redirects are not followed"):
        ask(f"{url}/redirect")

    assert len(asked) == before + 1


def test_rows_are_capped(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """The cap holds for a remote engine too."""
    with RemoteEngine(f"{server[0]}/good", Settings(max_result_rows=1)) as engine:
        assert engine.evaluate(Query("SELECT * {}", "SELECT", JSON)).rows == 1
        assert engine.evaluate(Query("ASK {}", "ASK", JSON)).rows is None
    two = RESULT.replace(b"}]}}", b'},{"x":{"type":"uri","value":"a:b"}}]}}')
    ANSWERS["/two"] = (200, JSON, two.replace(b'"a:a"},{', b'"a:a"}},{'))
    with pytest.raises(ResultTooLargeError, match="2 rows"):
        ask(f"{server[0]}/two", settings=Settings(max_result_rows=1))


def test_an_engine_that_is_down_is_named() -> None:
    """Nobody listens: 502 with the address."""
    with pytest.raises(RemoteEngineError, match=r"http://127\.0\.0\.1:1/") as caught:
        ask("http://127.0.0.1:1/")
    assert caught.value.status == 502


def test_the_pre_check_holds(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """What is refused here is not sent there."""
    url, asked = server
    before = len(asked)
    with pytest.raises(QueryRefusedError):
        ask(f"{url}/good", "SELECT * { SERVICE <http://e/> {} }")

    assert len(asked) == before


def test_writes_need_addresses(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """Without an address for updates or graphs, they are forbidden."""
    engine = RemoteEngine(f"{server[0]}/good", SETTINGS)

    assert not engine.writable
    with pytest.raises(ForbiddenError):
        engine.update(Update("CLEAR ALL"))
    with pytest.raises(ForbiddenError):
        engine.get_graph(None, "text/turtle")


def test_updates_and_graphs_are_passed_on(
    server: tuple[str, list[tuple[str, str, str]]],
) -> None:
    """Each operation is the protocol's request, and a write makes a new version."""
    url, asked = server
    engine = RemoteEngine(
        f"{url}/good", SETTINGS, update_url=f"{url}/good", store_url=f"{url}/store"
    )
    first = engine.version
    del asked[:]
    engine.update(Update("CLEAR ALL", None, ("a:g",), ("a:h",)))
    assert engine.writable
    assert engine.version != first
    assert engine.has_graph("a:g")
    assert b"<a:c>" in engine.get_graph(None, "text/turtle").body
    assert engine.put_graph("a:g", b"x", "text/turtle")
    assert engine.post_graph("a:g", b"y", "text/turtle")
    engine.delete_graph("a:g")
    assert asked == [
        ("POST", "/good", "update=CLEAR+ALL&using-graph-uri=a%3Ag&using-named-graph-uri=a%3Ah"),
        ("HEAD", "/store?graph=a%3Ag", ""),
        ("GET", "/store?default", ""),
        ("PUT", "/store?graph=a%3Ag", "x"),
        ("POST", "/store?graph=a%3Ag", "y"),
        ("DELETE", "/store?graph=a%3Ag", ""),
    ]


def test_a_missing_graph_is_not_there(server: tuple[str, list[tuple[str, str, str]]]) -> None:
    """404 means no such graph, not a failure."""
    engine = RemoteEngine(f"{server[0]}/good", SETTINGS, store_url=f"{server[0]}/empty?x=y")

    assert not engine.has_graph("a:g")
    with pytest.raises(NotFoundError):
        engine.get_graph("a:g", "text/turtle")


@pytest.mark.parametrize("address", ["ftp://e/", "e/sparql", "file:///etc/passwd", "http:///x"])
def test_only_http_addresses_are_engines(address: str) -> None:
    """Anything else is a wrong setting."""
    with pytest.raises(SettingError, match="is not the address"):
        RemoteEngine(address, SETTINGS)

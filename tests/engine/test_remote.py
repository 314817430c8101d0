"""The remote engine, in front of small servers that behave well and badly."""

from __future__ import annotations

import http.server
import threading
import urllib.parse
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine.remote import RemoteEngine
from parley.engine.settled import DRAFTS
from parley.engine.transport import Credentials
from parley.engine.types import Query, Update, Upload
from parley.errors import (
    EngineBusyError,
    ForbiddenError,
    NotFoundError,
    ParleyError,
    QueryRefusedError,
    QuerySyntaxError,
    RemoteDeadlineError,
    RemoteEngineError,
    ResultTooLargeError,
    SettingError,
)

from .conftest import JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:a"}}]}}'
PUBLISHED = f'''{{"head":{{"vars":["graph"]}},"results":{{"bindings":[
  {{"graph":{{"type":"uri","value":"a:g"}}}}, {{"graph":{{"type":"uri","value":"{DRAFTS}x"}}}}]}}}}
'''.encode()
VIRTUOSO = b"""
{ "head": { "link": [], "vars": ["x"] },
  "results": { "distinct": false, "ordered": true, "bindings": [
    { "x": { "type": "typed-literal", "datatype": "a:t", "value": "},{" }},
    { "x": { "type": "typed-literal", "value": "1",
             "datatype": "http://www.w3.org/2001/XMLSchema#boolean" }},
    { "x": { "type": "bnode", "value": "nodeID://b10426" }} ] } }"""
XML_RESULT = (
    b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    b'<results><result><binding name="x"><uri>a:a</uri></binding></result></results></sparql>'
)
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
        if path == "/most":
            self.send_header("X-SPARQL-MaxRows", "1")
        if path == "/part":
            self.send_header("X-SQL-State", "S1TAT")
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
    "/stopped": (500, "text/plain", b"Virtuoso S1T00 Error SR171: Transaction timed out"),
    "/cut": (200, JSON, RESULT[:-2] + b",The SPARQL operation has been cancelled"),
    "/part": (200, JSON, RESULT),
    "/most": (200, JSON, RESULT),
    "/nested": (200, JSON, b"[" * 50_000),
    "/denied": (500, "text/plain", b"Virtuoso 42000 Error SR186:SECURITY: No permission"),
    "/virtuoso": (200, JSON, VIRTUOSO),
    "/asked": (
        200,
        JSON,
        b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":['
        b'{"__ASK_RETVAL":{"type":"typed-literal","value":"1"}}]}}',
    ),
    "/xml": (200, "application/sparql-results+xml", XML_RESULT),
    "/triples": (200, "text/ntriples", b"<a:a> <a:b> <a:c> .\n<a:a> <a:b> <a:d> .\n" * 2),
    "/redirect": (302, "text/plain", b""),
    "/large": (200, JSON, b" " * 200_000),
    "/published": (200, JSON, PUBLISHED),
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
    engine = RemoteEngine(f"{url}/good", SETTINGS, credentials=Credentials(token="x"))  # noqa: S106
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
    assert (engine.has_store, engine.writable) == (False, False)


def test_drafts_of_a_publication_are_named_and_not_read_by_default(
    server: tuple[str, list[tuple[str, str, str]]],
) -> None:
    """The default graph is made of all graphs but them; GRAPH reaches them."""
    url, asked = server
    with RemoteEngine(f"{url}/published", SETTINGS) as engine:
        engine.evaluate(Query("SELECT * {}", "SELECT", JSON))
    sent = urllib.parse.parse_qs(asked[-1][2])

    assert sent["default-graph-uri"] == ["a:g"]
    assert sent["named-graph-uri"] == ["a:g", f"{DRAFTS}x"]


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
        ("/slow", RemoteDeadlineError),
    ],
)
def test_bad_answers_become_our_errors(
    server: tuple[str, list[tuple[str, str, str]]], path: str, error: type[ParleyError]
) -> None:
    """Each fault of the remote engine has a name and a status here."""
    with pytest.raises(error):
        ask(server[0] + path)


@pytest.mark.parametrize(
    ("path", "media_type", "body"),
    [
        ("/virtuoso", JSON, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal",'
         b'"datatype":"a:t","value":"},{"}},{"x":{"type":"literal","value":"true","datatype":'
         b'"http://www.w3.org/2001/XMLSchema#boolean"}},{"x":{"type":"bnode","value":"b10426"}}]}}'),
        ("/virtuoso", "text/csv", b'x\r\n"},{"\r\ntrue\r\n_:b10426\r\n'),
        ("/good", "text/tab-separated-values", b"?x\n<a:a>\n"),
        ("/xml", JSON, RESULT),
    ],
    ids=["json", "csv", "tsv", "from-xml"],
)  # fmt: skip
def test_tables_are_written_as_the_standard_says(
    server: tuple[str, list[tuple[str, str, str]]], path: str, media_type: str, body: bytes
) -> None:
    """Whatever dialect an engine speaks, what is passed on is SPARQL 1.1."""
    with RemoteEngine(server[0] + path, SETTINGS) as engine:
        answer = engine.evaluate(Query("SELECT * {}", "SELECT", media_type))

    assert (answer.body, answer.media_type) == (body, media_type)


def test_a_table_for_ask_becomes_a_boolean(
    server: tuple[str, list[tuple[str, str, str]]],
) -> None:
    """An engine that answers ASK with a table is understood."""
    with RemoteEngine(f"{server[0]}/asked", SETTINGS) as engine:
        assert engine.evaluate(Query("ASK {}", "ASK", JSON)).body == b'{"head":{},"boolean":true}'


def test_triples_are_written_in_the_format_asked_for(
    server: tuple[str, list[tuple[str, str, str]]],
) -> None:
    """N-Triples of an engine become Turtle with our prefixes, each triple once, and are capped."""
    query = Query(
        "DESCRIBE <a:a>", "DESCRIBE", "text/turtle", default_graph_iris=(), prefixes=(("a", "a:"),)
    )
    with RemoteEngine(f"{server[0]}/triples", SETTINGS) as engine:
        assert engine.evaluate(query).body == b"@prefix a: <a:> .\na:a a:b a:c , a:d .\n"
    with (
        RemoteEngine(f"{server[0]}/triples", Settings(max_result_rows=1)) as engine,
        pytest.raises(ResultTooLargeError),
    ):
        engine.evaluate(query)


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
    with RemoteEngine(f"{server[0]}/asked", Settings(max_result_rows=1)) as engine:
        assert engine.evaluate(Query("ASK {}", "ASK", JSON)).rows is None
    two = RESULT.replace(b"}]}}", b'},{"x":{"type":"uri","value":"a:b"}}]}}')
    ANSWERS["/two"] = (200, JSON, two)
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
        engine.put_graph(None, Upload(b"", "text/turtle"))


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
    assert engine.put_graph("a:g", Upload(b"x", "text/turtle"))
    assert engine.post_graph("a:g", Upload(b"y", "text/turtle"))
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

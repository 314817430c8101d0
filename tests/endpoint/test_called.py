"""Servers that SERVICE and LOAD call: what they do wrong is theirs, 502, with their name."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from typing import TYPE_CHECKING, Final

import pytest

from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

RESULTS: Final = "application/sparql-results+json"
ONE: Final = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:a"}}]}}'
TRIPLE: Final = b"<a:a> <a:b> <a:c> ."
#: What is answered at each path: status, media type (none at all for None), body.
ANSWERS: Final[dict[str, tuple[int, str | None, bytes]]] = {
    "/rows": (200, RESULTS, ONE),
    "/triples": (200, "text/turtle", TRIPLE),
    "/html": (200, "text/html", b"<h1>Welcome</h1>"),
    "/nonsense": (200, "nonsense", ONE),
    "/untyped": (200, None, ONE),
    "/empty": (200, RESULTS, b""),
    "/bad-json": (200, RESULTS, b"{oops"),
    "/bad-xml": (200, "application/sparql-results+xml", b"<oops"),
    "/cut": (200, RESULTS, ONE[:-9]),
    "/bytes": (200, RESULTS, ONE.replace(b"a:a", b"\xff\xfe")),
    "/relative": (200, RESULTS, ONE.replace(b"a:a", b"a")),
    "/boolean": (200, RESULTS, b'{"head":{},"boolean":true}'),
    "/bad-turtle": (200, "text/turtle", b"<a:a> <a:b> 1 .\n<a:a> oops ."),
    "/bad-rdf-xml": (200, "application/rdf+xml", b"<a></b>"),
    "/long-term": (200, "text/turtle", b'<a:a> <a:b> "' + b"x" * 17_000_000 + b'" .'),
    "/long-iri": (200, "text/turtle", b"<a:" + b"x" * 17_000_000 + b"> <a:b> 1 ."),
    "/redirect": (302, "text/plain", b""),
    "/missing": (404, "text/plain", b"no such thing"),
    "/broken": (500, "text/plain", b"oops"),
    #: Less than was announced, and chunks without an end.
    "/short": (200, RESULTS, ONE),
    "/short-triples": (200, "text/turtle", TRIPLE),
    "/chunks": (200, "text/turtle", TRIPLE),
}
QUERIES: Final = {
    "/html": "text/html",
    "/triples": "text/turtle",
    "/nonsense": "nonsense",
    "/untyped": "No Content-Type",
    "/empty": "Unexpected end",
    "/bad-json": "Unexpected char",
    "/bad-xml": "syntax error",
    "/cut": "Unexpected end",
    "/bytes": "Invalid UTF-8",
    "/relative": "Invalid uri",
    "/boolean": "No valid SPARQL solutions",
    "/redirect": "redirect",
    "/missing": "404",
    "/broken": "500",
    "/short": "expected to contain",
    "/gone": "",
}
LOADS: Final = {
    "/html": "text/html",
    "/rows": RESULTS,
    "/nonsense": "nonsense",
    "/untyped": "No Content-Type",
    "/bad-turtle": "oops is not a valid predicate",
    "/bad-rdf-xml": "",
    "/long-term": "longer than 16,777,216 bytes",
    "/long-iri": "longer than 16,777,216 bytes",
    "/redirect": "redirect",
    "/missing": "404",
    "/broken": "500",
    "/short-triples": "expected to contain",
    "/chunks": "chunk",
    "/gone": "",
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the path says."""

    timeout = 10
    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        """Answer any method; who has read enough may go."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, media_type, body = ANSWERS[self.path]
        self.send_response(status)
        if media_type is not None:
            self.send_header("Content-Type", media_type)
        if status == 302:
            self.send_header("Location", "/rows")
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%s\r\n" % (len(body), body)
        else:
            missing = 50 if self.path.startswith("/short") else 0
            self.send_header("Content-Length", str(len(body) + missing))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)
        self.close_connection = True

    do_GET = do_POST = respond  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def called() -> Iterator[str]:
    """The address of a server that does everything wrong."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def gone() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(scope="module")
def caller(called: str, gone: str) -> Iterator[FlaskClient]:
    """A client of an endpoint that may call all of that."""
    targets = (*(f"{called}{path}" for path in ANSWERS), f"{gone}/gone")
    settings = Settings(
        writable=True, validate_writes=False, service_allow=targets, client_engine_s=1e6
    )
    with LiveEngine.temporary(settings) as engine:
        yield create_app(engine, settings).test_client()


def send(client: FlaskClient, text: str, kind: str = "query") -> tuple[int, str]:
    """Send a query or an update; return the status and what the answer says."""
    response = client.post("/sparql", data=text, content_type=f"application/sparql-{kind}")
    problem = response.get_json() if "problem" in response.content_type else {}
    assert (response.status_code < 400) == (not problem)
    return response.status_code, problem.get("detail", response.get_data(as_text=True))


@pytest.mark.parametrize(("path", "said"), QUERIES.items())
def test_what_a_service_does_wrong_is_502_with_its_name(
    caller: FlaskClient, called: str, gone: str, path: str, said: str
) -> None:
    """Wrong or no media type, a body that does not parse, another status, nobody there."""
    target = (gone if path == "/gone" else called) + path

    status, detail = send(caller, f"SELECT * {{ SERVICE <{target}> {{ ?x ?p ?o }} }}")

    assert status == 502
    assert f"SERVICE {target} failed: " in detail
    assert said in detail


@pytest.mark.parametrize(("path", "said"), LOADS.items())
def test_what_a_loaded_document_does_wrong_is_502_and_nothing_is_written(
    caller: FlaskClient, called: str, gone: str, path: str, said: str
) -> None:
    """The same for LOAD, and a term that is too long; the update before it is undone."""
    target = (gone if path == "/gone" else called) + path

    status, detail = send(caller, f"INSERT DATA {{ <a:x> <a:y> 1 }} ; LOAD <{target}>", "update")
    _, after = send(caller, "ASK { <a:x> ?y ?z }")

    assert status == 502
    assert f"LOAD {target} failed: " in detail
    assert said in detail
    assert '"boolean":true' not in after.replace(" ", "")


def test_the_place_of_a_mistake_is_that_of_the_loaded_document(
    caller: FlaskClient, called: str
) -> None:
    """Line and column are those of the document, not of the update."""
    response = caller.post(
        "/sparql",
        data=f"LOAD <{called}/bad-turtle>",
        content_type="application/sparql-update",
    )

    problem = response.get_json()
    assert (response.status_code, problem["line"]) == (502, 2)


def test_of_several_servers_the_one_that_failed_is_named(caller: FlaskClient, called: str) -> None:
    """As far as the engine says which; else all are."""
    text = "SELECT * {{ SERVICE <{0}/rows> {{ ?x ?p ?o }} SERVICE <{0}/{1}> {{ ?x ?p ?o }} }}"

    _, told = send(caller, text.format(called, "untyped"))
    _, untold = send(caller, text.format(called, "bad-json"))

    assert f"SERVICE {called}/untyped failed: " in told
    assert f"SERVICE {called}/rows or SERVICE {called}/bad-json failed: " in untold


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT (<a:no>(1) AS ?y) {{ SERVICE <{0}/rows> {{ ?x ?p ?o }} }}", "query"),
        ("SELECT * {{ SERVICE <{0}/rows> {{ ?x ?p ?o }} }} nonsense", "query"),
        ("SELECT * {{ SERVICE <{0}/other> {{ ?x ?p ?o }} }}", "query"),
        ("CLEAR GRAPH <a:none> ; LOAD <{0}/triples>", "update"),
        ("LOAD <{0}/triples> ; nonsense", "update"),
    ],
    ids=["function", "grammar", "not-allowed", "no-graph", "update-grammar"],
)
def test_what_the_text_does_wrong_stays_400(
    caller: FlaskClient, called: str, text: str, kind: str
) -> None:
    """A call in a text does not make its own mistakes another's."""
    assert send(caller, text.format(called), kind)[0] == 400


def test_what_is_called_rightly_is_answered(caller: FlaskClient, called: str) -> None:
    """Rows are joined, triples are loaded; SILENT makes nothing of a failure."""
    rows = send(caller, f"SELECT * {{ SERVICE <{called}/rows> {{ ?x ?p ?o }} }}")
    silent = send(caller, f"SELECT * {{ SERVICE SILENT <{called}/html> {{ ?x ?p ?o }} }}")
    loaded = send(caller, f"LOAD <{called}/triples>", "update")

    assert (rows[0], "a:a" in rows[1]) == (200, True)
    assert (silent[0], loaded[0]) == (200, 204)

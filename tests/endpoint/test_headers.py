"""Headers and framing that try something: each has one outcome, and others notice nothing."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from .conftest import TOKEN, Server, start
from .test_server import is_well, raw, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
#: The body of a query in chunks.
ASK = b"6\r\nASK {}\r\n0\r\n\r\n"


def asked(more: bytes) -> bytes:
    """Return a GET with something more in its address."""
    return GET.replace(b"%7D", b"%7D" + more) + b"\r\n"


def hosted(headers: bytes, version: bytes = b"1.1") -> bytes:
    """Return a GET with other Host headers."""
    return b"GET /sparql?query=ASK%7B%7D HTTP/" + version + b"\r\n" + headers + b"\r\n"


#: RFC 9112, 3.2: one Host, which is a host.
HOSTS = [
    pytest.param(hosted(b""), 400, id="no-host"),
    pytest.param(hosted(b"Host:\r\n"), 400, id="empty-host"),
    pytest.param(hosted(b"Host: x\r\nHost: y\r\n"), 400, id="two-hosts"),
    pytest.param(hosted(b"Host: x\r\nHost: x\r\n"), 400, id="same-host-twice"),
    pytest.param(hosted(b"Host: x, y\r\n"), 400, id="list-of-hosts"),
    pytest.param(hosted(b"Host: a b\r\n"), 400, id="host-with-space"),
    pytest.param(hosted(b"Host: x/..\r\n"), 400, id="host-with-path"),
    pytest.param(hosted(b"Host: me@x\r\n"), 400, id="host-with-user"),
    pytest.param(hosted(b"Host: x:99999999\r\n"), 400, id="host-port"),
    pytest.param(hosted(b"Host: <script>\r\n"), 400, id="host-script"),
    pytest.param(hosted(b" Host: x\r\n"), 400, id="space-before-host"),
    pytest.param(hosted(b"Host: x:7878\r\n"), 200, id="host-and-port"),
    pytest.param(hosted(b"Host: [::1]:7878\r\n"), 200, id="host-ipv6"),
    pytest.param(hosted(b"", b"1.0"), 200, id="no-host-in-1.0"),
    pytest.param(hosted(b"Host: x\r\nHost: y\r\n", b"1.0"), 400, id="two-hosts-in-1.0"),
]
#: What frames a body, and what is expected of the server; RFC 9112, 6 and RFC 9110, 10.1.1.
FRAMES = [
    pytest.param(POST + b"Expect: teapot\r\nContent-Length: 0\r\n\r\n", 417, id="expect-other"),
    pytest.param(GET + b"Expect: 200-ok\r\n\r\n", 417, id="expect-on-get"),
    pytest.param(
        POST + b"Expect: 100-continue\r\nExpect: x\r\nContent-Length: 0\r\n\r\n",
        417,
        id="expect-twice",
    ),
    pytest.param(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + ASK, 501, id="gzip-chunked"),
    pytest.param(
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + ASK,
        501,
        id="chunked-twice",
    ),
    pytest.param(
        POST + b"Transfer-Encoding: identity\r\nContent-Length: 6\r\n\r\nASK {}", 400, id="identity"
    ),
    pytest.param(POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}", 400, id="lengths"),
    pytest.param(POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nASK {}", 400, id="length-huge"),
    pytest.param(
        b"POST /sparql HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + ASK,
        400,
        id="chunks-in-1.0",
    ),
    pytest.param(GET + b"X: a\rb\r\n\r\n", 400, id="bare-cr"),
    pytest.param(GET + b": x\r\n\r\n", 400, id="no-name"),
    pytest.param(GET + b"X: " + b"a" * 600_000 + b"\r\n\r\n", 431, id="long-header"),
    pytest.param(b"GET  /sparql  HTTP/1.1\r\nHost: x\r\n\r\n", 400, id="two-spaces"),
]
#: What is strange and let pass, because the standard allows it or the HTTP library, which resolves
#: it safely, does not say that it was there.
ALLOWED = [
    pytest.param(GET.replace(b"\r\n", b"\n") + b"\n", 200, id="bare-lf"),
    pytest.param(GET + b"X: a\n\r\n", 200, id="bare-lf-in-a-header"),
    pytest.param(b"\r\n" + GET + b"\r\n", 200, id="empty-line-first"),
    pytest.param(
        POST + b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}", 200, id="same-length"
    ),
    pytest.param(
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n" + ASK,
        200,
        id="length-and-chunks",
    ),
    pytest.param(
        POST + b"Transfer-Encoding: chunked\r\n\r\n6;a=b\r\nASK {}\r\n0\r\n\r\n",
        200,
        id="extension",
    ),
    pytest.param(
        b"GET http://e.example/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n",
        200,
        id="absolute",
    ),
    pytest.param(GET + b"X: a\r\n" * 90 + b"\r\n", 200, id="ninety-headers"),
    pytest.param(GET + b"X: " + b"a" * 60_000 + b"\r\n\r\n", 200, id="header-of-60-kb"),
    pytest.param(GET + b"X: \xc3\xa9\xff\r\n\r\n", 200, id="bytes-in-a-header"),
    pytest.param(
        GET
        + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n",
        200,
        id="upgrade",
    ),
    pytest.param(
        GET + b"Content_Length: 5\r\nProxy: http://e.example/\r\n\r\n", 200, id="underscore"
    ),
    pytest.param(
        POST + b"Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nASK {}", 200, id="two-types"
    ),
]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(GET + b"X: a\x00b\r\n\r\n", 400, id="nul-in-value"),
        pytest.param(GET + b"X\x00: a\r\n\r\n", 400, id="nul-in-name"),
        pytest.param(GET + b"X: a\r\n b\r\n\r\n", 400, id="folded"),
        pytest.param(GET + b"X : a\r\n\r\n", 400, id="space-before-colon"),
        pytest.param(GET + b"X: a\r\n" * 2_000 + b"\r\n", 431, id="too-many"),
        pytest.param(GET + b"Accept: " + b"a/b;q=.1," * 3_000 + b"\r\n\r\n", 406, id="accept"),
        pytest.param(GET + b"If-None-Match: " + b'"a",' * 5_000 + b"\r\n\r\n", 200, id="tags"),
        pytest.param(GET + b"User-Agent: \x1b[31m\r\n\r\n", 400, id="terminal-escape"),
        pytest.param(asked(b"\x00"), 400, id="nul-in-address"),
        pytest.param(asked(b"%00"), 400, id="nul-escaped"),
        pytest.param(asked(b"%ZZ"), 400, id="broken-escape"),
        pytest.param(asked(b"&a=1" * 1_001), 400, id="parameters"),
        pytest.param(asked(b"&format=json&format=xml"), 400, id="two-formats"),
        pytest.param(asked(b"&timeout=1&timeout=2"), 400, id="two-timeouts"),
        pytest.param(asked(b"&timeout=nan"), 400, id="timeout-no-number"),
        pytest.param(POST + b"Content-Length: 6, 6\r\n\r\nASK {}", 400, id="list-of-lengths"),
        pytest.param(POST + b"Content-Length: +6\r\n\r\nASK {}", 400, id="signed-length"),
        pytest.param(POST + b"Content-Length: 0x6\r\n\r\nASK {}", 400, id="length-in-hex"),
        pytest.param(POST + b"Transfer-Encoding: xchunked\r\n\r\nASK {}", 400, id="coding"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400, id="chunk-size"),
        pytest.param(POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n", 100, id="expect"),
        pytest.param(b"CONNECT e.example:80 HTTP/1.1\r\nHost: x\r\n\r\n", 404, id="connect"),
        *HOSTS,
        *FRAMES,
        *ALLOWED,
    ],
)
def test_a_header_that_tries_something_has_its_answer(
    server: Server, data: bytes, status: int
) -> None:
    """Malformed is 4xx, strange but allowed is answered, and the next client is served."""
    assert status_of(raw(server, data)) == status
    assert is_well(server)


@pytest.mark.parametrize("path", ["/", "/sparql", "/health", "/nothing"])
def test_a_refusal_of_the_headers_says_why(server: Server, path: str) -> None:
    """Pages and doors alike: a problem document, the same headers as on every answer, no host."""
    data = f"GET {path} HTTP/1.1\r\nHost: x\r\nHost: evil.example\r\n\r\n".encode()

    answer = raw(server, data)
    head, _, body = answer.partition(b"\r\n\r\n")

    assert status_of(answer) == 400
    assert b"application/problem+json" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    assert json.loads(body)["detail"] == "The Host is 'x,evil.example'."


@pytest.mark.parametrize("end", [b"", b"ZZ\r\n", b"5\r\nab", b"0\r\n\r\n"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_write_in_chunks_is_refused_whole_or_broken_off(
    server: Server, method: str, end: bytes
) -> None:
    """The HTTP library ends both alike, and half a graph must not pass for a whole one."""
    triple = b"<http://e/half> <http://e/p> 1 .\n"
    data = (
        method.encode() + b" /store?default HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(triple), triple)
    )

    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(data + end)
        if not end.startswith(b"0"):
            connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)

    assert answer == b"" or status_of(answer) == 411
    assert not holds(server, "<http://e/half> ?p ?o")


def test_a_write_that_breaks_off_before_its_length_is_not_done(server: Server) -> None:
    """What was announced has not come, so nothing is written."""
    data = (
        b"POST /store?default HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n"
        b"Content-Length: 500\r\n\r\n<http://e/half> <http://e/p> 1 .\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)

    assert answer == b"" or status_of(answer) == 400
    assert not holds(server, "<http://e/half> ?p ?o")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Authorization: Bearer a\r\nAuthorization: Bearer " + TOKEN.encode(), 401),
        (b"Authorization: Bearer " + TOKEN.encode() + b"\r\nTransfer-Encoding: chunked", 411),
        (b"Transfer-Encoding: chunked", 401),
    ],
    ids=["two-tokens", "token-and-chunks", "chunks"],
)
def test_a_token_is_given_once_and_comes_first(
    guarded: Server, headers: bytes, status: int
) -> None:
    """Two are none; who has none is told nothing else."""
    body = b"0\r\n\r\n" if b"chunked" in headers else b""
    data = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-update\r\n"

    assert status_of(raw(guarded, data + headers + b"\r\n\r\n" + body)) == status


def test_two_origins_are_no_origin_of_ours(server: Server) -> None:
    """A header that comes twice is read as both."""
    data = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-update\r\n"
        b"Content-Length: 9\r\nOrigin: " + server.url.encode() + b"\r\n"
        b"Origin: https://evil.example\r\n\r\nCLEAR ALL"
    )

    assert status_of(raw(server, data)) == 403


def holds(server: Server, pattern: str) -> bool:
    """Say whether the server's data has a pattern."""
    body = f"ASK {{ {pattern} }}".encode()
    _, _, answer = server.send(
        "POST", "/sparql", body, {"Content-Type": "application/sparql-query"}
    )
    return bool(json.loads(answer)["boolean"])


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A writable, empty server with a token."""
    running = start(
        tmp_path_factory.mktemp("guarded") / "log", "--empty", "--writable", PARLEY_TOKEN=TOKEN
    )
    yield running
    assert running.stop() == 0

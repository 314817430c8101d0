"""Headers and framing that try something: each has one outcome, and others notice nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .test_server import is_well, raw, status_of

if TYPE_CHECKING:
    from .conftest import Server

GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def asked(more: bytes) -> bytes:
    """Return a GET with something more in its address."""
    return GET.replace(b"%7D", b"%7D" + more) + b"\r\n"


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
    ],
)
def test_a_header_that_tries_something_has_its_answer(
    server: Server, data: bytes, status: int
) -> None:
    """Malformed is 4xx, strange but allowed is answered, and the next client is served."""
    assert status_of(raw(server, data)) == status
    assert is_well(server)

"""Between the web server and plain requests and responses, without Flask."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from parley.endpoint.messages import Request, Response
from parley.errors import (
    PayloadTooLargeError,
    RequestError,
    UnsupportedMediaTypeError,
    UriTooLongError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

_CHUNK_BYTES: Final = 65_536
#: Bodies below this are sent as they are.
_GZIP_MIN_BYTES: Final = 1_400
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/_.-]*+")
#: Headers that CGI names without a prefix.
_BARE: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
_REASONS: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

SECURITY_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    (
        "Content-Security-Policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
)
#: Any page may read, none with the visitor's credentials.
CORS_HEADERS: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Location, Parley-Note, Retry-After"),
)


def read_request(environ: WSGIEnvironment, *, max_body_bytes: int, max_url_bytes: int) -> Request:
    """Read a request from the server, its body included.

    Raises:
        UriTooLongError: The address is over the limit.
        PayloadTooLargeError: The body is over the limit, whatever length was announced.
        UnsupportedMediaTypeError: The body is compressed.
        RequestError: The length is no number, or the body ends before it.
    """
    path = environ["PATH_INFO"]
    if not _PLAIN_PATH.fullmatch(path):
        path = quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
    query_string = environ.get("QUERY_STRING", "")
    if len(path) + len(query_string) > max_url_bytes:
        raise UriTooLongError(
            f"The address is longer than the {max_url_bytes:,} bytes allowed.",
            remedy="Send long queries by POST.",
        )
    headers = Headers(environ)
    if headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise UnsupportedMediaTypeError("Compressed bodies are not read.", remedy="Send it plain.")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=path,
        query_string=query_string.encode("latin-1", "replace"),
        headers=headers,
        body=_read_body(environ, headers, max_body_bytes),
        client=environ.get("REMOTE_ADDR", ""),
    )


class Headers(Mapping[str, str]):
    """The headers of a request by lower-case name, read from what the server gave when asked for.

    A request has ten or more, and three are looked at.
    """

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[_key_of(name)]
        return value

    def get(self, name: str, default: Any = None, /) -> Any:
        """Return a header's value, or the default; most that are asked for are not there."""
        return self._environ.get(_key_of(name), default)

    def __iter__(self) -> Iterator[str]:
        for key in self._environ:
            if key.startswith("HTTP_"):
                yield key[5:].replace("_", "-").lower()
            elif key in _BARE:
                yield key.replace("_", "-").lower()

    def __len__(self) -> int:
        return sum(1 for _ in self)


@lru_cache(maxsize=64)
def _key_of(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in _BARE else f"HTTP_{key}"


def write_response(
    response: Response, request: Request, start_response: StartResponse
) -> Iterable[bytes]:
    """Send a response: compressed when the client reads that, without its body for HEAD."""
    response = compress(response, request.header("accept-encoding"))
    headers = [*response.headers, *CORS_HEADERS, *SECURITY_HEADERS]
    if response.status != HTTPStatus.NO_CONTENT:
        headers.append(("Content-Length", str(len(response.body))))
    start_response(_REASONS[response.status], headers)
    has_body = request.method != "HEAD" and response.status != HTTPStatus.NOT_MODIFIED
    return [response.body] if has_body else [b""]


def compress(response: Response, accept_encoding: str) -> Response:
    """Return the response in gzip when the client reads it and it is worth it."""
    if len(response.body) < _GZIP_MIN_BYTES or not accepts_gzip(accept_encoding):
        return response
    headers = [(n, _tag_gzip(v) if n == "ETag" else v) for n, v in response.headers]
    headers.append(("Content-Encoding", "gzip"))
    return Response(response.status, gzip.compress(response.body, 1, mtime=0), tuple(headers))


def accepts_gzip(accept_encoding: str) -> bool:
    """Say whether an Accept-Encoding header allows gzip."""
    for item in accept_encoding.lower().split(","):
        name, _, quality = item.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _tag_gzip(etag: str) -> str:
    """Name the compressed form apart: a strong ETag stands for bytes, not for meaning."""
    return f'{etag[:-1]}-gzip"'


def _read_body(environ: WSGIEnvironment, headers: Mapping[str, str], limit: int) -> bytes:
    length = headers.get("content-length", "")
    if not length and "transfer-encoding" not in headers:
        return b""
    if length and not (length.isascii() and length.isdigit()):
        raise RequestError(f"The Content-Length is {length[:40]!r}.")
    if length and int(length) > limit:
        raise _too_large(limit)
    body = _read_stream(environ, int(length) if length else None, limit)
    if length and len(body) < int(length):
        raise RequestError("The body ends before its announced length.")
    return body


def _read_stream(environ: WSGIEnvironment, length: int | None, limit: int) -> bytes:
    stream, chunks, size = environ["wsgi.input"], [], 0
    wanted = limit + 1 if length is None else length
    while size < wanted:
        chunk = stream.read(min(_CHUNK_BYTES, wanted - size))
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    if size > limit:
        raise _too_large(limit)
    return b"".join(chunks)


def _too_large(limit: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(
        f"The body is larger than the {limit:,} bytes allowed.",
        remedy="Send it in several requests.",
    )

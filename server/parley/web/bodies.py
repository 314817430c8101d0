"""Bodies that never come: a client that announces more than it sends keeps a thread waiting.

So that nobody keeps all threads waiting, one client may have so many unfinished bodies and all
together so many. A body that is there already is read in microseconds and counts for nothing.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from parley.endpoint.limits import network_of
from parley.errors import EngineBusyError, TooManyRequestsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import InputStream, WSGIEnvironment

#: Bodies that one client may have unfinished.
PER_CLIENT: Final = 16
#: Bodies that all clients may have unfinished; the server has as many threads more.
IN_ALL: Final = 128


class BodyGate:
    """Counts the threads that wait for bodies; safe to use from many threads."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, client: str) -> Iterator[None]:
        """Let a client's body be read.

        Raises:
            TooManyRequestsError: The client has too many unfinished bodies.
            EngineBusyError: All clients together have.
        """
        key = network_of(client)
        self._enter(key)
        try:
            yield
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key]

    def guard(self, environ: WSGIEnvironment) -> None:
        """Have the body of a request read through this gate."""
        if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
            client = environ.get("REMOTE_ADDR", "")
            environ["wsgi.input"] = GatedBody(environ["wsgi.input"], self, client)

    def _enter(self, key: str) -> None:
        with self._lock:
            if self._waiting[key] >= PER_CLIENT:
                raise TooManyRequestsError(
                    f"You have {PER_CLIENT} requests whose bodies are not complete.",
                    remedy="Send the rest of them, or close their connections.",
                )
            if self._waiting.total() >= IN_ALL:
                raise EngineBusyError("Too many requests wait for the rest of their bodies.")
            self._waiting[key] += 1


class GatedBody:
    """The body of a request (PEP 3333), read through a gate."""

    def __init__(self, body: InputStream, gate: BodyGate, client: str) -> None:
        self._body = body
        self._gate = gate
        self._client = client

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or all."""
        with self._gate.reading(self._client):
            return self._body.read(size) if size >= 0 else self._body.read()

    def readline(self, size: int = -1, /) -> bytes:
        """Return one line."""
        with self._gate.reading(self._client):
            return self._body.readline(size) if size >= 0 else self._body.readline()

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        """Return all lines."""
        with self._gate.reading(self._client):
            return self._body.readlines(hint) if hint >= 0 else self._body.readlines()

    def __iter__(self) -> Iterator[bytes]:
        """Return one line after the other."""
        return iter(self.readlines())

"""Ask a server many questions over kept-alive connections and note how long each answer took."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from parley.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Latencies:
    """The seconds each answer took, in rising order."""

    seconds: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return the latency below which this share of the answers stayed, in milliseconds."""
        return 1000 * self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


class Client:
    """One connection to an endpoint's query address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path or "/"
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=120)

    def ask(self, query: str, **headers: str) -> http.client.HTTPMessage:
        """Send a query by GET, read the whole answer and return its headers.

        Raises:
            EngineError: The answer is neither 200 nor 304.
        """
        path = f"{self._path}?{urlencode({'query': query})}"
        accept = {"Accept": "application/sparql-results+json", **headers}
        self._connection.request("GET", path, headers=accept)
        response = self._connection.getresponse()
        body = response.read()
        if response.status not in {200, 304}:
            raise EngineError(f"{response.status} for {query[:80]!r}: {body[:200]!r}")
        return response.headers

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def sequential(address: str, query: str, *, limit_s: float, **headers: str) -> int:
    """Ask the same again and again until the time is up, at least once; return how often."""
    client = Client(address)
    end = time.perf_counter() + limit_s
    asked = 0
    while not asked or time.perf_counter() < end:
        client.ask(query, **headers)
        asked += 1
    client.close()
    return asked


def concurrent(
    address: str, query: Callable[[int], str], *, clients: int, limit_s: float
) -> Latencies:
    """Let clients ask at once until the time is up; every client asks at least once."""
    taken: list[list[float]] = [[] for _ in range(clients)]
    end = time.perf_counter() + limit_s
    threads = [
        threading.Thread(target=_ask_until, args=(address, query, n, end, taken[n]))
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Latencies(tuple(sorted(s for one in taken for s in one)))


def _ask_until(
    address: str, query: Callable[[int], str], number: int, end: float, taken: list[float]
) -> None:
    client = Client(address)
    turn = number * 1_000_003
    while not taken or time.perf_counter() < end:
        begin = time.perf_counter()
        client.ask(query(turn))
        taken.append(time.perf_counter() - begin)
        turn += 1
    client.close()

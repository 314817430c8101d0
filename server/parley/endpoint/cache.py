"""Answers kept for repeated queries, bounded in bytes; the one not asked for longest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.endpoint.messages import Response

#: What an entry costs beside its body: key, headers, bookkeeping.
_OVERHEAD_BYTES = 1_000


@dataclass(slots=True)
class CacheFigures:
    """How the cache has served so far."""

    hits: int = 0
    misses: int = 0
    used_bytes: int = 0


class AnswerCache:
    """A map from the digest of a query, its dataset, version and format to a whole response.

    One answer takes at most an eighth of the room, so that a few large ones do not empty it.
    """

    def __init__(self, max_bytes: int) -> None:
        self.figures = CacheFigures()
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, Response] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Response | None:
        """Return the response kept under a key, or None."""
        with self._lock:
            response = self._entries.get(key)
            if response is None:
                self.figures.misses += 1
                return None
            self._entries.move_to_end(key)
            self.figures.hits += 1
            return response

    def put(self, key: str, response: Response) -> None:
        """Keep a response, unless it is too large, and drop old ones until all fit."""
        size = len(response.body) + _OVERHEAD_BYTES
        if size > self._max_bytes // 8:
            return
        with self._lock:
            if key in self._entries:
                return
            self._entries[key] = response
            self.figures.used_bytes += size
            while self.figures.used_bytes > self._max_bytes:
                _, old = self._entries.popitem(last=False)
                self.figures.used_bytes -= len(old.body) + _OVERHEAD_BYTES

"""Lanes: so many places for queries that run, and a bounded queue before them."""

from __future__ import annotations

import threading
from collections import deque

from parley.errors import EngineBusyError


class Lane:
    """Places for queries; who finds none waits, for a bounded time.

    The first who came is served first, or the last with ``newest_first``: in a crowd of queries
    that each hold their place for long, that keeps the wait of a newcomer short, and those who
    have waited longest are the likeliest to have been given up by their clients.
    """

    def __init__(
        self, name: str, places: int, max_queue: int, *, newest_first: bool = False
    ) -> None:
        self._newest_first = newest_first
        self._name = name
        self._free = places
        self._max_queue = max_queue
        self._queue: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    def take(self, wait_s: float) -> None:
        """Take a place, waiting for one if need be.

        Raises:
            EngineBusyError: The queue is full, or the time is over.
        """
        turn = self._take_or_queue()
        if turn is None or turn.wait(wait_s):
            return
        with self._lock:
            if turn.is_set():
                return
            self._queue.remove(turn)
        raise self._busy(f"no place came free within {wait_s:g} seconds")

    def try_take(self) -> bool:
        """Take a place if one is free and nobody waits for it."""
        with self._lock:
            if self._free <= 0:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        """Hand the place to the next in line, or free it."""
        with self._lock:
            if self._queue:
                (self._queue.pop() if self._newest_first else self._queue.popleft()).set()
            else:
                self._free += 1

    def _take_or_queue(self) -> threading.Event | None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return None
            if len(self._queue) >= self._max_queue:
                raise self._busy(f"{len(self._queue)} queries wait already")
            turn = threading.Event()
            self._queue.append(turn)
            return turn

    def _busy(self, why: str) -> EngineBusyError:
        return EngineBusyError(f"The {self._name} lane is full: {why}.", remedy="Try again later.")

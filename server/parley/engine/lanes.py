"""Lanes: so many places for queries that run, and a bounded queue before them."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from parley.errors import EngineBusyError

if TYPE_CHECKING:
    from collections.abc import Callable


class _Turn(threading.Event):
    """Someone who waits for a place, since a moment of the monotonic clock."""

    def __init__(self, since_s: float) -> None:
        super().__init__()
        self.since_s = since_s


class Lane:
    """Places for queries; who finds none waits, for a bounded time.

    The first who came is served first, as long as the queue moves. Once somebody has waited for
    ``crowded_after_s``, there is a crowd of queries that each hold their place for long; then the
    last who came is served first: that keeps the wait of a newcomer short, and those who have
    waited longest are the likeliest to have been given up by their clients.
    """

    def __init__(
        self,
        name: str,
        places: int,
        max_queue: int,
        *,
        crowded_after_s: float = float("inf"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._crowded_after_s = crowded_after_s
        self._clock = clock
        self._name = name
        self._free = places
        self._max_queue = max_queue
        self._queue: deque[_Turn] = deque()
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
                is_crowded = self._clock() - self._queue[0].since_s > self._crowded_after_s
                (self._queue.pop() if is_crowded else self._queue.popleft()).set()
            else:
                self._free += 1

    def _take_or_queue(self) -> _Turn | None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return None
            if len(self._queue) >= self._max_queue:
                raise self._busy(f"{len(self._queue)} queries wait already")
            turn = _Turn(self._clock())
            self._queue.append(turn)
            return turn

    def _busy(self, why: str) -> EngineBusyError:
        return EngineBusyError(f"The {self._name} lane is full: {why}.", remedy="Try again later.")

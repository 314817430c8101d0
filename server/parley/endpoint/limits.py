"""Fair use: how many queries one client may have running, and how many engine seconds it uses."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from parley.errors import TooManyRequestsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Clients remembered at most; the one that came longest ago is forgotten first.
MAX_CLIENTS: Final = 10_000
WINDOW_S: Final = 60.0


@dataclass(slots=True)
class _Share:
    """What one client has left: engine seconds, refilled evenly, and its running queries."""

    engine_s: float
    seen_s: float
    running: int = 0


@dataclass(slots=True)
class Ticket:
    """Admission of one request; the seconds written here are charged when it ends."""

    engine_s: float = 0.0


@dataclass
class FairUse:
    """A bucket of engine seconds and a number of places for each client.

    Args:
        concurrency: Requests one client may have running or waiting.
        engine_s: Engine seconds one client may use in a minute; unused ones do not add up.
        clock: Monotonic seconds.
    """

    concurrency: int
    engine_s: float
    clock: Callable[[], float] = time.monotonic
    _shares: OrderedDict[str, _Share] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def admit(self, client: str) -> Iterator[Ticket]:
        """Let a client's request in, and charge what it used when it leaves.

        Raises:
            TooManyRequestsError: The client has no place free or no engine seconds left.
        """
        key = network_of(client)
        share = self._enter(key)
        ticket = Ticket()
        try:
            yield ticket
        finally:
            with self._lock:
                share.running -= 1
                share.engine_s -= ticket.engine_s

    def _enter(self, key: str) -> _Share:
        with self._lock:
            share = self._refill(key)
            if share.running >= self.concurrency:
                raise _refusal(f"{share.running} of your queries are running or waiting.", 1.0)
            if share.engine_s <= 0:
                wait_s = -share.engine_s * WINDOW_S / self.engine_s + 1.0
                raise _refusal(f"You used {self.engine_s:g} engine seconds in a minute.", wait_s)
            share.running += 1
            return share

    def _refill(self, key: str) -> _Share:
        now = self.clock()
        share = self._shares.setdefault(key, _Share(self.engine_s, now))
        self._shares.move_to_end(key)
        gained = (now - share.seen_s) * self.engine_s / WINDOW_S
        share.engine_s = min(self.engine_s, share.engine_s + gained)
        share.seen_s = now
        self._forget()
        return share

    def _forget(self) -> None:
        while len(self._shares) > MAX_CLIENTS:
            self._shares.popitem(last=False)


@lru_cache(maxsize=1_024)
def network_of(client: str) -> str:
    """Return whom a network address stands for: itself, or the /64 network of an IPv6 address."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return client


def _refusal(reason: str, wait_s: float) -> TooManyRequestsError:
    error = TooManyRequestsError(reason, remedy="Wait, then ask again, one query after another.")
    error.retry_after_s = max(1, math.ceil(wait_s))
    return error

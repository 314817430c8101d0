"""The pool of query processes: two lanes, deadlines by kill, spares ready to step in.

Every query starts in the fast lane. One that runs longer than ``slow_after_s`` moves, process and
all, to one of the few places of the slow lane, at the lowest priority, and a spare takes over its
place; when the slow lane is full its process is ended and it starts anew when its turn comes.
So a query that takes long delays other long ones, never the short ones. Texts that were slow are
remembered and go to the slow lane at once.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from parley.engine import wire
from parley.engine.lanes import Lane
from parley.engine.process import Child, ChildOptions, check_own, check_reply
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    ParleyError,
    WorkerDiedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from parley.config import Settings

#: Priority of a process in the slow lane: the lowest there is.
SLOW_NICENESS: Final = 19
#: How often the memory of slow queries is looked at, in seconds.
WATCH_S: Final = 0.1
#: How many slow texts are remembered.
REMEMBERED: Final = 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An immutable state of the data: a built store, a live one, a file of N-Quads, nothing."""

    version: str
    path: Path | None = None
    kind: Literal["built", "store", "nquads", "empty"] = "empty"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a query process, with the state it wants and what it may take.

    ``key`` tells requests that cost the same; it is what the memory of slow ones goes by.
    """

    code: int
    fields: Sequence[bytes]
    snapshot: Snapshot
    key: int
    timeout_s: float


class Pool:
    """Query processes, kept ready; safe to use from many threads."""

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        self._settings = settings
        self._snapshot = snapshot
        self._fast = Lane(
            "fast", settings.workers, settings.max_queue, crowded_after_s=settings.slow_after_s
        )
        self._slow = Lane("slow", settings.slow_workers, settings.max_queue)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._dead: list[Child] = []
        self._known_slow: OrderedDict[int, None] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._closed = False
        self._work = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="query pool", daemon=True)
        self.give_child(self._start(snapshot))
        self._keeper.start()
        self._work.set()

    def held(self) -> set[object]:
        """Return the states that some process has open."""
        with self._lock:
            return {child.holds for child in self._children}

    def run(self, request: Request) -> list[bytes]:
        """Run a request to its end in the lane it belongs to.

        Raises:
            EngineBusyError: Too many wait, or it waited too long.
            DeadlineExceededError: It took too long.
            WorkerDiedError: It took its process down, or too much memory.
        """
        self._count("requests")
        # New processes open what was asked for last.
        self._snapshot = request.snapshot
        try:
            reply = None
            if request.key not in self._known_slow:
                reply = self._run_fast(request)
            if reply is None:
                reply = self._run_slow(request)
        except (EngineBusyError, DeadlineExceededError, WorkerDiedError) as error:
            self._count(type(error).__name__)
            raise
        return check_reply(*reply)

    def statistics(self) -> dict[str, float]:
        """Return counts of what happened and what is going on."""
        with self._lock:
            return {
                "requests": self._counts["requests"],
                "failed_starts": self._counts["failed_starts"],
                "deadlines": self._counts["DeadlineExceededError"],
                "deaths": self._counts["WorkerDiedError"],
                "busy": self._counts["EngineBusyError"],
                "started": self._counts["started"],
                "processes": len(self._children),
                "without_network": sum(bool(child.network_closed_by) for child in self._children),
                "idle": len(self._idle),
                "waiting": self._fast.waiting,
                "waiting_slow": self._slow.waiting,
                "resident_bytes": sum(child.resident_bytes() for child in self._children),
            }

    def close(self) -> None:
        """End all processes; requests that still run end with an error."""
        self._closed = True
        self._work.set()
        if self._keeper.is_alive():
            self._keeper.join()
        with self._lock:
            children, self._children = self._children, set()
            self._idle.clear()
        for child in children:
            child.close()

    def _run_fast(self, request: Request) -> tuple[int, list[bytes]] | None:
        """Run in the fast lane; nothing when the request has to start anew in the slow lane."""
        slow_after_s = self._settings.slow_after_s
        lane = self._fast
        lane.take(self._settings.queue_timeout_s)
        try:
            child = self._send(request)
            try:
                reply = child.receive_within(min(slow_after_s, request.timeout_s))
                if reply is not None:
                    return reply
                if request.timeout_s <= slow_after_s:
                    raise self._stop(request)
                self._remember_slow(request)
                if not self._slow.try_take():
                    return None
                lane = self._slow
                self._fast.give_back()
                return self._finish_slowly(child, request, request.timeout_s - slow_after_s)
            finally:
                self.give_child(child)
        finally:
            lane.give_back()

    def _run_slow(self, request: Request) -> tuple[int, list[bytes]]:
        self._slow.take(self._settings.queue_timeout_s)
        try:
            child = self._send(request)
            try:
                return self._finish_slowly(child, request, request.timeout_s)
            finally:
                self.give_child(child)
        finally:
            self._slow.give_back()

    def _send(self, request: Request) -> Child:
        """Give a request to a process; whoever gets it gives it back."""
        child = self.take_child(request.snapshot)
        sent = False
        try:
            child.send(request.code, request.fields)
            sent = True
        finally:
            if not sent:
                self.drop_child(child)
        return child

    def _finish_slowly(
        self, child: Child, request: Request, timeout_s: float
    ) -> tuple[int, list[bytes]]:
        started = time.monotonic()
        child.give_way(SLOW_NICENESS)
        self._work.set()
        while not child.wait(min(WATCH_S, started + timeout_s - time.monotonic())):
            if time.monotonic() - started >= timeout_s:
                raise self._stop(request)
            self._check_memory(child)
        reply = child.receive()
        if time.monotonic() - started < self._settings.slow_after_s:
            self._forget_slow(request)
        return reply

    def _check_memory(self, child: Child) -> None:
        """End the process of this request when all hold too much and it holds the most."""
        with self._lock:
            sizes = {other: other.resident_bytes() for other in self._children}
        if sum(sizes.values()) <= self._settings.pool_memory_bytes:
            return
        if sizes.get(child, 0) == max(sizes.values()):
            raise WorkerDiedError(
                f"The query was stopped: it held {sizes[child] // 1_000_000} MB of memory.",
                remedy="Ask for less at a time: fewer patterns, no ORDER BY over everything.",
            )

    def _stop(self, request: Request) -> DeadlineExceededError:
        self._remember_slow(request)
        return DeadlineExceededError(
            f"The query was stopped after {request.timeout_s:g} seconds.",
            remedy="Ask for less: fewer patterns, a LIMIT, a more selective filter.",
        )

    def _remember_slow(self, request: Request) -> None:
        with self._lock:
            self._known_slow[request.key] = None
            if len(self._known_slow) > REMEMBERED:
                self._known_slow.popitem(last=False)

    def _forget_slow(self, request: Request) -> None:
        with self._lock:
            self._known_slow.pop(request.key, None)

    def take_child(self, snapshot: Snapshot) -> Child:
        """Take an idle process and see that it has the state open, or start one."""
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child is None:
            return self._start(snapshot)
        if child.holds is not snapshot and child.holds != snapshot:
            with _on_failure(self.drop_child, child):
                _open(child, snapshot)
        return child

    def give_child(self, child: Child) -> None:
        """Put a process back that answered; one that was slow is replaced, its memory freed."""
        if child.busy or child.gave_way:
            self.drop_child(child)
            return
        with self._lock:
            if not self._closed:
                self._idle.append(child)
                return
        child.close()

    def drop_child(self, child: Child) -> None:
        """End a process; its place is filled in the background."""
        child.kill()
        with self._lock:
            self._children.discard(child)
            self._dead.append(child)
        self._work.set()

    def _start(self, snapshot: Snapshot) -> Child:
        settings = self._settings
        child = Child(
            "parley.engine.worker",
            ChildOptions(
                memory_bytes=settings.worker_memory_bytes,
                stack_bytes=settings.worker_stack_bytes,
                network=bool(settings.service_allow),
            ),
        )
        with _on_failure(Child.close, child):
            _open(child, snapshot)
            self._add(child)
        return child

    def _add(self, child: Child) -> None:
        with self._lock:
            if self._closed:
                raise EngineBusyError("The engine is being closed.")
            self._children.add(child)
            self._counts["started"] += 1

    def _keep(self) -> None:
        """Bury the dead and keep as many processes idle as the fast lane may need, and one."""
        while not self._closed:
            self._work.wait(1.0)
            self._work.clear()
            with self._lock:
                dead, self._dead = self._dead, []
            for child in dead:
                child.close()
            self._refill()
        for child in self._dead:
            child.close()

    def _refill(self) -> None:
        while not self._closed:
            with self._lock:
                ready = sum(not child.gave_way for child in self._children)
            if ready > self._settings.workers:
                return
            try:
                self.give_child(self._start(self._snapshot))
            except (ParleyError, OSError):
                self._count("failed_starts")
                return

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1


@contextlib.contextmanager
def _on_failure(clean_up: Callable[[Child], None], child: Child) -> Iterator[None]:
    """Clean up after a block that raised, whatever it was."""
    with contextlib.ExitStack() as stack:
        stack.callback(clean_up, child)
        yield
        stack.pop_all()


def _open(child: Child, snapshot: Snapshot) -> None:
    child.holds = None
    path = str(snapshot.path or "").encode("utf-8")
    code, fields = child.ask_long(wire.OPEN, [path, snapshot.kind.encode("ascii")])
    check_own(code, fields, f"Opening {snapshot.path}")
    child.holds = snapshot

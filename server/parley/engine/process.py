"""The server's end of an engine process: start it, ask it, and end it at a deadline."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parley.engine import wire
from parley.errors import (
    DeadlineExceededError,
    EngineError,
    NotFoundError,
    ParleyError,
    PayloadTooLargeError,
    Place,
    QueryRefusedError,
    QuerySyntaxError,
    ResultTooLargeError,
    StoreError,
    WorkerDiedError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Time an engine process may take to start or to open a store, in seconds.
START_TIMEOUT_S: Final = 60.0
#: Room in a channel, so that most answers pass without waiting for the other end.
CHANNEL_BYTES: Final = 1 << 20
#: Longest term that the library's parsers of documents read, in bytes.
MAX_TERM_BYTES: Final = 1 << 24

_BOOT: Final = "import sys; sys.path[len(sys.path):] = {paths!r}; from {module} import main; main()"
_DOCUMENT_PLACE: Final = re.compile(
    r"Parser error at line (\d+) (?:column|between columns) (\d+)(?: and \d+)?: "
    r"(.*?)(?: \(line \d+\))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ChildOptions:
    """What an engine process is told on its command line; see `parley.engine.box`."""

    memory_bytes: int
    stack_bytes: int
    niceness: int = 5
    may_write: bool = False
    network: bool = False

    def arguments(self) -> list[str]:
        """Return the options as ``name=value`` words."""
        names = ("memory_bytes", "stack_bytes", "niceness", "may_write", "network")
        return [f"{name}={int(getattr(self, name))}" for name in names]


class Child:
    """One engine process and the channel to it; used by one thread at a time."""

    def __init__(self, module: str, options: ChildOptions) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            for end in (self._channel, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CHANNEL_BYTES)
            self._process = _start(module, options, theirs.fileno())
        self._poll = select.poll()
        self._poll.register(self._channel, select.POLLIN)
        #: How long a read from the channel waits, in seconds; 0 is for ever.
        self._patience_s = 0.0
        #: What the process has open, as the caller told it; nothing at first.
        self.holds: object = None
        #: Whether a request was sent and its reply not read.
        self.busy = False
        #: Whether its priority was lowered; it cannot be raised again.
        self.gave_way = False
        try:
            _, (how,) = self.ask(None, [], timeout_s=START_TIMEOUT_S)
        except ParleyError:
            self.close()
            raise
        #: How the network was taken away: ``seccomp``, ``namespace`` or nothing.
        self.network_closed_by = how.decode("ascii")

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ask(
        self, code: int | None, fields: Sequence[bytes], *, timeout_s: float
    ) -> tuple[int, list[bytes]]:
        """Send a request and wait for the reply; at the deadline the process is killed.

        Raises:
            DeadlineExceededError: The time is over.
            WorkerDiedError: The process died; the message names the signal.
        """
        if code is not None:
            self.send(code, fields)
        if not self.wait(timeout_s):
            self.kill()
            raise DeadlineExceededError(
                f"Stopped after {timeout_s:g} seconds.",
                remedy="Ask for less: fewer patterns, a LIMIT, a more selective filter.",
            )
        return self.receive()

    def ask_long(self, code: int, fields: Sequence[bytes]) -> tuple[int, list[bytes]]:
        """Ask for work on a store as a whole: opening, copying, writing out."""
        return self.ask(code, fields, timeout_s=START_TIMEOUT_S)

    def send(self, code: int, fields: Sequence[bytes]) -> None:
        """Send a request.

        Raises:
            WorkerDiedError: The process is gone.
        """
        self.busy = True
        try:
            wire.send(self._channel, code, fields)
        except OSError as error:
            raise self._death() from error

    def wait(self, timeout_s: float) -> bool:
        """Wait until there is a reply, or the process died; tell whether there is."""
        return bool(self._poll.poll(max(0.0, timeout_s) * 1000))

    def receive_within(self, timeout_s: float) -> tuple[int, list[bytes]] | None:
        """Wait for the reply and read it, in one system call; nothing when the time is over.

        Raises:
            WorkerDiedError: The process died instead.
        """
        if timeout_s != self._patience_s:
            wire.set_patience(self._channel, timeout_s)
            self._patience_s = timeout_s
        return self._read()

    def receive(self) -> tuple[int, list[bytes]]:
        """Read the reply that is there.

        Raises:
            WorkerDiedError: The process died instead.
        """
        reply = None
        while reply is None:
            reply = self._read()
        return reply

    def _read(self) -> tuple[int, list[bytes]] | None:
        try:
            reply = wire.receive(self._channel)
        except BlockingIOError:
            return None
        except (EOFError, OSError) as error:
            raise self._death() from error
        self.busy = False
        return reply

    def give_way(self, niceness: int) -> None:
        """Lower the process's priority, so that others come first."""
        self.gave_way = True
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)

    def resident_bytes(self) -> int:
        """Return the memory the process holds; 0 when it is gone or the system does not say."""
        try:
            fields = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return int(fields[1]) * 4096

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()

    def close(self) -> None:
        """End the process and give back what it held."""
        self.kill()
        self._channel.close()
        self._process.wait()

    def _death(self) -> WorkerDiedError:
        self.kill()
        return WorkerDiedError(
            f"The engine process ended: {describe_exit(self._process.wait())}.",
            remedy="The query may need too much memory; simplify it.",
        )


def check_reply(code: int, fields: list[bytes]) -> list[bytes]:
    """Return the fields of a good reply, or raise what a bad one means.

    Raises:
        QuerySyntaxError: The engine's parser refused the text.
        QueryRefusedError: The engine cannot evaluate it: an unknown function, a wrong IRI.
        ResultTooLargeError: The whole answer is over the limit.
        PayloadTooLargeError: A term of a document is longer than the parsers read.
        NotFoundError: There is no such graph.
        StoreError: The store failed.
        WorkerDiedError: It ran out of memory.
    """
    if code == wire.DONE:
        return fields
    text = fields[0].decode("utf-8", "replace") if fields else ""
    if code == wire.SYNTAX:
        raise read_syntax_error(text)
    raise _reply_error(code, text)


def check_own(code: int, fields: list[bytes], what: str) -> list[bytes]:
    """Return the fields of a good reply to a request of our own, which no client can get wrong.

    Raises:
        StoreError: It failed, for whatever reason.
    """
    if code == wire.DONE:
        return fields
    why = fields[0].decode("utf-8", "replace") if fields else "too large"
    raise StoreError(
        f"{what} failed: {why}.",
        remedy="See whether the disk is full or unreadable; a build can be made anew.",
    )


def read_syntax_error(text: str) -> QuerySyntaxError:
    """Read the parser's message: its place, and what it says in words, if anything, as remedy.

    The rest, lists of characters it would have taken, helps nobody; `parley.engine.mistakes`
    finds out more from the text itself.
    """
    head, _, expected = text.partition(": ")
    if document := _DOCUMENT_PLACE.fullmatch(text):
        where = Place("document", int(document[1]), int(document[2]))
        return QuerySyntaxError(f"The document does not parse: {document[3]}.", place=where)
    numbers = head.rpartition(" ")[2].split(":")
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        return QuerySyntaxError(f"The text does not parse: {text}.")
    options = expected.removeprefix("expected ").removeprefix("one of ").split(", ")
    said = [option for option in options if " " in option and option[0].isalpha()]
    return QuerySyntaxError(
        "The text does not follow the grammar here.",
        remedy=f"{said[0]}." if said else "",
        place=Place("query", int(numbers[0]), int(numbers[1])),
    )


def describe_exit(status: int) -> str:
    """Say how a process ended: its signal by name, or its exit status."""
    if status >= 0:
        return f"exit status {status}"
    return f"signal {signal.Signals(-status).name}"


def _reply_error(code: int, text: str) -> ParleyError:
    if code == wire.REFUSED:
        return QueryRefusedError(f"{text}.")
    if code == wire.TOO_LARGE:
        return ResultTooLargeError(
            f"The complete answer has more than the {text} allowed.",
            remedy="Ask for less, or use LIMIT.",
        )
    if code == wire.MISSING:
        return NotFoundError("There is no such graph.")
    if code == wire.TERM_TOO_LONG:
        return PayloadTooLargeError(
            f"A term of the document is longer than {MAX_TERM_BYTES:,} bytes.",
            remedy="Keep long texts in files, and put their addresses into the data.",
        )
    if code == wire.STORE_FAILED:
        return StoreError(f"The store failed: {text}.")
    return WorkerDiedError(
        f"The engine process failed: {text}.", remedy="Ask for less, or send less at a time."
    )


def _start(module: str, options: ChildOptions, channel_fd: int) -> subprocess.Popen[bytes]:
    boot = _BOOT.format(paths=_import_paths(), module=module)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-I", "-S", "-c", boot, f"channel={channel_fd}", *options.arguments()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[channel_fd],
        env={"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"},
    )


def _import_paths() -> list[str]:
    """Return where a bare interpreter finds this package and the engine's library.

    The same for a checkout, an editable and a plain install, and for a zipped environment's
    unpacked copy: the places the running interpreter imported them from.
    """
    found = importlib.util.find_spec("pyoxigraph")
    if found is None or found.origin is None:
        raise EngineError("The pyoxigraph package is not installed.")
    package = Path(__file__).resolve().parents[2]
    return list(dict.fromkeys([str(package), str(Path(found.origin).resolve().parents[1])]))


def remaining(deadline: float) -> float:
    """Return the seconds left until a moment of the monotonic clock, never below 0."""
    return max(0.0, deadline - time.monotonic())

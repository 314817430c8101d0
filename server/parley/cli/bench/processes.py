"""Start a server as a person would, wait until it says its address, and weigh its processes."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click
import psutil

from parley.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS: Final = re.compile(r"https?://[^\s]+")
_SAMPLE_S: Final = 0.05


@dataclass(slots=True)
class Server:
    """A server that is running: its address, how long it took, what its processes weigh."""

    process: psutil.Popen
    address: str
    ready_s: float
    peak_bytes: int

    def memory_bytes(self) -> int:
        """Return the proportional set size of the whole process tree, in bytes."""
        return tree_bytes(self.process)

    def cpu_s(self) -> float:
        """Return the CPU seconds the process tree has used so far."""
        return tree_cpu_s(self.process)


@contextmanager
def running(*arguments: str, limit_s: float = 120.0) -> Iterator[Server]:
    """Run ``parley serve`` with arguments until the block ends.

    Raises:
        EngineError: The server ended, or said no address, within the limit.
    """
    begin = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "-m", "parley", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with Peak(process) as peak:
            address = _read_address(process, limit_s)
            ready_s = time.perf_counter() - begin
        yield Server(process, address, ready_s, peak.bytes)
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def tree_bytes(process: psutil.Process, *, children_only: bool = False) -> int:
    """Return the proportional set size of a process and all below it, in bytes."""
    total = 0
    for member in _tree(process)[children_only:]:
        try:
            total += member.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def tree_cpu_s(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and all below it, those that have ended too.

    A query process that was slow is ended and replaced; what it used counts.
    """
    total = 0.0
    for member in _tree(process):
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _read_address(process: psutil.Popen, limit_s: float) -> str:
    said: list[str] = []
    timer = threading.Timer(limit_s, process.kill)
    timer.start()
    try:
        for line in process.stdout:
            said.append(line)
            if found := _ADDRESS.search(click.unstyle(line)):
                return found.group().rstrip("/.")
    finally:
        timer.cancel()
    raise EngineError(f"The server did not start: {''.join(said)[-2000:]}")


class Peak:
    """Sample the memory of a process tree in a thread while the block runs.

    With ``children_only`` the process itself does not count, but what it starts.
    """

    def __init__(self, process: psutil.Process, *, children_only: bool = False) -> None:
        self.bytes = 0
        self._process = process
        self._children_only = children_only
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(_SAMPLE_S):
            own = tree_bytes(self._process, children_only=self._children_only)
            self.bytes = max(self.bytes, own)

"""The box an engine process puts itself in: memory, files, network, priority.

Imported by the engine processes only, so it stays light.
"""

from __future__ import annotations

import os
import resource
import sys

#: System calls refused: socket, execve, execveat, io_uring_setup; by machine, with its audit code.
_REFUSED_CALLS = {
    "x86_64": (0xC000003E, (41, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 425)),
}
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2


def limit(*, memory_bytes: int, may_write: bool, niceness: int) -> None:
    """Limit address space and files, leave no core file, and give way to the server."""
    _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, 4096)
    if not may_write:
        _lower(resource.RLIMIT_FSIZE, 0)
    os.nice(niceness)


def close_network() -> str:
    """Take the network away for good; return how: ``seccomp``, ``namespace`` or nothing.

    Called before any thread starts. A seccomp filter needs no privilege; where the machine is
    not one we know the calls of, a network namespace of its own is tried.
    """
    if not sys.platform.startswith("linux"):
        return ""
    if _refuse_calls(os.uname().machine):
        return "seccomp"
    return "namespace" if _leave_network() else ""


def _lower(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (value, value))


def _refuse_calls(machine: str) -> bool:
    import ctypes
    import struct

    if machine not in _REFUSED_CALLS:
        return False
    audit, calls = _REFUSED_CALLS[machine]
    program = _filter_program(audit, calls)
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, head, 0, 0) == 0)


def _filter_program(audit: int, calls: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Write the filter: kill on a foreign architecture, EACCES for the calls, allow the rest."""
    load, equal, greater, answer = 0x20, 0x15, 0x35, 0x06
    allow, kill, refuse = 0x7FFF0000, 0x80000000, 0x00050000 | 13
    lines = [
        (load, 0, 0, 4),
        (equal, 1, 0, audit),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        # The x32 calls of an x86-64 kernel would go round the numbers below.
        (greater, len(calls) + 1, 0, 0x40000000),
    ]
    lines += [(equal, len(calls) - i, 0, call) for i, call in enumerate(calls)]
    return [*lines, (answer, 0, 0, allow), (answer, 0, 0, refuse)]


def _leave_network() -> bool:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    alone = libc.unshare(_CLONE_NEWNET) == 0
    return alone or bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)

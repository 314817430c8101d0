"""Run a module of this package in a process of its own, isolated, with a time limit.

Tools that cannot be stopped, or that leave state behind, run so: a child gets bytes on its
standard input and answers with bytes on its standard output.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.home import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Runs a module of the package that stands beside this one, installed or not; -I ignores the
#: working directory and PYTHON* variables.
_BOOT: Final = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); module = sys.argv.pop(1); "
    "runpy.run_module(module, run_name='__main__', alter_sys=True)"
)
_KEPT: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended: its exit status, what it wrote, and whether its time was up."""

    status: int
    output: bytes
    errors: str
    timed_out: bool


def run_module(
    module: str,
    arguments: tuple[str, ...],
    data: bytes,
    *,
    timeout_s: float,
    environ: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a module as a script with data on its standard input; kill it when its time is up.

    The child leads its own process group, so that what it started (a JVM) ends with it.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    command = [sys.executable, "-I", "-c", _BOOT, str(PACKAGE.parent), module, *arguments]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**kept, **(environ or {})},
        start_new_session=True,
    ) as process:
        timed_out = False
        try:
            output, errors = process.communicate(data, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
            os.killpg(process.pid, signal.SIGKILL)
            output, errors = process.communicate()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
    return Outcome(process.returncode, output, _text(errors), timed_out=timed_out)


def _text(errors: bytes) -> str:
    return errors.decode("utf-8", "replace").strip()

"""What all tests share: a skipped test fails the run where everything must run (``CI`` is set)."""

from __future__ import annotations

import os
from typing import Final

import pytest

#: A reason that starts so may be skipped anywhere: the thing tested against is no part of Parley.
OPTIONAL: Final = "optional:"

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note each skip and why."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(OPTIONAL):
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in which something that must run was skipped."""
    if os.environ.get("CI") and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which skips made the run fail."""
    if os.environ.get("CI") and _skipped:
        terminalreporter.section("skipped, and must run here", red=True)
        for line in _skipped:
            terminalreporter.line(line)

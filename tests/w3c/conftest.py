"""One endpoint for a whole run: our own, started empty and writable, or a given one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .client import Endpoint
from .earl import Report
from .expected_failures import EXPECTED_FAILURES
from .suite import Case, cases, root

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

#: Addresses that SERVICE and LOAD name in the suites; nobody answers there.
NAMED_ADDRESSES = (
    "http://invalid.endpoint.org/sparql,http://example.org/faraway,remote,"
    "somescheme://www.example.com/THIS-GRAPH-DOES-NOT-EXIST/"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests, and expect to fail those of the table, strictly."""
    for item in items:
        if "tests/w3c" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.w3c)
        case = getattr(item, "callspec", None) and item.callspec.params.get("case")  # type: ignore[attr-defined]
        if isinstance(case, Case) and case.iri in EXPECTED_FAILURES and not _given():
            item.add_marker(pytest.mark.xfail(reason=EXPECTED_FAILURES[case.iri], strict=True))


@pytest.fixture(autouse=True, scope="session")
def suites() -> None:
    """Skip loudly where the suites are not; in continuous integration that is a failure."""
    if root() is not None:
        return
    message = "THE W3C SUITES ARE NOT THERE: set PARLEY_W3C to the folder that holds sparql11/"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Yield the endpoint under test: ours, or the three addresses of PARLEY_W3C_ENDPOINT."""
    if _given():
        query, update, store = _given().split(",")
        given = Endpoint(query, update, store)
        yield given
        given.close()
        return
    log = tmp_path_factory.mktemp("w3c") / "server.log"
    process, address = start_server(log)
    ours = Endpoint(f"{address}/sparql", f"{address}/sparql", f"{address}/store")
    yield ours
    ours.close()
    assert process.stdout is not None
    process.stdout.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0, log.read_text(encoding="utf-8")


def start_server(log: Path) -> tuple[subprocess.Popen[str], str]:
    """Start an empty, writable server on a free port; return it and its address."""
    command = [
        sys.executable, "-m", "parley", "serve", "--empty", "--writable", "--port", "0",
        "--default-graph", "plain",
    ]  # fmt: skip
    environ = {
        **os.environ,
        "PARLEY_SERVICE_ALLOW": NAMED_ADDRESSES,
        "PARLEY_CLIENT_ENGINE_S": "100000",
        "PARLEY_RESULT_CACHE_BYTES": "0",
    }
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://[^\s/]+", line)
    assert found, f"{line!r}\n{log.read_text(encoding='utf-8')}"
    return process, found[0]


def _given() -> str:
    return os.environ.get("PARLEY_W3C_ENDPOINT", "")


_report = Report()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note the outcome of each W3C test for the report."""
    report = yield
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    if isinstance(case, Case) and report.when == "call":
        _report.add(case, passed=report.outcome == "passed" and not hasattr(report, "wasxfail"))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests of each kind passed, and write EARL when PARLEY_EARL names a file."""
    for line in _report.summary():
        terminalreporter.write_line(line)
    if path := os.environ.get("PARLEY_EARL"):
        _report.write(Path(path))


@pytest.fixture(scope="session")
def outcomes() -> Report:
    """Return the outcomes noted so far."""
    return _report


@pytest.fixture(scope="session")
def all_cases() -> tuple[Case, ...]:
    """Return every test of the suites."""
    return cases()

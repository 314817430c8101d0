"""What all tests share: a skipped test fails the run where everything must run (``CI`` is set)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from hypothesis import settings

from parley.build import pipeline
from parley.corpus import documents
from parley.engine.store import MemoryStore
from parley.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.build.pipeline import BuildResult
    from parley.corpus.documents import Document

ROOT: Final = Path(__file__).resolve().parents[1]
SECOND: Final = ROOT / "tests" / "cases" / "second-document"

#: A reason that starts so may be skipped anywhere: the thing tested against is no part of Parley.
OPTIONAL: Final = "optional:"

_skipped: list[str] = []

#: How long an example takes depends on the machine and what else it does: no test asserts it.
settings.register_profile("parley", deadline=None)
settings.load_profile("parley")


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


@pytest.fixture(scope="session")
def home() -> Home:
    """The home of the checkout; read only."""
    return Home(ROOT, "checkout")


@pytest.fixture(scope="session")
def document(home: Home) -> Document:
    """The shipped article."""
    return documents.read(home.documents / "iras-3036")


@pytest.fixture(scope="session")
def built(home: Home, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """A complete build of the checkout, the reasoner included."""
    return pipeline.build(home, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def dataset(built: BuildResult) -> bytes:
    """The built dataset as N-Quads."""
    return built.generation.dataset.read_bytes()


@pytest.fixture(scope="session")
def store(dataset: bytes) -> MemoryStore:
    """The built dataset, to be asked."""
    return MemoryStore.from_nquads(dataset)


@pytest.fixture
def editable(tmp_path: Path) -> Home:
    """A copy of the checkout's home with the second document, to be changed."""
    root = tmp_path / "home"
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(SECOND, root / "data" / "documents" / SECOND.name)
    return Home(root)


@pytest.fixture
def edit(editable: Home) -> Callable[[str, str, str], Path]:
    """A function that replaces words in a file of the editable home; they must be there."""

    def replace(file: str, old: str, new: str) -> Path:
        path = editable.root / file
        text = path.read_bytes().decode("utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode("utf-8"))
        return path

    return replace


@pytest.fixture
def runner() -> CliRunner:
    """What runs a command as a user would."""
    return CliRunner()

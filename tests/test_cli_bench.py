"""Benchmarks whose libraries are not installed say so."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import psutil
import pytest

from parley.cli import bench, cli
from parley.cli.bench.processes import tree_cpu_s
from parley.errors import InputError

if TYPE_CHECKING:
    from click.testing import CliRunner


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no benchmark be imported, as in an installation without the extra."""

    def fail(name: str) -> None:
        if name.startswith("parley.cli.bench."):
            raise ModuleNotFoundError("No module named 'psutil'", name="psutil")

    monkeypatch.setattr(importlib, "import_module", fail)


@pytest.mark.usefixtures("without")
def test_help_lists_benchmarks_that_are_not_installed(runner: CliRunner) -> None:
    """The list is whole, and says what to install."""
    result = runner.invoke(bench.bench, ["--help"])

    assert result.exit_code == 0
    assert all(name in result.output for name in bench.BENCHES)
    assert result.output.count("Not installed: psutil, of the extra bench.") == len(bench.BENCHES)


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("arguments", [[], ["--clients", "3"]])
def test_a_benchmark_that_is_not_installed_says_what_it_wants(
    runner: CliRunner, arguments: list[str]
) -> None:
    """The library and the command that brings it, not a traceback."""
    result = runner.invoke(bench.bench, ["endpoint", *arguments])

    assert isinstance(result.exception, InputError)
    assert "psutil" in result.exception.message
    assert "parley-claims[bench]" in result.exception.remedy


def test_every_command_has_help(runner: CliRunner) -> None:
    """Each command of every group explains itself in a sentence."""
    for name in [*bench.BENCHES]:
        assert "Usage" in runner.invoke(cli, ["bench", name, "--help"]).output


def test_cpu_of_processes_that_have_ended_counts() -> None:
    """A query process that is ended for being slow takes its CPU time into the figure with it."""
    burn = "sum(range(5_000_000))"
    parent = (
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', {burn!r}], check=True); "
        "print('done', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", parent]
    with psutil.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        timer = threading.Timer(60, process.kill)
        timer.start()
        assert process.stdout.readline() == b"done\n"
        timer.cancel()
        own = process.cpu_times()
        assert tree_cpu_s(process) >= own.user + own.system + 0.03
        process.kill()

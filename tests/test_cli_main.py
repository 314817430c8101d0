"""What every command has in common: errors on one line, colours only where they are wanted."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from parley import cli as commands
from parley.cli import COMMANDS, cli, main
from parley.cli._words import counted
from parley.errors import InputError, QueryFileError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner


def fail(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command line so that a command raises an error."""

    @click.command()
    def failing() -> None:
        raise error

    monkeypatch.setattr(commands, "cli", failing)
    monkeypatch.setattr(sys, "argv", ["parley"])
    main()


def on_terminal(environ: dict[str, str]) -> bytes:
    """Return what a failing command shows on a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "parley", "where", "--home", "/nowhere"]
    subprocess.run(command, stderr=theirs, env={**os.environ, **environ}, check=False, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65_536)
    os.close(ours)
    return shown


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(runner: CliRunner, name: str) -> None:
    """In a sentence, and with every option explained."""
    result = runner.invoke(cli, [name, "--help"])

    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_an_error_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback; the exit status is 1."""
    with pytest.raises(SystemExit) as caught:
        fail(InputError("The colour is wrong.", remedy="Take another."), monkeypatch)

    assert caught.value.code == 1
    assert capsys.readouterr().err == (
        "The input is wrong. The colour is wrong.\n  → Take another.\n"
    )


def test_a_file_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the disk refuses, wherever it was asked."""
    with pytest.raises(SystemExit) as caught:
        fail(PermissionError(13, "Permission denied", "/data/x.ttl"), monkeypatch)

    assert caught.value.code == 1
    assert capsys.readouterr().err == "A file cannot be used. /data/x.ttl: Permission denied.\n"


def test_an_error_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system that names no file is a fault of the program."""
    with pytest.raises(OSError, match="what"):
        fail(OSError("what"), monkeypatch)


def test_colours_are_left_out_when_nobody_wants_them() -> None:
    """As https://no-color.org says."""
    assert b"\x1b[" in on_terminal({"NO_COLOR": ""})
    assert b"\x1b[" not in on_terminal({"NO_COLOR": "1"})
    assert b"No home" in on_terminal({"NO_COLOR": "1"})


def test_a_query_file_that_is_not_there_is_named_once(runner: CliRunner, tmp_path: Path) -> None:
    """In words, without the number of the system's error."""
    result = runner.invoke(cli, ["query", str(tmp_path / "no.rq")])

    assert isinstance(result.exception, QueryFileError)
    assert result.exception.message.endswith("no.rq cannot be read: No such file or directory.")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1234, "1,234 files")]
)
def test_a_number_stands_with_its_noun(count: int, said: str) -> None:
    """One of a thing is not many."""
    assert counted(count, "file") == said

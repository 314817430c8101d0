"""What ``parley serve`` does at the start when the home does not build."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from parley.engine import store

from .conftest import start

if TYPE_CHECKING:
    from pathlib import Path

QUAD = "<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A home whose ontology does not parse."""
    for folder in ("ontology", "data", "queries"):
        (tmp_path / "home" / folder).mkdir(parents=True)
    (tmp_path / "home/ontology/parley.ttl").write_text("this is no Turtle", encoding="utf-8")
    return tmp_path / "home"


def make_build(out: Path) -> None:
    """Publish a build of another home by hand."""
    directory = out / "generations" / "0123456789abcdef"
    directory.mkdir(parents=True)
    (directory / "dataset.nq").write_text(QUAD, encoding="utf-8")
    (directory / "manifest.json").write_text('{"fingerprint": "of another"}', encoding="utf-8")
    store.create(directory / "store", directory / "dataset.nq")
    (out / "current").symlink_to(directory.relative_to(out))


def test_a_home_that_does_not_build_takes_nothing_off_the_air(broken: Path, tmp_path: Path) -> None:
    """The build before is served, with a warning that says so and what to do."""
    make_build(tmp_path / "out")

    server = start(tmp_path / "log", "--home", str(broken), "--store", str(tmp_path / "out"))
    _, _, body = server.send("GET", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    status = server.stop()

    log = server.log.read_text(encoding="utf-8")
    assert (json.loads(body)["boolean"], status) == (True, 0)
    assert "parley.ttl" in log
    assert log.count("WARNING") == 3
    assert "the last good build is served, 0123456789abcdef of " in log


def test_without_a_good_build_there_is_nothing_to_serve(broken: Path, tmp_path: Path) -> None:
    """The first start of a home that does not build ends with the build's own words."""
    command = [sys.executable, "-m", "parley", "serve", "--port", "0", "--home", str(broken)]
    command += ["--store", str(tmp_path / "out")]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "parley.ttl" in done.stderr
    assert "WARNING" not in done.stderr


def test_writing_without_a_token_is_said_at_the_start(tmp_path: Path) -> None:
    """Whoever may use this machine may write then."""
    server = start(tmp_path / "log", "--empty", "--writable")
    server.stop()

    assert "PARLEY_TOKEN is not set" in server.log.read_text(encoding="utf-8")

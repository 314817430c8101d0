"""``parley review`` from the outside: what it refuses, whom it lets in, how it ends."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from parley.cli.review import default_curator
from parley.cli.review import review as command
from parley.drafting.review.changes import Change
from parley.errors import DocumentError, HomeNotFoundError, SettingError, TermError

from .conftest import CLAIM, SLUG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from parley.drafting.review.reviews import Review
    from parley.home import Home


@pytest.fixture
def running(drafted: Home) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A review in a process of its own, and the address that it has printed."""
    arguments = ["review", SLUG, "--home", str(drafted.root), "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "parley", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def run(home: Path, *arguments: str) -> None:
    """Run the command in this process; what is wrong is raised."""
    CliRunner().invoke(
        command, [*arguments, "--home", str(home), "--no-browser"], catch_exceptions=False
    )


def status(port: int, path: str, host: str) -> int:
    """Ask the review for a path by a name of its host, and return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status


def test_an_unknown_document_is_refused_with_those_there_are(drafted: Home) -> None:
    """The remedy lists the documents of the home."""
    with pytest.raises(DocumentError, match="no document 'nowhere'") as told:
        run(drafted.root, "nowhere")

    assert told.value.remedy == f"There are: iras-3036, {SLUG}."


@pytest.mark.parametrize("slug", ["../iras-3036", "No Slug", "", "a/b"])
def test_what_is_no_slug_is_refused(drafted: Home, slug: str) -> None:
    """No name leads out of the folder of documents."""
    with pytest.raises(TermError):
        run(drafted.root, slug)


def test_a_home_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the folder that was looked at."""
    with pytest.raises(HomeNotFoundError, match="nothing-here"):
        run(tmp_path / "nothing-here", SLUG)


def test_a_port_that_is_taken_is_refused(drafted: Home) -> None:
    """With its number, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=f"127.0.0.1:{port}: .*in use") as told:
            run(drafted.root, SLUG, "--port", str(port))

    assert "--port" in told.value.remedy


def test_no_other_host_can_be_named(drafted: Home) -> None:
    """There is no way to open a review to the network."""
    result = CliRunner().invoke(
        command,
        [SLUG, "--home", str(drafted.root), "--no-browser", "--host", "0.0.0.0"],  # noqa: S104
    )

    assert result.exit_code == 2
    assert "No such option" in result.output


def test_only_this_machine_with_the_key_is_let_in(
    running: tuple[subprocess.Popen[str], str],
) -> None:
    """Without the key 401, by another name 403, at another address of this machine nobody."""
    process, address = running
    page = address.partition("#")[0]
    port = int(page.split(":")[2].partition("/")[0])
    path = f"/review/{SLUG}"
    found = [
        status(port, path, f"127.0.0.1:{port}"),
        status(port, f"{path}/state", f"127.0.0.1:{port}"),
        status(port, f"{path}/state", f"evil.example:{port}"),
    ]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=30)
    process.send_signal(signal.SIGINT)

    assert found == [200, 401, 403]
    assert page == f"http://127.0.0.1:{port}/review/{SLUG}"
    assert process.wait(timeout=60) == 0


def test_rules_are_told_with_how_they_have_done(review: Review, drafted: Home) -> None:
    """One line for each rule: accepted, edited, rejected."""
    for act, key in (("accept", "4a"), ("reject", "5a")):
        review.decide(review.state().revision, act, f"{CLAIM}{key}", Change())
    told = CliRunner().invoke(command, [SLUG, "--home", str(drafted.root), "--rules"])

    assert told.output.splitlines() == ["rule\taccepted\tedited\trejected", "verb.that\t1\t0\t1"]


def test_the_curator_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else by the login name."""
    monkeypatch.setenv("PARLEY_CURATOR", "Jane Roe")
    named = default_curator()
    monkeypatch.delenv("PARLEY_CURATOR")

    assert named == "Jane Roe"
    assert default_curator()

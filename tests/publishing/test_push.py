"""Publishing to a real server: whole, verified, resumable, and back with the same content."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from parley.cli.publish import publish
from parley.config import Settings
from parley.engine.convert import canonical, fold
from parley.engine.remote import RemoteEngine
from parley.errors import ParleyError, RemoteEngineError, RemoteRefusedError
from parley.publishing.push import TEMPORARY, pull, push, split
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.engine.types import Update
    from parley.home import Home

MINIMUM = (
    b'<http://e/s> <http://e/p> "1" <https://w3id.org/parley/graph/a> .\n'
    b"<http://e/s> <http://e/p> _:b <https://w3id.org/parley/graph/b> .\n"
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A fresh Oxigraph server on a free port."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "the package oxigraph is not installed"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "serve", "--location", str(tmp_path / "db"), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    _wait(f"{url}/query?query=ASK%7B%7D")
    yield url
    process.terminate()
    process.wait(20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        threading.Event().wait(0.05)
    pytest.fail(f"{url} does not answer")


def open_engine(address: str, **headers: str) -> RemoteEngine:
    """Open an Oxigraph server as a remote engine."""
    return RemoteEngine(
        f"{address}/query",
        Settings(),
        update_url=f"{address}/update",
        store_url=f"{address}/store",
        headers=headers,
    )


@pytest.fixture
def engine(address: str) -> RemoteEngine:
    """The server as an engine."""
    return open_engine(address)


def test_what_was_published_comes_back_the_same(engine: RemoteEngine, nquads: bytes) -> None:
    """Back from the server, the dataset has the same canonical N-Quads, numbers folded."""
    push(engine, nquads)

    back = pull(engine, list(split(nquads)))

    assert canonical(back) == canonical(fold(nquads))


def test_publishing_again_sends_nothing(engine: RemoteEngine, nquads: bytes) -> None:
    """A second run finds every graph in its place."""
    push(engine, nquads)

    assert {graph.state for graph in push(engine, nquads)} == {"unchanged"}


def test_a_broken_run_goes_on_where_it_stopped(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graphs that stand verified under temporary names are not sent again."""

    def fail(_update: Update) -> None:
        raise RemoteEngineError("The line broke.")

    with monkeypatch.context() as broken:
        broken.setattr(engine, "update", fail)
        with pytest.raises(RemoteEngineError, match="line broke"):
            push(engine, MINIMUM)
    in_place = [engine.has_graph(name) for name in split(MINIMUM)]

    assert in_place == [False, False]
    assert [graph.state for graph in push(engine, MINIMUM)] == ["resumed", "resumed"]
    assert not engine.has_graph(f"{TEMPORARY}a")


def test_half_a_graph_of_an_earlier_run_is_replaced(engine: RemoteEngine) -> None:
    """What stands under a temporary name and is not the graph is sent anew."""
    engine.put_graph(f"{TEMPORARY}a", b"<http://e/half> <http://e/p> <http://e/o> .", "text/turtle")
    push(engine, MINIMUM)

    assert canonical(pull(engine, list(split(MINIMUM)))) == canonical(MINIMUM)


def test_a_graph_is_replaced_and_others_are_left_alone(engine: RemoteEngine) -> None:
    """Old triples of a published graph go; a graph of somebody else stays."""
    other = "http://e/other"
    engine.put_graph(other, b"<http://e/s> <http://e/p> <http://e/o> .", "text/turtle")
    push(engine, MINIMUM)
    changed = MINIMUM.replace(b'"1"', b'"2"')
    states = [graph.state for graph in push(engine, changed)]

    assert states == ["sent", "unchanged"]
    assert canonical(pull(engine, list(split(changed)))) == canonical(changed)
    assert engine.has_graph(other)


def test_a_server_that_keeps_something_else_is_found_out(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that loses a triple fails the run, and nothing is moved into place."""
    put = engine.put_graph

    def lose(name: str | None, _body: bytes, media_type: str, **_options: str | None) -> bool:
        return put(name, b"", media_type)

    monkeypatch.setattr(engine, "put_graph", lose)

    with pytest.raises(ParleyError):
        push(engine, MINIMUM)
    assert not engine.has_graph("https://w3id.org/parley/graph/a")


def test_a_server_that_is_down_is_said() -> None:
    """Nobody at the address: an error of the remote engine, ours in form."""
    with pytest.raises(RemoteEngineError, match="failed"):
        push(open_engine("http://127.0.0.1:9"), MINIMUM)


class _Guarded(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def test_a_wrong_token_is_said() -> None:
    """A server that answers 401 gives our error on tokens."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Guarded) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            engine = open_engine(
                f"http://127.0.0.1:{server.server_port}", Authorization="Bearer wrong"
            )
            with pytest.raises(RemoteRefusedError, match="token"):
                push(engine, MINIMUM)
        finally:
            server.shutdown()
            thread.join()


def test_the_command_publishes_and_the_pages_answer_in_front(
    address: str, store: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``parley publish`` loads the server; the application over it shows pages and answers."""
    generation = next((store / "generations").iterdir())
    monkeypatch.setattr(
        "parley.cli.publish.current_generation",
        lambda *_: type("Built", (), {"dataset": generation / "dataset.nq", "id": generation.name}),
    )
    done = CliRunner().invoke(publish, ["--to", f"{address}/query"])
    client = create_app(
        RemoteEngine(f"{address}/query?union-default-graph", Settings()), Settings(), home
    ).test_client()
    answer = client.get("/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D&format=json")

    assert done.exit_code == 0, done.output
    assert "verified" in done.output
    assert answer.get_json()["boolean"] is True
    assert client.get("/").status_code == 200

"""Publishing is whole, verified and resumable, and says what is wrong with a server."""

from __future__ import annotations

import http.server
import re
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from parley import cli
from parley.cli.bench.publish import publish as bench_publish
from parley.cli.publish import open_server, publish
from parley.engine.convert import canonical
from parley.engine.settled import DRAFTS
from parley.engine.transport import Credentials, Transport
from parley.engine.types import Update, Upload
from parley.errors import (
    ParleyError,
    QuerySyntaxError,
    RemoteDeadlineError,
    RemoteEngineError,
    RemoteRefusedError,
)
from parley.publishing.push import LEDGER, TEMPORARY, pull, push
from parley.publishing.server import Server

from . import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from parley.engine.remote import RemoteEngine
    from parley.engine.transport import Reply

    from .engines import Address

GRAPH = "https://w3id.org/parley/graph"
OLD = (
    f'<http://e/s> <http://e/p> "1" <{GRAPH}/a> .\n'
    f"<http://e/s> <http://e/p> _:b <{GRAPH}/b> .\n"
).encode()  # fmt: skip
NEW = (
    f'<http://e/s> <http://e/p> "2" <{GRAPH}/a> .\n'
    f"<http://e/s> <http://e/q> _:b <{GRAPH}/c> .\n"
).encode()  # fmt: skip
Send = "Callable[..., Reply]"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """An Oxigraph server for this module."""
    with engines.oxigraph(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture
def engine(address: Address) -> Iterator[RemoteEngine]:
    """The server as an engine; it is emptied afterwards."""
    yield address.open()
    address.open().update(Update("DROP ALL"))


@pytest.fixture
def break_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, bool], None]:
    """A function that makes the line break at a request, before the server sees it or after."""
    send = Transport.send

    def prepare(number: int, done: bool) -> None:
        made = 0

        def break_off(self: Transport, *arguments: object) -> Reply:
            nonlocal made
            made += 1
            if made == number and done:
                send(self, *arguments)  # type: ignore[arg-type]
            if made >= number:
                raise RemoteEngineError("The line broke.")
            return send(self, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Transport, "send", break_off)

    return prepare


@pytest.mark.parametrize("done", [False, True], ids=["unseen", "unanswered"])
def test_a_break_at_any_request_leaves_the_old_or_the_new(
    address: Address,
    engine: RemoteEngine,
    monkeypatch: pytest.MonkeyPatch,
    break_at: Callable[[int, bool], None],
    done: bool,
) -> None:
    """Wherever a run breaks off, readers see one dataset or the other; the next run ends it."""
    states, number, broken = set(), 0, True
    while broken:
        push(address.open(), OLD)
        number += 1
        with monkeypatch.context():
            break_at(number, done)
            try:
                push(address.open(), NEW)
                broken = False
            except RemoteEngineError:
                broken = True
            monkeypatch.undo()
        found = canonical(pull(address.open()))
        states.add(found)
        assert found in (canonical(OLD), canonical(NEW)), number
        push(address.open(), NEW)
        assert canonical(pull(address.open())) == canonical(NEW), number
        assert not any(map(engine.has_graph, (LEDGER, f"{TEMPORARY}a", f"{GRAPH}/b"))), number

    assert states == {canonical(OLD), canonical(NEW)}
    assert number > 10


def test_a_broken_run_goes_on_where_it_stopped(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graphs that stand verified under temporary names are not sent again."""

    def fail(_update: Update) -> None:
        raise RemoteEngineError("The line broke.")

    with monkeypatch.context() as broken:
        broken.setattr(engine, "update", fail)
        with pytest.raises(RemoteEngineError, match="line broke"):
            push(engine, OLD)
    in_place = [engine.has_graph(f"{GRAPH}/{name}") for name in "ab"]

    assert in_place == [False, False]
    assert [graph.state for graph in push(engine, OLD)] == ["resumed", "resumed"]
    assert not engine.has_graph(f"{TEMPORARY}a")


def test_half_a_graph_of_an_earlier_run_is_replaced(engine: RemoteEngine) -> None:
    """What stands under a temporary name and is not the graph is sent anew."""
    engine.put_graph(
        f"{TEMPORARY}a", Upload(b"<http://e/half> <http://e/p> <http://e/o> .", "text/turtle")
    )
    push(engine, OLD)

    assert canonical(pull(engine)) == canonical(OLD)


def test_what_a_run_for_another_dataset_left_is_swept(
    engine: RemoteEngine, break_at: Callable[[int, bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary graphs that the dataset of today has no use for go with the next run."""

    def fail(_self: RemoteEngine, _update: Update) -> None:
        raise RemoteEngineError("The line broke.")

    with monkeypatch.context() as broken:
        broken.setattr(type(engine), "update", fail)
        with pytest.raises(RemoteEngineError):
            push(engine, OLD)
    assert engine.has_graph(f"{TEMPORARY}b")
    push(engine, NEW)

    assert not engine.has_graph(f"{TEMPORARY}b")


def test_a_graph_that_the_dataset_never_had_is_left_alone(engine: RemoteEngine) -> None:
    """Only graphs that a publication recorded are removed, whatever they are called."""
    engine.put_graph(
        f"{GRAPH}/mine", Upload(b"<http://e/s> <http://e/p> <http://e/o> .", "text/turtle")
    )
    push(engine, OLD)
    push(engine, NEW)

    assert engine.has_graph(f"{GRAPH}/mine")
    assert not engine.has_graph(f"{GRAPH}/b")


@pytest.mark.parametrize("by_update", [False, True], ids=["by-store", "by-update"])
def test_a_server_without_move_is_published_to(
    address: Address, engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch, by_update: bool
) -> None:
    """Where MOVE is refused, triples are copied to their places."""
    update = type(engine).update
    asked = []

    def refuse(self: RemoteEngine, wanted: Update) -> None:
        asked.append(wanted.text)
        if "MOVE" in wanted.text:
            raise QuerySyntaxError("What is MOVE?")
        update(self, wanted)

    monkeypatch.setattr(type(engine), "update", refuse)
    for dataset in (OLD, NEW):
        push(address.open(by_update=by_update), dataset)

        assert canonical(pull(engine)) == canonical(dataset)
    assert any("MOVE" in text for text in asked)


def test_a_server_without_graph_store_takes_updates(address: Address, engine: RemoteEngine) -> None:
    """An address that is no Graph Store is found out before anything is sent to it."""
    without = open_server(address.query, store_url="nothing-here")
    push(without, OLD)

    assert not without.has_store
    assert canonical(pull(engine)) == canonical(OLD)


def test_a_server_that_takes_little_at_a_time_gets_little(
    address: Address, engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that is refused as too large is halved until it is taken."""
    update = type(engine).update
    sizes = []

    def refuse(self: RemoteEngine, wanted: Update) -> None:
        if len(wanted.text) > 2_000:
            raise QuerySyntaxError("The text has exceeded 10000 lines of code.")
        sizes.append(len(wanted.text))
        update(self, wanted)

    monkeypatch.setattr(type(engine), "update", refuse)
    lines = [f'<http://e/{n}> <http://e/p> "{n}" <{GRAPH}/a> .\n' for n in range(200)]
    dataset = "".join(lines).encode()
    push(address.open(by_update=True), dataset)

    assert canonical(pull(engine)) == canonical(dataset)
    assert max(sizes) > 500


def test_an_answer_that_the_server_cuts_is_read_in_pages(
    address: Address, engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph larger than the server's longest answer is read whole all the same."""
    monkeypatch.setattr("parley.publishing.server.PAGE_ROWS", 7)
    lines = [f"<http://e/{n % 5}> <http://e/p> _:b{n} <{GRAPH}/a> .\n" for n in range(40)]
    dataset = "".join(lines).encode()
    push(engine, dataset)
    ask = Server._ask

    def cut(self: Server, text: str, form: str, name: str) -> bytes:
        body = ask(self, text, form, name)
        return body if form == "SELECT" else b"".join(body.splitlines(keepends=True)[:9])

    monkeypatch.setattr(Server, "_ask", cut)

    assert canonical(pull(address.open(by_update=True))) == canonical(dataset)


def test_a_server_that_keeps_something_else_is_found_out(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that alters a triple fails the run with the triple; nothing is moved into place."""
    put = engine.put_graph

    def alter(name: str, upload: Upload) -> bool:
        return put(name, replace(upload, body=upload.body.replace(b'"1"', b'"one"')))

    monkeypatch.setattr(engine, "put_graph", alter)

    with pytest.raises(RemoteEngineError, match=r'missing: .*"1".* instead: .*"one"'):
        push(engine, OLD)
    assert not engine.has_graph(f"{GRAPH}/a")


class _Answering(http.server.BaseHTTPRequestHandler):
    status: int
    release: threading.Event

    def respond(self) -> None:
        """Answer with one status, or not at all while nobody releases it."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.status:
            self.release.wait(20)
            self.close_connection = True
            return
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_PUT = do_POST = do_HEAD = respond  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def bad_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that answers everything with one status, or nothing with 0."""
    release = threading.Event()
    handler = type("Bound", (_Answering,), {"status": request.param, "release": release})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/query"
        release.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("bad_server", "error", "words"),
    [
        (401, RemoteRefusedError, "refuses who asks.*PARLEY_TOKEN"),
        (403, RemoteRefusedError, "refuses who asks.*PARLEY_TOKEN"),
        (500, RemoteEngineError, "answered 500"),
        (302, RemoteEngineError, "redirects are not followed"),
        (0, RemoteDeadlineError, "0.3 seconds.*more time"),
    ],
    indirect=["bad_server"],
)
def test_what_is_wrong_with_a_server_is_said(
    bad_server: str, error: type[ParleyError], words: str
) -> None:
    """A wrong token, a broken server and a slow one each have an error with its remedy."""
    credentials = Credentials(token="wrong")  # noqa: S106
    engine = open_server(bad_server, credentials=credentials, timeout_s=0.3)
    with pytest.raises(error) as caught:
        push(engine, OLD)

    assert re.search(words, str(caught.value))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A build for the command to publish."""
    (tmp_path / "dataset.nq").write_bytes(OLD)
    generation = type("Built", (), {"dataset": tmp_path / "dataset.nq", "id": "0123abcd"})
    monkeypatch.setattr("parley.cli.publish.current_generation", lambda *_: generation)


def test_the_command_says_what_it_did(address: Address, engine: RemoteEngine, built: None) -> None:
    """``parley publish`` names each graph, the build and the number of triples."""
    done = CliRunner().invoke(publish, address.options())

    assert done.exit_code == 0, done.output
    assert f"{GRAPH}/a" in done.stderr
    assert done.stdout == "Published 0123abcd: 2 triples in 2 graphs, verified\n"
    assert canonical(pull(engine)) == canonical(OLD)


@pytest.mark.parametrize("wanted", [False, True], ids=["by default", "on purpose"])
def test_drafts_are_published_on_purpose_only(
    address: Address, engine: RemoteEngine, built: None, tmp_path: Path, *, wanted: bool
) -> None:
    """Other servers read all graphs as one; there a draft would pass for a reviewed claim."""
    draft = f'<http://e/s> <http://e/p> "a <{DRAFTS}x>" <{DRAFTS}x> .\n'.encode()
    (tmp_path / "dataset.nq").write_bytes(OLD + draft)
    options = [*address.options(), *["--with-drafts"] * wanted]
    done = CliRunner().invoke(publish, options)

    assert done.exit_code == 0, done.output
    assert canonical(pull(engine)) == canonical(OLD + draft * wanted)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--to", "http://127.0.0.1:9/query"], "Check that it runs, and its address"),
        (["--to", "ftp://e/query"], "is not the address of an engine"),
    ],
    ids=["down", "no-address"],
)
def test_the_command_fails_with_a_remedy(
    built: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    words: str,
) -> None:
    """What goes wrong is one message on standard error and exit status 1."""
    monkeypatch.setattr(sys, "argv", ["parley", "publish", *options])
    with pytest.raises(SystemExit) as left:
        cli.main()

    assert left.value.code == 1
    assert words in " ".join(capsys.readouterr().err.split())


def test_the_bench_says_triples_per_second(
    address: Address, engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``parley bench publish`` times a first publication, none, and one graph; all verified."""
    (tmp_path / "dataset.nq").write_bytes(OLD)
    generation = type("Built", (), {"dataset": tmp_path / "dataset.nq", "id": "0123abcd"})
    monkeypatch.setattr("parley.cli.bench.publish.current_generation", lambda *_: generation)
    done = CliRunner().invoke(bench_publish, address.options())
    lines = done.stdout.splitlines()

    assert [re.sub(r"\s+[\d,.]+ triples/s  [\d.]+ s ", "", line) for line in lines] == [
        "first time 2 triples, 2 sent",
        "unchanged 2 triples, 0 sent",
        "one changed 3 triples, 1 sent",
    ]

"""The engine processes' own code, run in this process: requests, replies, frames, the box."""

from __future__ import annotations

import os
import resource
import socket
import struct
import threading
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from parley.engine import box, wire, worker, writer
from parley.engine.worker import Reader, answer
from parley.engine.writer import Writer

from .conftest import JSON, make_nquads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SELECT = "SELECT ?o { ?s ?p ?o }"


def query_fields(text: str, media_type: str = JSON, *, rows: int = 100) -> list[bytes]:
    """Return the fields of a query request on the union."""
    limits = wire.LIMITS.pack(True, False, False, 10_000, rows)
    return [text.encode(), media_type.encode(), b"", b"", b"", b"", limits]


@pytest.fixture
def nquads(tmp_path: Path) -> Path:
    """Twenty quads in a file."""
    path = tmp_path / "dataset.nq"
    path.write_text(make_nquads(10, 2), encoding="utf-8")
    return path


@pytest.fixture
def reader(nquads: Path) -> Reader:
    """A reader that holds the twenty quads."""
    made = Reader()
    made.open([str(nquads).encode(), b"nquads"])
    return made


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """A writer on an empty working copy."""
    made = Writer()
    made.open([str(tmp_path / "work").encode(), b"", b"empty"])
    return made


@pytest.mark.parametrize(
    ("code", "fields", "status"),
    [
        (wire.QUERY, query_fields(SELECT), wire.DONE),
        (wire.QUERY, query_fields("ASK {}"), wire.DONE),
        (wire.QUERY, query_fields("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"), wire.DONE),
        (
            wire.QUERY,
            query_fields("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples"),
            wire.DONE,
        ),
        (wire.QUERY, query_fields(SELECT, rows=19), wire.TOO_LARGE),
        (
            wire.QUERY,
            query_fields("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle", rows=19),
            wire.TOO_LARGE,
        ),
        (
            wire.QUERY,
            query_fields("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", rows=19),
            wire.TOO_LARGE,
        ),
        (wire.QUERY, query_fields("SELECT * { ?a ?b ?c . ?d ?e ?f }"), wire.TOO_LARGE),
        (wire.QUERY, query_fields("SELECT"), wire.SYNTAX),
        (wire.QUERY, query_fields("SELECT (<a:f>(1) AS ?x) {}"), wire.REFUSED),
        (wire.QUERY, query_fields("ASK { SERVICE <http://127.0.0.1:1/> {} }"), wire.STORE_FAILED),
        (wire.GRAPH, [b"http://e/g0", b"text/turtle", query_fields("")[6]], wire.DONE),
        (wire.GRAPH, [b"", b"text/turtle", query_fields("")[6]], wire.DONE),
        (wire.GRAPH, [b"http://e/none", b"text/turtle", query_fields("")[6]], wire.MISSING),
        (wire.HAS_GRAPH, [b"http://e/g0"], wire.DONE),
        (wire.HAS_GRAPH, [b""], wire.DONE),
        (wire.HAS_GRAPH, [b"http://e/none"], wire.MISSING),
        (wire.PARSE, [b"<a:a> <a:b> 1 .", b"text/turtle", b""], wire.DONE),
        (wire.PARSE, [b"nonsense", b"text/turtle", b""], wire.SYNTAX),
        (wire.OPEN, [b"/nowhere", b"store"], wire.STORE_FAILED),
    ],
)
def test_a_reader_answers_every_request(
    reader: Reader, code: int, fields: list[bytes], status: int
) -> None:
    """Each request has a reply, and what the library raises becomes one."""
    assert answer(reader.handlers, code, fields)[0] == status


@pytest.mark.parametrize(
    ("text", "media_type"),
    [(SELECT, None), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
     ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")],
)  # fmt: skip
def test_an_answer_over_the_limit_names_the_limit(
    reader: Reader, text: str, media_type: str | None
) -> None:
    """Who asks learns how much would have been an answer."""
    fields = query_fields(text, *([media_type] if media_type else []), rows=19)

    assert answer(reader.handlers, wire.QUERY, fields) == (wire.TOO_LARGE, [b"19 rows"])


def test_a_query_of_a_named_dataset_reads_it(reader: Reader) -> None:
    """The graphs of the request are passed to the library."""
    fields = query_fields(SELECT)
    fields[3] = wire.pack_list(["http://e/g0", "http://e/g1"])
    fields[6] = wire.LIMITS.pack(False, True, True, 10_000, 100)
    _, (_, measures) = answer(reader.handlers, wire.QUERY, fields)

    assert wire.MEASURES.unpack(measures)[0] == 14


def test_memory_and_other_faults_are_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library may raise besides does not end the loop."""

    def fail(fields: list[bytes]) -> worker.Reply:
        raise MemoryError

    assert answer({1: fail}, 1, []) == (wire.FAILED, [b"out of memory"])


def test_an_error_while_serialising_is_not_taken_for_a_cap() -> None:
    """Only when the cap was reached is the answer too large."""

    def fail() -> None:
        raise ValueError("no such format")

    with pytest.raises(ValueError, match="no such format"):
        worker._guarded(worker.CappedWriter(10), fail)


def test_a_writer_answers_every_request(written: Writer, tmp_path: Path) -> None:
    """Updates, graphs, the dump and the commit."""
    handlers = written.handlers

    assert answer(handlers, wire.UPDATE, [b"INSERT DATA { <a:a> <a:b> 1 }", b""])[0] == wire.DONE
    graph = [b"a:g", b"<a:a> <a:b> <a:c> .\n", b"replace"]
    assert answer(handlers, wire.WRITE_GRAPH, graph) == (wire.DONE, [b"created"])
    assert answer(handlers, wire.WRITE_GRAPH, graph) == (wire.DONE, [b""])
    assert answer(handlers, wire.WRITE_GRAPH, [b"", graph[1], b""]) == (wire.DONE, [b""])
    assert answer(handlers, wire.DUMP, [])[1][0].count(b"\n") == 3
    assert answer(handlers, wire.DELETE_GRAPH, [b"a:g"])[0] == wire.DONE
    assert answer(handlers, wire.DELETE_GRAPH, [b"a:g"])[0] == wire.MISSING
    assert answer(handlers, wire.DELETE_GRAPH, [b""])[0] == wire.DONE
    state = tmp_path / "state"
    assert answer(handlers, wire.COMMIT, [str(state).encode()])[0] == wire.DONE
    assert len(ox.Store.read_only(str(state))) == 0


@pytest.mark.parametrize(("kind", "name"), [("nquads", "dataset.nq"), ("store", "first")])
def test_a_working_copy_starts_from_a_state(
    tmp_path: Path, nquads: Path, kind: str, name: str
) -> None:
    """From a file, or from a store, which stays as it is."""
    first = ox.Store(str(tmp_path / "first"))
    first.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    first.flush()
    del first
    made = Writer()
    made.open([str(tmp_path / "work").encode(), str(tmp_path / name).encode(), kind.encode()])

    assert made.dump([])[1][0].count(b"\n") == 20


@pytest.fixture
def channel() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("sizes", [(), (0,), (1, 0, 70_000), (200_000, 5)], ids=str)
def test_frames_arrive_as_they_were_sent(
    channel: tuple[socket.socket, socket.socket], sizes: tuple[int, ...]
) -> None:
    """Any number of fields of any size."""
    ours, theirs = channel
    fields = [bytes([65 + n]) * size for n, size in enumerate(sizes)]
    sender = threading.Thread(target=wire.send, args=(ours, 7, fields))
    sender.start()

    assert wire.receive(theirs) == (7, fields)
    sender.join()


def test_a_frame_in_pieces_is_put_together(
    channel: tuple[socket.socket, socket.socket],
) -> None:
    """The kernel may hand over any part of it at a time."""
    ours, theirs = channel
    frame = struct.pack("!BHQQ", 3, 1, 8 + 4, 4) + b"abcd"

    def drip() -> None:
        for position in range(len(frame)):
            ours.sendall(frame[position : position + 1])

    sender = threading.Thread(target=drip)
    sender.start()
    assert wire.receive(theirs) == (3, [b"abcd"])
    sender.join()


@pytest.mark.parametrize("sent", [b"", b"\x01\x00", struct.pack("!BHQ", 3, 1, 99) + b"x"])
def test_a_cut_frame_is_the_end(channel: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    """Half a frame is none."""
    ours, theirs = channel
    ours.sendall(sent)
    ours.shutdown(socket.SHUT_WR)

    with pytest.raises(EOFError):
        wire.receive(theirs)


def test_lists_survive_packing() -> None:
    """Whatever characters the texts hold."""
    texts = ["", "http://e/\n\0", "ä"]

    assert wire.unpack_list(wire.pack_list(texts)) == texts


class _EndedError(Exception):
    """Stands for the end of the process."""


def _end(status: int) -> None:
    raise _EndedError(status)


def test_the_loop_ends_with_its_server(
    channel: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests are answered until the other end is closed."""
    ours, theirs = channel
    monkeypatch.setattr(os, "_exit", _end)
    wire.send(ours, wire.HAS_GRAPH, [b""])
    ours.shutdown(socket.SHUT_WR)
    with pytest.raises(_EndedError):
        worker.run(theirs, Reader().handlers)

    assert wire.receive(ours) == (wire.DONE, [])


@pytest.mark.parametrize("module", [worker, writer], ids=["worker", "writer"])
@pytest.mark.parametrize("network", [0, 1])
def test_a_process_enters_its_box_and_then_answers(
    channel: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    network: int,
) -> None:
    """It limits itself, says how, answers, and ends when the server goes."""
    ours, theirs = channel
    limited: list[dict[str, object]] = []
    stacks: list[int] = []
    monkeypatch.setattr(box, "limit", lambda **limits: limited.append(limits))
    monkeypatch.setattr(box, "close_network", lambda: "closed")
    monkeypatch.setattr(threading, "stack_size", stacks.append)
    monkeypatch.setattr(os, "_exit", _end)
    monkeypatch.setattr(worker, "run", lambda _channel, _handlers: None)
    words = ["memory_bytes=5", "stack_bytes=3", "niceness=1", "may_write=1", f"network={network}"]
    monkeypatch.setattr("sys.argv", ["-c", f"channel={theirs.detach()}", *words])
    closer = threading.Timer(0.05, ours.shutdown, [socket.SHUT_RDWR])
    closer.start()
    with pytest.raises(_EndedError):
        module.main()  # type: ignore[attr-defined]
    closer.join()

    assert limited == [{"memory_bytes": 8, "may_write": True, "niceness": 1}]
    assert stacks == [3]


def test_limits_are_only_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit is set, soft and hard; a lower one that the operator set is kept."""
    hard = {resource.RLIMIT_NOFILE: 100}
    done: dict[int, tuple[int, int]] = {}
    unlimited = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda which: (0, hard.get(which, unlimited)))
    monkeypatch.setattr(resource, "setrlimit", done.__setitem__)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    box.limit(memory_bytes=7, may_write=False, niceness=5)

    assert done == {
        resource.RLIMIT_AS: (7, 7),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (100, 100),
        resource.RLIMIT_FSIZE: (0, 0),
    }
    done.clear()
    box.limit(memory_bytes=7, may_write=True, niceness=5)
    assert resource.RLIMIT_FSIZE not in done


@pytest.mark.parametrize(
    ("platform", "filtered", "left", "how"),
    [
        ("linux", True, True, "seccomp"),
        ("linux", False, True, "namespace"),
        ("linux", False, False, ""),
        ("darwin", True, True, ""),
    ],
)
def test_the_network_is_closed_by_what_the_system_has(
    monkeypatch: pytest.MonkeyPatch, platform: str, *, filtered: bool, left: bool, how: str
) -> None:
    """A filter first, else a namespace, else nothing, and it says which."""
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(box, "_refuse_calls", lambda _machine: filtered)
    monkeypatch.setattr(box, "_leave_network", lambda: left)

    assert box.close_network() == how


@pytest.mark.parametrize("close", [box.close_network, box._leave_network], ids=["any", "namespace"])
def test_a_closed_network_reaches_nobody(close: object) -> None:
    """In a process that has closed it, a connection to a listener on the loopback fails."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                if close():  # type: ignore[operator]
                    socket.create_connection(server.getsockname(), timeout=1).close()
                else:
                    status = 77
            except OSError:
                status = 0
            os._exit(status)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 77:
            pytest.skip("the system does not permit it")
        assert code == 0
        with pytest.raises(TimeoutError):
            server.accept()

"""The live store: whole updates or none, durable before acknowledged, judged before committed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import store
from parley.engine.live import KEPT, LiveEngine
from parley.engine.types import Update, Upload
from parley.errors import (
    DeadlineExceededError,
    NotConformingError,
    ParleyError,
    QueryRefusedError,
    QuerySyntaxError,
    StoreError,
    StoreLockedError,
    WorkerDiedError,
)

from .conftest import ADD, COUNT, ENDLESS, make_ask, make_nquads

if TYPE_CHECKING:
    from pathlib import Path


def count(engine: LiveEngine) -> int:
    """Return how many triples all graphs hold."""
    body = make_ask(engine)(COUNT).body.decode()
    return int(body.partition('"value":"')[2].partition('"')[0])


def test_an_update_is_seen_by_the_next_query(live: LiveEngine) -> None:
    """After each acknowledgement every reader sees the result, under a new version."""
    versions = [live.version]
    for number in range(5):
        live.update(Update(f"INSERT DATA {{ <http://e/a> <http://e/p> {number} }}"))
        versions.append(live.version)

        assert count(live) == number + 1
        assert make_ask(live)(COUNT).version == live.version
    assert len(set(versions)) == 6


def test_reads_go_on_while_updates_come(live: LiveEngine) -> None:
    """No reader goes back in time or sees half of a request."""
    wrong: list[int] = []
    done = threading.Event()

    def read() -> None:
        seen = 0
        while not done.is_set():
            found = count(live)
            if found % 2 or found < seen:
                wrong.append(found)
            seen = found

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(30):
        text = f"<http://e/{number}> <http://e/p>"
        live.update(Update(f"INSERT DATA {{ {text} 1 }} ; INSERT DATA {{ {text} 2 }}"))
    done.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert count(live) == 60


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"{ADD} ; nonsense", QuerySyntaxError),
        (f"{ADD} ; INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p", QuerySyntaxError),
        (f"{ADD} ; LOAD <http://e/>", QueryRefusedError),
        (f"{ADD} ; CREATE GRAPH <http://e/g> ; CREATE GRAPH <http://e/g>", QueryRefusedError),
        ("SELECT * {}", QuerySyntaxError),
        (ENDLESS, DeadlineExceededError),
    ],
    ids=["syntax", "bracket", "load", "second", "query", "endless"],
)
def test_what_fails_writes_nothing(live: LiveEngine, text: str, error: type[ParleyError]) -> None:
    """A request that fails anywhere leaves everything as it was, and the next one works."""
    many = " ".join(f"<http://e/{n}> <http://e/p> {n} ." for n in range(60))
    live.update(Update(f"INSERT DATA {{ {many} }}"))
    version = live.version
    with pytest.raises(error):
        live.update(Update(text))

    assert (live.version, count(live)) == (version, 60)
    live.update(Update(ADD))
    assert count(live) == 61


def test_an_update_is_stopped_at_its_limit(live: LiveEngine) -> None:
    """The writer is ended, and a new one takes over from the last state."""
    live.update(Update("INSERT DATA { " + "".join(f"<a:{n}> <a:b> {n} ." for n in range(99)) + "}"))
    started = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        live.update(Update(ENDLESS))

    assert time.monotonic() - started < 1.6


def test_a_killed_writer_loses_nothing(live: LiveEngine) -> None:
    """Whatever was acknowledged is there; the update it died in is not."""
    for number in range(10):
        live.update(Update(f"INSERT DATA {{ <http://e/{number}> <http://e/p> 1 }}"))
        assert live._writer is not None
        os.kill(live._writer.pid, signal.SIGKILL)
        with pytest.raises(WorkerDiedError, match="SIGKILL"):
            live.update(Update(ADD))

    assert count(live) == 10


def test_a_killed_server_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After a kill at a random moment the store opens with everything it acknowledged."""
    code = (
        "import sys; from pathlib import Path; from parley.config import Settings\n"
        "from parley.engine.live import LiveEngine; from parley.engine.types import Update\n"
        "live = LiveEngine(Path(sys.argv[1]), Settings(workers=1))\n"
        "for n in range(10**6):\n"
        "    live.update(Update(f'INSERT DATA {{ <a:{sys.argv[2]}> <a:b> {n} }}'))\n"
        "    print(n, flush=True)\n"
    )
    acknowledged = 0
    for turn in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), str(turn)],
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(5 + turn)]
            server.kill()
            acknowledged += len(lines) + len(server.stdout.read().splitlines())
        with LiveEngine(tmp_path, Settings(workers=1)) as live:
            found = count(live)
            # The update that was being acknowledged when the kill came may be there.
            assert acknowledged <= found <= acknowledged + turn + 1


def test_two_servers_cannot_write_to_one_store(tmp_path: Path, settings: Settings) -> None:
    """The second is told so; when the first has closed, it may."""
    with (
        LiveEngine(tmp_path, settings),
        pytest.raises(StoreLockedError, match="Another server writes"),
    ):
        LiveEngine(tmp_path, settings)
    LiveEngine(tmp_path, settings).close()


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path, settings: Settings) -> None:
    """A path that is a file is no place for a store."""
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(StoreError, match="cannot be written"):
        LiveEngine(tmp_path / "file", settings)


@pytest.mark.parametrize("kind", ["nquads", "store"])
def test_a_new_live_store_starts_with_a_build(
    tmp_path: Path, settings: Settings, kind: str
) -> None:
    """N-Quads or a store directory are taken over once; later starts keep what was written."""
    nquads = tmp_path / "dataset.nq"
    nquads.write_text(make_nquads(4, 2), encoding="utf-8")
    store.create(tmp_path / "store", nquads)
    initial = {"nquads": nquads, "store": tmp_path / "store"}[kind]
    with LiveEngine(tmp_path / "live", settings, initial=initial) as live:
        live.update(Update(ADD))

    with LiveEngine(tmp_path / "live", settings, initial=initial) as live:
        assert count(live) == 9


def test_a_bad_start_leaves_nothing_running(tmp_path: Path, settings: Settings) -> None:
    """When the first dataset does not load, the directory is free again."""
    (tmp_path / "bad.nq").write_text("nonsense", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ParleyError):
            LiveEngine(tmp_path / "live", settings, initial=tmp_path / "bad.nq")
    with pytest.raises(ParleyError):
        LiveEngine.temporary(settings, initial=tmp_path / "bad.nq")


def test_old_states_and_leftovers_are_removed(tmp_path: Path, settings: Settings) -> None:
    """Directories do not pile up, neither by writing nor by dying."""
    with LiveEngine(tmp_path, settings) as live:
        for number in range(10):
            live.update(Update(f"INSERT DATA {{ <http://e/{number}> <http://e/p> 1 }}"))
            count(live)
        assert len(list((tmp_path / "states").iterdir())) <= KEPT + settings.workers + 1
    (tmp_path / "work-dead").mkdir()
    (tmp_path / "states" / "dead").mkdir()
    (tmp_path / "current-dead").symlink_to("states/dead")
    with LiveEngine(tmp_path, settings) as live:
        names = sorted(path.name.partition("-")[0] for path in tmp_path.iterdir())
        assert names == ["current", "lock", "states"]
        assert count(live) == 10


def test_a_temporary_store_is_removed(settings: Settings) -> None:
    """Nothing stays behind."""
    live = LiveEngine.temporary(settings)
    root = live._root
    live.close()

    assert not root.exists()


def test_the_judge_sees_the_dataset_as_it_would_be(settings: Settings) -> None:
    """What it refuses is not written, with whatever error it raised; what it lets pass is."""
    seen: list[bytes] = []

    def judge(nquads: bytes) -> None:
        seen.append(nquads)
        if b"bad" in nquads:
            raise NotConformingError("Something bad.")

    with LiveEngine.temporary(settings, validate=judge) as live:
        live.update(Update(ADD))
        version = live.version
        with pytest.raises(NotConformingError, match="Something bad"):
            live.update(Update("INSERT DATA { <http://e/bad> <http://e/p> 2 }"))
        with pytest.raises(NotConformingError):
            live.put_graph("http://e/g", Upload(b"<http://e/bad> <a:b> 1 .", "text/turtle"))
        with pytest.raises(QuerySyntaxError):
            live.update(Update("INSERT DATA { 1 }"))

        assert (live.version, count(live)) == (version, 1)
        assert not live.has_graph("http://e/g")
        live.update(Update("INSERT DATA { <http://e/good> <http://e/p> 2 }"))
        assert count(live) == 2
    assert b"http://e/bad" in seen[1]
    assert seen[-1].count(b"\n") == 2

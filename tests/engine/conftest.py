"""A small built dataset, engines on it, and a listener that counts who calls."""

from __future__ import annotations

import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import wire
from parley.engine.live import LiveEngine
from parley.engine.process import Child, ChildOptions
from parley.engine.types import Answer, Query
from parley.engine.workers import PoolEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from parley.engine.types import Engine, Form

    Ask = Callable[..., Answer]

JSON = "application/sparql-results+json"
ADD = "INSERT DATA { <http://e/a> <http://e/p> 1 }"
ENDLESS = "INSERT { ?a ?b ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def make_nquads(subjects: int, objects: int) -> str:
    """Return subjects × objects quads, spread over three named graphs."""
    return "".join(
        f'<http://e/s{s}> <http://e/p{o}> "value {s} {o}" <http://e/g{s % 3}> .\n'
        for s in range(subjects)
        for o in range(objects)
    )


def make_generation(root: Path, name: str, nquads: str) -> None:
    """Write a generation and make it current, as a build does."""
    directory = root / "generations" / name
    directory.mkdir(parents=True)
    (directory / "dataset.nq").write_text(nquads, encoding="utf-8")
    link = root / f"link-{name}"
    link.symlink_to(directory.relative_to(root))
    link.replace(root / "current")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one generation of 3,000 quads."""
    root = tmp_path_factory.mktemp("built")
    make_generation(root, "first", make_nquads(300, 10))
    return root


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Short time limits, so that the tests are quick."""
    return Settings(timeout_s=0.6, slow_after_s=0.15, queue_timeout_s=20.0, update_timeout_s=1.0)


@pytest.fixture
def live(settings: Settings) -> Iterator[LiveEngine]:
    """An empty live store that goes away."""
    with LiveEngine.temporary(settings) as engine:
        yield engine


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    """An engine process without pre-check and without network."""
    process = Child(
        "parley.engine.worker", ChildOptions(memory_bytes=1_000_000_000, stack_bytes=256 << 20)
    )
    yield process
    process.close()


def ask_child(child: Child, text: str) -> tuple[int, bytes]:
    """Evaluate a text as it is; return the reply's code and message."""
    limits = wire.LIMITS.pack(True, False, False, 1_000_000, 10_000)
    form = [text.encode("utf-8"), b"application/sparql-results+json", b"", b"", b"", b"", limits]
    code, fields = child.ask(wire.QUERY, form, timeout_s=20.0)
    return code, fields[0] if fields else b""


@pytest.fixture(scope="module")
def engine(built: Path, settings: Settings) -> Iterator[PoolEngine]:
    """A pool on the small dataset."""
    with PoolEngine(built, settings) as pool:
        yield pool


def make_ask(engine: Engine) -> Ask:
    """Return a function that sends a query text and returns the answer."""

    def send(text: str, media_type: str = JSON, **options: object) -> Answer:
        form: Form = "SELECT" if media_type == JSON else "CONSTRUCT"
        return engine.evaluate(Query(text, form, media_type, **options))  # type: ignore[arg-type]

    return send


@pytest.fixture(scope="module")
def ask(engine: PoolEngine) -> Ask:
    """Send a query to the pool."""
    return make_ask(engine)


def values(body: bytes) -> list[str]:
    """Return the values of a one-column result."""
    bindings = json.loads(body)["results"]["bindings"]
    return [term["value"] for row in bindings for term in row.values()]


class Listener:
    """A server on the loopback that answers nothing and counts connections."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.hits = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener on the loopback."""
    server = Listener()
    yield server
    server.close()

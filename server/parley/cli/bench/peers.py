"""Start the servers to compare, each with the same dataset, and stop them again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from parley.cli.bench.processes import running, tree_cpu_s
from parley.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Peer:
    """A server under comparison: its name, query address and process."""

    name: str
    address: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far by the server and all below it, the ended too."""
        return tree_cpu_s(self.process)


@contextmanager
def serve_all(dataset: Path, work: Path, home: Path | None) -> Iterator[list[Peer]]:
    """Serve a dataset with Parley first, then with every peer that is installed."""
    with ExitStack() as stack:
        peers = [stack.enter_context(_parley(dataset, work, home))]
        if binary := _find("oxigraph"):
            peers.append(stack.enter_context(_oxigraph(binary, dataset, work)))
        if binary := _find("rdflib-endpoint"):
            peers.append(stack.enter_context(_rdflib_endpoint(binary, dataset)))
        yield peers


@contextmanager
def empty_oxigraph(work: Path) -> Iterator[str]:
    """Run Oxigraph's own server on an empty store; its address for queries.

    Raises:
        EngineError: It is not installed, or does not start.
    """
    binary = _find("oxigraph")
    if binary is None:
        raise EngineError(
            "The package oxigraph is not installed.",
            remedy="Install parley-claims[bench], or name a server with --to.",
        )
    bind = f"127.0.0.1:{_free_port()}"
    command = [binary, "serve", "--location", str(work / "oxigraph"), "--bind", bind]
    with _process(command, f"http://{bind}/query") as (address, _):
        yield address


@contextmanager
def _parley(dataset: Path, work: Path, home: Path | None) -> Iterator[Peer]:
    from parley.build import generations
    from parley.home import find_home

    store = work / "parley"
    unchanged = {"fingerprint": generations.fingerprint(find_home(home))}
    with generations.lock(store):
        generations.publish(store, dataset.read_bytes(), b"", unchanged)
    given = ["--home", str(home)] if home else []
    with running(*given, "--store", str(store), "--timeout", "60") as server:
        yield Peer("parley", f"{server.address}/sparql", server.process)


@contextmanager
def _oxigraph(binary: str, dataset: Path, work: Path) -> Iterator[Peer]:
    store = str(work / "oxigraph")
    load = [binary, "load", "--location", store, "--file", str(dataset)]
    subprocess.run(load, check=True, capture_output=True)  # noqa: S603 - our own words
    port = _free_port()
    command = [binary, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with _process([*command, "--union-default-graph"], f"http://127.0.0.1:{port}/query") as peer:
        yield Peer("oxigraph server", *peer)


@contextmanager
def _rdflib_endpoint(binary: str, dataset: Path) -> Iterator[Peer]:
    # It reads triples into one graph; graph names are dropped so that its answers are the same.
    triples = dataset.with_suffix(".nt")
    with dataset.open(encoding="utf-8") as quads, triples.open("w", encoding="utf-8") as out:
        out.writelines(f"{line.rsplit(' <', 1)[0]} .\n" for line in quads)
    port = _free_port()
    command = [binary, "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)]
    with _process(command, f"http://127.0.0.1:{port}/") as peer:
        yield Peer("rdflib-endpoint", *peer)


@contextmanager
def _process(command: list[str], address: str) -> Iterator[tuple[str, psutil.Process]]:
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(process, address)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(process: psutil.Popen, address: str, limit_s: float = 600.0) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5).read()  # noqa: S310
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise EngineError(f"{address} did not answer within {limit_s:.0f} s.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _find(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)

"""Real SPARQL 1.1 servers, started on free ports: Oxigraph's own and Debian's Virtuoso 7."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parley.cli.publish import open_server
from parley.engine.transport import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parley.engine.remote import RemoteEngine

#: Where a loaded machine is given up on, in seconds.
PATIENCE_S = 120
_VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ServerThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {max_rows}
MaxQueryExecutionTime = {timeout_s}
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server answers queries, takes updates and keeps graphs, and who may write."""

    name: str
    query: str
    update: str
    store: str
    credentials: Credentials

    def open(self, *, by_update: bool = False, timeout_s: float = PATIENCE_S) -> RemoteEngine:
        """Open it for publishing."""
        return open_server(
            self.query,
            update_url=self.update,
            store_url="" if by_update else self.store,
            credentials=self.credentials,
            timeout_s=timeout_s,
        )

    def options(self) -> list[str]:
        """Return the options of ``parley publish`` that name it; the password is in no option."""
        named = ["--to", self.query, "--update-url", self.update, "--store-url", self.store]
        return [*named, "--user", self.credentials.user] if self.credentials.user else named


@contextlib.contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Address]:
    """Run Oxigraph's server on an empty store in memory."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "the package oxigraph is not installed"
    (port,) = free_ports(1)
    bind = f"127.0.0.1:{port}"
    command = [program, "serve", "--bind", bind, *options]
    with _running(command, folder, f"http://{bind}/query?query=ASK%7B%7D"):
        yield Address("oxigraph", f"http://{bind}/query", "update", "store", Credentials())


@contextlib.contextmanager
def virtuoso(folder: Path, *, max_rows: int = 10_000, timeout_s: int = 60) -> Iterator[Address]:
    """Run Virtuoso on an empty database; its administrator is dba, and so is the password."""
    program = shutil.which("virtuoso-t")
    assert program, "virtuoso-t is not installed"
    sql_port, port = free_ports(2)
    text = _VIRTUOSO.format(sql_port=sql_port, port=port, max_rows=max_rows, timeout_s=timeout_s)
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    command = [program, "-f", "-c", "virtuoso.ini"]
    url = f"http://127.0.0.1:{port}/sparql"
    with _running(command, folder, f"{url}?query=ASK%7B%7D"):
        who = Credentials(user="dba", password="dba")  # noqa: S106
        yield Address("virtuoso", url, "sparql-auth", "sparql-graph-crud-auth", who)


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    with (folder / "server.out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        wait_for(url, process)
        yield
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody answers at an address."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended: {process.returncode}"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"{url} does not answer")

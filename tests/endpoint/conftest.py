"""A small dataset with an application on it, and a server of our own on a free port."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.home import find_home
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from parley.home import Home

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-for-tests"  # noqa: S105
DATA = """
<https://w3id.org/parley/id/actor/russia> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/parley/ns#State> <https://w3id.org/parley/graph/entities> .
<https://w3id.org/parley/id/actor/russia> <http://www.w3.org/2000/01/rdf-schema#label> "Russia"@en <https://w3id.org/parley/graph/entities> .
<https://w3id.org/parley/id/actor/russia> <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>"@ru <https://w3id.org/parley/graph/entities> .
<https://w3id.org/parley/id/actor/russia> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:alert(1)> <https://w3id.org/parley/graph/entities> .
<https://w3id.org/parley/id/claim/x/5a> <https://w3id.org/parley/ns#claimant> <https://w3id.org/parley/id/actor/russia> <https://w3id.org/parley/graph/document/x> .
<https://w3id.org/parley/id/document/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/parley/ns#SourceDocument> <https://w3id.org/parley/graph/document/x> .
<https://w3id.org/parley/id/document/x> <http://purl.org/dc/terms/title> "A test article"@en <https://w3id.org/parley/graph/document/x> .
<https://w3id.org/parley/ns#claimant> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#ObjectProperty> <https://w3id.org/parley/graph/ontology> .
<https://w3id.org/parley/ns#claimant> <http://www.w3.org/2000/01/rdf-schema#label> "claimant"@en <https://w3id.org/parley/graph/ontology> .
<https://w3id.org/parley/ns#claimant> <http://www.w3.org/2004/02/skos/core#definition> "The actor who is said to hold a claim."@en <https://w3id.org/parley/graph/ontology> .
"""  # noqa: E501


@pytest.fixture(scope="session")
def home() -> Home:
    """The project's own home, for its queries."""
    return find_home(ROOT)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of a writable server with a token, on loopback."""
    return Settings(writable=True, token=TOKEN, client_concurrency=100, validate_writes=False)


@pytest.fixture(scope="session")
def nquads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small dataset as a file."""
    path = tmp_path_factory.mktemp("data") / "dataset.nq"
    path.write_text(DATA, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def app(settings: Settings, home: Home, nquads: Path) -> Iterator[Flask]:
    """The application over the small dataset."""
    with LiveEngine.temporary(settings, initial=nquads) as engine:
        yield create_app(engine, settings, home)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@dataclass
class Server:
    """A running server and its address."""

    process: subprocess.Popen[str]
    url: str
    port: int
    log: Path

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request over a new connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()

    def stop(self) -> int:
        """End it as an operator does; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


def start(log: Path, *arguments: str, **environ: str) -> Server:
    """Start ``parley serve`` on a free port and wait until it says that it answers."""
    command = [sys.executable, "-m", "parley", "serve", "--port", "0", *arguments]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"(http://[^\s/]+:(\d+))/", line)
    assert found, f"{line!r}\n{log.read_text(encoding='utf-8')}"
    return Server(process, found[1], int(found[2]), log)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A writable, empty server without a token."""
    log = tmp_path_factory.mktemp("server") / "log"
    running = start(log, "--empty", "--writable")
    yield running
    assert running.stop() == 0, log.read_text(encoding="utf-8")

"""Comunica, the query engine for JavaScript, reads the graph as any SPARQL endpoint."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Server

#: The folder that holds node_modules/@comunica/query-sparql (`npm install @comunica/query-sparql`).
FOLDER = Path(os.environ.get("PARLEY_COMUNICA", "/nonexistent"))
PROGRAM = FOLDER / "node_modules" / ".bin" / "comunica-sparql"


@pytest.mark.skipif(
    shutil.which("node") is None or not PROGRAM.exists(),
    reason="optional: PARLEY_COMUNICA names no folder with @comunica/query-sparql, or no node",
)
def test_comunica_reads_the_graph(server: Server) -> None:
    """It finds the endpoint by its description and joins over it."""
    update = {"Content-Type": "application/sparql-update"}
    data = b"INSERT DATA { <http://e/c> <http://e/p> <http://e/o> ; <http://e/q> 7 }"
    assert server.send("POST", "/sparql", data, update)[0] == 204
    query = "SELECT ?o ?n { ?s <http://e/p> ?o ; <http://e/q> ?n }"

    done = subprocess.run(
        [str(PROGRAM), f"{server.url}/sparql", query],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {"o": "http://e/o", "n": '"7"^^http://www.w3.org/2001/XMLSchema#integer'}
    ]

"""Parsers written in JavaScript read every dump and find in it just what was built."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from parley.engine.convert import canonical, serialise
from parley.engine.results import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE
from parley.publishing import dumps, reifiers

#: The folder whose node_modules hold n3 and jsonld-streaming-parser
#: (`npm install n3@2 @comunica/query-sparql@4`).
FOLDER: Final = Path(os.environ.get("PARLEY_COMUNICA", "/nonexistent")).absolute()
PROGRAM: Final = Path(__file__).with_name("read_rdf.cjs")


def version_of(package: str) -> tuple[int, ...]:
    """Return the version of an installed package of npm; nothing when it is not there."""
    about = FOLDER / "node_modules" / package / "package.json"
    if shutil.which("node") is None or not about.is_file():
        return ()
    return tuple(map(int, json.loads(about.read_bytes())["version"].split(".")[:2]))


pytestmark = pytest.mark.skipif(
    not version_of("n3"), reason="optional: PARLEY_COMUNICA names no folder with n3, or no node"
)


def read(body: bytes, media_type: str) -> bytes:
    """Read RDF by a parser written in JavaScript; return N-Quads."""
    done = subprocess.run(
        ["node", str(PROGRAM), str(FOLDER), media_type],
        input=body,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("media_type", [N_QUADS, TRIG, JSON_LD])
def test_dumps_with_graphs_are_the_dataset(nquads: bytes, media_type: str) -> None:
    """N3.js reads N-Quads and TriG, jsonld-streaming-parser JSON-LD; all blank nodes included."""
    if media_type == JSON_LD and not version_of("jsonld-streaming-parser"):
        pytest.skip("optional: PARLEY_COMUNICA has no jsonld-streaming-parser")

    assert canonical(read(dumps.make(nquads, media_type), media_type)) == canonical(nquads)


def test_the_turtle_dump_is_the_union(nquads: bytes) -> None:
    """N3.js finds in it the triples of all graphs."""
    union = serialise(nquads, N_TRIPLES, {})

    assert canonical(read(dumps.make(nquads, TURTLE), TURTLE)) == canonical(union)


@pytest.mark.skipif(version_of("n3") < (2,), reason="optional: n3 before 2 reads no RDF 1.2")
def test_rdf_1_2_is_read(nquads: bytes) -> None:
    """N3.js reads the reifiers as the engine wrote them."""
    found = read(reifiers.to_trig(nquads), TRIG)

    assert canonical(found) == canonical(reifiers.to_nquads(nquads))

"""Dumps: the whole dataset as files, in every format that holds it, with checksums."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.engine.convert import serialise, to_nquads
from parley.engine.results import JSON, JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE
from parley.engine.types import Query
from parley.namespaces import PREFIXES
from parley.publishing.files import write_all
from parley.publishing.void import describe
from parley.publishing.void import to_turtle as void_to_turtle

if TYPE_CHECKING:
    from pathlib import Path

    from parley.engine.types import Engine

_GRAPHS: Final = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph"


@dataclass(frozen=True, slots=True)
class Dump:
    """One format of the dataset: its ending, its media type, and what it leaves out."""

    ending: str
    media_type: str
    title: str


#: What is offered, the master first. Turtle has no graphs: it holds the union, without drafts.
DUMPS: Final = (
    Dump("nq", N_QUADS, "N-Quads, with the named graphs"),
    Dump("trig", TRIG, "TriG, with the named graphs"),
    Dump("ttl", TURTLE, "Turtle, all graphs in one"),
    Dump("jsonld", JSON_LD, "JSON-LD, with the named graphs"),
)


def make(nquads: bytes, media_type: str) -> bytes:
    """Return the dataset in a format; N-Quads are returned as they are.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    return nquads if media_type == N_QUADS else serialise(nquads, media_type, PREFIXES)


def make_all(nquads: bytes, *, base_url: str = "", version: str = "") -> dict[str, bytes]:
    """Return every dump by file name, plain and in gzip, with the description of the dataset.

    Raises:
        StoreError: The N-Quads do not parse.
    """
    plain = {f"dataset.{dump.ending}": make(nquads, dump.media_type) for dump in DUMPS}
    packed = {f"{name}.gz": gzip.compress(body, mtime=0) for name, body in plain.items()}
    graph = describe(nquads, base_url=base_url, version=version, files=plain)
    return {**plain, **packed, "void.ttl": void_to_turtle(graph)}


def write(nquads: bytes, folder: Path, *, base_url: str = "", version: str = "") -> list[str]:
    """Write every dump into a folder; return the names of the files.

    Raises:
        StoreError: The N-Quads do not parse.
        ExportError: The folder cannot be written; nothing half-written is left in it.
    """
    files = make_all(nquads, base_url=base_url, version=version)
    write_all(folder, files)
    return sorted(files)


def fetch(engine: Engine) -> bytes:
    """Return what an engine holds as sorted N-Quads: every named graph, asked for one by one.

    Raises:
        ResultTooLargeError: A graph is over the engine's limit of rows or bytes.
        EngineError: The engine cannot answer.
    """
    body = engine.evaluate(Query(_GRAPHS, "SELECT", JSON)).body
    names = [row["graph"]["value"] for row in json.loads(body)["results"]["bindings"]]
    parts = [
        to_nquads(engine.get_graph(name, N_TRIPLES).body, N_TRIPLES, graph=name) for name in names
    ]
    return b"".join(sorted(line for part in parts for line in part.splitlines(keepends=True)))

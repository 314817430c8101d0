"""Load a dataset into a SPARQL 1.1 server, graph by graph, verified, and again after a break.

Each graph is written under a temporary name and compared there; only when all of them are
right does one update move them to their places.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from parley.engine.convert import digest, fold, to_nquads
from parley.engine.results import N_TRIPLES
from parley.engine.types import Update
from parley.errors import NotFoundError, RemoteEngineError
from parley.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parley.engine.types import Engine

#: Names that graphs have until all of them are verified.
TEMPORARY: Final = f"{BASE}graph/publishing/"
#: Bytes of N-Triples sent in one request; a graph without blank nodes is sent in parts.
PART_BYTES: Final = 8_000_000

State = Literal["unchanged", "resumed", "sent"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one graph: its triples, its digest, and whether it had to be sent."""

    graph: str
    triples: int
    digest: str
    state: State


def push(
    engine: Engine, nquads: bytes, *, progress: Callable[[Pushed], None] = lambda _: None
) -> list[Pushed]:
    """Make an engine hold exactly the graphs of a dataset; others of its graphs are left alone.

    A graph that is there already is not sent; one that an earlier run left whole under its
    temporary name is not sent again. Equal numbers of derived types count as the same, because
    stores fold them.

    Args:
        engine: A writable engine with a Graph Store.
        nquads: The dataset.
        progress: Called for each graph when it is verified.

    Raises:
        RemoteRefusedError: The token is missing or wrong.
        RemoteEngineError: The server is down, or does not hold what it was sent.
    """
    done = []
    for name, part in split(nquads).items():
        pushed = _stage(engine, name, part)
        progress(pushed)
        done.append(pushed)
    moved = [pushed.graph for pushed in done if pushed.state != "unchanged"]
    if moved:
        engine.update(Update("; ".join(f"MOVE <{_staged(name)}> TO <{name}>" for name in moved)))
    for pushed in done:
        if pushed.graph in moved:
            _check(pushed, _read(engine, pushed.graph))
    return done


def pull(engine: Engine, names: list[str]) -> bytes:
    """Return graphs of an engine as sorted N-Quads.

    Raises:
        NotFoundError: There is no such graph.
    """
    parts = [to_nquads(engine.get_graph(n, N_TRIPLES).body, N_TRIPLES, graph=n) for n in names]
    return b"".join(sorted(line for part in parts for line in part.splitlines(keepends=True)))


def split(nquads: bytes) -> Mapping[str, bytes]:
    """Return the N-Quads of each named graph, by its IRI."""
    graphs: dict[str, list[bytes]] = {}
    for line in nquads.splitlines(keepends=True):
        name = line.rsplit(b" ", 2)[1].strip(b"<>").decode("utf-8")
        graphs.setdefault(name, []).append(line)
    return {name: b"".join(graphs[name]) for name in sorted(graphs)}


def _stage(engine: Engine, name: str, part: bytes) -> Pushed:
    """Bring one graph to the engine, or find it there."""
    count, wanted = len(part.splitlines()), digest(fold(part))
    if _digest_of(engine, name, name) == wanted:
        return Pushed(name, count, wanted, "unchanged")
    if _digest_of(engine, _staged(name), name) == wanted:
        return Pushed(name, count, wanted, "resumed")
    triples = b"".join(_without_graph(line) for line in part.splitlines())
    _send(engine, _staged(name), triples)
    pushed = Pushed(name, count, wanted, "sent")
    _check(pushed, _read(engine, _staged(name)))
    return pushed


def _send(engine: Engine, name: str, triples: bytes) -> None:
    lines = triples.splitlines(keepends=True)
    parts: list[list[bytes]] = [[]]
    size = 0
    for line in lines:
        if size + len(line) > PART_BYTES and b"_:" not in triples:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line)
    engine.put_graph(name, b"".join(parts[0]), N_TRIPLES)
    for more in parts[1:]:
        engine.post_graph(name, b"".join(more), N_TRIPLES)


def _check(pushed: Pushed, body: bytes) -> None:
    found = to_nquads(body, N_TRIPLES, graph=pushed.graph)
    count = len(found.splitlines())
    if digest(fold(found)) != pushed.digest:
        raise RemoteEngineError(
            f"The server holds {count:,} triples of {pushed.graph} "
            f"where {pushed.triples:,} were sent, and they differ.",
            remedy="Publish again: what was published before is still in its place.",
        )


def _digest_of(engine: Engine, stored: str, name: str) -> str:
    with contextlib.suppress(NotFoundError):
        return digest(fold(to_nquads(_read(engine, stored), N_TRIPLES, graph=name)))
    return ""


def _read(engine: Engine, name: str) -> bytes:
    return engine.get_graph(name, N_TRIPLES).body


def _staged(name: str) -> str:
    return TEMPORARY + name.removeprefix(f"{BASE}graph/").replace(":", "/")


def _without_graph(line: bytes) -> bytes:
    return line.rsplit(b" ", 2)[0] + b" .\n"

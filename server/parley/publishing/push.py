"""Load a dataset into a SPARQL 1.1 server, graph by graph, verified, and again after a break.

Each graph is written under a temporary name and compared there; only when all of them are right
does one update move them to their places. A record on the server names the published graphs, so
that a graph that has left the dataset leaves the server, and nothing of anybody else's does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from rdflib.namespace import DCTERMS, XSD

from parley.engine.convert import canonical, digest, fold
from parley.engine.remote import RECORD
from parley.errors import QuerySyntaxError, RemoteEngineError, RemoteRefusedError
from parley.namespaces import BASE, DCAT_NS, VOID
from parley.publishing.server import Server
from parley.publishing.void import DATASET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from parley.engine.remote import RemoteEngine

#: Names that graphs have until all of them are verified, and the list of those names.
TEMPORARY: Final = f"{BASE}graph/publishing/"
LEDGER: Final = f"{BASE}graph/publishing"

State = Literal["unchanged", "resumed", "sent", "removed"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one graph: its triples, its digest, and whether it had to be sent."""

    graph: str
    triples: int
    digest: str
    state: State


def push(
    engine: RemoteEngine,
    nquads: bytes,
    *,
    version: str = "",
    progress: Callable[[Pushed], None] = lambda _: None,
) -> list[Pushed]:
    """Make a server hold exactly the graphs of a dataset; graphs of others are left alone.

    A graph that is there already is not sent; one that an earlier run left whole under its
    temporary name is not sent again. Equal numbers of derived types count as the same, because
    stores fold them. The digests are those of the canonical form (RDFC-1.0).

    Args:
        engine: A remote engine with an address for updates.
        nquads: The dataset.
        version: The id of the generation, for the record.
        progress: Called for each graph when it is verified.

    Raises:
        RemoteRefusedError: The token is missing or wrong.
        RemoteDeadlineError: The server is too slow.
        RemoteEngineError: The server is down, or does not hold what it was sent.
    """
    server = Server(engine)
    graphs = {name: _Graph.of(name, part) for name, part in split(nquads).items()}
    removed = [n for n in server.listed(RECORD, str(VOID.subset)) if n not in graphs]
    left = server.listed(LEDGER, str(VOID.subset))
    record = _Graph.of(RECORD, _record(graphs.values(), version))
    staging = [*graphs.values(), record]
    missing = [graph for graph in staging if not graph.is_in(server, graph.name)]
    if missing or removed or left:
        _write_ledger(server, missing, left)
    done = [_stage(server, graph, progress, waiting=graph in missing) for graph in staging]
    if missing or removed or left:
        _move(server, missing, removed, left)
        for graph in missing:
            graph.check(server, graph.name)
        for name in removed:
            _check_gone(server, name)
    gone = [Pushed(name, 0, "", "removed") for name in removed]
    for each in gone:
        progress(each)
    return [*done[:-1], *gone]


def pull(engine: RemoteEngine, names: Iterable[str] | None = None) -> bytes:
    """Return graphs of a server as sorted N-Quads: those named, or those of its publication.

    Raises:
        RemoteEngineError: The server is down.
    """
    server = Server(engine)
    wanted = server.listed(RECORD, str(VOID.subset)) if names is None else names
    return _sorted_lines(server.read(name) for name in wanted)


def split(nquads: bytes) -> Mapping[str, bytes]:
    """Return the N-Quads of each named graph, by its IRI."""
    graphs: dict[str, list[bytes]] = {}
    for line in nquads.splitlines(keepends=True):
        name = line.rsplit(b" ", 2)[1].strip(b"<>").decode("utf-8")
        graphs.setdefault(name, []).append(line)
    return {name: b"".join(graphs[name]) for name in sorted(graphs)}


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph to publish: its N-Quads, and what a server must give back for them."""

    name: str
    nquads: bytes
    count: int
    digest: str

    @classmethod
    def of(cls, name: str, nquads: bytes) -> _Graph:
        folded = fold(nquads)
        return cls(name, nquads, len(folded.splitlines()), digest(folded))

    @property
    def staged(self) -> str:
        """Its temporary name."""
        return TEMPORARY + self.name.removeprefix(f"{BASE}graph/").replace(":", "/")

    @property
    def triples(self) -> bytes:
        """Its N-Triples."""
        lines = self.nquads.splitlines()
        return b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in lines)

    def is_in(self, server: Server, name: str) -> bool:
        """Tell whether it stands on a server under a name, whole."""
        return digest(fold(server.read(name, as_graph=self.name))) == self.digest

    def check(self, server: Server, name: str) -> None:
        """Raise an error when a server holds something else under a name."""
        found = fold(server.read(name, as_graph=self.name))
        if digest(found) == self.digest:
            return
        was, now = (set(canonical(q).splitlines()) for q in (fold(self.nquads), found))
        examples = [f"{word}: {min(lines).decode('utf-8')[:300]}" for word, lines in (
            ("missing", was - now), ("instead", now - was),
        ) if lines]  # fmt: skip
        raise RemoteEngineError(
            f"The server holds {len(found.splitlines()):,} triples of {self.name} where "
            f"{self.count:,} were sent, and they differ. {' '.join(examples)}",
            remedy="Publish again."
            if name == self.name
            else "Publish again: what was published before is still in its place.",
        )


def _stage(
    server: Server, graph: _Graph, progress: Callable[[Pushed], None], *, waiting: bool
) -> Pushed:
    """Bring one graph to the server under its temporary name, or find it there."""
    state: State = "unchanged"
    if waiting:
        state = "resumed"
        if not graph.is_in(server, graph.staged):
            state = "sent"
            server.write(graph.staged, graph.triples)
            graph.check(server, graph.staged)
    pushed = Pushed(graph.name, graph.count, graph.digest, state)
    if graph.name != RECORD:
        progress(pushed)
    return pushed


def _write_ledger(server: Server, missing: Iterable[_Graph], left: Iterable[str]) -> None:
    """Write down which temporary names are used, before they are; it shows that writes work."""
    names = sorted({*left, *(graph.staged for graph in missing)})
    lines = (f"<{DATASET}> <{VOID.subset}> <{name}> .\n" for name in names)
    server.write(LEDGER, "".join(lines).encode("utf-8"))


def _move(
    server: Server, missing: list[_Graph], removed: Iterable[str], left: Iterable[str]
) -> None:
    """Put everything in its place by one update, the record last; then sweep temporary names."""
    gone = [f"CLEAR SILENT GRAPH <{n}>; DROP SILENT GRAPH <{n}>" for n in (*removed, LEDGER)]
    unused = set(left) - {graph.staged for graph in missing}
    swept = [f"CLEAR SILENT GRAPH <{n}>; DROP SILENT GRAPH <{n}>" for n in sorted(unused)]
    moves = [f"MOVE <{graph.staged}> TO <{graph.name}>" for graph in missing]
    try:
        server.run("; ".join([*moves, *gone, *swept]))
    except RemoteRefusedError:
        raise
    except (QuerySyntaxError, RemoteEngineError):
        waiting = [graph for graph in missing if not graph.is_in(server, graph.name)]
        for graph in waiting:
            graph.check(server, graph.staged)
        copies = [_copy(graph) for graph in waiting]
        server.run("; ".join([*copies, *gone, *swept]))


def _copy(graph: _Graph) -> str:
    """Return what MOVE means, for a server that does not know it."""
    triples = "{ ?s ?p ?o }"
    return (
        f"CLEAR SILENT GRAPH <{graph.name}>; INSERT {{ GRAPH <{graph.name}> {triples} }} "
        f"WHERE {{ GRAPH <{graph.staged}> {triples} }}; CLEAR SILENT GRAPH <{graph.staged}>"
    )


def _check_gone(server: Server, name: str) -> None:
    if server.read(name):
        raise RemoteEngineError(
            f"The server still holds {name}, which has left the dataset.",
            remedy="Publish again, or remove it there.",
        )


def _record(graphs: Iterable[_Graph], version: str) -> bytes:
    """Return what the server is told of the publication, as N-Quads."""
    lines = []
    if version:
        lines.append(f'<{DATASET}> <{DCAT_NS.version}> "{version}"')
    for graph in graphs:
        lines.append(f"<{DATASET}> <{VOID.subset}> <{graph.name}>")
        lines.append(f'<{graph.name}> <{VOID.triples}> "{graph.count}"^^<{XSD.integer}>')
        lines.append(f'<{graph.name}> <{DCTERMS.identifier}> "sha256:{graph.digest}"')
    return "".join(f"{line} <{RECORD}> .\n" for line in lines).encode("utf-8")


def _sorted_lines(parts: Iterable[bytes]) -> bytes:
    return b"".join(sorted(line for part in parts for line in part.splitlines(keepends=True)))

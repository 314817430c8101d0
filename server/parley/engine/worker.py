"""A query process: it opens one immutable state of the data and answers one query at a time.

Run by `parley.engine.process` with ``python -I -S``. It imports the engine's library, light
modules and nothing else, so that it starts fast, and it trusts nobody: it puts itself in a box
before it reads anything. What goes wrong inside the library may end it; the server survives.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import sys
import threading
import time

import pyoxigraph as ox

from parley.engine import box, wire
from parley.engine.rows import count_rows
from parley.engine.settled import reach, settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Reply = tuple[int, list[bytes]]
    Handler = Callable[[list[bytes]], Reply]

#: Formats whose triples the library writes without going through Python.
_PLAIN_FORMATS = frozenset({"application/n-triples", "application/n-quads"})


class TooLargeError(Exception):
    """The answer is over the greatest number of bytes or rows; the text says which it is."""


class CappedWriter:
    """A file that holds at most so many bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self.limit = f"{max_bytes:,} bytes"
        self._chunks: list[bytes] = []
        self.full = False

    def write(self, chunk: bytes) -> int:
        """Keep a chunk, or stop the serialiser."""
        self._left -= len(chunk)
        if self._left < 0:
            self.full = True
            raise TooLargeError(self.limit)
        self._chunks.append(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: there is nothing behind."""

    def value(self) -> bytes:
        """Return everything written."""
        return b"".join(self._chunks)


class Reader:
    """Answers requests from one state of the data at a time."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._union, self._graphs = reach(self._store, settled=False)
        self.handlers: dict[int, Handler] = {
            wire.OPEN: self.open,
            wire.QUERY: self.query,
            wire.GRAPH: self.graph,
            wire.HAS_GRAPH: self.has_graph,
            wire.PARSE: self.parse,
        }

    def open(self, fields: list[bytes]) -> Reply:
        """Open another state: a store directory, or N-Quads to hold in memory."""
        path, kind = (field.decode("utf-8") for field in fields)
        self._store = ox.Store()
        gc.collect()
        if kind in {"built", "store"}:
            self._store = ox.Store.read_only(path)
        elif kind == "nquads":
            self._store.bulk_extend(ox.parse(path=path, format=ox.RdfFormat.N_QUADS))
            settle(self._store)
        self._union, self._graphs = reach(self._store, settled=kind != "store")
        return wire.DONE, []

    def query(self, fields: list[bytes]) -> Reply:
        """Evaluate a query and serialise the whole answer."""
        text, media_type, base, defaults, named, prefixes, limits = fields
        union, has_defaults, has_named, max_bytes, max_rows = wire.LIMITS.unpack(limits)
        graphs = self._graphs if union else None
        if has_defaults:
            graphs = [*_graphs(defaults)]
        started = time.perf_counter()
        result = self._store.query(
            text.decode("utf-8"),
            base_iri=base.decode("utf-8") or None,
            use_default_graph_as_union=union and self._union,
            default_graph=graphs,
            named_graphs=[*_graphs(named)] if has_named else None,
        )
        body, rows = write_result(
            result, media_type.decode("ascii"), prefixes, max_bytes=max_bytes, max_rows=max_rows
        )
        seconds = time.perf_counter() - started
        return wire.DONE, [body, wire.MEASURES.pack(rows, seconds)]

    def graph(self, fields: list[bytes]) -> Reply:
        """Serialise the triples of one graph."""
        graph, media_type, limits = fields
        _, _, _, max_bytes, max_rows = wire.LIMITS.unpack(limits)
        name = to_graph(graph)
        if isinstance(name, ox.NamedNode) and not self._store.contains_named_graph(name):
            return wire.MISSING, []
        started = time.perf_counter()
        # What stands in the default graph beside drafts is a copy, and not asked for by its name.
        copied = isinstance(name, ox.DefaultGraph) and not (self._union or self._graphs)
        quads = () if copied else self._store.quads_for_pattern(None, None, None, name)
        triples = (quad.triple for quad in quads)
        body, rows = write_triples(
            triples, media_type.decode("ascii"), b"", max_bytes=max_bytes, max_rows=max_rows
        )
        return wire.DONE, [body, wire.MEASURES.pack(rows, time.perf_counter() - started)]

    def has_graph(self, fields: list[bytes]) -> Reply:
        """Tell whether a graph exists."""
        name = to_graph(fields[0])
        exists = isinstance(name, ox.DefaultGraph) or self._store.contains_named_graph(name)
        return (wire.DONE if exists else wire.MISSING), []

    def parse(self, fields: list[bytes]) -> Reply:
        """Turn a document from outside into N-Triples that are safe to load.

        A quad format puts in only what stands in its default graph.
        """
        body, media_type, base = fields
        rdf_format = ox.RdfFormat.from_media_type(media_type.decode("ascii"))
        quads = ox.parse(
            input=body,
            format=rdf_format,
            base_iri=base.decode("utf-8") or None,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        triples = (quad.triple for quad in quads)
        text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        return wire.DONE, [text or b""]


def write_result(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    media_type: str,
    prefixes: bytes,
    *,
    max_bytes: int,
    max_rows: int,
) -> tuple[bytes, int]:
    """Serialise a result completely; return its bytes and the number of rows, -1 for ASK.

    Raises:
        TooLargeError: It has too many bytes or rows.
    """
    if isinstance(result, ox.QueryTriples):
        return write_triples(result, media_type, prefixes, max_bytes=max_bytes, max_rows=max_rows)
    writer = CappedWriter(max_bytes)
    result_format = ox.QueryResultsFormat.from_media_type(media_type)
    _guarded(writer, lambda: result.serialize(writer, result_format))  # type: ignore[arg-type]
    body = writer.value()
    if isinstance(result, ox.QueryBoolean):
        return body, -1
    rows = count_rows(body, media_type)
    if rows > max_rows:
        raise TooLargeError(f"{max_rows:,} rows")
    return body, rows


def write_triples(
    triples: Iterable[ox.Triple],
    media_type: str,
    prefixes: bytes,
    *,
    max_bytes: int,
    max_rows: int,
) -> tuple[bytes, int]:
    """Serialise triples completely; return bytes and number.

    Raises:
        TooLargeError: There are too many bytes or triples.
    """
    writer = CappedWriter(max_bytes)
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    if isinstance(triples, ox.QueryTriples) and media_type in _PLAIN_FORMATS:
        _guarded(writer, lambda: triples.serialize(writer, rdf_format))  # type: ignore[arg-type]
        body = writer.value()
        rows = body.count(b"\n")
        if rows > max_rows:
            raise TooLargeError(f"{max_rows:,} rows")
        return body, rows
    counter = Counter(triples, max_rows)
    names = wire.unpack_list(prefixes)
    shortened = dict(zip(names[::2], names[1::2], strict=True))
    _guarded(
        writer,
        lambda: ox.serialize(counter, writer, rdf_format, prefixes=shortened),  # type: ignore[arg-type]
    )
    return writer.value(), counter.count


class Counter:
    """An iterable of triples that counts them and stops above a number."""

    def __init__(self, triples: Iterable[ox.Triple], max_rows: int) -> None:
        self._triples = triples
        self._max_rows = max_rows
        self.count = 0

    def __iter__(self) -> Iterator[ox.Triple]:
        for triple in self._triples:
            self.count += 1
            if self.count > self._max_rows:
                raise TooLargeError(f"{self._max_rows:,} rows")
            yield triple


def to_graph(field: bytes) -> ox.NamedNode | ox.DefaultGraph:
    """Read a graph name; the empty name is the default graph."""
    return ox.NamedNode(field.decode("utf-8")) if field else ox.DefaultGraph()


def answer(handlers: dict[int, Handler], code: int, fields: list[bytes]) -> Reply:
    """Run one request and turn what the library raises into a reply."""
    try:
        return handlers[code](fields)
    except SyntaxError as error:
        return wire.SYNTAX, [str(error).encode("utf-8")]
    except TooLargeError as error:
        return wire.TOO_LARGE, [str(error).encode("utf-8")]
    except (ValueError, RuntimeError) as error:
        return wire.REFUSED, [str(error).encode("utf-8")]
    except OSError as error:
        return wire.STORE_FAILED, [str(error).encode("utf-8")]
    except MemoryError as error:
        # The parsers' word for a term that does not fit into their buffer.
        if "buffer" in str(error):
            return wire.TERM_TOO_LONG, []
        return wire.FAILED, [b"out of memory"]


def run(channel: socket.socket, handlers: dict[int, Handler]) -> None:
    """Answer until the server is gone."""
    while True:
        try:
            code, fields = wire.receive(channel)
            status, reply = answer(handlers, code, fields)
            del fields
            wire.send(channel, status, reply)
            del reply
        except (EOFError, BrokenPipeError, ConnectionResetError):
            os._exit(0)


def start(channel_fd: int, options: dict[str, int], make: Callable[[], dict[int, Handler]]) -> None:
    """Enter the box, then answer on a thread with a stack deep enough for any query we admit.

    The first thread waits for the server to go away: a process that is busy inside the library
    would not notice.
    """
    with socket.socket(fileno=channel_fd) as channel:
        box.limit(
            memory_bytes=options["memory_bytes"] + options["stack_bytes"],
            may_write=bool(options["may_write"]),
            niceness=options["niceness"],
        )
        how = "" if options["network"] else box.close_network()
        threading.stack_size(options["stack_bytes"])
        thread = threading.Thread(target=run, args=(channel, make()), daemon=True)
        wire.send(channel, wire.DONE, [how.encode("ascii")])
        thread.start()
        hangup = select.poll()
        hangup.register(channel_fd, select.POLLRDHUP)
        hangup.poll()
        os._exit(0)


def main() -> None:
    """Read the options the server put on the command line, and start."""
    options = {name: int(value) for name, _, value in (a.partition("=") for a in sys.argv[1:])}
    start(options.pop("channel"), options, lambda: Reader().handlers)


def _graphs(field: bytes) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in wire.unpack_list(field)]


def _guarded(writer: CappedWriter, serialise: Callable[[], object]) -> None:
    """Serialise, and say it is too large when the writer stopped it, whatever was raised."""
    try:
        serialise()
    except (OSError, ValueError, RuntimeError) as error:
        if writer.full:
            raise TooLargeError(writer.limit) from error
        raise

"""A SPARQL 1.1 server that is published to: its graphs read and written, whichever way it allows.

Graphs go by the Graph Store Protocol where the server speaks it, and by updates in small parts
where it does not.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Final

from parley.engine.convert import table_to_nquads, to_nquads
from parley.engine.results import JSON, N_TRIPLES
from parley.engine.types import Query, Update, Upload
from parley.errors import (
    ForbiddenError,
    NotFoundError,
    QuerySyntaxError,
    RemoteEngineError,
    RemoteRefusedError,
    ResultTooLargeError,
)
from parley.publishing.parts import pack, to_insert, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.engine.remote import RemoteEngine

#: Bytes of N-Triples in one request to a Graph Store, and in one update.
PART_BYTES: Final = 8_000_000
UPDATE_BYTES: Final = 400_000
#: Rows asked for at a time from a server that cuts its answers.
PAGE_ROWS: Final = 5_000
#: What a server without a Graph Store, or with another at that address, may answer with.
_NO_STORE: Final = (
    ForbiddenError, NotFoundError, QuerySyntaxError, RemoteEngineError, ResultTooLargeError,
)  # fmt: skip
_COUNT: Final = "SELECT (COUNT(*) AS ?count) {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"
_ROWS: Final = "SELECT ?s ?p ?o {{ GRAPH <{0}> {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o"
_PAGE: Final = "SELECT ?s ?p ?o {{ {{ {0} }} }} LIMIT {1} OFFSET {2}"


class Server:
    """A writable remote engine, and whether its Graph Store has shown that it works."""

    def __init__(self, engine: RemoteEngine) -> None:
        self._engine = engine
        self._proven = False

    def run(self, text: str) -> None:
        """Have an update applied."""
        self._engine.update(Update(text))

    def read(self, name: str, *, as_graph: str = "") -> bytes:
        """Return a graph as sorted N-Quads; nothing when there is no such graph.

        Args:
            name: The graph on the server.
            as_graph: The name it has in the answer, when that is another.
        """
        named = as_graph or name
        if self._engine.has_store:
            try:
                body = self._engine.get_graph(name, N_TRIPLES).body
                return to_nquads(body, N_TRIPLES, graph=named)
            except NotFoundError:
                if self._proven:
                    return b""
            except _NO_STORE as error:
                self._give_up_store(error)
        return self._read_by_query(name, named)

    def write(self, name: str, triples: bytes) -> None:
        """Replace a graph; it is not replaced at once, so nobody should be reading it.

        Raises:
            EngineError: The server takes it in neither way.
        """
        pieces = units(triples)
        if self._engine.has_store:
            try:
                self._write_by_store(name, pieces)
            except _NO_STORE as error:
                self._give_up_store(error)
            else:
                return
        self.run(f"CLEAR SILENT GRAPH <{name}>")
        for part in pack(pieces, UPDATE_BYTES):
            self._insert(name, part)

    def listed(self, name: str, prop: str) -> list[str]:
        """Return the graphs that a graph names by a property."""
        text = f"SELECT DISTINCT ?graph {{ GRAPH <{name}> {{ ?d <{prop}> ?graph }} }}"
        return sorted(row["graph"]["value"] for row in self._rows(text, name) if "graph" in row)

    def count(self, name: str) -> int:
        """Return how many triples a graph has."""
        rows = self._rows(_COUNT.format(name), name)
        return int(rows[0]["count"]["value"]) if rows else 0

    def _read_by_query(self, name: str, named: str) -> bytes:
        """Read a graph by one query, or page by page where the server cuts that answer."""
        count = self.count(name)
        if not count:
            return b""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        with contextlib.suppress(ResultTooLargeError):
            found = to_nquads(self._ask(text, "CONSTRUCT", name), N_TRIPLES, graph=named)
            if len(found.splitlines()) >= count:
                return found
        lines: set[bytes] = set()
        for offset in range(0, count, PAGE_ROWS):
            page = self._ask(_PAGE.format(_ROWS.format(name), PAGE_ROWS, offset), "SELECT", name)
            lines.update(table_to_nquads(page, graph=named).splitlines(keepends=True))
        return b"".join(sorted(lines))

    def _write_by_store(self, name: str, pieces: Sequence[bytes]) -> None:
        first, *others = pack(pieces, PART_BYTES)
        self._engine.put_graph(name, Upload(b"".join(first), N_TRIPLES))
        for part in others:
            self._engine.post_graph(name, Upload(b"".join(part), N_TRIPLES))
        self._proven = True

    def _insert(self, name: str, pieces: Sequence[bytes]) -> None:
        """Add pieces to a graph by an update, by several smaller ones where it is too large."""
        try:
            self.run(to_insert(name, b"".join(pieces)))
        except RemoteRefusedError:
            raise
        except (QuerySyntaxError, RemoteEngineError, ResultTooLargeError):
            if len(pieces) < 2:
                raise
            middle = len(pieces) // 2
            self._insert(name, pieces[:middle])
            self._insert(name, pieces[middle:])

    def _give_up_store(self, error: Exception) -> None:
        """Go on without the Graph Store, unless it worked before or is the right one."""
        if self._proven or isinstance(error, RemoteRefusedError):
            raise error
        self._engine.forget_store()

    def _rows(self, text: str, name: str) -> list[dict[str, dict[str, str]]]:
        found: list[dict[str, dict[str, str]]]
        found = json.loads(self._ask(text, "SELECT", name))["results"]["bindings"]
        return found

    def _ask(self, text: str, form: str, name: str) -> bytes:
        if form == "SELECT":
            query = Query(text, "SELECT", JSON, named_graph_iris=(name,))
        else:
            query = Query(text, "CONSTRUCT", N_TRIPLES, named_graph_iris=(name,))
        return self._engine.evaluate(query).body

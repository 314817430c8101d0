"""Reading from a pool: queries and graphs become requests, replies become answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.engine import wire
from parley.engine.guard import Limits, check_query
from parley.engine.mistakes import check_called, explain
from parley.engine.pool import Pool, Request, Snapshot
from parley.engine.results import RDF_XML
from parley.engine.types import Answer
from parley.engine.uploads import check_xml, place_error
from parley.errors import NotFoundError, ParleyError, QuerySyntaxError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from parley.config import Settings
    from parley.engine.inspection import Inspection
    from parley.engine.types import Query

#: How often a request is made when its state vanishes under it.
ATTEMPTS: Final = 20


class Reading:
    """Reads the state that is current when a request begins.

    ``current`` returns that state. When a state vanishes before a process could open it, because a
    newer one took its place, the request is made anew with the newer one.
    """

    def __init__(self, settings: Settings, current: Callable[[], Snapshot]) -> None:
        self._settings = settings
        self._limits = Limits.from_settings(settings)
        self._current = current
        #: Packed limits by whether the union is read and whether the request names a dataset.
        self._limits_of_reply = {
            (union, dataset): wire.LIMITS.pack(
                union, dataset, dataset, settings.max_result_bytes, settings.max_result_rows
            )
            for union in (False, True)
            for dataset in (False, True)
        }
        self.pool = Pool(settings, current())

    def evaluate(self, query: Query, timeout_s: float | None) -> Answer:
        """Check and answer a query.

        Raises:
            RequestError: It does not parse, is refused, or its answer is too large.
            EngineError: It took too long, took its process down, or had to wait too long.
        """
        inspection = check_query(query.text, self._limits)
        fields = self._query_fields(query, inspection)
        try:
            snapshot, reply = self._run(wire.QUERY, fields, hash(query.text), timeout_s)
        except ParleyError as error:
            check_called(inspection, error)
            if isinstance(error, QuerySyntaxError):
                raise explain(query.text, error) from error
            raise
        return self._answer(snapshot, reply, query.media_type)

    def get_graph(self, graph_iri: str | None, media_type: str) -> Answer:
        """Return the triples of a graph.

        Raises:
            NotFoundError: There is no such graph.
            ResultTooLargeError: It is over the limit.
        """
        name = (graph_iri or "").encode("utf-8")
        fields = [name, media_type.encode("ascii"), self._limits_of_reply[False, False]]
        snapshot, reply = self._run(wire.GRAPH, fields, hash((graph_iri, "graph")), None)
        return self._answer(snapshot, reply, media_type)

    def has_graph(self, graph_iri: str | None) -> bool:
        """Tell whether a graph exists."""
        name = (graph_iri or "").encode("utf-8")
        try:
            self._run(wire.HAS_GRAPH, [name], hash((graph_iri, "has")), None)
        except NotFoundError:
            return False
        return True

    def parse(self, body: bytes, media_type: str, base_iri: str | None) -> bytes:
        """Turn a document from outside into N-Triples, in a process it may take down.

        Raises:
            QuerySyntaxError: It does not parse.
            QueryRefusedError: It is XML whose entities multiply.
        """
        if media_type == RDF_XML:
            check_xml(body)
        fields = [body, media_type.encode("ascii"), (base_iri or "").encode("utf-8")]
        try:
            _, reply = self._run(wire.PARSE, fields, hash(body), self._settings.update_timeout_s)
        except QuerySyntaxError as error:
            raise place_error(body, media_type, error) from error
        return reply[0]

    def _run(
        self, code: int, fields: list[bytes], key: int, timeout_s: float | None
    ) -> tuple[Snapshot, list[bytes]]:
        seconds = timeout_s or self._settings.timeout_s
        snapshot = self._current()
        for _ in range(ATTEMPTS - 1):
            try:
                return snapshot, self.pool.run(Request(code, fields, snapshot, key, seconds))
            except StoreError:
                vanished, snapshot = snapshot, self._current()
                if snapshot == vanished:
                    raise
        return snapshot, self.pool.run(Request(code, fields, snapshot, key, seconds))

    def _query_fields(self, query: Query, inspection: Inspection) -> list[bytes]:
        defaults, named = query.default_graph_iris, query.named_graph_iris
        dataset = defaults is not None or named is not None
        union = query.union_default_graph and not dataset and not inspection.has_dataset
        prefixes = query.prefixes or inspection.prefixes
        return [
            query.text.encode("utf-8"),
            query.media_type.encode("ascii"),
            (query.base_iri or "").encode("utf-8"),
            wire.pack_list(defaults) if defaults else b"",
            wire.pack_list(named) if named else b"",
            wire.pack_list([text for pair in prefixes for text in pair]) if prefixes else b"",
            self._limits_of_reply[union, dataset],
        ]

    def _answer(self, snapshot: Snapshot, reply: list[bytes], media_type: str) -> Answer:
        body, measures = reply
        rows, seconds = wire.MEASURES.unpack(measures)
        return Answer(body, media_type, None if rows < 0 else rows, seconds, snapshot.version)


class PooledEngine:
    """What every engine with a pool of processes does alike: it reads."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def evaluate(self, query: Query, *, timeout_s: float | None = None) -> Answer:
        """Answer a query, completely or not at all.

        Raises:
            RequestError: It does not parse, is refused, or its answer is too large.
            EngineError: It took too long, took its process down, or had to wait too long.
        """
        return self._reading.evaluate(query, timeout_s)

    def get_graph(self, graph_iri: str | None, media_type: str) -> Answer:
        """Return the triples of a named graph, or of the default graph for ``None``.

        Raises:
            NotFoundError: There is no such graph.
        """
        return self._reading.get_graph(graph_iri, media_type)

    def has_graph(self, graph_iri: str | None) -> bool:
        """Tell whether a graph exists; the default graph always does."""
        return self._reading.has_graph(graph_iri)

    def parse(self, body: bytes, media_type: str, *, base_iri: str | None = None) -> bytes:
        """Turn a document into N-Triples, in a process it may take down.

        Raises:
            QuerySyntaxError: It does not parse.
            QueryRefusedError: It is XML whose entities multiply.
        """
        return self._reading.parse(body, media_type, base_iri)

    def statistics(self) -> dict[str, float]:
        """Return counters and gauges of the pool."""
        return self._reading.pool.statistics()

    def close(self) -> None:
        """End every process."""
        self._reading.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

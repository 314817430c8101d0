"""Answer what a client asks of ``/sparql`` and ``/store``: one request in, one response out."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from parley.endpoint import protocol
from parley.endpoint.access import check_write
from parley.endpoint.cache import AnswerCache
from parley.endpoint.graph_store import (
    METHODS as STORE_METHODS,
)
from parley.endpoint.graph_store import (
    WRITES,
    answer_graph,
    check_method,
    read_target,
)
from parley.endpoint.limits import FairUse
from parley.endpoint.messages import Response, with_charset
from parley.endpoint.strictness import hold_to_grammar
from parley.engine.guard import Limits, check_query, check_update
from parley.engine.results import GRAPH_FORMATS, formats_of, negotiate
from parley.engine.types import Query, Update
from parley.errors import (
    DeadlineExceededError,
    PayloadTooLargeError,
    QueryRefusedError,
    QuerySyntaxError,
    RequestError,
    WorkerDiedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.config import Settings
    from parley.endpoint.description import NamedGraph
    from parley.endpoint.messages import Request
    from parley.engine.inspection import Inspection
    from parley.engine.types import Answer, Engine

SPARQL_PATH: Final = "/sparql"
STORE_PATH: Final = "/store"
#: What a header may hold of a note; anything else is percent-encoded, as in an IRI made a URI.
_HEADER_SAFE: Final = " !#$%&'()*+,-./:;<=>?@[]_~"
_FRESH: Final = ("Cache-Control", "no-cache")
_VARY: Final = ("Vary", "Accept, Accept-Encoding")


@dataclass
class Service:
    """The endpoint over one engine.

    Args:
        engine: What holds the data.
        settings: Limits, and whether writing is on.
        base_url: Public address of the server, without a final slash.
        note: Finds something to say about the text of a query without results.
    """

    engine: Engine
    settings: Settings
    base_url: str
    note: Callable[[str], str] | None = None
    #: Returns the named graphs for the service description.
    graphs: Callable[[], tuple[NamedGraph, ...]] = tuple
    limits: Limits = field(init=False)
    fair_use: FairUse = field(init=False)
    cache: AnswerCache = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits.from_settings(self.settings)
        self.fair_use = FairUse(self.settings.client_concurrency, self.settings.client_engine_s)
        self.cache = AnswerCache(self.settings.result_cache_bytes)

    @property
    def sparql_url(self) -> str:
        """The public address of the SPARQL endpoint."""
        return f"{self.base_url}{SPARQL_PATH}"

    @property
    def store_url(self) -> str:
        """The public address of the graph store."""
        return f"{self.base_url}{STORE_PATH}"

    def answer_sparql(self, request: Request) -> Response:
        """Answer a SPARQL Protocol request.

        Raises:
            ParleyError: Whatever keeps it from being answered, with its HTTP status.
        """
        operation = protocol.read_operation(
            request,
            max_query_bytes=self.settings.max_query_bytes,
            max_update_bytes=self.settings.max_update_bytes,
        )
        match operation:
            case protocol.QueryOperation():
                return self._query(request, operation)
            case protocol.UpdateOperation():
                return self._update(request, operation)
            case protocol.DescribeOperation():
                return self._describe(operation)
            case protocol.OptionsOperation():
                return self.options(protocol.METHODS)

    def answer_store(self, request: Request) -> Response:
        """Answer a Graph Store Protocol request.

        Raises:
            ParleyError: Whatever keeps it from being answered, with its HTTP status.
        """
        check_method(request.method)
        if request.method == "OPTIONS":
            return self.options(STORE_METHODS)
        target = read_target(request, self.store_url, STORE_PATH)
        if request.method in WRITES:
            check_write(request, self.settings, self.base_url)
            self._check_upload(request)
        with self.fair_use.admit(request.client) as ticket:
            started = time.perf_counter()
            try:
                response = answer_graph(self.engine, request, target, self.store_url)
            finally:
                ticket.engine_s = time.perf_counter() - started
        return replace(response, headers=(*response.headers, _FRESH, _VARY))

    def _check_upload(self, request: Request) -> None:
        limit = self.settings.max_update_bytes
        if len(request.body) > limit:
            raise PayloadTooLargeError(
                f"The graph is larger than the {limit:,} bytes allowed.",
                remedy="Send it in parts, each by POST.",
            )

    def options(self, methods: tuple[str, ...]) -> Response:
        """Say what a resource can do, to a client or to a browser that asks before it sends."""
        allowed = ", ".join(methods)
        return Response(
            204,
            headers=(
                ("Allow", allowed),
                ("Accept-Query", protocol.QUERY),
                ("Access-Control-Allow-Methods", allowed),
                (
                    "Access-Control-Allow-Headers",
                    "Accept, Authorization, Content-Type, If-Match, If-None-Match",
                ),
                ("Access-Control-Max-Age", "86400"),
                ("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"),
            ),
        )

    def _query(self, request: Request, operation: protocol.QueryOperation) -> Response:
        inspection = check_query(operation.text, self.limits)
        offered = formats_of(inspection.form)
        media_type = negotiate(operation.accept, offered, operation.format or None)
        query = self._make_query(operation, inspection, media_type)
        version = self.engine.version
        key = "" if inspection.is_volatile else digest(version, query)
        if key:
            if matches_etag(request.header("if-none-match"), key):
                return Response(304, headers=(("ETag", f'"{key}"'), _FRESH, _VARY))
            if kept := self.cache.get(key):
                return kept
        try:
            answer = self._evaluate(request.client, query, operation.timeout_s)
        except (QuerySyntaxError, QueryRefusedError):
            if len(query.text) == len(operation.text):
                raise
            # The places in the error are to be those of the text as it was sent.
            query = replace(query, text=operation.text)
            answer = self._evaluate(request.client, query, operation.timeout_s)
        if key and answer.version != version:
            key = digest(answer.version, query)
        return self._respond(query, answer, key)

    def _make_query(
        self, operation: protocol.QueryOperation, inspection: Inspection, media_type: str
    ) -> Query:
        return Query(
            text=hold_to_grammar(operation.text),
            form=inspection.form or "SELECT",
            media_type=media_type,
            base_iri=self.sparql_url,
            default_graph_iris=operation.default_graphs,
            named_graph_iris=operation.named_graphs,
            union_default_graph=self.settings.default_graph == "union",
        )

    def _evaluate(self, client: str, query: Query, timeout_s: float | None) -> Answer:
        limit_s = min(timeout_s or self.settings.timeout_s, self.settings.timeout_s)
        with self.fair_use.admit(client) as ticket:
            try:
                answer = self.engine.evaluate(query, timeout_s=limit_s)
            except (DeadlineExceededError, WorkerDiedError):
                ticket.engine_s = limit_s
                raise
            ticket.engine_s = answer.engine_s
            return answer

    def _respond(self, query: Query, answer: Answer, key: str) -> Response:
        """Make the response; without a key it is not kept."""
        headers = [("Content-Type", with_charset(answer.media_type)), _FRESH, _VARY]
        if answer.media_type == "text/csv":
            headers.append(("Content-Disposition", 'attachment; filename="result.csv"'))
        if answer.rows == 0 and self.note and (note := self.note(query.text)):
            headers.append(("Parley-Note", quote(note, safe=_HEADER_SAFE)))
        if not key:
            return Response(200, answer.body, tuple(headers))
        response = Response(200, answer.body, (*headers, ("ETag", f'"{key}"')))
        self.cache.put(key, response)
        return response

    def _update(self, request: Request, operation: protocol.UpdateOperation) -> Response:
        check_write(request, self.settings, self.base_url)
        inspection = check_update(operation.text, self.limits)
        has_dataset = inspection.has_dataset or inspection.has_with
        if has_dataset and (operation.using_graphs or operation.using_named_graphs):
            raise RequestError(
                "The update says USING or WITH, and so does its address.",
                remedy="Name the dataset in one of the two places.",
            )
        with self.fair_use.admit(request.client) as ticket:
            started = time.perf_counter()
            try:
                self._apply(operation)
            finally:
                ticket.engine_s = time.perf_counter() - started
        return Response(204)

    def _apply(self, operation: protocol.UpdateOperation) -> None:
        update = self._make_update(operation)
        try:
            self.engine.update(update)
        except QuerySyntaxError:
            if len(update.text) == len(operation.text):
                raise
            self.engine.update(replace(update, text=operation.text))

    def _make_update(self, operation: protocol.UpdateOperation) -> Update:
        return Update(
            text=hold_to_grammar(operation.text),
            base_iri=self.sparql_url,
            using_graph_iris=operation.using_graphs,
            using_named_graph_iris=operation.using_named_graphs,
            union_default_graph=self.settings.default_graph == "union",
        )

    def _describe(self, operation: protocol.DescribeOperation) -> Response:
        from parley.endpoint.description import describe, serialise

        media_type = negotiate(operation.accept, GRAPH_FORMATS, operation.format or None)
        body = serialise(describe(self.settings, self.sparql_url, graphs=self.graphs()), media_type)
        return Response(200, body, (("Content-Type", with_charset(media_type)), _FRESH, _VARY))


def digest(version: str, query: Query) -> str:
    """Return what identifies an answer: the data's state, the query, its dataset and format."""
    parts = [
        version,
        query.text,
        query.media_type,
        query.default_graph_iris,
        query.named_graph_iris,
        query.union_default_graph,
    ]
    return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:32]


def matches_etag(if_none_match: str, key: str) -> bool:
    """Say whether the client holds the answer already, compressed or not."""
    return any(
        tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip") == key
        for tag in if_none_match.split(",")
    )

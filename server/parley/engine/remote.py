"""The engine behind an address: any server that speaks the SPARQL 1.1 Protocol."""

from __future__ import annotations

import json
import time
import urllib.parse
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from parley.engine.foreign import (
    ACCEPT_GRAPH,
    ACCEPT_TABLE,
    check_status,
    read_graph,
    read_table,
)
from parley.engine.guard import Limits, check_query, check_update
from parley.engine.results import JSON
from parley.engine.settled import DRAFTS
from parley.engine.transport import Credentials, Reply, Transport, check_address
from parley.engine.types import Answer, Query
from parley.errors import (
    ForbiddenError,
    NotFoundError,
    QuerySyntaxError,
    RemoteEngineError,
    RequestError,
    ResultTooLargeError,
    TermError,
    UnsupportedMediaTypeError,
)
from parley.namespaces import GRAPH, VOID

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from parley.config import Settings
    from parley.engine.types import Update, Upload

#: A remote engine does not say when its data changes; answers count as the same for so long.
VERSION_S: Final = 5
#: The graph in which a publication names its graphs.
RECORD: Final = str(GRAPH.publication)
_LISTED: Final = f"SELECT DISTINCT ?graph {{ GRAPH <{RECORD}> {{ ?d <{VOID.subset}> ?graph }} }}"
_TRIPLES: Final = "CONSTRUCT { ?s ?p ?o } WHERE "


class RemoteEngine:
    """Answers by asking a remote engine.

    Requests go to the host that was given and no other: redirects are not followed. The pre-check
    holds here too. Where the engine holds a publication (`parley.publishing.push`), a query that
    names no dataset reads the graphs of that publication but its drafts, and nothing else there;
    elsewhere which graphs it reads is the remote engine's own affair.

    Args:
        url: Address of its query service.
        settings: Limits.
        update_url: Address of its update service; empty refuses updates.
        store_url: Address of its Graph Store; without one, graphs are read by queries and not
            written.
        credentials: Who asks.
    """

    def __init__(
        self,
        url: str,
        settings: Settings,
        *,
        update_url: str = "",
        store_url: str = "",
        credentials: Credentials | None = None,
    ) -> None:
        for address in (url, update_url, store_url):
            check_address(address)
        self._url = url
        self._update_url = update_url
        self._store_url = store_url
        self._settings = settings
        self._limits = Limits.from_settings(settings)
        self._transport = Transport(max_bytes=settings.max_result_bytes, credentials=credentials)
        self._writes = 0
        self._listed: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def version(self) -> str:
        """A name that changes every few seconds and with every write made here."""
        return f"remote-{self._writes}-{int(time.time() // VERSION_S)}"

    @property
    def writable(self) -> bool:
        """Whether an address for updates is known."""
        return bool(self._update_url)

    @property
    def has_store(self) -> bool:
        """Whether an address of a Graph Store is known."""
        return bool(self._store_url)

    def forget_store(self) -> None:
        """Do without the Graph Store from now on: it turned out to be none."""
        self._store_url = ""

    def evaluate(self, query: Query, *, timeout_s: float | None = None) -> Answer:
        """Answer a query, completely or not at all.

        Raises:
            RequestError: It is refused, does not parse there, or its answer is too large.
            RemoteDeadlineError: The engine took too long, or stopped at a limit of its own.
            RemoteEngineError: The engine is down, or does not answer as SPARQL 1.1 says.
        """
        inspection = check_query(query.text, self._limits)
        named_here = (query.default_graph_iris, query.named_graph_iris) != (None, None)
        if named_here or inspection.has_dataset:
            default, named = query.default_graph_iris or (), query.named_graph_iris or ()
        else:
            named = self.published()
            settled = tuple(name for name in named if not name.startswith(DRAFTS))
            default = settled if query.union_default_graph else ()
        version = self.version
        started = time.perf_counter()
        body, rows = self._ask(query, default, named, timeout_s)
        return Answer(body, query.media_type, rows, time.perf_counter() - started, version)

    def published(self) -> tuple[str, ...]:
        """Return the graphs of the publication that the engine holds, as it is now; or nothing.

        Raises:
            EngineError: The engine cannot answer.
        """
        if self._listed[0] != self.version:
            version = self.version
            body, _ = self._ask(Query(_LISTED, "SELECT", JSON), (), (), None)
            rows = json.loads(body)["results"]["bindings"]
            self._listed = (
                version,
                tuple(sorted(row["graph"]["value"] for row in rows if "graph" in row)),
            )
        return self._listed[1]

    def update(self, update: Update) -> None:
        """Have an update applied.

        Raises:
            ForbiddenError: No address for updates is known.
            RequestError: It is refused or does not parse there.
            RemoteEngineError: The engine is down, or refuses.
        """
        if not self._update_url:
            raise ForbiddenError("The remote engine has no address for updates.")
        check_update(update.text, self._limits)
        form = [("update", update.text)]
        form += [("using-graph-uri", iri) for iri in update.using_graph_iris or ()]
        form += [("using-named-graph-uri", iri) for iri in update.using_named_graph_iris or ()]
        self._post(self._update_url, form, "*/*", self._settings.update_timeout_s)
        self._writes += 1

    def get_graph(self, graph_iri: str | None, media_type: str) -> Answer:
        """Return the triples of a graph.

        Raises:
            NotFoundError: There is no such graph.
            ResultTooLargeError: It has too many triples or bytes.
        """
        started = time.perf_counter()
        if self._store_url:
            body, rows = read_graph(self._store("GET", graph_iri, accept=ACCEPT_GRAPH), media_type)
        else:
            text = f"{_TRIPLES}{_pattern(graph_iri)}"
            body, rows = self._read(text, media_type)
            if not rows and graph_iri is not None:
                raise NotFoundError("There is no such graph.")
        self._check_rows(rows)
        return Answer(body, media_type, rows, time.perf_counter() - started, self.version)

    def has_graph(self, graph_iri: str | None) -> bool:
        """Tell whether a graph exists; without a Graph Store, whether it holds anything."""
        if self._store_url:
            try:
                self._store("HEAD", graph_iri)
            except NotFoundError:
                return False
            except (RemoteEngineError, QuerySyntaxError):
                return self._holds(graph_iri)
            return True
        return graph_iri is None or self._holds(graph_iri)

    def parse(self, body: bytes, media_type: str, *, base_iri: str | None = None) -> bytes:
        """Refuse: the remote engine reads documents, one to a request.

        Raises:
            UnsupportedMediaTypeError: Always.
        """
        del body, media_type, base_iri
        raise UnsupportedMediaTypeError(
            "A remote engine takes one document at a time.", remedy="Send each part by itself."
        )

    def put_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Replace a graph; return whether it was created."""
        return self._upload("PUT", graph_iri, upload)

    def post_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Merge triples into a graph; return whether it was created."""
        return self._upload("POST", graph_iri, upload)

    def _upload(self, method: str, graph_iri: str | None, upload: Upload) -> bool:
        _refuse_condition(upload.if_version)
        reply = self._store(method, graph_iri, body=upload.body, media_type=upload.media_type)
        return reply.status == 201

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Remove a graph.

        Raises:
            NotFoundError: There is no such graph.
        """
        _refuse_condition(if_version)
        self._store("DELETE", graph_iri)

    def statistics(self) -> dict[str, float]:
        """Return how many requests were made and how many failed."""
        return {"requests": self._transport.requests, "failures": self._transport.failures}

    def close(self) -> None:
        """Do nothing: no connection is kept."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(
        self,
        query: Query,
        default: tuple[str, ...],
        named: tuple[str, ...],
        timeout_s: float | None,
    ) -> tuple[bytes, int | None]:
        form = [("query", query.text)]
        form += [("default-graph-uri", iri) for iri in default]
        form += [("named-graph-uri", iri) for iri in named]
        is_graph = query.form in {"CONSTRUCT", "DESCRIBE"}
        accept = ACCEPT_GRAPH if is_graph else ACCEPT_TABLE
        reply = self._post(self._url, form, accept, timeout_s or self._settings.timeout_s)
        rows: int | None
        if is_graph:
            body, rows = read_graph(reply, query.media_type, query.prefixes)
        else:
            body, rows = read_table(reply, query.form, query.media_type)
        self._check_rows(rows)
        return body, None if is_graph else rows

    def _read(self, text: str, media_type: str) -> tuple[bytes, int]:
        """Return the triples that a query of our own makes, and their number."""
        timeout_s = self._settings.update_timeout_s
        reply = self._post(self._url, [("query", text)], ACCEPT_GRAPH, timeout_s)
        return read_graph(reply, media_type)

    def _holds(self, graph_iri: str | None) -> bool:
        body, _ = self._ask(Query(f"ASK {_pattern(graph_iri)}", "ASK", JSON), (), (), None)
        return bool(json.loads(body)["boolean"])

    def _check_rows(self, rows: int | None) -> None:
        if rows is not None and rows > self._settings.max_result_rows:
            raise ResultTooLargeError(f"The complete answer has {rows} rows.", remedy="Use LIMIT.")

    def _post(self, url: str, form: list[tuple[str, str]], accept: str, timeout_s: float) -> Reply:
        body = urllib.parse.urlencode(form).encode("ascii")
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return check_status(self._transport.send("POST", url, headers, body, timeout_s))

    def _store(
        self,
        method: str,
        graph_iri: str | None,
        *,
        accept: str = "*/*",
        body: bytes | None = None,
        media_type: str = "",
    ) -> Reply:
        if not self._store_url:
            raise ForbiddenError("The remote engine has no address for graphs.")
        name = "default" if graph_iri is None else urllib.parse.urlencode({"graph": graph_iri})
        joint = "&" if "?" in self._store_url else "?"
        headers = {"Accept": accept} | ({"Content-Type": media_type} if media_type else {})
        url = f"{self._store_url}{joint}{name}"
        timeout_s = self._settings.update_timeout_s
        reply = check_status(self._transport.send(method, url, headers, body, timeout_s))
        self._writes += method in {"PUT", "POST", "DELETE"}
        return reply


def _refuse_condition(if_version: str | None) -> None:
    if if_version is not None:
        raise RequestError(
            "A remote engine does not say in what state a write finds it.",
            remedy="Send the write without If-Match and If-None-Match.",
        )


def _pattern(graph_iri: str | None) -> str:
    """Return the group that matches every triple of a graph.

    Raises:
        TermError: The name is no IRI.
    """
    if graph_iri is None:
        return "{ ?s ?p ?o }"
    try:
        return f"{{ GRAPH {ox.NamedNode(graph_iri)} {{ ?s ?p ?o }} }}"
    except ValueError as error:
        raise TermError(f"{graph_iri!r} is no IRI: {error}.") from error

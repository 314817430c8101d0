"""The engine behind an address: any server that speaks the SPARQL 1.1 Protocol."""

from __future__ import annotations

import http.client
import time
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.engine.guard import Limits, check_query, check_update
from parley.engine.process import remaining
from parley.engine.rows import count_rows
from parley.engine.types import Answer
from parley.errors import (
    DeadlineExceededError,
    EngineBusyError,
    ForbiddenError,
    NotFoundError,
    QuerySyntaxError,
    RemoteEngineError,
    RemoteRefusedError,
    RequestError,
    ResultTooLargeError,
    SettingError,
    UnsupportedMediaTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from parley.config import Settings
    from parley.engine.types import Query, Update

#: A remote engine does not say when its data changes; answers count as the same for so long.
VERSION_S: Final = 5
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    media_type: str
    body: bytes


class RemoteEngine:
    """Answers by asking a remote engine.

    Requests go to the host that was given and no other: redirects are not followed. The pre-check
    holds here too. Which graphs the default graph holds is the remote engine's own affair.

    Args:
        url: Address of its query service.
        settings: Limits.
        update_url: Address of its update service; empty refuses updates.
        store_url: Address of its Graph Store; empty refuses reading and writing graphs.
        headers: Sent with every request, an ``Authorization`` say.
    """

    def __init__(
        self,
        url: str,
        settings: Settings,
        *,
        update_url: str = "",
        store_url: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        for address in (url, update_url, store_url):
            _check_address(address)
        self._url = url
        self._update_url = update_url
        self._store_url = store_url
        self._settings = settings
        self._limits = Limits.from_settings(settings)
        self._headers = dict(headers or {})
        self._requests = 0
        self._failures = 0
        self._writes = 0

    @property
    def version(self) -> str:
        """A name that changes every few seconds and with every write made here."""
        return f"remote-{self._writes}-{int(time.time() // VERSION_S)}"

    @property
    def writable(self) -> bool:
        """Whether an address for updates is known."""
        return bool(self._update_url)

    def evaluate(self, query: Query, *, timeout_s: float | None = None) -> Answer:
        """Answer a query, completely or not at all.

        Raises:
            RequestError: It is refused, does not parse there, or its answer is too large.
            DeadlineExceededError: The engine took too long.
            RemoteEngineError: The engine is down, or does not answer as SPARQL 1.1 says.
        """
        check_query(query.text, self._limits)
        form = [("query", query.text)]
        form += [("default-graph-uri", iri) for iri in query.default_graph_iris or ()]
        form += [("named-graph-uri", iri) for iri in query.named_graph_iris or ()]
        version = self.version
        started = time.perf_counter()
        reply = self._post(self._url, form, query.media_type, timeout_s)
        seconds = time.perf_counter() - started
        rows = self._count(query, reply)
        return Answer(reply.body, query.media_type, rows, seconds, version)

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
        """
        started = time.perf_counter()
        reply = self._store("GET", graph_iri, accept=media_type)
        _check_media_type(reply, media_type)
        seconds = time.perf_counter() - started
        return Answer(reply.body, media_type, None, seconds, self.version)

    def has_graph(self, graph_iri: str | None) -> bool:
        """Tell whether a graph exists."""
        try:
            self._store("HEAD", graph_iri)
        except NotFoundError:
            return False
        return True

    def parse(self, body: bytes, media_type: str, *, base_iri: str | None = None) -> bytes:
        """Refuse: the remote engine reads documents, one to a request.

        Raises:
            UnsupportedMediaTypeError: Always.
        """
        del body, media_type, base_iri
        raise UnsupportedMediaTypeError(
            "A remote engine takes one document at a time.", remedy="Send each part by itself."
        )

    def put_graph(
        self,
        graph_iri: str | None,
        body: bytes,
        media_type: str,
        *,
        base_iri: str | None = None,
        if_version: str | None = None,
    ) -> bool:
        """Replace a graph; return whether it was created."""
        del base_iri
        _refuse_condition(if_version)
        return self._store("PUT", graph_iri, body=body, media_type=media_type).status == 201

    def post_graph(
        self,
        graph_iri: str | None,
        body: bytes,
        media_type: str,
        *,
        base_iri: str | None = None,
        if_version: str | None = None,
    ) -> bool:
        """Merge triples into a graph; return whether it was created."""
        del base_iri
        _refuse_condition(if_version)
        return self._store("POST", graph_iri, body=body, media_type=media_type).status == 201

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Remove a graph.

        Raises:
            NotFoundError: There is no such graph.
        """
        _refuse_condition(if_version)
        self._store("DELETE", graph_iri)

    def statistics(self) -> dict[str, float]:
        """Return how many requests were made and how many failed."""
        return {"requests": self._requests, "failures": self._failures}

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

    def _count(self, query: Query, reply: _Reply) -> int | None:
        _check_media_type(reply, query.media_type)
        if query.form != "SELECT":
            return None
        rows = count_rows(reply.body, query.media_type)
        if rows > self._settings.max_result_rows:
            raise _too_large(f"{rows} rows")
        return rows

    def _post(
        self, url: str, form: list[tuple[str, str]], accept: str, timeout_s: float | None
    ) -> _Reply:
        body = urllib.parse.urlencode(form).encode("ascii")
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self._exchange("POST", url, headers, body, timeout_s or self._settings.timeout_s)

    def _store(
        self,
        method: str,
        graph_iri: str | None,
        *,
        accept: str = "*/*",
        body: bytes | None = None,
        media_type: str = "",
    ) -> _Reply:
        if not self._store_url:
            raise ForbiddenError("The remote engine has no address for graphs.")
        name = "default" if graph_iri is None else urllib.parse.urlencode({"graph": graph_iri})
        joint = "&" if "?" in self._store_url else "?"
        headers = {"Accept": accept} | ({"Content-Type": media_type} if media_type else {})
        url = f"{self._store_url}{joint}{name}"
        reply = self._exchange(method, url, headers, body, self._settings.update_timeout_s)
        self._writes += method in {"PUT", "POST", "DELETE"}
        return reply

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout_s: float
    ) -> _Reply:
        self._requests += 1
        try:
            reply = self._request(method, url, self._headers | headers, body, timeout_s)
            return _check_status(reply)
        except TimeoutError as error:
            self._failures += 1
            raise DeadlineExceededError(
                f"The remote engine did not answer within {timeout_s:g} seconds."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            self._failures += 1
            raise RemoteEngineError(f"The remote engine at {self._url} failed: {error}.") from error

    def _request(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout_s: float
    ) -> _Reply:
        deadline = time.monotonic() + timeout_s
        parts = urllib.parse.urlsplit(url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
        try:
            target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            content = self._read(connection, response, deadline)
            media_type = response.headers.get_content_type()
            return _Reply(response.status, media_type, content)
        finally:
            connection.close()

    def _read(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        deadline: float,
    ) -> bytes:
        chunks, size = [], 0
        while True:
            if remaining(deadline) <= 0:
                raise TimeoutError
            if connection.sock is not None:
                connection.sock.settimeout(remaining(deadline))
            chunk = response.read1(_CHUNK)
            if not chunk:
                break
            size += len(chunk)
            if size > self._settings.max_result_bytes:
                raise _too_large(f"more than {self._settings.max_result_bytes} bytes")
            chunks.append(chunk)
        if response.length:
            raise http.client.IncompleteRead(b"".join(chunks[-1:]), response.length)
        return b"".join(chunks)


def _refuse_condition(if_version: str | None) -> None:
    if if_version is not None:
        raise RequestError(
            "A remote engine does not say in what state a write finds it.",
            remedy="Send the write without If-Match and If-None-Match.",
        )


def _check_address(address: str) -> None:
    parts = urllib.parse.urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SettingError(
            f"{address!r} is not the address of an engine.", remedy="Give an http or https URL."
        )


def _check_status(reply: _Reply) -> _Reply:
    """Return a good reply, or say in our words what a bad one means."""
    said = reply.body[:500].decode("utf-8", "replace").strip()
    if 200 <= reply.status < 300:
        return reply
    if reply.status == 400:
        raise QuerySyntaxError(f"The remote engine refuses it: {said}")
    if reply.status == 404:
        raise NotFoundError("There is no such graph.")
    if reply.status in {429, 503}:
        raise EngineBusyError(f"The remote engine is busy or gave up: {said}")
    if reply.status in {401, 403}:
        raise RemoteRefusedError(
            f"The remote engine refuses the token, or there is none: {reply.status} {said}".strip(),
            remedy="Set PARLEY_TOKEN to one that may write there.",
        )
    if 300 <= reply.status < 400:
        said = "it redirects, and redirects are not followed"
    raise RemoteEngineError(f"The remote engine answered {reply.status}: {said}")


def _check_media_type(reply: _Reply, wanted: str) -> None:
    if reply.media_type != wanted:
        raise RemoteEngineError(
            f"The remote engine answered in {reply.media_type}, not in {wanted}.",
            remedy="Ask for another format.",
        )


def _too_large(what: str) -> ResultTooLargeError:
    return ResultTooLargeError(f"The complete answer has {what}.", remedy="Use LIMIT.")

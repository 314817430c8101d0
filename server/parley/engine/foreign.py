"""Answers of other engines, read and written anew: whole, in the format asked for, or an error.

Engines differ in what they call SPARQL 1.1. One answers ASK with a table, names blank nodes as no
format allows, or sends an answer cut off at its own limit under the status 200. What leaves here
is what the standard says, or it is not sent.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from parley.engine.results import JSON, N_TRIPLES, TURTLE, XML
from parley.errors import (
    EngineBusyError,
    NotFoundError,
    ParleyError,
    QuerySyntaxError,
    RemoteDeadlineError,
    RemoteEngineError,
    RemoteRefusedError,
    ResultTooLargeError,
)

if TYPE_CHECKING:
    from parley.engine.transport import Reply
    from parley.engine.types import Form

#: What is asked for: the formats that engines write most alike.
ACCEPT_TABLE: Final = f"{JSON}, {XML};q=0.5"
ACCEPT_GRAPH: Final = f"{N_TRIPLES}, {TURTLE};q=0.5"
_TABLES: Final = {"application/json": JSON, JSON: JSON, XML: XML, "application/xml": XML}
_GRAPHS: Final = {
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    "text/ntriples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    TURTLE: ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
_STOPPED: Final = re.compile(
    rb"timed?[ -]?out|has been cancelled|exceeds the limit of \d+ \(sec\)|time limit", re.IGNORECASE
)
_REFUSALS: Final[dict[int, tuple[type[ParleyError], str]]] = {
    400: (QuerySyntaxError, "The remote engine refuses it"),
    404: (NotFoundError, "The remote engine has no such graph"),
    413: (ResultTooLargeError, "The remote engine finds it too large"),
    429: (EngineBusyError, "The remote engine is busy or gave up"),
    503: (EngineBusyError, "The remote engine is busy or gave up"),
}
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
#: The short forms of the truth values, and the canonical ones.
_BOOLEANS: Final = {"1": "true", "0": "false"}
_NO_LABEL: Final = re.compile(r"\W")
#: The variable of the table in which Virtuoso answers ASK.
_ASKED: Final = "__ASK_RETVAL"


def check_status(reply: Reply) -> Reply:
    """Return a good reply, or say in our words what a bad one means.

    Raises:
        RequestError: The query or update does not parse there, or there is no such graph.
        RemoteDeadlineError: It was stopped at a time limit of the remote engine.
        EngineError: Anything else.
    """
    if 200 <= reply.status < 300:
        _check_whole(reply)
        return reply
    said = reply.body[:500].decode("utf-8", "replace").strip()
    if reply.status == 504 or (reply.status != 404 and _STOPPED.search(reply.body[:500])):
        raise RemoteDeadlineError(
            f"The remote engine stopped it at a limit of its own: {said}", remedy="Ask for less."
        )
    if reply.status in {401, 403, 407} or "permission" in said.lower():
        raise RemoteRefusedError(
            f"The remote engine refuses who asks: {reply.status} {said}".strip(),
            remedy="Set PARLEY_TOKEN, or a user and PARLEY_PASSWORD, that may do it there.",
        )
    if reply.status in _REFUSALS:
        kind, words = _REFUSALS[reply.status]
        raise kind(f"{words}: {said}" if said else f"{words}.")
    if 300 <= reply.status < 400:
        said = "it redirects, and redirects are not followed"
    raise RemoteEngineError(f"The remote engine answered {reply.status}: {said}")


def read_table(reply: Reply, form: Form, media_type: str) -> tuple[bytes, int | None]:
    """Return the answer to SELECT or ASK in a format, and its number of rows; ASK has none.

    Raises:
        RemoteDeadlineError: The answer breaks off because the engine was stopped.
        RemoteEngineError: It is no result of such a query.
        ResultTooLargeError: The engine may have cut it.
    """
    kind = _TABLES.get(reply.media_type)
    if kind is None:
        raise _strange(reply, "a table")
    if kind == XML:
        body, rows = _write(reply, reply.body, kind, JSON), None
    else:
        body = reply.body
    found = _load(reply, body)
    if form == "ASK":
        plain: dict[str, Any] = {"head": {}, "boolean": _read_boolean(reply, found)}
    else:
        plain = _read_rows(reply, found)
        rows = len(plain["results"]["bindings"])
        _check_uncut(reply, rows)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    rows = None if form == "ASK" else rows
    return (text if media_type == JSON else _write(reply, text, JSON, media_type)), rows


def read_graph(
    reply: Reply, media_type: str, prefixes: tuple[tuple[str, str], ...] = ()
) -> tuple[bytes, int]:
    """Return triples in a format, each once, and how many there are.

    Raises:
        RemoteDeadlineError: The answer breaks off because the engine was stopped.
        RemoteEngineError: It holds no triples.
        ResultTooLargeError: The engine may have cut it.
    """
    kind = _GRAPHS.get(reply.media_type)
    if kind is None:
        raise _strange(reply, "triples")
    try:
        triples = dict.fromkeys(quad.triple for quad in ox.parse(reply.body, format=kind))
    except SyntaxError as error:
        raise _broken(reply, error) from error
    _check_uncut(reply, len(triples))
    target = ox.RdfFormat.from_media_type(media_type)
    body = ox.serialize(triples, format=target, prefixes=dict(prefixes)) or b""
    return body, len(triples)


def _check_whole(reply: Reply) -> None:
    """Refuse what an engine says to be a part of the answer only."""
    if reply.headers.get("x-sql-state"):
        raise RemoteDeadlineError(
            "The remote engine stopped at a limit of its own and sent a part of the answer.",
            remedy="Ask for less.",
        )


def _check_uncut(reply: Reply, rows: int) -> None:
    """Refuse an answer as long as the engine says its answers may be at most: it may be cut."""
    most = reply.headers.get("x-sparql-maxrows", "")
    if most.isdecimal() and rows >= int(most):
        raise ResultTooLargeError(
            f"The remote engine cuts its answers after {most} rows.", remedy="Use LIMIT."
        )


def _read_boolean(reply: Reply, found: Any) -> bool:
    try:
        if "boolean" in found:
            return bool(found["boolean"])
        rows = found["results"]["bindings"]
        return bool(rows) and str(rows[0][_ASKED]["value"]) in {"1", "true"}
    except (KeyError, TypeError, IndexError) as error:
        raise _broken(reply, error) from error


def _read_rows(reply: Reply, found: Any) -> dict[str, Any]:
    try:
        names = list(found["head"]["vars"])
        rows = [
            {name: _term(term) for name, term in row.items()}
            for row in found["results"]["bindings"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(reply, error) from error
    return {"head": {"vars": names}, "results": {"bindings": rows}}


def _term(term: dict[str, Any]) -> dict[str, Any]:
    """Return a term as the standard writes it; most are so already."""
    kind = term["type"]
    if kind == "typed-literal":
        value = term["value"]
        if term.get("datatype") == _BOOLEAN:
            value = _BOOLEANS.get(value, value)
        return {**term, "type": "literal", "value": value}
    if kind == "bnode":
        return {**term, "value": _NO_LABEL.sub("", term["value"].rpartition("/")[2]) or "b"}
    if kind == "triple":
        return {**term, "value": {part: _term(inner) for part, inner in term["value"].items()}}
    return term


def _load(reply: Reply, body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _broken(reply, error) from error


def _write(reply: Reply, body: bytes, source: str, target: str) -> bytes:
    formats = [ox.QueryResultsFormat.from_media_type(name) for name in (source, target)]
    try:
        results = ox.parse_query_results(body, format=formats[0])
        return results.serialize(format=formats[1]) or b""
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise _broken(reply, error) from error


def _broken(reply: Reply, error: Exception) -> RemoteEngineError | RemoteDeadlineError:
    if _STOPPED.search(reply.body[-500:]):
        return RemoteDeadlineError(
            "The remote engine was stopped at a limit of its own amid the answer.",
            remedy="Ask for less.",
        )
    return RemoteEngineError(f"The remote engine's answer does not parse: {error}.")


def _strange(reply: Reply, wanted: str) -> RemoteEngineError:
    return RemoteEngineError(
        f"The remote engine answered in {reply.media_type}, which is not {wanted}.",
        remedy="Check that the address is that of its SPARQL queries.",
    )

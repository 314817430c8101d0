"""Conditional requests on graphs: entity tags, If-Match and If-None-Match.

Two people who change a graph at once do not undo each other's work when each sends the tag of what
was read: the second is told that the graph has changed. https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from parley.engine.results import GRAPH_FORMATS, N_TRIPLES
from parley.errors import NotFoundError, PreconditionFailedError, StateChangedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.endpoint.messages import Request
    from parley.engine.types import Engine

#: How often a look and a write are tried when other writes come between them.
ATTEMPTS: Final = 4


def write_conditionally(
    engine: Engine, request: Request, graph_iri: str | None, write: Callable[[str | None], bool]
) -> bool:
    """Write if the graph is as the request's conditions say, with no other write in between.

    Args:
        engine: What holds the graph.
        request: The request with its conditions; without any, the write is done as it is.
        graph_iri: The graph, None for the default graph.
        write: Writes, only in the state it is given when it is given one.

    Raises:
        PreconditionFailedError: The graph is not as the conditions say; nothing was written.
        StateChangedError: Other writes came first each time.
    """
    if not (request.header("if-match") or request.header("if-none-match")):
        return write(None)
    for _ in range(ATTEMPTS - 1):
        try:
            return write(_check(engine, request, graph_iri))
        except StateChangedError:
            continue
    return write(_check(engine, request, graph_iri))


def graph_tag(engine: Engine, graph_iri: str | None, media_type: str) -> str:
    """Return the entity tag of a graph in a format, without quotation marks.

    Where graphs can be written it stands for the triples, so that a write to another graph does
    not change it; elsewhere for the build, which costs no reading.

    Raises:
        NotFoundError: There is no such graph.
        ResultTooLargeError: It is too large to be read whole.
    """
    return _tag(_state(engine, graph_iri), graph_iri, media_type)


def matches(header: str, tag: str, *, weak: bool) -> bool:
    """Say whether a list of entity tags, or ``*``, names a tag, compressed or not.

    A weak comparison overlooks the ``W/`` of a tag, a strong one takes it for another tag.
    """
    if header.strip() == "*":
        return True
    given = [item.strip() for item in header.split(",")]
    if weak:
        given = [item.removeprefix("W/") for item in given]
    return any(item in {f'"{tag}"', f'"{tag}-gzip"'} for item in given)


def _check(engine: Engine, request: Request, graph_iri: str | None) -> str:
    """Return the state in which the conditions hold."""
    version = engine.version
    try:
        state = _state(engine, graph_iri)
    except NotFoundError:
        tags = []
    else:
        tags = [_tag(state, graph_iri, media_type) for media_type in GRAPH_FORMATS]
    wanted, unwanted = request.header("if-match"), request.header("if-none-match")
    if wanted and not any(matches(wanted, tag, weak=False) for tag in tags):
        raise PreconditionFailedError(
            "The graph is not the one that If-Match names.",
            remedy="Read it again, make the change to what it is now, and send that.",
        )
    if unwanted and any(matches(unwanted, tag, weak=True) for tag in tags):
        raise PreconditionFailedError(
            "The graph is there already, as If-None-Match says it should not be.",
            remedy="Read it first, and send its ETag as If-Match.",
        )
    return version


def _state(engine: Engine, graph_iri: str | None) -> str:
    if not engine.writable:
        return engine.version
    lines = engine.get_graph(graph_iri, N_TRIPLES).body.splitlines(keepends=True)
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def _tag(state: str, graph_iri: str | None, media_type: str) -> str:
    parts = "\0".join((state, graph_iri or "", media_type))
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()[:32]

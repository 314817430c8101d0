"""The Graph Store HTTP Protocol: read, replace, extend and delete whole graphs.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NoReturn

from parley.endpoint.conditions import graph_tag, matches, write_conditionally
from parley.endpoint.messages import Response, read_form, read_media_type, with_charset
from parley.engine.results import GRAPH_FORMATS, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, negotiate
from parley.engine.types import Upload
from parley.errors import (
    MethodNotAllowedError,
    NotFoundError,
    PreconditionFailedError,
    QuerySyntaxError,
    RequestError,
    UnsupportedMediaTypeError,
)
from parley.terms import check_iri

if TYPE_CHECKING:
    from parley.endpoint.messages import Request
    from parley.engine.types import Engine

METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
WRITES: Final = frozenset({"PUT", "POST", "DELETE"})
#: Formats of an uploaded graph; a dataset cannot be put into one.
INPUT_FORMATS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
MULTIPART: Final = "multipart/form-data"
MAX_PARTS: Final = 100


@dataclass(frozen=True, slots=True)
class GraphTarget:
    """Which graph a request means; ``iri`` is None for the default graph."""

    iri: str | None
    #: Whether the request names no graph, so that a POST makes a new one.
    is_new: bool = False


def read_target(request: Request, store_url: str, prefix: str) -> GraphTarget:
    """Read which graph a request means: ``?default``, ``?graph=IRI`` or the address itself.

    Args:
        request: The request; its path is still percent-encoded.
        store_url: Public address of the graph store, such as ``http://127.0.0.1:7878/store``.
        prefix: Path of the graph store, ``/store``.

    Raises:
        RequestError: Both, or twice the same, or an address that names a graph in both ways.
        TermError: The graph is not an absolute IRI.
    """
    fields = [f for f in read_form(request.query_string, "address") if f[0] in {"default", "graph"}]
    below = request.path.removeprefix(prefix).strip("/")
    if len(fields) + bool(below) > 1:
        raise RequestError(
            "The request names more than one graph.",
            remedy="Use ?default, or one ?graph=, or the graph's own address.",
        )
    if below:
        return GraphTarget(check_iri(store_url + request.path.removeprefix(prefix)))
    if not fields:
        return GraphTarget(None, is_new=True)
    name, value = fields[0]
    return GraphTarget(None if name == "default" else check_iri(value))


def answer_graph(engine: Engine, request: Request, target: GraphTarget, store_url: str) -> Response:
    """Carry out a graph store request; the caller has checked that it may write.

    Raises:
        NotFoundError: The graph does not exist.
        NotAcceptableError: No format that is asked for can be produced.
        UnsupportedMediaTypeError: The body is in no format that is read.
        RequestError: The body does not parse, or the request names no graph.
        PreconditionFailedError: The graph is not as If-Match or If-None-Match says.
    """
    if target.is_new:
        return _create(engine, request, store_url)
    if request.method in {"GET", "HEAD"}:
        return _read(engine, request, target)
    if request.method == "PUT":
        return _replace(engine, request, target, target.iri or store_url)
    if request.method == "POST":
        return _merge(engine, request, target, target.iri or store_url)
    return _delete(engine, request, target)


def check_method(method: str) -> None:
    """Refuse a method the graph store does not know.

    Raises:
        MethodNotAllowedError: It is none of GET, HEAD, PUT, POST, DELETE and OPTIONS.
    """
    if method not in METHODS:
        raise MethodNotAllowedError(
            f"{method[:20]} is not a method of the graph store.",
            remedy=f"Use one of {', '.join(METHODS)}.",
        )


def read_parts(request: Request) -> list[Upload]:
    """Read the graphs in a body: one, or the parts of a multipart form.

    Raises:
        UnsupportedMediaTypeError: A graph is in no format that is read.
        RequestError: The multipart body is malformed.
    """
    content_type = read_media_type(request.header("content-type"))
    if content_type.name != MULTIPART:
        return [Upload(request.body, _check_format(content_type.name))]
    if not content_type.boundary:
        raise RequestError("The multipart body names no boundary.")
    return [_read_part(part) for part in _split(request.body, content_type.boundary)]


def _create(engine: Engine, request: Request, store_url: str) -> Response:
    if request.method != "POST":
        raise RequestError(
            "The request names no graph.", remedy="Add ?default or ?graph=<the graph's IRI>."
        )
    iri = f"{store_url}/{uuid.uuid4()}"
    whole = _read_whole(engine, request, iri)
    engine.post_graph(iri, whole)
    return Response(201, headers=(("Location", iri),))


def _read(engine: Engine, request: Request, target: GraphTarget) -> Response:
    if not engine.has_graph(target.iri):
        _refuse_missing(target)
    media_type = negotiate(request.header("accept"), GRAPH_FORMATS, _format(request) or None)
    # The tag is read first: a write in between makes it out of date, never the graph behind it.
    tag = graph_tag(engine, target.iri, media_type)
    etag = ("ETag", f'"{tag}"')
    wanted, known = request.header("if-match"), request.header("if-none-match")
    if wanted and not matches(wanted, tag, weak=False):
        raise PreconditionFailedError("The graph is not the one that If-Match names.")
    if known and matches(known, tag, weak=True):
        return Response(304, headers=(etag,))
    answer = engine.get_graph(target.iri, media_type)
    return Response(200, answer.body, (("Content-Type", with_charset(media_type)), etag))


def _replace(engine: Engine, request: Request, target: GraphTarget, base: str) -> Response:
    whole = _read_whole(engine, request, base)

    def put(version: str | None) -> bool:
        return engine.put_graph(target.iri, replace(whole, if_version=version))

    return Response(201 if write_conditionally(engine, request, target.iri, put) else 204)


def _merge(engine: Engine, request: Request, target: GraphTarget, base: str) -> Response:
    whole = _read_whole(engine, request, base)

    def post(version: str | None) -> bool:
        return engine.post_graph(target.iri, replace(whole, if_version=version))

    return Response(201 if write_conditionally(engine, request, target.iri, post) else 204)


def _delete(engine: Engine, request: Request, target: GraphTarget) -> Response:
    if not engine.has_graph(target.iri):
        _refuse_missing(target)

    def delete(version: str | None) -> bool:
        engine.delete_graph(target.iri, if_version=version)
        return False

    write_conditionally(engine, request, target.iri, delete)
    return Response(204)


def _read_whole(engine: Engine, request: Request, base: str) -> Upload:
    """Return what a body holds as one graph, so that it is written whole or not at all."""
    parts = read_parts(request)
    if len(parts) == 1:
        return replace(parts[0], base_iri=base)
    triples = [_parse_part(engine, number, part, base) for number, part in enumerate(parts, 1)]
    return Upload(b"".join(triples), N_TRIPLES)


def _parse_part(engine: Engine, number: int, part: Upload, base: str) -> bytes:
    try:
        return engine.parse(part.body, part.media_type, base_iri=base)
    except QuerySyntaxError as error:
        raise QuerySyntaxError(
            f"Part {number}: {error.message}", remedy=error.remedy, place=error.place
        ) from error


def _format(request: Request) -> str:
    fields = dict(read_form(request.query_string, "address"))
    return fields.get("format", "").strip().lower()


def _refuse_missing(target: GraphTarget) -> NoReturn:
    raise NotFoundError(
        f"There is no graph {target.iri}.", remedy="SELECT DISTINCT ?g lists the graphs there are."
    )


def _check_format(media_type: str) -> str:
    if media_type in INPUT_FORMATS:
        return media_type
    raise UnsupportedMediaTypeError(
        f"A graph in {media_type[:80] or 'an unnamed format'!r} is not read.",
        remedy=f"Send one of {', '.join(INPUT_FORMATS)}.",
    )


def _split(body: bytes, boundary: str) -> list[bytes]:
    """Return the parts between the boundaries (https://www.rfc-editor.org/rfc/rfc2046#section-5.1)."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8")) + rb"(--)?[ \t]*\r?")
    pieces = line.split(body)
    parts, ends = pieces[2::2], pieces[1::2]
    if not ends or ends[-1] is None or len(parts) < 2:
        raise RequestError("The multipart body has no part, or does not end with its boundary.")
    if len(parts) > MAX_PARTS:
        raise RequestError(f"The multipart body has more than {MAX_PARTS} parts.")
    return parts[:-1]


def _read_part(part: bytes) -> Upload:
    head, blank, body = part.partition(b"\n\r\n")
    if not blank:
        head, _, body = part.partition(b"\n\n")
    headers = dict(_read_header(line) for line in head.splitlines() if b":" in line)
    return Upload(body, _check_format(read_media_type(headers.get("content-type", "")).name))


def _read_header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.strip().lower(), value.strip()

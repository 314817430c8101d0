"""Read what a client asks of the SPARQL endpoint: the SPARQL 1.1 Protocol as plain data.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from parley.endpoint.messages import decode_utf8, read_form, read_media_type
from parley.errors import (
    MethodNotAllowedError,
    PayloadTooLargeError,
    RequestError,
    UnsupportedMediaTypeError,
)
from parley.terms import check_iri

if TYPE_CHECKING:
    from parley.endpoint.messages import Request

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A query with its dataset; None for the graphs means that the request names none."""

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    accept: str = ""
    format: str = ""
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """An update with the dataset its WHERE clauses read."""

    text: str
    using_graphs: tuple[str, ...] | None = None
    using_named_graphs: tuple[str, ...] | None = None
    #: Whether it came as a form, as any web page can send it.
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class DescribeOperation:
    """A request that names no query: it asks for the service description or the query form."""

    accept: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class OptionsOperation:
    """A request for what the endpoint can do, or a browser's preflight."""


Operation = QueryOperation | UpdateOperation | DescribeOperation | OptionsOperation
_Fields = dict[str, list[str]]


def read_operation(request: Request, *, max_query_bytes: int, max_update_bytes: int) -> Operation:
    """Read the operation a request asks for.

    Raises:
        MethodNotAllowedError: The method is none of GET, HEAD, POST, QUERY and OPTIONS.
        UnsupportedMediaTypeError: The body is neither a form, a query nor an update.
        PayloadTooLargeError: The query or update is over its limit.
        RequestError: Not exactly one query or update, bytes outside UTF-8, a parameter that
            does not go with the operation.
        TermError: A dataset parameter is not an absolute IRI.
    """
    operation = _read(request)
    text = getattr(operation, "text", "")
    limit = max_query_bytes if isinstance(operation, QueryOperation) else max_update_bytes
    if len(text) > limit or len(text.encode("utf-8")) > limit:
        raise PayloadTooLargeError(
            f"The text is longer than the {limit:,} bytes allowed.",
            remedy="Split it into smaller requests.",
        )
    return operation


def _read(request: Request) -> Operation:
    fields = _collect(read_form(request.query_string, "address"))
    if request.method in {"GET", "HEAD"}:
        return _read_get(request, fields)
    if request.method in {"POST", "QUERY"}:
        return _read_body(request, fields)
    if request.method == "OPTIONS":
        return OptionsOperation()
    raise MethodNotAllowedError(
        f"{request.method[:20]} is not a method of the SPARQL endpoint.",
        remedy=f"Use one of {', '.join(METHODS)}.",
    )


def _collect(pairs: list[tuple[str, str]]) -> _Fields:
    fields: _Fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _read_get(request: Request, fields: _Fields) -> Operation:
    if "update" in fields:
        raise RequestError("An update cannot be sent by GET.", remedy="Send it by POST.")
    if "query" in fields:
        return _make_query(request, _only(fields, "query"), fields)
    return DescribeOperation(request.header("accept"), _one_of(fields, "format"))


def _read_body(request: Request, fields: _Fields) -> Operation:
    """Read a POST, or a QUERY (https://www.rfc-editor.org/rfc/rfc9110#name-methods)."""
    media_type = read_media_type(request.header("content-type")).name
    if media_type == FORM:
        for name, value in read_form(request.body, "form"):
            fields.setdefault(name, []).append(value)
        return _read_post_form(request, fields)
    if media_type not in {QUERY, UPDATE}:
        _refuse_media_type(media_type)
    if "query" in fields or "update" in fields:
        raise RequestError(
            "The request holds an operation in its address and another in its body.",
            remedy="Send one of the two.",
        )
    text = decode_utf8(request.body, "body")
    if media_type == QUERY:
        return _make_query(request, text, fields)
    return _make_update(request, text, fields, is_form=False)


def _read_post_form(request: Request, fields: _Fields) -> Operation:
    if "query" in fields and "update" in fields:
        raise RequestError("The form holds a query and an update.", remedy="Send one of the two.")
    if "update" in fields:
        return _make_update(request, _only(fields, "update"), fields, is_form=True)
    if "query" in fields:
        return _make_query(request, _only(fields, "query"), fields)
    raise RequestError(
        "The form holds neither a query nor an update.",
        remedy="Put the text into the field query or update.",
    )


def _make_query(request: Request, text: str, fields: _Fields) -> QueryOperation:
    if "using-graph-uri" in fields or "using-named-graph-uri" in fields:
        raise RequestError(
            "using-graph-uri and using-named-graph-uri belong to updates.",
            remedy="For a query, use default-graph-uri and named-graph-uri.",
        )
    return QueryOperation(
        text=text,
        default_graphs=_iris(fields, "default-graph-uri"),
        named_graphs=_iris(fields, "named-graph-uri"),
        accept=request.header("accept"),
        format=_one_of(fields, "format"),
        timeout_s=_seconds(fields),
    )


def _make_update(request: Request, text: str, fields: _Fields, *, is_form: bool) -> UpdateOperation:
    if request.method == "QUERY":
        raise RequestError("QUERY is a safe method and writes nothing.", remedy="Use POST.")
    return UpdateOperation(
        text=text,
        using_graphs=_iris(fields, "using-graph-uri"),
        using_named_graphs=_iris(fields, "using-named-graph-uri"),
        is_form=is_form,
    )


def _only(fields: _Fields, name: str) -> str:
    values = fields[name]
    if len(values) > 1:
        raise RequestError(
            f"The request holds {len(values)} times {name}=.", remedy=f"Send {name}= once."
        )
    return values[0]


def _one_of(fields: _Fields, name: str) -> str:
    return _only(fields, name).strip().lower() if name in fields else ""


def _iris(fields: _Fields, name: str) -> tuple[str, ...] | None:
    return tuple(check_iri(iri) for iri in fields[name]) if name in fields else None


def _seconds(fields: _Fields) -> float | None:
    text = _one_of(fields, "timeout")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if 0 < seconds < float("inf"):
        return seconds
    raise RequestError(f"timeout is {text[:40]!r}.", remedy="Give a number of seconds above 0.")


def _refuse_media_type(media_type: str) -> NoReturn:
    named = f"{media_type[:80]!r}" if media_type else "without a Content-Type"
    raise UnsupportedMediaTypeError(
        f"A body {named} is not read here.", remedy=f"Send {QUERY}, {UPDATE} or {FORM}."
    )

"""Errors as problem documents (RFC 9457): JSON for programs, a page for people.

The only place that catches every exception: what nobody foresaw is logged and answered 500.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from parley.endpoint.messages import Response
from parley.errors import ParleyError, WriteRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.endpoint.messages import Request

_log = logging.getLogger("parley.web")

PROBLEM_JSON: Final = "application/problem+json"


def guard(answer: Callable[[Request], Response], request: Request) -> Response:
    """Answer a request; every error becomes a problem document."""
    try:
        return answer(request)
    except ParleyError as error:
        return to_response(error, request.header("accept"))
    except Exception as error:  # noqa: BLE001 - the one boundary where nothing may escape
        return to_response(unforeseen(f"{request.method} {request.path}", error))


def unforeseen(where: str, error: Exception) -> ParleyError:
    """Log an exception under a number, and return an error that names the number only."""
    number = uuid.uuid4().hex[:12]
    _log.error("unforeseen error %s at %s", number, where, exc_info=error)
    return ParleyError(f"The error is logged as {number}.", remedy="Tell the operator this number.")


def to_response(error: ParleyError, accept: str = "") -> Response:
    """Write an error as a problem document in JSON; a validation report also as Turtle."""
    if isinstance(error, WriteRefusedError) and "text/turtle" in accept:
        turtle = ("Content-Type", "text/turtle; charset=utf-8")
        return Response(error.status, error.report, (turtle, *problem_headers(error)))
    body = json.dumps(to_document(error), ensure_ascii=False).encode("utf-8")
    return Response(error.status, body, (("Content-Type", PROBLEM_JSON), *problem_headers(error)))


def to_document(error: ParleyError) -> dict[str, Any]:
    """Return the members of an error's problem document; line and column count from 1."""
    place = error.place
    document = {
        "type": f"https://w3id.org/parley/problem/{_kind(error)}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "remedy": error.remedy or None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
    if isinstance(error, WriteRefusedError):
        document |= {"results": error.results, "report": error.report.decode("utf-8")}
    return {name: value for name, value in document.items() if value is not None}


def problem_headers(error: ParleyError) -> list[tuple[str, str]]:
    """Return the headers that go with an error: when to come back, how to log in."""
    headers = [("Cache-Control", "no-store"), ("Vary", "Accept, Accept-Encoding")]
    if error.retry_after_s is not None:
        headers.append(("Retry-After", str(error.retry_after_s)))
    if error.status == 401:
        headers.append(("WWW-Authenticate", 'Bearer realm="parley"'))
    if error.status == 405:
        headers.append(("Allow", "GET, HEAD, POST, OPTIONS"))
    return headers


def _kind(error: ParleyError) -> str:
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()

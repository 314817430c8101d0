"""The short way from the web server to the endpoint; Flask mounts the same handler."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parley.endpoint.messages import Request, Response
from parley.endpoint.service import SPARQL_PATH, STORE_PATH, Service
from parley.engine.results import GRAPH_FORMATS, HTML, SELECT_FORMATS, negotiate
from parley.errors import ParleyError
from parley.web import framing, problems, versions
from parley.web.access_log import log_request
from parley.web.bodies import BodyGate
from parley.web.wsgi import read_request, write_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from parley.web.metrics import Metrics

_OFFERED: Final = (*SELECT_FORMATS, *GRAPH_FORMATS, HTML)
#: Room for a query's percent escapes and its dataset parameters in a form.
_FORM_FACTOR: Final = 3


@dataclass(frozen=True)
class Direct:
    """Answers ``/sparql`` and ``/store`` for programs, and hands everything else to the pages."""

    service: Service
    pages: WSGIApplication
    metrics: Metrics
    bodies: BodyGate = field(default_factory=BodyGate)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        try:
            framing.check(environ)
        except ParleyError as error:
            return self._refuse(environ, start_response, error)
        self.bodies.guard(environ)
        path = environ["PATH_INFO"]
        route = route_of(path)
        if route is None or (route == SPARQL_PATH and wants_page(environ)):
            return self.pages(environ, start_response)
        started = time.perf_counter()
        request, response = handle(self.service, environ, route)
        seconds = time.perf_counter() - started
        self.metrics.count(route, response.status, seconds)
        log_request(request, response, seconds)
        return write_response(response, request, start_response)

    def _refuse(
        self, environ: WSGIEnvironment, start_response: StartResponse, error: ParleyError
    ) -> Iterable[bytes]:
        request, response = unread(environ), problems.to_response(error)
        self.metrics.count("refused", response.status, 0.0)
        log_request(request, response, 0.0)
        return write_response(response, request, start_response)


def route_of(path: str) -> str | None:
    """Return which of the two doors a path belongs to, or None."""
    if path in {SPARQL_PATH, f"{SPARQL_PATH}/"}:
        return SPARQL_PATH
    if path == STORE_PATH or path.startswith(f"{STORE_PATH}/"):
        return STORE_PATH
    return None


def wants_page(environ: WSGIEnvironment) -> bool:
    """Say whether a browser asks: it prefers HTML to every format of data, or says format=html."""
    query_string = environ.get("QUERY_STRING", "")
    if "format=" in query_string:
        return "format=html" in query_string
    accept = environ.get("HTTP_ACCEPT", "")
    return "text/html" in accept and negotiate(accept, _OFFERED) == HTML


def handle(service: Service, environ: WSGIEnvironment, route: str) -> tuple[Request, Response]:
    """Read a request and answer it; whatever goes wrong is a problem document."""
    answer: Callable[[Request], Response] = (
        service.answer_sparql if route == SPARQL_PATH else service.answer_store
    )
    try:
        request = read(service, environ)
        versions.check(request, service.engine)
    except ParleyError as error:
        return unread(environ), problems.to_response(error)
    return request, problems.guard(answer, request)


def read(service: Service, environ: WSGIEnvironment) -> Request:
    """Read a request within the limits of the settings.

    Raises:
        ParleyError: It is over a limit or malformed.
    """
    settings = service.settings
    largest = max(settings.max_update_bytes if settings.writable else 0, settings.max_query_bytes)
    return read_request(
        environ,
        max_body_bytes=largest * _FORM_FACTOR,
        max_url_bytes=settings.max_url_bytes,
    )


def unread(environ: WSGIEnvironment) -> Request:
    """Return what is known of a request that could not be read, for the log."""
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"][:200],
        client=environ.get("REMOTE_ADDR", ""),
    )

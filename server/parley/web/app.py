"""The Flask application: pages for people, doors for machines, and the same SPARQL handler."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import flask
from werkzeug.exceptions import HTTPException

from parley.endpoint.access import check_exposure
from parley.endpoint.hints import note_unknown
from parley.endpoint.messages import Response
from parley.endpoint.service import SPARQL_PATH, STORE_PATH, Service
from parley.errors import MethodNotAllowedError, NotFoundError, ParleyError, RequestError
from parley.web import (
    assets,
    documents,
    doors,
    ego,
    entities,
    gallery,
    health,
    network,
    ontology_pages,
    pages,
    problems,
    questions,
    rendering,
    search,
    search_index,
    shelf,
    sparql,
    stances,
    text,
    timeline,
    validation,
    versions,
    vocabulary,
    yasgui,
)
from parley.web.direct import Direct
from parley.web.metrics import CONTENT_TYPE, Metrics
from parley.web.openapi import describe_api
from parley.web.site import Site
from parley.web.views import Views
from parley.web.wsgi import CORS_HEADERS, SECURITY_HEADERS, compress

if TYPE_CHECKING:
    from pathlib import Path

    from parley.config import Settings
    from parley.engine.types import Engine
    from parley.home import Home

METHODS: Final = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY", "TRACE"]


#: The rooms of the face; each brings its own addresses.
ROOMS: Final = (
    sparql.blueprint,
    pages.blueprint,
    documents.blueprint,
    doors.blueprint,
    shelf.blueprint,
    entities.blueprint,
    ego.blueprint,
    ontology_pages.blueprint,
    search.blueprint,
    search_index.blueprint,
    validation.blueprint,
    timeline.blueprint,
    network.blueprint,
    stances.blueprint,
    questions.blueprint,
    vocabulary.blueprint,
    yasgui.blueprint,
    gallery.blueprint,
)


def create_app(
    engine: Engine, settings: Settings, home: Home | None = None, store: Path | None = None
) -> flask.Flask:
    """Make the application over an engine; pages that need a home's queries do without it.

    Args:
        engine: What answers.
        settings: Limits and addresses.
        home: Where the queries behind the pages and the sources of the documents are.
        store: Where the builds are, for the page on their validation.

    Raises:
        SettingError: The settings would let a network write without a token.
    """
    check_exposure(settings)
    base_url = settings.base_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    views = Views(engine, home)
    service = Service(engine, settings, base_url)
    if home is not None:
        service.note = lambda text: note_unknown(
            text, is_used=views.is_used, known=views.known_terms
        )
        service.graphs = views.named_graphs
    app = flask.Flask("parley.web", static_folder=None, template_folder="templates")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["parley"] = Site(service, views, Metrics(service), home, store)
    rendering.register(app)
    assets.register(app)
    text.register(app)
    for room in ROOMS:
        app.register_blueprint(room)
    app.register_blueprint(_machine_doors())
    app.after_request(_finish)
    app.register_error_handler(ParleyError, _show_problem)
    app.register_error_handler(HTTPException, _show_http_problem)
    app.register_error_handler(Exception, _show_unforeseen)
    return app


def make_wsgi(app: flask.Flask) -> Direct:
    """Return the callable to serve: the short way to the endpoint, the application behind it."""
    site: Site = app.extensions["parley"]
    return Direct(site.service, app.wsgi_app, site.metrics)


def _machine_doors() -> flask.Blueprint:
    doors = flask.Blueprint("doors", __name__)
    doors.add_url_rule("/health", view_func=_health)
    doors.add_url_rule("/metrics", view_func=_metrics)
    doors.add_url_rule("/openapi.json", view_func=_openapi)
    for rule in (SPARQL_PATH, f"{SPARQL_PATH}/", STORE_PATH, f"{STORE_PATH}/<path:graph>"):
        doors.add_url_rule(
            rule,
            endpoint=rule,
            view_func=sparql.mount,
            methods=METHODS,
            provide_automatic_options=False,
        )
    return doors


def _health() -> flask.Response:
    """Say whether queries are answered, by asking one, and what is served."""
    document = health.examine(flask.current_app.extensions["parley"])
    response = flask.json.jsonify(document)
    response.status_code = 200 if document["status"] == "ok" else 503
    return response


def _metrics() -> flask.Response:
    """Return figures for Prometheus."""
    site: Site = flask.current_app.extensions["parley"]
    return flask.Response(site.metrics.render(), content_type=CONTENT_TYPE)


def _openapi() -> flask.Response:
    """Describe what this server answers, for OpenAPI."""
    site: Site = flask.current_app.extensions["parley"]
    app = flask.current_app
    return flask.json.jsonify(describe_api(app, site.service.base_url, site.service.settings))


def _finish(response: flask.Response) -> flask.Response:
    """Add what every response has: security headers, CORS, compression."""
    for name, value in (*SECURITY_HEADERS, *CORS_HEADERS):
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-cache")
    asked = flask.request.args.get(versions.PARAMETER)
    if asked and response.status_code == 200 and response.mimetype != "text/html":
        served = flask.current_app.extensions["parley"].service.engine.version
        if asked != served and flask.request.endpoint != "static":
            return _finish(_show_problem(versions.refusal(asked, served)))
    if response.direct_passthrough or response.status_code != 200:
        return response
    response.vary.update(["Accept", "Accept-Encoding"])
    plain = Response(200, response.get_data(), tuple(response.headers))
    small = compress(plain, flask.request.headers.get("Accept-Encoding", ""))
    if small is not plain:
        response.set_data(small.body)
        response.headers["Content-Encoding"] = "gzip"
        if response.headers.get("ETag"):
            response.headers["ETag"] = small.header("etag")
    return response


def _show_problem(error: ParleyError) -> flask.Response:
    offered = [problems.PROBLEM_JSON, "text/html"]
    if flask.request.accept_mimetypes.best_match(offered) == "text/html":
        document = problems.to_document(error)
        page = flask.render_template("problem.html", problem=document)
        response = flask.Response(page, error.status, content_type="text/html; charset=utf-8")
    else:
        body = json.dumps(problems.to_document(error), ensure_ascii=False)
        response = flask.Response(body, error.status, content_type=problems.PROBLEM_JSON)
    for name, value in problems.problem_headers(error):
        response.headers[name] = value
    return response


def _show_http_problem(error: HTTPException) -> flask.Response:
    path = flask.request.path[:200]
    if error.code == 404:
        return _show_problem(NotFoundError(f"There is nothing at {path}."))
    if error.code == 405:
        shown = _show_problem(MethodNotAllowedError(f"{path} does not answer that method."))
        shown.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ["GET"])
        return shown
    if error.code is not None and 300 <= error.code < 400:
        return flask.Response(status=error.code, headers=error.get_headers())
    return _show_problem(RequestError(error.description or "The request is malformed."))


def _show_unforeseen(error: Exception) -> flask.Response:
    return _show_problem(problems.unforeseen(flask.request.path, error))

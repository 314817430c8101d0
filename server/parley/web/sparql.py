"""``/sparql`` for browsers: a form, a table of results, and the programs' handler mounted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import flask

from parley.endpoint.protocol import DescribeOperation, QueryOperation, read_operation
from parley.errors import ParleyError
from parley.web import direct, solutions
from parley.web.problems import problem_headers, to_document

if TYPE_CHECKING:
    from parley.endpoint.messages import Request
    from parley.endpoint.messages import Response as PlainResponse
    from parley.endpoint.service import Service


blueprint = flask.Blueprint("sparql", __name__)
_MISSING_PREFIX: Final = re.compile(r"Add (PREFIX \S*: <[^>]*>)\.?")
FIRST_QUERY: Final = """PREFIX pl: <https://w3id.org/parley/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?claimant (COUNT(*) AS ?claims)
WHERE {
  ?claim pl:claimant ?who .
  ?who rdfs:label ?claimant .
  FILTER(LANG(?claimant) = "en")
}
GROUP BY ?claimant
ORDER BY DESC(?claims)
"""


def mount(**_: str) -> flask.Response:
    """Answer ``/sparql`` and ``/store`` inside Flask: pages for browsers, the handler otherwise."""
    service: Service = flask.current_app.extensions["parley"].service
    environ = flask.request.environ
    route = direct.route_of(environ["PATH_INFO"]) or ""
    if route == "/sparql" and direct.wants_page(environ):
        return _show_page(service, direct.read(service, environ))
    request, response = direct.handle(service, environ, route)
    return _to_flask(request, response)


def _to_flask(request: Request, response: PlainResponse) -> flask.Response:
    result = flask.Response(response.body, response.status, headers=list(response.headers))
    if request.method == "HEAD":
        result.content_length = len(response.body)
    return result


def _show_page(service: Service, request: Request) -> flask.Response:
    """Show the form, and below it the results or what is wrong with the query."""
    text, shown, status, headers = FIRST_QUERY, {}, 200, []
    try:
        operation = read_operation(
            request,
            max_query_bytes=service.settings.max_query_bytes,
            max_update_bytes=service.settings.max_update_bytes,
        )
        if not isinstance(operation, QueryOperation | DescribeOperation):
            return _to_flask(request, service.answer_sparql(request))
        if isinstance(operation, QueryOperation):
            text = operation.text
            shown = solutions.run(service, request, text)
    except ParleyError as error:
        shown, status, headers = (
            {"problem": to_document(error), "mended": _mend(text, error)},
            error.status,
            problem_headers(error),
        )
    page = flask.render_template("sparql.html", query=text, **shown)
    return flask.Response(page, status, headers=headers, content_type="text/html; charset=utf-8")


def _mend(text: str, error: ParleyError) -> str:
    """Return the query with the PREFIX line that an error asks for, or nothing."""
    line = _MISSING_PREFIX.fullmatch(error.remedy)
    return f"{line[1]}\n{text}" if line else ""

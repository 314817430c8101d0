"""The application of a review: a page, and the doors by which it reads, decides and undoes."""

from __future__ import annotations

import json
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import flask
from werkzeug.exceptions import HTTPException

from parley.drafting.review import changes
from parley.errors import NotFoundError, ParleyError, RequestError, StaleError
from parley.web import problems
from parley.web.review import access, documents

if TYPE_CHECKING:
    from parley.drafting.review.reviews import Review
    from parley.web.review.access import Keys

_MAX_BODY: Final = 262_144
_SHARED: Final = Path(__file__).resolve().parents[1] / "static"
#: Files of the other pages that this one uses.
_BORROWED: Final = frozenset({"app.css", "icon.svg", "theme.js"})


def create_review_app(review: Review, keys: Keys) -> flask.Flask:
    """Make the application of one review.

    Args:
        review: What is reviewed, and by whom.
        keys: The secrets of this run; the port in them is the one that is listened on.
    """
    app = flask.Flask("parley.web.review", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.before_request(lambda: access.check_host(keys, flask.request))
    app.after_request(_finish)
    app.register_error_handler(ParleyError, _show_problem)
    app.register_error_handler(HTTPException, _show_http_problem)
    app.register_error_handler(Exception, _show_unforeseen)
    app.add_url_rule("/shared/<name>", "shared", _show_shared)
    app.register_blueprint(_page(review, keys))
    app.register_blueprint(_doors(review, keys), url_prefix=f"/review/{review.slug}")
    return app


def _page(review: Review, keys: Keys) -> flask.Blueprint:
    page = flask.Blueprint("page", __name__)

    @page.get("/")
    def find_page() -> Any:
        return flask.redirect(f"/review/{review.slug}", 303)

    @page.get(f"/review/{review.slug}")
    def show_page() -> str:
        """Show the page; it holds nothing of the document until it has traded its key."""
        return flask.render_template("review.html", slug=review.slug)

    @page.post("/review/key")
    def trade_key() -> flask.Response:
        access.check_change(flask.request)
        access.trade(keys, _body().get("token"))
        response = flask.Response(status=204)
        response.set_cookie(keys.cookie, keys.seal, httponly=True, samesite="Strict", path="/")
        return response

    return page


def _doors(review: Review, keys: Keys) -> flask.Blueprint:
    doors = flask.Blueprint("doors", __name__)
    doors.before_request(lambda: access.check_cookie(keys, flask.request))

    @doors.get("/document")
    def show_document() -> dict[str, Any]:
        return documents.document_data(review)

    @doors.get("/state")
    def show_state() -> dict[str, Any]:
        return documents.state_data(review, review.state())

    @doors.get("/things")
    def show_things() -> dict[str, Any]:
        return documents.things_data(review.catalogue())

    @doors.post("/decisions")
    def decide() -> dict[str, Any]:
        access.check_change(flask.request)
        body = _body()
        change = changes.read(body.get("change") or {})
        claim = _text(body, "claim") if body.get("claim") else ""
        state = review.decide(_text(body, "revision"), _text(body, "act"), claim, change)
        return documents.state_data(review, state)

    @doors.post("/undo")
    def undo() -> dict[str, Any]:
        access.check_change(flask.request)
        return documents.state_data(review, review.undo(_text(_body(), "revision")))

    return doors


def _body() -> dict[str, Any]:
    try:
        found = json.loads(flask.request.get_data())
    except (ValueError, RecursionError) as error:
        raise RequestError("The body is no JSON.") from error
    if not isinstance(found, dict):
        raise RequestError("The body is no JSON object.")
    return found


def _text(body: dict[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str):
        raise RequestError(f"The member {name!r} must be a text.")
    return found


def _show_shared(name: str) -> flask.Response:
    if name not in _BORROWED:
        raise NotFoundError(f"There is nothing at {flask.request.path[:200]}.")
    media_type = mimetypes.guess_type(name)[0]
    return flask.Response((_SHARED / name).read_bytes(), mimetype=media_type)


def _finish(response: flask.Response) -> flask.Response:
    for name, value in access.HEADERS:
        response.headers[name] = value
    return response


def _show_problem(error: ParleyError) -> flask.Response:
    document = problems.to_document(error)
    if isinstance(error, StaleError):
        document["changes"] = list(error.changes)
    body = json.dumps(document, ensure_ascii=False)
    return flask.Response(body, error.status, content_type=problems.PROBLEM_JSON)


def _show_http_problem(error: HTTPException) -> flask.Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    document = {"type": "about:blank", "title": error.name, "status": status}
    return flask.Response(json.dumps(document), status, content_type=problems.PROBLEM_JSON)


def _show_unforeseen(error: Exception) -> flask.Response:
    return _show_problem(problems.unforeseen(flask.request.path, error))

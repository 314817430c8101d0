"""Style sheets and scripts: their content is in their address, so browsers may keep them."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import flask

from parley.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_FOLDER: Final = Path(__file__).parent / "static"
_YEAR_S: Final = 31_536_000
#: What our files are, whatever the machine's own table of endings says.
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def register(app: flask.Flask) -> None:
    """Serve the static files of an application, with the digest of each in its address."""
    app.add_url_rule("/static/<filename>", endpoint="static", view_func=send)
    app.url_defaults(_add_digest)


def send(filename: str) -> flask.Response:
    """Send one file; what has its digest in its address may be kept for good.

    Raises:
        NotFoundError: There is no such file.
    """
    body = files().get(filename)
    if body is None:
        raise NotFoundError(f"There is no file {filename[:80]!r}.")
    response = flask.Response(body, content_type=_type_of(filename))
    response.set_etag(digest(filename))
    if flask.request.args.get("v") == digest(filename):
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return response.make_conditional(flask.request)  # type: ignore[return-value]


@cache
def files() -> dict[str, bytes]:
    """Return the static files by name; they are few and small, and are read once."""
    return {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.is_file()}


@cache
def digest(filename: str) -> str:
    """Return a short digest of a static file; nothing when there is no such file."""
    body = files().get(filename)
    return hashlib.sha256(body).hexdigest()[:12] if body is not None else ""


def _add_digest(endpoint: str, values: MutableMapping[str, Any]) -> None:
    if endpoint == "static" and "v" not in values and (v := digest(values.get("filename", ""))):
        values["v"] = v


def _type_of(filename: str) -> str:
    guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return _TYPES.get(Path(filename).suffix, guessed)

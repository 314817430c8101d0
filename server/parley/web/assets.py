"""Style sheets and scripts: their content is in their address, so browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import flask

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_FOLDER: Final = Path(__file__).parent / "static"
_YEAR_S: Final = 31_536_000


def register(app: flask.Flask) -> None:
    """Put the digest of each static file into its address, and let such addresses be kept."""
    app.url_defaults(_add_digest)
    app.after_request(_let_keep)


def _add_digest(endpoint: str, values: MutableMapping[str, Any]) -> None:
    if endpoint == "static" and "v" not in values and (v := digest(values.get("filename", ""))):
        values["v"] = v


@cache
def digest(filename: str) -> str:
    """Return a short digest of a static file; nothing when there is no such file."""
    path = _FOLDER / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _let_keep(response: flask.Response) -> flask.Response:
    request = flask.request
    asked = request.args.get("v", "")
    if request.endpoint == "static" and response.status_code == 200 and asked:
        filename = (request.view_args or {}).get("filename", "")
        if asked == digest(filename):
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return response

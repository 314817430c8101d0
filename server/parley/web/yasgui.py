"""YASGUI as a further page for queries, when the extra ``yasgui`` is installed.

The package ``oxigraph`` is a server binary that holds YASGUI's script and style sheet. It is run
once, on loopback and over an empty store, to hand them out; then it is ended.
"""

from __future__ import annotations

import importlib.metadata
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import flask

from parley.errors import EngineError, NotFoundError
from parley.namespaces import PREFIXES
from parley.web import rendering

blueprint = flask.Blueprint("yasgui", __name__)

#: What is taken from the binary, and its type.
_FILES: Final = {
    "yasgui.min.js": "text/javascript; charset=utf-8",
    "yasgui.min.css": "text/css; charset=utf-8",
}
_START_S: Final = 10.0
_PATIENCE_S: Final = 0.05
#: YASGUI writes styles into its page; scripts still come from files only.
_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass
class _Shelf:
    """The files once they have been taken."""

    files: dict[str, bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_SHELF: Final = _Shelf()


@blueprint.app_template_global("has_yasgui")
def has_yasgui() -> bool:
    """Say whether the page can be offered."""
    return _binary() is not None


@blueprint.route("/yasgui")
def show_yasgui() -> flask.Response:
    """Show YASGUI over this endpoint."""
    if not has_yasgui():
        raise NotFoundError(
            "YASGUI is not installed here.", remedy="pip install 'parley-claims[yasgui]'"
        )
    response = flask.make_response(rendering.render("yasgui.html"))
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.route("/yasgui/<name>")
@rendering.kept
def send_file(name: str) -> flask.Response:
    """Send one of YASGUI's files, or the prefixes that it may complete."""
    if name == "prefixes.json":
        return flask.json.jsonify(PREFIXES)
    binary = _binary()
    if name not in _FILES or binary is None:
        raise NotFoundError(f"There is no file {name[:80]!r}.")
    with _SHELF.lock:
        if not _SHELF.files:
            _SHELF.files = take(binary)
    return flask.Response(_SHELF.files[name], content_type=_FILES[name])


def take(binary: Path) -> dict[str, bytes]:
    """Run the binary on loopback, fetch YASGUI's files from it, and end it.

    Raises:
        EngineError: It does not start, or has no such files.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="parley-yasgui-") as store:
        command = [str(binary), "serve", "--location", store, "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(  # noqa: S603 - the binary of an installed package
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return {name: _fetch(f"http://127.0.0.1:{port}/{name}") for name in _FILES}
        finally:
            server.kill()
            server.wait()


def _binary() -> Path | None:
    try:
        files = importlib.metadata.files("oxigraph") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    found = (Path(str(f.locate())) for f in files if f.stem == "oxigraph" and f.suffix != ".py")
    return next((path.resolve() for path in found if path.is_file()), None)


def _fetch(address: str) -> bytes:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=_START_S) as answer:  # noqa: S310 - loopback
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            error.close()
            raise EngineError(f"oxigraph has no {address.rpartition('/')[2]}.") from error
        except OSError as error:
            if time.monotonic() > deadline:
                raise EngineError("oxigraph did not start.") from error
            time.sleep(_PATIENCE_S)

"""The shipped home built and served on loopback, and a Chromium that may reach nothing else."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from parley.build.pipeline import build
from parley.config import Settings
from parley.engine.workers import PoolEngine
from parley.home import find_home
from parley.web.app import create_app, make_wsgi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from wsgiref.types import WSGIApplication

    from playwright.sync_api import Browser, Page, Route

    from parley.home import Home

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("PARLEY_CHROMIUM") or shutil.which("chromium")


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the shipped home."""
    out = tmp_path_factory.mktemp("browser") / "store"
    build(find_home(ROOT), out)
    return out


@pytest.fixture(scope="session")
def base_url(store: Path) -> Iterator[str]:
    """The address of a server of the build."""
    with serve_build(find_home(ROOT), store) as address:
        yield address


@contextlib.contextmanager
def serve_build(home: Home, store: Path) -> Iterator[str]:
    """Serve a build of a home, and say where."""
    settings = Settings(client_concurrency=100)
    with (
        PoolEngine(store, settings) as engine,
        serve_app(lambda _: make_wsgi(create_app(engine, settings, home, store))) as address,
    ):
        yield address


@contextlib.contextmanager
def serve_app(make: Callable[[int], WSGIApplication]) -> Iterator[str]:
    """Serve in a thread the application that is made for a free port, and say where."""
    nothing = Response()
    server = make_server("127.0.0.1", 0, nothing, threaded=True, request_handler=_QuietHandler)
    server.app = make(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium (apt-get install chromium, or set PARLEY_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """A page, and what went wrong on it: requests that left the server, errors of scripts."""

    page: Page
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew, before another page."""
        self.left.clear()
        self.errors.clear()


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[Callable[..., Watched]]:
    """Open pages by ``open_page(path, width=…, scheme=…, scripts=…)``; all are watched."""
    contexts = []

    def open_(
        path: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> Watched:
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watch(watched, base_url)
        watched.page.goto(path)
        return watched

    yield open_
    for context in contexts:
        context.close()


def watch(watched: Watched, base_url: str) -> None:
    """Note requests of a page that leave an address, and errors of its scripts."""

    def pass_or_stop(route: Route) -> None:
        if route.request.url.startswith((base_url, "data:", "blob:")):
            route.continue_()
        else:
            watched.left.append(route.request.url)
            route.abort()

    def note(message: Any) -> None:
        if message.type in {"error", "warning"}:
            watched.errors.append(message.text)

    watched.page.route("**/*", pass_or_stop)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("console", note)

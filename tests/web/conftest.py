"""Two builds to look at (the shipped article alone, and with a second document) and their pages."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parley.build import pipeline
from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.engine.workers import PoolEngine
from parley.home import Home
from parley.web.app import create_app

from . import html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from .html import Element

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "tests" / "cases" / "second-document"
SETTINGS = Settings(client_concurrency=100)
#: Things that no shape allows and no page may stumble over.
HOSTILE = ROOT / "tests" / "cases" / "web" / "hostile.nq"


@contextmanager
def application(home: Home, out: Path) -> Iterator[Flask]:
    """Build a home without the reasoner, and make an application over it."""
    pipeline.build(home, out, reasoned=False)
    engine = PoolEngine(out, SETTINGS)
    try:
        yield create_app(engine, SETTINGS, home, out)
    finally:
        engine.close()


@pytest.fixture(scope="session")
def app(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the shipped home."""
    with application(home, tmp_path_factory.mktemp("one")) as made:
        yield made


@pytest.fixture(scope="session")
def shelf_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a home with a second document."""
    root = tmp_path_factory.mktemp("two")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(SECOND, root / "data" / "documents" / SECOND.name)
    with application(Home(root), root / "store") as made:
        yield made


@pytest.fixture(scope="session")
def hostile_app(home: Home) -> Iterator[Flask]:
    """The application over hostile data, which no build would publish."""
    settings = Settings(writable=True, token="t", validate_writes=False)  # noqa: S106
    with LiveEngine.temporary(settings, initial=HOSTILE) as engine:
        yield create_app(engine, settings, home)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application over the shipped home."""
    return app.test_client()


@pytest.fixture
def show(client: FlaskClient) -> Callable[..., Element]:
    """A function that returns a page of the shipped home, read."""
    return lambda path, **headers: page(client, path, **headers)


@pytest.fixture
def show_shelf(shelf_app: Flask) -> Callable[..., Element]:
    """A function that returns a page of the home with two documents, read."""
    return lambda path, **headers: page(shelf_app.test_client(), path, **headers)


def page(client: FlaskClient, path: str, **headers: str) -> Element:
    """Return a page, read; it must be there."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.get(path, headers={"Accept": "text/html", **named})
    assert response.status_code == 200, (path, response.status)
    return html.read(response.get_data(as_text=True))

"""The project's own dataset, built once without the reasoner, and an application on it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Dataset, Graph

from parley.build import generations, pipeline
from parley.config import Settings
from parley.engine.workers import PoolEngine
from parley.home import find_home
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from parley.home import Home

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def home() -> Home:
    """The project's own home."""
    return find_home(ROOT)


@pytest.fixture(scope="session")
def store(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the project's own dataset is built."""
    out = tmp_path_factory.mktemp("build")
    pipeline.build(home, out, reasoned=False)
    return out


@pytest.fixture(scope="session")
def nquads(store: Path) -> bytes:
    """The built dataset as N-Quads."""
    generation = generations.current(store)
    assert generation is not None
    return generation.dataset.read_bytes()


@pytest.fixture(scope="session")
def plain_nquads(nquads: bytes) -> bytes:
    """The same as a store may keep it: OWL's cardinalities, and nothing else, as xsd:integer.

    The mapping of OWL to RDF gives them a derived type, which some stores fold.
    """
    return re.sub(rb'(ardinality> "\d+"\^\^<[^>]*#)nonNegativeInteger>', rb"\1integer>", nquads)


@pytest.fixture(scope="session")
def app(home: Home, store: Path) -> Iterator[Flask]:
    """The application over the built dataset."""
    settings = Settings(workers=1, client_concurrency=100)
    with PoolEngine(store, settings) as engine:
        yield create_app(engine, settings, home, store)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture(scope="session")
def graphs(nquads: bytes) -> dict[str, Graph]:
    """The named graphs of the built dataset by IRI, as rdflib reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = Dataset()
        dataset.parse(data=nquads.decode("utf-8"), format="nquads")
        found: dict[str, Graph] = {}
        for s, p, o, name in dataset.quads((None, None, None, None)):
            found.setdefault(str(name), Graph()).add((s, p, o))
    return found


@pytest.fixture(scope="session")
def dataset(graphs: dict[str, Graph]) -> Graph:
    """The union of the named graphs."""
    union = Graph()
    for graph in graphs.values():
        for triple in graph:
            union.add(triple)
    return union

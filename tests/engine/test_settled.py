"""What a query reads that names no graph: all but drafts, in every kind of store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine import convert, store
from parley.engine.live import LiveEngine
from parley.engine.settled import DRAFTS, without_drafts
from parley.engine.store import MemoryStore
from parley.engine.types import Update
from parley.engine.workers import PoolEngine

from .conftest import make_ask, make_generation, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from parley.engine.types import Engine

SETTLED = '<http://e/a> <http://e/p> "reviewed" <http://e/g> .\n'
DRAFT = f'<http://e/a> <http://e/p> "drafted" <{DRAFTS}first> .\n'
NAMED_NONE = "SELECT ?o { ?s ?p ?o }"
ANY_GRAPH = "SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"
ITS_GRAPH = f"SELECT ?o {{ GRAPH <{DRAFTS}first> {{ ?s ?p ?o }} }}"
FROM_IT = NAMED_NONE.replace("{", f"FROM <{DRAFTS}first> {{", 1)
FROM_BOTH = FROM_IT.replace("{", "FROM <http://e/g> {", 1) + "ORDER BY ?o"


@pytest.fixture(params=["memory", "disk", "of an older build", "live"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine with a reviewed and a drafted triple, each kind of store that there is."""
    make_generation(tmp_path, "one", SETTLED + DRAFT)
    directory = tmp_path / "current"
    settings = Settings(memory_store_bytes=1_000_000 if request.param == "memory" else 0)
    if request.param == "live":
        with LiveEngine.temporary(settings, initial=directory / "dataset.nq") as live:
            yield live
        return
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "of an older build":
            patch.setattr(store, "settle", lambda _: False)
        store.create(directory / "store", directory / "dataset.nq")
    with PoolEngine(tmp_path, settings) as pool:
        yield pool


def test_drafts_are_read_only_by_who_asks_for_them(engine: Engine) -> None:
    """A query that names no graph sees what is settled, once; GRAPH and FROM see drafts too."""
    ask = make_ask(engine)
    asked = (NAMED_NONE, ANY_GRAPH, ITS_GRAPH, FROM_IT, FROM_BOTH)
    found = [values(ask(query).body) for query in asked]

    assert found == [
        ["reviewed"],
        ["drafted", "reviewed"],
        ["drafted"],
        ["drafted"],
        ["drafted", "reviewed"],
    ]
    assert engine.get_graph(None, "application/n-triples").body == b""


def test_what_is_written_later_is_read_at_once() -> None:
    """In a live store a new settled graph is read, and a new graph of drafts is not."""
    with LiveEngine.temporary(Settings()) as live:
        ask = make_ask(live)
        for quads in (DRAFT, SETTLED):
            subject, _, rest = quads.partition(" ")
            triple, _, graph = f"{subject} {rest}".removesuffix(" .\n").rpartition(" ")
            live.update(Update(f"INSERT DATA {{ GRAPH {graph} {{ {triple} }} }}"))
        live.update(Update('INSERT DATA { <http://e/a> <http://e/p> "by default" }'))
        found = values(ask(f"{NAMED_NONE} ORDER BY ?o").body)

    assert found == ["by default", "reviewed"]


def test_the_project_reads_its_own_data_without_drafts() -> None:
    """Checks and questions of a build see what is settled; what is dumped is what was loaded."""
    data = MemoryStore.from_nquads((SETTLED + DRAFT).encode())
    first = data.select(NAMED_NONE)
    data.load(b'<http://e/b> <http://e/p> "derived" .\n', graph_iri="http://e/h")

    assert [row["o"].value for row in first] == ["reviewed"]
    assert sorted(row["o"].value for row in data.select(NAMED_NONE)) == ["derived", "reviewed"]
    assert len(data) == 3
    assert len(data.dump().splitlines()) == 3


def test_formats_without_graphs_hold_no_drafts() -> None:
    """Turtle says what is settled; TriG says all, each triple in its graph."""
    nquads = (SETTLED + DRAFT).encode()
    turtle = convert.serialise(nquads, "text/turtle", {})
    trig = convert.serialise(nquads, "application/trig", {})

    assert b"drafted" not in turtle
    assert b"drafted" in trig


def test_only_the_quads_of_drafts_are_left_out() -> None:
    """Words that name such a graph are kept where they are only said."""
    said = f'<http://e/a> <http://e/p> "in <{DRAFTS}first>" <http://e/g> .\n'
    about = f"<http://e/a> <http://e/p> <{DRAFTS}first> <http://e/g> .\n"

    assert without_drafts((SETTLED + DRAFT + said + about).encode()) == (
        (SETTLED + said + about).encode()
    )

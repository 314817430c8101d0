"""Queries that join Parley with Wikidata: by the client's own engine, or by ours where allowed.

Wikidata is played by a SPARQL endpoint on loopback, which holds a few of its statements.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from werkzeug.serving import make_server

from parley.config import Settings
from parley.corpus import queries
from parley.engine.guard import Limits, check_query
from parley.engine.live import LiveEngine
from parley.engine.workers import PoolEngine
from parley.web.app import create_app, make_wsgi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from parley.home import Home

ROOT: Final = Path(__file__).resolve().parents[2]
FILES: Final = sorted((ROOT / "queries" / "federation").glob("*.rq"))
STATEMENTS: Final = ROOT / "tests" / "cases" / "web" / "wikidata.ttl"
WIKIDATA: Final = "https://query.wikidata.org/sparql"
PARLEY: Final = "http://127.0.0.1:7878/sparql"
#: Neighbours of Afghanistan of which the article speaks, and all.
SPOKEN_OF: Final = {"Iran", "Pakistan", "People's Republic of China", "Tajikistan"}
NEIGHBOURS: Final = SPOKEN_OF | {"Turkmenistan", "Uzbekistan"}


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Let an application listen on loopback; give the address of its endpoint."""
    server = make_server("127.0.0.1", 0, make_wsgi(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of what plays Wikidata."""
    quads = tmp_path_factory.mktemp("wikidata") / "statements.nq"
    body = ox.serialize(ox.parse(path=STATEMENTS), format=ox.RdfFormat.N_QUADS)
    quads.write_bytes(body or b"")
    settings = Settings(client_concurrency=100, workers=1)
    with (
        LiveEngine.temporary(settings, initial=quads) as engine,
        listening(create_app(engine, settings)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def parley(app: Flask) -> Iterator[str]:
    """The address of Parley's endpoint over the shipped home."""
    with listening(app) as address:
        yield address


def text_of(name: str, wikidata: str, parley: str = PARLEY) -> str:
    """Return a query file with the endpoints on loopback in the place of the real ones."""
    text = (ROOT / "queries" / "federation" / f"{name}.rq").read_text(encoding="utf-8")
    return text.replace(f"<{WIKIDATA}>", f"<{wikidata}>").replace(f"<{PARLEY}>", f"<{parley}>")


def by_oxigraph(text: str) -> list[dict[str, str]]:
    """Answer a query by Oxigraph, which holds no data of its own."""
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{n: row[n].value for n in names if row[n] is not None} for row in found]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_query_says_where_it_runs_and_is_sparql(path: Path) -> None:
    """It reads as a question, and parses by two engines with the services it names."""
    query = queries.read(path)
    ox_query = query.text.replace(WIKIDATA, "http://127.0.0.1:9/").replace(PARLEY, "http://e/")
    prepareQuery(query.text)
    ox.Store().query(f"{ox_query.replace('SERVICE', 'SERVICE SILENT')}LIMIT 0")
    checked = check_query(query.text, Limits(allowed_calls=frozenset({WIKIDATA, PARLEY})))

    assert query.question.endswith("?")
    assert query.field("runs")
    assert checked.form == "SELECT"
    assert f"SERVICE <{WIKIDATA}>" in query.text


def test_the_client_s_engine_joins_both(wikidata: str, parley: str) -> None:
    """It finds every neighbour at Wikidata, and the claims on those that the article names."""
    rows = by_oxigraph(text_of("neighbours-of-afghanistan", wikidata, parley))
    claims = {row["name"]: int(row["claims"]) for row in rows}

    assert claims.keys() == NEIGHBOURS
    assert {name for name, number in claims.items() if number} == SPOKEN_OF


def test_rows_hold_what_each_side_knows(wikidata: str, parley: str) -> None:
    """A member's name is Wikidata's; what is claimed of it, and by whom, is Parley's."""
    rows = by_oxigraph(text_of("claims-on-members-of-nato", wikidata, parley))

    assert {row["name"] for row in rows} >= {"United States"}
    assert {row["name"] for row in rows} <= {"United States", "Turkey"}
    assert {row["claimant"] for row in rows} & {"Russia", "Alireza Nouri"}
    assert all(row["claim"].startswith("https://w3id.org/parley/id/claim/") for row in rows)


def test_rdflib_joins_a_dump_with_wikidata(wikidata: str, parley: str) -> None:
    """It loads what the one server offers, and asks the other from within its query."""
    dump = Graph().parse(parley.replace("/sparql", "/dump.ttl"), format="turtle")
    rows = list(dump.query(text_of("neighbours-asked-from-here", wikidata)))

    assert {str(row.name) for row in rows} == SPOKEN_OF  # type: ignore[union-attr]
    assert all(int(row.claims) > 0 for row in rows)  # type: ignore[union-attr]


@pytest.mark.xfail(strict=True, reason="rdflib 7.6 sends every service the text of the first")
def test_rdflib_joins_two_services(wikidata: str, parley: str) -> None:
    """When it does, the note in queries/README.md goes."""
    rows = Graph().query(text_of("neighbours-of-afghanistan", wikidata, parley))

    assert {str(row.name) for row in rows if int(row.claims)} == SPOKEN_OF  # type: ignore[union-attr]


def test_our_endpoint_joins_with_one_that_is_allowed(app: Flask, home: Home, wikidata: str) -> None:
    """And calls no other: the same question to the real Wikidata is refused."""
    settings = Settings(client_concurrency=100, workers=1, service_allow=(wikidata,))
    with PoolEngine(app.extensions["parley"].store, settings) as engine:
        client = create_app(engine, settings, home).test_client()
        texts = [text_of("neighbours-asked-from-here", address) for address in (wikidata, WIKIDATA)]
        answer, refused = (
            client.get("/sparql", query_string={"query": text, "format": "json"}) for text in texts
        )
    rows = answer.get_json()["results"]["bindings"]
    found = {row["name"]["value"]: row["thing"]["value"].rpartition("/id/")[2] for row in rows}

    assert found == {
        "Iran": "actor/iran",
        "Pakistan": "actor/pakistan",
        "People's Republic of China": "actor/china",
        "Tajikistan": "actor/tajikistan",
    }
    assert refused.status_code == 400
    assert "may not call" in refused.text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_server_hands_a_query_out_and_does_not_run_it(client: FlaskClient, path: Path) -> None:
    """Listed among the questions, as text, with the server's own address for Parley's."""
    listed = client.get("/questions", headers={"Accept": "text/html"}).text
    answer = client.get(f"/questions/{path.stem}.rq")
    own = client.application.extensions["parley"].service.sparql_url

    assert f'href="/questions/{path.stem}.rq"' in listed
    assert answer.mimetype == "text/plain"
    assert answer.text == path.read_text(encoding="utf-8").replace(f"<{PARLEY}>", f"<{own}>")
    assert client.get(f"/questions/{path.stem}").status_code == 404

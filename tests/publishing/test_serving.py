"""``parley serve --engine``: the same pages and endpoint before two real foreign engines."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parley.cli.bench.processes import running
from parley.corpus import queries
from parley.engine.inspection import inspect
from parley.engine.results import JSON
from parley.publishing.push import push

from . import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

ROOT = str(Path(__file__).resolve().parents[2])
PAGES = [
    "/",
    "/timeline",
    "/stances",
    "/network",
    "/search?q=taliban",
    "/id/actor/russia",
    "/browse/claims",
    "/documents/iras-3036",
]
#: Views that are asked of one thing only: of all things at once they are cut, or too long.
OF_ONE_THING = {"citation", "entity-incoming", "entity-mentions"}
#: Views whose answers differ, and why: the own store writes a number as a plain integer.
OTHER_NUMBERS = {"ontology-axioms"}
FILES = [
    path
    for folder in ("competency", "examples", "views")
    for path in sorted(Path(ROOT, "queries", folder).glob("*.rq"))
    if path.stem not in OF_ONE_THING | OTHER_NUMBERS
    and inspect(queries.read(path).text).form in {"SELECT", "ASK"}
]
_TAGS = re.compile(r"<(script|style|details)\b.*?</\1>|<[^>]+>", re.DOTALL)
_PLACE = re.compile(r"https?://\S+|remote-[\w-]+|\b[0-9a-f]{16}\b|checks? last ran.*?\.")


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, nquads: bytes
) -> Iterator[str]:
    """Parley in a process of its own before each engine, which holds the published dataset."""
    if request.param == "virtuoso" and shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso is not installed (Debian's virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp(request.param)
    with getattr(engines, request.param)(folder) as engine:
        push(engine.open(), nquads)
        options = ("--home", ROOT, "--engine", engine.query, "--timeout", "60")
        with running(*options) as server:
            yield server.address.rstrip("/")


def fetch(url: str, *, accept: str = "*/*", data: bytes | None = None) -> tuple[int, bytes]:
    """Return the status and body of an answer, whatever it is."""
    request = urllib.request.Request(url, data, {"Accept": accept})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=engines.PATIENCE_S) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def ask(address: str, query: str, accept: str) -> tuple[int, bytes]:
    """Return the answer to a query."""
    return fetch(f"{address}/sparql?{urllib.parse.urlencode({'query': query})}", accept=accept)


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_what_they_say_before_the_own_store(
    address: str, client: FlaskClient, page: str
) -> None:
    """A reader finds the same words, whatever engine answers."""
    status, body = fetch(address + page)
    ours = client.get(page).get_data(as_text=True)

    assert status == 200
    assert words(body.decode("utf-8")) == words(ours)


def test_the_front_page_is_there(address: str) -> None:
    """The front page, which asks most, is answered whole."""
    assert fetch(f"{address}/")[0] == 200


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_queries_answer_as_before_the_own_store(
    address: str, client: FlaskClient, path: Path
) -> None:
    """Every question, example and view has the same solutions, whatever engine answers."""
    query = queries.read(path).text
    ours = client.get("/sparql", query_string={"query": query}, headers={"Accept": JSON})
    status, body = ask(address, query, JSON)

    assert (ours.status_code, status) == (200, 200)
    assert solutions(body) == solutions(ours.get_data())


def solutions(body: bytes) -> set[frozenset[tuple[str, ...]]] | bool:
    """Return the solutions of a table, blank nodes aside, or the answer to ASK."""
    table = json.loads(body)
    if "boolean" in table:
        return bool(table["boolean"])
    return {
        frozenset(
            (name, term["value"], term.get("datatype", ""), term.get("xml:lang", ""))
            for name, term in row.items()
            if term["type"] != "bnode"
        )
        for row in table["results"]["bindings"]
    }


def words(page: str) -> list[str]:
    """Return the words of a page up to how to cite it, sorted: engines order equals differently."""
    text = _PLACE.sub(" ", _TAGS.sub(" ", page))
    return sorted(text.partition("Cite or fetch")[0].split())


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_the_endpoint_answers_the_same(address: str, client: FlaskClient, accept: str) -> None:
    """A query has the same answer, byte for byte, in each format."""
    query = (
        "PREFIX pl: <https://w3id.org/parley/ns#> SELECT ?claim ?content ?text "
        "{ ?claim pl:content ?content ; pl:hasEvidence/pl:exactText ?text } "
        "ORDER BY STR(?claim) STR(?text) LIMIT 50"
    )
    ours = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})

    assert ask(address, query, accept) == (200, ours.data)


def test_asking_gives_a_boolean(address: str) -> None:
    """ASK has its own answer, and a query reads the publication's graphs and no others."""
    count = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    found = json.loads(ask(address, count, "application/sparql-results+json")[1])

    assert json.loads(ask(address, "ASK { ?s ?p ?o }", "*/*")[1])["boolean"] is True
    assert found["results"]["bindings"][0]["n"]["value"] == "7"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", 413),
        ("SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }", 400),
        ("SELECT * { ?s ?p", 400),
    ],
    ids=["too-large", "service", "syntax"],
)
def test_limits_and_errors_are_ours(address: str, query: str, status: int) -> None:
    """What is refused before the own store is refused here, as a problem with its status."""
    found, body = ask(address, query, "*/*")

    assert (found, json.loads(body)["status"]) == (status, status)


def test_a_slow_query_is_given_up(address: str) -> None:
    """A query over its time is 504, and the next one is answered."""
    slow = {
        "query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
        "FILTER(STR(?a) < STR(?i)) }",
        "timeout": "1",
    }
    status, body = fetch(f"{address}/sparql?{urllib.parse.urlencode(slow)}")

    assert (status, json.loads(body)["status"]) == (504, 504)
    assert ask(address, "ASK { ?s ?p ?o }", "*/*")[0] == 200


def test_nothing_can_be_written(address: str) -> None:
    """An update is forbidden, and the data stay."""
    update = urllib.parse.urlencode({"update": "DROP ALL"}).encode()

    assert fetch(f"{address}/sparql", data=update)[0] == 403
    assert json.loads(ask(address, "ASK { ?s ?p ?o }", "*/*")[1])["boolean"] is True


def test_an_engine_that_is_down_is_502() -> None:
    """Pages and queries say that the engine does not answer, and what to check."""
    with running("--home", ROOT, "--engine", "http://127.0.0.1:9/query") as server:
        status, body = ask(server.address.rstrip("/"), "ASK {}", "*/*")
        page, _ = fetch(server.address)

    assert (status, page) == (502, 502)
    assert "Check that it runs" in json.loads(body)["remedy"]

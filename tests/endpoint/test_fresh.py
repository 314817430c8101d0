"""An answer is never older than the last write that was acknowledged, whatever is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.engine.live import LiveEngine
from parley.web.app import create_app

from .conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from parley.config import Settings

GRAPHS = ("http://e/g1", "http://e/g2")
BEARER = {"Authorization": f"Bearer {TOKEN}"}
UPDATE = BEARER | {"Content-Type": "application/sparql-update"}
TURTLE = BEARER | {"Content-Type": "text/turtle"}
TABLE = "application/sparql-results+json"
QUERIES = (
    "SELECT ?s ?o { ?s <http://e/p> ?o } ORDER BY ?s ?o",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "ASK { <http://e/s1> <http://e/p> 1 }",
    "ASK { GRAPH <http://e/g1> { ?s ?p ?o } }",
)
numbers = st.integers(0, 2)
graphs = st.sampled_from(GRAPHS)
steps = st.one_of(
    st.tuples(st.just("insert"), graphs, numbers, numbers),
    st.tuples(st.just("delete"), graphs, numbers, numbers),
    st.tuples(st.just("put"), graphs, numbers, numbers),
    st.tuples(st.just("drop"), graphs, st.just(0), st.just(0)),
    st.tuples(st.just("ask"), st.just(""), st.integers(0, len(QUERIES) - 1), st.booleans()),
    st.tuples(st.just("ask"), st.just(""), st.integers(0, len(QUERIES) - 1), st.booleans()),
)


@pytest.fixture(scope="module")
def kept(settings: Settings) -> Iterator[FlaskClient]:
    """A client of an empty writable dataset whose answers are kept."""
    with LiveEngine.temporary(settings) as engine:
        yield create_app(engine, settings).test_client()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(steps, min_size=4, max_size=16))
def test_no_answer_is_older_than_the_last_write(
    kept: FlaskClient, plan: list[tuple[str, str, int, int]]
) -> None:
    """Answers, from the cache or by 304, are those of a plain store that saw the same writes."""
    plain = ox.Store()
    assert kept.post("/sparql", data="CLEAR ALL", headers=UPDATE).status_code == 204
    seen: dict[str, tuple[str, object]] = {}
    for kind, graph, one, other in plan:
        if kind == "ask":
            check(kept, plain, QUERIES[one], seen, conditional=bool(other))
        else:
            write(kept, plain, kind, graph, f"<http://e/s{one}> <http://e/p> {other}")


def write(client: FlaskClient, plain: ox.Store, kind: str, graph: str, triple: str) -> None:
    """Write the same into both."""
    if kind == "put":
        answer = client.put(f"/store?graph={graph}", data=f"{triple} .", headers=TURTLE)
        text = f"DROP SILENT GRAPH <{graph}>; INSERT DATA {{ GRAPH <{graph}> {{ {triple} }} }}"
    elif kind == "drop":
        text = f"DROP SILENT GRAPH <{graph}>"
        answer = client.delete(f"/store?graph={graph}", headers=BEARER)
        assert answer.status_code in {204, 404}
        plain.update(text)
        return
    else:
        text = f"{kind.upper()} DATA {{ GRAPH <{graph}> {{ {triple} }} }}"
        answer = client.post("/sparql", data=text, headers=UPDATE)
    assert answer.status_code in {201, 204}, answer.text
    plain.update(text)


def check(
    client: FlaskClient,
    plain: ox.Store,
    query: str,
    seen: dict[str, tuple[str, object]],
    *,
    conditional: bool,
) -> None:
    """Ask both the same, perhaps on condition that it is not what was seen last."""
    headers = {"Accept": TABLE}
    if conditional and query in seen:
        headers["If-None-Match"] = seen[query][0]
    answer = client.get("/sparql", query_string={"query": query}, headers=headers)
    if answer.status_code == 304:
        found = seen[query][1]
    else:
        assert answer.status_code == 200
        found = json.loads(answer.get_data())
        seen[query] = answer.headers["ETag"], found
    result = plain.query(query, use_default_graph_as_union=True)
    assert not isinstance(result, ox.QueryTriples)
    assert found == json.loads(result.serialize(format=ox.QueryResultsFormat.JSON) or b"")

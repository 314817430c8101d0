"""The application: answers, headers, problems, pages, and the graph store."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from parley.endpoint.service import Service
from parley.errors import ParleyError

from .conftest import TOKEN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


TSV = "text/tab-separated-values; charset=utf-8"
ALL = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
RUSSIA = "https://w3id.org/parley/id/actor/russia"


def ask(client: FlaskClient, query: str, **options: str) -> tuple[int, dict[str, str], bytes]:
    """Ask a query by GET."""
    accept = {"Accept": options.pop("accept")} if "accept" in options else {}
    response = client.get("/sparql", query_string={"query": query, **options}, headers=accept)
    return response.status_code, dict(response.headers), response.data


@pytest.mark.parametrize(
    ("accept", "format_", "media_type"),
    [
        ("", "", "application/sparql-results+json"),
        ("*/*", "", "application/sparql-results+json"),
        ("application/json", "", "application/sparql-results+json"),
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, text/tab-separated-values;q=0.2", "", TSV),
        ("text/turtle, application/sparql-results+xml;q=0.2", "", "application/sparql-results+xml"),
        ("text/html", "csv", "text/csv; charset=utf-8"),
        ("text/csv", "json", "application/sparql-results+json"),
    ],
)  # fmt: skip
def test_the_format_is_what_the_client_prefers(
    client: FlaskClient, accept: str, format_: str, media_type: str
) -> None:
    """Accept decides, with its q-values; format= overrides it."""
    options = {"format": format_} if format_ else {}

    status, headers, _ = ask(client, ALL, accept=accept, **options)

    assert (status, headers["Content-Type"]) == (200, media_type)


@pytest.mark.parametrize("format_", ["ttl", "nt", "rdf", "jsonld"])
def test_a_graph_is_the_same_in_every_format(client: FlaskClient, format_: str) -> None:
    """A CONSTRUCT in each RDF format holds the same triples."""
    query = f"CONSTRUCT {{ <{RUSSIA}> a ?c }} WHERE {{ <{RUSSIA}> a ?c }}"

    _, headers, body = ask(client, query, format=format_)

    rdf_format = ox.RdfFormat.from_media_type(headers["Content-Type"])
    assert [str(quad.subject) for quad in ox.parse(input=body, format=rdf_format)] == [
        f"<{RUSSIA}>"
    ]


def test_nothing_acceptable_is_406(client: FlaskClient) -> None:
    """A format that cannot be produced is refused, and the problem names those that can."""
    status, headers, body = ask(client, "ASK {}", accept="image/png")

    assert status == 406
    assert headers["Content-Type"] == "application/problem+json"
    assert "application/sparql-results+json" in json.loads(body)["remedy"]


def test_every_response_has_its_headers(client: FlaskClient) -> None:
    """Security headers, CORS without credentials, Vary and an ETag."""
    _, headers, _ = ask(client, "ASK {}")

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["Vary"] == "Accept, Accept-Encoding"
    assert headers["ETag"].startswith('"')
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_an_answer_the_client_has_is_304(client: FlaskClient) -> None:
    """The same query on the same data has the same ETag, in each format another."""
    _, first, _ = ask(client, ALL)
    _, other, _ = ask(client, ALL, accept="text/csv")
    conditional = {"If-None-Match": f'"x", W/{first["ETag"]}'}

    again = client.get("/sparql", query_string={"query": ALL}, headers=conditional)

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first["ETag"]
    assert other["ETag"] != first["ETag"]


def test_what_changes_by_itself_has_no_etag(client: FlaskClient) -> None:
    """NOW and RAND answer differently each time, however they are written."""
    _, plain, _ = ask(client, "SELECT (RAND() AS ?x) {}")
    _, escaped, _ = ask(client, r"SELECT (\u004EOW() AS ?x) {}")
    _, quoted, _ = ask(client, "SELECT ('RAND' AS ?x) {}")

    assert "ETag" not in plain
    assert "ETag" not in escaped
    assert "ETag" in quoted


def test_large_answers_are_compressed_when_the_client_reads_that(client: FlaskClient) -> None:
    """Compressed or not, the answer is the same, and the two have different ETags."""
    _, plain, body = ask(client, ALL)

    packed = client.get("/sparql", query_string={"query": ALL}, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == body
    assert packed.headers["ETag"] == plain["ETag"][:-1] + '-gzip"'


def test_csv_is_a_download_a_browser_does_not_guess_about(client: FlaskClient) -> None:
    """A spreadsheet opens it; no browser runs it."""
    _, headers, _ = ask(client, ALL, format="csv")

    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_problem_says_what_where_and_how_to_mend_it(client: FlaskClient) -> None:
    """An unknown prefix is named, with the line to add."""
    status, headers, body = ask(client, "SELECT *\nWHERE { ?s foaf:name ?o }")

    assert status == 400
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body) == {
        "type": "https://w3id.org/parley/problem/query-syntax",
        "title": "The query does not parse",
        "status": 400,
        "detail": "The prefix foaf: is not declared.",
        "remedy": "Add PREFIX foaf: <http://xmlns.com/foaf/0.1/>",
        "line": 2,
        "column": 12,
    }


def test_a_misspelt_predicate_is_pointed_out(client: FlaskClient) -> None:
    """An answer without rows says which term occurs nowhere, and which may be meant."""
    query = "PREFIX pl: <https://w3id.org/parley/ns#> SELECT * { ?s pl:claiment ?o }"

    status, headers, _ = ask(client, query)

    assert status == 200
    assert headers["Parley-Note"] == (
        "<https://w3id.org/parley/ns#claiment> occurs nowhere in the data, "
        "did you mean <https://w3id.org/parley/ns#claimant>?"
    )


def test_an_answer_with_rows_has_no_note(client: FlaskClient) -> None:
    """Nothing is pointed out where something was found."""
    _, headers, _ = ask(client, ALL)

    assert "Parley-Note" not in headers


def test_a_note_cannot_break_out_of_its_header(client: FlaskClient) -> None:
    """Line breaks and foreign letters in an IRI do not become headers."""
    _, headers, _ = ask(client, "SELECT * { ?s <http://e/\\u00e9\u4e2d> ?o }")

    assert headers["Parley-Note"].isascii()
    assert "\n" not in headers["Parley-Note"]


def test_a_head_is_a_get_without_its_body(client: FlaskClient) -> None:
    """HEAD of a query has the headers of its GET."""
    got = client.get("/sparql", query_string={"query": "ASK {}"})

    head = client.head("/sparql", query_string={"query": "ASK {}"})

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.data))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_options_answers_a_browsers_preflight(client: FlaskClient) -> None:
    """Any page may ask queries, with the headers a query needs."""
    response = client.options("/sparql", headers={"Access-Control-Request-Method": "POST"})

    assert response.status_code == 204
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Accept-Query"] == "application/sparql-query"


def test_the_query_method_asks_a_query(client: FlaskClient) -> None:
    """QUERY is a safe POST."""
    response = client.open(
        "/sparql", method="QUERY", data="ASK {}", content_type="application/sparql-query"
    )

    assert response.get_json(force=True)["boolean"] is True


def test_an_update_needs_the_token(client: FlaskClient) -> None:
    """Without it nothing is written, and the client is told how to log in."""
    response = client.post("/sparql", data={"update": "CLEAR ALL"})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_update_changes_the_answers(client: FlaskClient) -> None:
    """After an update the ETag is another and the answer shows the new data."""
    query = "ASK { <http://e/new> ?p ?o }"
    _, before, _ = ask(client, query)
    update = "INSERT DATA { GRAPH <http://e/g> { <http://e/new> <http://e/p> 1 } }"

    response = client.post("/sparql", data={"update": update}, headers=BEARER)

    _, after, body = ask(client, query)
    assert response.status_code == 204
    assert json.loads(body)["boolean"] is True
    assert after["ETag"] != before["ETag"]


def test_using_twice_is_refused(client: FlaskClient) -> None:
    """The address and the text may not both say what an update reads."""
    update = "DELETE { ?s ?p ?o } USING <http://e/g> WHERE { ?s ?p ?o }"

    response = client.post(
        "/sparql?using-graph-uri=http://e/h",
        data=update,
        content_type="application/sparql-update",
        headers=BEARER,
    )

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/store", 400),
        ("GET", "/store?default&graph=http://e/g", 400),
        ("GET", "/store?graph=relative", 400),
        ("GET", "/store?graph=http://e/none", 404),
        ("HEAD", "/store?graph=http://e/none", 404),
        ("DELETE", "/store?graph=http://e/none", 404),
        ("PATCH", "/store?default", 405),
        ("PUT", "/store", 400),
        ("PUT", "/store?graph=http://e/g", 415),
        ("GET", "/store?default", 200),
    ],
)
def test_the_graph_store_refuses_what_names_no_graph(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    """A request must name one graph, and one that is there."""
    response = client.open(path, method=method, headers=BEARER, data=b"", content_type="text/css")

    assert response.status_code == status


def test_a_graph_is_put_extended_and_deleted(client: FlaskClient) -> None:
    """PUT creates or replaces, POST adds, DELETE removes."""
    path = f"/store?graph={quote('http://e/put', safe='')}"
    turtle = {"content_type": "text/turtle", "headers": BEARER}

    statuses = [
        client.put(path, data="<http://e/a> <http://e/p> 1 .", **turtle).status_code,
        client.post(path, data="<http://e/a> <http://e/p> 2 .", **turtle).status_code,
        len(Graph().parse(client.get(path).data, format="turtle")),
        client.put(path, data="<http://e/a> <http://e/p> 3 .", **turtle).status_code,
        len(Graph().parse(client.get(path).data, format="turtle")),
        client.delete(path, headers=BEARER).status_code,
        client.get(path).status_code,
    ]

    assert statuses == [201, 204, 2, 204, 1, 204, 404]


def test_an_upload_that_does_not_parse_names_its_line(client: FlaskClient) -> None:
    """A Turtle error is the client's, with a line."""
    response = client.put(
        "/store?graph=http://e/bad",
        data="<http://e/a> <http://e/p> 1 .\n<http://e/a> oops .",
        content_type="text/turtle",
        headers=BEARER,
    )

    problem = response.get_json(force=True)
    assert (response.status_code, problem["line"], problem["column"]) == (400, 2, 14)
    assert problem["detail"] == "The document does not parse: oops is not a valid predicate."


@pytest.mark.parametrize(
    "body",
    [b"", b"--x--", b"--x\r\n\r\n\r\n", b"--y\r\n\r\n--y--", b"--x\r\n\r\ntext\r\n--x--"],
)
def test_a_malformed_multipart_body_is_refused(client: FlaskClient, body: bytes) -> None:
    """No part, no end, another boundary, a part without a type."""
    response = client.post(
        "/store?default",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers=BEARER,
    )

    assert response.status_code in {400, 415}


def test_the_description_states_the_true_address_and_the_limits(client: FlaskClient) -> None:
    """A GET without a query describes the service."""
    response = client.get("/sparql", headers={"Accept": "text/turtle"})

    graph = Graph().parse(response.data, format="turtle")
    endpoints = set(
        graph.objects(None, URIRef("http://www.w3.org/ns/sparql-service-description#endpoint"))
    )
    names = {str(o) for o in graph.objects(None, URIRef("https://schema.org/name"))}
    assert endpoints == {URIRef("http://127.0.0.1:7878/sparql")}
    assert {"timeout_s", "max_result_rows", "client_engine_s"} <= names
    assert (None, None, URIRef("https://w3id.org/parley/graph/entities")) in graph


def test_health_shows_the_limits_and_metrics_count(client: FlaskClient) -> None:
    """An operator sees that queries are answered, the limits, and figures for Prometheus."""
    health = client.get("/health").get_json()
    metrics = client.get("/metrics")

    assert health["status"] == "ok"
    assert health["limits"]["timeout_s"] == 10.0
    assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"parley_engine_requests" in metrics.data


def test_the_machine_doors_are_described(client: FlaskClient) -> None:
    """The OpenAPI document names the doors and the problem document."""
    document = client.get("/openapi.json").get_json()

    assert {"/sparql", "/store", "/health", "/metrics"} <= document["paths"].keys()
    assert "Problem" in document["components"]["schemas"]


def test_the_front_page_counts_and_offers_questions(client: FlaskClient) -> None:
    """The article, its counts, the way to the questions and to the query behind the page."""
    page = client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)

    assert "A test article" in page
    assert "<strong>1</strong> claims" in page
    assert 'href="/questions"' in page
    assert 'href="/sparql?query=' in page


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/id/actor/russia", "text/html", "text/html; charset=utf-8"),
        ("/id/actor/russia", "text/turtle", "text/turtle; charset=utf-8"),
        ("/id/actor/russia?format=nt", "text/html", "application/n-triples"),
        ("/id/actor/russia.ttl", "text/html", "text/turtle; charset=utf-8"),
        ("/id/actor/russia.nt", "", "application/n-triples"),
        ("/id/actor/russia.jsonld", "", "application/ld+json"),
        ("/id/actor/russia.json", "", "application/ld+json"),
        ("/id/actor/russia.rdf", "", "application/rdf+xml"),
        ("/id/claim/x/5a", "text/html", "text/html; charset=utf-8"),
        ("/ns", "text/html", "text/html; charset=utf-8"),
        ("/ns.ttl", "text/html", "text/turtle; charset=utf-8"),
    ],
)
def test_an_entity_is_a_page_and_data(
    client: FlaskClient, path: str, accept: str, media_type: str
) -> None:
    """Accept, format= and the ending choose; each has the entity in it."""
    response = client.get(path, headers={"Accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)


def test_an_entity_as_data_holds_what_is_said_of_it_and_what_points_at_it(
    client: FlaskClient,
) -> None:
    """Both directions are in the graph."""
    graph = Graph().parse(client.get("/id/actor/russia.nt").data, format="nt")

    assert (URIRef(RUSSIA), None, None) in graph
    assert (None, None, URIRef(RUSSIA)) in graph


def test_an_entity_page_names_its_twins(client: FlaskClient) -> None:
    """A program that lands on the page finds the data."""
    link = client.get("/id/actor/russia", headers={"Accept": "text/html"}).headers["Link"]

    assert '</id/actor/russia.ttl>; rel="alternate"; type="text/turtle"' in link


def test_labels_and_iris_cannot_run_scripts(client: FlaskClient) -> None:
    """A label with markup is shown as text, a javascript: IRI is no link."""
    page = client.get("/id/actor/russia", headers={"Accept": "text/html"}).get_data(as_text=True)

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize("path", ["/id/actor/nobody", "/nothing", "/id/"])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("text/html", "text/html; charset=utf-8"), ("*/*", "application/problem+json")],
)
def test_nothing_there_is_404(client: FlaskClient, path: str, accept: str, media_type: str) -> None:
    """A page for people, a problem document for programs."""
    response = client.get(path, headers={"Accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (404, media_type)


def test_a_browser_gets_a_table_or_the_problem_beside_its_query(client: FlaskClient) -> None:
    """The form keeps the query; the answer is a table; an error keeps its status."""
    html = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    form = client.get("/sparql", headers=html)
    table = client.get("/sparql", query_string={"query": ALL}, headers=html)
    yes = client.get("/sparql", query_string={"query": "ASK {}"}, headers=html)
    graph = client.get("/sparql", query_string={"query": f"DESCRIBE <{RUSSIA}>"}, headers=html)
    broken = client.get("/sparql", query_string={"query": "SELECT <oops"}, headers=html)

    assert "<textarea" in form.get_data(as_text=True)
    assert 'href="/id/actor/russia"' in table.get_data(as_text=True)
    assert "Yes.</strong>" in yes.get_data(as_text=True)
    assert '<pre class="turtle"' in graph.get_data(as_text=True)
    assert broken.status_code == 400
    assert "SELECT &lt;oops" in broken.get_data(as_text=True)


def test_our_own_fault_is_500_and_says_nothing_about_us(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error nobody foresaw is logged with its trace; the client gets a number."""

    def fail(*_: object) -> None:
        raise RuntimeError("the secret inner life")

    monkeypatch.setattr(Service, "answer_sparql", fail)

    status, headers, body = ask(client, "ASK {}")

    assert status == 500
    assert headers["Content-Type"] == "application/problem+json"
    assert b"secret" not in body
    assert "the secret inner life" in caplog.text


def test_every_error_of_ours_has_a_problem_document(app: Flask) -> None:
    """Title, status and a type that is an address, for each class of the tree."""
    from parley.web.problems import to_document

    def classes(parent: type[ParleyError]) -> list[type[ParleyError]]:
        return [parent, *(c for child in parent.__subclasses__() for c in classes(child))]

    for kind in classes(ParleyError):
        error = kind.__new__(kind)
        ParleyError.__init__(error, "what is wrong")
        if kind.__name__ == "WriteRefusedError":
            continue
        document = to_document(error)
        assert document["status"] == kind.status
        assert document["type"].startswith("https://w3id.org/parley/problem/")

"""Pages say how to fetch and cite them, and the lines they show do what they promise."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from rdflib import Graph, URIRef
from werkzeug.serving import make_server

from parley.engine.workers import PoolEngine
from parley.web.app import create_app, make_wsgi

from . import html
from .conftest import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from parley.home import Home

    from .html import Element

QUESTION = "/questions/contacts-of-actor"
ASKED = (
    "/sparql?query=SELECT+%3Fs+%7B+%3Fs+a+%3Chttps%3A%2F%2Fw3id.org%2Fparley%2Fns%23Place%3E+%7D"
)
PAGES = ("/id/actor/russia", "/id/claim/iras-3036/5a", "/timeline", QUESTION, ASKED, "/ns")


@pytest.fixture(scope="module")
def served(app: Flask, home: Home) -> Iterator[FlaskClient]:
    """A client of an application that listens on loopback, where its pages say it does."""
    store = app.extensions["parley"].store
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = type(SETTINGS)(client_concurrency=100, base_url=address, workers=1)
    with PoolEngine(store, settings) as engine:
        made = create_app(engine, settings, home, store)
        server.app = make_wsgi(made)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made.test_client()
        server.shutdown()
        thread.join()
    server.server_close()


def lines(client: FlaskClient, path: str) -> dict[str, str]:
    """Return the lines that a page shows, by what they are for."""
    page = html.read(client.get(path, headers={"Accept": "text/html"}).text)
    return {
        element.attributes["data-line"]: element.raw
        for element in page.all()
        if "data-line" in element.attributes
    }


def run(*command: str, text: str = "") -> str:
    """Run a command with nothing but loopback to talk to, and return what it prints."""
    environ = {"PATH": os.environ["PATH"], "no_proxy": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=120, env=environ, check=True
    )
    return done.stdout


@pytest.mark.parametrize("path", PAGES)
def test_the_line_for_a_shell_fetches_the_data(served: FlaskClient, path: str) -> None:
    """Turtle of a thing, the rows of anything else."""
    fetched = run("bash", "-c", f"{lines(served, path)['Shell']} --silent --fail")

    if "ttl" in lines(served, path)["Shell"]:
        assert len(Graph().parse(data=fetched, format="turtle")) > 5
    else:
        assert len(fetched.splitlines()) > 2


def test_the_lines_for_python_give_the_same_rows(served: FlaskClient) -> None:
    """Those with pandas and those with SPARQLWrapper, on each kind of page."""
    shown = [lines(served, path) for path in PAGES]
    program = "import json\nfound = []\n"
    for line in shown:
        program += f"{line['Python, pandas']}\n{line['Python, SPARQLWrapper']}\n"
        program += "found.append([len(table), len(answer['results']['bindings'])])\n"
    counts = json.loads(run(sys.executable, "-", text=f"{program}print(json.dumps(found))"))

    assert [a for a, _ in counts] == [b for _, b in counts]
    assert all(a > 0 for a, _ in counts)


@pytest.mark.parametrize("path", PAGES)
def test_the_line_for_r_has_the_address_of_the_rows(served: FlaskClient, path: str) -> None:
    """The same that pandas reads."""
    shown = lines(served, path)
    address = shown["R"].partition('("')[2].rstrip('")')

    assert repr(address) in shown["Python, pandas"]
    assert served.get(address.replace(origin(address), "")).mimetype == "text/csv"


def origin(address: str) -> str:
    """Return the scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize(
    "path", [*PAGES, "/", "/documents/iras-3036", "/stances", "/search?q=nato"]
)
def test_a_page_is_cited_in_every_format(client: FlaskClient, path: str) -> None:
    """Its links lead to BibTeX, RIS and CSL-JSON, each with the version of the data."""
    page = html.read(client.get(path, headers={"Accept": "text/html"}).text)
    links = [
        e.attributes["href"]
        for e in page.all()
        if e.attributes.get("href", "").startswith("/cite?")
    ]
    answers = [client.get(link) for link in links]
    version = client.get("/health").get_json()["version"]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert all(version in answer.text for answer in answers)


@pytest.mark.parametrize("path", [ASKED, QUESTION, "/timeline", "/id/actor/russia"])
def test_a_permalink_names_the_data_and_is_silent_while_they_stay(
    client: FlaskClient, show: Callable[..., Element], path: str
) -> None:
    """It leads to the same page, which has nothing to add."""
    version = client.get("/health").get_json()["version"]
    link = next(e for e in show(path).all() if e.attributes.get("id") == "permalink")
    page = show(link.attributes["href"])

    assert f"version={version}" in link.attributes["href"]
    assert not [e for e in page.all() if e.attributes.get("id") == "other-version"]


@pytest.mark.parametrize("path", [f"{ASKED}&", f"{QUESTION}?", "/timeline?", "/id/actor/russia?"])
def test_a_page_of_other_data_says_so(show: Callable[..., Element], path: str) -> None:
    """It names what was cited and what is shown, whatever the link holds."""
    page = show(f"{path}version=%3Cold%3E")
    (notice,) = [e for e in page.all() if e.attributes.get("id") == "other-version"]

    assert "<old>" in notice.text
    assert "may differ" in notice.text


@pytest.mark.parametrize(
    "path",
    [f"{ASKED}&format=csv&", f"{QUESTION}?format=json&", "/id/actor/russia.ttl?", "/dump.nq?"],
)
def test_a_program_is_not_given_other_data(client: FlaskClient, path: str) -> None:
    """It gets a problem that names what is served, and with today's version the data."""
    version = client.get("/health").get_json()["version"]
    refused = client.get(f"{path}version=old")

    assert refused.status_code == 404
    assert refused.mimetype == "application/problem+json"
    assert version in refused.get_json()["detail"]
    assert client.get(f"{path}version={version}").status_code == 200


def test_the_short_way_refuses_as_well(app: Flask) -> None:
    """The endpoint in front of the application checks the version too."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/sparql", "wsgi.input": io.BytesIO(),
               "SERVER_PROTOCOL": "HTTP/1.0",
               "QUERY_STRING": "query=ASK%7B%7D&version=old"}  # fmt: skip
    seen: list[str] = []
    b"".join(make_wsgi(app)(environ, lambda status, *_: seen.append(status)))  # type: ignore[arg-type]

    assert seen[0].startswith("404")


def test_a_query_cannot_leave_its_string(served: FlaskClient) -> None:
    """Quotes and backslashes of a query stay within the program that is shown."""
    query = 'ASK { ?s ?p """\\"\\"\\"); import os; os.abort() #""" }'
    page = served.get("/sparql", query_string={"query": query.replace("ASK", "SELECT *")},
                      headers={"Accept": "text/html"})  # fmt: skip
    shown = [
        e
        for e in html.read(page.text).all()
        if "SPARQLWrapper" in e.attributes.get("data-line", "")
    ]
    program = shown[0].raw.replace("answer = endpoint.query()", "answer = Answer()")
    stub = "class Answer:\n  def convert(self): print(endpoint.queryString)\n"

    assert query.replace("ASK", "SELECT *") in run(sys.executable, "-", text=stub + program)


def test_a_page_that_is_named_wrongly_is_not_cited(client: FlaskClient) -> None:
    """Only paths of this server are pages."""
    assert client.get("/cite?page=http://e.org/").status_code == 400
    assert client.get("/cite?page=//e.org/").status_code == 400


def test_an_entity_is_a_table_too(client: FlaskClient) -> None:
    """By its ending and by Accept."""
    by_ending = client.get("/id/actor/russia.csv")
    by_accept = client.get("/id/actor/russia", headers={"Accept": "text/csv"})

    assert by_ending.data == by_accept.data
    assert by_ending.text.splitlines()[0] == "property,value"
    assert str(URIRef("https://w3id.org/parley/ns#State")) in by_ending.text

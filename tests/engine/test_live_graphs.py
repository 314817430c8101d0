"""Graphs, uploads and datasets of updates in a live store."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine.live import LiveEngine
from parley.engine.types import Update, Upload
from parley.engine.using import insert_using
from parley.errors import (
    NotFoundError,
    ParleyError,
    QueryRefusedError,
    QuerySyntaxError,
    RequestError,
)

from .conftest import ADD, COUNT, make_ask

if TYPE_CHECKING:
    from .conftest import Listener


def count(engine: LiveEngine) -> int:
    """Return how many triples all graphs hold."""
    body = make_ask(engine)(COUNT).body.decode()
    return int(body.partition('"value":"')[2].partition('"')[0])


def test_graphs_are_put_merged_and_deleted(live: LiveEngine) -> None:
    """The Graph Store operations, and whether each created its graph."""
    turtle = b"<> <http://e/p> _:b . _:b <http://e/q> 'x' ."

    assert live.put_graph("http://e/g", Upload(turtle, "text/turtle", base_iri="http://e/g"))
    assert not live.put_graph("http://e/g", Upload(turtle, "text/turtle", base_iri="http://e/g"))
    assert not live.post_graph(
        "http://e/g", Upload(b"<http://e/g> <http://e/r> 1 .", "text/turtle")
    )
    assert live.post_graph("http://e/h", Upload(b"", "text/turtle"))
    assert not live.post_graph(None, Upload(b"<http://e/a> <http://e/p> 1 .", "text/turtle"))
    assert live.get_graph("http://e/g", "application/n-triples").rows == 3
    assert live.get_graph("http://e/h", "text/turtle").body == b""
    assert live.get_graph(None, "text/turtle").rows == 1
    live.delete_graph("http://e/g")
    live.delete_graph(None)
    assert not live.has_graph("http://e/g")
    assert live.has_graph("http://e/h")
    assert count(live) == 0
    with pytest.raises(NotFoundError):
        live.delete_graph("http://e/g")


def test_blank_nodes_of_two_uploads_stay_apart(live: LiveEngine) -> None:
    """The same label in two documents is two nodes."""
    for _ in range(2):
        live.post_graph("http://e/g", Upload(b"_:b <http://e/p> 1 .", "text/turtle"))

    assert count(live) == 2


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE rdf:RDF [%s]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
<rdf:Description rdf:about="http://e/a"><e:p>%s</e:p></rdf:Description></rdf:RDF>"""
LAUGHS = b'<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
)


@pytest.mark.parametrize(
    ("body", "media_type", "error"),
    [
        (b"nonsense", "text/turtle", QuerySyntaxError),
        (b"\xff\xfe", "text/turtle", QuerySyntaxError),
        (b"<http://e/a> <http://e/p> 1 .", "application/ld+json", QuerySyntaxError),
        (b'{"@context": "http://127.0.0.1:1/c", "a": 1}', "application/ld+json", ParleyError),
        (ENTITIES % (LAUGHS, b"&m;"), "application/rdf+xml", QueryRefusedError),
        (
            ENTITIES % (b'<!ENTITY a "' + b"x" * 99_999 + b'">', b"&a;" * 99),
            "application/rdf+xml",
            QueryRefusedError,
        ),
        (
            ENTITIES % (b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&x;"),
            "application/rdf+xml",
            QueryRefusedError,
        ),
        (ENTITIES % (b'<!ENTITY % p "x">', b""), "application/rdf+xml", QueryRefusedError),
        (b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 50_000, "text/turtle", ParleyError),
        (b'{"a:b":' * 70_000, "application/ld+json", ParleyError),
    ],
    ids=[
        *("syntax", "bytes", "format", "context", "laughs", "quadratic", "external", "parameter"),
        *("terms", "nesting"),
    ],
)
def test_hostile_uploads_do_no_harm(
    live: LiveEngine, body: bytes, media_type: str, error: type[ParleyError]
) -> None:
    """A bad document is an error, the writer never sees it, and the next write works."""
    live.update(Update(ADD))
    writer = live._writer
    with pytest.raises(error):
        live.put_graph("http://e/g", Upload(body, media_type))

    assert live._writer is writer
    live.update(Update("INSERT DATA { <http://e/b> <http://e/p> 1 }"))
    assert (count(live), live.has_graph("http://e/g")) == (2, False)


XML = "application/rdf+xml"
RDF = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n%s</rdf:RDF>"


@pytest.mark.parametrize(
    ("body", "media_type", "place", "said"),
    [
        (b"<http://e/a>\n  nonsense .", "text/turtle", (2, 3), "nonsense is not a valid predicate"),
        (b"<a:b> <a:c> 'x\ny' .", "text/turtle", (1, 15), "Line jumps are not allowed"),
        (b"<a:b> <a:c> 1 .", "application/n-triples", (1, 13), "must be an IRI"),
        (b'{"a":\n oops}', "application/ld+json", (2, 2), "Unexpected char: 'o'"),
        (b'{\n"@id": 5}', "application/ld+json", (2, 2), "@id value must be a string"),
        (b'{"@context": "http://e/"}', "application/ld+json", (1, 3), "nothing is fetched"),
        (RDF % b"<a></b>", XML, (2, 6), "not well-formed XML: mismatched tag"),
        (RDF % b"<rdf:Description rdf:ID='1 2'/>", XML, (2, 26), "1 2 is not a valid rdf:ID"),
        (b"no XML", XML, (1, 1), "not well-formed XML: syntax error"),
        (b"<x:a/>\n<!-- x: -->", XML, None, "Unknown prefix x:"),
    ],
)
def test_a_document_that_does_not_parse_has_a_place(
    live: LiveEngine, body: bytes, media_type: str, place: tuple[int, int] | None, said: str
) -> None:
    """Line and column of the document, in the error's place; nothing is guessed."""
    with pytest.raises(QuerySyntaxError) as caught:
        live.post_graph(None, Upload(body, media_type))

    found = caught.value.place
    assert (found and (found.source, found.line, found.column)) == (place and ("document", *place))
    assert said in caught.value.message
    assert "LoadDocumentCallback" not in caught.value.message


def test_short_entities_are_read(live: LiveEngine) -> None:
    """Ontology editors write namespaces as entities."""
    body = ENTITIES % (b'<!ENTITY ns "http://e/">', b"&ns;x")
    live.put_graph("http://e/g", Upload(body, "application/rdf+xml"))

    assert b'"http://e/x"' in live.get_graph("http://e/g", "text/turtle").body


def test_no_update_makes_the_server_call(live: LiveEngine, listener: Listener) -> None:
    """LOAD and SERVICE in an update reach nobody."""
    for text in (
        f"LOAD <{listener.address}>",
        f"LOAD SILENT <{listener.address}> INTO GRAPH <a:g>",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{listener.address}> {{ ?s ?p ?o }} }}",
    ):
        with pytest.raises(QueryRefusedError):
            live.update(Update(text))
    assert listener.hits == 0


def test_an_allowed_address_is_loaded_from(settings: Settings, listener: Listener) -> None:
    """The operator may allow an address for LOAD."""
    allowed = Settings(service_allow=(listener.address,), update_timeout_s=2.0)
    with LiveEngine.temporary(allowed) as live, pytest.raises(ParleyError):
        live.update(Update(f"LOAD <{listener.address}>"))
    assert listener.hits == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "DELETE { ?s ?p ?o }  USING <a:g> USING NAMED <a:h> WHERE { ?s ?p ?o }",
        ),
        (
            "INSERT{?s ?p ?o}WHERE{?s ?p ?o};DELETE WHERE{?s ?p 'WHERE'} ; CLEAR ALL",
            "INSERT{?s ?p ?o} USING <a:g> USING NAMED <a:h> WHERE{?s ?p ?o};"
            "DELETE {?s ?p 'WHERE'} USING <a:g> USING NAMED <a:h> WHERE{?s ?p 'WHERE'} ; CLEAR ALL",
        ),
        ("deletewhere{?s ?p 1}", "delete{?s ?p 1} USING <a:g> USING NAMED <a:h> WHERE{?s ?p 1}"),
        ("INSERT DATA { <a:where> <a:b> 1 }", "INSERT DATA { <a:where> <a:b> 1 }"),
        (
            "DELETE {} INSERT {} WHERE { { SELECT * WHERE {} } }",
            "DELETE {} INSERT {}  USING <a:g> USING NAMED <a:h> WHERE { { SELECT * WHERE {} } }",
        ),
    ],
    ids=["modify", "sequence", "glued", "data", "nested"],
)
def test_using_parameters_become_clauses(text: str, expected: str) -> None:
    """Before each WHERE of an operation, and nowhere else."""
    assert insert_using(Update(text, None, ("a:g",), ("a:h",))) == expected


def test_using_parameters_choose_the_dataset(live: LiveEngine) -> None:
    """WHERE reads the graphs that the request names."""
    live.update(
        Update("INSERT DATA { GRAPH <a:g> { <a:a> <a:b> 1 } GRAPH <a:h> { <a:a> <a:b> 2 } }")
    )
    live.update(Update("INSERT { ?s ?p 3 } WHERE { ?s ?p 1 }", None, ("a:h",)))
    assert count(live) == 2
    live.update(Update("INSERT { ?s ?p 3 } WHERE { ?s ?p 1 }", None, ("a:g",)))
    assert count(live) == 3


@pytest.mark.parametrize(
    "text",
    [
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <a:g> WHERE { ?s ?p ?o }",
    ],
)
def test_two_ways_to_name_the_dataset_conflict(live: LiveEngine, text: str) -> None:
    """The protocol forbids using parameters beside USING and WITH."""
    with pytest.raises(RequestError, match="says USING or WITH"):
        live.update(Update(text, None, ("a:g",)))


def test_a_using_parameter_is_an_iri(live: LiveEngine) -> None:
    """Nothing but an IRI can enter the text."""
    for iri in ("a:g> WHERE {} ; DROP ALL #", "relative", "a:b c"):
        with pytest.raises(ParleyError, match="is not an absolute IRI"):
            live.update(Update("DELETE {} WHERE {}", None, (iri,)))


def test_a_state_that_cannot_be_read_or_written_loses_nothing(live: LiveEngine) -> None:
    """While the states are out of reach every write fails as our fault; then all is as before."""
    live.update(Update(ADD))
    shutil.move(live._root / "states", live._root / "elsewhere")
    statuses = []
    for _ in range(3):
        with pytest.raises(ParleyError) as caught:
            live.update(Update("INSERT DATA { <http://e/b> <http://e/p> 1 }"))
        statuses.append(caught.value.status)
    shutil.move(live._root / "elsewhere", live._root / "states")

    assert statuses == [500, 500, 500]
    assert count(live) == 1
    live.update(Update("INSERT DATA { <http://e/c> <http://e/p> 1 }"))
    assert count(live) == 2

"""The ontology's page, the validation page and the names for the editor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from parley.build import generations
from parley.namespaces import PL

from .conftest import page

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from flask import Flask
    from flask.testing import FlaskClient

    from .html import Element


def test_every_term_of_the_ontology_has_its_anchor_and_definition(
    show: Callable[..., Element], client: FlaskClient
) -> None:
    """What the RDF at the same address declares is what the page explains."""
    graph = Graph().parse(data=client.get("/ns.ttl").get_data(as_text=True), format="turtle")
    declared = {str(s).partition("#")[2] for s in graph.subjects() if str(s).startswith(str(PL))}
    articles = show("/ns").all("article", "term")

    assert {article.attributes["id"] for article in articles} == declared
    assert all(article.all("p", "definition") for article in articles)


def test_the_ontology_page_leads_only_to_terms_it_has(show: Callable[..., Element]) -> None:
    """Every anchor within the page is there."""
    shown = show("/ns")
    ids = {e.attributes["id"] for e in shown.all() if "id" in e.attributes}
    links = {a.attributes["href"][1:] for a in shown.all("a") if a.attributes["href"][0] == "#"}

    assert links - ids == set()


def test_the_ontology_page_says_how_often_a_term_is_used(show: Callable[..., Element]) -> None:
    """As many claims as there are have a class."""
    claim = show("/ns").one("article", id="Claim")

    assert "219 times in the data" in claim.text


def test_the_validation_page_says_in_words_that_all_is_well(show: Callable[..., Element]) -> None:
    """And what was built, and which sentences carry claims."""
    main = show("/validation").one("main").text

    assert "The data conform to every shape." in main
    assert "54 of 63 sentences carry claims" in main


def test_a_finding_is_put_into_words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong, with which thing and property; the gravest first, chosen by severity."""
    store = app.extensions["parley"].store
    current = generations.current(store)
    assert current
    monkeypatch.setattr("parley.web.validation._generation", lambda: _with_findings(current, store))
    app.extensions["parley"].pages.clear()
    client = app.test_client()
    whole = page(client, "/validation").one("main")
    warned = page(client, "/validation?severity=Warning").one("main")
    app.extensions["parley"].pages.clear()
    (store / "report-of-test.ttl").unlink()

    assert whole.one("span", "bad").text == "The data do not conform"
    assert [f.all("strong")[0].text for f in whole.all("article")] == ["Violation", "Warning"]
    assert "Violation: Russia" in whole.all("article")[0].text
    assert [f.text for f in warned.all("article")] == ["Warning: Taliban Say when."]


def _with_findings(current: object, store: object) -> object:
    """Return a generation whose report has a violation and a warning."""
    graph = Graph()
    for severity, focus, message in (
        (SH.Warning, "taliban", "Say when."),
        (SH.Violation, "russia", "A claim has one polarity."),
    ):
        node = BNode()
        graph.add((node, RDF.type, SH.ValidationResult))
        graph.add((node, SH.resultSeverity, severity))
        graph.add((node, SH.focusNode, URIRef(f"https://w3id.org/parley/id/actor/{focus}")))
        graph.add((node, SH.resultMessage, Literal(message)))
    path = store / "report-of-test.ttl"  # type: ignore[operator]
    graph.serialize(path, format="turtle")
    return _Reported(current, path)


class _Reported:
    """A generation with another report."""

    def __init__(self, generation: object, report: object) -> None:
        self.generation = generation
        self.report = report

    def __getattr__(self, name: str) -> object:
        return getattr(self.generation, name)


def test_the_report_is_there_as_data(client: FlaskClient) -> None:
    """In SHACL's own terms."""
    answer = client.get("/validation.ttl")

    assert answer.mimetype == "text/turtle"
    assert "conforms" in answer.get_data(as_text=True)


def test_the_editor_knows_terms_by_name_label_and_definition(client: FlaskClient) -> None:
    """Classes and properties, things with a label, and the prefixes they need."""
    vocabulary = json.loads(client.get("/vocab.json").data)
    terms = {term["curie"]: term for term in vocabulary["terms"]}

    assert terms["pl:MediatedContact"]["label"] == "mediated contact"
    assert terms["pl:MediatedContact"]["definition"]
    assert terms["actor:tajikistan"]["label"] == "Tajikistan"
    assert set(vocabulary["prefixes"]) == {curie.partition(":")[0] for curie in terms}

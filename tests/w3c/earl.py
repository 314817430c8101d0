"""Outcomes of the suites: counts, and the report in EARL (https://www.w3.org/TR/EARL10-Schema/)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

if TYPE_CHECKING:
    from pathlib import Path

    from .suite import Case

EARL = Namespace("http://www.w3.org/ns/earl#")
SUBJECT = URIRef("https://w3id.org/parley")
#: Kinds of tests to the suite they are counted in.
SUITES = {
    "QueryEvaluationTest": "query evaluation",
    "CSVResultFormatTest": "query evaluation",
    "UpdateEvaluationTest": "update evaluation",
    "ProtocolTest": "protocol",
    "GraphStoreProtocolTest": "graph store",
    "ServiceDescriptionTest": "service description",
}


def suite_of(case: Case) -> str:
    """Return the suite that a test is counted in."""
    return SUITES.get(case.kind, "syntax")


class Report:
    """The outcome of each test that ran."""

    def __init__(self) -> None:
        self._outcomes: dict[str, tuple[Case, bool]] = {}

    def add(self, case: Case, *, passed: bool) -> None:
        """Note an outcome."""
        self._outcomes[case.iri] = (case, passed)

    def passes(self) -> Counter[str]:
        """Return how many tests of each suite passed."""
        return Counter(suite_of(case) for case, passed in self._outcomes.values() if passed)

    def runs(self) -> Counter[str]:
        """Return how many tests of each suite ran."""
        return Counter(suite_of(case) for case, _ in self._outcomes.values())

    def summary(self) -> list[str]:
        """Return one line for each suite."""
        passes = self.passes()
        return [f"W3C {suite}: {passes[suite]}/{n}" for suite, n in sorted(self.runs().items())]

    def write(self, path: Path) -> None:
        """Write the outcomes in EARL, as Turtle."""
        graph = Graph()
        graph.bind("earl", EARL)
        now = Literal(datetime.now(UTC).isoformat(timespec="seconds"), datatype=XSD.dateTime)
        for case, passed in self._outcomes.values():
            assertion, result = BNode(), BNode()
            graph.add((assertion, RDF.type, EARL.Assertion))
            graph.add((assertion, EARL.subject, SUBJECT))
            graph.add((assertion, EARL.test, URIRef(case.iri)))
            graph.add((assertion, EARL.mode, EARL.automatic))
            graph.add((assertion, EARL.result, result))
            graph.add((result, RDF.type, EARL.TestResult))
            graph.add((result, EARL.outcome, EARL.passed if passed else EARL.failed))
            graph.add((result, DCTERMS.date, now))
        graph.serialize(path, format="turtle", encoding="utf-8")

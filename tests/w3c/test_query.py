"""W3C: query evaluation of SPARQL 1.0, 1.1 and 1.2, in the format each result is written in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .results import (
    FORMATS,
    Result,
    differences,
    read_csv,
    read_expected,
    read_graph,
    read_solutions,
)
from .suite import Case, of_kind, path_of, text_of

if TYPE_CHECKING:
    from .client import Answer, Endpoint

_DATASET = re.compile(r"\bFROM\s+(NAMED\s+)?<([^>]*)>", re.IGNORECASE)
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "case", of_kind("QueryEvaluationTest", "CSVResultFormatTest"), ids=lambda case: case.label
)
def test_query_evaluation(case: Case, endpoint: Endpoint) -> None:
    """The answer is the expected one: same variables, same terms to the letter, any blank nodes."""
    text = text_of(case.request)
    load(endpoint, case, text)

    answer = endpoint.query(f"BASE <{case.request}>\n{text}", accept_for(case))

    assert answer.status == 200, answer.body.decode("utf-8")
    expected, found = read_expected(case.result), read_answer(answer, case)
    ordered = _ORDERED.search(text) is not None and "/sort/" in case.request
    difference = differences(expected, found, ordered=ordered, lax=case.is_lax)
    assert not difference, difference


def load(endpoint: Endpoint, case: Case, text: str) -> None:
    """Load what a query reads: the case's data, or the graphs that FROM names."""
    files: list[tuple[str | None, str]] = [(None, iri) for iri in case.data]
    files += case.graphs
    if not files:
        base = case.request.rpartition("/")[0]
        named = sorted({f"{base}/{match[2]}" for match in _DATASET.finditer(text)})
        files += [(iri, iri) for iri in named]
    endpoint.hold(*files)


def accept_for(case: Case) -> str:
    """Return the format to ask for: the one the expected result is written in."""
    suffix = path_of(case.result).suffix
    if suffix in FORMATS:
        return FORMATS[suffix][0]
    if suffix == ".csv":
        return "text/csv"
    return "application/sparql-results+json, application/n-triples"


def read_answer(answer: Answer, case: Case) -> Result:
    """Read an answer by its Content-Type, which must be one that was asked for."""
    for media_type, result_format in FORMATS.values():
        if answer.media_type == media_type:
            return read_solutions(answer.body, result_format)
    if answer.media_type == "text/csv":
        return read_csv(answer.body)
    assert answer.media_type == "application/n-triples", answer.headers
    return read_graph(answer.body, ".nt", case.request)

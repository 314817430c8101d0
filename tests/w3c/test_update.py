"""W3C: update evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from .results import RDF_FORMATS, differences
from .suite import Case, of_kind, path_of, text_of

if TYPE_CHECKING:
    from .client import Endpoint


@pytest.mark.parametrize("case", of_kind("UpdateEvaluationTest"), ids=lambda case: case.label)
def test_update_evaluation(case: Case, endpoint: Endpoint) -> None:
    """The store holds what it should after the update."""
    endpoint.clear()
    for iri in case.data:
        endpoint.load(iri)
    for name, iri in case.graphs:
        endpoint.load(iri, name)

    answer = endpoint.apply(f"BASE <{case.request}>\n{text_of(case.request)}")

    assert answer.status in {200, 204}, answer.body.decode("utf-8")
    assert differences(expected(case), endpoint.dataset(), ordered=False, lax=False) == ""


def expected(case: Case) -> ox.Dataset:
    """Return the dataset that a test expects."""
    quads = [quad for iri in case.result_data for quad in read(iri)]
    for name, iri in case.result_graphs:
        graph = ox.NamedNode(name)
        quads += [ox.Quad(q.subject, q.predicate, q.object, graph) for q in read(iri)]
    return ox.Dataset(quads)


def read(iri: str) -> list[ox.Quad]:
    """Read a file of the suites."""
    path = path_of(iri)
    return list(ox.parse(input=path.read_bytes(), format=RDF_FORMATS[path.suffix], base_iri=iri))

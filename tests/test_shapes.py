"""The shapes of ontology/shapes: each passes what it should and finds what it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import SH, SKOS

from parley.namespaces import PLSH

if TYPE_CHECKING:
    from rdflib.term import Node

ROOT: Final = Path(__file__).parents[1]
SHAPES: Final = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
CASES: Final = ROOT / "tests" / "cases" / "shapes"
#: What makes a shape itself, beside its property shapes, find something.
OWN_CONSTRAINTS: Final = (SH.sparql, SH["or"], SH["not"], SH["class"])


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """Every shape of the project in one graph."""
    graph = Graph()
    for path in SHAPES:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    """The class hierarchy of the ontology and the types of its terms: what SHACL needs."""
    ontology = Graph().parse(ROOT / "ontology" / "parley.ttl")
    small = Graph()
    for cls, parent in ontology.subject_objects(RDFS.subClassOf):
        if isinstance(cls, URIRef) and isinstance(parent, URIRef):
            small.add((cls, RDFS.subClassOf, parent))
    for term, cls in ontology.subject_objects(RDF.type):
        if isinstance(term, URIRef):
            small.add((term, RDF.type, cls))
    return small


def shape_iri(case: str) -> URIRef:
    """Return the shape a folder of cases is named after: claim-shape is plsh:ClaimShape."""
    return PLSH["".join(part.capitalize() for part in case.split("-"))]


def cut_out(shapes: Graph, shape: URIRef) -> Graph:
    """Return what one shape says, with its property shapes and the prefixes of its queries."""
    part = Graph().parse(ROOT / "ontology" / "shapes" / "prefixes.ttl")
    waiting: list[Node] = [shape]
    while waiting:
        node = waiting.pop()
        for triple in shapes.triples((node, None, None)):
            if triple not in part:
                part.add(triple)
                waiting.append(triple[2])
    return part


def findings(shapes: Graph, vocabulary: Graph, case: str, file: str) -> set[Node]:
    """Validate one file of a case and return the shapes that found something in it."""
    data = Graph().parse(CASES / case / file) + vocabulary
    part = cut_out(shapes, shape_iri(case))
    _, report, _ = pyshacl.validate(data, shacl_graph=part, inplace=True)
    assert isinstance(report, Graph)
    return set(report.objects(None, SH.sourceShape))


def promised(shapes: Graph, shape: URIRef) -> set[Node]:
    """Return the shapes that a failing case must set off: all property shapes, and the shape."""
    found = set(shapes.objects(shape, SH.property))
    if any((shape, constraint, None) in shapes for constraint in OWN_CONSTRAINTS):
        found.add(shape)
    return found


CASE_NAMES: Final = sorted(path.name for path in CASES.iterdir())


@pytest.mark.parametrize("case", CASE_NAMES)
def test_a_shape_accepts_its_passing_case(shapes: Graph, vocabulary: Graph, case: str) -> None:
    """What is right is not complained about."""
    assert findings(shapes, vocabulary, case, "pass.ttl") == set()


@pytest.mark.parametrize("case", CASE_NAMES)
def test_a_shape_finds_every_fault_of_its_failing_case(
    shapes: Graph, vocabulary: Graph, case: str
) -> None:
    """Each of a shape's rules is broken once, and each says so."""
    assert findings(shapes, vocabulary, case, "fail.ttl") == promised(shapes, shape_iri(case))


def test_every_shape_has_its_cases(shapes: Graph) -> None:
    """No shape without a passing and a failing example."""
    named = set(shapes.subjects(RDF.type, SH.NodeShape))

    assert {shape_iri(case) for case in CASE_NAMES} == named


def test_every_property_shape_belongs_to_a_shape(shapes: Graph) -> None:
    """A property shape that no shape refers to would bind nothing."""
    declared = set(shapes.subjects(RDF.type, SH.PropertyShape))

    assert declared == set(shapes.objects(None, SH.property))


@pytest.mark.parametrize("kind", [SH.NodeShape, SH.PropertyShape], ids=["node", "property"])
def test_every_shape_says_what_it_is(shapes: Graph, kind: URIRef) -> None:
    """A label and a definition for readers of the documentation."""
    for shape in shapes.subjects(RDF.type, kind):
        assert (shape, RDFS.label, None) in shapes, shape
        assert (shape, SKOS.definition, None) in shapes, shape


def test_every_constraint_tells_the_curator_what_to_do(shapes: Graph) -> None:
    """A message is a sentence, and every result has a severity."""
    constrained = set(shapes.subjects(RDF.type, SH.PropertyShape))
    for constraint in OWN_CONSTRAINTS:
        found = shapes.subjects(constraint, None)
        constrained |= {shape for shape in found if (shape, RDF.type, SH.NodeShape) in shapes}
    for shape in constrained:
        query = shapes.value(shape, SH.sparql)
        message = str(shapes.value(query or shape, SH.message))
        assert re.fullmatch(r"\S.{20,}[.!]", message), (shape, message)
        assert shapes.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, shape


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_a_shapes_file_introduces_itself(path: Path) -> None:
    """A header with title and description, as every Turtle file of the project."""
    graph = Graph().parse(path)
    header = graph.value(predicate=RDF.type, object=OWL.Ontology)

    assert header is not None

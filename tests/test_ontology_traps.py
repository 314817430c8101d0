"""What HermiT, Protégé and OWL 2 DL forbid: found where it is set, and not in our files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import SKOS

from parley.corpus.ontology import load_closure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib.term import Node

ROOT: Final = Path(__file__).parents[1]
PREFIXES: Final = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: https://www.w3.org/TR/owl2-syntax/#Datatype_Maps, as far as Parley needs it.
DATATYPES: Final = {
    *(XSD[n] for n in ("anyURI", "boolean", "dateTime", "decimal", "integer", "string")),
    *(XSD.nonNegativeInteger, XSD.positiveInteger, RDFS.Literal),
}
PROPERTY_KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
KINDS: Final = (*PROPERTY_KINDS, OWL.Class, RDFS.Datatype, OWL.Ontology)
#: What OWL 2 allows on simple properties only.
SIMPLE_ONLY: Final = (
    *(OWL.FunctionalProperty, OWL.InverseFunctionalProperty),
    *(OWL.IrreflexiveProperty, OWL.AsymmetricProperty),
)
CARDINALITIES: Final = (
    *(OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.hasSelf),
    *(OWL.qualifiedCardinality, OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality),
)
#: Terms of RDF and OWL that may be used as they are.
RESERVED: Final = tuple(str(ns) for ns in (OWL, RDF, RDFS, XSD))


def keys(graph: Graph) -> Iterator[Node]:
    """Find owl:hasKey, which makes HermiT run for minutes."""
    yield from graph.subjects(OWL.hasKey)


def same_individuals(graph: Graph) -> Iterator[Node]:
    """Find owl:sameAs, which makes one thing of a land and its government."""
    yield from graph.subjects(OWL.sameAs)


def foreign_datatypes(graph: Graph) -> Iterator[Node]:
    """Find ranges and values outside the datatypes of OWL 2, such as xsd:date."""
    for prop in graph.subjects(RDF.type, OWL.DatatypeProperty):
        yield from (r for r in graph.objects(prop, RDFS.range) if r not in DATATYPES)
        values = (o for _, o in graph.subject_objects(prop) if isinstance(o, Literal))
        yield from (o for o in values if (o.datatype or XSD.string) not in DATATYPES)


def tagged_strings(graph: Graph) -> Iterator[Node]:
    """Find language tags on values of data properties, whose range is xsd:string."""
    for prop in graph.subjects(RDF.type, OWL.DatatypeProperty):
        yield from (o for o in graph.objects(None, prop) if isinstance(o, Literal) and o.language)


def non_simple(graph: Graph) -> set[Node]:
    """Return the transitive and the chained properties, their inverses and all above these."""
    found: set[Node] = set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    waiting = [*found, *graph.subjects(OWL.propertyChainAxiom)]
    while waiting:
        prop = waiting.pop()
        found.add(prop)
        above = {*graph.objects(prop, RDFS.subPropertyOf), *graph.objects(prop, OWL.inverseOf)}
        waiting += (above | set(graph.subjects(OWL.inverseOf, prop))) - found
    return found


def non_simple_in_restrictions(graph: Graph) -> Iterator[Node]:
    """Find non-simple properties where OWL 2 wants simple ones, which stops HermiT."""
    complex_ones = non_simple(graph)
    for kind in SIMPLE_ONLY:
        yield from set(graph.subjects(RDF.type, kind)) & complex_ones
    for restriction, prop in graph.subject_objects(OWL.onProperty):
        if prop in complex_ones and any((restriction, c, None) in graph for c in CARDINALITIES):
            yield prop
    yield from set(graph.subjects(OWL.propertyDisjointWith)) & complex_ones


def puns(graph: Graph) -> Iterator[Node]:
    """Find terms that are two kinds of thing at once, individuals included."""
    kinds = Counter(s for kind in KINDS for s in set(graph.subjects(RDF.type, kind)))
    yield from (term for term, count in kinds.items() if count > 1)
    classes = {c for c in graph.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef)}
    individuals = {s for c in classes for s in graph.subjects(RDF.type, c)}
    yield from individuals & set(kinds)


def undeclared(graph: Graph) -> Iterator[Node]:
    """Find properties and classes that are used without a declaration."""
    declared = {s for kind in KINDS for s in graph.subjects(RDF.type, kind)}
    used: set[Node] = {*graph.predicates(), *graph.objects(None, RDF.type)}
    for prop in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, OWL.onProperty, OWL.inverseOf):
        used |= set(graph.objects(None, prop))
    for prop in (OWL.members, OWL.unionOf, OWL.intersectionOf, OWL.propertyChainAxiom):
        used |= {i for head in graph.objects(None, prop) for i in graph.items(head)}
    names = (t for t in used if isinstance(t, URIRef) and not str(t).startswith(RESERVED))
    yield from (t for t in names if t not in declared)


def reserved_subjects(graph: Graph) -> Iterator[Node]:
    """Find statements about the terms of RDF, RDFS, OWL or XSD themselves."""
    yield from (s for s in graph.subjects() if str(s).startswith(RESERVED))


def chains_back(graph: Graph) -> Iterator[Node]:
    """Find chains that end in, or go through, the property they define or one defined by it.

    Left recursion (P o Q implies P) is regular; anything else aborts HermiT.
    """
    steps: dict[Node, set[Node]] = {}
    for prop, head in graph.subject_objects(OWL.propertyChainAxiom):
        members = list(graph.items(head))
        steps.setdefault(prop, set()).update(members[1:], set(members[:1]) - {prop})
    for prop, below in graph.subject_objects(RDFS.subPropertyOf):
        steps.setdefault(below, set()).add(prop)
    for prop in graph.subjects(OWL.propertyChainAxiom):
        reached: set[Node] = set()
        waiting = list(steps.get(prop, ()))
        while waiting:
            step = waiting.pop()
            waiting += steps.get(step, set()) - reached
            reached.add(step)
        if prop in reached:
            yield prop


def self_inverses(graph: Graph) -> Iterator[Node]:
    """Find properties that are symmetric and yet have an inverse, or are their own inverse."""
    inverted = {*graph.subjects(OWL.inverseOf), *graph.objects(None, OWL.inverseOf)}
    yield from inverted & set(graph.subjects(RDF.type, OWL.SymmetricProperty))


def python_modules(graph: Graph) -> Iterator[Node]:
    """Find annotations by which owlready2 would import code."""
    yield from (p for p in graph.predicates() if str(p).endswith("#python_module"))


def axioms_on_nothing(graph: Graph) -> Iterator[Node]:
    """Find blank nodes that carry annotations, which Protégé shows nowhere."""
    remarks = (RDFS.label, RDFS.comment, SKOS.definition)
    yield from (s for p in remarks for s in graph.subjects(p) if isinstance(s, BNode))


TRAPS: Final[dict[Callable[[Graph], Iterator[Node]], str]] = {
    keys: "ex:C a owl:Class ; owl:hasKey ( ex:p ) .",
    same_individuals: "ex:a owl:sameAs ex:b .",
    foreign_datatypes: "ex:p a owl:DatatypeProperty ; rdfs:range xsd:date .",
    tagged_strings: 'ex:p a owl:DatatypeProperty . ex:a ex:p "text"@en .',
    non_simple_in_restrictions: """
        ex:p a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:subPropertyOf ex:q .
        ex:q a owl:ObjectProperty .
        ex:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:q ; owl:maxCardinality 1 ] .
    """,
    puns: "ex:C a owl:Class , ex:D . ex:D a owl:Class .",
    undeclared: "ex:a ex:p ex:b .",
    reserved_subjects: "rdfs:label rdfs:comment 'mine' .",
    chains_back: """
        ex:factionOf owl:propertyChainAxiom ( ex:concerns ex:factionOf ) .
        ex:concerns owl:propertyChainAxiom ( ex:about ex:factionOf ) .
    """,
    self_inverses: "ex:p a owl:SymmetricProperty ; owl:inverseOf ex:q .",
    python_modules: """
        @prefix lib: <http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#> .
        ex:o a owl:Ontology ; lib:python_module "os" .
    """,
    axioms_on_nothing: "[] a owl:AllDisjointClasses ; rdfs:label 'nowhere' .",
}
each_trap = pytest.mark.parametrize("trap", list(TRAPS), ids=lambda trap: trap.__name__)


@pytest.fixture(scope="module")
def union() -> Graph:
    """Core, schemes and alignments in one graph."""
    whole = Graph()
    for graph in load_closure(ROOT / "ontology" / "parley-all.ttl", ROOT).values():
        whole += graph
    return whole


@each_trap
def test_no_file_of_the_ontology_holds_the_trap(
    trap: Callable[[Graph], Iterator[Node]], union: Graph
) -> None:
    """The shipped union is free of it."""
    assert list(trap(union)) == []


@each_trap
def test_the_trap_is_found_where_it_is_set(trap: Callable[[Graph], Iterator[Node]]) -> None:
    """A graph with nothing but the trap is caught."""
    broken = Graph().parse(data=PREFIXES + TRAPS[trap], format="turtle")

    assert list(trap(broken)) != []

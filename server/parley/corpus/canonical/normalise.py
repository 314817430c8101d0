"""Bring an OWL graph to the form that does not tell which tool saved it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

#: Properties whose two sides may be exchanged without changing the axiom.
SYMMETRIC: Final = (
    OWL.differentFrom, OWL.disjointWith, OWL.equivalentClass, OWL.equivalentProperty,
    OWL.inverseOf, OWL.propertyDisjointWith, OWL.sameAs,
)  # fmt: skip
_BUILT_IN: Final = tuple(str(namespace) for namespace in (XSD, RDF, RDFS))


def normalise(graph: Graph) -> None:
    """Change the graph in place: literals, symmetric axioms, built-in datatypes.

    The order inside OWL's unordered lists is left to the writer, which has to order blank
    nodes anyway.
    """
    _normalise_literals(graph)
    _drop_built_in_datatypes(graph)
    _drop_list_types(graph)
    _drop_needless_individuals(graph)
    _orient_symmetric_axioms(graph)


def _normalise_literals(graph: Graph) -> None:
    """Write language tags in lower case, as they are compared, and strings without a datatype.

    See https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal; the text is untouched.
    """
    for s, p, o in list(graph):
        if not isinstance(o, Literal):
            continue
        language = o.language and o.language.lower()
        if language != o.language or o.datatype == XSD.string:
            graph.remove((s, p, o))
            graph.add((s, p, Literal(str(o), lang=language)))


def _drop_built_in_datatypes(graph: Graph) -> None:
    for s in list(graph.subjects(RDF.type, RDFS.Datatype)):
        if str(s).startswith(_BUILT_IN):
            graph.remove((s, RDF.type, RDFS.Datatype))


def _drop_needless_individuals(graph: Graph) -> None:
    """Drop ``owl:NamedIndividual`` where another type, or being an object, says as much.

    The OWL API declares every individual that a file mentions, in each file.
    """
    for s in list(graph.subjects(RDF.type, OWL.NamedIndividual)):
        said = set(graph.predicate_objects(s)) - {(RDF.type, OWL.NamedIndividual)}
        typed = any(p == RDF.type for p, _ in said)
        if typed or (not said and (None, None, s) in graph):
            graph.remove((s, RDF.type, OWL.NamedIndividual))


def _drop_list_types(graph: Graph) -> None:
    for s in list(graph.subjects(RDF.type, RDF.List)):
        if isinstance(s, BNode) and (s, RDF.first, None) in graph:
            graph.remove((s, RDF.type, RDF.List))


def _orient_symmetric_axioms(graph: Graph) -> None:
    for p in SYMMETRIC:
        for s, o in list(graph.subject_objects(p)):
            if _may_turn(s, p, o) and _side(o) < _side(s):
                graph.remove((s, p, o))
                graph.add((o, p, s))
        for annotation in list(graph.subjects(OWL.annotatedProperty, p)):
            _orient_annotation(graph, annotation, p)


def _may_turn(s: Node, p: Node, o: Node) -> bool:
    """Say whether sides may change places: ``[ owl:inverseOf p ]`` is no axiom but a term."""
    return isinstance(o, URIRef) and (isinstance(s, URIRef) or p != OWL.inverseOf)


def _orient_annotation(graph: Graph, annotation: Node, p: Node) -> None:
    source = graph.value(annotation, OWL.annotatedSource)
    target = graph.value(annotation, OWL.annotatedTarget)
    if source is None or target is None or not _may_turn(source, p, target):
        return
    if _side(target) < _side(source):
        graph.set((annotation, OWL.annotatedSource, target))
        graph.set((annotation, OWL.annotatedTarget, source))


def _side(term: Node) -> tuple[bool, str]:
    return isinstance(term, BNode), str(term)

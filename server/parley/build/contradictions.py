"""Name the statements that clash in an inconsistent graph, where plain inspection finds them.

HermiT says only that there is no model. Most contradictions people make are of four kinds: an
individual in two disjoint classes, by its type or by the domain and range of a property; two
values of a functional property; a text with a language tag where a plain string is meant; a
value outside the datatype.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD

from parley.corpus import ontology
from parley.corpus.vocabulary import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

    Reasons = dict[Node, dict[Node, str]]


def find(graph: Graph, limit: int = 5) -> list[str]:
    """Return up to some sentences, each on one contradiction; none when none is found."""
    found = [*_disjoint(graph), *_functional(graph), *_values(graph)]
    return sorted(set(found))[:limit]


def _disjoint(graph: Graph) -> Iterator[str]:
    parents = ontology.subclasses(graph)
    pairs = set(_disjoint_pairs(graph))
    for individual, reasons in _memberships(graph).items():
        classes = {up: (cls, why) for cls, why in reasons.items() for up in parents.get(cls, ())}  # type: ignore[call-overload]
        for one, other in combinations(sorted(classes), 2):
            if frozenset((one, other)) in pairs:
                yield (
                    f"{_name(individual)} is {_because(one, *classes[one])} and "
                    f"{_because(other, *classes[other])}, which are disjoint"
                )


def _because(cls: Node, stated: Node, why: str) -> str:
    through = "" if cls == stated else f", a {_name(cls)},"
    return f"a {_name(stated)}{through} {why}"


def _disjoint_pairs(graph: Graph) -> Iterator[frozenset[Node]]:
    for one, other in graph.subject_objects(OWL.disjointWith):
        yield frozenset((one, other))
    for axiom in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for members in graph.objects(axiom, OWL.members):
            yield from map(frozenset, combinations(Collection(graph, members), 2))
    for members in graph.objects(None, OWL.disjointUnionOf):
        yield from map(frozenset, combinations(Collection(graph, members), 2))


def _memberships(graph: Graph) -> Reasons:
    """Return the classes of every individual, each with the statement that says so."""
    found: Reasons = {}
    for s, cls in sorted(graph.subject_objects(RDF.type)):
        if isinstance(cls, URIRef):
            found.setdefault(s, {})[cls] = "by its type"
    for prop, cls in sorted(graph.subject_objects(RDFS.domain)):
        for s, o in sorted(graph.subject_objects(prop)):
            found.setdefault(s, {}).setdefault(cls, f"by {_name(prop)} {_name(o)}")
    for prop, cls in sorted(graph.subject_objects(RDFS.range)):
        for s, o in sorted(graph.subject_objects(prop)):
            if isinstance(o, URIRef):
                found.setdefault(o, {}).setdefault(cls, f"as {_name(prop)} of {_name(s)}")
    return found


def _functional(graph: Graph) -> Iterator[str]:
    distinct = _distinct_individuals(graph)
    for prop in sorted(graph.subjects(RDF.type, OWL.FunctionalProperty), key=str):
        for subject in sorted(set(graph.subjects(prop)), key=str):
            values = sorted(set(graph.objects(subject, prop)), key=str)
            for one, other in combinations(values, 2):
                if isinstance(one, Literal) or frozenset((one, other)) in distinct:
                    yield (
                        f"{_name(subject)} has two values of the functional {_name(prop)}, "
                        f"{_name(one)} and {_name(other)}"
                    )


def _distinct_individuals(graph: Graph) -> set[frozenset[Node]]:
    pairs = {frozenset(pair) for pair in graph.subject_objects(OWL.differentFrom)}
    for axiom in graph.subjects(RDF.type, OWL.AllDifferent):
        for prop in (OWL.distinctMembers, OWL.members):
            for members in graph.objects(axiom, prop):
                pairs |= set(map(frozenset, combinations(Collection(graph, members), 2)))
    return pairs


def _values(graph: Graph) -> Iterator[str]:
    for prop, datatype in sorted(graph.subject_objects(RDFS.range)):
        for subject, value in sorted(graph.subject_objects(prop)):
            if isinstance(value, Literal) and not _fits(value, datatype):
                yield f"{_name(subject)} {_name(prop)} {value.n3()} is no {_name(datatype)}"


def _fits(value: Literal, datatype: Node) -> bool:
    if not str(datatype).startswith(str(XSD)) or datatype == RDFS.Literal:
        return True
    if datatype == XSD.string:
        return value.language is None and value.datatype in {None, XSD.string}
    return value.datatype is not None and value.language is None and value.datatype != XSD.string


def _name(term: Node) -> str:
    return shorten(str(term)) if isinstance(term, URIRef) else term.n3()

"""Leave out of a graph the axioms that cannot change what a reasoner decides.

HermiT spends most of its time on properties and classes about which nothing follows: the direct
properties of the views, which no reasoned triple uses, and the classes and properties of outside
vocabularies, of which only the name is known. Leaving them out changes neither consistency nor
the classification of the rest: each can be read as empty, or as whatever holds of its members.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS

if TYPE_CHECKING:
    from rdflib.term import Node

    Uses = dict[Node, set[Node]]

_PROPERTY_TYPES: Final = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty})
#: What may be said of a property that is never used and still leave it without effect.
_HARMLESS: Final = frozenset({RDF.type, RDFS.domain, RDFS.range, RDFS.subPropertyOf})


def prune(graph: Graph) -> Graph:
    """Return a graph without the classes and properties from which nothing follows."""
    triples = set(graph)
    while idle := _idle(triples):
        triples = {(s, p, o) for s, p, o in triples if s not in idle and o not in idle}
    pruned = Graph(bind_namespaces="none")
    for triple in triples:
        pruned.add(triple)
    return pruned


def _idle(triples: set[tuple[Node, Node, Node]]) -> set[Node]:
    said: Uses = defaultdict(set)
    used: Uses = defaultdict(set)
    types: Uses = defaultdict(set)
    for s, p, o in triples:
        said[s].add(p)
        used[o].add(p)
        if p == RDF.type:
            types[s].add(o)
    predicates = set().union(*said.values()) if said else set()
    return {
        term
        for term, kinds in types.items()
        if isinstance(term, URIRef)
        and (
            _is_idle_class(kinds, said[term], used.get(term, set()))
            or (
                term not in predicates
                and _is_idle_property(kinds, said[term], used.get(term, set()))
            )
        )
    }


def _is_idle_class(kinds: set[Node], said: set[Node], used: set[Node]) -> bool:
    """Say whether a class is only a name above others."""
    return kinds == {OWL.Class} and said == {RDF.type} and used <= {RDFS.subClassOf}


def _is_idle_property(kinds: set[Node], said: set[Node], used: set[Node]) -> bool:
    """Say whether an unused property is below others only, or only a name above others."""
    if not kinds & _PROPERTY_TYPES or OWL.ReflexiveProperty in kinds:
        return False
    below = not used and said <= _HARMLESS
    above = kinds <= _PROPERTY_TYPES and said == {RDF.type} and used <= {RDFS.subPropertyOf}
    return below or above

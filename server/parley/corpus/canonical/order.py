"""The fixed order of sections, subjects, predicates and objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS

from parley.namespaces import PREFIXES, SH

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_GENERAL: Final = "General axioms"
_INDIVIDUALS: Final = "Individuals"
_SHAPES: Final = "Shapes"
#: A named subject stands in the first section one of its types names, else with individuals.
_TYPES: Final[dict[str, tuple[URIRef, ...]]] = {
    "": (OWL.Ontology,),
    "Annotation properties": (OWL.AnnotationProperty,),
    "Datatypes": (RDFS.Datatype,),
    "Object properties": (OWL.ObjectProperty,),
    "Data properties": (OWL.DatatypeProperty,),
    "Classes": (OWL.Class, RDFS.Class),
    _SHAPES: (SH.NodeShape, SH.PropertyShape),
}
#: Section names in the order they are written; the header has no name.
SECTIONS: Final = (*_TYPES, _INDIVIDUALS, _GENERAL)

#: OWL properties whose list has no order.
UNORDERED_LISTS: Final = frozenset(
    {
        OWL.disjointUnionOf, OWL.distinctMembers, OWL.hasKey, OWL.intersectionOf,
        OWL.members, OWL.oneOf, OWL.unionOf, OWL.withRestrictions,
    }
)  # fmt: skip

#: Names and definitions, then the axioms, then (by IRI) everything a vocabulary adds.
_PREDICATES: Final = """
    rdf:type owl:annotatedSource owl:annotatedProperty owl:annotatedTarget
    owl:sourceIndividual owl:assertionProperty owl:targetIndividual owl:targetValue
    rdfs:label skos:prefLabel skos:altLabel skos:hiddenLabel skos:notation
    dcterms:title dcterms:alternative dcterms:abstract dcterms:description
    rdfs:comment skos:definition skos:example skos:scopeNote skos:note skos:editorialNote
    skos:historyNote skos:changeNote vs:term_status
    dcterms:creator dcterms:contributor dcterms:publisher dcterms:created dcterms:issued
    dcterms:modified dcterms:license dcterms:rights dcterms:bibliographicCitation
    dcterms:identifier dcterms:language dcterms:source vann:preferredNamespacePrefix
    vann:preferredNamespaceUri rdfs:isDefinedBy rdfs:seeAlso
    owl:versionIRI owl:versionInfo owl:priorVersion owl:backwardCompatibleWith
    owl:incompatibleWith owl:imports owl:deprecated
    rdfs:subPropertyOf owl:equivalentProperty owl:inverseOf owl:propertyChainAxiom
    rdfs:domain rdfs:range owl:propertyDisjointWith
    owl:equivalentClass rdfs:subClassOf owl:disjointWith owl:disjointUnionOf owl:hasKey
    owl:complementOf owl:intersectionOf owl:unionOf owl:oneOf owl:members owl:distinctMembers
    owl:onProperty owl:onProperties owl:someValuesFrom owl:allValuesFrom owl:hasValue owl:hasSelf
    owl:cardinality owl:minCardinality owl:maxCardinality owl:qualifiedCardinality
    owl:minQualifiedCardinality owl:maxQualifiedCardinality owl:onClass owl:onDataRange
    owl:onDatatype owl:withRestrictions owl:sameAs owl:differentFrom
    sh:targetClass sh:targetNode sh:targetObjectsOf sh:targetSubjectsOf sh:target sh:severity
    sh:message sh:path sh:name sh:description sh:order sh:group
"""

_DIGITS: Final = re.compile(r"([0-9]+)")

Natural = tuple[list[str | int], str]


def _expand(curie: str) -> URIRef:
    prefix, _, name = curie.partition(":")
    return URIRef(PREFIXES[prefix] + name)


_RANK: Final[dict[Node, int]] = {
    _expand(curie): rank for rank, curie in enumerate(_PREDICATES.split())
}


def natural(text: str) -> Natural:
    """Return a key by which 5a comes before 10a; equal only for equal texts."""
    parts: list[str | int] = list(_DIGITS.split(text))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, text


def predicate_key(predicate: Node) -> tuple[int, Natural]:
    """Return the sort key of a predicate."""
    return _RANK.get(predicate, len(_RANK)), natural(str(predicate))


def object_key(term: Node, flat: str) -> tuple[int, str, Natural]:
    """Return the sort key of an object: IRIs, then literals by language, then blank nodes.

    Args:
        term: The object.
        flat: Its text on one line, which decides between two blank nodes.
    """
    if isinstance(term, BNode):
        return 2, "", ([], flat)
    if isinstance(term, Literal):
        return 1, term.language or "", natural(flat)
    return 0, "", natural(str(term))


def sections(graph: Graph) -> dict[str, list[URIRef]]:
    """Return the named subjects of each section, in order."""
    found: dict[str, list[URIRef]] = {name: [] for name in SECTIONS}
    for subject in {s for s in graph.subjects() if isinstance(s, URIRef)}:
        found[_section(graph, subject)].append(subject)
    for subjects in found.values():
        subjects.sort(key=lambda subject: natural(str(subject)))
    return found


def _section(graph: Graph, subject: URIRef) -> str:
    types = set(graph.objects(subject, RDF.type))
    return next((name for name, of in _TYPES.items() if types & set(of)), _INDIVIDUALS)

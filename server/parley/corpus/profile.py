"""Check, without Java, that a graph is in OWL 2 DL, as far as HermiT and Protégé insist on it.

The rules are those of https://www.w3.org/TR/owl2-syntax/#Ontologies in section 3 and
https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL that can be broken by
hand; OWLAPI's complete check stands beside them in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

from parley.errors import OntologyError
from parley.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

#: https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
DATATYPES: Final = frozenset(
    {
        *(
            XSD[name]
            for name in (
                "anyURI", "base64Binary", "boolean", "byte", "dateTime", "dateTimeStamp",
                "decimal", "double", "float", "hexBinary", "int", "integer", "language", "long",
                "Name", "NCName", "negativeInteger", "NMTOKEN", "nonNegativeInteger",
                "nonPositiveInteger", "normalizedString", "positiveInteger", "short", "string",
                "token", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort",
            )
        ),
        RDF.XMLLiteral, RDF.PlainLiteral, RDF.langString, RDFS.Literal, OWL.real, OWL.rational,
    }
)  # fmt: skip
_RESERVED: Final = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD))
_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: What an entity may not be at once; a class may also be an individual or a property.
_EXCLUSIVE: Final = (_PROPERTIES, (OWL.Class, RDFS.Datatype))
_CLASS_POSITIONS: Final = (
    OWL.allValuesFrom, OWL.complementOf, OWL.disjointWith, OWL.onClass, OWL.someValuesFrom,
    RDF.type, RDFS.domain, RDFS.subClassOf,
)  # fmt: skip
_CLASS_LISTS: Final = (OWL.disjointUnionOf, OWL.intersectionOf, OWL.unionOf)
_PROPERTY_POSITIONS: Final = (
    OWL.equivalentProperty, OWL.inverseOf, OWL.onProperty, OWL.propertyDisjointWith,
    RDFS.subPropertyOf,
)  # fmt: skip
_SIMPLE_KINDS: Final = (
    OWL.AsymmetricProperty, OWL.FunctionalProperty, OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
)  # fmt: skip
_SIMPLE_RESTRICTIONS: Final = (
    OWL.cardinality, OWL.hasSelf, OWL.maxCardinality, OWL.maxQualifiedCardinality,
    OWL.minCardinality, OWL.minQualifiedCardinality, OWL.qualifiedCardinality,
)  # fmt: skip
#: owlready2 imports the Python module that a value of this annotation names.
_PYTHON_MODULE: Final = "#python_module"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is not OWL 2 DL, or not safe: which term, what is wrong, what to do."""

    rule: str
    term: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.term} {self.message} {self.remedy}"


def require_profile(graph: Graph) -> None:
    """Let a graph pass when it is in the profile.

    Raises:
        OntologyError: It is not; the message lists every violation with its remedy.
    """
    violations = find_violations(graph)
    if violations:
        lines = "\n".join(f"  - {violation}" for violation in violations)
        noun = "violation" if len(violations) == 1 else "violations"
        raise OntologyError(
            f"{len(violations)} {noun} of OWL 2 DL:\n{lines}",
            remedy="Nothing was reasoned; mend these first.",
        )


def find_violations(graph: Graph) -> list[Violation]:
    """Return what keeps a graph, with all it imports, out of OWL 2 DL; by rule and term."""
    found = set(chain.from_iterable(rule(graph) for rule in RULES))
    return sorted(found, key=lambda v: (v.rule, v.term, v.message))


def _undeclared_classes(graph: Graph) -> Iterator[Violation]:
    declared = _declared(graph, OWL.Class, RDFS.Datatype)
    used = {o for p in _CLASS_POSITIONS for o in graph.objects(None, p)}
    used |= {member for p in _CLASS_LISTS for member in _list_members(graph, p)}
    for term in _foreign(used - declared):
        yield Violation(
            "undeclared class", _name(term), "is used as a class and not declared.",
            "Declare it as owl:Class, or correct what uses it.",
        )  # fmt: skip


def _undeclared_properties(graph: Graph) -> Iterator[Violation]:
    declared = _declared(graph, *_PROPERTIES)
    used = {o for p in _PROPERTY_POSITIONS for o in graph.objects(None, p)}
    used |= set(graph.predicates()) | set(_list_members(graph, OWL.propertyChainAxiom))
    for term in _foreign(used - declared):
        yield Violation(
            "undeclared property", _name(term), "is used as a property and not declared.",
            "Declare it as owl:ObjectProperty, owl:DatatypeProperty or owl:AnnotationProperty.",
        )  # fmt: skip


def _puns(graph: Graph) -> Iterator[Violation]:
    for kinds in _EXCLUSIVE:
        seen: dict[Node, URIRef] = {}
        for kind in kinds:
            for term in _foreign(_declared(graph, kind)):
                if term in seen:
                    message = f"is declared both as {_name(seen[term])} and as {_name(kind)}."
                    yield Violation("punning", _name(term), message, "Keep one declaration.")
                seen[term] = kind


def _non_simple_uses(graph: Graph) -> Iterator[Violation]:
    complex_ones = _non_simple(graph)
    uses = [(term, _name(kind)) for kind in _SIMPLE_KINDS for term in _declared(graph, kind)]
    for restriction, term in graph.subject_objects(OWL.onProperty):
        uses += [
            (term, _name(p)) for p in graph.predicates(restriction) if p in _SIMPLE_RESTRICTIONS
        ]
    for pair in graph.subject_objects(OWL.propertyDisjointWith):
        uses += [(term, "owl:propertyDisjointWith") for term in pair]
    for term, use in uses:
        if term in complex_ones:
            yield Violation(
                "non-simple property", _name(term),
                f"is transitive or follows from a chain, and stands in {use}.",
                "Drop that axiom, or the transitivity or chain; a shape can count instead.",
            )  # fmt: skip


def _non_simple(graph: Graph) -> set[Node]:
    """Return transitive and chained properties, with their inverses and all above them."""
    waiting = [
        *_declared(graph, OWL.TransitiveProperty),
        *graph.subjects(OWL.propertyChainAxiom),
    ]
    found: set[Node] = set()
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += graph.objects(term, RDFS.subPropertyOf)
            waiting += graph.objects(term, OWL.inverseOf)
            waiting += graph.subjects(OWL.inverseOf, term)
            waiting += graph.objects(term, OWL.equivalentProperty)
            waiting += graph.subjects(OWL.equivalentProperty, term)
    return found


def _irregular_chains(graph: Graph) -> Iterator[Violation]:
    """Find chains that need the property they define, other than as first or last link."""
    needs: dict[Node, set[Node]] = {}
    for term, head in graph.subject_objects(OWL.propertyChainAxiom):
        links = list(graph.items(head))
        needs.setdefault(term, set()).update(_links_before(links, term))
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        needs.setdefault(upper, set()).add(lower)
    for term in set(graph.subjects(OWL.propertyChainAxiom)):
        if term in _reached(needs, term):
            yield Violation(
                "irregular chain", _name(term), "follows from a chain that follows from it.",
                "Derive it by a rule in queries/rules instead.",
            )  # fmt: skip


def _links_before(links: list[Node], term: Node) -> list[Node]:
    """Return the links that must come before the property: not itself as first or last."""
    if links == [term, term]:
        return []
    if links[:1] == [term]:
        return links[1:]
    return links[:-1] if links[-1:] == [term] else links


def _reached(needs: dict[Node, set[Node]], start: Node) -> set[Node]:
    found: set[Node] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += needs.get(term, ())
    return found


def _datatypes(graph: Graph) -> Iterator[Violation]:
    allowed = DATATYPES | {t for t in _declared(graph, RDFS.Datatype) if not _is_reserved(t)}
    properties = _declared(graph, OWL.DatatypeProperty)
    used = {(p, o) for p in properties for o in graph.objects(p, RDFS.range)}
    used |= {(s, o) for s, o in graph.subject_objects(OWL.onDatatype)}
    for term, datatype in used:
        if isinstance(datatype, URIRef) and datatype not in allowed:
            yield _datatype_violation(term, f"has the range {_name(datatype)}")
    for p in properties | {OWL.hasValue}:
        for o in graph.objects(None, p):
            if isinstance(o, Literal) and o.datatype and o.datatype not in allowed:
                value = f"has the value {str(o)[:40]!r} of datatype {_name(o.datatype)}"
                yield _datatype_violation(p, value)


def _datatype_violation(term: Node, says: str) -> Violation:
    return Violation(
        "datatype", _name(term), f"{says}, which OWL 2 does not know.",
        "Use xsd:dateTime or xsd:string, and say the exact form in a shape.",
    )  # fmt: skip


def _value_kinds(graph: Graph) -> Iterator[Violation]:
    """Find literals where individuals belong, and individuals where literals belong."""
    for kind, is_right in ((OWL.ObjectProperty, False), (OWL.DatatypeProperty, True)):
        for p in _declared(graph, kind):
            for o in graph.objects(None, p):
                if isinstance(o, Literal) is not is_right:
                    should = "a literal" if is_right else "an individual"
                    yield Violation(
                        "value", _name(p), f"has the value {str(o)[:60]!r}.",
                        f"It takes {should}.",
                    )  # fmt: skip


def _reserved_vocabulary(graph: Graph) -> Iterator[Violation]:
    subjects = {s for s in graph.subjects() if _is_reserved(s)} - _declared(graph, RDFS.Datatype)
    for term in subjects:
        yield Violation(
            "reserved vocabulary", _name(term), "is a term of RDF or OWL and gets statements.",
            "Delete them, or say them of a term of our own.",
        )  # fmt: skip
    for term in set(chain.from_iterable(graph)):
        if str(term).startswith(str(OWL)) and isinstance(term, URIRef) and term not in OWL:
            yield Violation(
                "reserved vocabulary", _name(term), "is no term of OWL.", "Correct the spelling."
            )


def _anonymous_individuals(graph: Graph) -> Iterator[Violation]:
    nodes = {
        *chain.from_iterable(graph.subject_objects(OWL.sameAs)),
        *chain.from_iterable(graph.subject_objects(OWL.differentFrom)),
        *graph.objects(None, OWL.sourceIndividual),
        *graph.objects(None, OWL.targetIndividual),
        *_list_members(graph, OWL.oneOf),
        *_list_members(graph, OWL.distinctMembers),
    }
    for _ in (node for node in nodes if isinstance(node, BNode)):
        yield Violation(
            "anonymous individual", "a blank node",
            "stands in owl:sameAs, owl:differentFrom, owl:oneOf or a negative assertion.",
            "Give the individual an IRI.",
        )  # fmt: skip


def _code(graph: Graph) -> Iterator[Violation]:
    for p in {p for p in graph.predicates() if str(p).endswith(_PYTHON_MODULE)}:
        yield Violation(
            "code", _name(p), "would make a library import Python code.", "Delete the annotation."
        )


RULES: Final[tuple[Callable[[Graph], Iterator[Violation]], ...]] = (
    _undeclared_classes, _undeclared_properties, _puns, _non_simple_uses, _irregular_chains,
    _datatypes, _value_kinds, _reserved_vocabulary, _anonymous_individuals, _code,
)  # fmt: skip


def _declared(graph: Graph, *kinds: URIRef) -> set[Node]:
    return {s for kind in kinds for s in graph.subjects(RDF.type, kind)}


def _list_members(graph: Graph, predicate: URIRef) -> Iterator[Node]:
    for head in graph.objects(None, predicate):
        yield from graph.items(head)


def _foreign(terms: Iterable[Node]) -> Iterator[URIRef]:
    """Keep the IRIs that are not of RDF, RDFS, OWL or XML Schema."""
    return (t for t in terms if isinstance(t, URIRef) and not _is_reserved(t))


def _is_reserved(term: Node) -> bool:
    return str(term).startswith(_RESERVED)


def _name(term: Node) -> str:
    """Shorten an IRI for a message."""
    for prefix, namespace in PREFIXES.items():
        if str(term).startswith(namespace):
            return f"{prefix}:{str(term)[len(namespace) :]}"
    return f"<{term}>" if isinstance(term, URIRef) else "an anonymous class or property"

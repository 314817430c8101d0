"""The ontology as its pages show it: terms with their axioms, expressions put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SKOS

from parley.namespaces import PL
from parley.web import languages, names
from parley.web.views import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.web.views import Row

#: Words of an expression and the IRI each stands for; plain words have none.
Expression = tuple[tuple[str, str], ...]

#: Kind of term to heading, in the order of the page.
KINDS: Final = {
    str(OWL.Class): "Classes",
    str(OWL.ObjectProperty): "Object properties",
    str(OWL.DatatypeProperty): "Datatype properties",
    str(OWL.AnnotationProperty): "Annotation properties",
    str(OWL.NamedIndividual): "Values of closed sets",
}
_CHARACTERISTICS: Final = {
    str(OWL.FunctionalProperty): "functional",
    str(OWL.InverseFunctionalProperty): "inverse functional",
    str(OWL.TransitiveProperty): "transitive",
    str(OWL.SymmetricProperty): "symmetric",
    str(OWL.AsymmetricProperty): "asymmetric",
    str(OWL.ReflexiveProperty): "reflexive",
    str(OWL.IrreflexiveProperty): "irreflexive",
}
#: What is shown of a term in words, and which axioms, by what the page calls them.
_NOTES: Final = {
    "definition": str(SKOS.definition),
    "example": str(SKOS.example),
    "scope": str(SKOS.scopeNote),
    "change": str(SKOS.changeNote),
}
_AXIOMS: Final = {
    "domain": str(RDFS.domain),
    "range": str(RDFS.range),
    "equivalent to": str(OWL.equivalentClass),
    "inverse of": str(OWL.inverseOf),
    "disjoint with": str(OWL.disjointWith),
}
_JOINTS: Final = {str(OWL.unionOf): " or ", str(OWL.intersectionOf): " and "}
_FILLERS: Final = {
    str(OWL.someValuesFrom): " some ",
    str(OWL.allValuesFrom): " only ",
    str(OWL.hasValue): " is ",
}
_NUMBERS: Final = {
    str(OWL.minQualifiedCardinality): " at least ",
    str(OWL.maxQualifiedCardinality): " at most ",
    str(OWL.qualifiedCardinality): " exactly ",
    str(OWL.minCardinality): " at least ",
    str(OWL.maxCardinality): " at most ",
    str(OWL.cardinality): " exactly ",
}
_CHAIN: Final = str(OWL.propertyChainAxiom)
_LABEL: Final = str(RDFS.label)
_EQUIVALENT: Final = str(OWL.equivalentClass)
_ONE_OF: Final = str(OWL.oneOf)
_SUPERS: Final = (str(RDFS.subClassOf), str(RDFS.subPropertyOf))
_NAMED: Final = str(OWL.NamedIndividual)
_TYPE: Final = str(RDF.type)
_FIRST: Final = str(RDF.first)
_REST: Final = str(RDF.rest)


@dataclass(slots=True)
class Term:
    """One term: its labels and notes by property, and its axioms by kind."""

    iri: str
    kind: str
    label: Value
    notes: dict[str, list[Value]] = field(default_factory=dict)
    characteristics: list[str] = field(default_factory=list)
    axioms: dict[str, list[Expression]] = field(default_factory=dict)
    supers: list[str] = field(default_factory=list)
    subs: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Its name on the page: what follows the ``#`` of its IRI."""
        return self.iri.partition("#")[2]


@dataclass(slots=True)
class Axioms:
    """Everything the ontology says, by subject and property."""

    by_subject: dict[str, dict[str, list[Value]]]
    labels: dict[str, Value]

    def values(self, subject: str, prop: object) -> list[Value]:
        """Return the values of a property of a subject."""
        return self.by_subject.get(subject, {}).get(str(prop), [])

    def members(self, head: str) -> list[Value]:
        """Return the members of an RDF list."""
        found = []
        while head in self.by_subject:
            found += self.values(head, _FIRST)[:1]
            head = next((v.text for v in self.values(head, _REST)), "")
        return found

    def lists(self, subject: str, prop: object) -> list[list[Value]]:
        """Return the lists that a property points at."""
        return [self.members(value.text) for value in self.values(subject, prop)]


def read(rows: Iterable[Row], language: str) -> Axioms:
    """Gather the statements of the ontology's graph."""
    by_subject: dict[str, dict[str, list[Value]]] = {}
    for row in rows:
        own = by_subject.setdefault(row["subject"].text, {})
        own.setdefault(row["property"].text, []).append(row["value"])
    axioms = Axioms(by_subject, {})
    for subject in by_subject:
        axioms.labels[subject] = _best(axioms.values(subject, _LABEL), language)
    return axioms


def terms(axioms: Axioms, language: str) -> list[Term]:
    """Return the ontology's own terms by kind and label."""
    found = []
    for iri in axioms.by_subject:
        kind = _kind(axioms, iri) if iri.startswith(str(PL)) else ""
        if kind:
            found.append(_term(axioms, iri, kind, language))
    by_iri = {term.iri: term for term in found}
    for term in found:
        for parent in term.supers:
            if parent in by_iri:
                by_iri[parent].subs.append(term.iri)
    _add_disjointness(axioms, by_iri)
    order = list(KINDS)
    return sorted(found, key=lambda t: (order.index(t.kind), t.label.text.lower()))


def tree(found: Iterable[Term], kind: str) -> list[tuple[int, Term]]:
    """Return the terms of a kind as a hierarchy: depth from 0 and term, below its first parent."""
    own = {term.iri: term for term in found if term.kind == kind}
    below: dict[str, list[Term]] = {}
    for term in own.values():
        parent = next((iri for iri in term.supers if iri in own), "")
        below.setdefault(parent, []).append(term)
    listed: list[tuple[int, Term]] = []
    waiting = [(0, term) for term in reversed(below.get("", []))]
    while waiting:
        depth, term = waiting.pop()
        listed.append((depth, term))
        waiting += [(depth + 1, child) for child in reversed(below.get(term.iri, []))]
    return listed


def say(axioms: Axioms, value: Value) -> Expression:
    """Put a class expression into words, each name with its IRI."""
    node = value.text
    if value.is_iri or node not in axioms.by_subject:
        return ((_name(axioms, value), node if value.is_iri else ""),)
    for prop, joint in _JOINTS.items():
        for members in axioms.lists(node, prop):
            return _join([say(axioms, member) for member in members], joint)
    for members in axioms.lists(node, _ONE_OF):
        return (("{", ""), *_join([say(axioms, m) for m in members], ", "), ("}", ""))
    for other in axioms.values(node, OWL.inverseOf):
        return (("inverse of ", ""), *say(axioms, other))
    return _restriction(axioms, node)


def _restriction(axioms: Axioms, node: str) -> Expression:
    prop = [say(axioms, value) for value in axioms.values(node, OWL.onProperty)]
    words = prop[0] if prop else ()
    for key, word in _FILLERS.items():
        for value in axioms.values(node, key):
            return (*words, (word, ""), *say(axioms, value))
    for key, word in _NUMBERS.items():
        for value in axioms.values(node, key):
            of = [say(axioms, cls) for cls in axioms.values(node, OWL.onClass)]
            tail: Expression = ((" ", ""), *of[0]) if of else ()
            return (*words, (f"{word}{value.text}", ""), *tail)
    return (*words, (" …", ""))


def _term(axioms: Axioms, iri: str, kind: str, language: str) -> Term:
    notes = {
        name: picked
        for name, prop in _NOTES.items()
        if (picked := _in_language(axioms.values(iri, prop), language))
    }
    types = [value.text for value in axioms.values(iri, _TYPE)]
    term = Term(
        iri,
        kind,
        axioms.labels[iri],
        notes,
        [word for cls, word in _CHARACTERISTICS.items() if cls in types],
    )
    supers = [value for prop in _SUPERS for value in axioms.values(iri, prop)]
    term.supers = [value.text for value in supers if value.is_iri]
    term.members = [m.text for node in axioms.values(iri, _EQUIVALENT)
                    for members in axioms.lists(node.text, _ONE_OF) for m in members]  # fmt: skip
    if kind == _NAMED:
        term.supers = [cls for cls in types if cls.startswith(str(PL))]
    for name, prop in _AXIOMS.items():
        for value in axioms.values(iri, prop):
            term.axioms.setdefault(name, []).append(say(axioms, value))
    for value in supers:
        if not value.is_iri:
            term.axioms.setdefault("also", []).append(say(axioms, value))
    for chain in axioms.lists(iri, _CHAIN):
        steps = _join([say(axioms, step) for step in chain], " ∘ ")
        term.axioms.setdefault("follows from", []).append(steps)
    return term


def _kind(axioms: Axioms, iri: str) -> str:
    types = {value.text for value in axioms.values(iri, _TYPE)}
    kind = next((kind for kind in KINDS if kind in types), "")
    is_value = any(cls.startswith(str(PL)) for cls in types)
    return kind or (_NAMED if is_value else "")


def _add_disjointness(axioms: Axioms, by_iri: Mapping[str, Term]) -> None:
    """Say of each class of an AllDisjointClasses from which others it is kept apart."""
    groups = [
        members
        for subject, own in axioms.by_subject.items()
        if any(v.text == str(OWL.AllDisjointClasses) for v in own.get(_TYPE, ()))
        for members in axioms.lists(subject, OWL.members)
    ]
    for members in groups:
        for member in members:
            if member.text in by_iri:
                others = [say(axioms, other) for other in members if other.text != member.text]
                apart = by_iri[member.text].axioms.setdefault("disjoint with", [])
                apart.append(_join(others, ", "))


def _join(parts: list[Expression], joint: str) -> Expression:
    joined: list[tuple[str, str]] = []
    for part in parts:
        joined += [(joint, ""), *part] if joined else part
    return tuple(joined)


def _name(axioms: Axioms, value: Value) -> str:
    label = axioms.labels.get(value.text)
    if label is not None and label.text:
        return label.text
    return names.curie_of(value.text)


def _best(values: list[Value], language: str) -> Value:
    tag, text = languages.best({v.language: v.text for v in values}, language)
    return Value(text, language=tag)


def _in_language(values: list[Value], language: str) -> list[Value]:
    """Return the values in one language: the reader's when there are any, else English's."""
    for tag in (language, languages.DEFAULT):
        own = [v for v in values if languages.primary(v.language) == languages.primary(tag)]
        if own:
            return own
    return values

"""Which terms the ontology declares and which entities the data defines: all that may be used."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import BNode, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

from parley.corpus.ontology import line_of
from parley.errors import Place, VocabularyError
from parley.namespaces import PL, PLID, PLOC, PLR, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Set
    from pathlib import Path

    from rdflib import Graph

#: Classes whose members may stand as predicates.
PROPERTY_CLASSES: Final = (
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.OntologyProperty,
    RDF.Property,
)
#: Vocabularies of RDF and OWL themselves, which need no declaration.
BUILT_IN: Final = (str(RDF), str(RDFS), str(OWL), str(XSD))
#: Namespaces whose every IRI must be declared or defined, wherever it is used.
OWN: Final = (str(PL), str(PLR), str(PLOC), str(PLID))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that may be used: classes and properties declared, individuals defined."""

    classes: frozenset[str]
    properties: frozenset[str]
    individuals: frozenset[str]

    def extended(self, graphs: Iterable[Graph]) -> Vocabulary:
        """Return the vocabulary with the individuals that more graphs define."""
        more = [defined(graph) for graph in graphs]
        return Vocabulary(self.classes, self.properties, self.individuals.union(*more))


def of_ontology(graph: Graph) -> Vocabulary:
    """Return the terms that an ontology declares."""
    classes = set(graph.subjects(RDF.type, OWL.Class)) | set(graph.subjects(RDF.type, RDFS.Class))
    properties = {p for kind in PROPERTY_CLASSES for p in graph.subjects(RDF.type, kind)}
    return Vocabulary(
        frozenset(str(c) for c in classes if isinstance(c, URIRef)),
        frozenset(str(p) for p in properties if isinstance(p, URIRef)),
        defined(graph),
    )


def defined(graph: Graph) -> frozenset[str]:
    """Return the IRIs that a graph says the type of."""
    return frozenset(str(s) for s in graph.subjects(RDF.type) if isinstance(s, URIRef))


def check(graph: Graph, path: Path, vocabulary: Vocabulary) -> None:
    """Check that a file uses only declared properties and classes and defined individuals.

    Args:
        graph: What the file says.
        path: The file, for the place of an error.
        vocabulary: What is declared, with the individuals of every file this one may refer to.

    Raises:
        VocabularyError: A term is unknown; the message names the nearest known ones.
    """
    for s, p, o in sorted(graph):
        if not _known(p, vocabulary.properties):
            raise _unknown("property", p, vocabulary.properties, path)
        if p == RDF.type and not isinstance(o, BNode) and not _known(o, vocabulary.classes):
            raise _unknown("class", o, vocabulary.classes, path)
        for term in (s, o):
            if isinstance(term, URIRef) and not _known_individual(term, vocabulary):
                raise _unknown(_kind(term), term, vocabulary.individuals, path)


def _known(term: object, declared: Set[str]) -> bool:
    text = str(term)
    return text in declared or text.startswith(BUILT_IN)


def _known_individual(term: URIRef, vocabulary: Vocabulary) -> bool:
    text = str(term)
    return (
        not text.startswith(OWN)
        or text in vocabulary.individuals
        or text in vocabulary.classes
        or text in vocabulary.properties
    )


def _kind(term: URIRef) -> str:
    if term.startswith(str(PLID)):
        return str(term).removeprefix(str(PLID)).partition("/")[0]
    return "relation type" if term.startswith(str(PLR)) else "term"


def _unknown(kind: str, term: object, known: Iterable[str], path: Path) -> VocabularyError:
    near = nearest(str(term), known)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"Declare or define this {kind}."
    line = line_of(path, URIRef(str(term)))
    return VocabularyError(
        f"The {kind} {shorten(str(term))} is unknown.",
        remedy=remedy,
        place=Place(str(path), line),
    )


def nearest(iri: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the known IRIs most like one, of the same namespace or kind first, shortened."""
    head = iri.rpartition("#")[0] or iri.rpartition("/")[0]
    names = {other[len(head) + 1 :]: other for other in known if other.startswith(head)}
    close = difflib.get_close_matches(iri[len(head) + 1 :], names, n=count, cutoff=0.5)
    if close:
        return [shorten(names[name]) for name in close]
    by_name = {other.rpartition("#")[2].rpartition("/")[2]: other for other in known}
    last = iri.rpartition("#")[2].rpartition("/")[2]
    close = difflib.get_close_matches(last, by_name, n=count, cutoff=0.7)
    return [shorten(by_name[name]) for name in close]


def shorten(iri: str) -> str:
    """Return an IRI with the prefix of its longest known namespace, or in angle brackets."""
    fitting = [(len(ns), prefix, ns) for prefix, ns in PREFIXES.items() if iri.startswith(ns)]
    if not fitting:
        return f"<{iri}>"
    _, prefix, namespace = max(fitting)
    return f"{prefix}:{iri.removeprefix(namespace)}"

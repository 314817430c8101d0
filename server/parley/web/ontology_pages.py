"""The ontology's documentation: every term on its anchor, RDF from the same address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import flask
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph

from parley.corpus import ontology
from parley.engine.results import CSV, HTML
from parley.errors import EngineError, NotFoundError, ParleyError
from parley.namespaces import PL, PLSH
from parley.web import axioms, names, ontology_files, rendering
from parley.web.pictures import lanes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from parley.web.axioms import Axioms, Term
    from parley.web.views import Value

blueprint = flask.Blueprint("ontology", __name__)

_HEADER: Final = str(PL).rstrip("#")
#: The classes of the overview, column by column, so that it reads from left to right.
_COLUMNS: Final = (
    ("Who", ("Actor", "SourceDocument")),
    ("says", ("Claim", "ArgumentLink")),
    ("what, where it stands", ("Proposition", "Passage", "Period")),
    ("about", ("Objective", "Occurrence", "Topic", "Quality", "Place", "RelationType")),
)
#: Pairs of classes above which a property hangs everything together and is left out.
_NARROW: Final = 2
_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that binds a term: its name and what it demands."""

    iri: str
    demand: str


@blueprint.route("/ns")
@blueprint.route(f"/ns<any({rendering.ENDINGS}):suffix>")
@rendering.kept
def show_ontology(suffix: str = "") -> flask.Response:
    """Show the ontology as a page or as data."""
    return _show("/ns", _HEADER, rendering.wanted_media_type(suffix))


@blueprint.route("/ns/<path:version>")
@rendering.kept
def show_version(version: str) -> flask.Response:
    """Show the version of the ontology that is served, at an address of its own."""
    version, suffix = rendering.split_suffix(version)
    iri = f"{_HEADER}/{version}"
    if not ontology_files.find(iri):
        raise NotFoundError(
            f"There is no version {version[:40]!r} of the ontology here.", remedy="Look at /ns."
        )
    return _show(f"/ns/{version}", iri, rendering.wanted_media_type(suffix))


def _show(path: str, iri: str, media_type: str) -> flask.Response:
    views = rendering.site().views
    if media_type == HTML:
        return _show_page(path)
    if media_type == CSV:
        body = views.fetch("ontology-axioms", "SELECT", CSV)
    else:
        own = ontology_files.read(iri, media_type)
        body = own if own is not None else views.fetch("ontology", "CONSTRUCT", media_type)
    return rendering.render_data(body, media_type, path, iri)


def _show_page(path: str) -> flask.Response:
    views = rendering.site().views
    language = rendering.language()
    said = axioms.read(views.select("ontology-axioms"), language)
    found = axioms.terms(said, language)
    return rendering.render_twinned(
        "ontology.html",
        path,
        behind=("ontology-axioms", {}),
        fetched=("ontology-axioms", {}),
        iri=_HEADER,
        header=_header(said, language),
        sections=[
            (title, [t for t in found if t.kind == kind]) for kind, title in axioms.KINDS.items()
        ],
        classes=axioms.tree(found, str(OWL.Class)),
        properties=axioms.tree(found, str(OWL.ObjectProperty)),
        names={term.iri: term.label for term in found},
        uses=_uses(),
        shapes=_shapes(),
        overview=draw_overview(found, said),
    )


def draw_overview(found: Iterable[Term], said: Axioms) -> str:
    """Draw the main classes and the properties between them."""
    known = {term.iri: term for term in found}
    places = {str(PL[n]) for _, classes in _COLUMNS for n in classes}
    between: dict[tuple[str, str], list[str]] = {}
    for term in known.values():
        if term.kind == str(OWL.ObjectProperty) and "inverse of" not in term.axioms:
            domains, ranges = _classes(term, "domain"), _classes(term, "range")
            if len(domains) * len(ranges) > _NARROW:
                continue
            for domain in domains & places:
                for range_ in ranges & places - {domain}:
                    between.setdefault((domain, range_), []).append(term.label.text)
    edges = [
        lanes.Edge(a, b, f"{said.labels[a].text}: {', '.join(labels)}: {said.labels[b].text}")
        for (a, b), labels in sorted(between.items())
    ]
    tied = {iri for pair in between for iri in pair}
    columns = [
        lanes.Column(
            title,
            tuple(
                lanes.Node(str(PL[n]), known[str(PL[n])].label.text, f"#{n}", "actor")
                for n in classes
                if str(PL[n]) in tied & known.keys()
            ),
        )
        for title, classes in _COLUMNS
    ]
    return lanes.draw(columns, edges, title="The main classes and how they hang together")


def _classes(term: Term, name: str) -> set[str]:
    return {iri for expression in term.axioms.get(name, ()) for _, iri in expression if iri}


def _header(said: Axioms, language: str) -> dict[str, list[Value]]:
    del language
    own = said.by_subject.get(_HEADER, {})
    return {names.local_name(prop): values for prop, values in own.items()}


def _uses() -> dict[str, int]:
    """Return how often the data use each term; nothing when counting takes too long."""
    try:
        rows = rendering.site().views.select("ontology-usage")
    except EngineError:
        return {}
    return {row["term"].text: int(row["uses"].text) for row in rows}


def _shapes() -> dict[str, list[Shape]]:
    home = rendering.site().home
    if home is None:
        return {}
    files = tuple(sorted((home.ontology / "shapes").glob("*.ttl")))
    try:
        return read_shapes(files, tuple(path.stat().st_mtime_ns for path in files))
    except (ParleyError, OSError):
        return {}


@lru_cache(maxsize=4)
def read_shapes(files: tuple[Path, ...], times: tuple[int, ...]) -> dict[str, list[Shape]]:
    """Return the shapes that bind each term; the files' times only tell one state from another."""
    del times
    graph = Graph(bind_namespaces="none")
    for path in files:
        graph += ontology.parse(path)
    found: dict[str, dict[str, Shape]] = {}
    for shape in set(graph.subjects(RDF.type, SH.NodeShape)) | set(
        graph.subjects(RDF.type, SH.PropertyShape)
    ):
        if not str(shape).startswith(str(PLSH)):
            continue
        demand = graph.value(shape, SKOS.definition) or graph.value(shape, RDFS.label) or ""
        bound = {o for target in _TARGETS for o in graph.objects(shape, target)}
        bound |= set(graph.objects(shape, SH.path))
        for term in map(str, bound):
            if term.startswith(str(PL)):
                found.setdefault(term, {})[str(shape)] = Shape(str(shape), str(demand))
    return {term: [own[key] for key in sorted(own)] for term, own in found.items()}

"""Say what changed between two versions of a home: terms, claims and other entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from rdflib import BNode, Graph, Namespace, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD

from parley.corpus.canonical.order import natural
from parley.corpus.canonical.write import write_statements
from parley.corpus.ontology import parse
from parley.namespaces import PL, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from rdflib.term import Node

    from parley.home import Home

#: Sets of changes with reified additions and removals.
CS: Final = Namespace("http://purl.org/vocab/changeset/schema#")

Kind = Literal["term", "claim", "entity"]
Event = Literal["added", "changed", "deprecated", "removed"]
_EVENTS: Final[tuple[Event, ...]] = ("added", "changed", "deprecated", "removed")
_HEADINGS: Final[dict[Kind, str]] = {"term": "Terms", "claim": "Claims", "entity": "Entities"}
_Statements = dict[str, tuple["Node", "Node", "Node"]]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one subject: the statements gone and new, each as a line of Turtle."""

    subject: URIRef
    kind: Kind
    event: Event
    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes between two homes, and the two graphs they stand in."""

    changes: tuple[Change, ...]
    old: Graph
    new: Graph


def compare(old: Home, new: Home) -> Comparison:
    """Compare the ontologies and the data of two homes, subject by subject.

    Axioms about several terms, such as disjointness, count as changes of their first term.
    Headers are left out: they say the version.

    Raises:
        InputError: A Turtle file of one of them cannot be read.
    """
    before, after = _read(old), _read(new)
    was, now = _by_subject(before), _by_subject(after)
    changes = [
        _change(subject, was.get(subject, {}), now.get(subject, {}), before, after)
        for subject in was.keys() | now.keys()
        if was.get(subject, {}).keys() != now.get(subject, {}).keys()
    ]
    changes.sort(key=lambda change: natural(str(change.subject)))
    return Comparison(tuple(changes), before, after)


def to_markdown(changes: Iterable[Change], *, old: str, new: str) -> str:
    """Write the changes as a list for readers: added, changed, deprecated and removed."""
    listed = list(changes)
    lines = [f"# Changes from {old} to {new}", ""]
    if not listed:
        lines += ["Nothing changed.", ""]
    for kind, heading in _HEADINGS.items():
        for event in _EVENTS:
            chosen = [c for c in listed if (c.kind, c.event) == (kind, event)]
            if chosen:
                lines += [f"## {heading} {event}", ""]
                lines += [line for change in chosen for line in _item(change)]
                lines.append("")
    return "\n".join(lines)


def to_graph(comparison: Comparison, *, release: URIRef, prior: URIRef, day: date) -> Graph:
    """Write the changes as RDF: a change set for each subject, with statements gone and new."""
    graph = Graph(bind_namespaces="none")
    graph.add((release, PROV.wasRevisionOf, prior))
    was, now = _by_subject(comparison.old), _by_subject(comparison.new)
    for number, change in enumerate(comparison.changes, start=1):
        node = URIRef(f"{release}/changes/{number}")
        graph.add((node, RDF.type, CS.ChangeSet))
        graph.add((node, CS.subjectOfChange, change.subject))
        graph.add((node, CS.changeReason, RdfLiteral(change.event)))
        graph.add((node, CS.createdDate, RdfLiteral(day.isoformat(), datatype=XSD.date)))
        graph.add((node, DCTERMS.isPartOf, release))
        sides = (
            (CS.removal, change.removed, was, comparison.old),
            (CS.addition, change.added, now, comparison.new),
        )
        for prop, lines, statements, source in sides:
            for line in lines:
                _reify(graph, node, prop, statements[change.subject][line], source)
    return graph


def _read(home: Home) -> Graph:
    graph = Graph(bind_namespaces="none")
    for folder in (home.ontology, home.data):
        for path in sorted(folder.rglob("*.ttl")):
            if "shapes" not in path.relative_to(home.root).parts:
                graph += parse(path)
    for header in set(graph.subjects(RDF.type, OWL.Ontology)):
        graph.remove((header, None, None))
    return graph


def _by_subject(graph: Graph) -> dict[URIRef, _Statements]:
    """Return the statements of named subjects; an axiom is a statement of its first term."""
    found: dict[URIRef, _Statements] = {}
    for subject, statements in write_statements(graph).items():
        if isinstance(subject, URIRef):
            lines = {text: (subject, p, o) for text, (p, o) in statements.items()}
            found.setdefault(subject, {}).update(lines)
            continue
        owner = _owner(graph, subject)
        if owner is not None:
            text = f"[ {' ; '.join(statements)} ]"
            p, o = next(iter(statements.values()))
            found.setdefault(owner, {})[text] = (subject, p, o)
    return found


def _owner(graph: Graph, axiom: Node) -> URIRef | None:
    """Return the first term an axiom without a name is about, by its place in the alphabet."""
    about: set[str] = set()
    for p in (OWL.annotatedSource, OWL.sourceIndividual, RDFS.subClassOf):
        about.update(str(o) for o in graph.objects(axiom, p) if isinstance(o, URIRef))
    for p in (OWL.members, OWL.distinctMembers):
        for head in graph.objects(axiom, p):
            about.update(str(o) for o in graph.items(head) if isinstance(o, URIRef))
    return URIRef(min(about)) if about else None


def _change(subject: URIRef, was: _Statements, now: _Statements, old: Graph, new: Graph) -> Change:
    graph = new if now else old
    return Change(
        subject,
        _kind(graph, subject),
        _event(was, now),
        _label(graph, subject),
        tuple(line for line in was if line not in now),
        tuple(line for line in now if line not in was),
    )


def _kind(graph: Graph, subject: URIRef) -> Kind:
    if "/id/" not in subject:
        return "term"
    return "claim" if (subject, RDF.type, PL.Claim) in graph else "entity"


def _event(was: _Statements, now: _Statements) -> Event:
    if not was:
        return "added"
    if not now:
        return "removed"
    deprecated = "owl:deprecated true"
    return "deprecated" if deprecated in now and deprecated not in was else "changed"


def _label(graph: Graph, subject: URIRef) -> str:
    """Return the English label, else the quotation, else nothing."""
    labels = [
        str(o)
        for p in (RDFS.label, SKOS.prefLabel, PL.quote)
        for o in graph.objects(subject, p)
        if isinstance(o, RdfLiteral) and o.language in (None, "en")
    ]
    return labels[0] if labels else ""


def _item(change: Change) -> Iterator[str]:
    label = f"**{change.label}** " if change.label else ""
    yield f"- {label}`{_shorten(change.subject)}`"
    if change.event in ("changed", "deprecated"):
        yield from (f"  - was `{line}`" for line in change.removed)
        yield from (f"  - now `{line}`" for line in change.added)


def _shorten(iri: URIRef) -> str:
    fitting = [(len(n), p, n) for p, n in PREFIXES.items() if iri.startswith(n)]
    if not fitting:
        return str(iri)
    _, prefix, namespace = max(fitting)
    return f"{prefix}:{iri[len(namespace) :]}"


def _reify(
    graph: Graph, node: URIRef, prop: URIRef, triple: tuple[Node, Node, Node], source: Graph
) -> None:
    statement = BNode()
    graph.add((node, prop, statement))
    graph.add((statement, RDF.type, RDF.Statement))
    for part, term in zip((RDF.subject, RDF.predicate, RDF.object), triple, strict=True):
        graph.add((statement, part, _copy(graph, term, source)))


def _copy(graph: Graph, term: Node, source: Graph) -> Node:
    """Return a term as it may stand in another graph: a blank node with all that it says."""
    if not isinstance(term, BNode):
        return term
    copy = BNode()
    for p, o in source.predicate_objects(term):
        graph.add((copy, p, _copy(graph, o, source)))
    return copy

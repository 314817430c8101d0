"""Write a graph as canonical Turtle: a predicate and an object a line, blank nodes nested.

Every line ends alike and the full stop stands alone, so that an added statement adds lines
and changes none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDF

from parley.corpus.canonical.nodes import Nodes, survey
from parley.corpus.canonical.normalise import normalise
from parley.corpus.canonical.order import (
    UNORDERED_LISTS,
    natural,
    object_key,
    predicate_key,
    sections,
)
from parley.corpus.canonical.terms import Names, names_for, write_literal
from parley.errors import FormatError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

WIDTH: Final = 100
_INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is being written: the graph, its blank nodes, the names, the texts made so far."""

    graph: Graph
    nodes: Nodes
    names: Names
    flat: dict[tuple[Node, bool], str] = field(default_factory=dict)
    labelled: dict[str, Node] = field(default_factory=dict)


def write(graph: Graph, *, source: str = "") -> str:
    """Write a normalised graph.

    Raises:
        FormatError: Blank nodes form a circle, cannot be told apart or nest too deep, or an
            IRI has characters that no IRI may hold.
    """
    sheet = _Sheet(graph, survey(graph, source), names_for(graph, source))
    try:
        body = "\n".join(_write_sections(sheet))
    except RecursionError as error:
        raise FormatError("Blank nodes nest too deep.", place=Place(source)) from error
    head = sheet.names.header()
    return f"{head}\n{body}" if head and body else head + body


def _write_sections(sheet: _Sheet) -> Iterator[str]:
    for name, subjects in sections(sheet.graph).items():
        blocks = [_write_subject(subject, sheet) for subject in subjects]
        if not name and subjects:
            yield from blocks
            continue
        if name == "General axioms":
            blocks = [_write_subject(node, sheet) for node in sheet.nodes.roots]
            blocks.sort(key=natural)
        if blocks:
            yield f"# {name}\n"
            yield from blocks


def _write_subject(subject: Node, sheet: _Sheet) -> str:
    nameless = isinstance(subject, BNode) and subject not in sheet.nodes.shared
    head = "[]" if nameless else _flatten(subject, None, sheet)
    lines = _write_statements(subject, sheet, _INDENT)
    return "\n".join([head, *lines, ".", ""])


def _write_statements(subject: Node, sheet: _Sheet, indent: str) -> list[str]:
    return [
        f"{indent}{_verb(p, sheet)} {_lay_out(o, p, sheet, indent, _verb(p, sheet))} ;"
        for p, o in _statements(subject, sheet)
    ]


def _lay_out(term: Node, predicate: Node | None, sheet: _Sheet, indent: str, verb: str) -> str:
    """Write an object on the line of its verb when it fits, else over several lines."""
    flat = _flatten(term, predicate, sheet)
    nested = isinstance(term, BNode) and term not in sheet.nodes.shared
    if not nested or len(indent) + len(verb) + len(flat) + 3 <= WIDTH:
        return flat
    deeper = indent + _INDENT
    if term in sheet.nodes.lists:
        members = _members(term, predicate, sheet)
        lines = [f"{deeper}{_lay_out(o, None, sheet, deeper, '')}" for o in members]
        return "\n".join(["(", *lines, f"{indent})"])
    return "\n".join(["[", *_write_statements(term, sheet, deeper), f"{indent}]"])


def _flatten(term: Node, predicate: Node | None, sheet: _Sheet) -> str:
    """Write a term on one line; for a blank node this is also what it is sorted by."""
    key = (term, predicate in UNORDERED_LISTS)
    if key not in sheet.flat:
        sheet.flat[key] = _flat_text(term, predicate, sheet)
    return sheet.flat[key]


def _flat_text(term: Node, predicate: Node | None, sheet: _Sheet) -> str:
    if isinstance(term, URIRef):
        return "()" if term == RDF.nil and predicate else sheet.names.shorten(term)
    if isinstance(term, Literal):
        return write_literal(term, sheet.names)
    if term in sheet.nodes.shared:
        return _label(term, sheet)
    if term in sheet.nodes.lists:
        members = _members(term, predicate, sheet)
        return f"( {' '.join(_flatten(o, None, sheet) for o in members)} )"
    return _flat_statements(term, sheet)


def _flat_statements(node: Node, sheet: _Sheet) -> str:
    statements = [f"{_verb(p, sheet)} {_flatten(o, p, sheet)}" for p, o in _statements(node, sheet)]
    return f"[ {' ; '.join(statements)} ]" if statements else "[]"


def _label(node: Node, sheet: _Sheet) -> str:
    """Name a shared node after what it says and the named subjects that point at it."""
    pointers = sorted(
        f"{s} {p}" for s, p in sheet.graph.subject_predicates(node) if isinstance(s, URIRef)
    )
    text = "\n".join([_flat_statements(node, sheet), *pointers])
    label = f"_:x{sha256(text.encode('utf-8')).hexdigest()[:10]}"
    if sheet.labelled.setdefault(label, node) != node:
        raise FormatError(
            f"Two shared blank nodes cannot be told apart: {text[:200]}.",
            remedy="Give one of them an IRI, or delete the repeated axiom.",
            place=Place(sheet.names.source),
        )
    return label


def _members(node: Node, predicate: Node | None, sheet: _Sheet) -> list[Node]:
    members = sheet.nodes.lists[node]
    if predicate not in UNORDERED_LISTS:
        return members
    return sorted(members, key=lambda o: object_key(o, _flatten(o, None, sheet)))


def _statements(subject: Node, sheet: _Sheet) -> list[tuple[Node, Node]]:
    return sorted(
        sheet.graph.predicate_objects(subject),
        key=lambda pair: (
            predicate_key(pair[0]),
            object_key(pair[1], _flatten(pair[1], pair[0], sheet)),
        ),
    )


def _verb(predicate: Node, sheet: _Sheet) -> str:
    return "a" if predicate == RDF.type else _flatten(predicate, None, sheet)


def write_statements(graph: Graph, *, source: str = "") -> dict[Node, dict[str, tuple[Node, Node]]]:
    """Return the statements of each subject, by their text on one line, in canonical order.

    The graph is normalised in place. Nested blank nodes belong to the statement they stand in;
    a blank node that begins a block of its own is a subject too.

    Raises:
        FormatError: As for `write`.
    """
    normalise(graph)
    sheet = _Sheet(graph, survey(graph, source), names_for(graph, source))
    named = {s for s in graph.subjects() if isinstance(s, URIRef)}
    return {
        subject: {
            f"{_verb(p, sheet)} {_flatten(o, p, sheet)}": (p, o)
            for p, o in _statements(subject, sheet)
        }
        for subject in (*named, *sheet.nodes.roots)
    }

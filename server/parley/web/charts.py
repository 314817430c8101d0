"""The picture that a result asks for: a graph, bars for a count, a timeline for dates, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from parley.web import edtf, names, rendering, tables
from parley.web.pictures import bars, lanes, timeline
from parley.web.pictures.script import isolate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.web.views import Row, Value

#: What is drawn at most: bars, dated rows, nodes of a graph.
MOST_BARS: Final = 40
MOST_DATED: Final = 40
MOST_NODES: Final = 60
_AGGREGATE: Final = re.compile(
    r"\(\s*(?:COUNT|SUM|AVG)\s*\((?:[^()]|\([^()]*\))*\)\s*AS\s*[?$](\w+)\s*\)", re.IGNORECASE
)
_DATE: Final = re.compile(r"\d{2}[\dX]{2}(?:-\d\d(?:-\d\d(?:T[\d:.Z+-]+)?)?)?[~?%]?(?:/\S*)?")
#: The style of a node by the kind of its thing.
KIND_CLASS: Final = {"actor": "actor", "objective": "objective", "occurrence": "contact"}
_JOINED: Final = ("actor", "objective", "occurrence", "place", "topic")


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple to be drawn; the object is a thing."""

    subject: str
    predicate: str
    object: str


def of_rows(
    variables: Sequence[str], rows: Sequence[Row], query: str, labels: Mapping[str, Value]
) -> str:
    """Return the picture that solutions ask for, as SVG, or nothing.

    Args:
        variables: The columns, in order.
        rows: All solutions.
        query: The text of the query: a number is drawn when the query aggregates it.
        labels: What the things in the solutions are called.
    """
    if 2 <= len(rows) <= MOST_BARS:
        for name in _AGGREGATE.findall(query):
            if name in variables and tables.is_numeric(name, rows):
                return _draw_bars(variables, rows, name, labels)
    if 1 <= len(rows) <= MOST_DATED:
        for name in variables:
            if _is_dated(name, rows):
                return _draw_timeline(variables, rows, name, labels)
    return _draw_joined(variables, rows, labels)


def of_statements(statements: Sequence[Statement]) -> str:
    """Return a graph of things as a picture in three columns, or nothing when it would drown."""
    nodes = {iri for s in statements for iri in (s.subject, s.object)}
    if not 2 <= len(nodes) <= MOST_NODES:
        return ""
    labels = rendering.labels_of(nodes | {s.predicate for s in statements})
    subjects = {s.subject for s in statements}
    objects = {s.object for s in statements}
    columns = [
        lanes.Column(title, tuple(_node(iri, labels) for iri in sorted(some)))
        for title, some in (
            ("from", subjects - objects),
            ("from and to", subjects & objects),
            ("to", objects - subjects),
        )
    ]
    called = {iri: isolate(label.text) for iri, label in labels.items()}
    between: dict[tuple[str, str], list[str]] = {}
    for s in statements:
        between.setdefault((s.subject, s.object), []).append(called[s.predicate])
    edges = [
        lanes.Edge(
            one, other, f"{called[one]}: {', '.join(words)}: {called[other]}",
            names.path_of(one), ", ".join(words),
        )
        for (one, other), words in between.items()
    ]  # fmt: skip
    return lanes.draw(columns, edges, title="The graph as a picture", name="graph")


def _draw_bars(
    variables: Sequence[str], rows: Sequence[Row], name: str, labels: Mapping[str, Value]
) -> str:
    others = [v for v in variables if v != name and not tables.is_numeric(v, rows)]
    drawn = [
        bars.Bar(_title(row, others, labels), _address(row, others), float(row[name].text))
        for row in rows
        if name in row
    ]
    return bars.draw(drawn, title=f"{tables.heading(name)} by row")


def _is_dated(name: str, rows: Sequence[Row]) -> bool:
    """Say whether every bound value of a column is a date that is no bare number."""
    values = [row[name] for row in rows if name in row]
    return (
        len(values) * 2 > len(rows)
        and not tables.is_numeric(name, rows)
        and all(_DATE.fullmatch(v.text) and edtf.read(v.text) for v in values if not v.is_iri)
        and not any(v.is_iri for v in values)
    )


def _draw_timeline(
    variables: Sequence[str], rows: Sequence[Row], name: str, labels: Mapping[str, Value]
) -> str:
    others = [v for v in variables if v != name]
    items: dict[tuple[str, str], timeline.Item] = {}
    for row in rows:
        span = edtf.read(row[name].text) if name in row else None
        title, href = _subject(row, others, labels)
        kind = "stance" if "/claim/" in href or "/documents/" in href else "contact"
        at = (span.begin, span.end, span.precision) if span else (None, None, "year")
        items.setdefault((title, str(at)), timeline.Item(name, title, href, kind, *at))
    return timeline.draw(list(items.values()), title="The rows on a timeline")


def _draw_joined(variables: Sequence[str], rows: Sequence[Row], labels: Mapping[str, Value]) -> str:
    """Draw rows as lines through columns of things, when two to four columns hold such."""
    columns = [name for name in variables if _holds_things(name, rows)]
    nodes = {(name, row[name].text) for name in columns for row in rows if name in row}
    if not 2 <= len(columns) <= 4 or not 3 <= len(nodes) <= MOST_NODES or len(rows) < 2:
        return ""
    ties = {
        ((one, row[one].text), (other, row[other].text))
        for row in rows
        for one, other in pairwise(columns)
        if one in row and other in row
    }
    drawn = [
        lanes.Column(
            tables.heading(name),
            tuple(_node(iri, labels, key=f"{n} {iri}") for n, iri in sorted(nodes) if n == name),
        )
        for name in columns
    ]
    edges = [
        lanes.Edge(
            f"{a} {one}", f"{b} {other}",
            f"{isolate(labels[one].text)} – {isolate(labels[other].text)}", names.path_of(one),
        )
        for (a, one), (b, other) in sorted(ties)
    ]  # fmt: skip
    return lanes.draw(drawn, edges, title="The rows as a picture", name="rows")


def _holds_things(name: str, rows: Sequence[Row]) -> bool:
    values = [row[name] for row in rows if name in row]
    return bool(values) and all(v.is_iri and names.kind_of(v.text) in _JOINED for v in values)


def _node(iri: str, labels: Mapping[str, Value], *, key: str = "") -> lanes.Node:
    kind = KIND_CLASS.get(names.kind_of(iri), "thing")
    return lanes.Node(key or iri, labels[iri].text, names.path_of(iri), kind)


def _title(row: Row, others: Iterable[str], labels: Mapping[str, Value]) -> str:
    """Return what a row is about: what its things are called and its words, each once."""
    parts = [labels[row[n].text].text if row[n].is_iri else row[n].text for n in others if n in row]
    return " · ".join(map(isolate, dict.fromkeys(parts)))


def _address(row: Row, others: Iterable[str]) -> str:
    return next((names.path_of(row[n].text) for n in others if n in row and row[n].is_iri), "")


def _subject(row: Row, others: Iterable[str], labels: Mapping[str, Value]) -> tuple[str, str]:
    """Return title and address of what a dated row is about: a claim or contact before others."""
    iris = [row[name].text for name in others if name in row and row[name].is_iri]
    best = next((i for i in iris if names.kind_of(i) in {"claim", "occurrence"}), "")
    if not best and iris:
        best = iris[0]
    if best:
        return labels[best].text, names.path_of(best)
    return _title(row, others, labels), ""

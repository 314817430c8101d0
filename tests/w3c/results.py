"""Read result files and answers, and compare them up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .suite import RDF, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
FORMATS = {
    ".srx": ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
    ".srj": ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
    ".tsv": ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
}
RDF_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
}
#: A term as text; blank nodes begin with ``_:``.
Row = tuple[str, ...]


@dataclass(frozen=True)
class Solutions:
    """Solutions as rows of terms under sorted variables; an unbound variable is empty."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


Result = Solutions | bool | ox.Dataset


def read_expected(iri: str) -> Result:
    """Read a result file of the suites."""
    path = path_of(iri)
    if path.suffix in FORMATS:
        return read_solutions(path.read_bytes(), FORMATS[path.suffix][1])
    if path.suffix == ".csv":
        return read_csv(path.read_bytes())
    graph = read_graph(path.read_bytes(), path.suffix, iri)
    result_set = _read_result_set(graph)
    return graph if result_set is None else result_set


def read_solutions(body: bytes, result_format: ox.QueryResultsFormat) -> Solutions | bool:
    """Read a SELECT's or ASK's answer."""
    parsed = ox.parse_query_results(body, format=result_format)
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    assert isinstance(parsed, ox.QuerySolutions)
    names = sorted(variable.value for variable in parsed.variables)
    rows = [tuple(_text(solution[name]) for name in names) for solution in parsed]
    return Solutions(tuple(names), tuple(rows))


def read_csv(body: bytes) -> Solutions:
    """Read an answer in CSV: values without their kinds."""
    first, *rest = list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))
    order = sorted(range(len(first)), key=first.__getitem__)
    rows = [tuple(row[i] for i in order) if row else ("",) * len(order) for row in rest]
    return Solutions(tuple(sorted(first)), tuple(rows))


def read_graph(body: bytes, suffix: str, base: str) -> ox.Dataset:
    """Read a graph or dataset."""
    return ox.Dataset(ox.parse(input=body, format=RDF_FORMATS[suffix], base_iri=base))


def differences(expected: Result, found: Result, *, ordered: bool, lax: bool) -> str:
    """Say how a result differs from what is expected; nothing when it does not."""
    if isinstance(expected, Solutions) and isinstance(found, Solutions):
        return _compare_solutions(expected, found, ordered=ordered, lax=lax)
    if isinstance(expected, ox.Dataset) and isinstance(found, ox.Dataset):
        return "" if isomorphic(expected, found) else f"expected\n{expected}\nfound\n{found}"
    return "" if expected == found else f"expected {expected}, found {found}"


def isomorphic(one: ox.Dataset, other: ox.Dataset) -> bool:
    """Say whether two datasets are the same up to the names of blank nodes."""
    return _same_rows(_quad_rows(one), _quad_rows(other))


def _quad_rows(dataset: ox.Dataset) -> list[Row]:
    return [
        (_text(q.subject), _text(q.predicate), _text(q.object), str(q.graph_name)) for q in dataset
    ]


def _compare_solutions(expected: Solutions, found: Solutions, *, ordered: bool, lax: bool) -> str:
    if expected.variables != found.variables:
        return f"expected variables {expected.variables}, found {found.variables}"
    if lax:
        same = set(expected.rows) == set(found.rows) and len(found.rows) <= len(expected.rows)
    elif ordered and not any("_:" in term for row in expected.rows for term in row):
        same = expected.rows == found.rows
    else:
        same = _same_rows(expected.rows, found.rows)
    if same:
        return ""
    missing = Counter(expected.rows) - Counter(found.rows)
    extra = Counter(found.rows) - Counter(expected.rows)
    return f"missing {sorted(missing.elements())}\nunexpected {sorted(extra.elements())}"


def _same_rows(one: Iterable[Row], other: Iterable[Row]) -> bool:
    """Compare two bags of rows, trying every way to pair their blank nodes."""
    left, right = sorted(one, key=_shape), sorted(other, key=_shape)
    if [_shape(row) for row in left] != [_shape(row) for row in right]:
        return False
    return _pair(left, right, {})


def _pair(left: list[Row], right: list[Row], names: dict[str, str]) -> bool:
    if not left:
        return True
    row, *rest = left
    for index, candidate in enumerate(right):
        if _shape(candidate) != _shape(row):
            break
        more = _match(row, candidate, names)
        if more is not None and _pair(rest, right[:index] + right[index + 1 :], more):
            return True
    return False


def _match(row: Row, candidate: Row, names: dict[str, str]) -> dict[str, str] | None:
    names = dict(names)
    for term, other in zip(row, candidate, strict=True):
        for word, counterpart in zip(term.split(" "), other.split(" "), strict=True):
            if not word.startswith("_:"):
                if word != counterpart:
                    return None
            elif names.setdefault(word, counterpart) != counterpart:
                return None
    return names if len(set(names.values())) == len(names) else None


def _shape(row: Row) -> Row:
    """Return a row with its blank nodes made alike."""
    return tuple(
        " ".join("_:" if word.startswith("_:") else word for word in term.split(" "))
        for term in row
    )


def _text(term: object) -> str:
    """Return a term as text; a number or truth value by its value, however it is written.

    What a store does to the lexical form of a literal still shows where a query looks at it:
    in STR, sameTerm and DISTINCT.
    """
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(XSD):
        return f'"{_canonical(term.value, term.datatype.value)}"^^{term.datatype}'
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(map(_text, (term.subject, term.predicate, term.object)))} )>>"
    return "" if term is None else str(term)


def _canonical(lexical: str, datatype: str) -> str:
    kind = datatype.removeprefix(XSD)
    try:
        if kind in {"double", "float"}:
            return repr(float(lexical))
        if kind in {"decimal", "integer"}:
            return str(Decimal(lexical).normalize())
        if kind == "boolean":
            return {"1": "true", "0": "false"}.get(lexical, lexical)
    except (ValueError, ArithmeticError):
        pass
    return lexical


def _read_result_set(dataset: ox.Dataset) -> Solutions | bool | None:
    """Read a result written in the result-set vocabulary, or None."""
    root = next(
        (
            q.subject
            for q in dataset
            if q.predicate.value == f"{RDF}type" and str(q.object) == f"<{RS}ResultSet>"
        ),
        None,
    )
    if root is None:
        return None
    boolean = _objects(dataset, root, "boolean")
    if boolean:
        return str(boolean[0]).startswith('"true"')
    names = sorted(term.value for term in _objects(dataset, root, "resultVariable"))  # type: ignore[attr-defined]
    solutions = _objects(dataset, root, "solution")
    solutions.sort(key=lambda s: [int(i.value) for i in _objects(dataset, s, "index")])  # type: ignore[attr-defined]
    rows = [_read_row(dataset, solution, names) for solution in solutions]
    return Solutions(tuple(names), tuple(rows))


def _read_row(dataset: ox.Dataset, solution: object, names: list[str]) -> Row:
    bound = {
        _objects(dataset, binding, "variable")[0].value: _objects(dataset, binding, "value")[0]  # type: ignore[attr-defined]
        for binding in _objects(dataset, solution, "binding")
    }
    return tuple(_text(bound.get(name)) for name in names)


def _objects(dataset: ox.Dataset, subject: object, name: str) -> list[object]:
    found = dataset.quads_for_subject(subject)  # type: ignore[arg-type]
    return [quad.object for quad in found if quad.predicate.value == f"{RS}{name}"]

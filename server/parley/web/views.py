"""Ask the engine the queries behind the pages: files of queries/views/, with terms put in."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rdflib import URIRef

from parley.corpus import queries
from parley.endpoint.description import NamedGraph
from parley.engine.results import JSON
from parley.engine.types import Form, Query
from parley.errors import TermError
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdflib.term import Node

    from parley.engine.types import Engine
    from parley.home import Home

    Terms = Mapping[str, Node | tuple[Node, ...]]

#: Memory for answers kept, in bytes; the one not asked for longest goes first.
_KEPT_BYTES: Final = 16_777_216
_KEPT_LABELS: Final = 50_000
_KEPT_DERIVED: Final = 16
#: Things that one query asks the labels or the parts of.
MANY: Final = 250

T = TypeVar("T")


class Value(NamedTuple):
    """One value of a solution, as a page shows it."""

    text: str
    is_iri: bool = False
    language: str = ""
    datatype: str = ""


Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which solutions of a view are wanted: so many, after so many."""

    size: int
    skipped: int = 0


@dataclass
class Views:
    """The queries behind the pages of one home, over one engine.

    Answers are kept while the data stays as it is.
    """

    engine: Engine
    home: Home | None
    _kept: OrderedDict[tuple[object, ...], bytes] = field(default_factory=OrderedDict, repr=False)
    _kept_bytes: int = 0
    _derived: OrderedDict[tuple[str, ...], Any] = field(default_factory=OrderedDict, repr=False)
    _labels: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    _labels_version: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def select(
        self, name: str, terms: Terms | None = None, *, part: Slice | None = None
    ) -> list[Row]:
        """Return the solutions of a view; none when there is no home to take it from."""
        if self.home is None:
            return []
        return read_rows(self.fetch(name, "SELECT", JSON, terms, part=part))

    def select_each(self, name: str, variable: str, iris: Iterable[str]) -> list[Row]:
        """Return the solutions of a view for many values of one variable, in several queries."""
        rows: list[Row] = []
        for some in _batches(iris):
            rows += self.select(name, {variable: tuple(URIRef(iri) for iri in some)})
        return rows

    def derive(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Return what is made of many solutions, made once while the data stays as it is.

        Args:
            key: What it is, and of what.
            make: Makes it; what it returns is shared, and not to be changed.
        """
        key = (self.engine.version, *key)
        with self._lock:
            if key in self._derived:
                self._derived.move_to_end(key)
                found: T = self._derived[key]
                return found
        made = make()
        with self._lock:
            self._derived[key] = made
            while len(self._derived) > _KEPT_DERIVED:
                self._derived.popitem(last=False)
        return made

    def ask(self, name: str, terms: Terms | None = None) -> bool:
        """Return the answer to a view that asks yes or no; no without a home."""
        if self.home is None:
            return False
        return bool(json.loads(self.fetch(name, "ASK", JSON, terms))["boolean"])

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the labels of things by IRI and language; a thing without one has none."""
        version = self.engine.version
        with self._lock:
            if version != self._labels_version or len(self._labels) > _KEPT_LABELS:
                self._labels = {}
                self._labels_version = version
            kept = self._labels
        wanted = set(iris)
        missing = wanted - kept.keys()
        found: dict[str, dict[str, str]] = {iri: {} for iri in missing}
        for row in self.select_each("labels", "this", sorted(filter(_is_iri, missing))):
            found[row["this"].text].setdefault(row["label"].language, row["label"].text)
        kept.update(found)
        return {iri: found[iri] if iri in found else kept[iri] for iri in wanted}

    def is_used(self, iri: str) -> bool:
        """Say whether an IRI occurs anywhere in the data."""
        return self.ask("term-in-use", {"this": URIRef(iri)})

    def known_terms(self) -> list[str]:
        """Return the predicates and classes in use."""
        return [row["term"].text for row in self.select("predicates")]

    def named_graphs(self) -> tuple[NamedGraph, ...]:
        """Return the named graphs and their sizes."""
        rows = self.select("graphs")
        return tuple(NamedGraph(row["graph"].text, int(row["triples"].text)) for row in rows)

    def fetch(
        self,
        name: str,
        form: Form,
        media_type: str,
        terms: Terms | None = None,
        *,
        part: Slice | None = None,
    ) -> bytes:
        """Return the serialised answer to a view."""
        key = (self.engine.version, name, media_type, part, *sorted((terms or {}).items()))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        text = self.text_of(name, terms, part=part)
        body = self.engine.evaluate(Query(text, form, media_type)).body
        self._keep(key, body)
        return body

    def text_of(self, name: str, terms: Terms | None = None, *, part: Slice | None = None) -> str:
        """Return the text of a view with terms in the place of its parameters."""
        assert self.home is not None  # noqa: S101 - callers have looked
        query = queries.read(self.home.queries / "views" / f"{name}.rq")
        text = queries.bind(query, terms) if terms else query.text
        return f"{text}LIMIT {part.size:d}\nOFFSET {part.skipped:d}\n" if part else text

    def forget(self) -> None:
        """Drop all that is kept, as when the data has changed."""
        with self._lock:
            self._kept.clear()
            self._kept_bytes = 0
            self._derived.clear()
            self._labels = {}

    def _keep(self, key: tuple[object, ...], body: bytes) -> None:
        if len(body) > _KEPT_BYTES // 4:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = body
                self._kept_bytes += len(body)
            while self._kept_bytes > _KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1])


def read_rows(body: bytes) -> list[Row]:
    """Read the solutions of SPARQL results in JSON; a solution holds its bound variables only."""
    bindings = json.loads(body)["results"]["bindings"]
    named = {t["value"] for row in bindings for t in row.values() if t["type"] == "uri"}
    iris = {iri: Value(iri, is_iri=True) for iri in named}
    return [
        {
            name: iris[term["value"]] if term["type"] == "uri" else _read_value(term)
            for name, term in solution.items()
        }
        for solution in bindings
    ]


def _is_iri(text: str) -> bool:
    try:
        check_iri(text)
    except TermError:
        return False
    return True


def _batches(iris: Iterable[str]) -> list[tuple[str, ...]]:
    listed = list(iris)
    return [tuple(listed[i : i + MANY]) for i in range(0, len(listed), MANY)]


def _read_value(term: dict[str, str]) -> Value:
    if term["type"] == "triple":
        return Value(json.dumps(term["value"], ensure_ascii=False))
    return Value(term["value"], False, term.get("xml:lang", ""), term.get("datatype", ""))

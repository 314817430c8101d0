"""Ask the engine the queries behind the pages: files of queries/views/, with terms put in."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import URIRef

from parley.corpus import queries
from parley.endpoint.description import NamedGraph
from parley.engine.results import JSON
from parley.engine.types import Form, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

    from parley.engine.types import Engine
    from parley.home import Home

_KEPT: Final = 512


class Value(NamedTuple):
    """One value of a solution, as a page shows it."""

    text: str
    is_iri: bool = False
    language: str = ""
    datatype: str = ""


Row = dict[str, Value]


@dataclass
class Views:
    """The queries behind the pages of one home, over one engine.

    Answers are kept while the data stays as it is.
    """

    engine: Engine
    home: Home | None
    _kept: OrderedDict[tuple[object, ...], bytes] = field(default_factory=OrderedDict, repr=False)

    def select(self, name: str, terms: Mapping[str, Node] | None = None) -> list[Row]:
        """Return the solutions of a view; none when there is no home to take it from."""
        if self.home is None:
            return []
        return read_rows(self.fetch(name, "SELECT", JSON, terms))

    def ask(self, name: str, terms: Mapping[str, Node] | None = None) -> bool:
        """Return the answer to a view that asks yes or no; no without a home."""
        if self.home is None:
            return False
        return bool(json.loads(self.fetch(name, "ASK", JSON, terms))["boolean"])

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
        self, name: str, form: Form, media_type: str, terms: Mapping[str, Node] | None = None
    ) -> bytes:
        """Return the serialised answer to a view."""
        key = (self.engine.version, name, media_type, *sorted((terms or {}).items()))
        if key not in self._kept:
            self._kept[key] = self.engine.evaluate(
                Query(self.text_of(name, terms), form, media_type)
            ).body
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def text_of(self, name: str, terms: Mapping[str, Node] | None = None) -> str:
        """Return the text of a view with terms in the place of its parameters."""
        assert self.home is not None  # noqa: S101 - callers have looked
        query = queries.read(self.home.queries / "views" / f"{name}.rq")
        return queries.bind(query, terms) if terms else query.text


def read_rows(body: bytes) -> list[Row]:
    """Read the solutions of SPARQL results in JSON; a solution holds its bound variables only."""
    bindings = json.loads(body)["results"]["bindings"]
    return [{name: _read_value(term) for name, term in solution.items()} for solution in bindings]


def _read_value(term: dict[str, object]) -> Value:
    if term["type"] == "triple":
        return Value(json.dumps(term["value"], ensure_ascii=False))
    return Value(
        str(term["value"]),
        is_iri=term["type"] == "uri",
        language=str(term.get("xml:lang", "")),
        datatype=str(term.get("datatype", "")),
    )

"""Stores on disk and in memory: create, open, and evaluate trusted queries in this process.

Queries from outside never come here; they go to worker processes (`parley.engine.workers`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pyoxigraph as ox

from parley.engine.settled import has_drafts, settle
from parley.engine.types import Term
from parley.errors import QueryRefusedError, QuerySyntaxError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def create(directory: Path, nquads: Path) -> None:
    """Load N-Quads into a new store, compact it and write it out; blank nodes keep their labels.

    What a query reads that names no graph is made ready beside the drafts.

    Raises:
        StoreError: The directory holds something, cannot be written, or the file does not parse.
    """
    if directory.exists() and any(directory.iterdir()):
        raise StoreError(f"{directory} is not empty.", remedy="Create a store in a new directory.")
    try:
        store = ox.Store(str(directory))
        store.bulk_extend(_read_quads(nquads))
        settle(store)
        store.optimize()
        store.flush()
    except SyntaxError as error:
        raise StoreError(f"{nquads} is not N-Quads: {error}.") from error
    except OSError as error:
        raise _explain(directory, error) from error


def open_read_only(directory: Path) -> ox.Store:
    """Open an immutable store; nobody may write to it while it is open.

    Raises:
        StoreError: There is no store, or it is corrupt.
    """
    if not (directory / "CURRENT").is_file():
        raise StoreError(f"There is no store at {directory}.", remedy="Run parley build.")
    try:
        return ox.Store.read_only(str(directory))
    except (OSError, RuntimeError) as error:
        raise _explain(directory, error) from error


class MemoryStore:
    """A dataset in this process, for the project's own queries: rules, checks, views."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._read: ox.Store | None = None

    @classmethod
    def from_nquads(cls, source: Path | bytes) -> Self:
        """Load a file or bytes of N-Quads; blank nodes keep their labels.

        Raises:
            StoreError: The source does not parse or cannot be read.
        """
        store = cls()
        store.load(source)
        return store

    def load(self, source: Path | bytes, *, graph_iri: str | None = None) -> None:
        """Add N-Quads; with a graph, add N-Triples to that graph.

        Raises:
            StoreError: The source does not parse or cannot be read.
        """
        graph = ox.NamedNode(graph_iri) if graph_iri else None
        self._read = None
        try:
            quads: Iterator[ox.Quad] = _read_quads(source)
            if graph is not None:
                quads = (ox.Quad(q.subject, q.predicate, q.object, graph) for q in quads)
            self._store.bulk_extend(quads)
        except (SyntaxError, OSError) as error:
            name = source if isinstance(source, Path) else "the N-Quads"
            raise StoreError(f"Cannot load {name}: {error}.") from error

    def __len__(self) -> int:
        return len(self._store)

    def select(
        self,
        text: str,
        substitutions: Mapping[str, Term] | None = None,
        *,
        union_default_graph: bool = True,
    ) -> list[dict[str, Term]]:
        """Evaluate a SELECT; each solution maps the names of its bound variables to terms."""
        result = self._query(text, substitutions, union_default_graph=union_default_graph)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryRefusedError("The query is not a SELECT.")
        names = [variable.value for variable in result.variables]
        return [
            {name: to_term(value) for name in names if (value := solution[name]) is not None}
            for solution in result
        ]

    def construct(
        self,
        text: str,
        substitutions: Mapping[str, Term] | None = None,
        *,
        union_default_graph: bool = True,
    ) -> bytes:
        """Evaluate a CONSTRUCT or DESCRIBE and return N-Triples, each triple once, sorted."""
        result = self._query(text, substitutions, union_default_graph=union_default_graph)
        if not isinstance(result, ox.QueryTriples):
            raise QueryRefusedError("The query is not a CONSTRUCT or DESCRIBE.")
        body = result.serialize(format=ox.RdfFormat.N_TRIPLES)
        return b"".join(sorted(set((body or b"").splitlines(keepends=True))))

    def ask(
        self,
        text: str,
        substitutions: Mapping[str, Term] | None = None,
        *,
        union_default_graph: bool = True,
    ) -> bool:
        """Evaluate an ASK."""
        result = self._query(text, substitutions, union_default_graph=union_default_graph)
        if not isinstance(result, ox.QueryBoolean):
            raise QueryRefusedError("The query is not an ASK.")
        return bool(result)

    def dump(self) -> bytes:
        """Return the dataset as N-Quads, each quad once, sorted."""
        body = self._store.dump(format=ox.RdfFormat.N_QUADS) or b""
        return b"".join(sorted(body.splitlines(keepends=True)))

    def _query(
        self, text: str, substitutions: Mapping[str, Term] | None, *, union_default_graph: bool
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        values: dict[ox.Variable, OxTerm] = {
            ox.Variable(name): from_term(term) for name, term in (substitutions or {}).items()
        }
        store = self._settled() if union_default_graph else self._store
        try:
            return store.query(
                text,
                substitutions=values or None,
                use_default_graph_as_union=union_default_graph and store is self._store,
            )
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        except RuntimeError as error:
            raise QueryRefusedError(f"{error}.") from error

    def _settled(self) -> ox.Store:
        """Return the store whose union is read, or its copy whose default graph has no drafts."""
        if self._read is None:
            self._read = self._store
            if has_drafts(self._store):
                self._read = ox.Store()
                self._read.bulk_extend(self._store)
                settle(self._read)
        return self._read


def to_term(term: OxTerm) -> Term:
    """Turn the engine's term into a plain one."""
    if isinstance(term, ox.NamedNode):
        return Term("iri", term.value)
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return Term("blank", term.value)
    return Term("triple", str(term))


def from_term(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Turn a plain term into the engine's.

    Raises:
        ValueError: A value is no IRI, label or language tag, or the term is a triple.
    """
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "blank":
        return ox.BlankNode(term.value)
    if term.kind == "triple":
        raise ValueError(f"A triple term cannot be given as a value: {term.value}")
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype or XSD_STRING))


def _read_quads(source: Path | bytes) -> Iterator[ox.Quad]:
    if isinstance(source, Path):
        return ox.parse(path=str(source), format=ox.RdfFormat.N_QUADS)
    return ox.parse(input=source, format=ox.RdfFormat.N_QUADS)


def _explain(directory: Path, error: Exception) -> StoreError:
    text = str(error)
    if "corrupt" in text.lower() or "no such file" in text.lower():
        return StoreError(
            f"The store at {directory} is damaged: {text}.",
            remedy="Delete it and run parley build: the files of the home are the source.",
        )
    return StoreError(f"The store at {directory} cannot be used: {text}.")

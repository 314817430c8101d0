"""The writing process: it alone holds the working copy of a live store, and commits by copying.

A commit writes an immutable state beside the others (hard links, a few milliseconds); readers open
states, never the working copy. The working copy may be lost at any moment: the next writer makes
a new one from the state that is current.
"""

from __future__ import annotations

import sys

import pyoxigraph as ox

from parley.engine import wire
from parley.engine.worker import start, to_graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from parley.engine.worker import Handler, Reply


class Writer:
    """Applies changes to the working copy."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self.handlers: dict[int, Handler] = {
            wire.OPEN: self.open,
            wire.UPDATE: self.update,
            wire.WRITE_GRAPH: self.write_graph,
            wire.DELETE_GRAPH: self.delete_graph,
            wire.DUMP: self.dump,
            wire.COMMIT: self.commit,
        }

    def open(self, fields: list[bytes]) -> Reply:
        """Make the working copy, from a state, from N-Quads, or empty."""
        work, source, kind = (field.decode("utf-8") for field in fields)
        if kind == "store":
            ox.Store.read_only(source).backup(work)
        self._store = ox.Store(work)
        if kind == "nquads":
            self._store.bulk_extend(ox.parse(path=source, format=ox.RdfFormat.N_QUADS))
        return wire.DONE, []

    def update(self, fields: list[bytes]) -> Reply:
        """Apply a whole update request, or nothing of it."""
        text, base = (field.decode("utf-8") for field in fields)
        self._store.update(text, base_iri=base or None)
        return wire.DONE, []

    def write_graph(self, fields: list[bytes]) -> Reply:
        """Add N-Triples to a graph, emptied first if so asked; say whether it was created."""
        graph, triples, replace = fields
        name = to_graph(graph)
        created = isinstance(name, ox.NamedNode) and not self._store.contains_named_graph(name)
        if replace:
            self._store.clear_graph(name)
        if isinstance(name, ox.NamedNode):
            self._store.add_graph(name)
        self._store.load(input=triples, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
        return wire.DONE, [b"created" if created else b""]

    def delete_graph(self, fields: list[bytes]) -> Reply:
        """Remove a named graph, or empty the default graph."""
        name = to_graph(fields[0])
        if isinstance(name, ox.DefaultGraph):
            self._store.clear_graph(name)
            return wire.DONE, []
        if not self._store.contains_named_graph(name):
            return wire.MISSING, []
        self._store.remove_graph(name)
        return wire.DONE, []

    def dump(self, fields: list[bytes]) -> Reply:
        """Return the whole dataset as N-Quads."""
        del fields
        return wire.DONE, [self._store.dump(format=ox.RdfFormat.N_QUADS) or b""]

    def commit(self, fields: list[bytes]) -> Reply:
        """Write what there is to a new directory; the server brings it down to the disk."""
        target = fields[0].decode("utf-8")
        self._store.flush()
        self._store.backup(target)
        return wire.DONE, []


def main() -> None:
    """Read the options the server put on the command line, and start."""
    options = {name: int(value) for name, _, value in (a.partition("=") for a in sys.argv[1:])}
    start(options.pop("channel"), options, lambda: Writer().handlers)

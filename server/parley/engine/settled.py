"""What a query reads that names no graph: every graph but those of drafts.

What a machine has proposed and nobody has reviewed stands in graphs of its own. They are read by
GRAPH, FROM or FROM NAMED, and never by a query that does not say so.

A store without drafts is read as the union of its graphs. In one with drafts, a copy of what is
settled is put into the default graph, as a list of a thousand graphs would be asked graph by
graph for each pattern. Only a store that is written to is read by such a list.
"""

from __future__ import annotations

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

#: What the names of graphs of drafts begin with.
DRAFTS = "https://w3id.org/parley/graph/drafts/"


def settle(store: ox.Store) -> bool:
    """Copy what is settled beside drafts into the default graph; say whether there are drafts."""
    if not has_drafts(store):
        return False
    store.bulk_extend(_settled(store))
    return True


def reach(store: ox.Store, *, settled: bool) -> tuple[bool, list[GraphName] | None]:
    """Return whether the union is read, and else which graphs; None is the default graph.

    Args:
        store: A store.
        settled: Whether `settle` may have seen it.
    """
    if not has_drafts(store):
        return True, None
    copied = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    if settled and next(copied, None) is not None:
        return False, None
    kept = (name for name in store.named_graphs() if not is_draft(name))
    return False, [ox.DefaultGraph(), *kept]


def has_drafts(store: ox.Store) -> bool:
    """Say whether a store holds a graph of drafts."""
    return any(map(is_draft, store.named_graphs()))


def is_draft(name: GraphName | ox.Triple) -> bool:
    """Say whether a graph is one of drafts."""
    return isinstance(name, ox.NamedNode) and name.value.startswith(DRAFTS)


def without_drafts(nquads: bytes) -> bytes:
    """Return N-Quads, one quad on a line, without those of drafts."""
    mark = f" <{DRAFTS}".encode()
    lines = nquads.splitlines(keepends=True)
    return b"".join(line for line in lines if mark not in line[line.rfind(b" <") :])


def _settled(store: ox.Store) -> Iterator[ox.Quad]:
    for quad in store:
        if not is_draft(quad.graph_name):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)

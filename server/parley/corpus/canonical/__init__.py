"""Canonical Turtle: one text for one graph, whichever tool saved the file.

The text is read (`read`), brought to a normal form (`normalise`), put in a fixed order
(`order`) and written (`write`); the result is parsed again and must hold the same graph
(`same`) before anyone gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.corpus.canonical.normalise import normalise
from parley.corpus.canonical.read import read_turtle
from parley.corpus.canonical.same import same_graph
from parley.corpus.canonical.write import write
from parley.errors import FormatError, Place

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["format_graph", "format_turtle"]


def format_turtle(text: str, *, source: str = "", base: str | None = None) -> str:
    r"""Return the canonical Turtle of a Turtle text.

    Formatting twice is formatting once. Nothing is lost but the order of triples and of
    OWL's unordered lists, prefix names, blank node labels, declarations of built-in datatypes
    and the banners that tools write as comments. Line ends become ``\n``.

    Args:
        text: A Turtle document.
        source: The name errors give the text, such as its file.
        base: What relative IRIs are resolved against; without it they are refused.

    Raises:
        TurtleSyntaxError: The text does not parse; the place has line and column.
        FormatError: It holds comments, relative IRIs or circles of blank nodes, or is not
            Turtle at all.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    graph = read_turtle(text, source=source, base=base)
    normalise(graph)
    written = write(graph, source=source)
    return written if written == text else _checked(written, graph, source)


def format_graph(graph: Graph) -> str:
    """Return the canonical Turtle of a graph, by the prefixes that are bound in it.

    The graph is brought to its normal form, as `format_turtle` does with what it reads.

    Raises:
        FormatError: It holds circles of blank nodes, or IRIs that are none.
    """
    normalise(graph)
    return _checked(write(graph), graph, "")


def _checked(written: str, graph: Graph, source: str) -> str:
    if not same_graph(graph, read_turtle(written, source=source)):
        raise FormatError(
            "The canonical text does not hold the same graph; nothing was written.",
            remedy="This is a defect of parley format: please report it with the file.",
            place=Place(source),
        )
    return written

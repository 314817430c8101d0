"""Read a Turtle text without changing a literal, and refuse what would be lost."""

from __future__ import annotations

import re
from typing import Final

from rdflib import Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax

from parley.corpus import syntaxes
from parley.errors import FormatError, Place, TurtleSyntaxError

#: Stands for the missing base, so that a relative IRI can be told from an absolute one.
_NO_BASE: Final = "https://relative.invalid/"

_TOKEN: Final = re.compile(
    r"""
    (?P<string>"{3}(?:[^"\\]|\\.|"(?!""))*"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
              |"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^<>"{}|^`\x00-\x20]*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<unclosed>["'])
    |(?P<word>(?:[^\s<>"'#;,\[\]()^@{}\\]|\\.)+)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER: Final = re.compile(
    r"(?P<integer>[+-]?[0-9]+)|(?P<decimal>[+-]?[0-9]*\.[0-9]+)"
    r"|(?P<double>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)"
)
#: Comments that tools write by themselves: rulers, section names, the entity's IRI, the tool.
_BANNER: Final = re.compile(
    r"""[\#\s]+$
    |\#{3}\s+\S+$
    |\#\s+https?://\S+$
    |\#[\#\s]*\ Generated\ by\ the\ OWL\ API\b.*
    |\#[\#\s]*\ (?:Annotation\ properties|Datatypes|Object\ Properties|Data\ properties|Classes
        |Individuals|Annotations|General\ axioms|Rules|Shapes)$
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_turtle(text: str, *, source: str = "", base: str | None = None) -> Graph:
    """Parse a Turtle text into a graph whose literals are as written.

    Raises:
        TurtleSyntaxError: It does not parse; the place has line and column.
        FormatError: It has comments, relative IRIs (without a base), or another syntax.
    """
    if name := syntaxes.recognise(text):
        message = f"The file is {name}, not Turtle."
        raise FormatError(message, remedy=syntaxes.REMEDY, place=Place(source, 1))
    graph = Graph()
    try:
        graph.parse(data=_expand_numbers(text, source), format="turtle", publicID=base or _NO_BASE)
    except BadSyntax as error:
        raise _syntax_error(error, text, source) from error
    except (AssertionError, ValueError, IndexError, RecursionError) as error:
        message = str(error)[:200] or "It nests too deep"
        raise TurtleSyntaxError(f"{message}.", place=Place(source)) from error
    _refuse_relative(graph, text, source)
    return graph


def _expand_numbers(text: str, source: str) -> str:
    """Write bare numbers as typed literals, which the parser leaves as they are."""

    def expand(match: re.Match[str]) -> str:
        token = match[0]
        if match.lastgroup == "comment":
            _refuse_comment(token, text, match.start(), source)
            return ""
        if match.lastgroup == "unclosed":
            place = _place(source, text, match.start())
            raise TurtleSyntaxError("A string begins that is never closed.", place=place)
        if match.lastgroup != "word":
            return token
        word = token.rstrip(".")
        number = _NUMBER.fullmatch(word)
        if number is None:
            return token
        typed = f'"{word}"^^<http://www.w3.org/2001/XMLSchema#{number.lastgroup}>'
        return typed + token[len(word) :]

    return _TOKEN.sub(expand, text)


def _refuse_comment(comment: str, text: str, offset: int, source: str) -> None:
    if _BANNER.match(comment.rstrip()):
        return
    raise FormatError(
        f"The comment {comment[:80]!r} would be lost: tools that save Turtle keep no comments.",
        remedy="Say it in the graph, with rdfs:comment or skos:editorialNote, or delete it.",
        place=_place(source, text, offset),
    )


def _refuse_relative(graph: Graph, text: str, source: str) -> None:
    relative = sorted(
        {
            str(term)
            for triple in graph
            for term in triple
            if isinstance(term, URIRef) and (term.startswith(_NO_BASE) or ":" not in term)
        }
    )
    if not relative:
        return
    written = relative[0].removeprefix(_NO_BASE)
    offset = text.find(f"<{written}>")
    raise FormatError(
        f"The IRI <{written}> is relative, and the file has no @base.",
        remedy="Write the whole IRI.",
        place=_place(source, text, offset) if offset >= 0 else Place(source),
    )


def _syntax_error(error: BadSyntax, text: str, source: str) -> TurtleSyntaxError:
    """Say where it is; the column only if the parser saw the line as it stands in the text."""
    parsed = error._str.decode("utf-8")
    place = _place(source, parsed, error._i)
    row = (place.line or 1) - 1
    if parsed.split("\n")[row : row + 1] != text.split("\n")[row : row + 1]:
        place = Place(source, place.line)
    return TurtleSyntaxError(f"{error._why}.", place=place)


def _place(source: str, text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    return Place(source, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)

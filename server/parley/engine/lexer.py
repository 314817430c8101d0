r"""A linear lexer of SPARQL 1.1 and 1.2 that knows which bracket stands inside which.

It reads text as the engine does, not as a tokeniser by longest match would. The engine needs no
space between a keyword and what follows, decodes ``\u`` only inside strings and IRIs, and takes
``<`` after an operand in an expression for *less than*, even where an IRI could begin:
``FILTER(?a<1)SERVICE?v#>`` is a comparison, a federated call and a comment. Whoever reads ``<…>``
as an IRI there overlooks the call. So the kind of each bracket is tracked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from parley.errors import Place, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a bracket holds."""

    GROUP = "group graph pattern"
    TEMPLATE = "template or data"
    VALUES = "values"
    LIST = "collection or path"
    EXPRESSION = "expression"
    NODE = "blank node or annotation"
    TRIPLE = "triple term"


@dataclass(slots=True)
class Frame:
    """An open bracket, with what the reader of tokens counts in it."""

    kind: Kind
    text: str
    start: int
    #: In the part of a query where parentheses hold expressions: SELECT, GROUP BY, HAVING, …
    clause: bool = False
    #: Whether VALUES was read and its braces are still to come.
    values: bool = False
    #: Triple patterns and path steps; shared by groups that are joined.
    patterns: list[int] | None = None


class Token(NamedTuple):
    """A token: its type, text and offset in code points."""

    type: str
    text: str
    start: int


# https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS: Final = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NAME: Final = rf"{_BASE}_{_MARKS}\-"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_INNER: Final = rf"(?:[{_NAME}:]|{_ESCAPED})"
_LOCAL: Final = rf"(?:(?:[{_BASE}_0-9:]|{_ESCAPED})(?:{_INNER}|\.+(?={_INNER}))*+)?"

#: Spaces and comments before a token; they are matched together with it.
_SKIP: Final = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
IRI: Final = r"(?P<iri><(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)"
STRING: Final = (
    r'(?P<string>"""(?:"{0,2}(?:[^"\\]|\\[\s\S]))*+"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\[\s\S]))*+'''"
    r'|"(?!"")(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?!'')(?:[^'\\\r\n]|\\.)*+')"
)
_REST: Final = "|".join(
    (
        STRING,
        rf"(?P<variable>[?$][{_BASE}_0-9][{_BASE}_{_MARKS}]*+)",
        rf"(?P<blank>_:[{_BASE}_0-9](?:[{_NAME}]|\.+(?=[{_NAME}]))*+)",
        rf"(?P<name>:{_LOCAL})",
        rf"(?P<word>(?:[{_BASE}_]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})"
        r"(?:[A-Za-z0-9_]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+)",
        r"(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)",
        r"(?P<language>@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+)",
        r"(?P<open>\{\||<<|[{(\[])",
        r"(?P<close>\|\}|[})\]])",
        r"(?P<operator>\^\^|&&|\|\||!=|<=|>=|[=<>!+\-*/|^?.;,~])",
    )
)
#: All that a prefix may be made of, to see whether a colon follows.
_RUN: Final = re.compile(rf"[{_NAME}.]*+")
_PREFIXED: Final = re.compile(rf"[{_BASE}](?:[{_NAME}]|\.+(?=[{_NAME}]))*+:{_LOCAL}")
#: After an operand in an expression ``<`` compares; anywhere else it begins an IRI if it can.
_COMPARING: Final = re.compile(rf"{_SKIP}(?:(?P<less><=?)|{_REST}|(?P<end>\Z))")
_NAMING: Final = re.compile(rf"{_SKIP}(?:{IRI}|{_REST}|(?P<end>\Z))")
_SKIPPED: Final = re.compile(_SKIP)

_CLOSES: Final = {"{": "}", "(": ")", "[": "]", "{|": "|}", "<<": ">>"}
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPERANDS: Final = frozenset(
    {"iri", "string", "variable", "blank", "name", "number", "language", "close"}
)
_NOTHING: Final = Token("", "", 0)
#: A prefix that begins like this, followed by a bracket, can be read as a keyword and a name.
_GLUED: Final = re.compile(r".*(?:FILTER|HAVING|SERVICE|BY)", re.IGNORECASE | re.DOTALL)


class Lexer:
    """Reads one text once; `stack` is the open brackets when a token comes out.

    An opening bracket comes out after its frame is pushed, a closing one after its frame is
    popped (`closed`).
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.stack: list[Frame] = [Frame(Kind.TEMPLATE, "", 0, clause=True)]
        self.closed: Frame | None = None
        self.last = _NOTHING
        self.before_last = _NOTHING
        self._bare_until = 0

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens without spaces and comments.

        Raises:
            QuerySyntaxError: A character belongs to no token, or a bracket has no partner.
        """
        position = 0
        while (token := self._next(position)) is not None:
            position = token.start + len(token.text)
            if token.type == "open":
                self._push(self._kind_of(token), token)
            elif token.type == "close":
                self._pop(token)
            elif token.type == "word":
                self._note_word(token.text.upper())
            yield token
            self.before_last, self.last = self.last, token
        if len(self.stack) > 1:
            frame = self.stack[-1]
            raise self.error(f"This {frame.text} is never closed.", frame.start)

    def error(self, message: str, position: int) -> QuerySyntaxError:
        """Make a syntax error at an offset."""
        return QuerySyntaxError(message, place=place(self._text, position))

    def operand_before(self) -> bool:
        """Tell whether the last token ends an operand."""
        if self.last.type == "word":
            return self.last.text.lower().endswith(("true", "false"))
        return self.last.type in _OPERANDS

    def _next(self, position: int) -> Token | None:
        """Return the token at or after an offset, or nothing at the end of the text."""
        comparing = self.stack[-1].kind is Kind.EXPRESSION and self.operand_before()
        match = (_COMPARING if comparing else _NAMING).match(self._text, position)
        if match is None:
            raise self._no_token(position)
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if kind == "word":
            if start >= self._bare_until and (name := self._name_at(start)):
                kind, end = "name", name.end()
        elif kind == "less":
            kind = "operator"
        elif kind == "end":
            return None
        elif kind == "operator" and self._closes_triple(start):
            kind, end = "close", end + 1
        return Token(kind, self._text[start:end], start)

    def _no_token(self, position: int) -> QuerySyntaxError:
        skipped = _SKIPPED.match(self._text, position)
        start = skipped.end() if skipped else position
        return self.error(_explain_character(self._text[start]), start)

    def _name_at(self, position: int) -> re.Match[str] | None:
        """Return the prefixed name here; a run of characters without a colon is looked at once."""
        run = _RUN.match(self._text, position)
        end = run.end() if run else position
        if self._text.startswith(":", end):
            return _PREFIXED.match(self._text, position)
        self._bare_until = end
        if not self._text[position].isascii():
            raise self.error(_explain_character(self._text[position]), position)
        return None

    def _closes_triple(self, start: int) -> bool:
        return self.stack[-1].kind is Kind.TRIPLE and self._text.startswith(">>", start)

    def _push(self, kind: Kind, token: Token) -> None:
        parent = self.stack[-1]
        if token.text == "{":
            parent.clause = parent.values = False
        self.stack.append(Frame(kind, token.text, token.start))

    def _pop(self, token: Token) -> None:
        frame = self.stack[-1]
        if _CLOSES.get(frame.text) != token.text:
            raise self.error(self._mismatch(frame, token), token.start)
        self.closed = self.stack.pop()

    def _mismatch(self, frame: Frame, token: Token) -> str:
        if len(self.stack) == 1:
            return f"This {token.text} closes nothing."
        where = place(self._text, frame.start)
        return (
            f"This {token.text} does not close the {frame.text} of line {where.line}, "
            f"column {where.column}."
        )

    def _note_word(self, word: str) -> None:
        frame = self.stack[-1]
        if "VALUES" in word:
            frame.values, frame.clause = True, False
        elif "SELECT" in word or word.endswith(("BY", "HAVING")):
            frame.clause = True

    def _kind_of(self, token: Token) -> Kind:
        parent = self.stack[-1]
        if token.text == "{":
            return self._kind_of_braces(parent)
        if token.text == "(":
            return self._kind_of_parenthesis(parent)
        return Kind.TRIPLE if token.text == "<<" else Kind.NODE

    def _kind_of_braces(self, parent: Frame) -> Kind:
        if parent.values:
            return Kind.VALUES
        word = self.last.text.upper() if self.last.type == "word" else ""
        if word.endswith(("CONSTRUCT", "DATA", "INSERT", "DELETE")):
            return Kind.TEMPLATE
        inside_template = parent.kind is Kind.TEMPLATE and len(self.stack) > 1
        return Kind.TEMPLATE if inside_template else Kind.GROUP

    def _kind_of_parenthesis(self, parent: Frame) -> Kind:
        if parent.kind is Kind.EXPRESSION or len(self.stack) == 1:
            return Kind.EXPRESSION
        if self.last.type == "word":
            return Kind.LIST if self.last.text in {"a", "true", "false"} else Kind.EXPRESSION
        if parent.kind is not Kind.GROUP:
            return Kind.LIST
        return self._kind_after_name(parent)

    def _kind_after_name(self, parent: Frame) -> Kind:
        """Tell a call from a collection where an IRI or a name stands before the bracket."""
        if parent.clause:
            return Kind.EXPRESSION
        if self.last.type == "name" and _GLUED.match(self.last.text.partition(":")[0]):
            raise self.error(
                f"{self.last.text} can be read as a keyword and a name; rename the prefix.",
                self.last.start,
            )
        word = self.before_last.text.upper() if self.before_last.type == "word" else ""
        called = self.last.type in {"iri", "name"} and word.endswith("FILTER")
        return Kind.EXPRESSION if called else Kind.LIST


def place(text: str, position: int) -> Place:
    """Return the line and column of an offset, both counted from 1."""
    line = text.count("\n", 0, position) + 1
    return Place("query", line, position - (text.rfind("\n", 0, position) + 1) + 1)


def decode(text: str) -> str:
    r"""Replace ``\uXXXX`` and ``\UXXXXXXXX`` by their characters; what is none stays."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_decode_one, text)


def _decode_one(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _explain_character(character: str) -> str:
    if character in "\"'":
        return f"The string that begins with {character} here is never closed."
    return f"The character {character!r} cannot stand here."

"""Hold queries to the letter of the grammar where the engine's own parser is looser or stricter.

- ``TRUE`` and ``False`` are written in lower case for the engine, which reads no other.
- ``GROUP_CONCAT(…)`` becomes ``STR(GROUP_CONCAT(…))``: the standard makes a plain text of it, where
  the engine keeps the language that all parts have.
- ``?x<?a&&?b>?y`` holds an IRI by the rule of the longest token and is refused; the engine would
  take it for two comparisons.
- An aggregate inside an aggregate, and in an expression a triple term or literal as the subject
  of a triple term, are refused; the engine takes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from parley.engine.lexer import Lexer, place
from parley.engine.outline import OutlineMemory
from parley.errors import QuerySyntaxError

if TYPE_CHECKING:
    from parley.engine.lexer import Token

_BOOLEANS: Final = frozenset({"TRUE", "FALSE"})
_AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_IRI: Final = re.compile(r"<[^\x00-\x20<>\"{}|^`\\]*>")
#: Texts whose reading is remembered: short ones, as clients repeat them.
_KEPT_LENGTH: Final = 8_192
_AGGREGATE: Final = "(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)"
#: Without one of these, only a comparison could be misread.
_SUSPECT: Final = re.compile(
    rf"TRUE|FALSE|<<|GROUP_CONCAT|{_AGGREGATE}.*{_AGGREGATE}", re.IGNORECASE | re.DOTALL
)
#: Queries that the engine reads as the grammar does.
_UNCHANGED: Final[OutlineMemory[bool]] = OutlineMemory()


def hold_to_grammar(text: str) -> str:
    """Return the text as the engine is to read it.

    Raises:
        QuerySyntaxError: The grammar does not allow the text although the engine would.
    """
    if _UNCHANGED.recall(text):
        return text
    rewritten = _rewrite(text)
    if rewritten is text:
        _UNCHANGED.keep(text, True)
    return rewritten


def may_differ(text: str) -> bool:
    """Say whether a text holds anything the engine could misread; most hold nothing.

    Comparisons stand in parentheses, so an IRI before the first parenthesis is none.
    """
    if _SUSPECT.search(text) is not None:
        return True
    opened = text.find("(")
    return opened >= 0 and _IRI.search(text, opened) is not None


def _rewrite(text: str) -> str:
    if not may_differ(text):
        return text
    return _read_kept(text) if len(text) <= _KEPT_LENGTH else _read(text)


@lru_cache(maxsize=512)
def _read_kept(text: str) -> str:
    return _read(text)


def _read(text: str) -> str:
    reader = _Reader(text)
    for token in Lexer(text).tokens():
        reader.read(token)
    return reader.rewritten()


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket: whether an aggregate or another expression stands in it, what it ends."""

    is_aggregate: bool = False
    is_text: bool = False
    is_expression: bool = False


class _Reader:
    """Looks at one token after the other, remembering the two before it.

    What is to be written otherwise is kept in the order of the text: where it starts, where it
    ends, and what takes its place.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._before: list[str] = ["", ""]
        self._brackets = [_Bracket()]
        self._start_before = 0
        self._edits: list[tuple[int, int, str]] = []

    def read(self, token: Token) -> None:
        """Check one token."""
        upper = token.text.upper() if token.type == "word" else ""
        if upper in _BOOLEANS and not token.text.islower():
            self._edits.append((token.start, token.start + len(token.text), token.text.lower()))
        if token.type == "operator" and token.text == "<" and _IRI.match(self._text, token.start):
            raise self._error("This reads as an IRI.", "Write a space after <.", token)
        if self._before == ["<<", "("] and self._brackets[-1].is_expression:
            self._check_subject(token, upper)
        if token.type == "open":
            self._open(token)
        elif token.type == "close" and len(self._brackets) > 1:
            self._close(token)
        self._before = [self._before[1], upper or token.text]
        self._start_before = token.start

    def rewritten(self) -> str:
        """Return the text with its edits, itself when there are none."""
        if not self._edits:
            return self._text
        pieces, done = [], 0
        for start, end, instead in self._edits:
            pieces += [self._text[done:start], instead]
            done = end
        return "".join([*pieces, self._text[done:]])

    def _open(self, token: Token) -> None:
        outer = self._brackets[-1] if token.text != "{" else _Bracket()
        word = self._before[1] if token.text == "(" else ""
        if word in _AGGREGATES and outer.is_aggregate:
            raise self._error("An aggregate stands inside an aggregate.", "Use a sub-query.", token)
        is_text = word == "GROUP_CONCAT"
        if is_text:
            self._edits.append((self._start_before, self._start_before, "STR("))
        self._brackets.append(
            _Bracket(
                is_text=is_text,
                is_aggregate=outer.is_aggregate or word in _AGGREGATES,
                is_expression=outer.is_expression or (word.isalpha() and word != "A"),
            )
        )

    def _close(self, token: Token) -> None:
        if self._brackets.pop().is_text:
            end = token.start + len(token.text)
            self._edits.append((end, end, ")"))

    def _check_subject(self, token: Token, upper: str) -> None:
        if token.type in {"string", "number"} or token.text == "<<" or upper in _BOOLEANS:
            raise self._error(
                "The subject of a triple term is a literal or a triple term.",
                "Use an IRI, a blank node or a variable.",
                token,
            )

    def _error(self, message: str, remedy: str, token: Token) -> QuerySyntaxError:
        return QuerySyntaxError(message, remedy=remedy, place=place(self._text, token.start))

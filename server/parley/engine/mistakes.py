"""Say where and what is wrong in a text the engine's parser refused, in words a person knows.

The parser names the furthest character it looked at and all it could have taken there, which is
often past the mistake and seldom readable. The tokens before that place tell more.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from parley.engine.lexer import Lexer, place
from parley.errors import (
    PayloadTooLargeError,
    QueryRefusedError,
    QuerySyntaxError,
    RemoteEngineError,
    StoreError,
)

if TYPE_CHECKING:
    from parley.engine.inspection import Inspection
    from parley.engine.lexer import Token
    from parley.errors import ParleyError

#: The words of SPARQL 1.1 and 1.2, queries and updates, in upper case.
_WORDS: Final = """
    A ABS ADD ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL CLEAR COALESCE CONCAT CONSTRUCT
    CONTAINS COPY COUNT CREATE DATA DATATYPE DAY DEFAULT DELETE DESC DESCRIBE DISTINCT DROP
    ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING
    HOURS IF IN INSERT INTO IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR
    LANGMATCHES LATERAL LCASE LIMIT LOAD MAX MD5 MIN MINUS MINUTES MONTH MOVE NAMED NOT NOW OBJECT
    OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS
    SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS
    STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TO TRIPLE TRUE TZ UCASE
    UNDEF UNION URI USING UUID VALUES VERSION WHERE WITH YEAR
"""
#: How failures of the store and of a text's evaluation begin; the rest is what a called server did.
_OWN_FAILURES: Final = ("IO error", "Corruption", "No space", "The custom function", "The graph <")
KEYWORDS: Final = frozenset(_WORDS.split())


def explain(text: str, error: QuerySyntaxError) -> QuerySyntaxError:
    """Make the error the writer of the text can use of the parser's error."""
    tokens = list(Lexer(text).tokens())
    for token in tokens:
        if token.type == "word" and not _is_made_of_keywords(token.text.upper()):
            return _unknown_word(text, token)
    if error.place is None or error.place.line is None or error.place.column is None:
        return error
    seen = _offset(text, error.place.line, error.place.column)
    before = [token for token in tokens if token.start < seen]
    if not before:
        return QuerySyntaxError("The text ends before it says anything.", place=place(text, 0))
    return _not_expected(text, before[-1], error)


def check_called(inspection: Inspection, error: ParleyError) -> None:
    """Tell the failure of a server that SERVICE or LOAD called from one of the text or the store.

    Raises:
        RemoteEngineError: It could not be reached, or sent what cannot be read: another status, a
            media type that is none of RDF or SPARQL results, or a body that does not parse.
    """
    said = error.message.partition("\n")[0].removeprefix("The store failed: ")
    if not inspection.calls or _is_own(error, said):
        return
    called = [call for call in inspection.calls if call.iri and call.iri in said]
    names = dict.fromkeys(f"{call.word} {call.iri}" for call in called or inspection.calls)
    raise RemoteEngineError(
        f"{' or '.join(names)} failed: {said[:300]}",
        remedy="See whether the other server is up and answers in RDF or SPARQL results.",
        place=error.place,
    ) from error


def _is_own(error: ParleyError, said: str) -> bool:
    """Say whether a failure is the text's or the store's; a called document has other places."""
    if isinstance(error, QuerySyntaxError):
        return error.place is not None and error.place.source == "query"
    foreign = (QueryRefusedError, PayloadTooLargeError, StoreError)
    return not isinstance(error, foreign) or said.startswith(_OWN_FAILURES)


def _not_expected(text: str, token: Token, error: QuerySyntaxError) -> QuerySyntaxError:
    where = place(text, token.start)
    if error.remedy:
        return QuerySyntaxError(error.remedy, place=where)
    return QuerySyntaxError(
        f"The text does not follow the grammar at {_shorten(token.text)!r} or just before it.",
        place=where,
    )


def _unknown_word(text: str, token: Token) -> QuerySyntaxError:
    near = difflib.get_close_matches(token.text.upper(), sorted(KEYWORDS), n=1, cutoff=0.7)
    remedy = f"Did you mean {near[0]}?" if near else "Write IRIs as <…> or prefix:name."
    return QuerySyntaxError(
        f"{_shorten(token.text)} is no word of SPARQL.",
        remedy=remedy,
        place=place(text, token.start),
    )


def _is_made_of_keywords(word: str) -> bool:
    """Tell whether a word is a keyword, or keywords without a space, which the parser takes."""
    reached = [True] + [False] * len(word)
    for end in range(1, len(word) + 1):
        starts = range(max(0, end - 14), end)
        reached[end] = any(reached[start] and word[start:end] in KEYWORDS for start in starts)
    return reached[-1]


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"

"""Put a protocol's using-graph-uri parameters into the text of an update.

The engine has no parameter for them, so they become USING clauses
(https://www.w3.org/TR/sparql11-protocol/#update-dataset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.engine.inspection import inspect
from parley.engine.lexer import Lexer, Token
from parley.errors import RequestError
from parley.terms import check_iri

if TYPE_CHECKING:
    from parley.engine.types import Update


def insert_using(update: Update) -> str:
    """Return the update's text with its using lists as clauses before every WHERE.

    Raises:
        RequestError: The text has USING or WITH of its own.
        TermError: A graph name is not an absolute IRI.
    """
    if update.using_graph_iris is None and update.using_named_graph_iris is None:
        return update.text
    inspection = inspect(update.text)
    if inspection.has_dataset or inspection.has_with:
        raise RequestError(
            "The update says USING or WITH, and the request names using graphs too.",
            remedy="Name the dataset in one of the two places.",
        )
    clauses = [f"USING <{check_iri(iri)}>" for iri in update.using_graph_iris or ()]
    clauses += [f"USING NAMED <{check_iri(iri)}>" for iri in update.using_named_graph_iris or ()]
    return _insert(update.text, f" {' '.join(clauses)} ")


def _insert(text: str, clauses: str) -> str:
    """Insert clauses before WHERE; ``DELETE WHERE {P}`` has no place for them and is spelt out."""
    pieces: list[str] = []
    done = 0
    short: int | None = None
    lexer = Lexer(text)
    for token in lexer.tokens():
        if len(lexer.stack) != 1:
            continue
        if _is_where(token):
            where = token.start + len(token.text) - len("WHERE")
            pieces.append(text[done:where])
            done = where
            if _is_short(token, lexer.last):
                short = where + len("WHERE")
            else:
                pieces.append(clauses)
        elif token.text == "}" and short is not None:
            pattern = text[short : token.start + 1]
            pieces.append(f"{pattern}{clauses}WHERE{pattern}")
            done, short = token.start + 1, None
    return "".join((*pieces, text[done:]))


def _is_where(token: Token) -> bool:
    return token.type == "word" and token.text.upper().endswith("WHERE")


def _is_short(token: Token, last: Token) -> bool:
    words = (last.text if last.type == "word" else "") + token.text
    return words.upper().endswith("DELETEWHERE")

"""The pre-check: whether a query or update is let in, before any engine sees it.

Texts it refuses would call other servers, or would take the engine down or hold it up in its
parser and planner, where a deadline is all that could stop them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parley.engine.inspection import Call, Inspection, inspect
from parley.engine.outline import OutlineMemory
from parley.errors import PayloadTooLargeError, Place, QueryRefusedError, QuerySyntaxError
from parley.namespaces import PREFIXES

if TYPE_CHECKING:
    from parley.config import Settings

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a text may hold."""

    max_bytes: int = 65_536
    max_update_bytes: int = 16_777_216
    max_nesting: int = 64
    max_patterns: int = 60
    max_operators: int = 500
    max_branches: int = 100
    allowed_calls: frozenset[str] = frozenset()
    #: Queries that were let in. Whether they are depends on no value in them; the addresses they
    #: call are values, so those that call any are left out.
    passed: OutlineMemory[Inspection] = field(
        default_factory=OutlineMemory, compare=False, repr=False
    )

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """Take the limits from the settings."""
        return cls(
            max_bytes=settings.max_query_bytes,
            max_update_bytes=settings.max_update_bytes,
            max_nesting=settings.max_nesting,
            max_patterns=settings.max_patterns,
            max_operators=settings.max_operators,
            max_branches=settings.max_branches,
            allowed_calls=frozenset(settings.service_allow),
        )


def check_query(text: str, limits: Limits) -> Inspection:
    """Let a query in, or say why not.

    Raises:
        PayloadTooLargeError: It is too long.
        QuerySyntaxError: It is no query, or uses a prefix it does not declare.
        QueryRefusedError: It calls another server, or is too deep, wide or long for the planner.
    """
    _check_size(text, limits.max_bytes)
    passed = limits.passed.recall(text)
    if passed is not None:
        return passed
    inspection = inspect(text)
    if inspection.form is None:
        raise _no_query(inspection)
    _check(text, inspection, limits)
    if not inspection.calls:
        limits.passed.keep(text, inspection)
    return inspection


def check_update(text: str, limits: Limits) -> Inspection:
    """Let an update in, or say why not; it may be long, its data is not counted as patterns.

    Raises:
        PayloadTooLargeError: It is too long.
        QuerySyntaxError: It is no update, or uses a prefix it does not declare.
        QueryRefusedError: It calls another server, or is too deep, wide or long for the planner.
    """
    _check_size(text, limits.max_update_bytes)
    inspection = inspect(text)
    if inspection.form is not None:
        raise QuerySyntaxError(
            f"This is a query ({inspection.form}), not an update.",
            remedy="Send it as a query.",
        )
    _check(text, inspection, limits)
    return inspection


def _no_query(inspection: Inspection) -> QuerySyntaxError:
    if inspection.is_update:
        return QuerySyntaxError(
            "This is an update, not a query.", remedy="Send it as an update to a writable server."
        )
    return QuerySyntaxError(
        "There is no SELECT, ASK, CONSTRUCT or DESCRIBE.", place=Place("query", 1, 1)
    )


def _check_size(text: str, max_bytes: int) -> None:
    if 4 * len(text) <= max_bytes:
        return
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise PayloadTooLargeError(
            f"The text has {size} bytes; {max_bytes} are allowed.", remedy="Shorten it."
        )


def _check(text: str, inspection: Inspection, limits: Limits) -> None:
    for call in inspection.calls:
        _check_call(text, call, limits)
    counts = (
        (inspection.depth, limits.max_nesting, "levels of brackets", inspection.deepest),
        (inspection.patterns, limits.max_patterns, "patterns in a group", inspection.crowded),
        (inspection.operators, limits.max_operators, f"times {inspection.operator}", None),
        (inspection.branches, limits.max_branches, "branches (UNION, OPTIONAL, MINUS)", None),
    )
    for count, most, what, where in counts:
        if count > most:
            raise QueryRefusedError(
                f"There are {count} {what}; {most} are allowed.",
                remedy="Split it into several queries.",
                place=where,
            )
    if inspection.undeclared is not None:
        raise _undeclared(*inspection.undeclared)


def _check_call(text: str, call: Call, limits: Limits) -> None:
    if call.iri is None or call.iri not in limits.allowed_calls or _is_moved(text, call.iri):
        target = "a variable" if call.iri is None else f"<{call.iri}>"
        raise QueryRefusedError(
            f"{call.word} may not call {target}: this server calls only addresses it was given.",
            remedy="Fetch the data yourself, or ask the operator to allow the address.",
            place=call.place,
        )


def _is_moved(text: str, iri: str) -> bool:
    """Say whether a BASE in the text may turn a relative address into another than was allowed."""
    return _SCHEME.match(iri) is None and ("BASE" in text.upper() or "\\" in text)


def _undeclared(prefix: str, where: Place) -> QuerySyntaxError:
    known = PREFIXES.get(prefix)
    remedy = f"Add PREFIX {prefix}: <{known}>" if known else f"Declare it: PREFIX {prefix}: <…>"
    return QuerySyntaxError(f"The prefix {prefix}: is not declared.", remedy=remedy, place=where)

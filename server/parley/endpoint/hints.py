"""Say in a person's words what is wrong with a query: a prefix not declared, a term not in use."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from parley.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What may hold a colon without being a prefixed name: IRIs, strings, comments.
_OPAQUE: Final = re.compile(
    r'<[^<>"{}|^`\\\s]*>|"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\''
    r"|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|#[^\n]*"
)
_PREFIXED: Final = re.compile(r"(?<![\w.:%-])([^\W\d_][\w.-]*)?:[\w%\\-]*")
_DECLARATION: Final = re.compile(r"\bPREFIX\s+([\w.-]*):\s*", re.IGNORECASE)
_IRI: Final = re.compile(r'<([^<>"{}|^`\\\s]*)>')


def explain_syntax_error(error: QuerySyntaxError, text: str) -> QuerySyntaxError:
    """Return the error in a person's words when its cause is a prefix nobody declared."""
    missing = undeclared_prefixes(text)
    if not missing:
        return error
    lines = [declaration_of(prefix) for prefix in missing]
    names = ", ".join(f"{prefix}:" for prefix in missing)
    verb = "is" if len(missing) == 1 else "are"
    return QuerySyntaxError(
        f"{names} {verb} used but not declared.",
        remedy=f"Add at the top: {' '.join(lines)}",
        place=error.place,
    )


def undeclared_prefixes(text: str) -> list[str]:
    """Return the prefixes a query uses without declaring them, in order of appearance."""
    declared = set(_DECLARATION.findall(_without_strings(text)))
    body = _DECLARATION.sub(" ", _OPAQUE.sub(" ", text))
    used = (match.group(1) or "" for match in _PREFIXED.finditer(body))
    return [prefix for prefix in dict.fromkeys(used) if prefix not in declared and prefix != "_"]


def declaration_of(prefix: str) -> str:
    """Return the PREFIX line that declares a prefix, with our namespace when we know it."""
    from parley.namespaces import PREFIXES

    return f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"


def terms_of(text: str) -> list[str]:
    """Return the IRIs a query names, prefixed names written out, each once."""
    prefixes = _read_declarations(text)
    body = re.sub(r"\b(?:PREFIX\s+[\w.-]*:|BASE|FROM(?:\s+NAMED)?)\s*<[^>]*>", " ", text, flags=re.I)
    iris = _IRI.findall(_without_strings(body))
    names = _OPAQUE.sub(" ", body)
    for match in _PREFIXED.finditer(names):
        prefix, _, local = match.group().partition(":")
        if prefix in prefixes and local:
            iris.append(prefixes[prefix] + local)
    return list(dict.fromkeys(iri for iri in iris if ":" in iri))


def nearest(iri: str, known: Iterable[str]) -> str:
    """Return the known IRI whose spelling is nearest, or nothing when none is near."""
    found = difflib.get_close_matches(iri, list(known), n=1, cutoff=0.85)
    return found[0] if found else ""


def _read_declarations(text: str) -> dict[str, str]:
    pattern = r"\bPREFIX\s+([\w.-]*):\s*<([^>]*)>"
    return dict(re.findall(pattern, text, flags=re.IGNORECASE))


def _without_strings(text: str) -> str:
    return _OPAQUE.sub(lambda match: match[0] if match[0].startswith("<") else " ", text)

"""The catalogue of queries: .rq files whose header comments are their documentation.

::

    # # Title
    # **Question:** what a reader would ask   (or **Problem:** and **Solution:**)
    # **Parameters:**
    #   actor (pl:Actor): whose claims = plid:actor/russia
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import XSD, Literal, URIRef

from parley.errors import Place, QueryFileError, TermError, reason
from parley.namespaces import PLID, PREFIXES
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdflib.term import Node

    from parley.home import Home

_TITLE: Final = re.compile(r"#\s*#\s+(.+)")
_FIELD: Final = re.compile(r"#\s*\*\*(\w[\w ]*):\*\*\s*(.*)")
_MORE: Final = re.compile(r"#\s*(.*)")
_PARAMETER: Final = re.compile(
    r"[-*]?\s*`?\??(?P<name>\w+)`?\s*(?:\((?P<type>[^)]*)\))?\s*:?\s*(?P<rest>.*)"
)
#: A variable, or what must be passed over while looking for one.
_VARIABLE: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\\n]|\\.)*+"|<[^<>\s]*>|#[^\n]*'
    r"|\b(?:SELECT|GROUP\s+BY|ORDER\s+BY)\b[^{}#]*|[?$](?P<name>\w+)",
    re.IGNORECASE | re.DOTALL,
)
_WHERE: Final = re.compile(r"^WHERE\s*\{", re.MULTILINE)
_PREFIX: Final = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that a reader may give a value: its type, what it is for, its default."""

    name: str
    type: str = ""
    text: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query file: what it asks, in words, and its text."""

    path: Path
    title: str
    fields: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def question(self) -> str:
        """The question in words, or the problem that the query finds."""
        return self.fields.get("question") or self.fields.get("problem", "")

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the text declares."""
        return dict(_PREFIX.findall(self.text))

    def field(self, name: str, default: str = "") -> str:
        """Return a header field by its name in lower case."""
        return self.fields.get(name, default)


def load(home: Home, folder: str) -> list[Query]:
    """Return the queries of a folder below queries/, by file name; none when it is not there.

    Raises:
        QueryFileError: A file has no title or question, or is not UTF-8.
    """
    return [read(path) for path in sorted((home.queries / folder).glob("*.rq"))]


def read(path: Path) -> Query:
    """Read one query file.

    Raises:
        QueryFileError: It has no title, or says neither its question nor its problem.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryFileError(
            f"{path.name} cannot be read: {reason(error)}.", place=Place(str(path))
        ) from error
    title, fields = _read_header(text)
    if not title or not (fields.get("question") or fields.get("problem")):
        raise QueryFileError(
            f"{path.name} does not say what it asks.",
            remedy="Begin it with '# # Title' and '# **Question:** …' or '# **Problem:** …'.",
            place=Place(str(path), 1),
        )
    rows = fields.get("parameters", "").splitlines()
    parameters = tuple(_read_parameter(row) for row in rows if row.strip())
    return Query(path, title, fields, parameters, text)


def read_value(parameter: Parameter, value: str) -> Node:
    """Read what somebody writes for a parameter as a term: actor/iran, plid:actor/iran, an IRI, 5.

    Raises:
        TermError: A number is asked for and this is none, or it is no IRI.
    """
    datatype = expand(parameter.type)
    if datatype.startswith(str(XSD)):
        if "integer" in datatype.lower() and not (value.isascii() and value.isdigit()):
            raise TermError(
                f"{value[:80]!r} is no whole number.", remedy=f"Give {parameter.name} as digits."
            )
        return Literal(value[:200], datatype=URIRef(datatype))
    iri = value if value.startswith(("http:", "https:")) else expand(value) or f"{PLID}{value}"
    return URIRef(check_iri(iri[:500]))


def expand(name: str) -> str:
    """Return the IRI that a short name stands for by our own prefixes; nothing for other names."""
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES else ""


def bind(query: Query, terms: Mapping[str, Node | tuple[Node, ...]]) -> str:
    """Return the text of a query with terms in the place of variables.

    A bound variable stays a column: it keeps its term as only value; with several terms in a
    tuple it takes each in turn. Strings, IRIs, comments and the clauses that name columns are
    left as they are.

    Raises:
        TermError: A term is a blank node, or no RDF term that can be written.
    """
    several = {name: term for name, term in terms.items() if isinstance(term, tuple)}
    written = {n: _write(term) for n, term in terms.items() if not isinstance(term, tuple)}
    text = _VARIABLE.sub(lambda match: written.get(match["name"] or "", match[0]), query.text)
    joined = {name: " ".join(map(_write, terms)) for name, terms in several.items()}
    rows = (written | joined).items()
    values = "".join(f"\n  VALUES ?{name} {{ {row} }}" for name, row in rows)
    return _WHERE.sub(lambda match: match[0] + values, text, count=1)


def _write(term: Node) -> str:
    if isinstance(term, URIRef):
        return f"<{check_iri(str(term))}>"
    if isinstance(term, Literal):
        return term.n3()
    raise TermError(f"{term!r} cannot stand for a variable.", remedy="Give an IRI or a literal.")


def _read_header(text: str) -> tuple[str, dict[str, str]]:
    title, current = "", ""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if match := _TITLE.fullmatch(line):
            title = match[1].strip()
        elif match := _FIELD.fullmatch(line):
            current = match[1].lower()
            fields[current] = match[2].strip()
        elif current and (match := _MORE.fullmatch(line)):
            fields[current] = f"{fields[current]}\n{match[1].strip()}".strip()
    return title, fields


def _read_parameter(row: str) -> Parameter:
    match = _PARAMETER.fullmatch(row.strip())
    if match is None:
        raise QueryFileError(
            f"{row.strip()!r} is no parameter.", remedy="Write: name (class): what = default"
        )
    text, _, default = match["rest"].partition(" = ")
    return Parameter(match["name"], (match["type"] or "").strip(), text.strip(), default.strip())

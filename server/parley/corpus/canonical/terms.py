"""Write single terms: IRIs with the fixed prefixes, literals with the fewest escapes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib.namespace import OWL, RDF, XSD

from parley.errors import FormatError, Place, TermError
from parley.namespaces import BASE, PLID, PREFIXES
from parley.terms import check_iri

if TYPE_CHECKING:
    from rdflib import Graph, Literal, URIRef

#: Local names every Turtle reader takes without escapes.
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_DOCUMENT: Final = re.compile(re.escape(f"{BASE}data/documents/") + r"([a-z0-9-]+)/[a-z0-9-]+")
#: Kinds whose IRI has the document's slug before its own name.
_DOCUMENT_KINDS: Final = ("argument", "claim", "passage")

#: Bare in Turtle; anything else in these datatypes keeps its quotation marks.
_BARE: Final = {
    XSD.boolean: re.compile(r"true|false"),
    XSD.integer: re.compile(r"0|-?[1-9][0-9]*"),
    XSD.decimal: re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
}
#: Controls, and what is invisible or turns the direction of text around it.
_ESCAPED: Final = re.compile(
    '[\x00-\x1f\x7f-\x9f\\\\"\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]'
)
_SHORT: Final = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


@dataclass(slots=True)
class Names:
    """The prefixes a file may use, and those it has used so far."""

    prefixes: dict[str, str]
    source: str = ""
    used: set[str] = field(default_factory=set)
    _cache: dict[URIRef, str] = field(default_factory=dict)

    def shorten(self, iri: URIRef) -> str:
        """Return ``prefix:name`` where a prefix fits, else the IRI in angle brackets."""
        if iri not in self._cache:
            self._cache[iri] = self._shorten(iri)
        return self._cache[iri]

    def _shorten(self, iri: URIRef) -> str:
        head = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self.prefixes.get(iri[:head])
        if prefix is not None and _LOCAL.fullmatch(iri, head):
            self.used.add(prefix)
            return f"{prefix}:{iri[head:]}"
        try:
            return f"<{check_iri(iri)}>"
        except TermError as error:
            raise FormatError(
                error.message, remedy=error.remedy, place=Place(self.source)
            ) from error

    def header(self) -> str:
        """Return the ``@prefix`` lines of the prefixes used so far."""
        namespaces = {prefix: namespace for namespace, prefix in self.prefixes.items()}
        return "".join(f"@prefix {p}: <{namespaces[p]}> .\n" for p in sorted(self.used))


def names_for(graph: Graph, source: str) -> Names:
    """Return the fixed prefixes; a file of one document names its claims ``claim:5a``."""
    prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    slugs = {
        match[1]
        for ontology in graph.subjects(RDF.type, OWL.Ontology)
        if (match := _DOCUMENT.fullmatch(str(ontology)))
    }
    if len(slugs) == 1:
        slug = slugs.pop()
        prefixes.update({f"{PLID}{kind}/{slug}/": kind for kind in _DOCUMENT_KINDS})
    return Names(prefixes, source)


def write_literal(literal: Literal, names: Names) -> str:
    """Write a literal with its lexical form as it is."""
    datatype = literal.datatype
    if datatype in _BARE and _BARE[datatype].fullmatch(literal):
        return str(literal)
    text = _quote(str(literal))
    if literal.language:
        return f"{text}@{literal.language}"
    if datatype is None or datatype == XSD.string:
        return text
    return f"{text}^^{names.shorten(datatype)}"


def _quote(text: str) -> str:
    r"""Quote a text; a line feed makes it a long string, so that its lines stay lines."""
    if "\n" not in text:
        return f'"{_ESCAPED.sub(_escape, text)}"'
    inner = _ESCAPED.sub(lambda m: m[0] if m[0] in '\n\t"' else _escape(m), text)
    inner = inner.replace('"""', r"\"\"\"")
    if inner.endswith('"'):
        inner = inner[:-1] + r"\""
    return f'"""{inner}"""'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"

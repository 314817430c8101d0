"""A thing in JSON-LD as a record: plain words for keys, by the project's own context.

Of the context (``ontology/context.jsonld``) a record holds what it uses, so that nobody has to
fetch one. What the context has no word for keeps its IRI, shortened by a prefix; every value reads
back as the term it was (https://www.w3.org/TR/json-ld11/#compacted-document-form).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef

from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rdflib.term import Node

#: Ends of IRIs that may be prefixes in JSON-LD.
_PREFIX_ENDS: Final = ("#", "/")
_ID: Final = "@id"


@dataclass(frozen=True)
class Context:
    """The words of a context: prefixes, and terms by the IRI for which they stand."""

    prefixes: dict[str, str] = field(default_factory=dict)
    terms: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def cannot_name(self, term: Node) -> bool:
        """Say whether a term is a blank node, or an IRI that would be read as a shortened one."""
        if isinstance(term, URIRef):
            return term.partition(":")[0] in self.prefixes
        return isinstance(term, BNode)

    def shorten(self, iri: str) -> str:
        """Return an IRI with a prefix of the context where one fits, the IRI otherwise."""
        fitting = [(len(ns), prefix) for prefix, ns in self.prefixes.items() if iri.startswith(ns)]
        if not fitting:
            return iri
        length, prefix = max(fitting)
        short = f"{prefix}:{iri[length:]}"
        return iri if iri[length : length + 2] == "//" or not iri[length:] else short


@lru_cache(maxsize=4)
def read_context(path: Path, changed_ns: int) -> Context:
    """Read a context; the time of the file only tells one state from another."""
    del changed_ns
    entries = json.loads(path.read_bytes())["@context"]
    plain = {k: v for k, v in entries.items() if isinstance(v, str) and not k.startswith("@")}
    prefixes = {k: v for k, v in plain.items() if v.endswith(_PREFIX_ENDS)}
    terms: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, value in entries.items():
        definition = {_ID: value} if isinstance(value, str) else value
        if name.startswith("@") or name in prefixes or not isinstance(definition, dict):
            continue
        prefix, _, local = definition[_ID].partition(":")
        if prefix in prefixes:
            terms[f"{prefixes[prefix]}{local}"] = name, definition
    return Context(prefixes, terms)


def to_record(triples: bytes, iri: str, context: Context) -> bytes | None:
    """Return N-Triples on a thing as its record, or None when it cannot be one.

    It cannot when there are blank nodes or triple terms among them, or an IRI that begins as a
    prefix of the context does. What points at the thing stands below ``@reverse``.
    """
    if b"<<" in triples:
        return None
    graph = Graph(bind_namespaces="none").parse(data=triples.decode("utf-8"), format="nt")
    if any(context.cannot_name(term) for triple in graph for term in triple):
        return None
    this = URIRef(iri)
    writer = _Writer(context)
    record: dict[str, Any] = {"id": writer.name(iri)}
    types = sorted(str(o) for o in graph.objects(this, RDF.type))
    if types:
        record["type"] = _one_or_all([writer.word(t) for t in types])
    for prop in sorted(set(graph.predicates(this)) - {RDF.type}, key=str):
        key, value = writer.entry(str(prop), sorted(graph.objects(this, prop), key=_order))
        record[key] = value
    pointing = sorted((str(p), str(s)) for s, p in graph.subject_predicates(this) if s != this)
    reverse: dict[str, list[dict[str, str]]] = defaultdict(list)
    for prop_iri, subject in pointing:
        reverse[writer.reverse_key(prop_iri)].append({"id": writer.name(subject)})
    if reverse:
        record["@reverse"] = reverse
    text = json.dumps({"@context": writer.used(), **record}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


class _Writer:
    """Writes terms by a context, and remembers what of it was used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._used: dict[str, Any] = {}

    def used(self) -> dict[str, Any]:
        """Return the part of the context that was used, with the prefixes that it uses."""
        return {"@version": 1.1, "id": _ID, "type": "@type", **dict(sorted(self._used.items()))}

    def name(self, iri: str) -> str:
        """Return an IRI, shortened."""
        short = self._context.shorten(iri)
        if short != iri:
            self._use_prefix(short)
        return short

    def word(self, iri: str) -> str:
        """Return the word for a class, or its shortened IRI."""
        term, definition = self._context.terms.get(iri, ("", {}))
        if not term or len(definition) > 1:
            return self.name(iri)
        self._use(term, definition)
        return term

    def reverse_key(self, prop: str) -> str:
        """Return the key for a property below ``@reverse``, where only things stand."""
        term, definition = self._context.terms.get(prop, ("", {}))
        if definition.get("@type") != _ID:
            return self.name(prop)
        self._use(term, definition)
        return term

    def entry(self, prop: str, objects: list[Node]) -> tuple[str, Any]:
        """Return the key and value of a property."""
        term, definition = self._context.terms.get(prop, ("", {}))
        write = self._way(definition) if term else None
        written = [write(o) for o in objects] if write else [None]
        if None in written:
            return self.name(prop), _one_or_all([self._whole(o) for o in objects])
        self._use(term, definition)
        if definition.get("@container") == "@language":
            return term, _by_language(objects)
        return term, _one_or_all(written)

    def _way(self, definition: dict[str, Any]) -> Callable[[Node], Any]:
        """Return what writes a value that fits a term's definition; None for one that does not."""
        kind = definition.get("@type")
        if definition.get("@container") == "@language":
            return lambda o: getattr(o, "language", None)
        if kind == _ID:
            return lambda o: self.name(o) if isinstance(o, URIRef) else None
        if kind == "@vocab":
            return self._facet
        datatype = self._expand(kind) if kind else str(XSD.string)
        return lambda o: _value(o, datatype)

    def _facet(self, term: Node) -> str | None:
        local = str(term).removeprefix(str(PL))
        words = {word for word, _ in self._context.terms.values()}
        return local if term == PL[local] and local.isalpha() and local not in words else None

    def _whole(self, term: Node) -> dict[str, str]:
        if not isinstance(term, Literal):
            return {"id": self.name(str(term))}
        value = {"@value": str(term)}
        if term.language:
            return value | {"@language": term.language}
        return value | ({"@type": self.name(str(term.datatype))} if term.datatype else {})

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"{self._context.prefixes[prefix]}{local}"

    def _use(self, term: str, definition: dict[str, Any]) -> None:
        self._used[term] = definition[_ID] if len(definition) == 1 else definition
        self._use_prefix(definition[_ID])
        if ":" in definition.get("@type", ""):
            self._use_prefix(definition["@type"])

    def _use_prefix(self, name: str) -> None:
        prefix = name.partition(":")[0]
        self._used[prefix] = self._context.prefixes[prefix]


def _value(term: Node, datatype: str) -> Any:
    """Return a literal of a datatype as JSON has it, or None when it is another."""
    if not isinstance(term, Literal) or term.language:
        return None
    if str(term.datatype or XSD.string) != datatype:
        return None
    text = str(term)
    if datatype == str(XSD.boolean) and text in {"true", "false"}:
        return text == "true"
    is_short = len(text) < 16 and text.removeprefix("-").isdecimal()
    if datatype == str(XSD.integer) and is_short and str(int(text)) == text:
        return int(text)
    return text


def _by_language(objects: Iterable[Node]) -> dict[str, Any]:
    found: dict[str, list[str]] = defaultdict(list)
    for literal in objects:
        found[getattr(literal, "language", "")].append(str(literal))
    return {language: _one_or_all(texts) for language, texts in sorted(found.items())}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _order(term: Node) -> tuple[str, str, str]:
    return str(term), getattr(term, "language", None) or "", str(getattr(term, "datatype", ""))

"""Terms of rdflib to and from the engine's plain terms; never imported by a worker."""

from __future__ import annotations

import rdflib

from parley.engine.types import Term


def to_rdflib(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """Turn a plain term into rdflib's.

    Raises:
        ValueError: A triple term has no counterpart in rdflib.
    """
    if term.kind == "iri":
        return rdflib.URIRef(term.value)
    if term.kind == "blank":
        return rdflib.BNode(term.value)
    if term.kind == "triple":
        raise ValueError(f"rdflib has no triple terms: {term.value}")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype in {"", str(rdflib.XSD.string)}
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype))


def from_rdflib(term: rdflib.term.Node) -> Term:
    """Turn an rdflib term into a plain one.

    Raises:
        ValueError: It is no IRI, blank node or literal.
    """
    if isinstance(term, rdflib.URIRef):
        return Term("iri", str(term))
    if isinstance(term, rdflib.BNode):
        return Term("blank", str(term))
    if isinstance(term, rdflib.Literal):
        datatype = term.datatype or (rdflib.RDF.langString if term.language else rdflib.XSD.string)
        return Term("literal", str(term), str(datatype), term.language or "")
    raise ValueError(f"{term!r} is not an RDF term.")

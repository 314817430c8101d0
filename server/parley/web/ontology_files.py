"""The ontologies of a home as data: at the IRI of each, and of its version, stands its document.

A reader that opens such an address, or follows an import to it, gets exactly one ontology: the file
that people edit, not what a dataset says about its IRI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph

from parley.corpus import catalogs, ontology
from parley.engine.convert import serialise
from parley.engine.results import TURTLE
from parley.namespaces import PREFIXES
from parley.web.site import site

if TYPE_CHECKING:
    from pathlib import Path


def find(iri: str) -> tuple[Path, ...]:
    """Return the files of the ontology that an IRI names; none without a home."""
    home = site().home
    return catalogs.find(iri, home) if home is not None else ()


def read(iri: str, media_type: str) -> bytes | None:
    """Return the document of an ontology in an RDF format, or None when the IRI names none.

    Turtle of one file is the file, byte for byte.

    Raises:
        TurtleSyntaxError: A file does not parse any more.
    """
    files = find(iri)
    if not files:
        return None
    if media_type == TURTLE and len(files) == 1:
        return files[0].read_bytes()
    union = Graph(bind_namespaces="none")
    for path in files:
        union += ontology.parse(path)
    return serialise(union.serialize(format="nt").encode("utf-8"), media_type, PREFIXES)

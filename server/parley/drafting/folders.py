"""A draft as a document folder: source.txt, document.ttl and claims.ttl, in canonical Turtle.

Every proposal becomes a claim of status drafted whose content is an atomic proposition: the
claimant and the words it states, approves, opposes or seeks, or two actors in contact. A person
then replaces the words by subject, relation and object.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, XSD

from parley.corpus import catalogs, documents
from parley.corpus.canonical import format_turtle
from parley.drafting.claimgraph import ClaimGraph
from parley.drafting.entities import Entities
from parley.errors import DraftError, TermError
from parley.namespaces import BASE, PL, PREFIXES
from parley.terms import check_slug, slugify

if TYPE_CHECKING:
    from parley.corpus.documents import Document
    from parley.drafting.values import Draft

_DATA: Final = f"{BASE}data/"
_UNKNOWN_RIGHTS: Final = "Not settled: ask who holds the rights before the text is published."
_MAX_SLUG: Final = 60
_CATALOG_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">\n'
)


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a document when its file does not."""

    slug: str = ""
    title: str = ""
    author: str = ""
    issued: str = ""
    publisher: str = ""


def write(
    draft: Draft, out: Path, *, about: About | None = None, names: Entities | None = None
) -> Path:
    """Write the document folder of a draft below a directory; return the folder.

    The folder appears whole or not at all. The same draft gives the same bytes.

    Raises:
        DraftError: The folder exists: what a person may have edited is never overwritten.
    """
    told = about or About()
    slug = _slug(draft, told)
    folder = out / slug
    if folder.exists():
        raise DraftError(f"{folder} exists.", remedy="Remove it, or give another --slug.")
    files = render(draft, slug, told, names or Entities())
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".draft-") as waiting:
        made = Path(waiting) / slug
        made.mkdir()
        for name, text in files.items():
            (made / name).write_bytes(text.encode("utf-8"))
        shutil.move(made, folder)
    return folder


def render(draft: Draft, slug: str, told: About, names: Entities) -> dict[str, str]:
    """Return the files of a draft's folder by name."""
    document = documents.from_text(draft.source.text, slug)
    claims = ClaimGraph(document, names, told.author or draft.source.author)
    claims.add(draft)
    metadata = _metadata(draft, document, told, claims)
    return {
        "source.txt": draft.source.text,
        "document.ttl": _turtle(metadata),
        "claims.ttl": _turtle(_with_header(claims.graph, slug, names.files)),
        catalogs.CATALOG: _catalog(slug, names.files),
    }


def _catalog(slug: str, files: tuple[str, ...]) -> str:
    """Return the catalog by which every import of the folder's files resolves offline."""
    own = f"{_DATA}documents/{slug}/"
    rows = {
        f"{BASE}ns": "../../../ontology/parley.ttl",
        f"{BASE}schemes": "../../../ontology/schemes.ttl",
        **{f"{_DATA}{name}": f"../../{name}.ttl" for name in files},
        f"{own}document": "document.ttl",
        f"{own}claims": "claims.ttl",
    }
    lines = [f'  <uri name="{iri}" uri="{path}"/>\n' for iri, path in rows.items()]
    return f"{_CATALOG_HEAD}{''.join(lines)}</catalog>\n"


def _slug(draft: Draft, told: About) -> str:
    if told.slug:
        return check_slug(told.slug)
    for name in (told.title, draft.source.title, Path(draft.source.name).stem):
        try:
            return slugify(name)[:_MAX_SLUG].strip("-")
        except TermError:
            continue
    return "document"


def _metadata(draft: Draft, document: Document, told: About, claims: ClaimGraph) -> Graph:
    source = draft.source
    graph = Graph(bind_namespaces="none")
    iri = URIRef(document.iri)
    header = URIRef(f"{_DATA}documents/{document.slug}/document")
    title = Literal(told.title or source.title or _first_line(source.text), lang="en")
    for subject in (header, iri):
        graph.add((subject, DCTERMS.title, title))
    graph.add((header, RDF.type, OWL.Ontology))
    for part in ("ns", "schemes"):
        graph.add((header, OWL.imports, URIRef(f"{BASE}{part}")))
    graph.add((iri, RDF.type, PL.SourceDocument))
    graph.add((iri, PL.hasAuthor, claims.author))
    publisher = claims.actor(told.publisher, "organization") if told.publisher else claims.author
    graph.add((iri, DCTERMS.publisher, publisher))
    graph.add((iri, PL.textDigest, Literal(document.digest, datatype=XSD.string)))
    graph.add((iri, DCTERMS.identifier, Literal(source.address or source.name)))
    graph.add((iri, DCTERMS.language, Literal("en")))
    graph.add((iri, DCTERMS.rights, Literal(_UNKNOWN_RIGHTS, lang="en")))
    issued = told.issued or source.date or _printed_date(source.text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", issued):
        graph.add((iri, DCTERMS.issued, Literal(issued, datatype=XSD.date)))
    return graph


def _first_line(text: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip())[:200]


def _printed_date(text: str) -> str:
    """Return the first full date of the text's head, where bylines stand."""
    from parley.drafting import dates

    head = dates.find(text[:600])
    return next((t.edtf for t in head if re.fullmatch(r"\d{4}-\d\d-\d\d", t.edtf)), "")


def _with_header(graph: Graph, slug: str, files: tuple[str, ...]) -> Graph:
    header = URIRef(f"{_DATA}documents/{slug}/claims")
    graph.add((header, RDF.type, OWL.Ontology))
    graph.add((header, DCTERMS.title, Literal(f"Parley: claims drafted from {slug}", lang="en")))
    imports = [f"{BASE}ns", f"{BASE}schemes", *(f"{_DATA}{name}" for name in files)]
    for part in (*imports, f"{_DATA}documents/{slug}/document"):
        graph.add((header, OWL.imports, URIRef(part)))
    return graph


def _turtle(graph: Graph) -> str:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return format_turtle(graph.serialize(format="turtle"))

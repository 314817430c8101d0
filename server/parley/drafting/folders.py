"""A draft as a document folder: source.txt, document.ttl and claims.ttl, in canonical Turtle.

Every proposal becomes a claim of status drafted whose content is an atomic proposition: the
claimant and the words it states, approves, opposes or seeks, or two actors in contact. A person
then replaces the words by subject, relation and object.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, XSD

from parley.corpus import catalogs, documents
from parley.corpus.canonical import format_graph
from parley.drafting import merging
from parley.drafting.claimgraph import ClaimGraph
from parley.drafting.entities import Entities
from parley.drafting.review import decisions
from parley.errors import DraftError, TermError
from parley.namespaces import BASE, PL, PREFIXES
from parley.terms import check_slug, slugify

if TYPE_CHECKING:
    from parley.corpus.documents import Document
    from parley.drafting.propositions import Known
    from parley.drafting.sources import Source
    from parley.drafting.values import Draft

_DATA: Final = f"{BASE}data/"
_UNKNOWN_RIGHTS: Final = "Not settled: ask who holds the rights before the text is published."
_MAX_SLUG: Final = 60
#: Code points of a text's head, and of the longest line of it that gives a date.
_HEAD: Final = 600
_BYLINE: Final = 80
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
    draft: Draft,
    out: Path,
    *,
    about: About | None = None,
    names: Entities | None = None,
    known: Known | None = None,
) -> Path:
    """Write the document folder of a draft below a directory; return the folder.

    The folder appears whole or not at all. The same draft gives the same bytes.

    Args:
        draft: The draft.
        out: The directory of the folder.
        about: What a person says of the document.
        names: The entities of the home.
        known: What its documents claim: with it, merges.tsv is written too.

    Raises:
        DraftError: The folder exists: what a person may have edited is never overwritten.
    """
    told = about or About()
    slug = _slug(draft, told)
    folder = out / slug
    if folder.exists():
        raise DraftError(f"{folder} exists.", remedy="Remove it, or give another --slug.")
    files, claimed = _render(draft, slug, told, names or Entities())
    waiting = out / f".draft-{slug}"
    shutil.rmtree(waiting, ignore_errors=True)  # what a killed process left
    try:
        waiting.mkdir(parents=True)
        for name, text in files.items():
            (waiting / name).write_bytes(text.encode("utf-8"))
        if known is not None:
            merging.write(waiting, merging.among(claimed, slug, known))
        waiting.rename(folder)
    except OSError as error:
        shutil.rmtree(waiting, ignore_errors=True)
        raise DraftError(
            f"{folder} cannot be written: {error.strerror}.",
            remedy="Give a folder with room that you may write to.",
        ) from error
    return folder


def publication(source: Source, told: About) -> tuple[str, str]:
    """Return the date of publication and where it stands; two empty texts when nobody says it.

    What a person says goes first, then the page's metadata, the text's first lines, and the day
    on which the file was made.

    Raises:
        DraftError: The date given is no day of the calendar, written 2017-02-23.
    """
    if told.issued:
        return _checked_day(told.issued), "as given"
    found = {
        source.date: "from the page's metadata",
        _printed_date(source.text): "from the text's first lines",
        source.made: "the day the file was made: correct it if the article is older",
    }
    return next(((day, where) for day, where in found.items() if _is_day(day)), ("", ""))


def require_date(source: Source, told: About) -> None:
    """Refuse a source of which nobody says when it was published, before the work is done.

    Raises:
        DraftError: Neither the source nor the person says it.
    """
    if not publication(source, told)[0]:
        raise DraftError(
            f"{source.name} does not say when it was published.",
            remedy="Give the day with --issued, as 2017-02-23: a document needs one.",
        )


def _checked_day(text: str) -> str:
    if not _is_day(text):
        raise DraftError(f"{text!r} is no day of the calendar.", remedy="Write it as 2017-02-23.")
    return text


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def render(draft: Draft, slug: str, told: About, names: Entities) -> dict[str, str]:
    """Return the files of a draft's folder by name."""
    return _render(draft, slug, told, names)[0]


def _render(draft: Draft, slug: str, told: About, names: Entities) -> tuple[dict[str, str], Graph]:
    """Return the files of a draft's folder by name, and the graph of its claims."""
    document = documents.from_text(draft.source.text, slug)
    claims = ClaimGraph(document, names, told.author or draft.source.author)
    claims.add(draft)
    metadata = _metadata(draft, document, told, claims)
    graph = decisions.forget(claims.graph, document, names.rejected, set(metadata.objects()))
    files = {
        "source.txt": draft.source.text,
        "document.ttl": _turtle(metadata),
        "claims.ttl": _turtle(_with_header(graph, slug, names.files)),
        catalogs.CATALOG: _catalog(slug, names.files),
    }
    return files, graph


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
    graph.add((iri, RDFS.label, title))
    graph.add((header, RDF.type, OWL.Ontology))
    for part in ("ns", "schemes"):
        graph.add((header, OWL.imports, URIRef(f"{BASE}{part}")))
    graph.add((iri, RDF.type, PL.SourceDocument))
    graph.add((iri, PL.hasAuthor, claims.author))
    if publisher := told.publisher or source.publisher:
        graph.add((iri, DCTERMS.publisher, claims.actor(publisher, "organization")))
    graph.add((iri, PL.textDigest, Literal(document.digest, datatype=XSD.string)))
    graph.add((iri, DCTERMS.identifier, Literal(source.address or source.name)))
    graph.add((iri, DCTERMS.language, Literal("en")))
    graph.add((iri, DCTERMS.rights, Literal(_UNKNOWN_RIGHTS, lang="en")))
    issued, _ = publication(source, told)
    if issued:
        graph.add((iri, DCTERMS.issued, Literal(issued, datatype=XSD.date)))
    return graph


def _first_line(text: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip())[:200]


def _printed_date(text: str) -> str:
    """Return the first full date of the text's head that stands in a line of its own.

    A byline or a dateline is short and no sentence; a day that a sentence tells of is another.
    """
    from parley.drafting import dates

    lines = [line.strip() for line in text[:_HEAD].splitlines()]
    short = [line for line in lines if len(line) <= _BYLINE and not line.endswith((".", ",", ";"))]
    found = (time.edtf for line in short for time in dates.find(line))
    return next(filter(_is_day, found), "")


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
    return format_graph(graph)

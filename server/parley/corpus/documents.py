"""Documents: a source read byte for byte, its sentences, and where a quotation stands in it.

Offsets count Unicode code points of the source from 0 and are half-open, as SPARQL's and Python's
strings count them. The source is never normalised: line ends and composition stay as they are.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from parley.corpus import quotations
from parley.corpus.sentences import Sentence, split_sentences
from parley.corpus.source import Document, Passage
from parley.errors import Place, SourceMissingError
from parley.namespaces import PLID
from parley.terms import check_slug

if TYPE_CHECKING:
    from pathlib import Path

    from parley.home import Home

__all__ = [
    "CONTEXT",
    "SOURCE",
    "Document",
    "Passage",
    "Sentence",
    "from_text",
    "list_documents",
    "locate",
    "passage_at",
    "read",
    "split_sentences",
]

SOURCE: Final = "source.txt"
#: Code points of context kept on each side of a passage.
CONTEXT: Final = 32


def list_documents(home: Home) -> list[Path]:
    """Return the folders of a home's documents, by name; none when there is no such folder.

    Raises:
        TermError: A folder's name is not a slug.
    """
    if not home.documents.is_dir():
        return []
    folders = sorted(path for path in home.documents.iterdir() if path.is_dir())
    for folder in folders:
        check_slug(folder.name)
    return folders


def read(folder: Path) -> Document:
    """Read a document's source; the folder's name is its slug.

    Raises:
        SourceMissingError: There is no source.txt, or it is not UTF-8.
        TermError: The folder's name is not a slug.
    """
    slug = check_slug(folder.name)
    path = folder / SOURCE
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise SourceMissingError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Put the article's plain text there, as UTF-8.",
            place=Place(str(path)),
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceMissingError(
            f"{path} is not UTF-8: byte {error.start} is {error.object[error.start]:#04x}.",
            remedy="Save it as UTF-8.",
            place=Place(str(path), line),
        ) from error
    return _document(slug, folder, text, content)


def from_text(text: str, slug: str = "text") -> Document:
    """Return a document that lives nowhere but in memory."""
    return _document(check_slug(slug), None, text, text.encode("utf-8", "surrogatepass"))


def locate(source: Document | str, exact: str, *, prefix: str = "", suffix: str = "") -> Passage:
    """Find the one place where a quotation stands.

    Follows the TextQuoteSelector of the Web Annotation Data Model
    (https://www.w3.org/TR/annotation-model/#text-quote-selector): prefix and suffix are the
    words just before and after, and choose between several places.

    Raises:
        QuotationError: It stands nowhere or more than once; the message names the places or the
            nearest words, the remedy what to do.
    """
    document = from_text(source) if isinstance(source, str) else source
    spans = quotations.find(document.text, exact, prefix=prefix, suffix=suffix)
    if len(spans) != 1:
        raise quotations.explain(document, exact, prefix=prefix, suffix=suffix, spans=spans)
    return passage_at(document, *spans[0])


def passage_at(document: Document, start: int, end: int) -> Passage:
    """Return the passage that a span cuts out of a document, half-open."""
    return Passage(
        document=document.iri,
        slug=document.slug,
        start=start,
        end=end,
        exact=document.text[start:end],
        prefix=document.text[max(0, start - CONTEXT) : start],
        suffix=document.text[end : end + CONTEXT],
        sentence=document.sentence_at(start).number,
    )


def _document(slug: str, folder: Path | None, text: str, content: bytes) -> Document:
    return Document(
        slug=slug,
        folder=folder,
        iri=str(PLID[f"document/{slug}"]),
        text=text,
        digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        sentences=split_sentences(text),
    )

"""Documents: a source read byte for byte, its sentences, and where a quotation stands in it.

Offsets count Unicode code points of the source from 0 and are half-open, as SPARQL's and Python's
strings count them. The source is never normalised: line ends and composition stay as they are.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from parley.corpus import quotations
from parley.errors import DocumentError, Place, SourceMissingError
from parley.namespaces import PLID
from parley.terms import check_slug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from parley.home import Home

SOURCE: Final = "source.txt"
#: Code points of context kept on each side of a passage.
CONTEXT: Final = 32

_LINE: Final = re.compile(r"[^\r\n\u2028\u2029]+")
#: A full stop, what closes with it, white space; then something that opens a sentence.
_BREAK: Final = re.compile(
    r"(?P<stop>[.!?…]+)[\"'”’»)\]]*(?P<gap>\s+)(?=[\"'“‘«(\[]*[^\W\d_a-z])", re.UNICODE
)
_MARKER: Final = re.compile(r"\d+")
_LAST_WORD: Final = re.compile(r"[^\s(\[“\"'‘]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading or line of a source: its number from 1, and where it stands."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A source and where it lives; ``digest`` is ``sha256:`` and the hex digest of its bytes."""

    slug: str
    folder: Path | None
    iri: str
    text: str
    digest: str
    sentences: tuple[Sentence, ...] = field(repr=False)

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that holds an offset, or the next one when it stands between two.

        Raises:
            DocumentError: The source ends before the offset, or holds no sentence after it.
        """
        for sentence in self.sentences:
            if offset < sentence.end:
                return sentence
        raise DocumentError(f"Offset {offset} stands after the last sentence of {self.slug}.")

    def sentences_within(self, start: int, end: int) -> tuple[Sentence, ...]:
        """Return the sentences that share at least one code point with the span."""
        return tuple(s for s in self.sentences if s.start < end and start < s.end)


@dataclass(frozen=True, slots=True)
class Passage:
    """The exact words at one place of a document, with their context."""

    document: str
    slug: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    sentence: int

    @property
    def iri(self) -> str:
        """The passage's IRI: its document's slug and its half-open span."""
        return str(PLID[f"passage/{self.slug}/{self.start}-{self.end}"])


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


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Divide a text into its sentences, numbered from 1; every line that is not blank begins one.

    A list marker (``1.``) and an abbreviation do not end a sentence.
    """
    spans = [span for line in _LINE.finditer(text) for span in _split_line(text, *line.span())]
    return tuple(Sentence(number, *span) for number, span in enumerate(spans, start=1))


def _document(slug: str, folder: Path | None, text: str, content: bytes) -> Document:
    return Document(
        slug=slug,
        folder=folder,
        iri=str(PLID[f"document/{slug}"]),
        text=text,
        digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        sentences=split_sentences(text),
    )


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if _ends_sentence(text[begin : match.start("stop")], match["stop"]):
            yield from _trim(text, begin, match.start("gap"))
            begin = match.end("gap")
    yield from _trim(text, begin, end)


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    if stripped := words.strip():
        first = start + words.index(stripped)
        yield first, first + len(stripped)


def _ends_sentence(before: str, stop: str) -> bool:
    if stop != ".":
        return True
    if _MARKER.fullmatch(before.strip()):
        return False
    match = _LAST_WORD.search(before)
    word = match.group() if match else ""
    return not (word in _abbreviations() or (len(word) == 1 and word.isupper()))


@cache
def _abbreviations() -> frozenset[str]:
    listed = resources.files("parley.corpus").joinpath("abbreviations.txt")
    return frozenset(listed.read_text(encoding="utf-8").split())

"""Sources: the plain text of a .txt, .html or .pdf file, with its title, author and date.

Nothing in a source is run and nothing is fetched. The text that comes out is the document's
canonical text: offsets refer to it and never to the page or the PDF.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from parley.build import children
from parley.drafting import markup
from parley.errors import DraftError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES: Final = 20_000_000
#: Code points of text beyond which a source is a book rather than an article.
MAX_TEXT: Final = 2_000_000
_MIN_LETTERS: Final = 40
_MAX_PAGES: Final = 2_000
_PDF_TIMEOUT_S: Final = 60.0
_PDF_MEMORY: Final = 1_500_000_000
_SAMPLE: Final = 4_000
_SIGNATURES: Final = {
    b"PK\x03\x04": "a zip archive or an Office file", b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office file", b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive", b"{\\rtf": "an RTF file",
}  # fmt: skip
_HTML: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BOILERPLATE: Final = re.compile(
    r"\b(?:cookies?|consent|privacy (?:policy|settings)|javascript|accept all|gdpr)\b",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_KEEP: Final = frozenset("\n\t")
_COMMON: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "that",
        "was",
        "for",
        "with",
        "on",
        "by",
        "from",
        "his",
        "this",
        "which",
        "were",
        "have",
        "had",
        "not",
        "but",
    ]
)
#: Only a date that the page's metadata states, and the first one; none is guessed from its words.
_STATED_DATES: Final = {"extensive_search": False, "original_date": True}
_CLEARLY: Final = 0.2
_BARELY: Final = 0.12


@dataclass(frozen=True, slots=True)
class Source:
    """A text to draft, and what its file says of itself.

    ``date`` is the day of publication; ``made`` the day on which the file was made, which may be
    another. Both are empty when the file does not say them.
    """

    name: str
    text: str
    media_type: str
    title: str = ""
    author: str = ""
    date: str = ""
    address: str = ""
    publisher: str = ""
    made: str = ""


def read(path: Path) -> Source:
    """Read a file.

    Raises:
        DraftError: It cannot be read, or holds no English text that can be drafted.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name)
        content = path.read_bytes()
    except OSError as error:
        raise DraftError(
            f"{path} cannot be read: {error.strerror}.", remedy="Give a file that can be read."
        ) from error
    return from_bytes(content, path.name)


def from_bytes(content: bytes, name: str = "stdin") -> Source:
    """Return the text of a file's bytes; their kind is told by the bytes, then by the name.

    Raises:
        DraftError: They are empty, binary, encrypted, too large, without text or not English.
    """
    if not content.strip(b"\x00\t\r\n\x0b\x0c \xef\xbb\xbf"):
        raise DraftError(f"{name} is empty.", remedy="Give a file with the article's text.")
    if len(content) > MAX_BYTES:
        raise _too_large(name)
    if content.lstrip()[:5] == b"%PDF-":
        source = _from_pdf(content, name)
    elif _HTML.match(content[:_SAMPLE]) or name.lower().endswith((".html", ".htm", ".xhtml")):
        source = _from_html(decode(content, name), name)
    else:
        source = Source(name, clean(decode(content, name)), "text/plain")
    return _checked(source)


def check_language(text: str, name: str) -> None:
    """Refuse a text that is not English; without the library, a plain count of words decides.

    Raises:
        DraftError: It is in another language.
    """
    sample = text[: _SAMPLE * 5]
    language = _language(sample)
    if language != "en":
        raise DraftError(
            f"{name} is not in English (it looks like {language!r}).",
            remedy="Draft English documents only; write claims of others by hand.",
        )


def _checked(source: Source) -> Source:
    if len(source.text) > MAX_TEXT:
        raise DraftError(
            f"{source.name} has {len(source.text)} characters of text, more than {MAX_TEXT}.",
            remedy="Split it into articles.",
        )
    if sum(char.isalpha() for char in source.text[:_SAMPLE]) < _MIN_LETTERS:
        raise DraftError(
            f"{source.name} has no text to draft.", remedy="Give a file with the article's text."
        )
    check_language(source.text, source.name)
    return source


def _too_large(name: str) -> DraftError:
    return DraftError(
        f"{name} is larger than {MAX_BYTES} bytes.", remedy="Give one article at a time."
    )


def decode(content: bytes, name: str) -> str:
    """Return text from UTF-8, UTF-16 with a mark, or Windows-1252, as it is.

    Raises:
        DraftError: It is in none of them: binary.
    """
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise DraftError(
                f"{name} is {kind}, not a text.", remedy="Unpack it, or save it as text."
            )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16", name)
    if b"\x00" in content:
        raise _binary(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_damaged(content, name, error)
        text = _strictly(content, "cp1252", name)
    odd = sum(unicodedata.category(char) == "Cc" and char not in "\r\n\t\f" for char in text)
    if odd > len(text) / 100:
        raise _binary(name)
    return text


def _refuse_damaged(content: bytes, name: str, error: UnicodeDecodeError) -> None:
    """Refuse UTF-8 in which a few bytes are wrong: as Windows-1252 it would be gibberish."""
    mended = content.decode("utf-8", "replace")
    wrong = mended.count("\ufffd")
    if sum(ord(char) > 127 for char in mended) - wrong > wrong:
        raise DraftError(
            f"{name} is UTF-8 with a wrong byte, {content[error.start]:#04x}, at {error.start}.",
            remedy="Save it again as UTF-8.",
        ) from error


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary(name) from error


def _binary(name: str) -> DraftError:
    return DraftError(
        f"{name} is binary or in an unknown encoding.", remedy="Save it as UTF-8 text."
    )


def clean(text: str) -> str:
    r"""Return text with ``\n`` line ends and without control characters."""
    text = _ENDS.sub("\n", text)
    return "".join(c for c in text if c in _KEEP or unicodedata.category(c) not in {"Cc", "Cs"})


def _from_html(text: str, name: str) -> Source:
    """Return the main text of a page; scripts, styles and hidden elements are no text."""
    try:
        import trafilatura
    except ImportError as error:
        raise _not_installed("HTML", "trafilatura") from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = markup.visible(text, name)
    found: Any = (
        trafilatura.bare_extraction(
            page,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params=_STATED_DATES,
        )
        if page is not None
        else None
    )
    text = clean((found.text if found is not None else "") or "")
    words = text.split()
    if (len(words) < 60 and _BOILERPLATE.search(text)) or not words:
        raise DraftError(
            f"{name} holds no article: only a notice or navigation.",
            remedy="Save the page after its text has loaded.",
        )
    return Source(
        name=name,
        text=text + "\n",
        media_type="text/html",
        title=clean(found.title or ""),
        author=clean(found.author or ""),
        date=found.date or "",
        address=found.url or "",
        publisher=clean(found.sitename or ""),
    )


def _from_pdf(content: bytes, name: str) -> Source:
    if importlib.util.find_spec("pypdf") is None:
        raise _not_installed("PDF", "pypdf")
    limits = (_PDF_MEMORY, _MAX_PAGES, MAX_TEXT)
    outcome = children.run_module(
        "parley.drafting.pdf_process", tuple(map(str, limits)), content, timeout_s=_PDF_TIMEOUT_S
    )
    if outcome.timed_out:
        raise DraftError(
            f"{name} is a PDF that takes more than {_PDF_TIMEOUT_S:g} seconds to read.",
            remedy="Print it to a new PDF, or give its text.",
        )
    if outcome.status:
        reason = outcome.errors.rpartition("\n")[2].partition(":")[0].rpartition(".")[2]
        raise DraftError(
            f"{name} is a damaged or unreadable PDF ({reason or 'out of memory'}).",
            remedy="Save it again, or give its text.",
        )
    found = json.loads(outcome.output)
    if "encrypted" in found:
        raise DraftError(f"{name} is an encrypted PDF.", remedy="Save a copy without a password.")
    text = _unwrap(clean(found["text"]))
    if sum(char.isalpha() for char in text) < _MIN_LETTERS:
        raise DraftError(
            f"{name} is a PDF without text: scanned pages.",
            remedy="Recognise its text first (OCR), or give the text.",
        )
    return Source(
        name, text, "application/pdf", title=clean(found.get("title", "")).strip(),
        author=clean(found.get("author", "")).strip(), made=found.get("date", ""),
    )  # fmt: skip


def _unwrap(text: str) -> str:
    """Join a PDF's lines into paragraphs and mend words divided at a line's end."""
    text = re.sub(r"(\w)-\n(?=[a-z])", r"\1", text)
    text = re.sub(r"(?<![.!?:”\"\n])\n(?!\s*(?:\d{1,2}[.)]|[•▪*–-])\s|\n)", " ", text)
    return re.sub(r"[ \t]+", " ", text)


def _not_installed(what: str, library: str) -> DraftError:
    return DraftError(
        f"Reading {what} needs {library}, which is not installed.",
        remedy="Install it with: pip install 'parley-claims[draft]', or give plain text.",
    )


def _language(sample: str) -> str:
    """Return a language code; common words decide the clear cases, the library the others."""
    share = _english_share(sample)
    if share > _CLEARLY:
        return "en"
    try:
        from py3langid import langid
    except ImportError:
        return "en" if share > _BARELY else "unknown"
    return str(langid.classify(sample)[0])


def _english_share(sample: str) -> float:
    """Return the share of words that are common in English and in no other language."""
    words = re.findall(r"[^\W\d_]+", sample.lower())
    return sum(word in _COMMON for word in words) / max(1, len(words))

"""Read a PDF's text in a process of its own: the file in, its text and dates as JSON out.

A PDF of a few kilobytes can unpack to gigabytes or keep a reader busy for hours; here it can do
so only until the memory or the time that the parent allows is used up. Arguments: the address
space that may be used, in bytes, the most pages to read, and the code points of text after which
no further page is.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from typing import TYPE_CHECKING

import pypdf

if TYPE_CHECKING:
    from collections.abc import Iterator


def extract(content: bytes, *, max_pages: int, max_text: int) -> dict[str, str]:
    """Return a PDF's text, title, author and date of creation; ``encrypted`` when it is."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"encrypted": "yes"}
    text = "\n".join(_pages(reader, max_pages, max_text))
    about = reader.metadata
    if about is None:
        return {"text": text}
    return {
        "text": text,
        "title": str(about.title or ""),
        "author": str(about.author or ""),
        "date": _date(about),
    }


def _pages(reader: pypdf.PdfReader, max_pages: int, max_text: int) -> Iterator[str]:
    size = 0
    for page in reader.pages[:max_pages]:
        words = page.extract_text()
        yield words
        size += len(words)
        if size > max_text:
            return


def _date(about: pypdf.DocumentInformation) -> str:
    """Return the day of creation; an empty text when there is none, or no date."""
    try:
        made = about.creation_date
    except ValueError:
        return ""
    return made.date().isoformat() if made is not None else ""


def main() -> None:
    """Answer one request."""
    memory, pages, text = (int(argument) for argument in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    made = extract(sys.stdin.buffer.read(), max_pages=pages, max_text=text)
    sys.stdout.buffer.write(json.dumps(made).encode("ascii"))


if __name__ == "__main__":
    main()

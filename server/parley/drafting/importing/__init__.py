"""Annotations that others have made of a text: read, anchored in our source, drafted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.drafting import sources
from parley.drafting.importing import labels, marks, proposals, standoff, webannotation
from parley.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from parley.drafting.importing.marks import Left
    from parley.drafting.sources import Source
    from parley.drafting.values import Draft


def read(
    path: Path, annotations: Iterable[Path], *, table: Path | None = None
) -> tuple[Draft, list[Left]]:
    """Return the draft that files of annotations make of a source, and what was left out.

    A file that begins as JSON holds Web Annotations, any other stand-off annotations.

    Args:
        path: The text, page or PDF that was annotated.
        annotations: The files.
        table: Labels of the annotators' own, which go before ours.

    Raises:
        DraftError: A file cannot be read, or the table or JSON is wrong.
    """
    source = sources.read(path)
    meanings = labels.read(table)
    annotated = _annotated(path, source)
    found = marks.Annotations()
    for number, file in enumerate(annotations, start=1):
        content = _content(file)
        name = file.name if number == 1 else f"{number}:{file.name}"
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
            found.add(webannotation.read(content, name))
        else:
            found.add(standoff.read(sources.decode(content, name), name, annotated))
    return proposals.propose(found, source, meanings, same_positions=annotated == source.text)


def _annotated(path: Path, source: Source) -> str:
    """Return the text in which positions count: a text file's own, with its line ends."""
    if source.media_type != "text/plain":
        return ""
    return sources.decode(path.read_bytes(), path.name)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > sources.MAX_BYTES:
            raise DraftError(
                f"{path.name} is larger than {sources.MAX_BYTES} bytes.",
                remedy="Split it into files.",
            )
        return path.read_bytes()
    except OSError as error:
        raise DraftError(
            f"{path} cannot be read: {error.strerror}.", remedy="Give a file that can be read."
        ) from error

"""A source document in memory, and the passages of it.

Offsets count Unicode code points from 0 and are half-open, as SPARQL's and Python's strings count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parley.errors import DocumentError
from parley.namespaces import PLID

if TYPE_CHECKING:
    from pathlib import Path

    from parley.corpus.sentences import Sentence


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

"""One sentence taken apart: what a newcomer to the front page sees a claim to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.web import cards, documents, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.corpus.documents import Document, Sentence
    from parley.web.cards import Card
    from parley.web.documents import Reading

#: Code points of a sentence that is read at a glance.
_SHORTEST: Final = 60
_LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class Specimen:
    """A claim, and the sentence it stands in: what is before, what makes it, what comes after."""

    card: Card
    sentence: int
    before: str
    words: str
    after: str


def choose(page: Reading) -> Specimen | None:
    """Return the first claim of an article whose voice is most plainly another's, if one is short.

    Its words stand in one sentence. Nothing when the source is not here or no claim fits.
    """
    source = documents.read_source(page.slug)
    notes = [card for paragraph in page.paragraphs for card in paragraph.notes]
    fitting = [(card, sentence) for card, sentence in _placed(source, notes) if _is_short(sentence)]
    if source is None or not fitting:
        return None
    card, sentence = max(fitting, key=lambda found: documents.LOUDNESS.get(found[0].mode, -1))
    start, end = names.place_of(card.passages[0])
    text = source.text
    return Specimen(
        card=cards.load([card.iri])[0],
        sentence=sentence.number,
        before=text[sentence.start : start],
        words=text[start:end],
        after=text[end : sentence.end],
    )


def _placed(source: Document | None, notes: Sequence[Card]) -> Iterable[tuple[Card, Sentence]]:
    """Return the claims whose words stand in one piece and one sentence, with that sentence."""
    for card in notes if source else ():
        start, end = names.place_of(card.passages[0]) if len(card.passages) == 1 else (0, 0)
        within = source.sentences_within(start, end) if source else ()
        if len(within) == 1 and within[0].start <= start and end <= within[0].end:
            yield card, within[0]


def _is_short(sentence: Sentence) -> bool:
    return _SHORTEST <= sentence.end - sentence.start <= _LONGEST

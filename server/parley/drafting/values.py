"""What a draft proposes: attributions, objectives, contacts and the author's own claims.

Every span counts code points of the document's text and is half-open, and its quotation is what
the text has there: a proposal whose words stand elsewhere cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from parley.drafting.actors import Mention
    from parley.drafting.sources import Source
    from parley.drafting.tables import Polarity


#: The rule of an objective that is told in prose, not listed.
PROSE: Final = "prose"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text and its words."""

    start: int
    end: int
    quote: str

    @classmethod
    def cut(cls, text: str, start: int, end: int) -> Span:
        """Cut a span out of the text.

        Raises:
            ValueError: The span is empty or outside the text.
        """
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{start}–{end} is no span of a text of {len(text)} code points.")
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Words ascribed to somebody, and how."""

    span: Span
    claimant: str
    claimant_norm: str
    cue: str
    polarity: Polarity
    hedged: bool
    actors: tuple[str, ...]
    rule: str
    sense: str
    confidence: float
    #: Where the cue stands; None when a phrase or the punctuation attributes.
    cue_span: Span | None = None
    #: Whether the cue itself is denied; polarity counts that and the cue's own sense.
    denied: bool = False
    hedge: str = ""
    time: str = ""
    #: Index of the attribution whose words hold this one, in the draft's order.
    within: int | None = None
    #: Whether the claimant is another voice than the one that reports it.
    independent: bool = True
    #: Who proposed it, when it was not a rule: the annotator, or the model and its prompt.
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Something an actor is said to seek: an item of a list, or coordinated phrases."""

    span: Span
    holder: str
    target: str
    rule: str
    number: int | None = None
    lead: str = ""
    confidence: float = 1.0
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact between actors of different sides, that took place or might."""

    span: Span
    cue: str
    participants: tuple[str, ...]
    mediators: tuple[str, ...]
    realised: bool
    time: str = ""
    informal: bool = False
    #: Whether it is told as not having taken place.
    denied: bool = False
    purpose: str = ""
    confidence: float = 0.6
    rule: str = "contact"
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorClaim:
    """A sentence that says something in the author's own voice."""

    span: Span
    polarity: Polarity
    hedged: bool
    time: str
    subject: str
    predicate: str
    object: str
    actors: tuple[str, ...]
    rule: str = "author.sentence"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that is proposed for one source."""

    source: Source
    attributions: tuple[Attribution, ...] = ()
    objectives: tuple[Objective, ...] = ()
    contacts: tuple[Contact, ...] = ()
    author_claims: tuple[AuthorClaim, ...] = ()
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = field(default=())


def check(draft: Draft) -> Draft:
    """Return the draft when every quotation is what the text has at its place.

    Raises:
        AssertionError: One is not: a defect of the rules, never of the source.
    """
    text = draft.source.text
    spans = [a.span for a in draft.attributions] + [o.span for o in draft.objectives]
    spans += [c.span for c in draft.contacts] + [own.span for own in draft.author_claims]
    for span in spans:
        if text[span.start : span.end] != span.quote:
            raise AssertionError(f"{span.quote!r} does not stand at {span.start}–{span.end}.")
    return draft

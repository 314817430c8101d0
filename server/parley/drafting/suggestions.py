"""Quotations that a language model suggests: kept only if they stand in the source, and marked.

The model is shown the text piece by piece and asked for words, never for places. What it answers
can become nothing but a drafted proposal: quotation, claimant and cue must stand in the piece
letter by letter, whatever the document told the model to say.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from parley.corpus import quotations
from parley.drafting import asking, attribution, blocks
from parley.drafting.values import Attribution, Draft, Span, check
from parley.errors import ModelError

if TYPE_CHECKING:
    from parley.drafting.asking import Endpoint

RULE: Final = "model"
#: Code points of one piece of text, and pieces of one document, that are shown to a model.
PIECE: Final = 6_000
MOST_PIECES: Final = 60
_MOST_QUOTATIONS: Final = 200
_SHORTEST: Final = 3
_FAR: Final = 400
_ALIKE: Final = 0.5
_SURE: Final = 0.5
_FENCE: Final = re.compile(r"\s*```(?:json)?\s*(.*?)\s*```\s*", re.DOTALL)


@dataclass(slots=True)
class _Tally:
    kept: int = 0
    drafted: int = 0
    dropped: int = 0
    silent: int = 0
    reason: str = ""

    def note(self, model: str) -> str:
        told = (
            f"The model {model} suggested {self.kept + self.drafted + self.dropped} quotations: "
            f"{self.kept} kept, {self.drafted} drafted already, {self.dropped} thrown away because "
            "their words do not stand in the source."
        )
        if self.silent:
            told += f" For {self.silent} pieces it gave no help: {self.reason}"
        return told


def prompt() -> str:
    """Return the instruction that a model is given."""
    listed = resources.files("parley.drafting").joinpath("rules", "prompt.txt")
    return listed.read_text(encoding="utf-8")


def digest() -> str:
    """Return the digest of the instruction, by which a suggestion names it."""
    return f"sha256:{hashlib.sha256(prompt().encode('utf-8')).hexdigest()}"


def suggest(draft: Draft, place: Endpoint) -> Draft:
    """Return a draft with what a model suggests besides; a note says what became of it.

    A model that fails is no failure of the draft: the note says so.
    """
    tally = _Tally()
    made = list(draft.attributions)
    for start, end in pieces(draft.source.text):
        try:
            items = _quotations(asking.ask(place, prompt(), _framed(draft.source.text[start:end])))
        except ModelError as error:
            tally.silent += 1
            tally.reason = str(error)
            if tally.silent > 1:
                break
            continue
        for item in items:
            _take(item, draft.source.text, (start, end), made, tally, place.model)
    notes = (*draft.notes, tally.note(place.model))
    return check(replace(draft, attributions=tuple(made), notes=notes))


def pieces(text: str) -> list[tuple[int, int]]:
    """Return the pieces of a text that are shown one by one: whole blocks, as many as fit."""
    found: list[tuple[int, int]] = []
    for block in blocks.split(text):
        if found and block.end - found[-1][0] <= PIECE:
            found[-1] = (found[-1][0], block.end)
        else:
            found += [
                (at, min(at + PIECE, block.end)) for at in range(block.start, block.end, PIECE)
            ]
    return found[:MOST_PIECES]


def _framed(words: str) -> str:
    """Return a piece between two lines with a code that no author could have known."""
    code = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"TEXT {code}\n{words}\nTEXT {code}"


def _quotations(answer: str) -> list[dict[str, Any]]:
    fenced = _FENCE.fullmatch(answer)
    try:
        found: Any = json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError) as error:
        raise ModelError("The model's answer is no JSON.", remedy="Ask another model.") from error
    items = found.get("quotations") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise ModelError("The model's answer lists no quotations.", remedy="Ask another model.")
    return [item for item in items[:_MOST_QUOTATIONS] if isinstance(item, dict)]


def _take(
    item: dict[str, Any],
    text: str,
    piece: tuple[int, int],
    made: list[Attribution],
    tally: _Tally,
    model: str,
) -> None:
    """Add a suggestion to the attributions, unless it is none or is there already."""
    proposal = _proposal(item, text, piece, model)
    if proposal is None:
        tally.dropped += 1
    elif any(_is_same(proposal, other) for other in made):
        tally.drafted += 1
    else:
        tally.kept += 1
        made.append(proposal)


def _proposal(
    item: dict[str, Any], text: str, piece: tuple[int, int], model: str
) -> Attribution | None:
    voices = _places(text, piece, item.get("claimant"))
    spans = _places(text, piece, item.get("quote"))
    if not voices or not spans or len(str(item["quote"]).strip()) < _SHORTEST:
        return None
    span = min(spans, key=lambda s: min(_distance(s, voice) for voice in voices))
    cue = min(_places(text, piece, item.get("cue")), key=lambda c: _distance(c, span), default=None)
    if cue is not None and _distance(cue, span) > _FAR:
        cue = None
    claimant = " ".join(str(item["claimant"]).split())
    denied = item.get("polarity") == "negative"
    return Attribution(
        span=span,
        claimant=claimant,
        claimant_norm=claimant,
        cue=cue.quote if cue else "",
        cue_span=cue,
        denied=denied,
        polarity="-" if denied else "+",
        hedged=item.get("hedged") is True,
        hedge=attribution.hedge_in(span.quote),
        actors=(),
        rule=RULE,
        sense="assertion",
        confidence=_SURE,
        origin=f"proposed by the model {model} with the prompt {digest()}",
    )


def _places(text: str, piece: tuple[int, int], words: object) -> list[Span]:
    """Return every place of a piece where the words stand letter by letter."""
    if not isinstance(words, str) or not words.strip():
        return []
    start, end = piece
    found = quotations.find(text[start:end], words.strip())
    return [Span.cut(text, start + a, start + b) for a, b in found]


def _is_same(one: Attribution, other: Attribution) -> bool:
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    lengths = len(one.span.quote) + len(other.span.quote)
    if 2 * max(shared, 0) / lengths < _ALIKE:
        return False
    voices = {_bare(v) for v in (other.claimant, other.claimant_norm)}
    return _bare(one.claimant) in voices or one.span == other.span


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ").strip()


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)

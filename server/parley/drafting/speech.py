"""Quoted speech: pairs of quotation marks, and who is said to speak them.

`find` needs no language model: it knows the verbs of saying and a capitalised name beside the
quotation. With a model, `spans` gives the quotations and the parse says who speaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from parley.drafting import tables

_PAIRS: Final = re.compile(r'“[^“”\n]+”|«[^«»\n]+»|"[^"\n]+"')
_MIN_WORDS: Final = 4
_NAME: Final = (
    r"(?:[Tt]he |[Aa]n? )?(?:[\w’'-]+ ){0,4}?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}"
    r"|[Hh]e|[Ss]he|[Tt]hey|(?:[Tt]he|[Aa]n?) \w+"
)


@dataclass(frozen=True, slots=True)
class Speech:
    """A quotation with its marks, its speaker and the verb that says so."""

    start: int
    end: int
    speaker: str
    verb: str


def spans(text: str) -> list[tuple[int, int]]:
    """Return where quotations of at least four words stand, with their marks."""
    return [m.span() for m in _PAIRS.finditer(text) if len(m.group().split()) >= _MIN_WORDS]


def find(text: str) -> list[Speech]:
    """Return the quotations beside which a verb of saying names the speaker."""
    found = []
    for start, end in spans(text):
        line = text.rfind("\n", 0, start) + 1
        before = text[max(line, start - 160) : start]
        after = text[end : end + 160].split("\n", 1)[0]
        match = _before().search(before) or _after().match(after) or _after_name().match(after)
        if match:
            found.append(Speech(start, end, match["who"].strip(), match["verb"]))
    return found


@cache
def verbs() -> frozenset[str]:
    """Return the verbs with a quotation frame, in their base form."""
    return frozenset(
        lemma for (lemma, pos), cues in tables.cues().items()
        if pos == "verb" and any("quote" in cue.frames for cue in cues)
    )  # fmt: skip


@cache
def _forms() -> str:
    forms = {"said", "says", "told", "wrote", "writes", "spoke", "cried", "cries"}
    for verb in verbs():
        stem = verb.removesuffix("e")
        forms |= {f"{stem}ed", f"{verb}s", f"{stem}ing", verb.removesuffix("y") + "ied"}
    return "|".join(sorted(forms))


@cache
def _before() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<who>{_NAME}) (?:\w+ly )?(?P<verb>{_forms()})\b[^.;!?]{{0,60}}[,:]?\s*$"
    )


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"[,\s]*(?P<verb>{_forms()}) (?P<who>{_NAME})")


@cache
def _after_name() -> re.Pattern[str]:
    return re.compile(rf"[,\s]*(?P<who>{_NAME}) (?P<verb>{_forms()})\b")

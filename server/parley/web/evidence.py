"""From what a row or a picture shows to the claims and the words behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.web import names, rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Passages that are shown behind one row.
SHOWN: Final = 6
_FRAMES: Final = frozenset({"objective", "occurrence"})


@dataclass(frozen=True, slots=True)
class Words:
    """A passage in its sentence, and the claim that rests on it."""

    claim: str
    passage: str
    sentence: str
    before: str
    exact: str
    after: str


def claims_of_frames(iris: Iterable[str]) -> dict[str, list[str]]:
    """Return the claims that speak of occurrences and objectives, by what they speak of."""
    found: dict[str, list[str]] = {}
    for row in rendering.site().views.select_each("claims-of-frames", "frame", iris):
        found.setdefault(row["frame"].text, []).append(row["claim"].text)
    return found


def words_of_claims(claims: Iterable[str]) -> dict[str, list[Words]]:
    """Return the passages that claims rest on, by claim."""
    found: dict[str, list[Words]] = {}
    for row in rendering.site().views.select_each("passages-of-claims", "claim", claims):
        words = Words(
            row["claim"].text,
            row["passage"].text,
            row["sentence"].text,
            row["prefix"].text if "prefix" in row else "",
            row["exact"].text,
            row["suffix"].text if "suffix" in row else "",
        )
        found.setdefault(words.claim, []).append(words)
    return found


def behind_rows(rows: list[list[str]]) -> list[list[Words]]:
    """Return for each row, given as the IRIs it holds, the words that it rests on.

    A claim rests on its passages, a passage on the claims it carries; where a row has neither, an
    occurrence or objective in it rests on the claims that speak of it, and among them on those
    that name most of what else the row holds.
    """
    claims = [[iri for iri in row if names.kind_of(iri) == "claim"] for row in rows]
    passages = [[iri for iri in row if names.kind_of(iri) == "passage"] for row in rows]
    frames = [[iri for iri in row if names.kind_of(iri) in _FRAMES] for row in rows]
    bare = {
        iri
        for c, p, of_row in zip(claims, passages, frames, strict=True)
        if not c and not p
        for iri in of_row
    }
    by_frame = claims_of_frames(bare)
    parties = _parties_of_claims({claim for some in by_frame.values() for claim in some})
    by_passage = _claims_of_passages({iri for row in passages for iri in row})
    resolved = [
        [*c, *(x for i in p for x in by_passage.get(i, ()))]
        or _nearest([x for i in f for x in by_frame.get(i, ())], set(row) - set(f), parties)
        for row, c, p, f in zip(rows, claims, passages, frames, strict=True)
    ]
    words = words_of_claims({claim for row in resolved for claim in row})
    return [_distinct(w for claim in dict.fromkeys(row) for w in words.get(claim, ()))
            for row in resolved]  # fmt: skip


def _parties_of_claims(claims: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rendering.site().views.select_each("parties-of-claims", "claim", sorted(claims)):
        found.setdefault(row["claim"].text, set()).add(row["party"].text)
    return found


def _nearest(
    claims: Sequence[str], named: set[str], parties: Mapping[str, set[str]]
) -> Sequence[str]:
    """Return the claims that tie most of some things, in their order."""
    shared = {claim: len(named & parties.get(claim, set())) for claim in claims}
    most = max(shared.values(), default=0)
    return [claim for claim in claims if shared[claim] == most]


def _claims_of_passages(passages: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rendering.site().views.select_each("claims-of-passages", "passage", passages):
        found.setdefault(row["passage"].text, []).append(row["claim"].text)
    return found


def _distinct(words: Iterable[Words]) -> list[Words]:
    """Return passages once each, under the first claim that rests on them."""
    return list({word.passage: word for word in reversed(list(words))}.values())[::-1][:SHOWN]

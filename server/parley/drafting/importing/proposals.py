"""Annotations as a draft: each mark anchored in our source, each kind of label a kind of proposal.

Nothing is added to what the annotators marked: words that do not stand in the source, labels that
the table does not know and relations that say nothing to us are left out, each with its reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.drafting import attribution
from parley.drafting.actors import Mention
from parley.drafting.anchoring import Anchors
from parley.drafting.importing.labels import IGNORE
from parley.drafting.importing.marks import Left
from parley.drafting.values import (
    Attribution,
    AuthorClaim,
    Contact,
    Draft,
    Objective,
    Span,
    check,
)
from parley.errors import QuotationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.drafting.importing.labels import Labels
    from parley.drafting.importing.marks import Annotations, Mark
    from parley.drafting.sources import Source

RULE: Final = "import"
_SENSES: Final = {
    "content": "assertion", "belief": "belief", "attitude": "attitude", "intention": "eventuality",
}  # fmt: skip
_ACTOR: Final = "actor "
#: Code points between a cue and its content beyond which the two are not quoted together.
_FAR: Final = 400
_ARTICLE: Final = re.compile(r"^(?:the|an?)\s+|[’']s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark that stands in the source: its kind, its span, and the actors its labels name."""

    mark: Mark
    kind: str
    span: Span
    names: tuple[tuple[str, str], ...]
    traits: frozenset[str]


def propose(
    annotations: Annotations, source: Source, labels: Labels, *, same_positions: bool
) -> tuple[Draft, list[Left]]:
    """Return the draft that annotations make of a source, and what of them was left out.

    Args:
        annotations: What the files hold.
        source: Our text.
        labels: What labels become.
        same_positions: Whether positions in the annotated text count in ours.
    """
    reading = _Reading(annotations, source, labels, same_positions=same_positions)
    return reading.draft(), reading.left


class _Reading:
    """The placed marks of a source and how they are joined."""

    def __init__(
        self, annotations: Annotations, source: Source, labels: Labels, *, same_positions: bool
    ) -> None:
        self.source = source
        self.labels = labels
        self.left = list(annotations.left)
        self.placed: dict[str, _Placed] = {}
        anchors = Anchors(source.text, same_positions=same_positions)
        known = {mark.id for mark in annotations.marks}
        traits = self._traits(annotations, known)
        for mark in annotations.marks:
            self._place(mark, anchors, traits[mark.id])
        self.joined = self._links(annotations, known)

    def draft(self) -> Draft:
        """Return what the marks propose, in the order of the text."""
        marks = sorted(self.placed.values(), key=lambda m: (m.span.start, -m.span.end, m.mark.id))
        said: list[Attribution] = []
        own: list[AuthorClaim] = []
        aims: list[Objective] = []
        meetings: list[Contact] = []
        mentions: list[Mention] = []
        for placed in marks:
            if placed.kind == "author":
                own.append(self._author_claim(placed))
            elif placed.kind == "objective":
                aims.append(self._objective(placed))
            elif placed.kind == "contact":
                meetings += self._contact(placed)
            elif placed.kind.startswith(_ACTOR):
                mentions.append(_mention(placed))
            elif (content := self._content(placed)) is not None:
                made = list(self._attributions(placed, content))
                said += made
                if not made:
                    own.append(self._author_claim(placed))
        return check(
            Draft(
                self.source, tuple(said), tuple(aims), tuple(meetings), tuple(own), tuple(mentions)
            )
        )

    def _traits(self, annotations: Annotations, known: set[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for trait in annotations.traits:
            meaning = self.labels.trait(trait.name, trait.value)
            if meaning is None or trait.mark not in known:
                what = f"{trait.name} {trait.value}".strip()
                reason = f"{what!r} is not in the table of labels, or is said of no mark."
                self.left.append(Left(trait.place, reason))
            elif meaning != IGNORE:
                found[trait.mark].add(meaning)
        return found

    def _place(self, mark: Mark, anchors: Anchors, traits: set[str]) -> None:
        kinds, names, said = self._meanings(mark)
        if not kinds:
            listed = ", ".join(map(repr, mark.labels))[:120]
            self.left.append(Left(mark.place, f"{listed}: no such label in the table of labels."))
            return
        if kinds[0] == IGNORE:
            return
        try:
            start, end = anchors.locate(mark.selector)
        except QuotationError as error:
            self.left.append(Left(mark.place, error.message))
            return
        start, end = _trimmed(self.source.text, start, end)
        span = Span.cut(self.source.text, start, end)
        self.placed[mark.id] = _Placed(mark, kinds[0], span, names, frozenset(traits | said))

    def _meanings(self, mark: Mark) -> tuple[list[str], tuple[tuple[str, str], ...], set[str]]:
        """Return what a mark's labels make it, whom they name in which role, and its traits."""
        kinds, names, traits = list[str](), list[tuple[str, str]](), set[str]()
        for label in mark.labels:
            head, _, name = (part.strip() for part in label.partition(":"))
            role = self.labels.meaning(head, "role") if name else None
            if role is not None and not name.startswith("//"):
                names.append((role, name))
            elif (kind := self.labels.meaning(label, "span")) is not None:
                kinds.append(kind)
            elif (trait := self.labels.trait(label, "")) is not None:
                traits.add(trait)
        if not kinds and names:
            kinds = ["content"]
        return kinds, tuple(names), traits - {IGNORE}

    def _links(self, annotations: Annotations, known: set[str]) -> dict[str, list[tuple[str, str]]]:
        """Return the neighbours of each mark with the role in which the two are joined."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for link in annotations.links:
            meaning = self.labels.meaning(link.role, "role")
            if meaning is None:
                self.left.append(
                    Left(link.place, f"{link.role!r}: no such role in the table of labels.")
                )
            elif not {link.source, link.target} <= known:
                self.left.append(Left(link.place, "joins something that is no mark."))
            elif meaning != IGNORE:
                found[link.source].append((link.target, meaning))
                found[link.target].append((link.source, f"of {meaning}"))
        return found

    def _around(self, placed: _Placed) -> Iterator[tuple[_Placed, str]]:
        """Yield each neighbour of a mark and what it is to it: its role, else its kind."""
        for other, role in self.joined.get(placed.mark.id, ()):
            if (there := self.placed.get(other)) is not None:
                by_kind = there.kind in {"claimant", "cue"} or role.startswith("of ")
                yield there, there.kind if by_kind else role

    def _content(self, placed: _Placed) -> str | None:
        """Return the sense of words that are somebody's content: by their kind, or their role."""
        if placed.kind in _SENSES:
            return _SENSES[placed.kind]
        plays = {role for _, role in self.joined.get(placed.mark.id, ())}
        if "of content" in plays and placed.kind not in {"cue", "claimant"}:
            return _SENSES["content"]
        return None

    def _attributions(self, placed: _Placed, sense: str) -> Iterator[Attribution]:
        near = list(self._around(placed))
        cues = [there for there, what in near if what == "cue"]
        through = [pair for cue in cues for pair in self._around(cue)]
        voices = [_name(there) for there, what in near + through if what == "claimant"]
        voices += [name for role, name in placed.names if role == "claimant"]
        if not voices and not cues:
            return
        cue = next((c for c in cues if _distance(c.span, placed.span) <= _FAR), None)
        traits = placed.traits.union(*(c.traits for c in cues))
        for voice in dict.fromkeys(voices or [""]):
            yield Attribution(
                span=placed.span,
                claimant=voice,
                claimant_norm=voice,
                cue=cue.span.quote if cue else "",
                cue_span=cue.span if cue else None,
                denied="denied" in traits,
                polarity="-" if "denied" in traits else "+",
                hedged="hedged" in traits,
                hedge=attribution.hedge_in(placed.span.quote) if "hedged" in traits else "",
                actors=(),
                rule=f"{RULE}.{placed.kind}",
                sense=sense,
                confidence=1.0,
                origin=_origin(placed),
            )

    def _objective(self, placed: _Placed) -> Objective:
        played = self._players(placed)
        holders = played["holder"] + played["claimant"]
        return Objective(
            span=placed.span,
            holder=next(iter(holders), ""),
            target=next(iter(played["target"]), ""),
            rule=RULE,
            origin=_origin(placed),
        )

    def _contact(self, placed: _Placed) -> list[Contact]:
        played = self._players(placed)
        sides = tuple(dict.fromkeys(played["participant"] + played["actor"]))
        if len(sides) < 2:
            reason = f"A contact takes two participants; {len(sides)} are marked."
            self.left.append(Left(placed.mark.place, reason))
            return []
        return [
            Contact(
                span=placed.span,
                cue=placed.span.quote,
                participants=sides,
                mediators=tuple(played["mediator"]),
                realised=True,
                rule=f"{RULE}.contact",
                origin=_origin(placed),
            )
        ]

    def _author_claim(self, placed: _Placed) -> AuthorClaim:
        return AuthorClaim(
            span=placed.span,
            polarity="-" if "denied" in placed.traits else "+",
            hedged="hedged" in placed.traits,
            time="",
            subject="",
            predicate="",
            object="",
            actors=(),
            rule=f"{RULE}.{placed.kind}",
            origin=_origin(placed),
        )

    def _players(self, placed: _Placed) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for there, what in self._around(placed):
            found["actor" if what.startswith(_ACTOR) else what].append(_name(there))
        for role, name in placed.names:
            found[role].append(name)
        return found


def _mention(placed: _Placed) -> Mention:
    span, kind = placed.span, placed.kind.removeprefix(_ACTOR)
    return Mention(span.start, span.end, span.quote, _name(placed), "", kind, known=False)


def _name(placed: _Placed) -> str:
    words = " ".join(placed.span.quote.split())
    return _ARTICLE.sub("", words) or words


def _origin(placed: _Placed) -> str:
    note = f": {placed.mark.note}" if placed.mark.note else ""
    return f"imported from {placed.mark.place}{note}"


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without white space at its ends, unless it is nothing else."""
    words = text[start:end]
    if not words.strip():
        return start, end
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())

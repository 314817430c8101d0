"""Objectives: the items of a numbered list under a heading that says so, and coordinated aims.

A list is one of objectives when its lead-in or the heading above it has a word for one. An
item's objective is its first sentence; the sentences that follow it support it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from parley.drafting import tables
from parley.drafting.values import Objective, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parley.drafting.actors import Gazetteer
    from parley.drafting.blocks import Block

_FIRST_SENTENCE: Final = re.compile(r".+?[.!?][\"”’)]*(?=\s+[\"“‘(]?[A-Z]|\s*$)", re.DOTALL)
_GERUND: Final = re.compile(
    r"(?:^\s*|,\s+(?:and\s+|in contrast,\s+|or\s+)?|\band\s+|\bas well as\s+)"
    r"(?P<item>[A-Za-z][a-z]+ing\b)"
)
_AMONG: Final = re.compile(
    r"\s+(?:are|were|is|was|will be)\s+(?:all\s+)?(?:among|some of|part of|one of)\s+"
)
_SENTENCE: Final = re.compile(r"[^.!?]+[.!?]")


def find(text: str, blocks: Sequence[Block], names: Gazetteer) -> list[Objective]:
    """Return the objectives of a text's lists and enumerations, in order."""
    found = [*_listed(text, blocks, names)]
    for block in blocks:
        if block.kind == "paragraph":
            found += _coordinated(text, block, names)
    return sorted(found, key=lambda o: o.span.start)


def _listed(text: str, blocks: Sequence[Block], names: Gazetteer) -> Iterator[Objective]:
    lead = heading = ""
    for block in blocks:
        if block.kind in {"title", "heading"}:
            heading, lead = block.text, ""
        elif block.kind == "paragraph":
            lead = block.text
        elif block.kind == "item" and block.number is not None and _speaks(heading, lead):
            holder, target = _roles(heading, lead, names)
            yield Objective(
                span=_head(text, block),
                holder=holder,
                target=target,
                rule="list",
                number=block.number,
                lead=lead,
            )


def _speaks(heading: str, lead: str) -> bool:
    """Say whether a heading, or a lead-in that ends in a colon, announces objectives."""
    words = heading.lower()
    if lead.rstrip().endswith((":", "follows", "following")):
        words += " " + lead.rsplit(".", 2)[-1].lower() + lead[-300:].lower()
    found = set(re.findall(r"[a-z]+", words))
    return bool(found & tables.words("objective_words.tsv"))


def _head(text: str, block: Block) -> Span:
    match = _FIRST_SENTENCE.match(block.text)
    end = block.start + (match.end() if match else len(block.text))
    return Span.cut(text, block.start, end)


def _roles(heading: str, lead: str, names: Gazetteer) -> tuple[str, str]:
    """Return the holder, the first actor of the lead-in that is not the heading's last."""
    titled = [m.actor for m in names.find(heading)]
    led = [m.actor for m in names.find(lead)]
    target = titled[-1] if titled else (led[-1] if len(led) > 1 else "")
    holders = [actor for actor in (*led, *titled) if actor != target]
    return (holders[0] if holders else ""), target


def _coordinated(text: str, block: Block, names: Gazetteer) -> Iterator[Objective]:
    """Yield the members of ``having …, reducing … and dividing … are among the advantages``."""
    for sentence in _SENTENCE.finditer(block.text):
        words = sentence.group()
        link = _AMONG.search(words)
        after = set(re.findall(r"[a-z]+", words[link.end() :].lower())) if link else set()
        if link is None or not after & tables.words("objective_words.tsv"):
            continue
        begin = len(words) - len(words.lstrip())
        starts = [m.start("item") for m in _GERUND.finditer(words, begin, link.start())]
        if len(starts) < 3 or starts[0] != begin:
            continue
        holders = [m.actor for m in names.find(words[link.end() :])]
        for left, right in zip(starts, [*starts[1:], link.start()], strict=True):
            item = re.sub(r"(?:,|\s|\band|\bas well as|\bin contrast)+$", "", words[left:right])
            start = block.start + sentence.start() + left
            yield Objective(
                span=Span.cut(text, start, start + len(item)),
                holder=holders[0] if holders else "",
                target=holders[1] if len(holders) > 1 else "",
                rule="coordination",
                confidence=0.7,
            )

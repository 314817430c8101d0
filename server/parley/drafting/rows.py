"""Drafts as JSON Lines: one object a proposal, with where it stands and who is meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from parley.drafting.values import PROSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parley.drafting.values import Attribution, Contact, Draft, Objective

KINDS: Final = ("attribution", "objective", "contact")


def lines(draft: Draft, kinds: Iterable[str] = KINDS) -> Iterator[str]:
    """Yield one line a proposal, without its line end: attributions, objectives, contacts.

    Attributions that are only a part of what another one reports are left to the document
    folder; so are objectives told in prose and the author's own claims.
    """
    for row in objects(draft, kinds):
        yield json.dumps(row, ensure_ascii=False)


def objects(draft: Draft, kinds: Iterable[str] = KINDS) -> Iterator[dict[str, Any]]:
    """Yield the same as objects."""
    wanted = set(kinds)
    if "attribution" in wanted:
        yield from map(_attribution, voiced(draft))
    if "objective" in wanted:
        yield from map(_objective, listed(draft))
    if "contact" in wanted:
        yield from map(_contact, draft.contacts)


def voiced(draft: Draft) -> list[Attribution]:
    """Return the attributions that are voices of their own."""
    return [a for a in draft.attributions if a.independent]


def listed(draft: Draft) -> list[Objective]:
    """Return the objectives that stand in a list or an enumeration."""
    return [o for o in draft.objectives if o.rule != PROSE]


def _attribution(proposal: Attribution) -> dict[str, Any]:
    span = proposal.span
    return {
        "quote": span.quote,
        "start": span.start,
        "end": span.end,
        "claimant": proposal.claimant,
        "claimant_norm": proposal.claimant_norm,
        "cue": proposal.cue,
        "polarity": proposal.polarity,
        "hedged": proposal.hedged,
        "actors": list(proposal.actors),
        "kind": "attribution",
        "rule": proposal.rule,
        "confidence": proposal.confidence,
        "nested": proposal.within is not None,
        "time": proposal.time or None,
    }


def _objective(proposal: Objective) -> dict[str, Any]:
    span = proposal.span
    return {
        "quote": span.quote,
        "start": span.start,
        "end": span.end,
        "claimant": proposal.holder,
        "claimant_norm": proposal.holder,
        "cue": f"{proposal.number}." if proposal.number is not None else "",
        "polarity": "+",
        "hedged": False,
        "actors": [name for name in (proposal.holder, proposal.target) if name],
        "kind": "objective",
        "rule": f"objective.{proposal.rule}",
        "confidence": proposal.confidence,
        "number": proposal.number,
        "target": proposal.target,
    }


def _contact(proposal: Contact) -> dict[str, Any]:
    span = proposal.span
    return {
        "quote": span.quote,
        "start": span.start,
        "end": span.end,
        "claimant": "",
        "claimant_norm": "",
        "cue": proposal.cue,
        "polarity": "+",
        "hedged": not proposal.realised,
        "actors": list(proposal.participants),
        "kind": "contact",
        "rule": "contact",
        "confidence": proposal.confidence,
        "participants": list(proposal.participants),
        "mediators": list(proposal.mediators),
        "time": proposal.time or None,
        "realised": proposal.realised,
    }

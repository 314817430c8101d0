"""What the review page reads, as plain data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from parley.drafting import merging
from parley.drafting.review import journal, proposals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.drafting.merging import Merge
    from parley.drafting.review.catalogue import Catalogue, Known, Thing
    from parley.drafting.review.proposals import Proposal
    from parley.drafting.review.reviews import Review, State

_PAST: Final = {
    journal.ACCEPTED: "accepted",
    journal.EDITED: "edited",
    journal.REJECTED: "rejected",
    journal.ADDED: "added",
}


def document_data(review: Review) -> dict[str, Any]:
    """Return the text and what is known of its document; both stay while the review lasts."""
    file = review.state().file
    return {
        "slug": review.slug,
        "title": file.title,
        "text": file.document.text,
        "author": str(file.author),
        "curator": review.curator,
    }


def state_data(review: Review, state: State) -> dict[str, Any]:
    """Return the claims of the file, how far the review is, and what would be undone next."""
    catalogue = review.catalogue()
    known = {p.iri: p for p in catalogue.propositions}
    decided = {step.claim: step.act for step in state.journal.standing}
    merges = _merges(state, known)
    claims = []
    for proposal in state.proposals:
        data = proposals.as_data(proposal, catalogue.labels, state.precision(proposal))
        content = data["proposition"]
        if not content["parts"] and proposal.proposition in known:
            content["parts"] = _parts(known[proposal.proposition], catalogue)
        content["stands"] = _stands(known.get(proposal.proposition), proposal.claim, catalogue)
        found = [_merge(m, known, proposal) for m in merges.get(proposal.proposition, ())]
        data |= {"decision": decided.get(proposal.claim, ""), "merges": found}
        claims.append(data)
    standing = state.journal.standing
    last = standing[-1] if standing else None
    return {
        "revision": state.revision,
        "claims": claims,
        "ranking": [proposal.claim for proposal in state.ranked()],
        "counts": _counts(state),
        "undo": f"{_PAST[last.act]} {last.claim.rpartition('/')[2]}" if last else "",
    }


def things_data(catalogue: Catalogue) -> dict[str, Any]:
    """Return everything that can be picked."""
    return {
        "things": [_thing(thing) for thing in catalogue.things],
        "relations": [_thing(thing) for thing in catalogue.relations],
        "classes": [_thing(thing) for thing in catalogue.classes],
        "propositions": [
            {
                "iri": known.iri,
                "label": known.label,
                "parts": _parts(known, catalogue),
                "stands": _stands(known, "", catalogue),
            }
            for known in catalogue.propositions
        ],
    }


def _merges(state: State, known: Mapping[str, Known]) -> dict[str, list[Merge]]:
    """Return the propositions of reviewed claims that are proposed for each drafted one."""
    found: dict[str, list[Merge]] = {}
    for merge in merging.read(state.file.path.parent):
        if merge.other in known and not merge.is_shared:
            found.setdefault(merge.proposition, []).append(merge)
    return found


def _merge(merge: Merge, known: Mapping[str, Known], proposal: Proposal) -> dict[str, Any]:
    turned = merge.polarity == merging.REVERSED
    negative = (proposal.polarity == "negative") != turned
    polarity = "negative" if negative else "positive"
    against = [s.claim for s in known[merge.other].stands if s.polarity != polarity]
    return {
        "other": merge.other,
        "polarity": polarity,
        "effect": merging.CONTRADICTION if against else merging.AGREEMENT,
        "documents": merge.documents,
        "reason": merge.reason,
        "words": known[merge.other].label or merge.other_words,
        "contrasts": against,
    }


def _counts(state: State) -> dict[str, int]:
    status = Counter(proposal.status for proposal in state.proposals)
    acts = Counter({step.claim: step.act for step in state.journal.standing}.values())
    done = status["reviewed"] + acts[journal.REJECTED]
    return {
        "accepted": acts[journal.ACCEPTED],
        "edited": acts[journal.EDITED],
        "rejected": acts[journal.REJECTED],
        "added": acts[journal.ADDED],
        "waiting": status["drafted"],
        "done": done,
        "total": done + status["drafted"],
    }


def _thing(thing: Thing) -> dict[str, Any]:
    return {
        "iri": thing.iri,
        "kind": thing.kind,
        "label": thing.label,
        "others": list(thing.others),
        "note": thing.note,
    }


def _parts(known: Known, catalogue: Catalogue) -> list[list[Any]]:
    return [[name, proposals.named(value, catalogue.labels)] for name, value in known.parts]


def _stands(known: Known | None, without: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "claim": stand.claim,
            "key": stand.claim.rpartition("/")[2],
            "document": stand.document,
            "claimants": [proposals.named(c, catalogue.labels)["label"] for c in stand.claimants],
            "polarity": stand.polarity,
        }
        for stand in (known.stands if known else ())
        if stand.claim != without
    ]

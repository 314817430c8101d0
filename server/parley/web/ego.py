"""What an entity is tied to: a picture with the entity in the middle, and the same as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask
from markupsafe import Markup
from rdflib import URIRef

from parley.namespaces import PL
from parley.web import cards, charts, evidence, names, network, rendering
from parley.web.pictures import lanes
from parley.web.pictures.script import isolate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.web.views import Value

blueprint = flask.Blueprint("ego", __name__)
blueprint.add_app_template_filter(cards.attribution)

#: Things that are drawn on either side, those with most claims first; the table has more.
DRAWN: Final = 9
#: Rows of the table.
LISTED: Final = 100
#: Claims whose holders a row of the table names.
NAMED: Final = 6
#: Relations that a node names.
_SAID: Final = 2
#: The sides of the picture, from left to right.
_SIDES: Final = ("before", "after")


@dataclass(frozen=True, slots=True)
class Tie:
    """How a thing is tied to the entity: relation, side, and the claims that say or deny so."""

    other: str
    relation: str
    side: str
    denied: bool
    claims: tuple[str, ...]


@blueprint.app_template_global("ego_figure")
def show_ego(iri: str) -> Markup:
    """Return the picture around an entity with its table; nothing when it has no ties."""
    ties = read_ties(iri)
    if not ties:
        return Markup("")
    drawn = _choose(ties)
    listed = ties[:LISTED]
    labels = rendering.labels_of({iri} | {n for t in ties for n in (t.other, t.relation)})
    shown = {claim for tie in listed for claim in tie.claims[:NAMED]}
    holders = {card.iri: cards.attribution(card) for card in cards.load(sorted(shown))}
    page = flask.render_template(
        "ego.html",
        label=labels[iri],
        labels=labels,
        ties=[(tie, say(tie, labels), _said(tie, holders)) for tie in listed],
        left_out=len({t.other for t in ties}) - len({t.other for t in drawn}),
        unlisted=len(ties) - len(listed),
        picture=draw(iri, drawn, labels),
    )
    return Markup(page)  # noqa: S704 - a template of ours


@blueprint.app_template_global("voices_behind")
def voices_behind(frames: Iterable[str]) -> dict[str, list[str]]:
    """Return whose claims speak of objectives and contacts, by what they speak of."""
    claims = evidence.claims_of_frames(frames)
    shown = {claim for some in claims.values() for claim in some[:NAMED]}
    holders = {card.iri: cards.attribution(card) for card in cards.load(sorted(shown))}
    return {
        frame: list(dict.fromkeys(holders[claim] for claim in some[:NAMED]))
        for frame, some in claims.items()
    }


def read_ties(iri: str) -> list[Tie]:
    """Return what claims tie to an entity, those with most claims first.

    The roles in a contact or objective are ties too, unless a relation says the same of a thing.
    """
    found: dict[tuple[str, str, str, bool], list[str]] = {}
    for row in rendering.site().views.select("ego", {"this": URIRef(iri)}):
        denied = "polarity" in row and row["polarity"].text == str(PL.negative)
        key = row["other"].text, row["tie"].text, row["side"].text, denied
        found.setdefault(key, []).extend([row["claim"].text] if "claim" in row else [])
    related = {(key[0], key[2]) for key in found if not _is_role(key[1])}
    ties = [
        Tie(*key, tuple(claims))
        for key, claims in found.items()
        if not _is_role(key[1]) or (key[0], key[2]) not in related
    ]
    return sorted(ties, key=lambda t: (-len(t.claims), t.side, t.other, t.relation))


def draw(iri: str, ties: Sequence[Tie], labels: Mapping[str, Value]) -> str:
    """Draw an entity between what is tied to it and what it is tied to."""
    columns = [
        lanes.Column("Who or what", tuple(_nodes("before", ties, labels))),
        lanes.Column("", (_node(iri, labels[iri].text, "this"),)),
        lanes.Column("whom or what", tuple(_nodes("after", ties, labels))),
    ]
    edges = []
    for tie in ties:
        ends = [f"this {iri}", f"{tie.side} {tie.other}"]
        source, target = ends if tie.side == "after" else reversed(ends)
        edges.append(lanes.Edge(source, target, _sentence(iri, tie, labels), _claim_path(tie)))
    title = f"What {labels[iri].text} is tied to"
    return lanes.draw(columns, edges, title=title, name="ego")


def say(tie: Tie, labels: Mapping[str, Value]) -> str:
    """Return how a thing is tied, in words."""
    words = network.WORDS.get(names.local_name(tie.relation)) if _is_role(tie.relation) else None
    said = words or labels[tie.relation].text
    return f"{said} (denied)" if tie.denied else said


def _is_role(relation: str) -> bool:
    return relation.startswith(str(PL))


def _choose(ties: Sequence[Tie]) -> list[Tie]:
    """Return the ties of the things with most claims on each side."""
    counts = Counter[tuple[str, str]]()
    for tie in ties:
        counts[tie.side, tie.other] += max(len(tie.claims), 1)
    chosen: set[tuple[str, str]] = set()
    for side in _SIDES:
        own = sorted((key for key in counts if key[0] == side), key=lambda k: (-counts[k], k))
        chosen.update(own[:DRAWN])
    return [tie for tie in ties if (tie.side, tie.other) in chosen]


def _nodes(side: str, ties: Sequence[Tie], labels: Mapping[str, Value]) -> list[lanes.Node]:
    """Return the things on one side, each with what ties it: it reads like a sentence."""
    words: dict[str, list[str]] = {}
    for tie in ties:
        if tie.side == side:
            words.setdefault(tie.other, []).append(say(tie, labels))
    nodes = []
    for other, said in sorted(words.items()):
        distinct = list(dict.fromkeys(said))
        more = " …" if len(distinct) > _SAID else ""
        parts = [", ".join(map(isolate, distinct[:_SAID])) + more, isolate(labels[other].text)]
        label = ": ".join(parts if side == "after" else reversed(parts))
        nodes.append(_node(other, label, side))
    return nodes


def _node(iri: str, label: str, side: str) -> lanes.Node:
    kind = charts.KIND_CLASS.get(names.kind_of(iri), "thing")
    return lanes.Node(f"{side} {iri}", label, names.path_of(iri), kind)


def _sentence(iri: str, tie: Tie, labels: Mapping[str, Value]) -> str:
    ends = [isolate(labels[iri].text), isolate(labels[tie.other].text)]
    one, other = ends if tie.side == "after" else reversed(ends)
    keys = ", ".join(names.claim_key(claim) for claim in tie.claims[:8])
    return f"{one}: {isolate(say(tie, labels))}: {other}" + (f". Claims {keys}" if keys else "")


def _claim_path(tie: Tie) -> str:
    return names.claim_path(tie.claims[0]) if tie.claims else names.path_of(tie.other)


def _said(tie: Tie, holders: Mapping[str, str]) -> list[str]:
    """Return whose claims stand behind a tie, each once."""
    return list(dict.fromkeys(holders[claim] for claim in tie.claims[:NAMED]))

"""The network: who meets whom, to what end, and whom the objectives are directed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import flask

from parley.web import evidence, names, rendering, scopes
from parley.web.pictures import lanes
from parley.web.pictures.script import isolate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.web.scopes import Scope
    from parley.web.views import Value

blueprint = flask.Blueprint("network", __name__)

#: Contacts and objectives that are drawn, of each; the table has all.
DRAWN: Final = 30
#: Rows of one page of the table.
LISTED: Final = 100
#: Ties of contacts, and of objectives, that a view returns at most (its LIMIT).
MOST: Final = 500
_TITLES: Final = {
    "actor": "Who",
    "contact": "meets whom",
    "objective": "to what end",
    "target": "directed at",
}
#: What a role of a contact or objective is called between two things.
WORDS: Final = {
    "hasParticipant": "takes part in",
    "hasMediator": "mediates",
    "hasPurpose": "to the end of",
    "holder": "has the objective",
    "target": "directed at",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One line of the network: two things by IRI and column, and the words between them."""

    source: str
    source_kind: str
    words: str
    target: str
    target_kind: str

    @property
    def frame(self) -> str:
        """The contact or objective that it belongs to."""
        return self.source if self.source_kind in {"contact", "objective"} else self.target


@dataclass(frozen=True, slots=True)
class Network:
    """Ties, with the labels of what they tie and the claims behind each frame."""

    ties: tuple[Tie, ...]
    labels: Mapping[str, Value]
    claims: Mapping[str, list[str]]


@blueprint.route("/network")
@rendering.kept
def show_network() -> str:
    """Show the network as a picture with links, and as a table."""
    scope = scopes.read()
    ties = read_ties(scope)
    drawn = first_frames(ties)
    number = rendering.page_number()
    end = number * LISTED
    listed = ties[end - LISTED : end]
    network = complete([*drawn, *listed])
    return rendering.render(
        "network.html",
        behind=("network-objectives", scope.terms),
        scope=scope,
        network=network,
        listed=listed,
        picture=draw(drawn, network, scope),
        left_out=len(frames_of(ties)) - len(frames_of(drawn)),
        is_cut=len(ties) >= MOST,
        number=number,
        more=len(ties) > end,
    )


def read_ties(scope: Scope) -> list[Tie]:
    """Return who meets whom to what end, within a scope."""
    views = rendering.site().views
    ties = []
    for row in views.select("network-contacts", scope.terms):
        contact, role, other = (row[n].text for n in ("contact", "role", "other"))
        words = WORDS[names.local_name(role)]
        if names.local_name(role) == "hasPurpose":
            ties.append(Tie(contact, "contact", words, other, "objective"))
        else:
            ties.append(Tie(other, "actor", words, contact, "contact"))
    for row in views.select("network-objectives", scope.terms):
        objective, role, other = (row[n].text for n in ("objective", "role", "other"))
        words = WORDS[names.local_name(role)]
        if names.local_name(role) == "target":
            ties.append(Tie(objective, "objective", words, other, "target"))
        else:
            ties.append(Tie(other, "actor", words, objective, "objective"))
    return ties


def frames_of(ties: Iterable[Tie]) -> set[str]:
    """Return the contacts and objectives that ties belong to."""
    return {tie.frame for tie in ties}


def first_frames(ties: Sequence[Tie]) -> list[Tie]:
    """Return the ties of the contacts and of the objectives that are drawn."""
    shown: set[str] = set()
    for kind in ("contact", "objective"):
        found = {tie.source for tie in ties if tie.source_kind == kind}
        found |= {tie.target for tie in ties if tie.target_kind == kind}
        shown.update(sorted(found)[:DRAWN])
    return [tie for tie in ties if tie.frame in shown]


def complete(ties: Sequence[Tie]) -> Network:
    """Return ties with what they tie named, and with the claims behind them."""
    things = {iri for tie in ties for iri in (tie.source, tie.target)}
    claims = evidence.claims_of_frames(sorted(frames_of(ties)))
    return Network(tuple(ties), rendering.labels_of(things), claims)


def draw(ties: Sequence[Tie], network: Network, scope: Scope) -> str:
    """Draw ties in four columns that read like a sentence."""
    columns = [
        lanes.Column(title, tuple(_nodes(kind, ties, network))) for kind, title in _TITLES.items()
    ]
    edges = [
        lanes.Edge(
            _key(tie.source, tie.source_kind),
            _key(tie.target, tie.target_kind),
            _sentence(tie, network),
            names.path_of(tie.frame),
        )
        for tie in ties
    ]
    title = f"Network: {scope.label}" if scope.label else "Network"
    return lanes.draw(columns, edges, title=title)


def _nodes(kind: str, ties: Iterable[Tie], network: Network) -> Iterable[lanes.Node]:
    ends = {tie.source for tie in ties if tie.source_kind == kind}
    ends |= {tie.target for tie in ties if tie.target_kind == kind}
    style = "actor" if kind == "target" else kind
    for iri in sorted(ends):
        yield lanes.Node(_key(iri, kind), network.labels[iri].text, names.path_of(iri), style)


def _key(iri: str, kind: str) -> str:
    """An actor may stand twice, as who acts and as who is acted upon."""
    return f"{kind} {iri}"


def _sentence(tie: Tie, network: Network) -> str:
    one, other = (isolate(network.labels[iri].text) for iri in (tie.source, tie.target))
    said = f"{one} {tie.words} {other}"
    keys = ", ".join(names.claim_key(claim) for claim in network.claims.get(tie.frame, [])[:8])
    return f"{said}. Claims {keys}" if keys else said

"""A page for every entity: what it is, what is claimed about it, and what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import flask
from rdflib import DCTERMS, RDF, RDFS, SKOS, URIRef

from parley.engine.results import CSV, HTML
from parley.errors import NotFoundError
from parley.namespaces import PL, SCHEMA
from parley.web import cards, claim_pages, descriptions, drafts, names, ontology_files, rendering
from parley.web.views import Slice, Value

if TYPE_CHECKING:
    from parley.web.cards import Card
    from parley.web.views import Row

blueprint = flask.Blueprint("entities", __name__)

_SPACE: Final = f"any({', '.join(names.SPACES)})"
#: Claims and mentions shown before the reader asks for all.
_FIRST: Final = 8
_MENTIONS: Final = 50
#: Properties that the head of a page shows in its own way.
_HEAD: Final = frozenset(
    map(str, (RDF.type, RDFS.label, SKOS.definition, SKOS.altLabel, SKOS.prefLabel))
)
#: Properties whose values stand for the same or a similar thing elsewhere.
_ELSEWHERE: Final = frozenset(
    map(
        str,
        (
            SCHEMA.sameAs,
            SKOS.exactMatch,
            SKOS.closeMatch,
            SKOS.broadMatch,
            SKOS.narrowMatch,
            SKOS.relatedMatch,
            RDFS.seeAlso,
        ),
    )
)
#: Properties that follow from others and would say everything twice.
_DERIVED: Final = frozenset(
    str(PL[name])
    for name in (
        "role",
        "involves",
        "participatesIn",
        "directRelation",
        "voicesPositionOf",
        "hasObjective",
        "targetOf",
    )
)
#: Kinds of which nothing is asserted but who or what they are, and the properties that say so.
_CLAIMED_KINDS: Final = frozenset({"actor", "objective", "occurrence", "place"})
_IDENTITY: Final = frozenset(
    str(PL[name]) for name in ("actsFor", "memberOf", "inList", "rank", "category")
)
_LISTS: Final = {
    "about": ("claims-about", "Claims about it"),
    "for": ("claims-about-with", "Claims that affirm something of it"),
    "against": ("claims-about-with", "Claims that deny something of it"),
    "by": ("claims-by", "Claims ascribed to it"),
}
_POLARITIES: Final = {"for": PL.positive, "against": PL.negative}


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values; ``claimed`` when a claim stands behind them, not identity."""

    property: str
    values: tuple[Value, ...]
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A period and the claims that hold or were said in it."""

    period: str
    edtf: str
    claims: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """An objective or contact in which an actor takes part, and as what."""

    iri: str
    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What an entity is: its names, definition and classes, and all it is said to be."""

    iri: str
    label: Value
    other_labels: tuple[Value, ...]
    aliases: tuple[Value, ...]
    definition: Value | None
    classes: tuple[Value, ...]
    facts: tuple[Fact, ...]
    elsewhere: tuple[tuple[str, Value], ...]
    labels: dict[str, Value]


@blueprint.route(f"/<{_SPACE}:space>")
@blueprint.route(f"/<{_SPACE}:space><any({rendering.ENDINGS}):suffix>")
@blueprint.route(f"/<{_SPACE}:space>/<path:name>")
@rendering.kept
def show_entity(space: str, name: str = "", suffix: str = "") -> flask.Response | str:
    """Show an entity as a page or as data, by Accept, ``?format=`` or the address's ending.

    An IRI may itself end as if it named a format; where it is in use, it is that IRI.
    """
    if name and not next(filter(_is_known, names.iris_of(space, name)), ""):
        name, suffix = rendering.split_suffix(name)
    media_type = rendering.wanted_media_type(suffix)
    candidates = names.iris_of(space, name)
    iri = next(filter(_is_known, candidates), "")
    if not iri:
        raise drafts.missing(candidates[0])
    path = flask.url_for(".show_entity", space=space, name=name or None)
    return _answer(iri, media_type, path)


@blueprint.route("/about")
@rendering.kept
def show_foreign() -> flask.Response | str:
    """Show what the dataset says about any IRI, also somebody else's."""
    iri = flask.request.args.get("iri", "")[:2_000]
    own = names.path_of(iri)
    if own and not own.startswith("/about"):
        return flask.redirect(own, 303)  # type: ignore[return-value]
    if not rendering.site().views.is_used(iri):
        raise NotFoundError(f"The dataset says nothing about <{iri}>.")
    return _answer(iri, rendering.wanted_media_type(""), f"/about?iri={quote(iri, safe='')}")


def _is_known(iri: str) -> bool:
    return rendering.site().views.is_used(iri) or bool(ontology_files.find(iri))


def _answer(iri: str, media_type: str, path: str) -> flask.Response:
    """Answer with the page or the data on an IRI; shapes have no page of their own."""
    views = rendering.site().views
    if media_type == HTML:
        page = _show(iri, path) if views.is_used(iri) else flask.redirect("/ns", 303)
        return flask.make_response(page)
    if media_type == CSV:
        body = views.fetch("entity-facts", "SELECT", CSV, {"this": URIRef(iri)})
    else:
        document = ontology_files.read(iri, media_type)
        if document is None:
            return _describe(iri, media_type, path)
        body = document
    return rendering.render_data(body, media_type, path, iri)


def _describe(iri: str, media_type: str, path: str) -> flask.Response:
    """Answer with a page of the description of a thing; its Link header leads to the others."""
    number = rendering.page_number()
    found = descriptions.describe(iri, media_type, number)
    answer = rendering.render_data(found.body, media_type, path, iri)
    near = {"prev": number - 1 if number > 1 else 0, "next": number + 1 if found.more else 0}
    links = [f'<{rendering.here(page=n)}>; rel="{rel}"' for rel, n in near.items() if n]
    answer.headers["Link"] = ", ".join([answer.headers["Link"], *links])
    return answer


def read_head(iri: str) -> Head:
    """Return what an entity is."""
    rows = rendering.site().views.select("entity-facts", {"this": URIRef(iri)})
    by_property: dict[str, list[Value]] = {}
    for row in rows:
        by_property.setdefault(row["property"].text, []).append(row["value"])
    iris = {v.text for values in by_property.values() for v in values if v.is_iri}
    labels = rendering.labels_of({iri, *by_property, *iris})
    own = by_property.get(str(RDFS.label), [])
    classes = by_property.get(str(RDF.type), [])
    return Head(
        iri=iri,
        label=labels[iri],
        other_labels=tuple(v for v in own if v.text != labels[iri].text),
        aliases=tuple(by_property.get(str(SKOS.altLabel), ())),
        definition=_pick(rows, str(SKOS.definition)),
        classes=tuple(v for v in classes if v.text.startswith(str(PL))),
        facts=_facts(by_property, may_be_claimed=names.kind_of(iri) in _CLAIMED_KINDS),
        elsewhere=tuple(_elsewhere(by_property)),
        labels=labels,
    )


def _show(iri: str, path: str) -> flask.Response:
    special = claim_pages.PAGES.get(names.kind_of(iri))
    head = read_head(iri)
    if special is not None:
        return special(head, path)
    wanted = flask.request.args.get("show", "")
    if wanted in _LISTS:
        return _show_claims(head, path, wanted)
    if wanted == "mentions":
        return _show_mentions(head, path)
    return _show_whole(head, path)


def _show_whole(head: Head, path: str) -> flask.Response:
    terms = {"this": URIRef(head.iri)}
    views = rendering.site().views
    tally = next(iter(views.select("entity-tally", terms)), {})
    first = Slice(_FIRST)
    about = [row["claim"].text for row in views.select("claims-about", terms, part=first)]
    by = [row["claim"].text for row in views.select("claims-by", terms, part=first)]
    mentions = views.select("entity-mentions", terms, part=Slice(_MENTIONS + 1))
    frames = _frames(head.iri) if names.kind_of(head.iri) == "actor" else []
    return rendering.render_twinned(
        "entity.html",
        path,
        behind=("entity-facts", terms),
        head=head,
        tally={name: int(value.text) for name, value in tally.items()},
        about=cards.load(about, with_words=True),
        by=cards.load(by, with_words=True),
        moments=_moments(head.iri),
        frames=frames,
        frame_labels=rendering.labels_of(
            {f.iri for f in frames} | {r for f in frames for r in f.roles}
        ),
        mentions=mentions[:_MENTIONS],
        mention_labels=_mention_labels(mentions),
        more_mentions=len(mentions) > _MENTIONS,
    )


def _show_claims(head: Head, path: str, wanted: str) -> flask.Response:
    view, title = _LISTS[wanted]
    terms = {"this": URIRef(head.iri)}
    if wanted in _POLARITIES:
        terms["polarity"] = _POLARITIES[wanted]
    number = rendering.page_number()
    found, more = cards.load_part(view, terms, number)
    return rendering.render_twinned(
        "entity-claims.html",
        path,
        behind=(view, terms),
        head=head,
        title=title,
        wanted=wanted,
        cards=found,
        number=number,
        more=more,
    )


def _show_mentions(head: Head, path: str) -> flask.Response:
    terms = {"this": URIRef(head.iri)}
    number = rendering.page_number()
    part = Slice(_MENTIONS + 1, (number - 1) * _MENTIONS)
    rows = rendering.site().views.select("entity-mentions", terms, part=part)
    return rendering.render_twinned(
        "entity-mentions.html",
        path,
        behind=("entity-mentions", terms),
        head=head,
        mentions=rows[:_MENTIONS],
        mention_labels=_mention_labels(rows),
        number=number,
        more=len(rows) > _MENTIONS,
    )


def _mention_labels(rows: list[Row]) -> dict[str, Value]:
    return rendering.labels_of({row[n].text for row in rows for n in ("subject", "property")})


def _facts(by_property: dict[str, list[Value]], *, may_be_claimed: bool) -> tuple[Fact, ...]:
    shown = [
        (prop, values)
        for prop, values in by_property.items()
        if prop not in _HEAD | _ELSEWHERE | _DERIVED
    ]
    own = sorted(shown, key=lambda item: (not item[0].startswith(str(PL)), item[0]))
    source = str(DCTERMS.source)
    return tuple(
        Fact(
            prop,
            tuple(values),
            claimed=may_be_claimed and prop.startswith(str(PL)) and prop not in _IDENTITY,
        )
        for prop, values in sorted(own, key=lambda i: i[0] == source)
    )


def _elsewhere(by_property: dict[str, list[Value]]) -> list[tuple[str, Value]]:
    """Return links to other datasets, each with the name of the place."""
    found = [
        (_host(value.text), value)
        for prop in sorted(_ELSEWHERE)
        for value in by_property.get(prop, ())
        if value.is_iri and names.is_linked(value.text)
    ]
    return sorted(set(found))


def _host(iri: str) -> str:
    return (urlsplit(iri).hostname or iri).removeprefix("www.")


def _pick(rows: list[Row], prop: str) -> Value | None:
    return rendering.pick([row for row in rows if row["property"].text == prop], "value")


def _moments(iri: str) -> list[Moment]:
    """Return what is claimed about an entity for which time, in the order of time."""
    rows = rendering.site().views.select("entity-over-time", {"this": URIRef(iri)})
    if len({row["period"].text for row in rows}) < 2:
        return []
    found = {card.iri: card for card in cards.load(row["claim"].text for row in rows)}
    claims: dict[tuple[str, str], dict[str, Card]] = {}
    for row in rows:
        moment = claims.setdefault((row["period"].text, row["edtf"].text), {})
        moment[row["claim"].text] = found[row["claim"].text]
    return [Moment(period, edtf, tuple(own.values())) for (period, edtf), own in claims.items()]


def _frames(iri: str) -> list[Frame]:
    rows = rendering.site().views.select("actor-frames", {"this": URIRef(iri)})
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        key = row["frame"].text, names.local_name(row["kind"].text)
        found.setdefault(key, []).append(row["role"].text)
    return [Frame(frame, kind, tuple(roles)) for (frame, kind), roles in found.items()]

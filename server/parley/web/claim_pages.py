"""Pages of claims, propositions and passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from parley.namespaces import PL, PLID
from parley.web import cards, documents, names, rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import flask

    from parley.web.cards import Card
    from parley.web.entities import Head
    from parley.web.views import Row, Value

#: What a claim says of itself, face by face, in this order.
ASSERTION: Final = ("content", "polarity", "certainty", "normative", "temporality", "holdsDuring")
PROVENANCE: Final = (
    "claimant", "claimantRole", "attributionMode", "attributionBasis", "reportedBy", "saidDuring",
    "cueText", "hedgeText",
)  # fmt: skip
#: The parts of a proposition, in the order of a sentence.
PARTS: Final = (
    "subject", "relation", "object", "value", "comparedWith", "antecedent", "consequent",
    "instrument", "beneficiary", "inPlace", "regarding", "frame", "counterfactual", "negated",
)  # fmt: skip


def show_claim(head: Head, path: str) -> flask.Response:
    """Show a claim with its three faces, the claims it is tied to, and others on the same."""
    card = cards.load([head.iri], with_words=True)[0]
    links = rendering.site().views.select("claim-links", {"this": URIRef(head.iri)})
    rivals = _others(card.content, without=head.iri)
    facts = _values(head)
    parts = _parts(card.content)
    return rendering.render_twinned(
        "claim.html",
        path,
        behind=("cards", {"claim": (URIRef(head.iri),)}),
        head=head,
        card=card,
        assertion=_rows(facts, ASSERTION),
        provenance=_rows(facts, PROVENANCE),
        curation=_curation(facts),
        parts_list=parts,
        part_labels=_labels(parts),
        links=_gather(links),
        link_labels=rendering.labels_of({row["property"].text for row in links}),
        rivals=rivals,
        document=_document(card),
    )


def show_proposition(head: Head, path: str) -> flask.Response:
    """Show a proposition: its parts, who affirms it and who denies it."""
    terms = {"this": URIRef(head.iri)}
    number = rendering.page_number()
    found, more = cards.load_part("claims-of-proposition", terms, number)
    parts = _parts(head.iri)
    return rendering.render_twinned(
        "proposition.html",
        path,
        behind=("claims-of-proposition", terms),
        head=head,
        parts_list=parts,
        part_labels=_labels(parts),
        affirming=[card for card in found if card.one("polarity") != "negative"],
        denying=[card for card in found if card.one("polarity") == "negative"],
        mentions=rendering.site().views.select("propositions-around", terms),
        mention_labels=_around_labels(head.iri),
        number=number,
        more=more,
    )


def show_passage(head: Head, path: str) -> flask.Response:
    """Show the words of a passage in their place, and the claims they make."""
    terms = {"passage": (URIRef(head.iri),)}
    rows = rendering.site().views.select("claims-of-passages", terms)
    facts = {names.local_name(f.property): f.values for f in head.facts}
    document = facts.get("passageOf", ())
    return rendering.render_twinned(
        "passage.html",
        path,
        behind=("claims-of-passages", terms),
        head=head,
        facts=facts,
        cards=cards.load((row["claim"].text for row in rows), with_words=False),
        document=document[0].text if document else "",
        document_labels=rendering.labels_of({value.text for value in document}),
    )


PAGES: Final[Mapping[str, Callable[[Head, str], flask.Response]]] = {
    "claim": show_claim,
    "proposition": show_proposition,
    "passage": show_passage,
}


def _others(content: str, *, without: str) -> list[Card]:
    """Return the other claims on the same proposition."""
    if not content:
        return []
    found, _ = cards.load_part("claims-of-proposition", {"this": URIRef(content)}, 1)
    return [card for card in found if card.iri != without]


def _values(head: Head) -> dict[str, tuple[str, tuple[Value, ...]]]:
    """Return the facts of an entity by the local name of their property."""
    return {names.local_name(f.property): (f.property, f.values) for f in head.facts}


def _rows(
    facts: Mapping[str, tuple[str, tuple[Value, ...]]], wanted: tuple[str, ...]
) -> list[tuple[str, tuple[Value, ...]]]:
    return [facts[name] for name in wanted if name in facts]


def _curation(
    facts: Mapping[str, tuple[str, tuple[Value, ...]]],
) -> list[tuple[str, tuple[Value, ...]]]:
    """Return who made and checked a claim: its status and whatever is not of the vocabulary."""
    return [
        fact for name, fact in facts.items() if name == "status" or not fact[0].startswith(str(PL))
    ]


def _parts(proposition: str) -> list[tuple[str, list[Value]]]:
    if not proposition:
        return []
    rows = rendering.site().views.select("entity-facts", {"this": URIRef(proposition)})
    found: dict[str, list[Value]] = {}
    for row in rows:
        found.setdefault(row["property"].text, []).append(row["value"])
    return [(str(PL[name]), found[str(PL[name])]) for name in PARTS if str(PL[name]) in found]


def _labels(parts: list[tuple[str, list[Value]]]) -> dict[str, Value]:
    values = {v.text for _, values in parts for v in values if v.is_iri}
    return rendering.labels_of({prop for prop, _ in parts} | values)


def _gather(links: list[Row]) -> list[tuple[str, Card, str]]:
    """Return the links of a claim: property, the other claim, and the words that connect them."""
    loaded = {card.iri: card for card in cards.load({row["other"].text for row in links})}
    return [
        (
            row["property"].text,
            loaded[row["other"].text],
            row["connective"].text if "connective" in row else "",
        )
        for row in links
    ]


def _document(card: Card) -> Mapping[str, list[Value]]:
    """Return what is known of the document of a claim, for its citation."""
    if not card.document:
        return {}
    iri = f"{PLID}document/{card.document}"
    return documents.describe([iri])[iri]


def _around_labels(iri: str) -> dict[str, Value]:
    rows = rendering.site().views.select("propositions-around", {"this": URIRef(iri)})
    return rendering.labels_of({row[n].text for row in rows for n in ("subject", "property")})

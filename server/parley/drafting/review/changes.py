"""What a curator may change on a claim, read from plain data, every value checked for its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import URIRef

from parley.drafting.review.catalogue import MAKEABLE
from parley.errors import ReviewError
from parley.namespaces import PL, PLID, PLR
from parley.terms import check_iri

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Facet to the values it may have.
FACETS: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": ("authorVoice", "communication", "attitude", "intention"),
    "certainty": ("certain", "probable", "possible", "unspecified"),
    "polarity": ("positive", "negative"),
    "temporality": ("past", "present", "future", "generic"),
}
_MAX_TEXT: Final = 5_000
_MAX_PICKS: Final = 12


@dataclass(frozen=True, slots=True)
class Pick:
    """An entity that is there, by its IRI, or one to be made, by its label and class."""

    iri: str = ""
    label: str = ""
    cls: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A proposition that is there, by its IRI, or the parts of one: objects or words."""

    iri: str = ""
    subject: Pick | None = None
    relation: str = ""
    objects: tuple[Pick, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed on a claim; None leaves it as it is. Offsets are code points, half-open."""

    span: tuple[int, int] | None = None
    claimants: tuple[Pick, ...] | None = None
    mode: str | None = None
    certainty: str | None = None
    polarity: str | None = None
    temporality: str | None = None
    cue: str | None = None
    hedge: str | None = None
    label: str | None = None
    content: Content | None = None
    contrasts: tuple[str, ...] = ()


def read(data: Any) -> Change:
    """Read a change from plain data.

    Raises:
        ReviewError: A member is of another kind than it must be, or has an unknown value.
    """
    if not isinstance(data, dict):
        raise ReviewError("A change is an object with the members that change.")
    facets = {name: _facet(name, data[name]) for name in FACETS if data.get(name) is not None}
    texts = {n: _words(n, data[n]) for n in ("cue", "hedge", "label") if data.get(n) is not None}
    claimants, content = data.get("claimants"), data.get("content")
    return Change(
        span=_span(data),
        claimants=None if claimants is None else _picks("claimants", claimants),
        content=None if content is None else _content(content),
        contrasts=tuple(_iri("contrasts", text) for text in _list("contrasts", data)),
        **facets,
        **texts,
    )


def _span(data: dict[str, Any]) -> tuple[int, int] | None:
    start, end = data.get("start"), data.get("end")
    if start is None and end is None:
        return None
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ReviewError("The words to quote have no beginning and end: select them in the text.")
    return start, end


def _facet(name: str, value: object) -> str:
    if value not in FACETS[name]:
        raise ReviewError(f"{str(value)[:80]!r} is no {name}: one of {', '.join(FACETS[name])}.")
    return str(value)


def _words(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or "\0" in value:
        raise ReviewError(f"The {name} must be a text of at most {_MAX_TEXT} characters.")
    return " ".join(value.split()) if name == "label" else value.strip()


def _list(name: str, data: dict[str, Any]) -> list[Any]:
    found = data.get(name) or []
    if not isinstance(found, list) or len(found) > _MAX_PICKS:
        raise ReviewError(f"The {name} must be a list of at most {_MAX_PICKS}.")
    return found


def _picks(name: str, value: object) -> tuple[Pick, ...]:
    return tuple(_pick(name, item) for item in _list(name, {name: value}))


def _pick(name: str, item: object) -> Pick:
    if not isinstance(item, dict):
        raise ReviewError(f"One of the {name} is neither an entity nor a new one.")
    if item.get("iri"):
        return Pick(_iri(name, item["iri"]))
    label, cls = _words("label", item.get("label", "")), item.get("class")
    if not label:
        raise ReviewError(f"A new entity among the {name} has no label.")
    if not isinstance(cls, str) or URIRef(cls) not in MAKEABLE:
        raise ReviewError(f"Choose what {label!r} is: a person, a state, a topic, …")
    return Pick(label=label, cls=URIRef(cls))


def _content(data: object) -> Content:
    if not isinstance(data, dict):
        raise ReviewError("The proposition is neither a known one nor made of parts.")
    if data.get("iri"):
        return Content(_iri("proposition", data["iri"]))
    relation = _iri("relation", data.get("relation") or "")
    if not relation.startswith(str(PLR)):
        raise ReviewError("The relation is no relation type of the ontology.")
    objects, value = (
        _picks("objects", data.get("objects") or []),
        _words("value", data.get("value", "")),
    )
    if not objects and not value:
        raise ReviewError("The proposition has no object: pick an entity, or give words.")
    return Content(
        subject=_pick("subject", data.get("subject")),
        relation=relation,
        objects=objects,
        value=value,
    )


def _iri(name: str, value: object) -> str:
    text = check_iri(value) if isinstance(value, str) and value else ""
    if not text.startswith((str(PLID), str(PLR), str(PL))):
        raise ReviewError(f"The {name} is not chosen from the list.")
    return text

"""Media types of answers: their names and suffixes, and which one a client gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from parley.errors import NotAcceptableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.engine.types import Form

JSON: Final = "application/sparql-results+json"
XML: Final = "application/sparql-results+xml"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
TURTLE: Final = "text/turtle"
N_TRIPLES: Final = "application/n-triples"
N_QUADS: Final = "application/n-quads"
TRIG: Final = "application/trig"
RDF_XML: Final = "application/rdf+xml"
JSON_LD: Final = "application/ld+json"
HTML: Final = "text/html"

#: What is offered for each kind of answer, the default first.
SELECT_FORMATS: Final = (JSON, XML, CSV, TSV)
ASK_FORMATS: Final = SELECT_FORMATS
GRAPH_FORMATS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)

#: Short names, for ``?format=`` and file suffixes; some mean one thing for tables, one for graphs.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "json": (JSON, JSON_LD),
    "srj": (JSON,),
    "xml": (XML, RDF_XML),
    "srx": (XML,),
    "csv": (CSV,),
    "tsv": (TSV,),
    "ttl": (TURTLE,),
    "turtle": (TURTLE,),
    "nt": (N_TRIPLES,),
    "ntriples": (N_TRIPLES,),
    "nq": (N_QUADS,),
    "nquads": (N_QUADS,),
    "trig": (TRIG,),
    "rdf": (RDF_XML,),
    "rdfxml": (RDF_XML,),
    "jsonld": (JSON_LD,),
    "html": (HTML,),
}
#: Media types clients send for one of ours.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "application/json": (JSON, JSON_LD),
    "application/xml": (XML, RDF_XML),
    "text/xml": (XML, RDF_XML),
    "application/x-turtle": (TURTLE,),
    "text/plain": (N_TRIPLES,),
    "text/x-nquads": (N_QUADS,),
    "application/x-trig": (TRIG,),
    "application/xhtml+xml": (HTML,),
}

#: Accept headers whose choice is remembered: each client sends the same one again and again.
_KEPT_LENGTH: Final = 500


_ALL: Final = re.compile(r"\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"[?$](\w+)")


@dataclass(frozen=True, slots=True)
class _Range:
    """One element of an Accept header."""

    main: str
    sub: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how closely it names a media type: 3 exactly, down to 0 for ``*/*``, -1 not."""
        name = f"{self.main}/{self.sub}"
        if name == media_type:
            return 3
        if media_type in _ALIASES.get(name, ()):
            return 2
        if self.sub == "*" and self.main == media_type.partition("/")[0]:
            return 1
        return 0 if (self.main, self.sub) == ("*", "*") else -1


def formats_of(form: Form | None) -> tuple[str, ...]:
    """Return what is offered for a query form, the default first."""
    return GRAPH_FORMATS if form in {"CONSTRUCT", "DESCRIBE"} else SELECT_FORMATS


def in_order(variables: Sequence[str], text: str) -> list[str]:
    """Return the columns as the query names them; ``SELECT *`` names them where they first stand.

    The standard leaves the order of ``*`` open, and the engine takes the alphabet's.
    """
    if not _ALL.search(text):
        return list(variables)
    places = {name: place for place, name in enumerate(dict.fromkeys(_VARIABLE.findall(text)))}
    return sorted(variables, key=lambda name: places.get(name, len(places)))


def negotiate(accept: str, offered: Sequence[str], format: str | None = None) -> str:  # noqa: A002
    """Choose the media type of an answer.

    Follows https://www.rfc-editor.org/rfc/rfc9110#field.accept: the most specific range decides
    the quality of a type, the highest quality wins, and among equals the first offered. A
    ``format`` (a short name or a media type) overrides the header. An empty header takes all.

    Raises:
        NotAcceptableError: Nothing that is offered is accepted.
    """
    if format is not None:
        return _by_name(format.strip().lower(), offered)
    if len(accept) <= _KEPT_LENGTH:
        return _negotiate_kept(accept, tuple(offered))
    return _negotiate(accept, offered)


@lru_cache(maxsize=256)
def _negotiate_kept(accept: str, offered: tuple[str, ...]) -> str:
    return _negotiate(accept, offered)


def _negotiate(accept: str, offered: Sequence[str]) -> str:
    ranges = _parse_accept(accept)
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda media_type: _quality(media_type, ranges))
    if _quality(best, ranges) > 0:
        return best
    raise NotAcceptableError(
        f"None of {accept[:200]} can be produced here.", remedy=f"Accept {', '.join(offered)}."
    )


def _by_name(name: str, offered: Sequence[str]) -> str:
    for media_type in (*NAMES.get(name, ()), *_ALIASES.get(name, ()), name):
        if media_type in offered:
            return media_type
    known = [n for n, types in NAMES.items() if any(t in offered for t in types)]
    raise NotAcceptableError(
        f"There is no format {name[:80]!r} here.", remedy=f"Use one of {', '.join(known)}."
    )


def _quality(media_type: str, ranges: list[_Range]) -> float:
    ranked = [(r.specificity(media_type), r.quality) for r in ranges]
    specificity, quality = max(ranked)
    return quality if specificity >= 0 else 0.0


def _parse_accept(accept: str) -> list[_Range]:
    ranges = []
    for element in accept.lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        main, slash, sub = name.partition("/")
        if slash and main and sub:
            ranges.append(_Range(main, sub, _read_quality(parameters)))
        elif name == "*":
            ranges.append(_Range("*", "*", _read_quality(parameters)))
    return ranges


def _read_quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0

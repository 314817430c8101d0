"""How pages name things: addresses, short names, words made from an IRI."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from parley.namespaces import BASE, PL, PLID, PREFIXES

#: Spaces below the base whose IRIs have a page of their own at the same path.
SPACES: Final = (
    "alignments", "all", "authors", "build", "data", "dataset", "file", "graph", "id", "linkset",
    "relation", "scheme", "schemes", "shapes", "tool",
)  # fmt: skip
#: Schemes of IRIs that a page may link to.
LINKED_SCHEMES: Final = frozenset({"http", "https", "mailto"})

#: Characters of an IRI that stay as they are in an address.
_SAFE: Final = "/:@!$&'()*+,;=~-._%"
#: Characters that no IRI holds unescaped.
_FORBIDDEN: Final = re.compile('[\x00-\x20<>"{}|^`\\\\%?#\x7f]')
_OWN: Final = re.compile(rf"{re.escape(BASE)}(?:{'|'.join(SPACES)})(?:/[^?#]+)?")
#: An IRI of ours that is an address as it stands.
_PLAIN: Final = re.compile(
    rf"{re.escape(BASE)}(?:(?:{'|'.join(SPACES)})/[A-Za-z0-9/_.-]*+|ns/[0-9]++(?:\.[0-9]++)*+)"
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def path_of(iri: str) -> str:
    """Return the address of the page about an IRI, or nothing when no page may link to it."""
    if iri == str(PL).rstrip("#") or iri.startswith(str(PL)):
        return f"/{iri.removeprefix(BASE)}"
    if _PLAIN.fullmatch(iri):
        return iri[len(BASE) - 1 :]
    if _OWN.fullmatch(iri):
        return f"/{quote(iri.removeprefix(BASE), safe=_SAFE)}"
    return f"/about?iri={quote(iri, safe='')}" if is_linked(iri) else ""


def iris_of(space: str, name: str) -> tuple[str, ...]:
    """Return the IRIs that a decoded address may stand for: its letters as they are, or escaped."""
    plain = _FORBIDDEN.sub(lambda match: quote(match[0]), name)
    escaped = quote(name, safe=_SAFE[:-1])
    return tuple(dict.fromkeys(f"{BASE}{space}{n and '/'}{n}" for n in (plain, escaped)))


def is_linked(iri: str) -> bool:
    """Say whether a page may link to an IRI itself."""
    try:
        return urlsplit(iri).scheme in LINKED_SCHEMES
    except ValueError:
        return False


def curie_of(iri: str) -> str:
    """Return an IRI with its prefix when it has one of ours, the IRI otherwise."""
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def kind_of(iri: str) -> str:
    """Return the kind that a data IRI names (``actor`` of ``…/id/actor/russia``), or nothing."""
    return iri.removeprefix(str(PLID)).partition("/")[0] if iri.startswith(str(PLID)) else ""


@lru_cache(maxsize=16_384)
def local_name(iri: str) -> str:
    """Return what stands after the last ``#`` or ``/`` of an IRI."""
    whole = iri.rstrip("#/")
    return whole[max(whole.rfind("#"), whole.rfind("/")) + 1 :]


def words_of(iri: str) -> str:
    """Return readable words for an IRI that has no label: its last part, taken apart."""
    words = unquote(_CAMEL.sub(" ", local_name(iri)).replace("-", " ").replace("_", " ")).strip()
    return words or iri


def claim_key(iri: str) -> str:
    """Return what a claim is called within its document: ``5a``."""
    return local_name(iri)


def document_slug(iri: str) -> str:
    """Return the slug of the document that a claim, argument or passage belongs to."""
    parts = iri.removeprefix(str(PLID)).split("/")
    return parts[1] if len(parts) == 3 else ""


def span_of(passage: str) -> str:
    """Return where a passage stands, as its IRI says: ``196-267``."""
    return local_name(passage)


def place_of(passage: str) -> tuple[int, int]:
    """Return where a passage begins and ends, in code points; an IRI that does not say is at 0."""
    begin, _, end = span_of(passage).partition("-")
    is_span = begin.isascii() and begin.isdigit() and end.isascii() and end.isdigit()
    return (int(begin), int(end)) if is_span else (0, 0)


def claim_path(iri: str) -> str:
    """Return the address of a claim in its article, beside its words."""
    slug = document_slug(iri)
    return f"/documents/{quote(slug)}/{quote(claim_key(iri))}" if slug else path_of(iri)


def natural(key: str) -> tuple[int, str]:
    """Return what sorts claims as people count: ``5a`` before ``10a``."""
    digits = re.match(r"\d*", key)
    number = digits[0] if digits else ""
    return int(number) if number and len(number) < 10 else 0, key

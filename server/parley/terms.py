"""Mint and check IRIs of entities: ``https://w3id.org/parley/id/<kind>/<slug>``."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from parley.errors import TermError

KINDS: Final = (
    "actor", "argument", "claim", "document", "list", "objective", "occurrence",
    "passage", "period", "place", "proposition", "quality", "topic",
)  # fmt: skip

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# https://www.w3.org/TR/turtle/#grammar-production-IRIREF, made absolute: a scheme is
# required. No lone surrogate can be written as UTF-8.
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]*+")


def check_iri(text: str) -> str:
    """Return the text when it is an absolute IRI.

    Raises:
        TermError: It has no scheme, or a character that no IRI may hold.
    """
    if _ABSOLUTE_IRI.fullmatch(text):
        return text
    raise TermError(
        f"{text[:200]!r} is not an absolute IRI.",
        remedy="Write the whole IRI, with its scheme, without spaces or angle brackets.",
    )


def check_slug(text: str) -> str:
    """Return the text when it is lower-case kebab: letters a-z, digits, single hyphens.

    Raises:
        TermError: It holds anything else, or is empty.
    """
    if _SLUG.fullmatch(text):
        return text
    raise TermError(
        f"{text[:200]!r} is not a slug.",
        remedy="Use lower-case letters, digits and single hyphens, like iras-3036.",
    )


def slugify(text: str) -> str:
    """Return the slug nearest to a title or label; Latin letters lose their accents.

    Raises:
        TermError: Nothing is left that a slug could hold.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return check_slug("-".join(re.findall(r"[a-z0-9]+", plain.lower())))

"""What a text is that should be Turtle and is not."""

from __future__ import annotations

import re
from typing import Final

#: What Protégé's user has to do to get Turtle.
REMEDY: Final = "In Protégé choose File > Save as… > Turtle Syntax, under the same name."

_OTHERS: Final = (
    (
        re.compile(
            r"<\?xml|<!DOCTYPE|<!ENTITY|<!--|<rdf:RDF\b|<(?:owl:)?Ontology[\s>]", re.IGNORECASE
        ),
        "XML (RDF/XML or OWL/XML)",
    ),
    (re.compile(r"(?:Prefix|Ontology)\s*\(", re.IGNORECASE), "OWL functional syntax"),
    (re.compile(r"(?:Prefix|Ontology)\s*:", re.IGNORECASE), "OWL Manchester syntax"),
    (re.compile(r"[\[{]\s*(?:\"|\{\s*\")"), "JSON-LD"),
    (re.compile(r"format-version:"), "OBO"),
)


def recognise(text: str) -> str | None:
    """Return the name of the syntax a text begins in, or None when it may be Turtle."""
    beginning = text.lstrip("\ufeff \t\r\n")
    return next((name for pattern, name in _OTHERS if pattern.match(beginning)), None)

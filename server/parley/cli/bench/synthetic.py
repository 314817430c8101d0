"""Write a dataset in the shape of ours at any size, the same bytes for the same size."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE: Final = "https://w3id.org/parley/"
NS: Final = f"{BASE}ns#"
TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
INTEGER: Final = "<http://www.w3.org/2001/XMLSchema#integer>"

ACTORS: Final = 500
CLAIMS_PER_DOCUMENT: Final = 120
TRIPLES_PER_CLAIM: Final = 22
WORDS: Final = (
    "contacts",
    "threat",
    "leverage",
    "interests",
    "region",
    "security",
    "talks",
    "influence",
    "government",
    "movement",
    "position",
    "cooperation",
    "approach",
    "process",
    "conditions",
    "capacity",
    "action",
    "terms",
    "pressure",
    "balance",
)
CERTAINTIES: Final = ("certain", "probable", "possible", "unspecified")
MODES: Final = ("authorVoice", "communication", "attitude", "intention")


def write(path: Path, triples: int) -> int:
    """Write about so many triples as N-Quads; return how many were written."""
    written = 0
    with path.open("w", encoding="utf-8") as out:
        for line in _quads(triples // TRIPLES_PER_CLAIM):
            out.write(line)
            written += 1
    return written


def claim_iri(number: int) -> str:
    """Return the IRI of the claim with this number, counted from 0."""
    return f"{BASE}id/claim/synthetic-{number // CLAIMS_PER_DOCUMENT}/{number}"


def actor_iri(number: int) -> str:
    """Return the IRI of the actor with this number, counted from 0."""
    return f"{BASE}id/actor/synthetic-{number}"


def _quads(claims: int) -> Iterator[str]:
    chance = random.Random(3036)  # noqa: S311 - test data, the same on every run
    entities = f"<{BASE}graph/entities>"
    for number in range(ACTORS):
        actor = f"<{actor_iri(number)}>"
        yield f"{actor} {TYPE} <{NS}State> {entities} .\n"
        yield f'{actor} {LABEL} "actor {number}"@en {entities} .\n'
        if number % 5:
            yield f"{actor} <{NS}actsFor> <{actor_iri(number - number % 5)}> {entities} .\n"
    for number in range(claims):
        yield from _claim(number, chance)


def _claim(number: int, chance: random.Random) -> Iterator[str]:
    document = number // CLAIMS_PER_DOCUMENT
    graph = f"<{BASE}graph/document/synthetic-{document}>"
    claim = f"<{claim_iri(number)}>"
    proposition = f"<{BASE}id/proposition/synthetic-{chance.randrange(number + 1)}>"
    start = number % CLAIMS_PER_DOCUMENT * 80
    words = " ".join(chance.choices(WORDS, k=12))
    passage = f"<{BASE}id/passage/synthetic-{document}/{start}-{start + len(words)}>"
    rows = [
        (claim, TYPE, f"<{NS}Claim>"),
        (claim, LABEL, f'"{words[:40]}"@en'),
        (claim, f"<{NS}content>", proposition),
        (claim, f"<{NS}claimant>", f"<{actor_iri(chance.randrange(ACTORS))}>"),
        (claim, f"<{NS}attributionMode>", f"<{NS}{chance.choice(MODES)}>"),
        (claim, f"<{NS}attributionBasis>", f"<{NS}explicit>"),
        (claim, f"<{NS}certainty>", f"<{NS}{chance.choice(CERTAINTIES)}>"),
        (claim, f"<{NS}polarity>", f"<{NS}{'negative' if number % 7 == 0 else 'positive'}>"),
        (claim, f"<{NS}temporality>", f"<{NS}present>"),
        (claim, f"<{NS}status>", f"<{NS}reviewed>"),
        (claim, f"<{NS}quote>", f'"{words}"'),
        (claim, f"<{NS}hasEvidence>", passage),
        (proposition, TYPE, f"<{NS}AtomicProposition>"),
        (proposition, f"<{NS}subject>", f"<{actor_iri(number % ACTORS)}>"),
        (proposition, f"<{NS}relation>", f"<{BASE}relation/influences>"),
        (proposition, f"<{NS}object>", f"<{actor_iri(number * 7 % ACTORS)}>"),
        (passage, TYPE, f"<{NS}Passage>"),
        (passage, f"<{NS}passageOf>", f"<{BASE}id/document/synthetic-{document}>"),
        (passage, f"<{NS}sentenceNumber>", f'"{number % CLAIMS_PER_DOCUMENT + 1}"^^{INTEGER}'),
        (passage, f"<{NS}startOffset>", f'"{start}"^^{INTEGER}'),
        (passage, f"<{NS}endOffset>", f'"{start + len(words)}"^^{INTEGER}'),
        (passage, f"<{NS}exactText>", f'"{words}"'),
    ]
    for s, p, o in rows:
        yield f"{s} {p} {o} {graph} .\n"

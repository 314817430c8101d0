"""Write a dataset that tries the pages: one long document among many short ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from parley.cli.bench.synthetic import ACTORS, BASE, LABEL, MODES, NS, TYPE, WORDS, actor_iri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DCTERMS: Final = "http://purl.org/dc/terms/"
#: Claims of each short document.
SHORT: Final = 5
#: Code points from one claim's words to the next, and claims of one line of the source.
PITCH: Final = 140
LINE: Final = 4
DECADES: Final = ("197X", "198X", "199X", "200X", "201X")
Row = tuple[str, str, str]


def write(path: Path, source: Path, *, claims: int = 10_000, documents: int = 1_000) -> int:
    """Write one document of so many claims and so many short ones; return the number of quads.

    Args:
        path: Where the dataset goes, as N-Quads.
        source: Where the text of the long document goes.
        claims: Claims of the long document.
        documents: Short documents.
    """
    chance = random.Random(3036)  # noqa: S311 - test data, the same on every run
    written = 0
    text = [" "] * (claims * PITCH)
    with path.open("w", encoding="utf-8") as out:
        for graph, rows in _parts(claims, documents, chance):
            for s, p, o in rows:
                out.write(f"{s} {p} {o} <{BASE}graph/{graph}> .\n")
                written += 1
                if graph == "document/crowd-0" and p == f"<{NS}exactText>":
                    start = int(s.rpartition("/")[2].partition("-")[0])
                    text[start : start + len(o) - 2] = o[1:-1]
    text[PITCH * LINE - 1 :: PITCH * LINE] = ["\n"] * len(text[PITCH * LINE - 1 :: PITCH * LINE])
    source.write_text("".join(text), encoding="utf-8")
    return written


def _parts(claims: int, documents: int, chance: random.Random) -> Iterator[tuple[str, list[Row]]]:
    yield "entities", [*_actors(), *_periods(), *_frames(claims // 20, chance)]
    for number in range(documents + 1):
        slug = f"crowd-{number}"
        size = SHORT if number else claims
        rows = _document(slug, number)
        for place in range(size):
            rows += _claim(slug, place, chance)
        yield f"document/{slug}", rows


def _actors() -> Iterator[Row]:
    for number in range(ACTORS):
        actor = f"<{actor_iri(number)}>"
        yield actor, TYPE, f"<{NS}Actor>"
        yield actor, TYPE, f"<{NS}State>"
        yield actor, LABEL, f'"actor {number}"@en'


def _periods() -> Iterator[Row]:
    for edtf in DECADES:
        period = f"<{BASE}id/period/{edtf.lower()}>"
        yield period, TYPE, f"<{NS}Period>"
        yield period, LABEL, f'"{edtf}"@en'
        yield period, f"<{NS}edtf>", f'"{edtf}"'


def _frames(count: int, chance: random.Random) -> Iterator[Row]:
    """Yield contacts and objectives, each with an actor on either side."""
    for number in range(count):
        kind, first, second = (
            ("occurrence", "hasParticipant", "hasParticipant")
            if number % 2
            else ("objective", "holder", "target")
        )
        frame = f"<{BASE}id/{kind}/crowd-{number}>"
        words = " ".join(chance.choices(WORDS, k=6))
        one, other = (f"<{actor_iri(chance.randrange(ACTORS))}>" for _ in range(2))
        for name in ("Occurrence", "Contact") if number % 2 else ("Objective",):
            yield frame, TYPE, f"<{NS}{name}>"
        yield frame, LABEL, f'"{words}"@en'
        yield frame, f"<{DCTERMS}source>", f"<{BASE}id/document/crowd-0>"
        yield frame, f"<{NS}{first}>", one
        yield frame, f"<{NS}{second}>", other
        for actor in (one, other):
            yield frame, f"<{NS}involves>", actor


def _document(slug: str, number: int) -> list[Row]:
    document = f"<{BASE}id/document/{slug}>"
    return [
        (document, TYPE, f"<{NS}SourceDocument>"),
        (document, f"<{DCTERMS}title>", f'"Document {number}"@en'),
        (document, f"<{DCTERMS}issued>", f'"20{number % 25:02}-01-01"^^<{XSD}date>'),
        (document, f"<{NS}hasAuthor>", f"<{actor_iri(number % ACTORS)}>"),
    ]


def _claim(slug: str, number: int, chance: random.Random) -> list[Row]:
    claim = f"<{BASE}id/claim/{slug}/{number // LINE + 1}{'abcd'[number % LINE]}>"
    proposition = f"<{BASE}id/proposition/{slug}-{number}>"
    start = number * PITCH
    words = " ".join(chance.choices(WORDS, k=12))[: PITCH - 10]
    passage = f"<{BASE}id/passage/{slug}/{start}-{start + len(words)}>"
    one, other = (f"<{actor_iri(chance.randrange(ACTORS))}>" for _ in range(2))
    frame = f"<{BASE}id/occurrence/crowd-{chance.randrange(250) * 2 + 1}>"
    integer = f"<{XSD}integer>"
    return [
        (claim, TYPE, f"<{NS}Claim>"),
        (claim, LABEL, f'"{words[:60]}"@en'),
        (claim, f"<{NS}content>", proposition),
        (claim, f"<{NS}claimant>", one),
        (claim, f"<{NS}voicesPositionOf>", one),
        (claim, f"<{NS}concerns>", one),
        (claim, f"<{NS}concerns>", other),
        (claim, f"<{NS}isAbout>", other),
        (claim, f"<{NS}attributionMode>", f"<{NS}{chance.choice(MODES)}>"),
        (claim, f"<{NS}certainty>", f"<{NS}certain>"),
        (claim, f"<{NS}polarity>", f"<{NS}{'negative' if number % 7 == 0 else 'positive'}>"),
        (claim, f"<{NS}holdsDuring>", f"<{BASE}id/period/{chance.choice(DECADES).lower()}>"),
        (claim, f"<{NS}status>", f"<{NS}reviewed>"),
        (claim, f"<{NS}hasEvidence>", passage),
        (proposition, TYPE, f"<{NS}AtomicProposition>"),
        (proposition, f"<{NS}subject>", one),
        (proposition, f"<{NS}relation>", f"<{BASE}relation/influences>"),
        (proposition, f"<{NS}object>", other),
        *([(proposition, f"<{NS}frame>", frame)] if number % 10 == 0 else []),
        (passage, TYPE, f"<{NS}Passage>"),
        (passage, f"<{NS}passageOf>", f"<{BASE}id/document/{slug}>"),
        (passage, f"<{NS}sentenceNumber>", f'"{number // LINE + 1}"^^{integer}'),
        (passage, f"<{NS}startOffset>", f'"{start}"^^{integer}'),
        (passage, f"<{NS}endOffset>", f'"{start + len(words)}"^^{integer}'),
        (passage, f"<{NS}exactText>", f'"{words}"'),
    ]

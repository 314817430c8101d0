"""The checks grow with what they check: thousands of drafted claims are no reason to wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
ID: Final = "https://w3id.org/parley/id"
NS: Final = "https://w3id.org/parley/ns#"
#: A check that compares every passage with every other needs minutes for so many.
CLAIMS: Final = 12_000
#: Far more than a slow machine needs for checks whose work grows with the claims.
DEADLINE_S: Final = 90
RUN: Final = """
import sys
from pathlib import Path
from parley.build import checks
from parley.engine.store import MemoryStore
from parley.home import find_home
store = MemoryStore.from_nquads(Path(sys.argv[1]))
print(len(checks.run(store, find_home(Path(sys.argv[2])))))
"""


def drafted(number: int) -> Iterator[str]:
    """Yield the quads of a drafted claim in a sentence of its own."""
    claim, passage = f"{ID}/claim/long/{number}a", f"{ID}/passage/long/{number * 100}"
    said, document = f"{ID}/proposition/said-{number}", f"{ID}/document/long"
    whole = "http://www.w3.org/2001/XMLSchema#integer"
    for subject, name, value in (
        (claim, "status", f"<{NS}drafted>"),
        (claim, "polarity", f"<{NS}positive>"),
        (claim, "certainty", f"<{NS}certain>"),
        (claim, "content", f"<{said}>"),
        (claim, "claimant", f"<{ID}/actor/russia>"),
        (claim, "hasEvidence", f"<{passage}>"),
        (claim, "quote", f'"words {number}"'),
        (said, "subject", f"<{ID}/actor/russia>"),
        (said, "object", f"<{ID}/actor/taliban>"),
        (said, "relation", "<https://w3id.org/parley/relation/has-contact-with>"),
        (passage, "passageOf", f"<{document}>"),
        (passage, "sentenceNumber", f'"{number}"^^<{whole}>'),
        (passage, "startOffset", f'"{number * 100}"^^<{whole}>'),
        (passage, "endOffset", f'"{number * 100 + 99}"^^<{whole}>'),
        (passage, "exactText", f'"words {number}"'),
    ):
        graph = "<https://w3id.org/parley/graph/drafts/long>"
        yield f"<{subject}> <{NS}{name}> {value} {graph} .\n"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    yield f"<{claim}> {kind} <{NS}Claim> <https://w3id.org/parley/graph/drafts/long> .\n"


def test_every_check_ends_on_a_long_draft(dataset: bytes, tmp_path: Path) -> None:
    """No check compares every passage, claim or proposition of a draft with every other."""
    nquads = tmp_path / "long.nq"
    lines = (line for number in range(1, CLAIMS) for line in drafted(number))
    nquads.write_bytes(dataset + "".join(lines).encode())
    command = [sys.executable, "-c", RUN, str(nquads), str(ROOT)]

    ended = subprocess.run(command, capture_output=True, timeout=DEADLINE_S, check=True, text=True)

    assert int(ended.stdout) == len(list((ROOT / "queries" / "checks").glob("*.rq")))

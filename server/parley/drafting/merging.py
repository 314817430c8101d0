"""Contents that a draft shares with other documents: proposed, and merged when a person agrees.

The proposals stand in ``merges.tsv`` beside the draft, one a line. To accept one is to give the
drafted claims the other proposition as their content, so that agreement and contradiction between
documents are two claims on one proposition.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

from parley.corpus import claims, ontology
from parley.corpus.canonical import format_turtle
from parley.drafting import propositions, wording
from parley.durable import replace_file
from parley.errors import DraftError, Place
from parley.namespaces import PL, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from parley.drafting.propositions import Known, Said
    from parley.home import Home

FILE: Final = "merges.tsv"
AGREEMENT: Final = "agreement"
CONTRADICTION: Final = "contradiction"
KEPT: Final = "kept"
REVERSED: Final = "reversed"
#: The likeness of words from which two contents are proposed to be one.
ENOUGH: Final = 0.4
_AT_MOST: Final = 3
_LEAST_SHARED: Final = 2
_SAME: Final = 1.0
_MORE_SAID: Final = 0.9
_SAME_POSITION: Final = 0.8


@dataclass(frozen=True, slots=True)
class Merge:
    """A proposal: one proposition of this draft may be another one of other documents.

    ``effect`` says what the claims then do: agree, or contradict. ``polarity`` says whether the
    drafted claims keep theirs or reverse it, because one of the two wordings denies.
    """

    proposition: str
    other: str
    score: float
    effect: str
    polarity: str
    documents: str
    reason: str
    words: str
    other_words: str

    @property
    def is_shared(self) -> bool:
        """Whether the two are one already, so that there is nothing to accept."""
        return self.proposition == self.other


def propose(graph: Graph, known: Known) -> list[Merge]:
    """Compare the contents of a draft's claims with those of other documents.

    The same subject, relation and object is the same content whatever it is called; other
    contents are compared by their words. The best few for each are returned, best first.
    """
    uses = defaultdict(list)
    for content, polarity in propositions.claimed(graph):
        uses[content].append(("", polarity))
    found: list[Merge] = []
    for content, polarities in uses.items():
        mine = propositions.describe(graph, content, polarities, known.names, known.symmetric)
        rows = sorted(_compare(mine, known), key=lambda m: (-m.score, m.other))
        found += rows[:_AT_MOST]
    return sorted(found, key=lambda m: (-m.score, m.proposition, m.other))


def compare(folder: Path, home: Home) -> list[Merge]:
    """Compare a document with the others of a home, write merges.tsv beside it, and return it.

    Raises:
        TurtleSyntaxError: A file of the home or of the document does not parse.
    """
    known = propositions.read(home, without=folder.name)
    found = propose(ontology.parse(folder / claims.CLAIMS_FILE), known)
    write(folder, found)
    return found


def among(graph: Graph, slug: str, known: Known) -> list[Merge]:
    """Compare the claims of a draft with what is known, its own document left out."""
    return [merge for merge in propose(graph, known) if merge.documents != slug]


def apply(graph: Graph, merge: Merge) -> None:
    """Give the claims of a merge the other proposition; what nothing speaks of then is removed.

    Raises:
        DraftError: No claim of the graph has the proposition.
    """
    old, new = URIRef(merge.proposition), URIRef(merge.other)
    having = sorted(graph.subjects(PL.content, old), key=str)
    if not having:
        raise DraftError(
            f"No claim has the proposition {merge.proposition}.",
            remedy="Compare again: parley merge without --accept.",
        )
    if old == new:
        return
    note = Literal(f"merged with the content of {merge.documents}: {merge.reason}", lang="en")
    for claim in having:
        graph.set((claim, PL.content, new))
        graph.add((claim, SKOS.editorialNote, note))
        if merge.polarity == REVERSED:
            affirms = (claim, PL.polarity, PL.positive) in graph
            graph.set((claim, PL.polarity, PL.negative if affirms else PL.positive))
    _forget(graph, old)


def accept(folder: Path, merge: Merge) -> None:
    """Apply a merge to the claims.ttl of a document's folder, in canonical form, at once.

    Raises:
        DraftError: No claim of the document has the proposition.
        TurtleSyntaxError: The file does not parse.
    """
    path = folder / claims.CLAIMS_FILE
    graph = ontology.parse(path)
    apply(graph, merge)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    replace_file(path, format_turtle(graph.serialize(format="turtle")).encode("utf-8"))


def write(folder: Path, merges: Iterable[Merge]) -> None:
    """Write proposals beside a draft; none is no file."""
    path = folder / FILE
    rows = [asdict(merge) | {"score": f"{merge.score:.2f}"} for merge in merges]
    if not rows:
        path.unlink(missing_ok=True)
        return
    held = io.StringIO()
    names = [field.name for field in fields(Merge)]
    table = csv.DictWriter(held, names, delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    replace_file(path, held.getvalue().encode("utf-8"))


def read(folder: Path) -> list[Merge]:
    """Read the proposals beside a draft; no file is none.

    Raises:
        DraftError: The file is not as it is written.
    """
    path = folder / FILE
    if not path.is_file():
        return []
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return [_row(line, path, number) for number, line in enumerate(lines, start=2)]


def _row(line: dict[str, str], path: Path, number: int) -> Merge:
    try:
        return Merge(**{**line, "score": float(line["score"])})  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise DraftError(
            f"{path.name} is not a table of merges.",
            remedy="Write it again with parley merge.",
            place=Place(str(path), number),
        ) from error


def _compare(mine: Said, known: Known) -> Iterator[Merge]:
    if (same := known.said.get(mine.iri)) is not None:
        yield _merge(mine, same, _SAME, "already the same proposition")
        return
    for other in _with_key(mine, known):
        score, reason = _MORE_SAID, "same subject, relation and object, but one says more of it"
        if other.key == mine.key and not (other.has_roles or mine.has_roles):
            score, reason = _SAME, "same subject, relation and object"
        elif other.key != mine.key:
            score, reason = _SAME_POSITION, "same relation; one of the actors acts for the other"
        yield _merge(mine, other, score, reason)
    if mine.key is None:
        yield from _alike(mine, known)


def _with_key(mine: Said, known: Known) -> list[Said]:
    """Return what says the same of the same actors, or of those for whom they act."""
    if mine.key is None:
        return []
    return [known.said[iri] for iri in known.by_position.get(known.position(mine.key), ())]


def _alike(mine: Said, known: Known) -> Iterator[Merge]:
    for iri in sorted(known.sharing(mine.tokens)):
        other = known.said[iri]
        shared = mine.tokens & other.tokens
        score = wording.likeness(mine.tokens, other.tokens, known.weights)
        if score >= ENOUGH and len(shared) >= _LEAST_SHARED:
            words = ", ".join(sorted(token.lstrip("@") for token in shared))
            yield _merge(mine, other, score, f"the same words: {words}")


def _merge(mine: Said, other: Said, score: float, reason: str) -> Merge:
    turned = mine.iri != other.iri and wording.denies(mine.words) != wording.denies(other.words)
    polarities = {_turned(p) if turned else p for p in mine.polarities}
    opposite = any(_turned(p) in other.polarities for p in polarities)
    return Merge(
        proposition=mine.iri,
        other=other.iri,
        score=round(min(score, _SAME), 2),
        effect=CONTRADICTION if opposite else AGREEMENT,
        polarity=REVERSED if turned else KEPT,
        documents=", ".join(other.documents),
        reason=reason,
        words=" ".join(mine.words.split()),
        other_words=" ".join(other.words.split()),
    )


def _turned(polarity: str) -> str:
    return "negative" if polarity == "positive" else "positive"


def _forget(graph: Graph, node: URIRef) -> None:
    """Remove a proposition that nothing speaks of, and the things of which only it spoke."""
    waiting = [node]
    while waiting:
        gone = waiting.pop()
        if (None, None, gone) in graph:
            continue
        waiting += [o for o in graph.objects(gone) if isinstance(o, URIRef) and _is_local(graph, o)]
        graph.remove((gone, None, None))


def _is_local(graph: Graph, node: URIRef) -> bool:
    """Say whether the graph describes an actor or another proposition by itself."""
    types = set(itertools.islice(graph.objects(node, RDF.type), 3))
    return bool(types) and PL.Claim not in types

"""Count what a build holds: individuals by class, claims by claimant, sentences with a claim."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rdflib import URIRef
from rdflib.namespace import RDF

from parley.corpus import claims
from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

    from parley.build.assemble import DocumentPart


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document has claims; ``open`` are the sentences nobody has spoken for.

    ``drafted`` are the claims that wait for a review; no sentence counts as claimed by them.
    """

    slug: str
    sentences: int
    claimed: tuple[int, ...]
    claimless: tuple[int, ...]
    open: tuple[int, ...]
    drafted: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What people want to know of a build; counts are by IRI, the largest first."""

    quads: int
    graphs: dict[str, int]
    classes: dict[str, int]
    claimants: dict[str, int]
    inferred: dict[str, int]
    coverage: tuple[Coverage, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the summary as plain data, for the manifest."""
        return asdict(self)


def count_classes(graph: Graph) -> dict[str, int]:
    """Return how many entities of the data belong to each of Parley's own classes."""
    counts = Counter(
        str(cls)
        for individual, cls in graph.subject_objects(RDF.type)
        if str(individual).startswith(str(PLID)) and str(cls).startswith(str(PL))
    )
    return _ordered(counts)


def count_claimants(graph: Graph) -> dict[str, int]:
    """Return how many claims each claimant is said to hold."""
    return _ordered(Counter(str(actor) for actor in graph.objects(None, PL.claimant)))


def cover(part: DocumentPart) -> Coverage:
    """Return which sentences of a document have a claim, are named claimless, or are open."""
    document = part.document
    claimed = {
        sentence.number
        for claim in claims.claims_of(part.graph, document)
        for passage in claim.passages
        for sentence in document.sentences_within(passage.start, passage.end)
    }
    claimless = claims.claimless(part.graph, document)
    numbers = {sentence.number for sentence in document.sentences}
    return Coverage(
        document.slug,
        len(numbers),
        tuple(sorted(claimed)),
        tuple(sorted(claimless)),
        tuple(sorted(numbers - claimed - claimless)),
        len(set(part.drafts.subjects(PL.status, PL.drafted))),
    )


def summarise(
    graphs: dict[str, Graph],
    asserted: Graph,
    parts: Iterable[DocumentPart],
    inferred: dict[str, int],
) -> Summary:
    """Return the summary of a dataset; ``asserted`` is its union without drafts and views."""
    return Summary(
        quads=sum(len(graph) for graph in graphs.values()),
        graphs={name: len(graph) for name, graph in sorted(graphs.items())},
        classes=count_classes(asserted),
        claimants=count_claimants(asserted),
        inferred={cls: n for cls, n in inferred.items() if URIRef(cls) in PL},
        coverage=tuple(cover(part) for part in parts),
    )


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

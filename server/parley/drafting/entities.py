"""Entities of a home, found by name: what a draft points at instead of minting it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from parley.corpus import ontology
from parley.drafting.review import journal
from parley.drafting.tables import Affiliation
from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from rdflib import Graph

    from parley.home import Home

_ACTORS: Final = str(PLID) + "actor/"
_PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class Entities:
    """The actors of a home by each of their English names, without ``the``, in lower case."""

    by_name: dict[str, str] = field(default_factory=dict)
    affiliations: tuple[Affiliation, ...] = ()
    #: The periods of a home by their names in EDTF.
    periods: dict[str, str] = field(default_factory=dict)
    #: The stems of the home's entity files, which a document's claims import.
    files: tuple[str, ...] = ()
    #: What reviews of the home have rejected, and is not proposed again.
    rejected: frozenset[str] = frozenset()

    def find(self, name: str) -> str | None:
        """Return the IRI of the actor of this name, or None."""
        return self.by_name.get(_key(name))


def read(home: Home) -> Entities:
    """Read the actors of a home's shared entity files.

    Raises:
        TurtleSyntaxError: A file does not parse.
    """
    names: dict[str, str] = {}
    found: list[Affiliation] = []
    periods: dict[str, str] = {}
    paths = sorted(home.data.glob("*.ttl"))
    for path in paths:
        graph = ontology.parse(path)
        periods |= {str(name): str(period) for period, name in graph.subject_objects(PL.edtf)}
        for subject in sorted(set(graph.subjects(RDFS.label)), key=str):
            if isinstance(subject, URIRef) and subject.startswith(_ACTORS):
                for name in _names(graph, subject):
                    names.setdefault(_key(name), str(subject))
                    found.append(
                        Affiliation(name, _label(graph, subject), "", _kind(graph, subject))
                    )
    stems = tuple(path.stem for path in paths)
    return Entities(names, tuple(found), periods, stems, journal.rejected(journal.read_all(home)))


def _key(name: str) -> str:
    return name.lower().removeprefix("the ")


def _names(graph: Graph, subject: URIRef) -> list[str]:
    values = [*graph.objects(subject, RDFS.label), *graph.objects(subject, SKOS.altLabel)]
    return sorted(str(v) for v in values if getattr(v, "language", "en") in {"en", None})


def _label(graph: Graph, subject: URIRef) -> str:
    found = [*graph.objects(subject, RDFS.label)]
    labels = [str(label) for label in found if getattr(label, "language", "") == "en"]
    return min(labels, default=subject.rpartition("/")[2]).removeprefix("the ")


def _kind(graph: Graph, subject: URIRef) -> str:
    return _PERSON if (subject, RDF.type, PL.Person) in graph else "group"

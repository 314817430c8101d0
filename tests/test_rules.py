"""The rules of queries/rules: what each derives, what it leaves alone, and what OWL entails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import owlrl
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from parley.build import assemble
from parley.corpus import queries
from parley.engine.store import MemoryStore
from parley.engine.types import Term
from parley.home import find_home
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[1]
RULES: Final = sorted((ROOT / "queries" / "rules").glob("*.rq"))
CASES: Final = ROOT / "tests" / "cases" / "rules"
DOCUMENT: Final = Term("iri", "https://w3id.org/parley/id/document/test")


def derive(rule: Path, given: bytes) -> set[str]:
    """Apply one rule, repeatedly when it asks for it; return the new triples as N-Triples."""
    query = queries.read(rule)
    store = MemoryStore.from_nquads(given)
    values = {"document": DOCUMENT} if query.field("target") == "view" else {}
    known, new = set(given.decode().splitlines()), set[str]()
    while fresh := set(store.construct(query.text, values).decode().splitlines()) - known - new:
        new |= fresh
        if query.field("fixpoint").lower() != "yes":
            break
        store.load("\n".join(sorted(fresh)).encode())
    return new


def to_nquads(path: Path) -> bytes:
    """Return a Turtle file as N-Quads of the default graph."""
    return ox.serialize(ox.parse(path=path), format=ox.RdfFormat.N_QUADS) or b""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_derives_what_its_case_expects_and_no_more(rule: Path) -> None:
    """Each case holds what must be derived from, and lookalikes from which nothing follows."""
    name = rule.stem.partition("-")[2]
    expected = set(to_nquads(CASES / name / "derived.ttl").decode().splitlines())

    assert derive(rule, to_nquads(CASES / name / "given.ttl")) == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.stem)
def test_a_rule_says_why_it_is_there_and_where_its_triples_go(rule: Path) -> None:
    """The header is the documentation and the order of the build."""
    query = queries.read(rule)

    assert query.field("problem")
    assert query.field("solution")
    assert query.field("target") in {"inferred", "view"}


def small_world() -> Graph:
    """Return a world in which every chain and every kind of property axiom has work to do."""
    return Graph().parse(CASES / "owl" / "world.ttl")


def shipped_data() -> Graph:
    """Return what the shipped entities and documents say in the ontology's terms."""
    parts = assemble.assemble(find_home(ROOT))
    graph = Graph()
    for triple in values(parts.dataset.union()):
        graph.add(tuple(map(URIRef, triple)))  # type: ignore[arg-type]
    return graph


@pytest.mark.parametrize("world", [small_world, shipped_data], ids=["small-world", "shipped-data"])
def test_the_rules_derive_what_owl_entails(world: Callable[[], Graph]) -> None:
    """The rules and an OWL 2 RL closure agree, value by value; only arguments are no OWL."""
    given = world() + axioms(Graph().parse(ROOT / "ontology" / "parley.ttl"))
    apply(given, [rule for rule in RULES if rule.stem.endswith("argument-links")])
    closure = Graph() + given
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    apply(given, [rule for rule in RULES if queries.read(rule).field("target") == "inferred"])

    assert {str(PL.concerns), str(PL.voicesPositionOf)} <= {p for _, p, _ in values(closure)}
    assert values(given) == values(closure)


def apply(graph: Graph, rules: list[Path]) -> None:
    """Add to a graph what rules derive, one after the other."""
    for rule in rules:
        known = graph.serialize(format="nt").encode()
        graph.parse(data="\n".join(derive(rule, known)), format="nt")


def axioms(ontology: Graph) -> Graph:
    """Return the axioms on properties and the named super-classes: what the rules follow."""
    kept = Graph()
    predicates = (RDFS.subPropertyOf, OWL.inverseOf, OWL.propertyChainAxiom, RDFS.subClassOf)
    for predicate in predicates:
        for subject, value in ontology.subject_objects(predicate):
            if predicate == RDFS.subClassOf and not isinstance(value, URIRef):
                continue
            kept.add((subject, predicate, value))
    for subject, kind in ontology.subject_objects(RDF.type):
        if kind in {OWL.ObjectProperty, OWL.SymmetricProperty, OWL.TransitiveProperty}:
            kept.add((subject, RDF.type, kind))
    for triple in ontology:
        if triple[1] in {RDF.first, RDF.rest}:
            kept.add(triple)
    return kept


def values(graph: Graph) -> set[tuple[str, str, str]]:
    """Return the types and property values of a world's individuals in the ontology's terms."""
    triples = {
        (str(s), str(p), str(o)) for s, p, o in graph if isinstance(o, URIRef) and "/id/" in str(s)
    }
    own = str(PL)
    return {
        (s, p, o)
        for s, p, o in triples
        if p.startswith(own) or (p == str(RDF.type) and o.startswith(own))
    }

"""The defined classes and the chains mean what they say: HermiT on a small example of each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

from parley.build.assemble import to_ntriples
from parley.build.reasoning import prepare, reason
from parley.corpus.ontology import load_closure
from parley.errors import InconsistentOntologyError
from parley.namespaces import PL

ROOT: Final = Path(__file__).parents[1]
EXAMPLES: Final = ROOT / "tests" / "cases" / "ontology" / "examples.ttl"
EX: Final = Namespace("https://example.org/")
DEFINED: Final = (
    *("AnonymousClaim", "ContestedProposition", "HedgedClaim", "InformalContact"),
    *("LongTermObjective", "MediatedContact", "NegatedClaim", "PredictiveClaim", "ReportedClaim"),
)
#: What follows for each example, chain by chain; nothing else may follow.
CHAINED: Final = {
    "reportedBy": {"spoken": "author"},
    "voicesPositionOf": {"spoken": "kremlin russia", "AnonymousClaim-no": "russia"},
    "isAbout": {
        "spoken": "afghanistan isis isis-in-power northern-ranks",
        "conditional": "afghanistan moderate-taliban samara",
        "on-contact": "contact tajikistan",
        "on-objective": "author objective",
    },
    "concerns": {
        "spoken": "afghanistan isis isis-in-power moderate-taliban northern-ranks taliban",
        "conditional": "afghanistan moderate-taliban samara taliban",
        "on-contact": "contact kremlin moderate-taliban russia tajikistan taliban",
        "on-objective": "author moderate-taliban objective russia taliban",
    },
}
#: Statements no two of which, with the ontology, can be true of one thing.
CLASHES: Final = {
    "actor and place": "ex:x a pl:Actor , pl:Place .",
    "claim as proposition": "ex:c a pl:Claim ; pl:content ex:c .",
    "two certainties": "ex:c a pl:Claim ; pl:certainty pl:certain , pl:possible .",
    "no such certainty": "ex:c a pl:Claim ; pl:certainty pl:formal .",
    "named and unnamed": "ex:x a pl:UnnamedSource , pl:Government .",
    "passage of two documents": """
        ex:p pl:passageOf ex:d1 , ex:d2 . ex:d1 owl:differentFrom ex:d2 .
    """,
    "claim as direct relation": "ex:c a pl:Claim . ex:x pl:hasContactWith ex:c .",
    "number for a string": "ex:c a pl:Claim ; pl:quote 5 .",
}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """Core, schemes and alignments in one graph."""
    whole = Graph(bind_namespaces="none")
    for graph in load_closure(ROOT / "ontology" / "parley-all.ttl", ROOT).values():
        whole += graph
    return whole


@pytest.fixture(scope="module")
def inferred(ontology: Graph) -> Graph:
    """Everything HermiT finds to follow for the examples; one run for all the tests."""
    examples = ontology + Graph(bind_namespaces="none").parse(EXAMPLES)
    run = subprocess.run(
        [sys.executable, ROOT / "tests" / "hermit_run.py"],
        input=to_ntriples(prepare(examples)),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return Graph(bind_namespaces="none").parse(data=run.stdout, format="nt")


def test_the_union_of_ontology_schemes_and_alignments_is_consistent(inferred: Graph) -> None:
    """HermiT finds a model with the examples in it, and no class without members."""
    assert list(inferred.subjects(RDFS.subClassOf, OWL.Nothing)) == []
    assert list(inferred.subjects(OWL.equivalentClass, OWL.Nothing)) == []


@pytest.mark.parametrize("name", DEFINED)
def test_a_defined_class_takes_in_its_examples_and_no_other(name: str, inferred: Graph) -> None:
    """The examples named after it are classified as its members, its counterexample is not."""
    members = {str(s).removeprefix(str(EX)) for s in inferred.subjects(RDF.type, PL[name])}
    named = {m for m in members if m.startswith(name)}

    assert f"{name}-yes" in named
    assert f"{name}-no" not in named


def test_every_defined_class_has_an_example(ontology: Graph) -> None:
    """The classes with a definition by intersection are those tested here."""
    defined = {
        cls
        for cls, body in ontology.subject_objects(OWL.equivalentClass)
        if cls in PL and (body, OWL.intersectionOf, None) in ontology  # type: ignore[operator]
    }

    assert defined == {PL[name] for name in DEFINED}


@pytest.mark.parametrize("name", CHAINED)
def test_a_chain_leads_from_each_example_to_what_it_should_and_nowhere_else(
    name: str, inferred: Graph
) -> None:
    """The values that follow for a property with chains are exactly those listed."""
    found: dict[str, set[str]] = {}
    for claim, thing in inferred.subject_objects(PL[name]):
        key, value = (str(node).removeprefix(str(EX)) for node in (claim, thing))
        found.setdefault(key, set()).add(value)

    assert found == {claim: set(things.split()) for claim, things in CHAINED[name].items()}


def test_every_property_with_a_chain_has_an_example(ontology: Graph) -> None:
    """The chains of Parley's own properties are those tested here."""
    chained = set(ontology.subjects(OWL.propertyChainAxiom))

    assert {p for p in chained if isinstance(p, URIRef) and p in PL} == {PL[n] for n in CHAINED}


@pytest.mark.parametrize("statements", CLASHES.values(), ids=CLASHES)
def test_an_impossible_statement_makes_the_ontology_inconsistent(
    statements: str, ontology: Graph
) -> None:
    """Disjointness, functions, closed facets and ranges are there to be broken."""
    prefixes = f"@prefix ex: <{EX}> . @prefix pl: <{PL}> . @prefix owl: <{OWL}> ."
    wrong = Graph(bind_namespaces="none").parse(data=prefixes + statements, format="turtle")

    with pytest.raises(InconsistentOntologyError):
        reason(ontology + wrong)

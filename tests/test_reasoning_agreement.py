"""Three reasoners that share no code agree on the real graph: HermiT, our rules, OWL 2 RL.

The rules in queries/rules write property values, HermiT finds types; the OWL 2 RL closure of
owlrl, in pure Python, finds both. All three start from what people wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import owlrl
import pytest
from rdflib import OWL, RDF, Graph

from parley.build import assemble, reasoning, rules
from parley.build.pipeline import APART
from parley.home import find_home
from parley.namespaces import PL, PLID

if TYPE_CHECKING:
    from rdflib.term import Node

#: Written by a rule that tests the kind of a link, which no OWL axiom can say.
FROM_LINKS = {PL.contrastsWith, PL.illustrates, PL.qualifies, PL.revises, PL.supports}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Answers:
    """What each of the three says of the entities: (subject, predicate or type, object)."""

    written: Graph
    rules: Graph
    hermit: Graph
    owl_rl: Graph


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The real home, put together once and given to all three."""
    home = find_home()
    parts = assemble.assemble(home)
    written = parts.dataset.union(without=APART)
    rules.derive(parts.dataset, home, [part.document for part in parts.documents])
    derived = parts.dataset.union(without=APART)
    closure = Graph(bind_namespaces="none")
    for triple in (*reasoning.prepare(written), *(t for t in derived if t[1] in FROM_LINKS)):
        closure.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    inference = reasoning.reason(written, parts.dataset.graphs[assemble.INFERRED])
    hermit = derived + inference.triples
    return Answers(written, derived, hermit, closure)


def values(graph: Graph, ontology: Graph) -> set[tuple[Node, Node, Node]]:
    """Return the values of our properties on our entities, annotations left out."""
    properties = {
        p
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for p in ontology.subjects(RDF.type, kind)
        if str(p).startswith(str(PL))
    }
    return {t for t in graph if t[1] in properties and str(t[0]).startswith(str(PLID))}


def types(graph: Graph) -> set[tuple[Node, Node]]:
    """Return the classes of ours that our entities are in."""
    return {
        (s, o)
        for s, o in graph.subject_objects(RDF.type)
        if str(s).startswith(str(PLID)) and str(o).startswith(str(PL))
    }


def test_rules_and_owl_rl_agree_on_property_values(answers: Answers) -> None:
    """Inverses, chains, transitive and super-properties: neither finds one the other misses."""
    by_rules = values(answers.rules, answers.written)
    by_owl_rl = values(answers.owl_rl, answers.written)

    assert by_rules - by_owl_rl == set()
    assert by_owl_rl - by_rules == set()
    assert len(by_rules) > len(values(answers.written, answers.written))


def test_hermit_and_owl_rl_agree_on_types(answers: Answers) -> None:
    """Super-classes, domains, ranges and defined classes: neither finds one the other misses."""
    by_hermit = types(answers.hermit)
    by_owl_rl = types(answers.owl_rl)

    assert by_hermit - by_owl_rl == set()
    assert by_owl_rl - by_hermit == set()
    assert len(by_hermit) > len(types(answers.written))


def test_the_defined_classes_have_members(answers: Answers) -> None:
    """On the real article the definitions find something: reported, hedged, mediated."""
    found = {cls for _, cls in types(answers.hermit) - types(answers.rules)}

    assert {PL.HedgedClaim, PL.MediatedContact, PL.ReportedClaim} <= found

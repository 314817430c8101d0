"""The ontology's files: complete, documented, quoted truly and resolved without the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS

from parley.corpus import catalogs
from parley.corpus.ontology import load_closure, parse
from parley.namespaces import BASE, BIBO, PL, PLOC, PLR, VANN, VS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

ROOT: Final = Path(__file__).parents[1]
ONTOLOGY: Final = ROOT / "ontology"
ALIGNMENTS: Final = sorted((ONTOLOGY / "alignments").glob("*.ttl"))
FILES: Final = (*(ONTOLOGY / f"{s}.ttl" for s in ("parley", "schemes", "parley-all")), *ALIGNMENTS)
#: Every file that somebody may open in Protégé; shapes are edited as text.
OPENED: Final = [*FILES, *sorted((ROOT / "data").rglob("*.ttl"))]
ARTICLE: Final = ROOT / "data" / "documents" / "iras-3036" / "source.txt"
SCHEME: Final = Namespace(f"{BASE}scheme/")
#: As many relation types as a curator can keep in mind.
MOST_RELATION_TYPES: Final = 45
HEADER: Final = (
    *(DCTERMS[n] for n in ("abstract", "bibliographicCitation", "created", "creator")),
    *(DCTERMS[n] for n in ("description", "issued", "license", "modified", "publisher")),
    *(DCTERMS.rights, DCTERMS.source, DCTERMS.title, BIBO.status, OWL.versionIRI),
    *(OWL.versionInfo, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, RDFS.label),
)


@pytest.fixture(scope="module")
def core() -> Graph:
    """The classes and properties."""
    return parse(ONTOLOGY / "parley.ttl")


@pytest.fixture(scope="module")
def schemes() -> Graph:
    """The relation types and objective categories."""
    return parse(ONTOLOGY / "schemes.ttl")


@pytest.fixture(scope="module")
def own(core: Graph, schemes: Graph) -> Graph:
    """Core and schemes in one graph."""
    return core + schemes


def terms(graph: Graph) -> list[URIRef]:
    """Return the terms that Parley itself defines, sorted."""
    own = (str(PL), str(PLR), str(PLOC))
    found = {s for s in graph.subjects() if isinstance(s, URIRef) and str(s).startswith(own)}
    assert found
    return sorted(found)


def texts(graph: Graph, term: Node, prop: URIRef) -> list[Literal]:
    """Return the literals that a term has of a property."""
    return [o for o in graph.objects(term, prop) if isinstance(o, Literal)]


def english(graph: Graph, term: Node, prop: URIRef) -> list[Literal]:
    """Return the English values that a term has of a property."""
    return [text for text in texts(graph, term, prop) if text.language == "en"]


def repeated(pairs: Iterable[tuple[Node, str]]) -> dict[str, list[str]]:
    """Return the texts that stand with more than one term."""
    seen: dict[str, list[str]] = {}
    for term, text in pairs:
        seen.setdefault(text, []).append(str(term))
    return {text: sorted(found) for text, found in seen.items() if len(found) > 1}


@pytest.mark.parametrize(
    "prop", [RDFS.label, SKOS.definition, SKOS.example], ids=lambda p: p.split("#")[-1]
)
def test_every_term_has_one_english_text_of_each_kind(own: Graph, prop: URIRef) -> None:
    """Label, definition and example: exactly one in English."""
    wrong = [t for t in terms(own) if len(english(own, t, prop)) != 1]

    assert wrong == []


def test_every_term_says_where_it_is_defined_and_how_stable_it_is(own: Graph) -> None:
    """Each has one rdfs:isDefinedBy, its own file's ontology, and a status."""
    homes = {t: list(own.objects(t, RDFS.isDefinedBy)) for t in terms(own)}

    assert {str(home) for found in homes.values() for home in found} == {
        f"{BASE}ns",
        f"{BASE}schemes",
    }
    assert [t for t, found in homes.items() if len(found) != 1] == []
    assert [t for t in terms(own) if own.value(t, VS.term_status) is None] == []


def test_labels_are_unique_in_each_language(own: Graph) -> None:
    """No two terms have the same label in one language."""
    labelled = ((t, label.n3()) for t in terms(own) for label in texts(own, t, RDFS.label))

    assert repeated(labelled) == {}


def test_definitions_are_unique(own: Graph) -> None:
    """No two terms have the same definition."""
    defined = ((t, str(o)) for t in terms(own) for o in own.objects(t, SKOS.definition))

    assert repeated(defined) == {}


def test_definitions_can_stand_in_place_of_the_term(own: Graph) -> None:
    """A definition opens in lower case, without an article, and ends without a full stop."""
    defined = [str(o) for t in terms(own) for o in english(own, t, SKOS.definition)]

    assert [x for x in defined if not re.fullmatch(r"(?!an? |the )[a-z].*[^.\s]", x)] == []


def test_no_class_is_defined_by_its_own_name(core: Graph) -> None:
    """The label of a class is no part of its definition."""
    classes = [t for t in terms(core) if (t, RDF.type, OWL.Class) in core]
    wrong = [
        c
        for c in classes
        for label in english(core, c, RDFS.label)
        for text in english(core, c, SKOS.definition)
        if re.search(rf"\b{re.escape(label)}\b", text)
    ]

    assert wrong == []


def test_every_definition_of_a_class_names_its_genus(core: Graph) -> None:
    """The definition of a subclass opens with the label of a class above it."""
    wrong = []
    for cls in terms(core):
        parents = [p for p in core.objects(cls, RDFS.subClassOf) if isinstance(p, URIRef)]
        above = {a for p in parents for a in core.transitive_objects(p, RDFS.subClassOf)}
        labels = [str(o) for a in above if a for o in english(core, a, RDFS.label)]
        opening = str(core.value(cls, SKOS.definition))
        if parents and not any(opening.startswith(label) for label in labels):
            wrong.append(cls)

    assert wrong == []


def test_classes_are_labelled_in_russian_and_persian_as_translations(core: Graph) -> None:
    """Each class has one label in each language and a note that these are translations."""
    classes = [t for t in terms(core) if (t, RDF.type, OWL.Class) in core]
    languages = {c: sorted(str(o.language) for o in texts(core, c, RDFS.label)) for c in classes}
    notes = {c: str(core.value(c, SKOS.editorialNote)) for c in classes}

    assert {c: found for c, found in languages.items() if found != ["en", "fa", "ru"]} == {}
    assert [c for c, note in notes.items() if "translations of the English" not in note] == []


def test_examples_quote_the_article_letter_by_letter(own: Graph) -> None:
    """What stands between straight quotation marks in an example stands in the article."""
    source = ARTICLE.read_text(encoding="utf-8")
    quoted = [
        (t, words)
        for t in terms(own)
        for o in texts(own, t, SKOS.example)
        for words in re.findall(r'"([^"]+)"', o)
    ]

    assert len(quoted) > len(terms(own)) * 0.9
    assert [(t, words) for t, words in quoted if words not in source] == []


def test_every_class_is_rooted_in_one_of_the_disjoint_top_classes(core: Graph) -> None:
    """The classes without a parent are those that no individual may share."""
    classes = {t for t in terms(core) if (t, RDF.type, OWL.Class) in core}
    parents = {c for c, p in core.subject_objects(RDFS.subClassOf) if p in classes}
    groups = core.subjects(RDF.type, OWL.AllDisjointClasses)
    members = [set(core.items(core.value(g, OWL.members))) for g in groups]  # type: ignore[arg-type]

    assert classes - parents in members
    assert len(classes - parents) == 14


def test_every_property_has_a_domain_and_a_range_of_its_own_or_above(core: Graph) -> None:
    """Domain and range are declared on each property, on one above it, or on its inverse."""
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    props = [t for t in terms(core) if any((t, RDF.type, k) in core for k in kinds)]
    lines = {p: list(core.transitive_objects(p, RDFS.subPropertyOf)) for p in props}
    missing = [
        (prop, side)
        for prop, line in lines.items()
        for side in (RDFS.domain, RDFS.range)
        if all(core.value(p, side) is None for p in line)
    ]

    assert missing == []


def test_no_property_has_two_domains_or_two_ranges(core: Graph) -> None:
    """Several domains would mean their intersection."""
    many = [
        (p, side)
        for p in terms(core)
        for side in (RDFS.domain, RDFS.range)
        if len(list(core.objects(p, side))) > 1
    ]

    assert many == []


def test_inverses_swap_domain_and_range(core: Graph) -> None:
    """A property leads from where its inverse leads to."""

    def ends(prop: Node, side: URIRef) -> set[Node]:
        end = core.value(prop, side)
        union = core.value(end, OWL.unionOf) if end else None
        return set(core.items(union)) if union else {end} if end else set()

    wrong = [
        (p, i)
        for p, i in core.subject_objects(OWL.inverseOf)
        if ends(p, RDFS.domain) != ends(i, RDFS.range)
        or ends(p, RDFS.range) != ends(i, RDFS.domain)
    ]

    assert wrong == []


def test_relation_types_stay_within_their_limit(schemes: Graph) -> None:
    """The scheme is a vocabulary, not prose in disguise."""
    count = len(set(schemes.subjects(RDF.type, PL.RelationType)))

    assert 0 < count <= MOST_RELATION_TYPES


def test_every_relation_type_has_one_direct_view_property(own: Graph) -> None:
    """It is an object property below directRelation."""
    types = set(own.subjects(RDF.type, PL.RelationType))
    views = {t: list(own.objects(t, PL.viewProperty)) for t in types}
    direct = set(own.transitive_subjects(RDFS.subPropertyOf, PL.directRelation))
    properties = set(own.subjects(RDF.type, OWL.ObjectProperty))

    wrong = {t: v for t, v in views.items() if len(v) != 1 or v[0] not in direct & properties}
    assert wrong == {}


def test_every_role_that_a_relation_type_fills_is_a_property_of_frames(own: Graph) -> None:
    """Its domain is occurrences, objectives or something below them."""
    filled = {*own.objects(None, PL.subjectFillsRole), *own.objects(None, PL.objectFillsRole)}
    frames = {
        *own.transitive_subjects(RDFS.subClassOf, PL.Occurrence),
        *own.transitive_subjects(RDFS.subClassOf, PL.Objective),
    }

    assert filled
    assert [p for p in filled if own.value(p, RDFS.domain) not in frames] == []


def test_every_scheme_individual_is_a_top_concept_of_its_scheme(schemes: Graph) -> None:
    """Relation types and objective categories are listed by the scheme of their kind."""
    kinds = {
        PL.RelationType: SCHEME["relation-type"],
        PL.ObjectiveCategory: SCHEME["objective-category"],
    }
    wrong = [
        t
        for cls, scheme in kinds.items()
        for t in schemes.subjects(RDF.type, cls)
        for prop in (SKOS.inScheme, SKOS.topConceptOf)
        if list(schemes.objects(t, prop)) != [scheme]
    ]

    assert wrong == []


def test_the_header_is_complete(core: Graph) -> None:
    """Title, description, creator, licence, versions, citation, prefix: nothing is missing."""
    ontology = URIRef(f"{BASE}ns")

    assert [p for p in HEADER if core.value(ontology, p) is None] == []
    assert isinstance(core.value(ontology, DCTERMS.creator), URIRef)
    assert core.value(ontology, DCTERMS.license) == URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )


def test_the_core_imports_nothing(core: Graph) -> None:
    """Protégé opens it alone."""
    assert list(core.objects(None, OWL.imports)) == []


def test_one_file_imports_every_other_without_the_network() -> None:
    """parley-all.ttl leads, by catalog, to core, schemes and each alignment."""
    closure = load_closure(ONTOLOGY / "parley-all.ttl", ROOT)

    assert set(closure) == {path.resolve() for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_catalog_maps_ontology_and_version_to_the_file(path: Path) -> None:
    """Either IRI of a file leads to it."""
    graph = parse(path)
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    version = graph.value(ontology, OWL.versionIRI)
    catalog = catalogs.read_catalog(ONTOLOGY / catalogs.CATALOG)

    assert [catalog[str(ontology)].resolve(), catalog[str(version)].resolve()] == [
        path.resolve()
    ] * 2
    assert str(version) == f"{ontology}/{graph.value(ontology, OWL.versionInfo)}"


@pytest.mark.parametrize("path", OPENED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_catalog_beside_a_file_leads_to_all_it_imports(path: Path) -> None:
    """Protégé reads one catalog, in the folder of the file that is opened, for all imports."""
    waiting, known = [path], {path}
    catalog = catalogs.read_catalog(path.parent / catalogs.CATALOG)
    while waiting:
        for imported in parse(waiting.pop()).objects(None, OWL.imports):
            target = catalog[str(imported)].resolve()
            assert target.is_file()
            waiting += {target} - known
            known.add(target)


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_an_alignment_declares_and_sources_each_term_it_borrows(path: Path) -> None:
    """Outside terms are declared in the file; Parley's are declared by the core alone."""
    graph = parse(path)
    mentioned = {o for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in graph.objects(None, p)}
    outside = {t for t in mentioned if not str(t).startswith(BASE)}
    declared = {s for s, _ in graph.subject_objects(RDFS.isDefinedBy)}

    assert outside
    assert outside - declared == set()
    assert [t for t in declared if str(t).startswith(BASE)] == []


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_an_alignment_speaks_of_terms_that_the_core_declares(path: Path, core: Graph) -> None:
    """No alignment mentions a term of Parley that does not exist."""
    declared = set(core.subjects(RDF.type, None))
    used = {n for triple in parse(path) for n in triple if str(n).startswith(str(PL))}

    assert used
    assert used - declared == set()

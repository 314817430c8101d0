"""A release sets versions everywhere and says what changed, to readers and to machines."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rdflib import OWL, RDF, Graph, Literal, URIRef

from parley.cli import cli
from parley.corpus import ontology
from parley.corpus.canonical import format_turtle
from parley.errors import ExportError, InputError
from parley.home import Home, find_home
from parley.namespaces import PL
from parley.publishing import files
from parley.publishing.changes import CS, compare, to_graph, to_markdown
from parley.publishing.release import current_version, set_version

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2027, 1, 2)
CORE = "ontology/parley.ttl"
CLAIMS = "data/documents/test/claims.ttl"
PREFIXES = """\
@prefix actor: <https://w3id.org/parley/id/actor/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pl: <https://w3id.org/parley/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
OLD_CORE = """
<https://w3id.org/parley/ns> a owl:Ontology ; owl:versionIRI <https://w3id.org/parley/ns/0.1.0> .
pl:A a owl:Class ; rdfs:label "a"@en ; skos:definition "first"@en ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:p ; owl:someValuesFrom pl:B ] .
pl:B a owl:Class ; rdfs:label "b"@en .
pl:Gone a owl:Class ; rdfs:label "gone"@en .
pl:Old a owl:Class ; rdfs:label "old"@en .
pl:p a owl:ObjectProperty ; rdfs:label "p"@en .
[] a owl:AllDisjointClasses ; owl:members ( pl:A pl:B ) .
"""
NEW_CORE = """
<https://w3id.org/parley/ns> a owl:Ontology ; owl:versionIRI <https://w3id.org/parley/ns/0.2.0> .
pl:A a owl:Class ; rdfs:label "a"@en ; skos:definition "second"@en ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:p ; owl:someValuesFrom pl:New ] .
pl:B a owl:Class ; rdfs:label "b"@en .
pl:New a owl:Class ; rdfs:label "new"@en .
pl:Old a owl:Class ; rdfs:label "old"@en ; owl:deprecated true .
pl:p a owl:ObjectProperty ; rdfs:label "p"@en .
[] a owl:AllDisjointClasses ; owl:members ( pl:New pl:B pl:A ) .
"""
OLD_CLAIMS = """
<https://w3id.org/parley/id/claim/test/1a> a pl:Claim ; pl:quote "the first" .
<https://w3id.org/parley/id/claim/test/2a> a pl:Claim ; pl:quote "the second" .
"""
NEW_CLAIMS = """
<https://w3id.org/parley/id/claim/test/1a> a pl:Claim ; pl:quote "the first" .
<https://w3id.org/parley/id/claim/test/10a> a pl:Claim ; pl:quote "the tenth" .
<https://w3id.org/parley/id/claim/test/9a> a pl:Claim ; pl:quote "the ninth" .
actor:iran a pl:Actor ; rdfs:label "Iran"@en , "Иран"@ru .
"""
EXPECTED = """\
# Changes from 0.1.0 to 0.2.0

## Terms added

- **new** `pl:New`

## Terms changed

- **a** `pl:A`
  - was `skos:definition "first"@en`
  - was `rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:p ; owl:someValuesFrom pl:B ]`
  - was `[ a owl:AllDisjointClasses ; owl:members ( pl:A pl:B ) ]`
  - now `skos:definition "second"@en`
  - now `rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pl:p ; owl:someValuesFrom pl:New ]`
  - now `[ a owl:AllDisjointClasses ; owl:members ( pl:A pl:B pl:New ) ]`

## Terms deprecated

- **old** `pl:Old`
  - now `owl:deprecated true`

## Terms removed

- **gone** `pl:Gone`

## Claims added

- **the ninth** `plid:claim/test/9a`
- **the tenth** `plid:claim/test/10a`

## Claims removed

- **the second** `plid:claim/test/2a`

## Entities added

- **Iran** `actor:iran`
"""


def make_home(root: Path, core: str, claims: str) -> Home:
    """Write a home with one ontology file and one document."""
    for name, text in ((CORE, core), (CLAIMS, claims)):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(PREFIXES + text, encoding="utf-8")
    (root / "queries").mkdir()
    return Home(root)


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """The home before."""
    return make_home(tmp_path / "old", OLD_CORE, OLD_CLAIMS)


@pytest.fixture
def new(tmp_path: Path) -> Home:
    """The home after."""
    return make_home(tmp_path / "new", NEW_CORE, NEW_CLAIMS)


def test_changes_are_listed_for_readers(old: Home, new: Home) -> None:
    """Terms, claims and entities, each added, changed, deprecated or removed."""
    assert to_markdown(compare(old, new).changes, old="0.1.0", new="0.2.0") == EXPECTED


def test_equal_homes_have_no_changes(old: Home) -> None:
    """A home compared with itself is the same, whatever its blank nodes are called."""
    comparison = compare(old, old)

    assert comparison.changes == ()
    assert "Nothing changed." in to_markdown(comparison.changes, old="1", new="1")


def test_changes_are_written_as_rdf(old: Home, new: Home) -> None:
    """Each subject has a change set, with every statement gone and new, nested ones whole."""
    release = URIRef("https://w3id.org/parley/all/0.2.0")
    prior = URIRef("https://w3id.org/parley/all/0.1.0")
    comparison = compare(old, new)
    graph = to_graph(comparison, release=release, prior=prior, day=DAY)
    (change,) = graph.subjects(CS.subjectOfChange, PL.A)
    removals = [graph.value(s, RDF.object) for s in graph.objects(change, CS.removal)]
    restrictions = [graph.value(o, OWL.someValuesFrom) for o in removals]

    assert len(list(graph.subjects(RDF.type, CS.ChangeSet))) == len(comparison.changes) == 8
    assert Literal("first", lang="en") in removals
    assert PL.B in restrictions
    assert format_turtle(graph.serialize(format="nt"))


@pytest.fixture
def copy(tmp_path: Path) -> Home:
    """A copy of the real home that may be changed."""
    real = find_home()
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(real.root / folder, tmp_path / folder)
    return Home(tmp_path)


def test_a_version_is_set_everywhere(copy: Home) -> None:
    """Version IRI, number, prior version, date, citation and catalogs agree; imports resolve."""
    before = current_version(copy)
    set_version(copy, "9.8.7", DAY)
    core = Graph().parse(copy.root / CORE)
    iri = URIRef("https://w3id.org/parley/ns")
    left = [
        path.name
        for path in copy.ontology.rglob("*.ttl")
        for number in Graph().parse(path).objects(None, OWL.versionIRI)
        if not str(number).endswith("/9.8.7")
    ]

    assert current_version(copy) == "9.8.7"
    assert left == []
    assert core.value(iri, OWL.versionInfo) == Literal("9.8.7")
    assert core.value(iri, OWL.priorVersion) == URIRef(f"https://w3id.org/parley/ns/{before}")
    assert f"version {before}" not in (copy.root / CORE).read_text(encoding="utf-8")
    assert "parley/ns/9.8.7" in (copy.ontology / "catalog-v001.xml").read_text(encoding="utf-8")
    assert len(ontology.load(copy)) > 1000


def test_a_new_version_is_no_other_change(copy: Home) -> None:
    """Setting the version changes headers only, and leaves every file canonical."""
    set_version(copy, "9.8.7", DAY)
    result = CliRunner().invoke(cli, ["format", "--check", "--home", str(copy.root)])

    assert compare(find_home(), copy).changes == ()
    assert result.exit_code == 0


@pytest.mark.parametrize("version", ["0.0.1", "1.0", "v1.0.0", "01.0.0", "latest", ""])
def test_a_version_must_be_three_numbers_and_later(copy: Home, version: str) -> None:
    """Anything else is refused before a file is touched."""
    before = (copy.root / CORE).read_bytes()
    with pytest.raises(InputError):
        set_version(copy, version, DAY)

    assert (copy.root / CORE).read_bytes() == before


def test_nothing_but_the_home_is_released(copy: Home) -> None:
    """An environment beside it may hold another copy of the same files."""
    other = copy.root / ".venv" / "ontology"
    other.mkdir(parents=True)
    shutil.copy(copy.ontology / "catalog-v001.xml", other)
    changed = set_version(copy, "9.8.7", DAY)

    assert not any(path.is_relative_to(copy.root / ".venv") for path in changed)
    assert "9.8.7" not in (other / "catalog-v001.xml").read_text(encoding="utf-8")


def test_the_command_writes_both_lists(old: Home, new: Home, tmp_path: Path) -> None:
    """With --out there are changes.md and changes.ttl; without, the list is printed."""
    out = tmp_path / "out"
    arguments = ["release", "--since", str(old.root), "--home", str(new.root)]
    printed = CliRunner().invoke(cli, arguments)
    written = CliRunner().invoke(cli, [*arguments, "--out", str(out)])

    assert printed.stdout == EXPECTED
    assert written.exit_code == 0
    assert (out / "changes.md").read_text(encoding="utf-8") == EXPECTED
    assert len(Graph().parse(out / "changes.ttl")) > 50


def test_the_command_sets_the_version(copy: Home) -> None:
    """Each file that got the version is named."""
    result = CliRunner().invoke(cli, ["release", "9.8.7", "--home", str(copy.root)])

    assert "ontology/parley.ttl: version 9.8.7" in result.stderr
    assert current_version(copy) == "9.8.7"


def test_a_command_without_anything_to_do_says_so(old: Home) -> None:
    """Neither a version nor an old home is a mistake."""
    result = CliRunner().invoke(cli, ["release", "--home", str(old.root)])

    assert isinstance(result.exception, InputError)


def test_lists_that_cannot_be_written_are_an_error(old: Home, new: Home, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    arguments = ["release", "--since", str(old.root), "--home", str(new.root)]
    written = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "file")])

    assert isinstance(written.exception, ExportError)


def test_a_version_is_set_in_all_files_or_in_none(
    copy: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops it before the first file is replaced."""
    before = {path: path.read_bytes() for path in copy.root.rglob("*") if path.is_file()}
    written: list[Path] = []

    def fill(path: Path, content: bytes) -> None:
        if len(written) == 2:
            raise OSError(28, "No space left on device", str(path))
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(files, "replace_file", fill)
    with pytest.raises(ExportError, match="No space left"):
        set_version(copy, "9.8.7", DAY)

    assert {path: path.read_bytes() for path in copy.root.rglob("*") if path.is_file()} == before

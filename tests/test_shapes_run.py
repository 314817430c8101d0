"""Running the shapes: results in words, a report that is the same in every run, limits kept."""

from __future__ import annotations

import io
import resource
import sys
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH

from parley.build import shapes, shapes_process
from parley.build.shapes import Report, Result
from parley.corpus import ontology
from parley.errors import OntologyError, Place
from parley.home import Home

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix x: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = """
x:Shape a sh:NodeShape ; sh:targetClass x:Thing ;
  sh:property x:Name , x:Note .
x:Name sh:path x:name ; sh:minCount 1 ; sh:message "A thing has a name."@en .
x:Note sh:path x:note ; sh:maxLength 3 ; sh:severity sh:Info ; sh:message "A note is short." .
"""
SLOW = """
x:Slow a sh:NodeShape ; sh:targetNode x:a ; sh:sparql [ sh:message "x" ; sh:select \"\"\"
  SELECT $this WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER (?a = "never") }\"\"\" ] .
"""
DATA = 'x:a a x:Thing ; x:note "longer" . x:b a x:Thing ; x:name "b" .'


def parse(turtle: str) -> Graph:
    """Return the graph of a piece of Turtle."""
    return Graph(bind_namespaces="none").parse(data=PREFIXES + turtle, format="turtle")


@pytest.fixture
def shaped(tmp_path: Path) -> Home:
    """A home with two shapes."""
    folder = tmp_path / "ontology" / "shapes"
    folder.mkdir(parents=True)
    (folder / "things.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    return Home(tmp_path)


def test_results_are_plain_values_the_gravest_first(shaped: Home) -> None:
    """Terms are written as N-Triples writes them."""
    report = shapes.validate(parse(DATA), shaped)
    core = "<http://www.w3.org/ns/shacl#{}ConstraintComponent>"

    assert report.results == (
        Result(
            "Violation", "<http://example.org/a>", "<http://example.org/name>", "",
            "A thing has a name.", "<http://example.org/Name>", core.format("MinCount"),
        ),
        Result(
            "Info", "<http://example.org/a>", "<http://example.org/note>", '"longer"',
            "A note is short.", "<http://example.org/Note>", core.format("MaxLength"),
        ),
    )  # fmt: skip
    assert not report.conforms
    assert [report.count(severity) for severity in shapes.SEVERITIES] == [1, 0, 1]


def test_a_result_leads_to_where_its_thing_is_described(tmp_path: Path) -> None:
    """Not to where it is mentioned, nor to a namesake in another document."""
    files = []
    for slug in ("first", "second"):
        (tmp_path / slug).mkdir()
        files.append(tmp_path / slug / "claims.ttl")
        files[-1].write_text("argument:1\n  pl:argumentTo claim:5a .\n\nclaim:5a\n", "utf-8")
    found = [
        shapes.find_line(f"https://w3id.org/parley/id/claim/{slug}/5a", files)
        for slug in ("second", "first")
    ]

    assert found == [Place(str(files[1]), 4), Place(str(files[0]), 4)]


def test_a_result_on_what_nobody_describes_leads_to_a_mention(tmp_path: Path) -> None:
    """So that the place is never empty when the files write the name."""
    file = tmp_path / "actors.ttl"
    file.write_text("actor:a\n  pl:memberOf actor:b .\n", "utf-8")

    assert shapes.find_line("https://w3id.org/parley/id/actor/b", [file]) == Place(str(file), 2)
    assert shapes.find_line("https://w3id.org/parley/id/actor/c", [file]) is None


def test_information_does_not_hinder(shaped: Home) -> None:
    """Only a violation keeps a build from being published."""
    report = shapes.validate(parse('x:a a x:Thing ; x:name "a" ; x:note "longer" .'), shaped)

    assert report.conforms
    assert len(report.results) == 1


def test_the_same_results_are_found_in_this_process(shaped: Home) -> None:
    """What the child does, called directly."""
    loaded = shapes_process.read_shapes(shaped.ontology / "shapes")
    results = shapes_process.validate(parse(DATA), loaded)

    assert rdflib.NORMALIZE_LITERALS is False
    assert {result["path"] for result in results} == {
        "<http://example.org/name>",
        "<http://example.org/note>",
    }


@pytest.mark.parametrize(("text", "status"), [("", 0), ("x:a x:b", shapes_process.WRONG_SHAPES)])
def test_the_child_reads_triples_and_writes_json(
    shaped: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    status: int,
) -> None:
    """Or says what is wrong with the shapes; its memory is limited first."""
    folder = shaped.ontology / "shapes"
    (folder / "more.ttl").write_text(PREFIXES + text, encoding="utf-8")
    limits: list[tuple[int, int]] = []
    data = io.BytesIO(b"<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n")
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, limit: limits.append(limit))
    monkeypatch.setattr(sys, "argv", ["shapes", str(folder), "7"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))

    assert shapes_process.main() == status
    assert limits == [(7, 7)]
    assert capsys.readouterr().out.startswith("[]" if status == 0 else str(folder))


def test_the_report_is_shacl_and_always_the_same(shaped: Home) -> None:
    """In terms that other tools read."""
    first, second = (shapes.to_turtle(shapes.validate(parse(DATA), shaped)) for _ in range(2))
    graph = Graph().parse(data=first, format="turtle")
    report = graph.value(None, RDF.type, SH.ValidationReport)

    assert first == second
    assert b"conforms false" in first
    assert len(list(graph.objects(report, SH.result))) == 2
    assert isomorphic(graph, Graph().parse(data=second, format="turtle"))


def test_an_empty_report_conforms() -> None:
    """And says so."""
    assert b"conforms true" in shapes.to_turtle(Report(()))


def test_results_are_told_in_words(tmp_path: Path) -> None:
    """The focus by its label, the message, the property and value, the file and line."""
    path = tmp_path / "actors.ttl"
    path.write_text("# head\nactor:russia a pl:State .\n", encoding="utf-8")
    actor, pl = "https://w3id.org/parley/id/actor/", "https://w3id.org/parley/ns#"
    report = Report(
        (
            Result("Violation", f"<{actor}russia>", f"<{pl}actsFor>", f"<{pl}x>", "No.", "", ""),
            Result("Warning", f"<{actor}x>", "", '"y"', "Perhaps.", "", ""),
            Result("Info", "_:b0", f"<{pl}edtf>", '"z"', "Note.", "", ""),
        )
    )

    assert shapes.in_words(report, {f"{actor}russia": "Russia"}, [path]) == [
        "Violation: actor:russia “Russia”\n  No.\n  property pl:actsFor, value pl:x\n"
        f"  at {path}:2",
        "Warning: actor:x\n  Perhaps.",
        'Info: <_:b0>\n  Note.\n  property pl:edtf, value "z"',
    ]
    assert shapes.in_words(report, {}, limit=1)[1:] == ["… and 2 more, in report.ttl."]


def test_shapes_that_do_not_end_are_stopped(shaped: Home) -> None:
    """The remedy says where to look."""
    path = shaped.ontology / "shapes" / "things.ttl"
    path.write_text(PREFIXES + SLOW, encoding="utf-8")
    many = "".join(f"x:s{n} x:p x:o{n} ." for n in range(300))
    with pytest.raises(OntologyError, match="not done after 4 seconds") as caught:
        shapes.validate(parse(f"x:a x:p x:b . {many}"), shaped, timeout_s=4)

    assert "SPARQL constraint" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x:a x:b", "cannot be used: .*does not parse"),
        ("x:S a sh:NodeShape ; sh:targetClass x:Thing ; sh:property [ sh:minCount 1 ] .", "cannot"),
    ],
    ids=["syntax", "no path"],
)
def test_shapes_that_are_wrong_are_named(shaped: Home, text: str, message: str) -> None:
    """They are no fault of the data."""
    (shaped.ontology / "shapes" / "wrong.ttl").write_text(PREFIXES + text, encoding="utf-8")
    with pytest.raises(OntologyError, match=message):
        shapes.validate(parse(DATA), shaped)


def test_imports_of_shapes_and_data_are_not_followed(shaped: Home) -> None:
    """The network is never asked: an address that cannot be reached costs nothing."""
    header = "<urn:o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/x> ."
    (shaped.ontology / "shapes" / "x.ttl").write_text(PREFIXES + header, encoding="utf-8")

    assert len(shapes.validate(parse(DATA + header), shaped).results) == 2


def test_a_child_that_dies_is_reported(shaped: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its last words; here it is told nonsense."""
    monkeypatch.setattr(shapes, "_MEMORY_BYTES", "much")
    with pytest.raises(OntologyError, match=r"The validation of .* failed: ValueError: .*much"):
        shapes.validate(parse(DATA), shaped)


def test_the_shipped_shapes_are_read_from_every_file(home: Home) -> None:
    """One file per topic."""
    folder = home.ontology / "shapes"
    whole = shapes_process.read_shapes(folder)

    assert all(set(ontology.parse(path)) <= set(whole) for path in folder.glob("*.ttl"))

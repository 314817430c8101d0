"""Links by the sssom library; proposals of links: names compared, and nothing accepted."""

from __future__ import annotations

import datetime
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from parley.cli.reconcile import reconcile
from parley.corpus import links, matching, reconciliation
from parley.corpus.matching import Candidate, Kinds, Name, Thing, propose
from parley.errors import ExportError, LinkError

if TYPE_CHECKING:
    from click.testing import CliRunner

    from parley.home import Home

TABLES: Final = sorted((Path(__file__).parents[1] / "data" / "links").glob("*.sssom.tsv"))
KINDS = Kinds(
    {
        "person": frozenset({"person", "actor"}),
        "state": frozenset({"state", "actor"}),
        "place": frozenset({"place"}),
        "actor": frozenset({"actor"}),
    },
    frozenset({frozenset({"actor", "place"}), frozenset({"person", "state"})}),
)
TABLE = """id,label,aliases,type,dates
Q159,Russian Federation,Russia|RF,country,1991/..
Q34490,Al-Qaida,Al Qaeda,,
Q100,Lebed,Alexander Lebed,human,1950-04-20/2002-04-28
Q101,Alexander Lebed,,human,1780/1820
Q102,Kabul,,person,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of another dataset."""
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ours(home: Home) -> tuple[list[Thing], Kinds]:
    """The things of the shipped home and the kinds of its ontology."""
    return reconciliation.read_home(home)


def thing(name: str, kinds: str = "", years: tuple[int, int] | None = None) -> Thing:
    """Return a thing with one name."""
    return Thing(f"http://e/{name}", (Name(name, "label"),), frozenset(kinds.split()), years)


def best(one: Thing, other: Thing, least: float = 0.8) -> Candidate | None:
    """Return the proposal for one thing of a table, if there is one."""
    return next(iter(propose([one], [other], KINDS, least=least, most=1)), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [("al-Qaeda", "Al Qaeda"), ("the Taliban", "TALIBAN"), ("Café", "Cafe"), ("A", "a"),
     ("Талибан", "талибан"), ("Gulf, the", "The Gulf")],
)  # fmt: skip
def test_case_marks_accents_and_articles_do_not_count(one: str, other: str) -> None:
    """Such names are the same."""
    assert matching.normalise(one) == matching.normalise(other)


def test_the_same_name_is_an_exact_proposal_never_a_certainty() -> None:
    """Only a person is sure."""
    found = best(thing("Russia", "state"), thing("russia", "state"))

    assert found
    assert found.is_exact
    assert found.score == 0.95


def test_a_similar_name_is_proposed_with_its_likeness() -> None:
    """Words in another order or spelling lower it."""
    found = best(thing("Muammar Gaddafi", "person"), thing("Moammar Gadhafi", "person"))

    assert found
    assert not found.is_exact
    assert 0.8 <= found.similarity < 1


def test_another_name_is_not_proposed() -> None:
    """Nor is an empty one."""
    assert best(thing("Iran"), thing("Albania")) is None
    assert best(thing("Iran"), thing("!")) is None


def test_kinds_that_exclude_each_other_are_not_proposed() -> None:
    """A place is no person, whatever it is called; a state may be the land of its name."""
    assert best(thing("Kabul", "place"), thing("Kabul", "person")) is None
    assert best(thing("Russia", "place"), thing("Russia", "state place")) is not None


def test_an_unknown_kind_lowers_the_score() -> None:
    """And is remarked."""
    found = best(thing("Nato", "actor"), thing("NATO"))

    assert found
    assert found.score < 0.95
    assert found.remarks == ("kind not compared",)


def test_other_dates_lower_the_score() -> None:
    """The same name at another time is most likely another thing."""
    found = best(thing("Lebed", "person", (1950, 2002)), thing("Lebed", "person", (1780, 1820)))

    assert found
    assert found.score < 0.5
    assert "dates exclude each other" in found.remarks


@pytest.mark.parametrize(
    ("text", "years"),
    [("1995", (1995, 1995)), ("199X", (1990, 1999)), ("19XX", (1900, 1999)), ("", None),
     ("1950-04-20/2002-04-28", (1950, 2002)), ("2001-09-11/..", (2001, 9999)), ("soon", None),
     ("(1950–2002)", (1950, 2002)), ("1991-", (1991, 9999)), ("12345", None)],
)  # fmt: skip
def test_years_are_read(text: str, years: tuple[int, int] | None) -> None:
    """From dates, decades and stretches."""
    assert matching.read_years(text) == years


def test_the_home_is_known(ours: tuple[list[Thing], Kinds]) -> None:
    """With its names in all languages, its kinds, and the years of its persons."""
    things, kinds = ours
    lebed = next(t for t in things if t.iri.endswith("/alexander-lebed"))

    assert lebed.label == "Alexander Lebed"
    assert Name("Александр Лебедь", "rdfs:label") in lebed.names
    assert lebed.kinds == {"person"}
    assert lebed.years == (1950, 2002)
    assert kinds.exclude("person", "place")
    assert not kinds.exclude("government", "actor")
    assert kinds.find("Country") == {"state", "place"}


def test_a_table_is_compared(ours: tuple[list[Thing], Kinds], table: Path) -> None:
    """The article's Lebed is the general, and the city is no person."""
    things, kinds = ours
    others = reconciliation.read_table(table, kinds, namespace="http://e/")
    found = propose(things, others, kinds, least=0.9, most=3)
    pairs = {(c.subject.iri[27:], c.object.iri[9:]): c.score for c in found}

    assert pairs[("actor/alexander-lebed", "Q100")] > pairs[("actor/alexander-lebed", "Q101")]
    assert ("actor/al-qaeda", "Q34490") in pairs
    assert ("actor/russia", "Q159") in pairs
    assert ("place/kabul", "Q102") not in pairs


def test_the_command_writes_proposals_that_are_sssom_and_no_links(
    table: Path, runner: CliRunner
) -> None:
    """The library accepts the table, and our own reader does not: nobody has reviewed it."""
    done = runner.invoke(reconcile, [str(table), "--namespace", "http://www.wikidata.org/entity/"])
    written = table.with_suffix(".proposals.sssom.tsv")

    assert "things, in" in done.output
    assert validate(written) == []
    assert "owl:sameAs" not in written.read_text("utf-8")
    with pytest.raises(LinkError, match="Nobody has reviewed"):
        links.read(written)


def test_the_command_writes_neither_links_nor_over_a_file(
    table: Path, editable: Home, runner: CliRunner
) -> None:
    """A person copies what is right."""
    inside = editable.data / "links" / "new.sssom.tsv"
    out = table.with_suffix(".x")
    out.write_text("mine")
    common = [str(table), "--namespace", "http://e/", "--home", str(editable.root), "--out"]
    refused = runner.invoke(reconcile, [*common, str(inside)])
    taken = runner.invoke(reconcile, [*common, str(out)])
    nowhere = runner.invoke(reconcile, [*common, str(table / "x")])

    assert isinstance(refused.exception, LinkError)
    assert not inside.exists()
    assert isinstance(taken.exception, ExportError)
    assert isinstance(nowhere.exception, ExportError)
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("id,label", "x,label", 1, None, "no column id"),
        ("id,label", "id,x", 1, None, "no column label"),
        ("Q34490,", ",", 3, 1, "column id is empty"),
        ("Al-Qaida", " ", 3, 2, "column label is empty"),
        ("Q34490,", "Q 34490,", 3, 1, "not an absolute IRI"),
        ("Al-Qaida", '"Al-Qaida', None, None, "does not parse"),
    ],
)
def test_a_wrong_table_is_named_by_row_and_column(
    table: Path, old: str, new: str, line: int | None, column: int | None, message: str
) -> None:
    """Both counted from 1."""
    table.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(LinkError) as caught:
        reconciliation.read_table(table, KINDS, namespace="http://e/")

    assert message in caught.value.message
    assert caught.value.place
    assert (caught.value.place.line, caught.value.place.column) == (line, column)


def test_tabs_and_a_byte_order_mark_are_read(table: Path) -> None:
    """As spreadsheets write them."""
    table.write_text("\ufeffItem\tName\nhttp://e/1\tKabul\n", encoding="utf-8")

    assert reconciliation.read_table(table, KINDS) == [
        Thing("http://e/1", (Name("Kabul", "label"),))
    ]


def test_a_table_that_is_no_text_is_refused(table: Path) -> None:
    """As is one that is not there."""
    table.write_bytes(b"\xff")
    with pytest.raises(LinkError, match="cannot be read"):
        reconciliation.read_table(table, KINDS)
    with pytest.raises(LinkError, match="cannot be read"):
        reconciliation.read_table(table / "x", KINDS)


def test_a_label_cannot_break_out_of_its_cell() -> None:
    """Tabs and line ends become spaces, also in the title."""
    hostile = thing("a\tb\n#curie_map:\n#  x: y", "person")
    candidate = Candidate(hostile, hostile, hostile.names[0], hostile.names[0], 1.0, 0.5)
    day = datetime.date(2026, 11, 23)
    text = reconciliation.write_proposals([candidate], table='a"\nb', day=day, prefixes={})

    assert len(text.splitlines()) == 9
    assert all(line.count("\t") == 13 for line in text.splitlines()[7:])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_the_shipped_tables_are_valid_sssom(path: Path) -> None:
    """By the schema and the prefix checks of the sssom library."""
    assert validate(path) == []


def test_the_sssom_library_finds_what_is_wrong(tmp_path: Path) -> None:
    """A confidence over 1 and a CURIE without a prefix are no SSSOM."""
    text = TABLES[0].read_text(encoding="utf-8")
    broken = tmp_path / "broken.sssom.tsv"
    broken.write_text(text.replace("\t0.99", "\t7", 1).replace("place:albania", "x:y", 1))

    assert len(validate(broken)) >= 1


def validate(path: Path) -> list[str]:
    """Return what the sssom library finds wrong in a table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sssom.constants import SchemaValidationType as Type
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate as run

        checks = [Type.JsonSchema, Type.PrefixMapCompleteness, Type.StrictCurieFormat]
        reports = run(parse_sssom_table(str(path)), checks, fail_on_error=False)
    return [str(result.message) for report in reports.values() for result in report.results]

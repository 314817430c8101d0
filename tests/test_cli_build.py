"""``parley build``, ``check`` and ``query`` as people run them, on a terminal and elsewhere."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, URIRef

from parley.build.summary import Coverage
from parley.cli import _summary, cli
from parley.errors import NotConformingError, QueryFileError, QuerySyntaxError, TermError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import CliRunner, Result

    from parley.build.pipeline import BuildResult
    from parley.home import Home

    Edit = Callable[[str, str, str], Path]
    Ask = Callable[..., Result]

MEDIATOR = "queries/competency/p03-mediator.rq"
ABOUT = "DESCRIBE <https://w3id.org/parley/id/actor/tajikistan>"


def on_terminal(*arguments: str) -> str:
    """Run a command of parley on a terminal of its own and return what it showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "parley", *arguments]
    environ = {**os.environ, "COLUMNS": "120", "TERM": "xterm"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
        os.close(ours)
        assert process.wait(60) == 0
    return shown.decode("utf-8")


def _read(handle: int) -> bytes:
    """Read from a terminal until nobody writes to it."""
    try:
        return os.read(handle, 65_536)
    except OSError:
        return b""


@pytest.fixture
def ask(runner: CliRunner, home: Home, built: BuildResult) -> Ask:
    """Run ``parley query`` on the session's build."""
    out = built.generation.directory.parents[1]

    def run(*arguments: str, text: str | bytes | None = None) -> Result:
        places = ["--home", str(home.root), "--store", str(out)]
        return runner.invoke(cli, ["query", *places, *arguments], input=text)

    return run


def test_a_build_shows_steps_and_a_summary(runner: CliRunner, home: Home, tmp_path: Path) -> None:
    """Plain lines where there is no terminal."""
    places = ["--home", str(home.root), "--out", str(tmp_path)]
    result = runner.invoke(cli, ["build", "--no-reason", *places])
    names = [line.split()[0] for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    assert names == [
        "[1/5]", "[2/5]", "[3/5]", "[4/5]", "[5/5]", "Built",
        "contents", "claimants", "sentences", "inferred", "noted", "time", "dataset",
    ]  # fmt: skip
    assert "63/63 of iras-3036: 54 with claims, 9 named claimless" in result.stdout
    assert "Alireza Nouri" in result.stdout
    assert (tmp_path / "dataset.nq").is_file()


def test_a_summary_names_the_sentences_that_are_open(
    runner: CliRunner, editable: Home, edit: Edit, tmp_path: Path
) -> None:
    """A document may be published before all of it is curated."""
    named = "    pl:claimlessSentence 5 ;\n"
    edit("data/documents/second-document/document.ttl", named, "")
    result = runner.invoke(
        cli, ["build", "--no-reason", "--home", str(editable.root), "--out", str(tmp_path / "o")]
    )

    assert result.exit_code == 0
    assert "4/5 of second-document: 2 with claims, 2 named claimless, open: 5" in result.stdout


def test_a_summary_says_what_waits_for_a_review() -> None:
    """How many drafts of which document, and how to decide on them, rather than open sentences."""
    waiting = Coverage("talks", 4, (1,), (), (2, 3, 4), drafted=3)
    one = Coverage("talks", 1, (), (), (1,), drafted=1)

    assert _summary._coverage(waiting).endswith("3 drafted claims wait: parley review talks")
    assert _summary._coverage(one).endswith("1 drafted claim waits: parley review talks")


def test_a_build_that_fails_ends_with_1_and_the_report_in_words(
    editable: Home, edit: Edit, tmp_path: Path
) -> None:
    """On standard error, with the remedy; nothing is published."""
    edit("data/documents/second-document/claims.ttl", "    pl:polarity pl:negative ;\n", "")
    command = [sys.executable, "-m", "parley", "build", "--no-reason", "--home", str(editable.root)]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Violation: plid:claim/second-document/3a" in done.stderr
    assert "Nothing was published" in done.stderr
    assert not (tmp_path / "out" / "current").exists()


def test_a_build_on_a_terminal_shows_a_bar_that_goes_away(home: Home, tmp_path: Path) -> None:
    """And leaves the summary."""
    shown = on_terminal("build", "--no-reason", "--home", str(home.root), "--out", str(tmp_path))

    assert "[1/5]" not in shown
    assert "\x1b[" in shown
    assert "━" in shown
    assert "63/63" in shown.rpartition("━")[2]


def test_a_sound_home_passes_every_check(runner: CliRunner, home: Home) -> None:
    """What CI runs; the reasoner has its own tests."""
    result = runner.invoke(cli, ["check", "--no-reason", "--home", str(home.root)])
    marked = [line.split(":")[0] for line in result.stdout.splitlines() if line[0] in "✓✗"]

    assert marked == ["✓ format", "✓ shapes", "✓ checks", "✓ questions", "✓ reasoner"]
    assert result.exit_code == 0


def test_every_fault_is_reported_in_one_run(runner: CliRunner, editable: Home, edit: Edit) -> None:
    """Format, shapes, checks and questions; exit status 1."""
    edit("data/documents/second-document/claims.ttl", "    pl:polarity pl:negative ;\n", "")
    edit("data/actors.ttl", " a pl:Alliance ;\n", " pl:factionOf actor:russia ; a pl:Alliance ;\n")
    edit("queries/competency/p12-document.csv", "Alireza Nouri", "Nobody")
    edit("queries/competency/p01-listed-objectives.rq", "ORDER BY ?rank", "ORDER BY DESC(?rank)")
    (editable.data / "extra.ttl").write_bytes(b"\xff")
    (editable.data / "extra.ttl").rename(editable.data / "documents" / "extra.ttl")
    result = runner.invoke(cli, ["check", "--no-reason", "--home", str(editable.root)])
    shown = result.stdout

    assert result.exit_code == 1
    assert "✗ format: 2 of " in shown
    assert f"not UTF-8: {editable.data / 'documents' / 'extra.ttl'}" in shown
    assert f"not canonical: {editable.data / 'actors.ttl'}" in shown
    assert "✗ shapes: violations " in shown
    assert "ERROR: unsourced-triple" in shown
    assert "p12-document: Who wrote the document" in shown
    assert "missing: " in shown
    assert "surplus: " in shown
    assert "the rows are right, but not their order or number" in shown
    assert "✓ reasoner: left out" in shown


def test_an_answer_elsewhere_is_csv(ask: Ask, home: Home) -> None:
    """Nothing else is on standard output."""
    result = ask(str(home.root / MEDIATOR))

    assert result.exit_code == 0
    assert result.stdout.replace("\r\n", "\n") == (
        (home.root / MEDIATOR).with_suffix(".csv").read_text(encoding="utf-8")
    )


def test_a_query_is_read_from_standard_input_too(ask: Ask) -> None:
    """With any format the form can have."""
    result = ask("-", "--format", "json", text="ASK { ?s ?p ?o }")

    assert json.loads(result.stdout)["boolean"] is True


@pytest.mark.parametrize(
    ("name", "syntax"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")]
)
def test_a_graph_is_written_in_the_format_asked_for(ask: Ask, name: str, syntax: str) -> None:
    """Turtle when none is."""
    result = ask("-", "--format", name, text=ABOUT)
    plain = ask("-", text=ABOUT)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        graph = Graph().parse(data=result.stdout, format=syntax)

    assert (URIRef("https://w3id.org/parley/id/actor/tajikistan"), None, None) in graph
    assert len(graph) == len(Graph().parse(data=plain.stdout, format="turtle"))


@pytest.mark.parametrize(
    ("text", "error"),
    [("SELECT", QuerySyntaxError), ("", QuerySyntaxError), (b"\xff", QueryFileError)],
    ids=["half", "nothing", "bytes"],
)
def test_a_query_that_cannot_be_read_is_an_error(
    ask: Ask, text: str | bytes, error: type[Exception]
) -> None:
    """Half a query, none, and what is no text."""
    result = ask("-", text=text)

    assert isinstance(result.exception, error)


@pytest.mark.parametrize("value", ["actor/iran", "plid:actor/iran", "actor:iran"])
def test_a_value_takes_the_place_of_a_parameter(ask: Ask, home: Home, value: str) -> None:
    """In any of the ways in which people write a name."""
    file = home.queries / "examples" / "claims-on-actor.rq"
    rows = ask(str(file), "--set", f"actor={value}").stdout.splitlines()[1:]

    assert rows
    assert {row.split(",")[0] for row in rows} == {"https://w3id.org/parley/id/actor/iran"}


def test_a_parameter_that_a_query_has_not_is_named(ask: Ask, home: Home) -> None:
    """With those that it has."""
    file = home.queries / "examples" / "claims-on-actor.rq"
    result = ask(str(file), "--set", "actr=actor/iran")

    assert isinstance(result.exception, QueryFileError)
    assert "no parameter actr" in result.exception.message
    assert result.exception.remedy == "Its parameters are: actor."


def test_a_value_is_never_text_of_the_query(ask: Ask, home: Home) -> None:
    """A value that would leave its place is refused."""
    file = home.queries / "examples" / "claims-on-actor.rq"
    result = ask(str(file), "--set", "actor=x> } UNION { ?s ?p ?o")

    assert isinstance(result.exception, TermError)


def test_a_query_file_that_is_not_there_is_named(ask: Ask) -> None:
    """Not built for, either."""
    result = ask("/no/such/file.rq")

    assert isinstance(result.exception, QueryFileError)
    assert "/no/such/file.rq" in str(result.exception)


def test_a_changed_home_is_built_before_it_is_asked(
    runner: CliRunner, editable: Home, tmp_path: Path
) -> None:
    """And not asked when it cannot be built."""
    places = ["--home", str(editable.root), "--store", str(tmp_path / "out")]
    (editable.ontology / "shapes" / "x.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; "
        "sh:targetNode <urn:x> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    result = runner.invoke(cli, ["query", *places, "-"], input="ASK {}")

    assert isinstance(result.exception, NotConformingError)
    assert "[1/5] read" in result.stderr


def test_a_terminal_shows_a_table_with_labels(home: Home, built: BuildResult) -> None:
    """Names instead of IRIs; how many solutions, and how long it took."""
    out = built.generation.directory.parents[1]
    places = ["--home", str(home.root), "--store", str(out)]
    table = on_terminal("query", *places, str(home.root / MEDIATOR))

    assert "Tajikistan" in table
    assert "https://" not in table
    assert " solution" in table


def test_the_columns_of_everything_stand_as_the_query_names_them(
    home: Home, built: BuildResult, tmp_path: Path
) -> None:
    """Not in the order of the alphabet."""
    places = ["--home", str(home.root), "--store", str(built.generation.directory.parents[1])]
    (tmp_path / "q.rq").write_text("SELECT * { ?thing ?how ?all } LIMIT 1", encoding="utf-8")
    table = on_terminal("query", *places, str(tmp_path / "q.rq"))

    assert table.index("thing") < table.index("how") < table.index("all")


def test_a_terminal_answers_yes_or_no(home: Home, built: BuildResult, tmp_path: Path) -> None:
    """And shows a graph as it is."""
    out = built.generation.directory.parents[1]
    places = ["--home", str(home.root), "--store", str(out)]
    file = tmp_path / "q.rq"
    file.write_text("ASK { ?s ?p 'nothing says so' }", encoding="utf-8")

    assert on_terminal("query", *places, str(file)).strip() == "no"
    file.write_text(ABOUT, encoding="utf-8")
    assert "Tajikistan" in on_terminal("query", *places, str(file))

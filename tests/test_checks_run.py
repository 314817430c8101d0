"""Running checks and questions: levels, exceptions, and files that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.build import checks, questions
from parley.engine.store import MemoryStore
from parley.errors import QueryFileError
from parley.home import Home

if TYPE_CHECKING:
    from pathlib import Path

CHECK = """\
# # No thing
#
# **Problem:** There is a thing.
# **Solution:** Take it away.

SELECT ?thing ?note WHERE { ?thing <urn:note> ?note }
"""
DATA = b'<urn:b> <urn:note> "two" <urn:g> .\n<urn:a> <urn:note> "one" <urn:g> .\n'


def ask(thing: str) -> str:
    """Return a question with an order."""
    body = "{ ?thing <urn:note> ?note }"
    return f"# # T\n# **Question:** Which?\nSELECT ?thing ?note ?no WHERE {body} ORDER BY {thing}\n"


@pytest.fixture
def asked(tmp_path: Path) -> Home:
    """A home with one check and one question."""
    for folder, text in (("checks", CHECK), ("competency", ask("?thing"))):
        path = tmp_path / "queries" / folder / "thing.rq"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return Home(tmp_path)


def write(home: Home, name: str, text: str) -> None:
    """Write a file below queries/."""
    (home.queries / name).write_text(text, encoding="utf-8")


def run(home: Home) -> checks.Finding:
    """Run the one check on the data."""
    (finding,) = checks.run(MemoryStore.from_nquads(DATA), home)
    return finding


def test_rows_are_sorted_and_a_check_without_a_level_is_an_error(asked: Home) -> None:
    """A new check counts until somebody says otherwise."""
    finding = run(asked)

    assert finding.level == "ERROR"
    assert finding.rows == (("urn:a", "one"), ("urn:b", "two"))
    assert checks.failed([finding]) == [finding]


@pytest.mark.parametrize("level", ["WARN", "INFO"])
def test_the_profile_gives_the_level(asked: Home, level: str) -> None:
    """Comments and blank lines are left out; the ending of the file may stand there."""
    write(asked, "checks/profile.txt", f"# levels\n\n{level}\tthing.rq\n")

    assert run(asked).level == level
    assert checks.failed([run(asked)]) == []


def test_an_exception_is_accepted_with_its_reason(asked: Home) -> None:
    """By the first value of the row."""
    write(asked, "checks/exceptions.tsv", "thing\turn:a\tknown since the beginning\n")
    finding = run(asked)

    assert (finding.rows, finding.accepted) == ((("urn:b", "two"),), 1)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("checks/profile.txt", "FATAL\tthing\n", "is no level and name"),
        ("checks/profile.txt", "ERROR thing\n", "is no level and name"),
        ("checks/exceptions.tsv", "thing\turn:a\t \n", "and a reason"),
        ("checks/exceptions.tsv", "thing\turn:a\n", "and a reason"),
        ("checks/thing.rq", CHECK.replace("WHERE", "WERE"), r"thing\.rq: "),
    ],
    ids=["level", "no tab", "empty reason", "no reason", "syntax"],
)
def test_a_file_of_the_checks_that_is_wrong_is_named(
    asked: Home, name: str, text: str, message: str
) -> None:
    """With its place."""
    write(asked, name, text)
    with pytest.raises(QueryFileError, match=message) as caught:
        run(asked)

    assert str(asked.queries / name) in str(caught.value.place)


def test_findings_are_told_with_problem_rows_and_remedy(asked: Home) -> None:
    """Only the first rows are shown."""
    (words,) = checks.in_words([run(asked)], limit=1)

    assert words == (
        "ERROR: thing: There is a thing.\n  urn:a  one\n  … and 1 more\n  Take it away."
    )


@pytest.mark.parametrize(
    ("expected", "missing", "surplus", "right"),
    [
        ("thing,note,no\nurn:a,one,\nurn:b,two,\n", (), (), True),
        ("thing,note,no\nurn:b,two,\nurn:a,one,\n", (), (), False),
        ("thing,note,no\nurn:a,one,\n", (), (("urn:b", "two", ""),), False),
        (
            "thing,note\nurn:a,one\nurn:b,two\nurn:c,three\n",
            (("urn:c", "three"),),
            (),
            False,
        ),
    ],
    ids=["right", "order", "surplus", "missing"],
)
def test_an_answer_is_compared_row_by_row(
    asked: Home,
    expected: str,
    missing: tuple[tuple[str, ...], ...],
    surplus: tuple[tuple[str, ...], ...],
    right: bool,
) -> None:
    """The order counts; an unbound variable is an empty cell."""
    write(asked, "competency/thing.csv", expected)
    (answer,) = questions.ask(MemoryStore.from_nquads(DATA), asked)

    assert (answer.missing, answer.surplus, answer.right) == (missing, surplus, right)


def test_a_question_without_an_expected_answer_is_not_asked(asked: Home) -> None:
    """It is an example."""
    assert questions.ask(MemoryStore.from_nquads(DATA), asked) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("competency/thing.csv", "", "has no header"),
        ("competency/thing.rq", ask("?thing").replace("WHERE", "WERE"), r"thing\.rq: "),
    ],
)
def test_a_question_that_is_wrong_is_named(asked: Home, name: str, text: str, message: str) -> None:
    """The expected answer as well."""
    write(asked, "competency/thing.csv", "thing,note,no\n")
    write(asked, name, text)
    with pytest.raises(QueryFileError, match=message):
        questions.ask(MemoryStore.from_nquads(DATA), asked)

"""``parley check``: format, shapes, checks, competency questions and reasoner, in one report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console

from parley.cli import _progress
from parley.errors import ParleyError
from parley.home import find_home

if TYPE_CHECKING:
    from parley.build.pipeline import Derived
    from parley.build.questions import Answer
    from parley.home import Home

#: Rows of a wrong answer that are shown.
SHOWN_ROWS: Final = 3
#: Severities of SHACL, and what several results of one are called.
SEVERITIES: Final = {"Violation": "violations", "Warning": "warnings", "Info": "notes"}


@click.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to check.")
@click.option("--no-reason", is_flag=True, help="Leave the reasoner out; no Java is needed.")
@click.option("--explain", is_flag=True, help="Ask Pellet for the axioms of an inconsistency.")
def check(home_path: Path | None, no_reason: bool, explain: bool) -> None:
    """Check the home: format, shapes, checks, competency questions, reasoner.

    Publishes nothing. Exits with 1 when a file is not canonical, a shape is violated, a check of
    level ERROR has rows, a question is not answered as expected, or the graph is inconsistent.
    """
    from parley.build import pipeline

    home = find_home(home_path)
    console = Console(highlight=False)
    failures = _section(console, "format", *_check_format(home))
    with _progress.telling(console) as tell:
        derived = pipeline.examine(home, progress=tell, reasoned=not no_reason, explain=explain)
    failures += _section(console, "shapes", *_check_shapes(derived))
    failures += _section(console, "checks", *_check_checks(derived))
    failures += _section(console, "questions", *_check_questions(derived, home))
    types = len(derived.inference.triples)
    said = "left out" if no_reason else f"consistent, {types} triples inferred"
    failures += _section(console, "reasoner", 0, said, [])
    sys.exit(1 if failures else 0)


def _section(console: Console, name: str, failures: int, said: str, lines: list[str]) -> int:
    mark, style = ("✗", "bold red") if failures else ("✓", "green")
    console.print(f"{mark} {name}: {said}", style=style, markup=False, soft_wrap=True)
    for line in lines:
        console.print("  " + line.replace("\n", "\n  "), markup=False, soft_wrap=True)
    return failures


def _check_format(home: Home) -> tuple[int, str, list[str]]:
    from parley.corpus.canonical import format_turtle

    lines = []
    files = [path for part in (home.ontology, home.data) for path in sorted(part.rglob("*.ttl"))]
    for path in files:
        try:
            text = path.read_bytes().decode("utf-8")
            if format_turtle(text, source=str(path)) != text:
                lines.append(f"not canonical: {path}")
        except ParleyError as error:
            lines.append(f"does not parse: {error}")
        except UnicodeDecodeError:
            lines.append(f"not UTF-8: {path}")
    if not lines:
        return 0, f"{len(files)} files canonical", lines
    return len(lines), f"{len(lines)} of {len(files)} files not canonical: run parley format", lines


def _check_shapes(derived: Derived) -> tuple[int, str, list[str]]:
    from parley.build import shapes

    report = derived.report
    words = shapes.in_words(report, derived.labels, derived.parts.files)
    counts = [f"{noun} {report.count(s)}" for s, noun in SEVERITIES.items() if report.count(s)]
    return report.count("Violation"), ", ".join(counts) or "conform", words


def _check_checks(derived: Derived) -> tuple[int, str, list[str]]:
    from parley.build import checks

    findings = [finding for finding in derived.findings if finding.rows]
    counts = {level: sum(f.level == level for f in findings) for level in checks.LEVELS}
    accepted = sum(finding.accepted for finding in derived.findings)
    parts = [f"{len(derived.findings) - len(findings)} of {len(derived.findings)} without a row"]
    parts += [f"{count} {level}" for level, count in counts.items() if count]
    parts += [f"{accepted} accepted exceptions"] if accepted else []
    return len(checks.failed(findings)), ", ".join(parts), checks.in_words(findings)


def _check_questions(derived: Derived, home: Home) -> tuple[int, str, list[str]]:
    from parley.build import questions
    from parley.engine.store import MemoryStore

    answers = questions.ask(MemoryStore.from_nquads(derived.dataset), home)
    wrong = [answer for answer in answers if not answer.right]
    said = f"{len(answers) - len(wrong)} of {len(answers)} answered as expected"
    return len(wrong), said, [_difference(answer) for answer in wrong]


def _difference(answer: Answer) -> str:
    lines = [f"{answer.question.name}: {answer.question.question}"]
    lines += [f"  missing: {', '.join(row)}" for row in answer.missing[:SHOWN_ROWS]]
    lines += [f"  surplus: {', '.join(row)}" for row in answer.surplus[:SHOWN_ROWS]]
    if not answer.missing and not answer.surplus:
        lines.append("  the rows are right, but not their order or number")
    return "\n".join(lines)

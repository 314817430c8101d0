"""Show what a build holds, in few lines and plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.cli._words import counted
from parley.namespaces import PL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from parley.build.checks import Finding
    from parley.build.pipeline import BuildResult
    from parley.build.summary import Coverage, Summary

#: Classes counted on the first line, in the order in which a reader meets them.
COUNTED: Final = (
    "Claim", "Proposition", "Passage", "Actor", "Place", "Occurrence", "Objective", "ArgumentLink",
)  # fmt: skip
_BAR: Final = 30


def show(console: Console, result: BuildResult) -> None:
    """Print a build: counts, claimants, coverage, what was inferred, time per step."""
    summary = result.summary
    total = sum(result.timings.values())
    _say(
        console,
        f"Built {result.generation.id} in {total:.1f} s: "
        f"{summary.quads:,} quads in {len(summary.graphs)} graphs",
        style="bold green",
    )
    _row(console, "contents", _counts(summary, result.labels))
    _row(console, "claimants", _top(summary.claimants, result.labels, 8))
    for coverage in summary.coverage:
        _row(console, "sentences", _coverage(coverage))
    inferred = _top(summary.inferred, result.labels, 10) or "nothing"
    _row(console, "inferred", inferred)
    if noted := _noted(result):
        _row(console, "noted", f"{noted} (parley check shows them)")
    _row(console, "time", ", ".join(f"{name} {s:.1f} s" for name, s in result.timings.items()))
    _row(console, "dataset", str(result.generation.dataset))


def _say(console: Console, text: str, *, style: str | None = None) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _row(console: Console, name: str, text: str) -> None:
    _say(console, f"  {name:10} {text}")


def _counts(summary: Summary, labels: Mapping[str, str]) -> str:
    named = [(str(PL[name]), summary.classes.get(str(PL[name]), 0)) for name in COUNTED]
    return ", ".join(f"{labels.get(iri, iri)} {count}" for iri, count in named if count)


def _top(counts: Mapping[str, int], labels: Mapping[str, str], limit: int) -> str:
    shown = [f"{labels.get(iri, iri)} {count}" for iri, count in list(counts.items())[:limit]]
    more = len(counts) - limit
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _coverage(coverage: Coverage) -> str:
    spoken = coverage.sentences - len(coverage.open)
    filled = round(_BAR * spoken / coverage.sentences) if coverage.sentences else _BAR
    bar = "█" * filled + "░" * (_BAR - filled)
    parts = [f"{len(coverage.claimed)} with claims", f"{len(coverage.claimless)} named claimless"]
    if coverage.drafted:
        waiting = "claim waits" if coverage.drafted == 1 else "claims wait"
        parts.append(f"{coverage.drafted} drafted {waiting}: parley review {coverage.slug}")
    elif coverage.open:
        parts.append(f"open: {', '.join(map(str, coverage.open))}")
    return f"{bar} {spoken}/{coverage.sentences} of {coverage.slug}: {', '.join(parts)}"


def _noted(result: BuildResult) -> str:
    report = result.report
    counts = {
        ("warning", "shapes"): report.count("Warning"),
        ("note", "shapes"): report.count("Info"),
        ("warning", "checks"): _rows(result.findings, "WARN"),
        ("note", "checks"): _rows(result.findings, "INFO"),
    }
    said = (f"{counted(count, noun)} of {of}" for (noun, of), count in counts.items() if count)
    return ", ".join(said)


def _rows(findings: list[Finding], level: str) -> int:
    return sum(len(finding.rows) for finding in findings if finding.level == level)

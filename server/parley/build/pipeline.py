"""Build a home: read, derive, validate, reason, check, publish, in this order."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final, Protocol

from rdflib import Graph

from parley.build import assemble, checks, generations, provenance, reasoning, rules, shapes
from parley.build.summary import Summary, summarise
from parley.corpus import ontology, profile
from parley.engine.store import MemoryStore
from parley.errors import NotConformingError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from parley.build.checks import Finding
    from parley.build.generations import Generation
    from parley.build.reasoning import Inference
    from parley.build.shapes import Report
    from parley.home import Home

#: The steps of a build in their order, as progress tells them.
STEPS: Final = ("read", "derive", "validate and reason", "check", "publish")
#: Beginnings of the names of graphs that are neither validated nor reasoned over: what is
#: claimed is not asserted, what is drafted is not yet said, and provenance is not of the data.
APART: Final = (
    assemble.view_graph(""),
    assemble.drafts_graph(""),
    assemble.PROVENANCE,
)


class Progress(Protocol):
    """Told when a step begins: its name, its number from 1, and how many there are."""

    def __call__(self, step: str, number: int, total: int, /) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A dataset with all that follows from it, before it is judged fit to be published."""

    parts: assemble.Parts
    labels: dict[str, str]
    report: Report
    inference: Inference
    summary: Summary
    findings: list[Finding]
    dataset: bytes


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A published build: its generation, what it holds, and the seconds each step took."""

    generation: Generation
    summary: Summary
    labels: dict[str, str]
    report: Report
    findings: list[Finding]
    timings: dict[str, float]


@dataclass(slots=True)
class _Clock:
    progress: Progress | None
    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name, STEPS.index(name) + 1, len(STEPS))
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)


def build(
    home: Home,
    out: Path,
    *,
    progress: Progress | None = None,
    reasoned: bool = True,
    explain: bool = False,
) -> BuildResult:
    """Build a home and publish the generation; on any error what was current stays current.

    Args:
        home: What to build.
        out: The store directory; made when it is not there.
        progress: Told of each step.
        reasoned: Whether the reasoner runs.
        explain: Whether Pellet is asked why a graph is inconsistent.

    Raises:
        NotConformingError: A shape is violated, or a check of level ERROR has rows; the report of
            the shapes is in ``failed/report.ttl``.
        ParleyError: Anything else that is wrong with the home or the directory.
    """
    clock = _Clock(progress)
    with generations.lock(out), generations.noting_failure(out):
        before = generations.fingerprint(home, reasoned=reasoned)
        derived = _derive(home, clock, reasoned=reasoned, explain=explain)
        report = shapes.to_turtle(derived.report)
        if not derived.report.conforms or checks.failed(derived.findings):
            raise _not_conforming(derived, generations.keep_failed_report(out, report))
        with clock.step("publish"):
            manifest = _manifest(derived.summary, before, clock.timings)
            generation = generations.publish(out, derived.dataset, report, manifest)
    return BuildResult(
        generation,
        derived.summary,
        derived.labels,
        derived.report,
        derived.findings,
        clock.timings,
    )


def examine(
    home: Home, *, progress: Progress | None = None, reasoned: bool = True, explain: bool = False
) -> Derived:
    """Do all of a build but the publishing.

    Raises:
        ParleyError: The home cannot be built at all; violated shapes and checks do not raise.
    """
    return _derive(home, _Clock(progress), reasoned=reasoned, explain=explain)


def _derive(home: Home, clock: _Clock, *, reasoned: bool, explain: bool) -> Derived:
    with clock.step("read"):
        parts = assemble.assemble(home)
    dataset = parts.dataset
    profile.require_profile(dataset.graphs[assemble.ONTOLOGY])
    with clock.step("derive"):
        rules.derive(dataset, home, [part.document for part in parts.documents])
    with clock.step("validate and reason"):
        report, inference = _judge(dataset, home, reasoned=reasoned, explain=explain)
        dataset.add(assemble.INFERRED, inference.triples)
        names = [*dataset.graphs, assemble.PROVENANCE]
        dataset.add(assemble.PROVENANCE, provenance.describe(home, names, reasoned=reasoned))
    with clock.step("check"):
        content = assemble.to_nquads(dataset)
        findings = checks.run(MemoryStore.from_nquads(content), home)
    whole = dataset.union(without=APART)
    summary = summarise(dataset.graphs, whole, parts.documents, dict(inference.types))
    labels = ontology.labels(whole)
    return Derived(parts, labels, report, inference, summary, findings, content)


def _judge(
    dataset: assemble.Dataset, home: Home, *, reasoned: bool, explain: bool
) -> tuple[Report, Inference]:
    """Validate and reason at the same time, each in its own process.

    What the shapes say comes first when both find fault: it names the place. A graph outside
    OWL 2 DL is not given to the reasoner, which would fail without saying why.
    """
    whole = dataset.union(without=APART)
    written = dataset.union(without=(*APART, assemble.INFERRED))
    derived = dataset.graphs.get(assemble.INFERRED, Graph(bind_namespaces="none"))
    reasoned = reasoned and not profile.find_violations(whole)
    with ThreadPoolExecutor(max_workers=2) as pool:
        validation = pool.submit(shapes.validate, whole, home)
        reasoner = None
        if reasoned:
            reasoner = pool.submit(reasoning.reason, written, derived, explain=explain)
        report = validation.result()
        if report.conforms:
            profile.require_profile(whole)
        if reasoner is None:
            return report, reasoning.Inference(Graph(bind_namespaces="none"), {})
        return report, reasoner.result()


def _not_conforming(derived: Derived, path: Path) -> NotConformingError:
    words = shapes.in_words(derived.report, derived.labels, derived.parts.files)
    words += checks.in_words(checks.failed(derived.findings))
    violations = derived.report.count("Violation")
    errors = sum(len(finding.rows) for finding in checks.failed(derived.findings))
    return NotConformingError(
        "\n".join([f"Violations of shapes: {violations}. Errors of checks: {errors}.", *words]),
        remedy=f"Nothing was published. The report of the shapes is {path}.",
        place=Place(str(path)),
    )


def _manifest(summary: Summary, fingerprint: str, timings: dict[str, float]) -> dict[str, Any]:
    tools = {tool: metadata.version(tool) for tool in provenance.TOOLS}
    return {
        "fingerprint": fingerprint,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "timings_s": timings,
        "versions": tools,
        **summary.as_data(),
    }

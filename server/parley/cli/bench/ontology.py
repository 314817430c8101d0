"""``parley bench ontology``: what reasoning over the whole home costs, and formatting it."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psutil

from parley.cli.bench.processes import Peak

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGA = 1_000_000


@click.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to take.")
@click.option("--runs", default=3, show_default=True, help="Runs of each.")
def ontology(home_path: Path | None, runs: int) -> None:
    """Run HermiT on ontology, alignments and data; check the form of every Turtle file."""
    from parley.build import assemble, reasoning, rules
    from parley.home import find_home

    home = find_home(home_path)
    parts = assemble.assemble(home)
    written = parts.dataset.union(without=(assemble.INFERRED,))
    rules.derive(parts.dataset, home, [part.document for part in parts.documents])
    derived = parts.dataset.graphs.get(assemble.INFERRED)
    for number in range(1, runs + 1):
        with _watch(f"HermiT on {len(written):,} triples, run {number}"):
            reasoning.reason(written, derived)
    for number in range(1, runs + 1):
        with _watch(f"parley format --check, run {number}"):
            command = [
                sys.executable,
                "-m",
                "parley",
                "format",
                "--check",
                "--home",
                str(home.root),
            ]
            subprocess.run(command, check=True)  # noqa: S603


@contextmanager
def _watch(name: str) -> Iterator[None]:
    """Print the seconds and the CPU seconds of what the block starts, and its peak memory."""
    begin, cpu_s = time.perf_counter(), _children_cpu_s()
    with Peak(psutil.Process(), children_only=True) as peak:
        yield
    took_s, cpu_s = time.perf_counter() - begin, _children_cpu_s() - cpu_s
    memory = f"peak {peak.bytes / MEGA:4.0f} MB (PSS, all processes)"
    click.echo(f"{name:36} {took_s:6.2f} s  CPU {cpu_s:6.2f} s  {memory}")


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

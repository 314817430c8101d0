"""``parley bench start``: from nothing to an answering server, and what its processes weigh."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path

import click

from parley.cli.bench.processes import running

MEGA = 1_000_000


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="The home to serve.")
@click.option("--runs", default=3, show_default=True, help="Starts of the unchanged home.")
def start(home: Path | None, runs: int) -> None:
    """Time the first start (with its build) and later starts; weigh build and serving."""
    given = ["--home", str(home)] if home else []
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as directory:
        arguments = [*given, "--store", f"{directory}/store"]
        with running(*arguments) as first:
            _row("first start, build included", first.ready_s, first.peak_bytes)
        for number in range(1, runs + 1):
            with running(*arguments) as server:
                _row(f"unchanged home, start {number}", server.ready_s, server.peak_bytes)
                for path in ("/", "/sparql?query=ASK%20%7B%7D", "/health"):
                    urllib.request.urlopen(server.address + path).read()  # noqa: S310
                click.echo(f"{'serving, after a few requests':36} {_mega(server.memory_bytes())}")


def _row(name: str, seconds: float, memory: int) -> None:
    click.echo(f"{name:36} {seconds:7.2f} s  peak {_mega(memory)}")


def _mega(size: int) -> str:
    return f"{size / MEGA:6.0f} MB (PSS, all processes)"

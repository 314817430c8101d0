"""``parley build``: populate, derive, validate, reason, publish."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from parley.cli import _progress, _summary
from parley.config import default_store
from parley.home import find_home


@click.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to build.")
@click.option("--out", type=click.Path(path_type=Path), help="Where builds are kept.")
@click.option("--no-reason", is_flag=True, help="Leave the reasoner out; no Java is needed.")
@click.option("--explain", is_flag=True, help="Ask Pellet for the axioms of an inconsistency.")
def build(home_path: Path | None, out: Path | None, no_reason: bool, explain: bool) -> None:
    """Build the graph: read the home, derive, validate, reason, and publish it.

    Writes dataset.nq, report.ttl and a store below --out. What does not conform is not
    published: the report is printed in words, and the build before stays current.
    """
    from parley.build import pipeline

    home = find_home(home_path)
    console = Console()
    with _progress.telling(console) as tell:
        result = pipeline.build(
            home,
            out.resolve() if out else default_store(home.root),
            progress=tell,
            reasoned=not no_reason,
            explain=explain,
        )
    _summary.show(console, result)

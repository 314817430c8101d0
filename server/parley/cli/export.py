"""``parley export``: the dataset as files for archives, other tools and other people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli._dataset import current_generation, dataset_options

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group()
def export() -> None:
    """Write the built dataset as files: dumps, nanopublications, RDF 1.2.

    Files are written whole or not at all, with their checksums in SHA256SUMS. Builds first when
    the home has changed.
    """


@export.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base-url", default="", help="Where the files will be found, for void.ttl.")
@dataset_options
def dumps(folder: Path, base_url: str, home_path: Path | None, store: Path | None) -> None:
    """Write N-Quads, TriG, Turtle and JSON-LD, plain and in gzip, and void.ttl into FOLDER."""
    from parley.publishing import dumps as room

    generation = current_generation(home_path, store)
    names = room.write(
        generation.dataset.read_bytes(), folder, base_url=base_url, version=generation.id
    )
    _tell(folder, names)


def _tell(folder: Path, names: Sequence[str]) -> None:
    click.echo(f"{len(names)} files and SHA256SUMS in {folder}", err=True)

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


@export.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@dataset_options
def nanopubs(folder: Path, home_path: Path | None, store: Path | None) -> None:
    """Write each reviewed claim as a nanopublication with a Trusty URI into FOLDER."""
    from parley.publishing import nanopubs as room
    from parley.publishing.files import write_all

    made = room.make_all(current_generation(home_path, store).dataset.read_bytes())
    contents = {f"{nanopub.iri.rpartition('/')[2]}.trig": nanopub.to_trig() for nanopub in made}
    write_all(folder, contents)
    _tell(folder, sorted(contents))


@export.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@dataset_options
def rdf12(folder: Path, home_path: Path | None, store: Path | None) -> None:
    """Write the dataset in RDF 1.2, each claim as the reifier of what it claims, into FOLDER."""
    from parley.publishing import reifiers
    from parley.publishing.files import write_all

    nquads = current_generation(home_path, store).dataset.read_bytes()
    contents = {"dataset-rdf12.trig": reifiers.to_trig(nquads)}
    write_all(folder, contents)
    _tell(folder, sorted(contents))


def _tell(folder: Path, names: Sequence[str]) -> None:
    click.echo(f"{len(names)} files and SHA256SUMS in {folder}", err=True)

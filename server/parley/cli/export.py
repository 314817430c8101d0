"""``parley export``: the dataset as files for archives, other tools and other people."""

from __future__ import annotations

import contextlib
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from parley.cli import _progress
from parley.cli._dataset import current_generation, dataset_options
from parley.cli._words import counted
from parley.home import find_home
from parley.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from parley.build.generations import Generation
    from parley.publishing.site import Fetched


@click.group()
def export() -> None:
    """Write the built dataset as files: dumps, nanopublications, RDF 1.2, the whole site.

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


@export.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base-url", default="", help="Where the site will be found, when it is known.")
@click.option("--server", default="", help="A running server, for what files cannot do.")
@dataset_options
def site(
    folder: Path, base_url: str, server: str, home_path: Path | None, store: Path | None
) -> None:
    """Write every page as a file into FOLDER, with its data beside it and a search.

    For any file host, in any of its subfolders: links are relative. FOLDER is new, empty or an
    earlier export; it is replaced when all is written. A run that was broken off goes on.
    """
    from parley.engine.settled import without_drafts
    from parley.publishing.site import write_site

    generation = current_generation(home_path, store)
    about = {
        "base_url": base_url,
        "dataset": generation.id,
        "server": server.rstrip("/"),
        "software": version("parley-claims"),
    }
    with _pages(generation, home_path, base_url) as fetch:
        seeds = _addresses(without_drafts(generation.dataset.read_bytes()))
        with _progress.counting(Console(stderr=True), "pages") as tell:
            done = write_site(
                folder, fetch, seeds, about=about, server=about["server"], progress=tell
            )
    for link in done.dead:
        click.echo(f"Nothing is at {link}, which a page links to.", err=True)
    click.echo(f"{done.files:,} files, {done.bytes / 1e6:.1f} MB, in {folder}")


@contextlib.contextmanager
def _pages(
    generation: Generation, home_path: Path | None, base_url: str
) -> Iterator[Callable[[str], Fetched]]:
    """Give a function that asks the site's own application, without a network."""
    from parley.config import Settings
    from parley.engine.workers import PoolEngine
    from parley.publishing.site import Fetched
    from parley.web.app import create_app

    store = generation.directory.parent.parent
    address = base_url or BASE.rstrip("/")
    settings = Settings(base_url=address, client_concurrency=100, client_engine_s=1e9)
    with PoolEngine(store, settings) as engine:
        client = create_app(engine, settings, find_home(home_path), store).test_client()

        def fetch(address: str) -> Fetched:
            answer = client.get(address, headers={"Accept": "text/html, */*;q=0.5"})
            return Fetched(
                answer.status_code,
                answer.content_type or "",
                answer.headers.get("Location", ""),
                answer.data,
            )

        yield fetch


def _addresses(nquads: bytes) -> Iterator[str]:
    """Yield the addresses of all things of the dataset that have a page of their own."""
    from parley.web import names

    own = re.compile(rb"<(%s[^>]*)>" % re.escape(BASE.encode()))
    for iri in sorted(set(own.findall(nquads))):
        path = names.path_of(iri.decode("utf-8"))
        if not path.startswith(("/ns", "/about")):
            yield path


def _tell(folder: Path, names: Sequence[str]) -> None:
    click.echo(f"{counted(len(names), 'file')} and SHA256SUMS in {folder}", err=True)

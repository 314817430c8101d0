"""``parley bench publish``: triples per second into a SPARQL 1.1 server."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.cli._dataset import current_generation, dataset_options
from parley.cli.publish import open_server, server_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.engine.remote import RemoteEngine

#: A triple more, so that one graph has changed.
_MORE: Final = (
    b"<https://w3id.org/parley/dataset> <http://purl.org/dc/terms/description> "
    b'"A triple of parley bench publish." <https://w3id.org/parley/graph/links> .\n'
)


@click.command()
@click.option("--to", "query_url", help="Address of a server; without one, Oxigraph's is started.")
@server_options
@dataset_options
def publish(engine: RemoteEngine | None, home_path: Path | None, store: Path | None) -> None:
    """Publish the built dataset to a server and print triples per second, sent and verified.

    Three times: into a server that has nothing, again with nothing changed, and with one graph
    changed. A server named with --to keeps the dataset, and that one triple until the next
    publication.
    """
    from parley.publishing.push import push

    nquads = current_generation(home_path, store).dataset.read_bytes()
    with ExitStack() as stack:
        target = engine or stack.enter_context(_own_server())
        runs = (("first time", nquads), ("unchanged", nquads), ("one changed", nquads + _MORE))
        for name, dataset in runs:
            started = time.perf_counter()
            done = push(target, dataset)
            seconds = time.perf_counter() - started
            total = sum(graph.triples for graph in done)
            sent = sum(graph.triples for graph in done if graph.state == "sent")
            rate = f"{total / seconds:>9,.0f} triples/s  {seconds:.2f} s"
            click.echo(f"{name:11}  {rate}  {total:,} triples, {sent:,} sent")


@contextmanager
def _own_server() -> Iterator[RemoteEngine]:
    """Run Oxigraph's server on an empty store for as long as the block lasts."""
    from parley.cli.bench.peers import empty_oxigraph

    with (
        tempfile.TemporaryDirectory(prefix="parley-bench-") as work,
        empty_oxigraph(Path(work)) as address,
    ):
        yield open_server(address)

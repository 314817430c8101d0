"""``parley bench publish``: triples per second into a SPARQL 1.1 server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from parley.cli._dataset import current_generation, dataset_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--to", "query_url", required=True, help="Address of the server's SPARQL queries.")
@dataset_options
def publish(query_url: str, home_path: Path | None, store: Path | None) -> None:
    """Publish the built dataset to a server and print triples per second, sent and verified."""
    from parley.cli.publish import open_server
    from parley.publishing.push import push

    nquads = current_generation(home_path, store).dataset.read_bytes()
    engine = open_server(query_url)
    for name in ("first time", "unchanged"):
        started = time.perf_counter()
        done = push(engine, nquads)
        seconds = time.perf_counter() - started
        total = sum(graph.triples for graph in done)
        sent = sum(graph.triples for graph in done if graph.state == "sent")
        click.echo(f"{name:10}  {total / seconds:>9,.0f} triples/s  {seconds:.2f} s  sent {sent:,}")

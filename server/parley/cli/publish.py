"""``parley publish``: load the built dataset into a SPARQL 1.1 server."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from parley.cli._dataset import current_generation, dataset_options
from parley.config import load_settings
from parley.engine.remote import RemoteEngine

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--to", "query_url", required=True, help="Address of the server's SPARQL queries.")
@click.option("--update-url", help="Address of its updates.  [beside --to: …/update]")
@click.option("--store-url", help="Address of its Graph Store.  [beside --to: …/store]")
@click.option("--token", envvar="PARLEY_TOKEN", help="Bearer token; PARLEY_TOKEN sets it too.")
@dataset_options
def publish(
    query_url: str,
    update_url: str | None,
    store_url: str | None,
    token: str | None,
    home_path: Path | None,
    store: Path | None,
) -> None:
    """Load the built dataset into a SPARQL 1.1 server: whole, verified, or not at all.

    Each graph is sent under a temporary name and compared there by count and digest; then one
    update moves all of them to their places. A run that was broken off goes on where it stopped.
    """
    from parley.publishing.push import push

    generation = current_generation(home_path, store)
    engine = open_server(query_url, update_url=update_url, store_url=store_url, token=token)
    done = push(
        engine,
        generation.dataset.read_bytes(),
        progress=lambda graph: click.echo(
            f"{graph.state:9}  {graph.triples:>9,}  {graph.digest[:12]}  {graph.graph}", err=True
        ),
    )
    total = sum(graph.triples for graph in done)
    click.echo(f"Published {generation.id}: {total:,} triples in {len(done)} graphs, verified")


def open_server(
    query_url: str,
    *,
    update_url: str | None = None,
    store_url: str | None = None,
    token: str | None = None,
) -> RemoteEngine:
    """Open a server for publishing: room for whole graphs and time to take them."""
    beside = query_url.rstrip("/").rpartition("/")[0]
    settings = dataclasses.replace(
        load_settings(), max_result_bytes=1_000_000_000, update_timeout_s=600.0
    )
    return RemoteEngine(
        query_url,
        settings,
        update_url=update_url or f"{beside}/update",
        store_url=store_url or f"{beside}/store",
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )

"""``parley publish``: load the built dataset into a SPARQL 1.1 server."""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import click

from parley.cli._dataset import current_generation, dataset_options
from parley.config import load_settings
from parley.engine.remote import RemoteEngine
from parley.engine.transport import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how to reach a server; they become one argument, ``engine``."""

    @functools.wraps(command)
    def open_first(
        query_url: str | None,
        *args: Any,
        update_url: str,
        store_url: str,
        by_update: bool,
        token: str | None,
        user: str | None,
        timeout_s: float,
        **options: Any,
    ) -> Any:
        engine = query_url and open_server(
            query_url,
            update_url=update_url,
            store_url="" if by_update else store_url,
            credentials=Credentials(token or "", user or "", os.environ.get("PARLEY_PASSWORD", "")),
            timeout_s=timeout_s,
        )
        return command(engine or None, *args, **options)

    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        ("--update-url", {"default": "update", "help": "Address of its updates, seen from --to."}),
        ("--store-url", {"default": "store", "help": "Address of its Graph Store, likewise."}),
        ("--by-update", {"is_flag": True, "help": "Use updates only, and no Graph Store."}),
        ("--token", {"envvar": "PARLEY_TOKEN", "help": "Bearer token; PARLEY_TOKEN sets it too."}),
        ("--user", {"help": "Name for Basic or Digest; the password is PARLEY_PASSWORD."}),
    )
    for name, settings in reversed(rows):
        settings["show_default"] = "default" in settings
        open_first = click.option(name, **settings)(open_first)
    return click.option(
        "--timeout",
        "timeout_s",
        type=click.FloatRange(min=0, min_open=True),
        default=600.0,
        show_default=True,
        help="Seconds one request may take.",
    )(open_first)


@click.command()
@click.option("--to", "query_url", required=True, help="Address of the server's SPARQL queries.")
@server_options
@dataset_options
@click.option("--with-drafts", is_flag=True, help="Publish what nobody has reviewed, too.")
def publish(
    engine: RemoteEngine, home_path: Path | None, store: Path | None, *, with_drafts: bool
) -> None:
    """Load the built dataset into a SPARQL 1.1 server: whole, verified, or not at all.

    Each graph is sent under a temporary name and compared there by count and digest; then one
    update moves all of them to their places. A run that was broken off goes on where it stopped.
    Graphs that have left the dataset since the last publication leave the server. Drafts stay
    here: to most servers the default graph is the union of all graphs.
    """
    from parley.engine.settled import without_drafts
    from parley.publishing.push import push

    generation = current_generation(home_path, store)
    nquads = generation.dataset.read_bytes()
    done = push(
        engine,
        nquads if with_drafts else without_drafts(nquads),
        version=generation.id,
        progress=lambda graph: click.echo(
            f"{graph.state:9}  {graph.triples:>9,}  {graph.digest[:12]:12}  {graph.graph}", err=True
        ),
    )
    kept = [graph for graph in done if graph.state != "removed"]
    total = sum(graph.triples for graph in kept)
    click.echo(f"Published {generation.id}: {total:,} triples in {len(kept)} graphs, verified")


def open_server(
    query_url: str,
    *,
    update_url: str = "update",
    store_url: str = "store",
    credentials: Credentials | None = None,
    timeout_s: float = 600.0,
) -> RemoteEngine:
    """Open a server for publishing: room for whole graphs and time to take them.

    Args:
        query_url: Address of its queries.
        update_url: Address of its updates, relative to that of its queries or absolute.
        store_url: Address of its Graph Store, likewise; empty to use updates only.
        credentials: Who asks.
        timeout_s: Seconds one request may take.

    Raises:
        SettingError: An address is none.
    """
    settings = dataclasses.replace(
        load_settings(),
        timeout_s=timeout_s,
        update_timeout_s=timeout_s,
        max_result_bytes=1_000_000_000,
        max_result_rows=sys.maxsize,
        max_update_bytes=1_000_000_000,
        max_patterns=sys.maxsize,
        max_operators=sys.maxsize,
    )
    base = query_url.rstrip("/")
    return RemoteEngine(
        query_url,
        settings,
        update_url=urljoin(base, update_url),
        store_url=urljoin(base, store_url) if store_url else "",
        credentials=credentials,
    )

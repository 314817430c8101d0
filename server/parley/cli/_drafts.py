"""What the commands that write a document folder share: its home, its date, its neighbours."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from parley.cli._words import counted
from parley.errors import HomeNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from parley.drafting.entities import Entities
    from parley.drafting.folders import About
    from parley.drafting.sources import Source
    from parley.drafting.values import Draft
    from parley.home import Home


def dated(source: Source, about: About) -> About:
    """Return what is said of the document with its date; ask for it when nobody says it."""
    from parley.drafting import folders

    day, where = folders.publication(source, about)
    if not day and _is_terminal():
        day = click.prompt("Date of publication, as 2017-02-23", default="", show_default=False)
        where = "as given"
    told = replace(about, issued=day)
    folders.require_date(source, told)
    click.echo(f"Published {day} ({where}).", err=True)
    return told


def summary(made: Draft) -> str:
    """Say in a line how much is drafted, of each kind."""
    numbers = {
        "attribution": len(made.attributions),
        "objective": len(made.objectives),
        "contact": len(made.contacts),
        "sentence": len(made.author_claims),
    }
    said = ", ".join(counted(count, noun) for noun, count in numbers.items())
    return f"{said} of the author"


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def entities_of(home: Home | None) -> Entities:
    from parley.drafting import entities

    return entities.read(home) if home is not None else entities.Entities()


def find_home(home_path: Path | None) -> Home | None:
    """Return the home; None when there is no home and none was named."""
    from parley import home

    try:
        return home.find_home(home_path)
    except HomeNotFoundError:
        if home_path is not None:
            raise
        return None


def compare(folder: Path, home: Home) -> None:
    """Write what the draft may share with the home's documents, say how much, and what is next."""
    from parley.drafting import merging

    if found := merging.compare(folder, home):
        opposed = sum(merge.effect == merging.CONTRADICTION for merge in found)
        click.echo(
            f"{counted(len(found), 'content')} may stand in other documents too, affirmed or "
            f"denied ({counted(opposed, 'contradiction')}): parley merge {folder}",
            err=True,
        )
    if folder.resolve().parent == home.documents.resolve():
        click.echo(f"Decide on it in the browser: parley review {folder.name}", err=True)

"""``parley merge``: contents that a draft shares with other documents, shown and accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.errors import DraftError

if TYPE_CHECKING:
    from parley.drafting.merging import Merge
    from parley.home import Home

_PATH: Final = click.Path(path_type=Path)
_WIDTH: Final = 78


@click.command()
@click.argument("document")
@click.option("--accept", "numbers", multiple=True, type=int, help="Accept this one; repeatable.")
@click.option("--home", "home_path", type=_PATH, help="The home with the other documents.")
def merge(document: str, *, numbers: tuple[int, ...], home_path: Path | None) -> None:
    """Compare what DOCUMENT claims with the home's other documents.

    DOCUMENT is the slug of a document of the home, or a folder that parley draft wrote. The
    proposals are listed and written to merges.tsv beside the draft. With --accept, the drafted
    claims get the other document's proposition, so that the two agree or contradict each other.
    """
    from parley.drafting import merging
    from parley.home import find_home

    home = find_home(home_path)
    folder = _folder(document, home)
    if numbers:
        waiting = [m for m in merging.read(folder) if not m.is_shared]
        for chosen in _chosen(numbers, waiting):
            merging.accept(folder, chosen)
            click.echo(f"{_last(chosen.proposition)} is now {_last(chosen.other)}.")
    found = merging.compare(folder, home)
    _list(found)


def _folder(document: str, home: Home) -> Path:
    for folder in (home.documents / document, Path(document)):
        if (folder / "claims.ttl").is_file():
            return folder
    raise DraftError(
        f"{document} is neither a document of the home nor a folder with claims.ttl.",
        remedy="Give its slug, or the folder that parley draft wrote.",
    )


def _chosen(numbers: tuple[int, ...], waiting: list[Merge]) -> list[Merge]:
    wrong = [number for number in numbers if not 1 <= number <= len(waiting)]
    if wrong:
        raise DraftError(
            f"There is no proposal {wrong[0]}; there are {len(waiting)}.",
            remedy="List them with parley merge, without --accept.",
        )
    return [waiting[number - 1] for number in sorted(set(numbers))]


def _list(found: list[Merge]) -> None:
    shared = [merge for merge in found if merge.is_shared]
    waiting = [merge for merge in found if not merge.is_shared]
    for merge in shared:
        click.echo(f"  = {merge.effect} with {merge.documents}: {merge.words[:_WIDTH]}")
    for number, merge in enumerate(waiting, start=1):
        click.echo(f"{number:3} {merge.score:.2f} {merge.effect} with {merge.documents}")
        click.echo(f"      {merge.words[:_WIDTH]}")
        click.echo(f"      {merge.other_words[:_WIDTH]}  ({merge.reason[:_WIDTH]})")
    click.echo(f"{len(shared)} shared propositions, {len(waiting)} proposed for merging.")


def _last(iri: str) -> str:
    return iri.rpartition("/id/")[2]

"""``parley import``: annotations that others have made, as a draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.cli import _drafts

if TYPE_CHECKING:
    from parley.drafting.importing.marks import Left

_PATH: Final = click.Path(path_type=Path)
_SHOWN: Final = 200


@click.command()
@click.argument("source", type=_PATH)
@click.argument("annotations", type=_PATH, nargs=-1, required=True)
@click.option("--out", type=_PATH, required=True, help="Write a document folder below this one.")
@click.option("--labels", type=_PATH, help="A table of what the annotators' own labels become.")
@click.option("--partial", is_flag=True, help="Write the draft although something is left out.")
@click.option("--slug", default="", help="Name of the document; else made from its title.")
@click.option("--title", default="", help="Its title, when the source does not say it.")
@click.option("--author", default="", help="Its author, when the source does not say it.")
@click.option("--issued", default="", help="Its date of publication, as 2017-02-23.")
@click.option("--publisher", default="", help="Its publisher, when the source does not say it.")
@click.option("--home", "home_path", type=_PATH, help="The home whose actors are known.")
def import_annotations(
    source: Path,
    annotations: tuple[Path, ...],
    *,
    out: Path,
    labels: Path | None,
    partial: bool,
    home_path: Path | None,
    **told: str,
) -> None:
    """Draft from ANNOTATIONS that others have made of SOURCE, a .txt, .html or .pdf file.

    Web Annotations as JSON-LD, exports of Hypothes.is, and stand-off files (.ann) of brat or
    INCEpTION are read. Every mark is found again in the source by its words; what does not stand
    there, or has a label that the table of labels lacks, is listed, and nothing is written then
    unless --partial is given.
    """
    from parley.drafting import folders, importing

    home = _drafts.find_home(home_path)
    made, left = importing.read(source, annotations, table=labels)
    _tell(left)
    if left and not partial:
        click.echo("Nothing is written. Mend them, or give --labels or --partial.", err=True)
        sys.exit(1)
    about = _drafts.dated(made.source, folders.About(**told))
    folder = folders.write(made, out, about=about, names=_drafts.entities_of(home))
    click.echo(f"{folder}: {_drafts.summary(made)}, {len(left)} left out")
    if home is not None:
        _drafts.compare(folder, home)


def _tell(left: list[Left]) -> None:
    for one in left[:_SHOWN]:
        click.echo(str(one), err=True)
    if len(left) > _SHOWN:
        click.echo(f"… and {len(left) - _SHOWN} more.", err=True)

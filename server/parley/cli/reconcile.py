"""``parley reconcile``: propose links from a table of another dataset, for a person to accept."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path

import click

from parley.errors import ExportError, LinkError, Place
from parley.home import find_home
from parley.namespaces import KIND_NAMESPACES, PREFIXES


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The file of proposals.")
@click.option("--namespace", default="", help="Put before ids that are no IRIs.")
@click.option("--least", type=click.FloatRange(0.5, 1), default=0.85, show_default=True)
@click.option("--most", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to link.")
def reconcile(
    table: Path, out: Path | None, namespace: str, least: float, most: int, home_path: Path | None
) -> None:
    """Compare the things in TABLE with ours and write proposals of links as an SSSOM table.

    TABLE is CSV or TSV with the columns id and label, and if known aliases (| between them), type
    and dates. Nothing is asked over a network and nothing is accepted: a person copies the rows
    that are right into a table in data/links/, and puts a reviewer and the justification
    semapv:ManualMappingCuration there. --least is the likeness of names from which a link is
    proposed, --most the number of proposals for one thing of the table.
    """
    from parley.corpus import matching, reconciliation

    home = find_home(home_path)
    target = (out or table.with_suffix(".proposals.sssom.tsv")).absolute()
    if target.is_relative_to((home.data / "links").absolute()):
        raise LinkError(
            "Proposals do not go into data/links/, where every row counts.",
            remedy="Name another --out, and copy what is right.",
            place=Place(str(target)),
        )
    ours, kinds = reconciliation.read_home(home)
    theirs = reconciliation.read_table(table, kinds, namespace=namespace)
    found = matching.propose(ours, theirs, kinds, least=least, most=most)
    prefixes = {**PREFIXES, **KIND_NAMESPACES, "wikidata": "http://www.wikidata.org/entity/"}
    text = reconciliation.write_proposals(
        found, table=table.name, day=datetime.datetime.now(datetime.UTC).date(), prefixes=prefixes
    )
    _write(target, text)
    matched = len({candidate.object.iri for candidate in found})
    click.echo(f"{len(found)} proposals for {matched} of {len(theirs)} things, in {target}")


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise ExportError(
            f"{target} is there already.", remedy="Name another file with --out."
        ) from error
    except OSError as error:
        with contextlib.suppress(OSError):
            target.unlink()
        raise ExportError(f"{target}: {error.strerror}.", place=Place(str(target))) from error

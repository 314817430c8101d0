"""``parley release``: a new version, and what changed since the one before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from parley.errors import InputError
from parley.home import Home, find_home


@click.command()
@click.argument("version", required=False)
@click.option("--since", type=click.Path(path_type=Path), help="The home of the version before.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for changes.md and .ttl.")
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to release.")
def release(
    version: str | None, since: Path | None, out: Path | None, home_path: Path | None
) -> None:
    """Set the version of the ontologies and list what changed.

    With VERSION, as 0.2.0, every ontology file and the catalogs get it, with today's date. With
    --since, terms, claims and entities that were added, changed, deprecated or removed are
    printed, or with --out written as changes.md and changes.ttl. An old home is a checkout:
    git worktree add ../old v0.1.0.
    """
    home = find_home(home_path)
    if version is None and since is None:
        raise InputError("There is nothing to do.", remedy="Give a VERSION, --since, or both.")
    if version is not None:
        from parley.publishing.release import set_version

        for path in set_version(home, version, datetime.now(UTC).date()):
            click.echo(f"{path.relative_to(home.root)}: version {version}", err=True)
    if since is not None:
        _report(find_home(since), home, out)


def _report(old: Home, new: Home, out: Path | None) -> None:
    from parley.corpus.canonical import format_turtle
    from parley.namespaces import BASE
    from parley.publishing.changes import compare, to_graph, to_markdown
    from parley.publishing.files import write_all
    from parley.publishing.release import current_version

    comparison = compare(old, new)
    was, now = current_version(old), current_version(new)
    text = to_markdown(comparison.changes, old=was, new=now)
    if out is None:
        click.echo(text, nl=False)
        return
    from rdflib import URIRef

    release_iri, prior = (URIRef(f"{BASE}all/{number}") for number in (now, was))
    day = datetime.now(UTC).date()
    graph = to_graph(comparison, release=release_iri, prior=prior, day=day)
    turtle = format_turtle(graph.serialize(format="nt"))
    files = {"changes.md": text.encode("utf-8"), "changes.ttl": turtle.encode("utf-8")}
    write_all(out, files, with_checksums=False)
    click.echo(f"{len(comparison.changes)} changes: {out / 'changes.md'}, {out / 'changes.ttl'}")

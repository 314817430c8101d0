"""``parley draft``: propose an annotation for an article, or for a folder of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.cli import _drafts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.drafting.asking import Endpoint
    from parley.drafting.batch import Outcome
    from parley.drafting.folders import About
    from parley.drafting.sources import Source
    from parley.drafting.values import Draft
    from parley.home import Home

KINDS: Final = ("attribution", "objective", "contact")
_SHOWN: Final = 8
_PATH: Final = click.Path(path_type=Path)


@click.command()
@click.argument("source", required=False)
@click.option("--out", type=_PATH, help="Write a document folder below this one.")
@click.option("--jsonl", is_flag=True, help="Print one proposal per line as JSON.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Print only these; repeatable."
)
@click.option("--slug", default="", help="Name of the document; else made from its title.")
@click.option("--title", default="", help="Its title, when the source does not say it.")
@click.option("--author", default="", help="Its author, when the source does not say it.")
@click.option(
    "--issued",
    default="",
    help="Its date of publication, as 2017-02-23, when the source does not say it.",
)
@click.option("--publisher", default="", help="Its publisher, when the source does not say it.")
@click.option("--batch", type=_PATH, help="Draft every .txt, .html, .pdf of this folder.")
@click.option("--jobs", default=1, show_default=True, help="Processes of a batch.")
@click.option("--cluster", default="", help="Address of a Dask scheduler to draft a batch on.")
@click.option("--model-url", help="Address of an OpenAI-compatible endpoint to ask for quotations.")
@click.option("--model", help="Name of the model to ask there.")
@click.option("--home", "home_path", type=_PATH, help="The home whose actors are known.")
def draft(
    source: str | None,
    *,
    out: Path | None,
    jsonl: bool,
    kinds: tuple[str, ...],
    batch: Path | None,
    jobs: int,
    cluster: str,
    model_url: str | None,
    model: str | None,
    home_path: Path | None,
    **told: str,
) -> None:
    """Propose an annotation for SOURCE: a .txt, .html or .pdf file, or - for standard input.

    --out writes a folder with source.txt, document.ttl and claims.ttl; every claim has the
    status drafted until a person decides; merges.tsv names the contents it may share with the
    home's other documents. --jsonl prints attributions, objectives and contacts, one per line.

    A batch goes on where it was broken off. Its folder may hold about.tsv, with the columns file,
    title, author, issued and publisher.

    With --model-url, a language model is asked for quotations too, and those that stand in the
    source are proposed; a batch asks none.
    """
    from parley.config import load_settings
    from parley.drafting import asking
    from parley.drafting.folders import About

    home = _drafts.find_home(home_path)
    if batch is not None:
        if out is None or source is not None:
            raise click.UsageError("--batch DIR needs --out DIR and no SOURCE.")
        _draft_many(batch, out, home, jobs, cluster)
    elif source is None:
        raise click.UsageError("Give a SOURCE, or --batch DIR.")
    else:
        settings = load_settings(draft_model_url=model_url, draft_model=model)
        shown = kinds or KINDS if jsonl or kinds else ()
        _draft_one(source, out, home, About(**told), shown, asking.endpoint(settings))


def _draft_one(
    source: str,
    out: Path | None,
    home: Home | None,
    about: About,
    kinds: tuple[str, ...],
    helper: Endpoint | None,
) -> None:
    from parley.drafting import drafts, folders, rows

    read = _read(source)
    if out is not None:
        about = _drafts.dated(read, about)
    names = _drafts.entities_of(home)
    made = _helped(drafts.draft(read, names.affiliations), helper)
    for note in made.notes:
        click.echo(note, err=True)
    if kinds:
        for line in rows.lines(made, kinds):
            click.echo(line)
    if out is not None:
        folder = folders.write(made, out, about=about, names=names)
        click.echo(f"{folder}: {_drafts.summary(made)}", err=bool(kinds))
        if home is not None:
            _drafts.compare(folder, home)
    elif not kinds:
        _show(made)


def _helped(made: Draft, helper: Endpoint | None) -> Draft:
    """Return a draft with what a model suggests, when somebody has named one."""
    from parley.drafting import suggestions

    if helper is None:
        return made
    click.echo(f"The text is shown to {helper.model} at {helper}.", err=True)
    return suggestions.suggest(made, helper)


def _read(source: str) -> Source:
    from parley.drafting import sources

    if source == "-":
        return sources.from_bytes(sys.stdin.buffer.read(sources.MAX_BYTES + 1))
    return sources.read(Path(source))


def _show(made: Draft) -> None:
    click.echo(f"{made.source.name}: {_drafts.summary(made)}")
    for proposal in made.attributions[:_SHOWN]:
        who = proposal.claimant or "(unsaid)"
        click.echo(f"  {proposal.polarity} {who} · {proposal.cue} · {proposal.span.quote[:70]}")
    if len(made.attributions) > _SHOWN:
        click.echo("  … --jsonl prints all, --out writes a document folder.")


def _draft_many(folder: Path, out: Path, home: Home | None, jobs: int, cluster: str) -> None:
    from parley.drafting import batch

    tasks, done = batch.plan(folder, out, home)
    if done:
        click.echo(f"{done} documents are drafted already.")
    outcomes = batch.run_on_cluster(tasks, cluster) if cluster else batch.run(tasks, jobs=jobs)
    made = list(_progress(outcomes, len(tasks)))
    failed = [outcome for outcome in made if outcome.error]
    for outcome in failed:
        click.echo(f"{outcome.path}: {outcome.error}", err=True)
    undated = [outcome.folder for outcome in made if outcome.folder and not outcome.issued]
    if undated:
        shown = ", ".join(undated[:_SHOWN]) + ("…" if len(undated) > _SHOWN else "")
        click.echo(
            f"{len(undated)} documents do not say when they were published, and do not build like "
            f"that: give the days in {batch.ABOUT}, or write dcterms:issued. {shown}",
            err=True,
        )
    click.echo(f"{len(tasks) - len(failed)} documents drafted, {len(failed)} refused.")
    if failed:
        sys.exit(1)


def _progress(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    """Pass outcomes on, with a bar on a terminal and a line for each elsewhere."""
    if not _shows_bar():
        for number, outcome in enumerate(outcomes, start=1):
            click.echo(f"{number}/{total} {outcome.folder or outcome.path}", err=True)
            yield outcome
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(outcomes, "Drafting", total=total, console=Console(stderr=True))


def _shows_bar() -> bool:
    return sys.stderr.isatty()

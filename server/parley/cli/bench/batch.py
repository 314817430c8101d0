"""``parley bench batch``: how fast many documents are drafted; a second run finds all done."""

from __future__ import annotations

import hashlib
import resource
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.drafting.batch import Outcome, Task

_SIZE: Final = 10_000
_KIB: Final = 1024


@click.command()
@click.option("--documents", default=1_000, show_default=True, help="Articles to make and draft.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--cluster", is_flag=True, help="Draft on a Dask cluster of that many processes.")
@click.option("--size", default=_SIZE, show_default=True, help="Code points of an article.")
def batch(*, documents: int, jobs: int, cluster: bool, size: int) -> None:
    """Make articles out of the shipped one's sentences, draft them, and draft them again."""
    from rich.console import Console
    from rich.progress import track

    from parley.drafting import batch as batches
    from parley.home import find_home

    home = find_home()
    with tempfile.TemporaryDirectory(prefix="parley-batch-") as scratch:
        articles, out = Path(scratch, "articles"), Path(scratch, "out")
        articles.mkdir()
        _write_articles(articles, documents, size, home.documents / "iras-3036" / "source.txt")
        tasks, _ = batches.plan(articles, out, home)
        started = time.perf_counter()
        with _outcomes(tasks, jobs, on_cluster=cluster) as outcomes:
            console = Console(stderr=True)
            made = list(track(outcomes, "Drafting", total=len(tasks), console=console))
        taken_s = time.perf_counter() - started
        refused = sum(bool(outcome.error) for outcome in made)
        rest, done = batches.plan(articles, out, home)
        click.echo(
            f"{len(made)} documents of {size} code points in {taken_s:.0f} s: "
            f"{len(made) / taken_s:.2f} a second with {jobs} processes"
            f"{' of a Dask cluster' if cluster else ''}, {refused} refused"
        )
        click.echo(f"{sum(o.attributions for o in made)} attributions; {_digest(out)}")
        click.echo(f"a second run finds {done} done and {len(rest)} to do")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _KIB
    click.echo(f"largest process {memory:.0f} MB")


@contextmanager
def _outcomes(tasks: list[Task], jobs: int, *, on_cluster: bool) -> Iterator[Iterator[Outcome]]:
    from parley.drafting import batch as batches

    if not on_cluster:
        yield batches.run(tasks, jobs=jobs)
        return
    import distributed

    dask: Any = distributed

    with dask.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster:
        yield batches.run_on_cluster(tasks, cluster.scheduler_address)


def _write_articles(folder: Path, count: int, size: int, source: Path) -> None:
    """Write articles of the same sentences, each in another order, so that all are different."""
    from parley.corpus import documents

    text = source.read_text(encoding="utf-8")
    sentences = [text[s.start : s.end] for s in documents.split_sentences(text)]
    for number in range(count):
        seed = str(number)
        order = sorted(sentences, key=lambda words: _mixed(seed, words))
        lines = [" ".join(order[at : at + 4]) for at in range(0, len(order), 4)]
        body = "\n".join(lines * (1 + size // len(text)))[:size]
        head = f"Article {number}\n\n23 February 2017\n\n"
        (folder / f"article-{number:05}.txt").write_text(head + body + "\n", encoding="utf-8")


def _mixed(seed: str, words: str) -> str:
    return hashlib.sha256(f"{seed} {words}".encode()).hexdigest()


def _digest(folder: Path) -> str:
    """Return a digest of every byte that was written, to compare ways of running."""
    held = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        held.update(str(path.relative_to(folder)).encode())
        held.update(path.read_bytes())
    return f"sha256:{held.hexdigest()}"

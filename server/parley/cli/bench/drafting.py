"""``parley bench drafting``: how good, how fast and how large drafting is, on annotated texts."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.errors import DraftError

if TYPE_CHECKING:
    from parley.drafting.measure import Counts
    from parley.drafting.values import Draft

_SIZE: Final = 10_000
_KIB: Final = 1024
_TARGETS: Final = "wanted: attribution F1 0.70 and P 0.75, content F1 0.80, polarity 0.97"


@click.command()
@click.option(
    "--corpus", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of NAME.txt with NAME.gold.jsonl, and NN.contacts.jsonl where annotated.",
)  # fmt: skip
@click.option("--only", default="", help="Only documents whose name begins with one of these.")
def drafting(corpus: Path, only: str) -> None:
    """Score drafts against annotations by hand; print speed and memory."""
    from parley.drafting import drafts, measure, rows, sources

    started = time.perf_counter()
    drafts.draft(sources.from_bytes(_WARM.encode()))
    ready_s = time.perf_counter() - started
    total, meetings = measure.Counts(), measure.Counts()
    taken_s, letters = 0.0, 0
    for path in _texts(corpus, only):
        began = time.perf_counter()
        source = sources.read(path)
        made = drafts.draft(source)
        taken_s += time.perf_counter() - began
        letters += len(source.text)
        gold = measure.read(path.with_name(f"{path.stem}.gold.jsonl"))
        counts = measure.compare(gold, [*rows.objects(made, ["attribution"])], source.text)
        click.echo(_line(path.stem, counts))
        total += counts
        meetings += _contacts(path, made)
    click.echo(_line("all", total))
    if meetings.annotated:
        click.echo(f"contacts  P {meetings.precision(meetings.content):.3f}  "
                   f"R {meetings.recall(meetings.content):.3f}  "
                   f"F1 {meetings.f1(meetings.content):.3f}")  # fmt: skip
    rate = letters / _SIZE / taken_s if taken_s else 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    click.echo(f"start {ready_s:.1f} s  {rate:.1f} ten-KB documents/s  {memory:.0f} MB at most")
    click.echo(_TARGETS)


def _texts(corpus: Path, only: str) -> list[Path]:
    wanted = tuple(name for name in only.split(",") if name) or ("",)
    found = [
        path
        for path in sorted(corpus.glob("*.txt"))
        if path.name.startswith(wanted) and path.with_name(f"{path.stem}.gold.jsonl").is_file()
    ]
    if not found:
        raise DraftError(
            f"{corpus} holds no annotated text.", remedy="Put NAME.gold.jsonl beside NAME.txt."
        )
    return found


def _contacts(path: Path, made: Draft) -> Counts:
    from parley.drafting import measure, rows

    annotated = path.with_name(f"{path.stem.partition('-')[0]}.contacts.jsonl")
    if not annotated.is_file():
        return measure.Counts()
    proposed = [*rows.objects(made, ["contact"])]
    return measure.compare(measure.read(annotated), proposed, made.source.text)


def _line(name: str, counts: Counts) -> str:
    return (
        f"{name[:34]:34}  attribution P {counts.precision(counts.attribution):.3f} "
        f"R {counts.recall(counts.attribution):.3f} F1 {counts.f1(counts.attribution):.3f}  "
        f"content F1 {counts.f1(counts.content):.3f}  polarity {counts.share(counts.polarity):.3f}"
        f"  hedged {counts.share(counts.hedged):.3f}  inexact {counts.inexact}"
    )


_WARM: Final = (
    "The minister said that the talks had failed, and the army hoped to leave the city.\n"
)

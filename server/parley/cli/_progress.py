"""Tell how far a build is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    Tell = Callable[[str, int, int], None]
    Count = Callable[[int, int], None]


@contextmanager
def telling(console: Console) -> Iterator[Tell]:
    """Give a function to be told of each step; a bar is taken away when the work ends."""
    if not console.is_terminal:
        yield lambda step, number, total: console.print(f"[{number}/{total}] {step}", markup=False)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("start", total=None)

        def tell(step: str, number: int, total: int) -> None:
            bar.update(task, description=step, completed=number - 1, total=total)

        yield tell


@contextmanager
def counting(console: Console, noun: str, *, every: int = 1_000) -> Iterator[Count]:
    """Give a function to be told how many are done and known; elsewhere a line now and then."""
    if not console.is_terminal:
        yield (
            lambda done, known: (
                None
                if done % every
                else console.print(f"{done:,} of {known:,} {noun}", markup=False)
            )
        )
        return
    columns = (SpinnerColumn(), TextColumn(noun), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda done, known: bar.update(task, completed=done, total=known)

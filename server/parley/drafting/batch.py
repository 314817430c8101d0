"""Many documents: each drafted by itself, in processes here or on a Dask cluster, resumably.

A finished document is a file or folder that appears whole; what is there is not drafted again.
The bytes do not depend on where or in which order documents are drafted.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.drafting import drafts, folders, sources
from parley.drafting.entities import Entities
from parley.errors import DraftError, ParleyError, TermError
from parley.terms import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES: Final = frozenset({".txt", ".html", ".htm", ".pdf"})
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One source, its slug, and where its folder goes."""

    path: str
    slug: str
    out: str
    names: Entities = field(default_factory=Entities, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: its folder, or the message why there is none."""

    path: str
    folder: str = ""
    error: str = ""
    attributions: int = 0


def plan(folder: Path, out: Path, names: Entities | None = None) -> tuple[list[Task], int]:
    """Return the tasks that are not done yet, by path, and how many are.

    Raises:
        DraftError: The folder does not exist, or two sources would have the same slug.
    """
    if not folder.is_dir():
        raise DraftError(f"{folder} is no folder.", remedy="Give a folder of articles.")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    slugs: dict[str, Path] = {}
    for path in paths:
        slug = _slug(path.relative_to(folder))
        if slug in slugs:
            raise DraftError(
                f"{path} and {slugs[slug]} would both be {slug}.", remedy="Rename one of them."
            )
        slugs[slug] = path
    tasks = [Task(str(p), slug, str(out), names or Entities()) for slug, p in slugs.items()]
    waiting = [task for task in tasks if not (out / task.slug).exists()]
    return waiting, len(tasks) - len(waiting)


def run(tasks: list[Task], *, jobs: int = 1) -> Iterator[Outcome]:
    """Draft tasks in this process or in others, yielding each outcome when it is there."""
    if jobs <= 1:
        yield from map(draft_one, tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_calm) as pool:
        yield from _streamed(pool, tasks, jobs * _AHEAD)


def run_on_cluster(tasks: list[Task], address: str) -> Iterator[Outcome]:
    """Draft tasks on a Dask cluster whose workers see the same files.

    Raises:
        DraftError: Dask is not installed, or no scheduler answers at the address.
    """
    try:
        import distributed
    except ImportError as error:
        raise DraftError(
            "A cluster needs Dask, which is not installed.",
            remedy="Install it with: pip install 'parley-claims[cluster]'.",
        ) from error
    dask: Any = distributed
    try:
        client = dask.Client(address, timeout=10)
    except OSError as error:
        raise DraftError(
            f"No Dask scheduler answers at {address}.", remedy="Start one, or use --jobs."
        ) from error
    with client:
        futures = client.map(draft_one, tasks, pure=False)
        for future in dask.as_completed(futures):
            yield future.result()


def draft_one(task: Task) -> Outcome:
    """Draft one source into its folder; an error is an outcome, so that the rest goes on."""
    try:
        made = drafts.draft(sources.read(Path(task.path)), task.names.affiliations)
        about = folders.About(slug=task.slug)
        folder = folders.write(made, Path(task.out), about=about, names=task.names)
    except ParleyError as error:
        return Outcome(task.path, error=str(error))
    return Outcome(task.path, str(folder), attributions=len(made.attributions))


def _streamed(pool: ProcessPoolExecutor, tasks: Iterable[Task], ahead: int) -> Iterator[Outcome]:
    """Keep a few tasks waiting, so that a long list does not fill the memory."""
    queue = iter(tasks)
    waiting = {pool.submit(draft_one, task) for _, task in zip(range(ahead), queue, strict=False)}
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for _, task in zip(done, queue, strict=False):
            waiting.add(pool.submit(draft_one, task))
        for future in done:
            yield future.result()


def _calm() -> None:
    """Give each process one thread for arithmetic: the processes are the parallelism."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ[variable] = "1"


@cache
def _slug(path: Path) -> str:
    try:
        return slugify(str(path.with_suffix("")))[:80].strip("-")
    except TermError:
        return "document"

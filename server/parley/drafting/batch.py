"""Many documents: each drafted by itself, in processes here or on a Dask cluster, resumably.

A finished document is a file or folder that appears whole; what is there is not drafted again.
The bytes do not depend on where or in which order documents are drafted.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.drafting import drafts, entities, folders, propositions, sources, tables
from parley.drafting.folders import About
from parley.errors import DraftError, ParleyError, Place, TermError
from parley.home import Home
from parley.terms import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES: Final = frozenset({".txt", ".html", ".htm", ".pdf"})
#: What a person says of the articles of a folder: one row a file.
ABOUT: Final = "about.tsv"
#: Seconds in which a scheduler answers.
CLUSTER_TIMEOUT_S: Final = 10.0
_COLUMNS: Final = frozenset({"file", "title", "author", "issued", "publisher"})
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One source, its slug, where its folder goes, and the home whose actors are known."""

    path: str
    slug: str
    out: str
    home: str = ""
    about: About = field(default_factory=About)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: its folder, or the message why there is none.

    ``issued`` is its date of publication, empty when nobody says it.
    """

    path: str
    folder: str = ""
    error: str = ""
    attributions: int = 0
    issued: str = ""


def plan(folder: Path, out: Path, home: Home | None = None) -> tuple[list[Task], int]:
    """Return the tasks that are not done yet, by path, and how many are.

    Raises:
        DraftError: The folder does not exist, two sources would have the same slug, or about.tsv
            is malformed.
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
    told = _told(folder, paths)
    root = str(home.root) if home else ""
    tasks = [Task(str(p), s, str(out), root, told.get(p, About())) for s, p in slugs.items()]
    waiting = [task for task in tasks if not (out / task.slug).exists()]
    return waiting, len(tasks) - len(waiting)


def run(tasks: list[Task], *, jobs: int = 1) -> Iterator[Outcome]:
    """Draft tasks in this process or in others, yielding each outcome when it is there.

    A source that takes its process down is tried once more, alone, and then refused.
    """
    if jobs <= 1:
        yield from map(draft_one, tasks)
        return
    rest = list(tasks)
    while rest:
        lost: set[Task] = set()
        yield from _in_pool(rest, jobs, lost)
        rest = [task for task in rest if task in lost]
        if rest:
            suspects, rest = rest[: jobs * _AHEAD], rest[jobs * _AHEAD :]
            yield from map(_alone, suspects)


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
        client = dask.Client(address, timeout=CLUSTER_TIMEOUT_S)
    except OSError as error:
        raise DraftError(
            f"No Dask scheduler answers at {address}.", remedy="Start one, or use --jobs."
        ) from error
    with client:
        futures = dict(zip(client.map(draft_one, tasks, pure=False), tasks, strict=True))
        for future in dask.as_completed(list(futures)):
            failed = future.status != "finished"
            path = futures[future].path
            yield Outcome(path, error=_lost(future.exception())) if failed else future.result()


def draft_one(task: Task) -> Outcome:
    """Draft one source into its folder; an error is an outcome, so that the rest goes on."""
    names = _names(task.home)
    about = About(
        task.slug, task.about.title, task.about.author, task.about.issued, task.about.publisher
    )
    try:
        source = sources.read(Path(task.path))
        issued, _ = folders.publication(source, about)
        made = drafts.draft(source, names.affiliations)
        known = _known(task.home)
        folder = folders.write(made, Path(task.out), about=about, names=names, known=known)
    except ParleyError as error:
        return Outcome(task.path, error=str(error))
    return Outcome(task.path, str(folder), attributions=len(made.attributions), issued=issued)


def _in_pool(tasks: list[Task], jobs: int, lost: set[Task]) -> Iterator[Outcome]:
    """Yield outcomes from processes; tasks that a dead process leaves undone go to ``lost``."""
    waiting: dict[Future[Outcome], Task] = {}
    queue = iter(tasks)
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_calm)
    try:
        while waiting or not lost:
            for task in () if lost else _first(queue, jobs * _AHEAD - len(waiting)):
                waiting[_submit(pool, task)] = task
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                task = waiting.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lost.add(task)
                else:
                    yield future.result()
    finally:
        lost |= {*queue} if lost else set()
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Outcome]:
    try:
        return pool.submit(draft_one, task)
    except BrokenProcessPool as error:
        future: Future[Outcome] = Future()
        future.set_exception(error)
        return future


def _alone(task: Task) -> Outcome:
    """Draft one source in a process of its own, which may die of it."""
    folder = Path(task.out, task.slug)
    if folder.exists():  # it was done when another source took its process down
        return Outcome(task.path, str(folder), issued="written")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_calm) as pool:
        try:
            return pool.submit(draft_one, task).result()
        except BrokenProcessPool as error:
            return Outcome(task.path, error=_lost(error))


def _lost(error: BaseException | None) -> str:
    return f"Its process ended before it was drafted ({type(error).__name__}): out of memory?"


def _first(queue: Iterator[Task], count: int) -> Iterator[Task]:
    return (task for _, task in zip(range(count), queue, strict=False))


def _calm() -> None:
    """Give a process one thread for arithmetic, and let it end with its parent.

    The processes are the parallelism. An interruption is the parent's to handle.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ[variable] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent to end, however it ends, and end with it: nobody else would."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


@cache
def _names(home: str) -> entities.Entities:
    return entities.read(Home(Path(home))) if home else entities.Entities()


@cache
def _known(home: str) -> propositions.Known | None:
    """Return what people have accepted in a home, which does not grow while others are drafted."""
    return propositions.read(Home(Path(home)), reviewed=True) if home else None


def _told(folder: Path, paths: list[Path]) -> dict[Path, About]:
    """Return what about.tsv says of each source."""
    table = folder / ABOUT
    if not table.is_file():
        return {}
    known, found = set(paths), dict[Path, About]()
    for number, row in enumerate(tables.parse(table.read_text("utf-8-sig"), ABOUT), start=2):
        path = folder / row.get("file", "")
        if path not in known or not row.keys() <= _COLUMNS:
            raise DraftError(
                f"{ABOUT} names {row.get('file', '')!r}, which is no article of {folder}."
                if row.keys() <= _COLUMNS
                else f"{ABOUT} has the columns {', '.join(row)}.",
                remedy=f"Its columns are file and any of {', '.join(sorted(_COLUMNS - {'file'}))}.",
                place=Place(str(table), number),
            )
        found[path] = About(**{key: value for key, value in row.items() if key != "file"})
    return found


@cache
def _slug(path: Path) -> str:
    try:
        return slugify(str(path.with_suffix("")))[:80].strip("-")
    except TermError:
        return "document"

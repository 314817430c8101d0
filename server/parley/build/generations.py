"""Generations: a built dataset with its store, published whole or not at all.

::

    <out>/generations/<id>/{dataset.nq, report.ttl, manifest.json, store/}
    <out>/current -> generations/<id>          replaced by rename, so readers see old or new
    <out>/dataset.nq, <out>/report.ttl         links into current
    <out>/failed/report.ttl                    the report of a build that did not conform
    <out>/failed/why.txt                       why the last build failed; gone when one succeeds

The id is the digest of dataset.nq. This module needs no rdflib: asking whether a home has
changed is quick.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.durable import replace_file, sync, sync_tree
from parley.engine import store
from parley.errors import ParleyError, Place, StoreError, StoreLockedError
from parley.home import FOLDERS, PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.home import Home

DATASET: Final = "dataset.nq"
REPORT: Final = "report.ttl"
MANIFEST: Final = "manifest.json"
STORE: Final = "store"
CURRENT: Final = "current"
FAILURE: Final = "failed/why.txt"
#: Generations kept, the current one included, so that one can go back.
KEPT: Final = 3
_ID_LENGTH: Final = 16
#: Packages of the code that decide what a build says.
_CODE: Final = (
    "build", "corpus", "engine/settled.py", "engine/store.py", "namespaces.py", "terms.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Generation:
    """A published build: its directory and what its manifest says."""

    directory: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The digest of the dataset, shortened."""
        return self.directory.name

    @property
    def dataset(self) -> Path:
        """The dataset as sorted N-Quads."""
        return self.directory / DATASET

    @property
    def built(self) -> datetime:
        """When the dataset was written."""
        return datetime.fromtimestamp(self.dataset.stat().st_mtime, UTC)

    @property
    def report(self) -> Path:
        """The SHACL report as Turtle."""
        return self.directory / REPORT

    @property
    def store(self) -> Path:
        """The directory of the store."""
        return self.directory / STORE

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the home that was built."""
        return str(self.manifest.get("fingerprint", ""))


def fingerprint(home: Home, *, reasoned: bool = True) -> str:
    """Return a digest of everything a build depends on: the home's files, the code, its version.

    Names, not times, count: a file saved without a change leaves the home unchanged.
    """
    digest = hashlib.sha256(f"{metadata.version('parley-claims')} {reasoned}".encode())
    code = [path for name in _CODE for path in _files(PACKAGE / name) if path.suffix != ".pyc"]
    own = [path for folder in FOLDERS for path in _files(home.root / folder)]
    for base, paths in ((PACKAGE, code), (home.root, own)):
        for path in sorted(paths):
            digest.update(f"\0{path.relative_to(base).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def current(out: Path) -> Generation | None:
    """Return the generation that is current, or None when nothing whole has been published.

    Raises:
        StoreError: The directory cannot be read.
    """
    link = out / CURRENT
    try:
        directory = link.resolve(strict=True)
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    except OSError as error:
        raise _unusable(out, error) from error
    whole = isinstance(manifest, dict) and (directory / STORE).is_dir()
    return Generation(directory, manifest) if whole else None


def up_to_date(home: Home, out: Path) -> Generation | None:
    """Return the current generation when it was built from the home as it is now, else None.

    Raises:
        StoreError: The directory cannot be read.
    """
    generation = current(out)
    if generation is None or generation.fingerprint != fingerprint(home):
        return None
    return generation


@contextlib.contextmanager
def lock(out: Path) -> Iterator[None]:
    """Hold a store directory for one builder; it is made when it is not there.

    Raises:
        StoreLockedError: Another process builds into it.
        StoreError: It cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unusable(out, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    except BlockingIOError as error:
        owner = os.pread(handle, 20, 0).decode("ascii", "replace")
        raise StoreLockedError(
            f"Process {owner} is building into {out}.",
            remedy="Wait for it, or name another directory with --out.",
            place=Place(str(out)),
        ) from error
    finally:
        os.close(handle)


def publish(out: Path, dataset: bytes, report: bytes, manifest: dict[str, Any]) -> Generation:
    """Write a generation, make it durable, and make it the current one in one step.

    Call it with the lock held. A generation of the same dataset that is whole is used again, with
    the new manifest.

    Raises:
        StoreError: A file cannot be written; what was current stays current.
    """
    name = hashlib.sha256(dataset).hexdigest()[:_ID_LENGTH]
    directory = out / "generations" / name
    try:
        directory.parent.mkdir(exist_ok=True)
        _sweep(directory.parent)
        if _is_whole(directory, dataset):
            replace_file(directory / REPORT, report)
            replace_file(directory / MANIFEST, _json(manifest))
        else:
            _create(directory, dataset, report, manifest)
        _point(out, name)
        _prune(out)
    except OSError as error:
        raise _unusable(out, error) from error
    return Generation(directory, manifest)


def keep_failed_report(out: Path, report: bytes) -> Path:
    """Write the report of a build that is not published, where nobody takes it for a current one.

    Raises:
        StoreError: It cannot be written.
    """
    path = out / "failed" / REPORT
    try:
        path.parent.mkdir(exist_ok=True)
        replace_file(path, report)
    except OSError as error:
        raise _unusable(out, error) from error
    return path


@contextlib.contextmanager
def noting_failure(out: Path) -> Iterator[None]:
    """Note why a build fails, for those who serve the one before it; forget that when one succeeds.

    Call it with the lock held. A note that cannot be written changes nothing else.
    """
    path = out / FAILURE
    try:
        yield
    except ParleyError as error:
        with contextlib.suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            replace_file(path, f"{error}\n".encode())
        raise
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def failed_at(out: Path) -> datetime | None:
    """Return when the last build failed, or None when it succeeded."""
    try:
        return datetime.fromtimestamp((out / FAILURE).stat().st_mtime, UTC)
    except OSError:
        return None


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [Path(folder) / name for folder, _, names in os.walk(path) for name in names]


def _is_whole(directory: Path, dataset: bytes) -> bool:
    try:
        same = (directory / DATASET).read_bytes() == dataset
        store.open_read_only(directory / STORE)
    except (OSError, StoreError):
        return False
    return same and (directory / MANIFEST).is_file()


def _create(directory: Path, dataset: bytes, report: bytes, manifest: dict[str, Any]) -> None:
    fresh = directory.parent / f".new-{os.getpid()}"
    try:
        _fill(fresh, dataset, report, manifest)
        if directory.exists():
            directory.rename(directory.parent / f".old-{os.getpid()}")
        fresh.rename(directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    sync(directory.parent)
    _sweep(directory.parent)


def _fill(directory: Path, dataset: bytes, report: bytes, manifest: dict[str, Any]) -> None:
    directory.mkdir()
    replace_file(directory / DATASET, dataset)
    replace_file(directory / REPORT, report)
    store.create(directory / STORE, directory / DATASET)
    sync_tree(directory / STORE)
    replace_file(directory / MANIFEST, _json(manifest))


def _point(out: Path, name: str) -> None:
    _link(out / CURRENT, Path("generations") / name)
    for file in (DATASET, REPORT):
        _link(out / file, Path(CURRENT) / file)
    sync(out)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _prune(out: Path) -> None:
    chosen = (out / CURRENT).resolve()
    folder = out / "generations"
    others = [path for path in folder.iterdir() if path.resolve() != chosen]
    others.sort(key=lambda path: (path / MANIFEST).stat().st_mtime_ns, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path)


def _sweep(folder: Path) -> None:
    """Remove what a build that was killed has left."""
    for path in [*folder.glob(".new-*"), *folder.glob(".old-*")]:
        shutil.rmtree(path)


def _json(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _unusable(out: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{error.filename or out}: {error.strerror or error}.",
        remedy=f"See that {out} is a directory you may write to, or name another with --out.",
        place=Place(str(out)),
    )

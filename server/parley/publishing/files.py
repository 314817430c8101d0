"""Write a set of files whole or not at all: what an earlier run left half-written goes first."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Final

from parley.durable import replace_file
from parley.errors import ExportError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Checksums of the files beside it, as ``sha256sum --check`` reads them.
CHECKSUMS: Final = "SHA256SUMS"
_FRESH: Final = ".parley-export-"


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of each file by name, in the form of sha256sum."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode("utf-8")


def write_all(folder: Path, files: Mapping[str, bytes], *, with_checksums: bool = True) -> None:
    """Write files into a folder, with their checksums; older ones of these names are replaced.

    All of them are written and flushed beside their places first. Only then are they renamed,
    which needs no room on the disk.

    Raises:
        ExportError: The folder cannot be written or the disk is full; old files stay as they were.
    """
    wanted = dict(files)
    if with_checksums:
        wanted[CHECKSUMS] = checksums(files)
    fresh = folder / f"{_FRESH}{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_FRESH}*"):
            shutil.rmtree(left)
        for name, content in wanted.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            replace_file(fresh / name, content)
        for name in wanted:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).replace(folder / name)
    except OSError as error:
        raise ExportError(
            f"{error.filename or folder}: {error.strerror or error}.",
            remedy="Make room, or name a directory that you may write to.",
            place=Place(str(folder)),
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)

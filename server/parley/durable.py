"""Files that survive a crash: a reader sees the old one or the new one, whole, and on the disk."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Permissions of a file that was not there before.
_NEW_FILE: Final = 0o644


def replace_file(
    path: Path, content: bytes, *, before: Callable[[Path], None] = lambda _: None
) -> None:
    """Put a content in a file's place, with the old file's permissions; a link is followed.

    Args:
        path: The file, there or not; its folder is there.
        content: The whole of what it will hold.
        before: Called with the file's true path when the content is on the disk beside it; what
            it raises leaves the old file as it is.

    Raises:
        OSError: The folder cannot be written or the disk is full; the old file is as it was.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    waiting = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before(target)
        waiting.chmod(stat.S_IMODE(target.stat().st_mode) if target.is_file() else _NEW_FILE)
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
    sync(target.parent)


def sync_tree(folder: Path) -> None:
    """Wait until all files below a folder, and its names, are on the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk.

    A file that is new is safe only when its folder is synced too (fsync(2)).
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files written durably: the old one or the new one, never half, never with other permissions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from parley.durable import replace_file, sync

if TYPE_CHECKING:
    from pathlib import Path


def test_replaces_a_file_and_keeps_its_permissions(tmp_path: Path) -> None:
    """The new content stands in the file's place under the old permissions, alone."""
    path = tmp_path / "claims.ttl"
    path.write_bytes(b"old")
    path.chmod(0o640)

    replace_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    """A file that was not there is not as private as a temporary one."""
    replace_file(tmp_path / "new", b"")

    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link points to is replaced, not the link."""
    (tmp_path / "target").write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("target")

    replace_file(link, b"new")

    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be brought to the disk replaces nothing and leaves nothing behind."""
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_last_look_can_refuse(tmp_path: Path) -> None:
    """A check that raises before the replacement keeps the old file."""
    path = tmp_path / "file"
    path.write_bytes(b"changed by another")

    def refuse(target: Path) -> None:
        raise ValueError(target.read_bytes())

    with pytest.raises(ValueError, match="another"):
        replace_file(path, b"mine", before=refuse)

    assert path.read_bytes() == b"changed by another"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Nothing is called durable that has no place."""
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "absent")

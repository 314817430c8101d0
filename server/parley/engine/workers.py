"""The engine for a built dataset: read-only, in processes, following publications as they come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

from parley.engine.pool import Snapshot
from parley.engine.reading import PooledEngine, Reading
from parley.errors import ForbiddenError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from parley.config import Settings
    from parley.engine.types import Update, Upload


class PoolEngine(PooledEngine):
    """Answers from ``<root>/current``, a link that a build replaces in one step.

    Without such a link, ``root`` is itself a generation. A new generation is used by every request
    that begins after the link was replaced; requests that run end on the one they began with.

    Raises:
        StoreError: There is no built dataset.
    """

    writable = False

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root = root
        self._link = str(root / "current")
        self._settings = settings
        self._target = ""
        self._snapshot = Snapshot("none")
        super().__init__(Reading(settings, self._current))

    @property
    def version(self) -> str:
        """The id of the generation that is current."""
        return self._current().version

    def update(self, update: Update) -> None:
        """Refuse: a built dataset changes only by a build.

        Raises:
            ForbiddenError: Always.
        """
        del update
        _refuse()

    def put_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Refuse, as `update` does."""
        del graph_iri, upload
        _refuse()

    def post_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Refuse, as `update` does."""
        del graph_iri, upload
        _refuse()

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Refuse, as `update` does."""
        del graph_iri, if_version
        _refuse()

    def _current(self) -> Snapshot:
        try:
            target = os.readlink(self._link)  # noqa: PTH115 - asked for every request
        except OSError:
            target = "."
        if target != self._target:
            self._snapshot = _read_generation(self._root / target, self._settings)
            self._target = target
        return self._snapshot


def _read_generation(directory: Path, settings: Settings) -> Snapshot:
    nquads = directory / "dataset.nq"
    try:
        small = nquads.stat().st_size <= settings.memory_store_bytes
        version = directory.resolve(strict=True).name
    except OSError as error:
        raise StoreError(
            f"There is no built dataset at {directory}.", remedy="Run parley build."
        ) from error
    if small:
        return Snapshot(version, nquads.resolve(), "nquads")
    return Snapshot(version, (directory / "store").resolve(), "built")


def _refuse() -> NoReturn:
    raise ForbiddenError(
        "This server is read-only.", remedy="Start it with --writable to accept writes."
    )

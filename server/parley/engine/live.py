"""The engine for a dataset that is written to: one writing process, readers on immutable states.

::

    <root>/lock                     held while a server runs on this directory
    <root>/states/<version>/        an immutable state; `current` links to the newest
    <root>/work-…/                  the writer's working copy; worthless once the writer is gone

A write is applied to the working copy, judged, copied to a new state and synced to disk; then the
link `current` is replaced, and only then is the write acknowledged. Whatever goes wrong before
that, the writer is ended and its copy forgotten: nothing was written. Readers are the same pool of
processes as for a built dataset, so no query can touch the writer, and a query that begins after
a write was acknowledged reads its result.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import secrets
import shutil
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from parley.durable import sync, sync_tree
from parley.engine import wire
from parley.engine.guard import Limits, check_update
from parley.engine.mistakes import check_called, explain
from parley.engine.pool import Snapshot
from parley.engine.process import Child, ChildOptions, check_own, check_reply
from parley.engine.reading import PooledEngine, Reading
from parley.engine.using import insert_using
from parley.errors import (
    ParleyError,
    QueryRefusedError,
    QuerySyntaxError,
    StateChangedError,
    StoreError,
    StoreLockedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from parley.config import Settings
    from parley.engine.types import Update, Upload

WRITER: Final = "parley.engine.writer"
#: The writer may need more memory than a reader, by this factor.
WRITER_MEMORY: Final = 2
#: States kept for requests that have begun and not yet opened theirs.
KEPT: Final = 4


class LiveEngine(PooledEngine):
    """A writable dataset.

    Args:
        root: Directory of the live store; made when it is not there.
        settings: Limits.
        initial: What a new live store starts with: a store directory or a file of N-Quads.
        validate: Judges the dataset as it would be after a write, in N-Quads; it raises to
            refuse, and then nothing is written.

    Raises:
        StoreLockedError: Another server runs on the directory.
        StoreError: The directory cannot be used.
    """

    writable = True

    def __init__(
        self,
        root: Path,
        settings: Settings,
        *,
        initial: Path | None = None,
        validate: Callable[[bytes], None] | None = None,
    ) -> None:
        self._root = root
        self._settings = settings
        self._limits = Limits.from_settings(settings)
        self._validate = validate
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._writer: Child | None = None
        self._recent: deque[Path | None] = deque(maxlen=KEPT)
        self._temporary = False
        with contextlib.ExitStack() as stack:
            self._lock_file = stack.enter_context(_lock(root))
            stack.callback(self._end_writer)
            self._snapshot = self._open(initial)
            super().__init__(Reading(settings, lambda: self._snapshot))
            stack.pop_all()

    @classmethod
    def temporary(
        cls,
        settings: Settings,
        *,
        initial: Path | None = None,
        validate: Callable[[bytes], None] | None = None,
    ) -> Self:
        """Make a live store that is gone when it is closed."""
        root = Path(tempfile.mkdtemp(prefix="parley-live-"))
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, root, ignore_errors=True)
            engine = cls(root, settings, initial=initial, validate=validate)
            stack.pop_all()
        engine._temporary = True
        return engine

    @property
    def version(self) -> str:
        """The state that is current; every write makes a new one."""
        return self._snapshot.version

    def update(self, update: Update) -> None:
        """Apply a whole update request, or nothing of it.

        Graphs are addressed as the standard says: WHERE reads the default graph unless USING,
        WITH or GRAPH says otherwise, also where queries read the union of all graphs.

        Raises:
            RequestError: It does not parse or is refused.
            EngineError: It took too long, took its process down, or LOAD or SERVICE could not
                reach their target; nothing was written.
        """
        inspection = check_update(update.text, self._limits)
        text = insert_using(update)
        fields = [text.encode("utf-8"), (update.base_iri or "").encode("utf-8")]
        try:
            self._write(wire.UPDATE, fields)
        except ParleyError as error:
            check_called(inspection, error)
            if isinstance(error, QuerySyntaxError):
                raise explain(text, error) from error
            raise

    def put_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Replace a graph; return whether it was created.

        Raises:
            QuerySyntaxError: The body does not parse.
            StateChangedError: The data is not in the state named.
        """
        return self._write_graph(graph_iri, upload, replace=True)

    def post_graph(self, graph_iri: str | None, upload: Upload) -> bool:
        """Merge triples into a graph; return whether it was created.

        Raises:
            QuerySyntaxError: The body does not parse.
            StateChangedError: The data is not in the state named.
        """
        return self._write_graph(graph_iri, upload, replace=False)

    def delete_graph(self, graph_iri: str | None, *, if_version: str | None = None) -> None:
        """Remove a graph, or empty the default graph.

        Raises:
            NotFoundError: There is no such graph.
            StateChangedError: The data is not in the state named.
        """
        self._write(wire.DELETE_GRAPH, [(graph_iri or "").encode("utf-8")], if_version)

    def statistics(self) -> dict[str, float]:
        """Return counters and gauges of the pool and of the writer, which comes and goes."""
        writer = self._writer
        return super().statistics() | {
            "writers": int(writer is not None),
            "writers_without_network": int(writer is not None and bool(writer.network_closed_by)),
        }

    def close(self) -> None:
        """End every process and free the directory; a temporary one is removed."""
        super().close()
        with self._lock:
            self._end_writer()
            self._lock_file.close()
            if self._temporary:
                shutil.rmtree(self._root, ignore_errors=True)

    def _write_graph(self, graph_iri: str | None, upload: Upload, *, replace: bool) -> bool:
        triples = self._reading.parse(upload.body, upload.media_type, upload.base_iri)
        fields = [(graph_iri or "").encode("utf-8"), triples, b"replace" if replace else b""]
        return bool(self._write(wire.WRITE_GRAPH, fields, upload.if_version)[0])

    def _write(self, code: int, fields: list[bytes], if_version: str | None = None) -> list[bytes]:
        """Apply a change, have it judged, and commit it; or leave everything as it was."""
        with self._lock:
            if if_version not in {None, self.version}:
                raise StateChangedError("Another write came first.")
            writer = self._writer or self._start_writer(self._snapshot)
            # Whether the working copy is still the state that is current.
            intact = False
            try:
                reply = check_reply(
                    *writer.ask(code, fields, timeout_s=self._settings.update_timeout_s)
                )
                if self._validate is not None:
                    dump = check_own(*writer.ask_long(wire.DUMP, []), "Reading the dataset")
                    self._validate(dump[0])
                self._snapshot = self._commit(writer)
                intact = True
            except (QuerySyntaxError, QueryRefusedError):
                # The library applies an update whole or not at all; other changes have parts.
                intact = code == wire.UPDATE and self._validate is None
                raise
            finally:
                if not intact:
                    self._end_writer()
            self._remove_old_states()
            return reply

    def _commit(self, writer: Child) -> Snapshot:
        version = f"{next(self._numbers)}-{secrets.token_hex(8)}"
        state = self._root / "states" / version
        reply = writer.ask_long(wire.COMMIT, [str(state).encode("utf-8")])
        check_own(*reply, f"Writing {state}")
        sync_tree(state)
        sync(state.parent)
        link = self._root / f"current-{version}"
        link.symlink_to(state.relative_to(self._root))
        link.replace(self._root / "current")
        sync(self._root)
        return Snapshot(version, state, "store")

    def _open(self, initial: Path | None) -> Snapshot:
        self._remove_leftovers()
        link = self._root / "current"
        if link.is_symlink():
            return Snapshot(link.readlink().name, link.resolve(), "store")
        if initial is None:
            first = Snapshot("", None, "empty")
        else:
            first = Snapshot("", initial, "store" if initial.is_dir() else "nquads")
        return self._commit(self._start_writer(first))

    def _start_writer(self, source: Snapshot) -> Child:
        settings = self._settings
        work = self._root / f"work-{secrets.token_hex(8)}"
        options = ChildOptions(
            memory_bytes=WRITER_MEMORY * settings.worker_memory_bytes,
            stack_bytes=settings.worker_stack_bytes,
            may_write=True,
            network=bool(settings.service_allow),
        )
        fields = [str(work), str(source.path or ""), source.kind]
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, work, ignore_errors=True)
            writer = stack.enter_context(contextlib.closing(Child(WRITER, options)))
            reply = writer.ask_long(wire.OPEN, [field.encode("utf-8") for field in fields])
            check_own(*reply, f"Opening {source.path or work}")
            stack.pop_all()
        # A writer without its working copy must never be written to.
        writer.holds = work
        self._writer = writer
        return writer

    def _end_writer(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()
            shutil.rmtree(str(writer.holds), ignore_errors=True)

    def _remove_old_states(self) -> None:
        self._recent.append(self._snapshot.path)
        in_use = {*self._recent, *(held.path for held in self._held())}
        for state in (self._root / "states").iterdir():
            if state not in in_use:
                shutil.rmtree(state, ignore_errors=True)

    def _held(self) -> list[Snapshot]:
        return [held for held in self._reading.pool.held() if isinstance(held, Snapshot)]

    def _remove_leftovers(self) -> None:
        """Remove what a server that was killed left behind."""
        states = self._root / "states"
        states.mkdir(exist_ok=True)
        current = (self._root / "current").resolve()
        left = [*self._root.glob("work-*"), *self._root.glob("current-*")]
        for path in (*left, *(state for state in states.iterdir() if state != current)):
            if path.is_symlink():
                path.unlink()
            else:
                shutil.rmtree(path, ignore_errors=True)


def _lock(root: Path) -> IO[bytes]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        file = (root / "lock").open("ab")
    except OSError as error:
        raise StoreError(f"{root} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise StoreLockedError(
            f"Another server writes to {root}.", remedy="Stop it, or name another --store."
        ) from error
    return file

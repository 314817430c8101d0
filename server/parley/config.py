"""Settings: a name with its unit, a default and one line of help each.

A setting comes from, in rising order: its default, the environment variable
``PARLEY_<NAME>``, the command-line option of the same name.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parley.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRUE_WORDS: Final = frozenset({"1", "true", "yes", "on"})
_KINDS: Final[dict[type, str]] = {int: "a whole number", float: "a number", str: "a text"}
_CONVERT: Final[dict[type, Callable[[str], object]]] = {int: int, float: float, str: str}
FALSE_WORDS: Final = frozenset({"0", "false", "no", "off", ""})


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; units end the names (``_s`` seconds, ``_bytes``, ``_rows``)."""

    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(7878, "Port to listen on; 0 takes a free one.")
    base_url: str = _setting(
        "", "Public address of this server, when it is not the one it listens on."
    )
    workers: int = _setting(2, "Query processes kept ready.")
    timeout_s: float = _setting(10.0, "Seconds a query may take before its process is killed.")
    slow_after_s: float = _setting(
        0.25, "Seconds after which a query moves to the slow lane and frees its place for others."
    )
    slow_workers: int = _setting(2, "Slow queries that run at a time.")
    queue_timeout_s: float = _setting(
        10.0, "Seconds a query may wait for a worker before it is answered 503."
    )
    update_timeout_s: float = _setting(30.0, "Seconds an update may take.")
    worker_memory_bytes: int = _setting(
        1_000_000_000, "Address space a query process may use besides its stack, in bytes."
    )
    worker_stack_bytes: int = _setting(
        268_435_456, "Stack of a query process, in bytes: room for any query that is let in."
    )
    pool_memory_bytes: int = _setting(
        800_000_000,
        "Memory all query processes may hold together, in bytes; above it the largest is ended.",
    )
    memory_store_bytes: int = _setting(
        16_777_216,
        "Size of the N-Quads up to which each query process holds the data in memory, in bytes.",
    )
    max_query_bytes: int = _setting(65_536, "Size of a query, in bytes of UTF-8.")
    max_update_bytes: int = _setting(
        16_777_216, "Size of an update or an uploaded graph, in bytes."
    )
    max_url_bytes: int = _setting(16_384, "Length of a request's address, in bytes.")
    max_result_bytes: int = _setting(33_554_432, "Size of a complete answer, in bytes.")
    max_result_rows: int = _setting(100_000, "Solutions or triples in a complete answer.")
    max_nesting: int = _setting(64, "Depth of brackets and negations in a query.")
    max_patterns: int = _setting(60, "Triple patterns and path steps in one group of a query.")
    max_operators: int = _setting(500, "Operators of one kind in a query.")
    max_branches: int = _setting(100, "UNION, OPTIONAL and MINUS branches in a query.")
    max_queue: int = _setting(64, "Queries that may wait for a worker; more are answered 503.")
    client_concurrency: int = _setting(8, "Queries one client may have running or waiting.")
    client_engine_s: float = _setting(
        60.0, "Engine seconds one client may use in a minute before it is answered 429."
    )
    result_cache_bytes: int = _setting(
        33_554_432, "Memory for answers kept for repeated queries, in bytes; 0 keeps none."
    )
    default_graph: str = _setting(
        "union", "What a query without FROM reads: union of all graphs but drafts, or plain."
    )
    service_allow: tuple[str, ...] = _setting(
        (), "Addresses SERVICE and LOAD may call, exactly as written; commas between them."
    )
    engine: str = _setting("", "Address of a remote SPARQL 1.1 engine; empty uses the own store.")
    writable: bool = _setting(False, "Accept updates and uploaded graphs.")
    token: str = _setting("", "Bearer token for writes; PARLEY_TOKEN sets it.")
    draft_model_url: str = _setting(
        "", "Address of an OpenAI-compatible endpoint that drafting may ask; empty asks nobody."
    )
    draft_model: str = _setting("", "Name of the model to ask there.")
    draft_model_key: str = _setting(
        "", "Bearer key of that endpoint; PARLEY_DRAFT_MODEL_KEY sets it."
    )
    draft_model_timeout_s: float = _setting(120.0, "Seconds that one answer of it may take.")
    validate_writes: bool = _setting(
        True, "Refuse a write that would leave the data not conforming to the shapes."
    )

    def __post_init__(self) -> None:
        if self.default_graph not in {"union", "plain"}:
            raise SettingError(
                f"default_graph is {self.default_graph!r}.", remedy="Use union or plain."
            )
        for name in ("workers", "slow_workers", "timeout_s", "max_result_bytes", "max_result_rows"):
            if getattr(self, name) <= 0:
                raise SettingError(
                    f"{name} is {getattr(self, name)}.", remedy="Use a number above 0."
                )


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as documentation shows it."""

    name: str
    default: object
    help: str
    variable: str


def setting_rows() -> list[SettingRow]:
    """Return every setting in the order of the class, with its environment variable."""
    return [
        SettingRow(f.name, f.default, f.metadata["help"], f"PARLEY_{f.name.upper()}")
        for f in dataclasses.fields(Settings)
    ]


def load_settings(environ: Mapping[str, str] | None = None, **options: object) -> Settings:
    """Read settings from the environment, then from options; an option of None is not given.

    Raises:
        SettingError: A value is not of the setting's type or outside its range.
    """
    env = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for row in setting_rows():
        if row.variable in env:
            values[row.name] = _convert(row, env[row.variable])
    values.update({name: value for name, value in options.items() if value is not None})
    return Settings(**values)


def default_store(home_root: Path, environ: Mapping[str, str] | None = None) -> Path:
    """Return where a home's builds are kept when nobody says: the user's cache directory.

    ``PARLEY_STORE`` > ``XDG_CACHE_HOME``/parley/<name>-<digest of the home's path> > ``~/.cache``.
    """
    env = os.environ if environ is None else environ
    if named := env.get("PARLEY_STORE"):
        return Path(named).resolve()
    cache = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(str(home_root).encode("utf-8")).hexdigest()[:12]
    return cache / "parley" / f"{home_root.name or 'home'}-{digest}"


def _convert(row: SettingRow, text: str) -> object:
    kind: type = type(row.default)
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool:
        return _to_bool(row, text)
    try:
        return _CONVERT[kind](text)
    except ValueError as error:
        raise SettingError(
            f"{row.variable} is {text!r}.", remedy=f"Give {_KINDS[kind]}: {row.help}"
        ) from error


def _to_bool(row: SettingRow, text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise SettingError(f"{row.variable} is {text!r}.", remedy="Use true or false.")

"""``parley serve``: build when the home has changed, then answer on a local address."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from parley.config import default_store, load_settings
from parley.home import find_home

if TYPE_CHECKING:
    import socket

    from parley.build.generations import Generation
    from parley.config import Settings
    from parley.engine.types import Engine
    from parley.home import Home


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.  [7878]")
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to serve.")
@click.option("--store", type=click.Path(path_type=Path), help="Where builds are kept.")
@click.option(
    "--memory", is_flag=True, help="Hold the data in memory instead of opening the store."
)
@click.option("--engine", help="Serve a remote SPARQL 1.1 endpoint instead of the own store.")
@click.option("--workers", type=click.IntRange(1), help="Query processes kept ready.  [2]")
@click.option("--timeout", "timeout_s", type=float, help="Seconds a query may take.  [10]")
@click.option(
    "--default-graph",
    type=click.Choice(["union", "plain"]),
    help="What a query without FROM reads.  [union]",
)
@click.option(
    "--writable", is_flag=True, default=None, help="Accept updates; the token is PARLEY_TOKEN."
)
@click.option("--empty", is_flag=True, help="Start with no data and no home.")
@click.option("--log-requests", is_flag=True, help="Log every request, one line of JSON each.")
def serve(
    home_path: Path | None,
    store: Path | None,
    *,
    memory: bool,
    empty: bool,
    log_requests: bool,
    **options: Any,
) -> None:
    """Serve the graph: SPARQL, pages and data on http://127.0.0.1:7878/.

    Builds first when the home has changed since the last build. When that build fails, the last
    good one is served, with a warning.
    """
    signal.signal(signal.SIGTERM, _stop)
    settings = load_settings(**options)
    home = None if empty else find_home(home_path)
    from parley.endpoint.access import check_exposure
    from parley.web import server

    check_exposure(settings)
    if settings.writable and not settings.token and not settings.engine:
        _warn("WARNING: every user of this machine can write: PARLEY_TOKEN is not set.")
    with server.listen(settings.host, settings.port) as listener:
        settings = dataclasses.replace(settings, port=listener.getsockname()[1])
        if memory:
            settings = dataclasses.replace(settings, memory_store_bytes=sys.maxsize)
        engine = _open_engine(home, store, settings)
        try:
            builds = None if home is None or settings.engine else _builds(home, store)
            done = _run(engine, settings, home, builds, listener, log_requests=log_requests)
        finally:
            engine.close()
    if not done:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _open_engine(home: Home | None, store: Path | None, settings: Settings) -> Engine:
    """Open what answers: a remote engine, a live store, or the newest build of the home."""
    if settings.engine:
        from parley.engine.remote import RemoteEngine

        return RemoteEngine(settings.engine, settings)
    from parley.engine.live import LiveEngine
    from parley.engine.workers import PoolEngine

    if home is None:
        return LiveEngine(store.resolve(), settings) if store else LiveEngine.temporary(settings)
    out = _builds(home, store)
    dataset = _build_if_changed(home, out)
    if not settings.writable:
        return PoolEngine(out, settings)
    from parley.endpoint.gate import make_gate

    gate = make_gate(home) if settings.validate_writes else None
    return LiveEngine(out / "live", settings, initial=dataset, validate=gate)


def _builds(home: Home, store: Path | None) -> Path:
    """Return the directory that keeps the builds of a home."""
    return store.resolve() if store else default_store(home.root)


def _build_if_changed(home: Home, out: Path) -> Path:
    """Build when the home is not the one that was built last; return the dataset's file.

    A home that does not build takes nothing off the air: the build before it is served. The build
    runs in a process of its own: what it needs of memory is given back before the first request.
    """
    from parley.build import generations

    found = generations.up_to_date(home, out)
    if found is not None:
        return found.dataset
    status = _build(home, out)
    found = generations.current(out)
    if found is None:
        sys.exit(status or 1)
    if status:
        _warn_of_old(found)
    return found.dataset


def _build(home: Home, out: Path) -> int:
    command = [sys.executable, "-m", "parley", "build", "--home", str(home.root), "--out"]
    done = subprocess.run([*command, str(out)], stdout=sys.stderr.fileno(), check=False)  # noqa: S603
    return done.returncode


def _warn_of_old(served: Generation) -> None:
    built = served.built
    _warn(
        "WARNING: the home has changed, and its build failed for the reasons above.",
        f"WARNING: the last good build is served, {served.id} of {built:%Y-%m-%d %H:%M} UTC.",
        "WARNING: mend the files, then run parley build.",
    )


def _warn(*lines: str) -> None:
    for line in lines:
        click.secho(line, err=True, bold=True, fg="red")


def _run(
    engine: Engine,
    settings: Settings,
    home: Home | None,
    builds: Path | None,
    listener: socket.socket,
    *,
    log_requests: bool,
) -> bool:
    from parley.web import server
    from parley.web.access_log import start_logging
    from parley.web.app import create_app, make_wsgi

    start_logging(requests=log_requests)
    app = make_wsgi(create_app(engine, settings, home, builds))
    server.settle_memory()
    address = f"{server.url_of(listener)}/"
    answering = f"Parley answers at {address}"
    return server.run(app, listener, settings, ready=lambda: click.echo(answering))


def _stop(_number: int, _frame: object) -> NoReturn:
    """End a start-up as Ctrl-C does, so that a running build is ended too."""
    raise SystemExit(143)

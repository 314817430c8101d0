"""``parley bench pages``: CPU per page with nothing kept from before, and what a page weighs.

CPU is that of the web process and of the query processes together. The crowd is a generated
dataset: one document of 10,000 claims on a shelf of 1,000.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import psutil

from parley.cli.bench import crowd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from parley.home import Home

REAL: Final = (
    "/",
    "/documents/iras-3036",
    "/id/actor/russia",
    "/id/claim/iras-3036/11c",
    "/timeline",
    "/network",
    "/stances",
    "/questions",
    "/questions/p08-stance-over-time",
    "/questions/claims-on-actor",
    "/sparql",
    "/search?q=taliban",
    "/validation",
    "/ns",
    "/vocab.json",
)
CROWD: Final = (
    "/",
    "/documents/crowd-0",
    "/documents/crowd-0?page=3",
    "/id/actor/synthetic-5",
    "/id/claim/crowd-0/100a",
    "/timeline",
    "/timeline?about=actor/synthetic-5",
    "/network",
    "/stances",
    "/search?q=leverage",
    "/vocab.json",
)
#: Pages that take over what another has gathered while the data stays as it is.
NEXT: Final = ("/documents/crowd-0?page=4", "/documents/crowd-0?polarity=negative")
_STATIC: Final = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
_ACCEPT: Final = {"Accept": "text/html", "Accept-Encoding": "gzip"}


@click.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to show.")
@click.option("--rounds", default=5, show_default=True, help="Requests of each page.")
@click.option("--big/--no-big", default=True, show_default=True, help="The crowd as well.")
def pages(home_path: Path | None, rounds: int, *, big: bool) -> None:
    """Measure every page: CPU per request, bytes sent, and the front page with all it loads."""
    from parley.home import find_home

    home = find_home(home_path)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as directory:
        out = Path(directory)
        _build(home, out / "real")
        with _client(home, out / "real") as client:
            _measure("the shipped article", client, REAL, rounds)
            _weigh_front_page(client)
        if big:
            crowded, quads = _publish_crowd(home, out)
            with _client(crowded, out / "crowd") as client:
                _measure(f"the crowd, {quads:,} quads", client, CROWD, max(rounds // 2, 1))
                _measure("the crowd, one page read before", client, NEXT, rounds, cold=False)


def _build(home: Home, out: Path) -> None:
    from parley.build.pipeline import build

    build(home, out)


def _publish_crowd(home: Home, out: Path) -> tuple[Home, int]:
    """Publish the crowd; return a home that has its source, and the number of quads."""
    from parley.build import generations
    from parley.home import Home

    crowded = Home(out / "home")
    folder = crowded.documents / "crowd-0"
    folder.mkdir(parents=True)
    for part in ("ontology", "queries"):
        (crowded.root / part).symlink_to((home.root / part).resolve())
    dataset = out / "crowd.nq"
    quads = crowd.write(dataset, folder / "source.txt")
    unchanged = {"fingerprint": generations.fingerprint(home)}
    with generations.lock(out / "crowd"):
        generations.publish(out / "crowd", dataset.read_bytes(), b"", unchanged)
    return crowded, quads


@contextmanager
def _client(home: Home, store: Path) -> Iterator[FlaskClient]:
    from parley.config import Settings
    from parley.engine.workers import PoolEngine
    from parley.web import server
    from parley.web.app import create_app

    settings = Settings(timeout_s=60.0)
    engine = PoolEngine(store, settings)
    try:
        client = create_app(engine, settings, home, store).test_client()
        server.settle_memory()
        yield client
    finally:
        engine.close()


def _measure(
    title: str, client: FlaskClient, paths: tuple[str, ...], rounds: int, *, cold: bool = True
) -> None:
    click.echo(f"{title}:\n{'':44} {'web':>7} {'engine':>7} {'CPU ms':>7} {'bytes':>9} {'gzip':>9}")
    client.get("/questions", headers=_ACCEPT)
    _await_rest()
    for path in paths:
        plain = client.get(path, headers={"Accept": "text/html"})
        small = client.get(path, headers=_ACCEPT)
        web, engine = 0.0, -_workers_s()
        for _ in range(rounds):
            _forget(client, cold=cold)
            begin = time.process_time()
            client.get(path, headers=_ACCEPT)
            web += time.process_time() - begin
        engine += _workers_s()
        status = "" if plain.status_code == 200 else f"  {plain.status}"
        figures = [1000 * spent / rounds for spent in (web, engine, web + engine)]
        sizes = f"{len(plain.get_data()):9,} {len(small.get_data()):9,}"
        click.echo(f"{path:44} {' '.join(f'{f:7.1f}' for f in figures)} {sizes}{status}")


def _weigh_front_page(client: FlaskClient) -> None:
    """Print what a browser fetches for the front page, compressed."""
    page = client.get("/", headers={"Accept": "text/html"}).get_data()
    addresses = ["/", *sorted({found.decode() for found in _STATIC.findall(page)})]
    sizes = [len(client.get(a, headers=_ACCEPT).get_data()) for a in addresses]
    click.echo(f"the front page in all: {sum(sizes):,} bytes in {len(sizes)} requests")


def _forget(client: FlaskClient, *, cold: bool) -> None:
    """Drop the pages that are kept; when cold, all that they are made of as well."""
    site = client.application.extensions["parley"]
    if cold:
        site.views.forget()
    site.pages.clear()


def _await_rest() -> None:
    """Wait until no query process is busy: a spare one opens the dataset in its own time."""
    before = -1.0
    for _ in range(100):
        if (now := _workers_s()) == before:
            return
        before = now
        time.sleep(0.2)


def _workers_s() -> float:
    """Return the CPU seconds that the query processes have used, those that ended included."""
    ended = os.times()
    return (
        sum(map(_run_s, psutil.Process().children(recursive=True)))
        + ended.children_user
        + ended.children_system
    )


def _run_s(process: psutil.Process) -> float:
    """Return the CPU seconds of a process; /proc/PID/stat counts them in hundredths only."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9

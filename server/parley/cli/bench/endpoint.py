"""``parley bench endpoint``: CPU per request and latency, beside other servers in the same run.

The figure to compare is CPU time per request of the whole process tree; wall-clock latency depends
on what else the machine is doing. Every request differs (by a parameter or a trailing comment), so
that no cache answers; the row *repeated* is the same request again, as a dashboard sends it.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from parley.cli.bench import load, synthetic
from parley.cli.bench.peers import Peer, serve_all
from parley.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KINDS: Final = ("point", "filter", "aggregate", "text", "path", "rows")
CLIENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of query on one server: milliseconds of CPU and of waiting."""

    cpu_ms: float
    p50_ms: float
    p99_ms: float


@click.command()
@click.option("--triples", default=0, help="Size of a generated dataset; 0 takes the home's own.")
@click.option("--rounds", default=3, show_default=True, help="Rounds; the median counts.")
@click.option("--seconds", default=2.0, show_default=True, help="Time per kind, server and round.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these.")
@click.option("--home", type=click.Path(path_type=Path), help="The home to take the dataset from.")
def endpoint(
    triples: int, rounds: int, seconds: float, kinds: Sequence[str], home: Path | None
) -> None:
    """Compare the endpoint with the Oxigraph server and rdflib-endpoint where installed."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as directory:
        dataset = Path(directory) / "dataset.nq"
        make = _write_synthetic(dataset, triples) if triples else _copy_real(dataset, home)
        with serve_all(dataset, Path(directory), home) as peers:
            click.echo(
                f"dataset: {_count(dataset):,} quads; servers: {', '.join(p.name for p in peers)}"
            )
            for kind in kinds or KINDS:
                _compare(kind, peers, make, rounds, seconds)
            _compare_repeated(peers, make, rounds, seconds)


def _write_synthetic(path: Path, triples: int) -> Callable[[str, int], str]:
    synthetic.write(path, triples)
    claims = triples // synthetic.TRIPLES_PER_CLAIM
    return _maker(
        lambda turn: synthetic.claim_iri(turn % claims),
        lambda turn: synthetic.actor_iri(turn % synthetic.ACTORS),
    )


def _copy_real(path: Path, home: Path | None) -> Callable[[str, int], str]:
    from parley.build.pipeline import build
    from parley.home import find_home

    result = build(find_home(home), path.parent / "built")
    path.write_bytes((result.generation.directory / "dataset.nq").read_bytes())
    claims = _subjects(path, "<https://w3id.org/parley/ns#claimant>", 0)
    actors = _subjects(path, "<https://w3id.org/parley/ns#claimant>", 2)
    return _maker(lambda turn: claims[turn % len(claims)], lambda turn: actors[turn % len(actors)])


def _subjects(path: Path, predicate: str, position: int) -> list[str]:
    """Return the IRIs at a position of the lines that hold a predicate, sorted, each once."""
    rows = (line.split(" ") for line in path.read_text(encoding="utf-8").splitlines())
    return sorted({row[position].strip("<>") for row in rows if row[1] == predicate})


def _maker(claim: Callable[[int], str], actor: Callable[[int], str]) -> Callable[[str, int], str]:
    folder = resources.files("parley.cli.bench") / "queries"
    texts = {kind: (folder / f"{kind}.rq").read_text(encoding="utf-8") for kind in KINDS}
    bare = {
        kind: "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        for kind, text in texts.items()
    }

    def make(kind: str, turn: int) -> str:
        text = bare[kind]
        if kind == "point":
            text = text.replace("?claim", f"<{claim(turn)}>")
        if kind in {"filter", "path"}:
            text = text.replace("?claimant", f"<{actor(turn)}>")
        return f"{text}\n# {turn}"

    return make


def _count(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


def _compare(
    kind: str, peers: list[Peer], make: Callable[[str, int], str], rounds: int, seconds: float
) -> None:
    results: dict[str, list[Result]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        for peer in peers:
            results[peer.name].append(
                _measure(peer, lambda turn: make(kind, turn), number, seconds)
            )
    _print(kind, peers, results)


def _measure(peer: Peer, query: Callable[[int], str], number: int, seconds: float) -> Result:
    base = (number + 1) * 10_000_019
    before = peer.cpu_s()
    first = load.concurrent(peer.address, lambda n: query(base + n), clients=1, limit_s=seconds / 2)
    cpu_ms = 1000 * (peer.cpu_s() - before) / len(first.seconds)
    under_load = load.concurrent(
        peer.address, lambda n: query(base + 500_000_003 + n), clients=CLIENTS, limit_s=seconds / 2
    )
    return Result(cpu_ms, under_load.at(0.5), under_load.at(0.99))


def _compare_repeated(
    peers: list[Peer], make: Callable[[str, int], str], rounds: int, seconds: float
) -> None:
    """The same aggregate again and again, with the entity tag where the server gave one."""
    text = make("aggregate", 0)
    results: dict[str, list[Result]] = {peer.name: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            tag = load.Client(peer.address).ask(text).get("ETag")
            headers = {"If-None-Match": tag} if tag else {}
            before = peer.cpu_s()
            count = load.sequential(peer.address, text, limit_s=seconds, **headers)
            cpu_ms = 1000 * (peer.cpu_s() - before) / count
            results[peer.name].append(Result(cpu_ms, 0.0, 0.0))
    _print("repeated", peers, results)


def _print(kind: str, peers: list[Peer], results: dict[str, list[Result]]) -> None:
    own = _median(results, peers[0].name, "cpu_ms")
    for peer in peers:
        cpu = _median(results, peer.name, "cpu_ms")
        p50 = _median(results, peer.name, "p50_ms")
        p99 = _median(results, peer.name, "p99_ms")
        ratio = f"parley is {own / cpu:5.2f} of it" if peer is not peers[0] and cpu else ""
        click.echo(
            f"{kind:10} {peer.name:16} cpu {cpu:9.3f} ms  p50 {p50:9.2f}  p99 {p99:9.2f}  {ratio}"
        )


def _median(results: dict[str, list[Result]], name: str, field: str) -> float:
    if not results[name]:
        raise SettingError("rounds is 0.", remedy="Use at least one round.")
    return float(statistics.median(getattr(result, field) for result in results[name]))

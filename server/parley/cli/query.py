"""``parley query``: run a query on the built dataset."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console

from parley.build import generations
from parley.cli import _progress, _table
from parley.cli._words import counted
from parley.config import default_store, load_settings
from parley.corpus import queries
from parley.engine import guard, results
from parley.engine.types import Query
from parley.engine.workers import PoolEngine
from parley.errors import Place, QueryFileError, reason
from parley.home import find_home
from parley.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.config import Settings
    from parley.engine.types import Answer
    from parley.home import Home

FORMATS: Final = ("json", "xml", "csv", "tsv", "ttl", "nt", "jsonld")
_LABELS: Final = "SELECT * { ?s rdfs:label ?label FILTER (LANG(?label) = 'en') }"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home to ask.")
@click.option("--store", type=click.Path(path_type=Path), help="Where builds are kept.")
@click.option("--format", "name", type=click.Choice(FORMATS), help="How to write the answer.")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a parameter that FILE names, as actor=actor/iran; repeatable.",
)
@click.option("--timeout", "timeout_s", type=float, help="Seconds the query may take.  [10]")
def query(
    file: Path,
    home_path: Path | None,
    store: Path | None,
    name: str | None,
    values: tuple[str, ...],
    timeout_s: float | None,
) -> None:
    """Run the query in FILE (- reads it from standard input) on the built dataset.

    Builds first when the home has changed. On a terminal the answer is a table, elsewhere CSV
    or Turtle; --format chooses.
    """
    text = _bind(file, values) if values else _read(file)
    home = find_home(home_path)
    settings = load_settings(timeout_s=timeout_s, workers=1)
    form = guard.check_query(text, guard.Limits.from_settings(settings)).form or "SELECT"
    pretty = name is None and sys.stdout.isatty()
    offered = results.formats_of(form)
    media_type = (
        results.JSON if pretty and form in {"SELECT", "ASK"} else _media_type(name, offered)
    )
    with contextlib.closing(_open(home, store, settings)) as engine:
        answer = engine.evaluate(Query(text, form, media_type, prefixes=tuple(PREFIXES.items())))
        if media_type == results.JSON and pretty:
            found = json.loads(answer.body)
            found["head"]["vars"] = results.in_order(found["head"].get("vars", []), text)
            _show(found, answer, _labels(engine))
        else:
            click.echo(answer.body, nl=sys.stdout.isatty())


def _media_type(name: str | None, offered: Sequence[str]) -> str:
    plain = results.CSV if results.CSV in offered else results.TURTLE
    return results.negotiate("", offered, name) if name else plain


def _open(home: Home, store: Path | None, settings: Settings) -> PoolEngine:
    out = store.resolve() if store else default_store(home.root)
    if generations.up_to_date(home, out) is None:
        from parley.build import pipeline

        with _progress.telling(Console(stderr=True)) as tell:
            pipeline.build(home, out, progress=tell)
    return PoolEngine(out, settings)


def _read(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read: {reason(error)}."
        raise QueryFileError(message, place=Place(str(file))) from error


def _bind(file: Path, values: Iterable[str]) -> str:
    """Return the text of a query file with values in the place of its parameters."""
    query = queries.read(file)
    known = {parameter.name: parameter for parameter in query.parameters}
    given = dict(value.partition("=")[::2] for value in values)
    for name in given.keys() - known.keys():
        raise QueryFileError(
            f"{file.name} has no parameter {name}.",
            remedy=f"Its parameters are: {', '.join(known) or 'none'}.",
            place=Place(str(file)),
        )
    return queries.bind(query, {n: queries.read_value(known[n], v) for n, v in given.items()})


def _labels(engine: PoolEngine) -> dict[str, str]:
    answer = engine.evaluate(
        Query(f"PREFIX rdfs: <{PREFIXES['rdfs']}> {_LABELS}", "SELECT", results.JSON)
    )
    rows = json.loads(answer.body)["results"]["bindings"]
    return {row["s"]["value"]: row["label"]["value"] for row in rows}


def _show(found: dict[str, Any], answer: Answer, labels: dict[str, str]) -> None:
    console = Console()
    _table.show(console, found, labels)
    if "boolean" not in found:
        said = counted(answer.rows or 0, "solution")
        console.print(f"{said} in {answer.engine_s:.3f} s", style="dim")

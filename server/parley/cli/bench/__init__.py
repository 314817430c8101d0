"""``parley bench NAME``: every figure that the documentation quotes, measured here and now."""

from __future__ import annotations

import importlib
from typing import Final

import click

from parley.errors import InputError

EXTRA: Final = "Install it with: pip install 'parley-claims[bench]'."

#: Benchmark name to ``module:attribute``; a benchmark is imported only when it runs.
BENCHES: Final[dict[str, str]] = {
    "batch": "parley.cli.bench.batch:batch",
    "drafting": "parley.cli.bench.drafting:drafting",
    "endpoint": "parley.cli.bench.endpoint:endpoint",
    "hostile": "parley.cli.bench.hostile:hostile",
    "ontology": "parley.cli.bench.ontology:ontology",
    "pages": "parley.cli.bench.pages:pages",
    "publish": "parley.cli.bench.publish:publish",
    "start": "parley.cli.bench.start:start",
}


class _Benches(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(BENCHES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in BENCHES:
            return None
        module, _, attribute = BENCHES[cmd_name].partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            return _wanting(cmd_name, error)
        return command


def _wanting(name: str, error: ModuleNotFoundError) -> click.Command:
    """Return a command that says which library this benchmark lacks."""
    if not error.name or error.name.startswith("parley."):
        raise error

    @click.command(name, context_settings={"ignore_unknown_options": True})
    @click.argument("anything", nargs=-1)
    def wanting(anything: tuple[str, ...]) -> None:
        del anything
        raise InputError(
            f"This benchmark wants {error.name}, which is not installed.", remedy=EXTRA
        )

    wanting.help = f"Not installed. {EXTRA}"
    wanting.short_help = f"Not installed: {error.name}, of the extra bench."
    return wanting


@click.group(cls=_Benches)
def bench() -> None:
    """Measure speed, memory and what attacks cost. Figures are of this machine, now."""

"""The command line: ``parley <command>``, one module per command, loaded when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Final, NoReturn

import click

from parley.errors import ParleyError

if TYPE_CHECKING:
    from parley.place import Place

#: Command name to ``module:attribute``; a command's module is imported only when it runs.
COMMANDS: Final[dict[str, str]] = {
    "bench": "parley.cli.bench:bench",
    "build": "parley.cli.build:build",
    "check": "parley.cli.check:check",
    "draft": "parley.cli.draft:draft",
    "export": "parley.cli.export:export",
    "format": "parley.cli.format:format_files",
    "import": "parley.cli.import_annotations:import_annotations",
    "merge": "parley.cli.merge:merge",
    "publish": "parley.cli.publish:publish",
    "query": "parley.cli.query:query",
    "reconcile": "parley.cli.reconcile:reconcile",
    "release": "parley.cli.release:release",
    "review": "parley.cli.review:review",
    "serve": "parley.cli.serve:serve",
    "where": "parley.cli.where:where",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="parley-claims", prog_name="parley")
def cli() -> None:
    """Who claims what about whom, in whose words: build, check, query and serve the graph."""
    click.get_current_context().color = _color()


def main() -> None:
    """Run the command line; an error a person can mend is one message and exit status 1."""
    try:
        cli(standalone_mode=True)
    except ParleyError as error:
        _fail(error.title, error.message, error.place, error.remedy)
    except OSError as error:
        if error.filename is None:
            raise
        _fail("A file cannot be used", f"{error.filename}: {error.strerror}.")


def _fail(title: str, message: str, place: Place | None = None, remedy: str = "") -> NoReturn:
    head = click.style(f"{title}.", fg="red", bold=True)
    where = f"\n  at {place}" if place else ""
    advice = f"\n  {click.style('→', fg='green')} {remedy}" if remedy else ""
    click.echo(f"{head} {message}{where}{advice}", err=True, color=_color())
    sys.exit(1)


def _color() -> bool | None:
    """Return False where https://no-color.org forbids colours, else let the terminal decide."""
    return False if os.environ.get("NO_COLOR") else None

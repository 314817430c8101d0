"""``parley format``: canonical Turtle, byte-identical whatever tool saved the file."""

from __future__ import annotations

import sys
from difflib import unified_diff
from itertools import chain
from pathlib import Path

import click

from parley.durable import replace_file
from parley.errors import FormatError, ParleyError, Place
from parley.home import find_home


@click.command("format")
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is not canonical.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--home", type=click.Path(path_type=Path), help="The home to format without FILE.")
def format_files(files: tuple[Path, ...], check: bool, diff: bool, home: Path | None) -> None:
    """Write Turtle files in canonical form.

    FILE is a Turtle file, a folder (all its .ttl files) or - (from input to output); without
    FILE, every Turtle file of the home. The graph stays the same, which is proven before a
    file is replaced. A file with an error is left alone, and the others are still formatted.
    """
    if files == (Path("-"),):
        given = _decode(sys.stdin.buffer.read(), "input")
        sys.stdout.buffer.write(_format(given, "input").encode("utf-8"))
        return
    errors = 0
    changed = 0
    for path in _turtle_files(files, home):
        try:
            changed += _format_file(path, write=not (check or diff), show=diff)
        except (ParleyError, OSError) as error:
            errors += 1
            click.echo(f"{click.style('error', fg='red')} {error}", err=True)
    if changed and (check or diff):
        click.echo(f"{changed} not canonical: run parley format.", err=True)
    if errors or (changed and (check or diff)):
        raise SystemExit(1)


def _turtle_files(files: tuple[Path, ...], home: Path | None) -> list[Path]:
    if not files:
        place = find_home(home)
        files = (place.ontology, place.data)
    found = (sorted(file.rglob("*.ttl")) if file.is_dir() else [file] for file in files)
    return list(dict.fromkeys(chain.from_iterable(found)))


def _format_file(path: Path, *, write: bool, show: bool) -> bool:
    """Format one file and say whether it was not canonical."""
    text = _read(path)
    canonical = _format(text, str(path))
    if canonical == text:
        return False
    if show:
        old, new = (t.splitlines(keepends=True) for t in (text, canonical))
        click.echo("".join(unified_diff(old, new, str(path), str(path))), nl=False)
    elif write:
        replace_file(path, canonical.encode("utf-8"))
    click.echo(f"{'formatted' if write else 'not canonical'} {path}", err=show)
    return True


def _format(text: str, source: str) -> str:
    from parley.corpus.canonical import format_turtle

    return format_turtle(text, source=source)


def _read(path: Path) -> str:
    try:
        return _decode(path.read_bytes(), str(path))
    except OSError as error:
        raise FormatError(f"{error.strerror}.", place=Place(str(path))) from error


def _decode(content: bytes, source: str) -> str:
    """Read UTF-8, the line ends as they are."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"The file is not UTF-8 text: byte {error.start} is 0x{content[error.start]:02x}.",
            remedy="Turtle is always UTF-8; save it so.",
            place=Place(source),
        ) from error

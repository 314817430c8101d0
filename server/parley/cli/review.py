"""``parley review``: decide on the claims of a drafted document, in the browser."""

from __future__ import annotations

import getpass
import os
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from parley.home import Home

CURATOR: str = "PARLEY_CURATOR"


@click.command()
@click.argument("slug")
@click.option("--curator", default="", help=f"Who reviews.  [{CURATOR}, or the login name]")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0 takes a free one.")
@click.option("--home", "home_path", type=click.Path(path_type=Path), help="The home of SLUG.")
@click.option("--browser/--no-browser", default=True, help="Open the page, or only print where.")
@click.option("--rules", is_flag=True, help="Print how each drafting rule has done, and end.")
def review(
    slug: str, *, curator: str, port: int, home_path: Path | None, browser: bool, rules: bool
) -> None:
    """Review the drafted claims of the document SLUG in the browser.

    Prints an address of this machine with a key in it. Each decision is saved to claims.ttl at
    once; the file may be edited by other means meanwhile. Ctrl-C ends the review, and nothing is
    lost.
    """
    from parley.home import find_home

    home = find_home(home_path)
    if rules:
        _print_rules(home)
        return
    _serve(home, slug, curator or default_curator(), port, browser=browser)


def default_curator() -> str:
    """Return who reviews when nobody is named."""
    return os.environ.get(CURATOR) or getpass.getuser()


def _serve(home: Home, slug: str, curator: str, port: int, *, browser: bool) -> None:
    from parley.config import Settings
    from parley.drafting import merging
    from parley.drafting.review.reviews import Review
    from parley.web import server
    from parley.web.review.access import Keys
    from parley.web.review.app import create_review_app

    begun = Review(home, slug, curator)
    merging.compare(home.documents / slug, home)
    with server.listen("127.0.0.1", port) as listener:
        keys = Keys(listener.getsockname()[1])
        app = create_review_app(begun, keys)
        address = f"{server.url_of(listener)}/review/{slug}#{keys.token}"
        settings = replace(Settings(), host="127.0.0.1", port=keys.port)
        server.run(app, listener, settings, ready=lambda: _announce(address, browser))


def _announce(address: str, browser: bool) -> None:
    click.echo(f"Review at {address}")
    if browser:
        webbrowser.open(address)


def _print_rules(home: Home) -> None:
    from parley.drafting.review import journal

    tallies = journal.tally(journal.read_all(home))
    click.echo("rule\taccepted\tedited\trejected")
    for rule, tally in tallies.items():
        click.echo(f"{rule}\t{tally.accepted}\t{tally.edited}\t{tally.rejected}")

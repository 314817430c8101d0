"""Labels, IRIs and literals that mean harm, or mean nothing, are shown harmlessly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from . import html
from .conftest import page

if TYPE_CHECKING:
    from flask import Flask

    from .html import Element

EVIL = "/id/actor/evil"
PATHS = (
    "/",
    "/documents",
    "/documents/x",
    "/browse/actors",
    "/browse/claims",
    "/browse/voices",
    EVIL,
    f"{EVIL}?lang=ru",
    f"{EVIL}?lang=fa",
    f"{EVIL}?show=about",
    f"{EVIL}?show=mentions",
    "/id/actor/name-less",
    "/id/actor/a'b(c);d=%22%3E",
    "/id/claim/x/1a",
    "/id/claim/x/1b",
    "/id/claim/bare",
    "/id/passage/x/0-5",
    "/id/proposition/nowhere",
    "/id/document/x",
    "/search?q=script",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/search?q=%22%27%5C%0A%7D",
    "/ns",
    "/validation",
    "/about?iri=mailto:a@example.org",
)
ALLOWED_SCHEMES = {"", "http", "https", "mailto"}


def danger(found: Element) -> list[str]:
    """Return what could run or lead astray: scripts within, handlers, styles, odd schemes."""
    wrong = []
    for element in found.all():
        attributes = element.attributes
        wrong += [f"{element.tag} {name}" for name in attributes if name.startswith("on")]
        wrong += ["style"] if "style" in attributes or element.tag in {"style", "iframe"} else []
        is_data = attributes.get("type") == "application/ld+json"
        if element.tag == "script" and is_data:
            wrong += [c for c in "<>&" if c in element.raw]
            json.loads(element.raw)
        elif element.tag == "script" and element.raw.strip():
            wrong.append("script")
        for name in ("href", "src", "action"):
            address = attributes.get(name, "")
            wrong += [address] if urlsplit(address).scheme not in ALLOWED_SCHEMES else []
    return wrong


@pytest.mark.parametrize("path", PATHS)
def test_hostile_data_harm_no_page(hostile_app: Flask, path: str) -> None:
    """The page is there, well-formed, and holds nothing that runs or leads to a script."""
    found = page(hostile_app.test_client(), path)

    assert danger(found) == []
    assert not any(char in found.raw for char in "\x01\x02\x7f\u202e\u202c\u2066")


def test_a_label_that_is_markup_is_shown_as_text(hostile_app: Flask) -> None:
    """What somebody wrote is what is read, also in the title."""
    found = page(hostile_app.test_client(), EVIL)

    assert found.one("h1").text == '<script>alert("x")</script> & "quotes" \'single\''
    assert found.one("title").text.startswith("<script>")


def test_a_label_is_no_template(hostile_app: Flask) -> None:
    """Braces in data stay braces."""
    found = page(hostile_app.test_client(), f"{EVIL}?lang=ru")

    assert found.one("h1").text == "evil txet {{ 7*7 }} {% raw %}"


def test_a_label_in_persian_runs_from_right_to_left(hostile_app: Flask) -> None:
    """Its element says so, whatever stands around it."""
    label = page(hostile_app.test_client(), f"{EVIL}?lang=fa").one("h1").one("bdi")

    assert (label.attributes["lang"], label.attributes["dir"]) == ("fa", "rtl")


def test_a_giant_literal_is_cut(hostile_app: Flask) -> None:
    """A page stays small; the whole is in the data."""
    answer = hostile_app.test_client().get(EVIL, headers={"Accept": "text/html"})

    assert len(answer.data) < 30_000
    assert "x" * 1_500 + "…" in answer.get_data(as_text=True)


def test_what_has_no_label_is_named_by_its_iri(hostile_app: Flask) -> None:
    """Nothing falls out: the last part of the IRI, as words."""
    assert page(hostile_app.test_client(), "/id/actor/name-less").one("h1").text == "name less"


def test_an_address_with_odd_characters_leads_to_its_page(hostile_app: Flask) -> None:
    """The link in a list is the address that answers."""
    client = hostile_app.test_client()
    links = {a.text: a.attributes["href"] for a in page(client, "/browse/actors").all("a")}

    assert page(client, links["odd address"]).one("h1").text == "odd address"


@pytest.mark.parametrize(
    "path",
    [
        "/about?iri=" + quote("javascript:alert(1)"),
        "/about?iri=<script>",
        "/about",
        "/id/actor/..%2f..%2fetc",
        "/documents/..%2f..",
        "/documents/UPPER",
        "/documents/x/%3Cscript%3E",
        "/browse/%3Cscript%3E",
    ],
)
def test_nonsense_in_an_address_is_answered_politely(hostile_app: Flask, path: str) -> None:
    """Not found or bad, never our fault, and never repeated as markup."""
    answer = hostile_app.test_client().get(path, headers={"Accept": "text/html"})

    assert answer.status_code in {200, 400, 404}
    assert danger(html.read(answer.get_data(as_text=True))) == []


@pytest.mark.parametrize("page_name", ["0", "-1", "99999999999999999999", "1e3", "²", "x"])
def test_nonsense_as_a_page_number_is_the_first_or_an_empty_page(
    hostile_app: Flask, page_name: str
) -> None:
    """Numbers from addresses reach no query unread."""
    shown = page(hostile_app.test_client(), f"/browse/actors?page={quote(page_name)}")

    assert shown.one("h1") is not None

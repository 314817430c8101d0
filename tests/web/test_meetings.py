"""Where documents meet, and what is said of those that wait for a review."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from parley.home import Home

from .conftest import ROOT, SECOND, application, page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from .html import Element

ARTICLE = "/documents/iras-3036"
DRAFTED = "who-spoke"


@pytest.fixture(scope="module")
def drafted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a home with a document of which every claim is a draft."""
    root = tmp_path_factory.mktemp("drafted")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    case = ROOT / "tests" / "cases" / "review" / DRAFTED
    shutil.copytree(case, root / "data" / "documents" / DRAFTED)
    with application(Home(root), root / "store") as made:
        yield made


@pytest.fixture
def show_drafted(drafted_app: Flask) -> Callable[[str], Element]:
    """A function that returns a page of the home with drafts, read."""
    return lambda path: page(drafted_app.test_client(), path)


def leads(element: Element) -> list[str]:
    """Return where the links of an element lead."""
    return [a.attributes["href"] for a in element.all("a")]


def test_the_shelf_shows_contradictions_with_both_passages(
    show_shelf: Callable[..., Element],
) -> None:
    """Who affirms stands before who denies, each with the words and a link to them."""
    [item] = show_shelf("/").one("section", "meetings").all("li")
    sides = [(side.one("p", "says").text, leads(side)[1:]) for side in item.all("div", "side")]
    other = f"/documents/{SECOND.name}"

    assert item.attributes["class"] == "dispute"
    assert "contradiction Tajikistan mediates the contacts" in item.one("h3").text
    assert sides == [
        ("affirmed by Alireza Nouri", [f"{ARTICLE}/11c", f"{ARTICLE}/11c", ARTICLE]),
        ("denied by Mira Halvorsen", [f"{other}/3a", f"{other}/3a", other]),
    ]


def test_a_document_says_that_it_contradicts_another(show_shelf: Callable[..., Element]) -> None:
    """At its head, with the way to where; alone on the shelf it meets none."""
    head = show_shelf(f"/documents/{SECOND.name}").one("div", "opening")

    assert "#meet" in leads(head)
    assert "Contradicts other documents on 1 proposition" in head.text


def test_one_document_meets_none(show: Callable[..., Element]) -> None:
    """The section is not there."""
    assert show("/documents").all("section", "meetings") == []
    assert "#meet" not in leads(show(ARTICLE).one("div", "opening"))


def test_drafts_are_told_and_not_shown(show_drafted: Callable[[str], Element]) -> None:
    """The shelf and the article say that drafts wait; the text stands without a claim."""
    books = show_drafted("/").one("ol", "shelf").all("li")
    book = next(book for book in books if DRAFTED in leads(book)[0])
    article = show_drafted(f"/documents/{DRAFTED}")

    assert "drafted, not reviewed" in book.one("p", "tally").text
    assert " claims by" not in book.one("p", "tally").text
    assert f"parley review {DRAFTED}" in article.one("div", "opening").text
    assert article.all(css="claim") == []
    assert "never passed a message" in article.text
    assert "None of its claims has been reviewed yet" in article.text
    assert "ilter" not in article.one("section", id="reading").text


@pytest.mark.parametrize("address", [f"/documents/{DRAFTED}/4a", f"/id/claim/{DRAFTED}/4a"])
def test_a_drafted_claim_is_not_found_but_explained(drafted_app: Flask, address: str) -> None:
    """404, with who drafted it and how to decide on it."""
    answer = drafted_app.test_client().get(address, headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "nobody has reviewed" in answer.text
    assert f"parley review {DRAFTED}" in answer.text


@pytest.mark.parametrize(
    "path", ["/browse/claims", "/search?q=never+passed+a+message", "/sitemap.xml", "/timeline"]
)
def test_no_page_holds_a_draft(drafted_app: Flask, path: str) -> None:
    """Neither lists nor search nor pictures name a drafted claim."""
    answer = drafted_app.test_client().get(path, headers={"Accept": "text/html"})

    assert answer.status_code in {200, 404}
    assert f"claim/{DRAFTED}" not in answer.text
    assert f"/documents/{DRAFTED}/" not in answer.text

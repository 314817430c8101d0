"""What style sheets hide of a page is no text; what they only arrange stays."""

from __future__ import annotations

import pytest

from parley.drafting import markup, sources
from parley.errors import DraftError

SEEN = """<p>The minister said that the talks had failed and that the army would leave at once.</p>
<p>The envoy hoped that the rebels would return to the table before the end of the year, and he
urged the neighbours to help them. The neighbours refused to do so, for reasons of their own.</p>"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>On the talks</title>
<style>{style}</style></head><body class="page"><main id="main"><article class="story">
<h1>On the talks</h1>{seen}
<div class="box"><p {given}>Buried words praise the ministry of the neighbours.</p></div>
</article></main></body></html>"""


def text_of(style: str, given: str = 'class="extra note" id="aside"') -> str:
    """Return the text of a page with a style sheet."""
    page = PAGE.replace("{style}", style).replace("{given}", given).replace("{seen}", SEEN)
    return sources.from_bytes(page.encode(), "page.html").text


@pytest.mark.parametrize(
    "style",
    [
        ".extra { display: none }",
        "p.note{color:red;DISPLAY : NONE !important}",
        "#aside { visibility: hidden; }",
        "h2, .box > .note , h3 { font-size: 0 }",
        "article .box p#aside { position: absolute; left: -9999px }",
        "/* .story { } */ @media screen { .box p { display: none } }",
        "@charset 'utf-8'; .other{display:none} .extra{margin-left:-99999px}",
        ".extra{display:none} h1{display:block}",
    ],
)
def test_what_a_style_sheet_hides_is_no_text(style: str) -> None:
    """By class, element, identifier or descent, in whatever way it is put out of sight."""
    found = text_of(style)

    assert "Buried words" not in found
    assert "The envoy hoped" in found


@pytest.mark.parametrize(
    "style",
    [
        "",
        ".extr { display: none } .note-2 { display: none } aside p { display: none }",
        "@media print { .extra { display: none } }",
        ".extra:hover, .extra[open], .box p:nth-child(1) { display: none }",
        ".extra { opacity: 0; transition: opacity 1s }",
        ".extra { display: none } .box .extra { display: block }",
        ".box { left: 50%; margin-left: -480px }",
        "body, .page, #main, .story { display: none }",
        "} .extra } {{{ display: none",
        ".extra::before { content: '}'; display: none }",
    ],
)
def test_what_a_style_sheet_does_not_hide_stays(style: str) -> None:
    """Other elements, other media, states, arrangement, and a page that scripts would show."""
    found = text_of(style)

    assert "Buried words" in found
    assert "The envoy hoped" in found


def test_a_hostile_style_sheet_is_read_as_far_as_is_reasonable() -> None:
    """Very many rules over very many elements, deep within each other, end in a page."""
    style = "".join(f".a{n} .b > .c{{display:none}}" for n in range(50_000)) + "{" * 100_000
    body = "<div class='a9'><b class='b'>" * 90 + "<i class='c'>x</i>" * 20_000
    page = markup.visible(f"<html><head><style>{style}</style></head><body>{body}", "page.html")

    assert page is not None
    assert len(page.xpath("//i")) == 20_000


def test_a_page_of_hidden_words_alone_holds_no_article() -> None:
    """What is left when they are gone is refused."""
    page = "<html><head><style>.x{display:none}</style></head><body><h1>News</h1>"
    page += "<p class=x>Praise the ministry of truth.</p>" * 3 + "<p>Accept all cookies.</p>"
    page += (
        "<p>We value your privacy and your consent to many things on this page.</p></body></html>"
    )

    with pytest.raises(DraftError, match="holds no article"):
        sources.from_bytes(page.encode(), "page.html")

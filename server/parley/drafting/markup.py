"""What a reader sees of a page: its elements without scripts, styles and hidden parts."""

from __future__ import annotations

import re
from typing import Any, Final

from parley.drafting import stylesheets
from parley.errors import DraftError

#: Elements of a page, and attributes of one element, beyond which it is no article.
MOST_ELEMENTS: Final = 40_000
MOST_ATTRIBUTES: Final = 1_000
_LONG_TAG: Final = re.compile(r"<[^<>]{8000,}>")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_UNSEEN: Final = (
    "//script|//style|//noscript|//template|//iframe|//object|//embed|//*[@hidden]"
    "|//*[@aria-hidden='true']"
)
_FADED: Final = re.compile(r"opacity:0(?:px|em|%)?(?:;|!|$)")


def visible(markup: str, name: str) -> Any:
    """Return the parsed page without what a reader does not see, or None when it is empty.

    Raises:
        DraftError: It has more elements or attributes than an article has.
    """
    from lxml import etree, html  # type: ignore[import-untyped]

    _check_tags(markup, name)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        page = html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    unseen = [*page.xpath(_UNSEEN), *(e for e in page.xpath("//*[@style]") if _is_hidden(e))]
    sheets = stylesheets.text_of(page)
    _drop(unseen)
    if sum(1 for _ in page.iter()) > MOST_ELEMENTS:
        raise _no_article(name, f"more than {MOST_ELEMENTS} elements")
    _drop(stylesheets.hidden(page, sheets))
    return page


def _drop(elements: list[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: Any) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return bool(stylesheets.HIDING.search(style) or _FADED.search(style))


def _check_tags(markup: str, name: str) -> None:
    """Refuse an element of very many attributes, over which a parser would take hours."""
    for tag in _LONG_TAG.finditer(markup):
        if len(_QUOTED.sub("", tag.group()).split()) > MOST_ATTRIBUTES:
            raise _no_article(name, f"an element with more than {MOST_ATTRIBUTES} attributes")


def _no_article(name: str, why: str) -> DraftError:
    return DraftError(
        f"{name} is a page with {why}, which no article has.", remedy="Give the article's text."
    )

"""Every colour pair used for text or lines has enough contrast, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[1] / "server" / "parley" / "web" / "static" / "app.css"
PALETTE: list[tuple[str, str, str]] = re.findall(
    r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS.read_text(encoding="utf-8")
)
GROUNDS = ("paper", "sheet", "band")
TEXT = (
    "ink",
    "quiet",
    "link",
    "accent",
    "bad",
    "good",
    *(name for name, _, _ in PALETTE if name.startswith("c-")),
)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colour(name: str, theme: int) -> str:
    """Return a palette colour; theme 1 is light, 2 is dark."""
    return next(row[theme] for row in PALETTE if row[0] == name)


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_is_readable_on_every_ground(text: str, ground: str, theme: int) -> None:
    """Text reaches 4.5:1 on paper, sheets and bands."""
    assert contrast(colour(text, theme), colour(ground, theme)) >= 4.5


#: What passages are marked with: by mode of attribution, and when pointed at.
MARKS = ("mark", "mark-strong", "lit", *(n for n, _, _ in PALETTE if n.startswith("m-")))


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
@pytest.mark.parametrize("ground", MARKS)
def test_marked_text_is_readable(ground: str, theme: int) -> None:
    """The article's words stay readable where passages are marked, even twice."""
    assert contrast(colour("ink", theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
@pytest.mark.parametrize("line", ["line", "focus"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_lines_are_visible(line: str, ground: str, theme: int) -> None:
    """Edges of pictures, borders of fields and the focus ring reach 3:1."""
    assert contrast(colour(line, theme), colour(ground, theme)) >= 3


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
def test_the_modes_of_attribution_are_told_apart_by_more_than_colour(theme: int) -> None:
    """Each mode has a tint and a line of its own; the line reaches 3:1 on its tint."""
    modes = [name.removeprefix("m-") for name in MARKS if name.startswith("m-")]
    ratios = {m: contrast(colour(f"c-{m}", theme), colour(f"m-{m}", theme)) for m in modes}

    assert len(modes) == 4
    assert len({colour(f"m-{mode}", theme) for mode in modes}) == 4
    assert min(ratios.values()) >= 3, ratios


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
def test_every_colour_of_the_palette_is_tried(theme: int) -> None:
    """A colour that is added here without a promise is not overlooked."""
    tried = {*TEXT, *GROUNDS, *MARKS, "line", "focus", "rule"}

    assert {name for name, *_ in PALETTE} == tried
    assert all(row[theme].startswith("#") for row in PALETTE)

"""Pictures say what the data says, link to it, and survive hostile labels."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.web.pictures import lanes, svg, timeline

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>\u202e"&\x08'

CONTACT = timeline.Item("Contacts", "first contacts", "/id/a", "contact", 1995.0, 1996.0)
STANCE = timeline.Item("Stance", "negative views", "/id/b", "stance", 1990.0, 2000.0, "decade")
TALKS = timeline.Item("Contacts", "talks with the opposition", "/id/c", "contact")

COLUMNS = (
    lanes.Column("Actors", (lanes.Node("r", "Russia", "/r", "actor"),)),
    lanes.Column(
        "Contacts",
        (lanes.Node("b", "talks", "/b", "contact"), lanes.Node("a", "1995", "/a", "contact")),
    ),
)


def links(picture: str) -> list[tuple[str, str]]:
    """Return address and tooltip of every link, in drawing order."""
    return [
        (a.attrib["href"], a.findtext(f"{SVG}title") or "")
        for a in ET.fromstring(picture).iter(f"{SVG}a")  # noqa: S314 - our own output
    ]


def marks(picture: str, tag: str) -> list[dict[str, str]]:
    """Return the attributes of every mark drawn with a tag."""
    root = ET.fromstring(picture)  # noqa: S314 - our own output
    return [dict(e.attrib) for e in root.iter(f"{SVG}{tag}") if "mark" in e.get("class", "")]


def test_timeline_links_every_item() -> None:
    """Each item is one link to its own page, with its label as tooltip."""
    assert sorted(links(timeline.draw([CONTACT, STANCE, TALKS], title="T"))) == [
        ("/id/a", "first contacts."),
        ("/id/b", "negative views."),
        ("/id/c", "talks with the opposition."),
    ]


def test_undated_items_stand_right_of_the_scale() -> None:
    """What the source does not date is not given a date: it stands in the last column."""
    circles = marks(timeline.draw([CONTACT, TALKS], title="T"), "circle")

    assert [float(c["cx"]) > timeline.WIDTH - timeline.UNDATED_WIDTH for c in circles] == [True]


def test_a_decade_fades_at_both_ends() -> None:
    """A decade carries veils at both ends, a year none."""
    assert timeline.draw([STANCE], title="T").count("veil-0") == 2
    assert "veil" not in timeline.draw([CONTACT], title="T")


def test_labels_of_one_row_do_not_overlap() -> None:
    """Items that would cover each other take rows of their own."""
    items = [
        timeline.Item("L", f"a rather long label {n}", f"/{n}", "stance", 2000.0) for n in range(5)
    ]
    rows = {m["y"] for m in marks(timeline.draw(items, title="T"), "rect")}

    assert len(rows) == 5


def test_an_empty_timeline_is_still_a_picture() -> None:
    """No items leave a titled, empty frame."""
    assert "<title" in timeline.draw([], title="T")


def test_edges_join_drawn_nodes_only() -> None:
    """An edge to a node that is not drawn is left out, the others are drawn."""
    edges = [lanes.Edge("r", "a", "took part"), lanes.Edge("r", "absent", "took part")]

    assert lanes.draw(COLUMNS, edges, title="N").count('class="line"') == 1


def test_lanes_are_the_same_on_every_run() -> None:
    """The order of edges does not change the picture's nodes."""
    edges = [lanes.Edge("r", "a", "x"), lanes.Edge("r", "b", "y")]
    first = lanes.draw(COLUMNS, edges, title="N")
    again = lanes.draw(COLUMNS, edges[::-1], title="N")

    assert links(first) == links(again)


def test_boxes_of_a_column_do_not_overlap() -> None:
    """Every box starts below the end of the one before."""
    nodes = tuple(lanes.Node(str(n), "a label of some length " * 3, "/", "k") for n in range(9))
    rects = marks(lanes.draw([lanes.Column("C", nodes)], [], title="N"), "rect")
    spans = sorted((float(r["y"]), float(r["y"]) + float(r["height"])) for r in rects)

    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "picture",
    [
        timeline.draw([timeline.Item(HOSTILE, HOSTILE, "/", "k", 1.0)], title=HOSTILE),
        lanes.draw(
            [lanes.Column(HOSTILE, (lanes.Node("n", HOSTILE, "/", "k"),))], [], title=HOSTILE
        ),
    ],
    ids=["timeline", "lanes"],
)
def test_hostile_labels_stay_text(picture: str) -> None:
    """Markup, controls and bidi overrides in a label reach nobody."""
    assert "<script" not in picture
    assert "\u202e" not in picture
    ET.fromstring(picture)  # noqa: S314 - parses, so nothing broke out


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", ""])
def test_addresses_that_run_code_are_no_links(href: str) -> None:
    """Only http, https and local addresses become links."""
    picture = timeline.draw([timeline.Item("L", "label", href, "k", 1.0)], title="T")

    assert links(picture) == []


@given(st.text(max_size=200), st.floats(20, 400), st.integers(1, 4))
def test_wrapped_text_fits(text: str, width: float, rows: int) -> None:
    """No line is wider than asked for and there are no more lines than asked for."""
    wrapped = svg.wrap(text, width, 13, lines=rows)

    assert len(wrapped) <= rows
    assert all(svg.text_width(row, 13) <= width or len(row) <= 2 for row in wrapped)

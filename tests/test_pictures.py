"""Pictures say what the data says, link to it, and survive hostile labels."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.web.pictures import lanes, script, svg, timeline, words

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


def drawn(picture: str, tag: str, css: str) -> list[dict[str, str]]:
    """Return the attributes of every element of a tag and a class."""
    root = ET.fromstring(picture)  # noqa: S314 - our own output
    return [e.attrib for e in root.iter(f"{SVG}{tag}") if e.get("class") == css]


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


def test_lines_say_what_they_are_where_there_is_room() -> None:
    """Each relation is read in the picture; words cover neither boxes nor other words."""
    left = tuple(lanes.Node(f"a{n}", "one", "/", "actor") for n in range(4))
    right = tuple(lanes.Node(f"b{n}", "other", "/", "actor") for n in range(4))
    columns = [lanes.Column("from", left), lanes.Column("to", right)]
    edges = [
        lanes.Edge(a.key, b.key, "", "/", f"ties {a.key} to {b.key}") for a in left for b in right
    ]
    picture = lanes.draw(columns, edges, title="N")
    found = ET.fromstring(picture).iterfind(f".//{SVG}text[@class='word']")  # noqa: S314
    places = [(t.find(f"{SVG}tspan"), float(t.get("y", ""))) for t in found]
    boxes = [
        (float(span.get("x", "")), y, svg.text_width(span.text or "", 11))
        for span, y in places
        if span is not None
    ]

    assert len(boxes) > 8
    assert not [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if abs(a[1] - b[1]) < 11 and abs(a[0] - b[0]) < (a[2] + b[2]) / 2
    ]
    assert all(x - wide / 2 > 252 and x + wide / 2 < 1180 - 252 for x, _, wide in boxes)


@pytest.mark.parametrize("turned", [False, True], ids=["there", "back"])
def test_a_line_that_passes_a_column_goes_through_none_of_its_boxes(*, turned: bool) -> None:
    """Whichever of its ends the relation begins at."""
    middle = tuple(lanes.Node(f"m{n}", "between", "/", "k") for n in range(3))
    columns = [
        lanes.Column("A", (lanes.Node("a", "one", "/", "k"),)),
        lanes.Column("M", middle),
        lanes.Column("B", (lanes.Node("b", "other", "/", "k"),)),
    ]
    ends = ("b", "a") if turned else ("a", "b")
    picture = lanes.draw(columns, [lanes.Edge(*ends, "ties")], title="N")
    [line] = [m["d"] for m in drawn(picture, "path", "line")]
    level = float(line.split("H")[0].split()[-1])
    rects = [r for r in marks(picture, "rect") if float(r["x"]) > 300 and float(r["x"]) < 700]

    assert len(rects) == 3
    assert not [r for r in rects if 0 <= level - float(r["y"]) <= float(r["height"])]


def test_a_line_within_the_last_column_stays_in_the_picture() -> None:
    """It swings out to the left, where there is room."""
    nodes = tuple(lanes.Node(key, "label", "/", "k") for key in ("x", "y"))
    columns = [*COLUMNS, lanes.Column("Last", nodes)]
    picture = lanes.draw(columns, [lanes.Edge("x", "y", "ties")], title="N")
    [line] = [m["d"] for m in drawn(picture, "path", "line")]
    numbers = [float(part) for part in line.split() if part not in "MC"]

    assert max(numbers[::2]) < lanes.WIDTH


def test_words_for_which_there_is_no_room_are_only_said_on_pointing() -> None:
    """A box that takes all the room keeps it; the line's own title still has the words."""
    boxes = [svg.Box(0, 0, 100, 50), svg.Box(120, 0, 100, 50)]
    room = words.Room([*boxes, svg.Box(100, 0, 20, 50)])
    room.add("mediates the contacts", [(100, 25), (110, 25), (110, 25), (120, 25)])
    root = ET.Element("svg")
    room.write(root)

    assert list(root) == []


RUSSIA = "\u0631\u0648\u0633\u06cc\u0647"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Russia: threatens", ["Russia: threatens"]),
        (RUSSIA, [f"\u2068{RUSSIA}\u2069"]),
        (
            f"{script.isolate(RUSSIA)}, {script.isolate(RUSSIA)}: threatens",
            [f"\u2068{RUSSIA}\u2069, \u2068{RUSSIA}\u2069: threatens"],
        ),
        (f"{RUSSIA}\u202e\u2067\u2069", [f"\u2068{RUSSIA}\u2069"]),
    ],
    ids=["from the left", "from the right", "both", "hostile"],
)
def test_names_from_the_right_stand_apart_from_words_around_them(
    label: str, shown: list[str]
) -> None:
    """Two Persian names in an English line keep their order, and each its own direction."""
    picture = lanes.draw(
        [lanes.Column("C", (lanes.Node("n", label, "/", "actor"),))], [], title="N"
    )
    spans = ET.fromstring(picture).iterfind(f".//{SVG}a//{SVG}tspan")  # noqa: S314

    assert [span.text for span in spans] == shown


@given(st.text(alphabet=["a", " ", RUSSIA[0], "\u2068", "\u2069"], max_size=60))
def test_an_isolate_ends_in_its_line(text: str) -> None:
    """Whatever is wrapped, each row closes what it opens, and nothing else."""
    for row in svg.wrap(text, 60, 13, lines=4):
        depth = 0
        for character in row:
            depth += (character == script.ISOLATE) - (character == script.POP)
            assert depth >= 0
        assert depth == 0

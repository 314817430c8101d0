"""Annotations of others: found again in our source by their words, drafted, or left out aloud."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import RDF, SKOS

from parley.cli.import_annotations import import_annotations
from parley.corpus import claims, documents
from parley.corpus.ontology import parse
from parley.drafting import importing, tables
from parley.drafting.anchoring import Anchors, Selector
from parley.drafting.importing import labels, standoff, webannotation
from parley.errors import DraftError, QuotationError
from parley.namespaces import PL

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

    from parley.drafting.values import Draft

TEXT = (
    "On the talks\n\n"
    "The minister said that the talks had failed. The envoy did not say that the army was weak.\n"
    "The minister’s aim is freeing the crew from the city. Russia met Iran through Oman in 1995, "
    "and the talks had failed again, as the papers of the year wrote.\n"
)
STANDOFF = (
    "T1\tclaimant {minister}\tThe minister\n"
    "T2\tcue {said}\tsaid\n"
    "T3\tcontent {failed}\tthe talks had failed\n"
    "R1\tattributed-to Arg1:T3 Arg2:T1\n"
    "R2\tcue Arg1:T3 Arg2:T2\n"
    "T4\tattribution {say}\tsay\n"
    "T5\tperson {envoy}\tThe envoy\n"
    "T6\tstatement {weak}\tthe army was weak\n"
    "E1\tattribution:T4 Source:T5 Content:T6\n"
    "A1\tNegation E1\n"
    "#1\tAnnotatorNotes T6\tread\ttwice\n"
    "T7\tobjective {aim}\tfreeing the crew\n"
    "T8\tstate {russia}\tRussia\n"
    "T9\tstate {iran}\tIran\n"
    "T10\tstate {oman}\tOman\n"
    "T11\tcontact {met}\tmet\n"
    "E2\tcontact:T11 Participant:T8 Participant2:T9 Mediator:T10\n"
    "R3\tholder Arg1:T7 Arg2:T1\n"
    "N1\tReference T8 wikidata:Q159\tRussian Federation\n"
    "*\tEquiv T1 T5\n"
)
WORDS = {
    "minister": "The minister", "said": "said", "failed": "the talks had failed", "say": "say",
    "envoy": "The envoy", "weak": "the army was weak", "aim": "freeing the crew",
    "russia": "Russia", "iran": "Iran", "oman": "Oman", "met": "met",
}  # fmt: skip


def spans(text: str) -> dict[str, str]:
    """Return the offsets of each word or phrase as a .ann file writes them."""
    return {key: f"{text.index(w)} {text.index(w) + len(w)}" for key, w in WORDS.items()}


def read(folder: Path, annotations: str | object, text: str = TEXT) -> tuple[Draft, list[str]]:
    """Import annotations of a text; a text is stand-off, anything else JSON."""
    source, file = folder / "talks.txt", folder / "marks"
    source.write_bytes(text.encode())
    words = annotations if isinstance(annotations, str) else json.dumps(annotations)
    file.write_text(words, encoding="utf-8")
    draft, left = importing.read(source, [file])
    return draft, [str(one) for one in left]


def quoting(exact: str, *tags: str, **more: Any) -> dict[str, Any]:
    """Return an annotation as Hypothes.is exports it."""
    selector = {"type": "TextQuoteSelector", "exact": exact, **more}
    return {"id": "x", "tags": list(tags), "target": [{"source": "p", "selector": [selector]}]}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an annotation made us call somebody")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_standoff_marks_become_proposals(tmp_path: Path) -> None:
    """Relations, events, traits and notes of a .ann file make claims, an objective, a contact."""
    draft, left = read(tmp_path, STANDOFF.format(**spans(TEXT)))

    assert left == []
    assert [(a.claimant, a.cue, a.span.quote, a.denied) for a in draft.attributions] == [
        ("minister", "said", "the talks had failed", False),
        ("envoy", "say", "the army was weak", True),
    ]
    assert draft.attributions[1].origin == "imported from marks:8: read twice"
    assert [(o.holder, o.span.quote) for o in draft.objectives] == [
        ("minister", "freeing the crew")
    ]
    assert [(c.participants, c.mediators) for c in draft.contacts] == [
        (("Russia", "Iran"), ("Oman",))
    ]
    assert {m.actor: m.kind for m in draft.mentions}["Russia"] == "state"


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("’", "'"),
        "A line of another edition.\n" + TEXT,
        "\ufeff" + TEXT,
    ],
    ids=["CRLF", "straight quotes", "longer", "mark"],
)
def test_marks_are_found_again_in_another_rendering(tmp_path: Path, text: str) -> None:
    """Line ends, quotation marks and a shifted text do not lose a mark."""
    draft, left = read(tmp_path, STANDOFF.format(**spans(TEXT)), text)

    assert left == []
    assert len(draft.attributions) == 2
    assert draft.attributions[0].span.quote == "the talks had failed"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T1\tclaim 0 9\tthe harvest was good", "'the harvest was good' does not stand"),
        ("T1\tunicorn 0 12\tOn the talks", "'unicorn': no such label"),
        ("T1\tclaim 0 9", "are not the words of the text at 0 9"),
        ("T1\tclaim\tOn the talks", "is no line of stand-off annotation"),
        ("T1\tclaim 0 99999999999\tOn the talks", "is no line of stand-off annotation"),
        ("X1\tclaim 0 12\tOn the talks", "is no line of stand-off annotation"),
        ("R1\tcue Arg1:T1 Arg2:T2", "joins something that is no mark"),
        ("R1\tcue Arg1:T1", "is no line of stand-off annotation"),
        ("R1\trhymes-with Arg1:T1 Arg2:T2", "'rhymes-with': no such role"),
        ("A1\tNegation T9", "is said of no mark"),
        ("A1\tNegation", "is no line of stand-off annotation"),
        ("E1\t", "is no line of stand-off annotation"),
        ("T1\tcontact 0 2\tOn", "A contact takes two participants; 0 are marked"),
        ("T1\tclaim 0 2;170 175\tOn crowd", "are not the words of the text at 0 2;170 175"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_its_line(
    tmp_path: Path, line: str, reason: str
) -> None:
    """A line that says nothing to us is named, with the reason, and nothing is drafted from it."""
    draft, left = read(tmp_path, f"\n{line}\n")

    (told,) = left
    assert told.startswith("marks:2: ")
    assert reason in told
    assert [*draft.attributions, *draft.author_claims, *draft.contacts] == []


def test_parts_of_a_mark_are_quoted_whole(tmp_path: Path) -> None:
    """A discontinuous mark is the words from its first part to its last, its parts noted."""
    start, end = TEXT.index("The envoy"), TEXT.index("was weak")
    line = f"T1\tclaim {start} {start + 9};{end} {end + 8}\tThe envoy was weak"
    draft, left = read(tmp_path, line)

    (claim,) = draft.author_claims
    assert left == []
    assert claim.span.quote == "The envoy did not say that the army was weak"
    assert "parts: The envoy … was weak" in claim.origin


def test_parts_that_lie_far_apart_are_left_out(tmp_path: Path) -> None:
    """Nobody claims a whole page between two words."""
    text = TEXT + "The year went on. " * 100 + "It ended.\n"
    end = text.index("It ended")
    _, left = read(tmp_path, f"T1\tclaim 0 2;{end} {end + 8}\tOn It ended", text)

    assert "characters apart" in left[0]


def test_overlapping_marks_stand_beside_each_other(tmp_path: Path) -> None:
    """A mark within a mark, and one that crosses it, are three proposals."""
    start = TEXT.index("the talks had failed")
    lines = [
        f"T{n}\tclaim {start + a} {start + b}\t{TEXT[start + a : start + b]}"
        for n, (a, b) in enumerate([(0, 20), (4, 9), (4, 25)], start=1)
    ]
    draft, left = read(tmp_path, "\n".join(lines))

    assert left == []
    assert len(draft.author_claims) == 3


EXPORTS = {
    "Hypothes.is search": lambda items: {"total": len(items), "rows": items},
    "Hypothes.is export": lambda items: {"export_date": "2026", "annotations": items},
    "page": lambda items: {"type": "AnnotationPage", "items": items},
    "collection": lambda items: {"type": "AnnotationCollection", "first": {"items": items}},
    "graph": lambda items: {"@context": "https://example.org/remote.jsonld", "@graph": items},
    "list": lambda items: items,
}


@pytest.mark.parametrize("wrap", EXPORTS.values(), ids=EXPORTS)
def test_exports_of_every_shape_are_read(tmp_path: Path, wrap: Any) -> None:
    """Collections, pages, graphs and lists are read alike, and no context is fetched."""
    items = [
        quoting("the talks had failed", "claim", "claimant: the Kremlin", prefix="said that "),
        quoting("the army was weak", "belief", "negated", "claimant:The envoy"),
        quoting("the papers of the year"),
    ]
    draft, left = read(tmp_path, wrap(items))

    assert left == []
    assert [(a.claimant, a.sense, a.polarity) for a in draft.attributions] == [
        ("the Kremlin", "assertion", "+"),
        ("The envoy", "belief", "-"),
    ]
    assert [own.span.quote for own in draft.author_claims] == ["the papers of the year"]


def test_standard_annotation_is_read(tmp_path: Path) -> None:
    """Bodies by purpose, prefixed terms, refined selectors and several targets are understood."""
    selector = {
        "type": "RangeSelector",
        "refinedBy": {"@type": "oa:TextQuoteSelector", "oa:exact": {"@value": "freeing the crew"}},
    }
    annotation = {
        "@context": ["http://www.w3.org/ns/anno.jsonld", "file:///etc/passwd"],
        "@id": "urn:1",
        "@type": "oa:Annotation",
        "oa:hasBody": [
            {"type": "TextualBody", "purpose": "tagging", "value": "goal"},
            {"type": "TextualBody", "purpose": "commenting", "value": "see\nalso"},
        ],
        "oa:hasTarget": [
            {"source": "x", "selector": selector},
            {"source": "x", "selector": {"type": "TextPositionSelector", "start": 0, "end": 12}},
        ],
    }
    draft, left = read(tmp_path, annotation)

    assert left == []
    assert [(o.span.quote, o.origin) for o in draft.objectives] == [
        ("On the talks", "imported from marks #1 (urn:1): see also"),
        ("freeing the crew", "imported from marks #1 (urn:1): see also"),
    ]


def test_label_may_be_an_address(tmp_path: Path) -> None:
    """Of a class's address its last part is the label."""
    body = {"purpose": "classifying", "source": "https://w3id.org/parley/ns#Objective"}
    item = quoting("freeing the crew") | {"body": body}
    del item["tags"]
    draft, _ = read(tmp_path, [item])

    assert [o.span.quote for o in draft.objectives] == ["freeing the crew"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (quoting("the harvest was good", "claim"), "does not stand in the source"),
        (quoting("the talks had failed", "claim"), "stands 2 times, and neither"),
        (quoting("On the talks", "unicorn"), "'unicorn': no such label"),
        (quoting("On the talks", "claim") | {"references": ["y"]}, "is a reply"),
        ({"id": "x", "target": "https://example.org/"}, "selects no words"),
        ({"id": "x", "target": [{"source": "p"}]}, "selects no words"),
        ({"id": "x", "target": []}, "has no target"),
        ({"id": "x", "target": [{"selector": {"type": "TextPositionSelector", "start": 9,
                                              "end": 10**9}}]}, "is no span of the source"),
        ({"id": "x", "target": [{"selector": {"type": "TextPositionSelector", "start": True,
                                              "end": 3}}]}, "selects no words"),
        ("words", "is str, not an annotation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_annotation_that_cannot_be_used_is_left_out(
    tmp_path: Path, item: object, reason: str
) -> None:
    """Each annotation that is left out is named with its number and the reason."""
    draft, left = read(tmp_path, [item])

    (told,) = left
    assert told.startswith("marks #1")
    assert reason in told
    assert not draft.attributions


def test_context_chooses_between_places_and_then_the_position(tmp_path: Path) -> None:
    """Words that stand twice are found by what stands around them, or by the nearest place."""
    again = TEXT.rindex("the talks had failed")
    by_context = quoting("the talks had failed", "claim", suffix=" again,\nas the papers")
    near = quoting("the talks had failed", "claim")
    near["target"][0]["selector"].append(
        {"type": "TextPositionSelector", "start": again - 9, "end": again + 11}
    )
    draft, left = read(tmp_path, [by_context, near])

    assert left == []
    assert {own.span.start for own in draft.author_claims} == {again}


HOSTILE = {
    "deep list": (b"[" * 200_000, "nests too deep|is no JSON"),
    "deep object": (b'{"items":' * 200_000, "nests too deep|is no JSON"),
    "deep target": (b'[{"target":' + b"[" * 50_000 + b"]" * 50_000 + b"}]", "nests too deep"),
    "broken": (b'{"rows": [', "is no JSON"),
    "huge number": (b"[" + b"9" * 10_000 + b"]", "absurd numbers"),
    "not UTF-8": (b'["\xff"]', "not UTF-8"),
    "too large": (b"[" + b" " * 20_000_001 + b"]", "larger than"),
    "empty list": (b"[]", "holds no annotations"),
    "other object": (b'{"a": 1}', "holds no annotations"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_json_is_refused(content: bytes, message: str) -> None:
    """JSON that is broken, too deep, too large or of something else is refused in words."""
    with pytest.raises(DraftError, match=message):
        webannotation.read(content, "marks")


def test_too_many_annotations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has so many annotations and no more."""
    monkeypatch.setattr(webannotation, "MOST", 3)

    with pytest.raises(DraftError, match="more than 3 annotations"):
        webannotation.read(b"[1, 2, 3, 4]", "marks")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["target", "selector", "exact", "type", "tags", "body", "refinedBy"]),
            inner, max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_json_is_read_or_left_out(value: object) -> None:
    """Whatever stands where an annotation is expected, the result is marks and reasons."""
    found = webannotation.read(json.dumps([value, {"target": value}]).encode(), "marks")

    assert len(found.marks) + len(found.left) >= 1


@given(st.text(alphabet="TREAMN*#12\t ;:claim\n", max_size=80))
def test_any_lines_are_read_or_left_out(text: str) -> None:
    """Whatever the lines of a .ann file, the result is marks and reasons."""
    found = standoff.read(text, "marks", TEXT)

    assert all(left.reason for left in found.left)


def test_strange_characters_are_left_out_of_notes(tmp_path: Path) -> None:
    """Half a character and a control character do not reach the draft."""
    item = quoting("On the talks", "claim") | {"text": "a\ud800b\x07c"}
    draft, _ = read(tmp_path, [item])

    assert draft.author_claims[0].origin.endswith(": abc")


@given(st.text(min_size=1, max_size=60), st.data())
def test_located_words_are_what_was_selected(text: str, data: st.DataObject) -> None:
    """A selection of a text, with its context and position, is found where it was made."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selector = Selector(text[start:end], text[:start], text[end:], start, end)
    if not text[start:end].strip():
        return
    found = Anchors(text, same_positions=True).locate(selector)

    assert text[slice(*found)].split() == text[start:end].split()


def test_position_alone_counts_only_in_the_same_text() -> None:
    """A position in a page says nothing of the page's text."""
    with pytest.raises(QuotationError, match="only a position"):
        Anchors(TEXT, same_positions=False).locate(Selector(start=0, end=3))
    with pytest.raises(QuotationError, match="neither words nor a position"):
        Anchors(TEXT, same_positions=True).locate(Selector())


@pytest.mark.parametrize("row", tables.rows("labels.tsv"), ids=lambda row: row["label"])
def test_table_of_labels_is_sound(row: dict[str, str]) -> None:
    """Each label becomes something that its kind of label can become."""
    assert row["becomes"] in labels.MEANINGS[row["of"]]


# The command


def run(folder: Path, *arguments: str, annotations: str = "") -> Result:
    """Run the command on the text and its .ann file."""
    (folder / "talks.txt").write_text(TEXT, encoding="utf-8")
    marks = annotations or STANDOFF.format(**spans(TEXT))
    (folder / "talks.ann").write_text(marks, encoding="utf-8")
    given = [str(folder / "talks.txt"), str(folder / "talks.ann"), "--out", str(folder / "out")]
    about = ["--slug", "talks", "--issued", "2026-11-23", "--author", "Jane Roe"]
    return CliRunner().invoke(import_annotations, [*given, *about, *arguments])


def drafted(folder: Path) -> Graph:
    """Return the claims that the command wrote; their quotations stand in the source."""
    document = documents.read(folder / "out" / "talks")
    graph = parse(folder / "out" / "talks" / "claims.ttl")
    claims.anchor(graph, document)
    return graph


def test_command_writes_a_draft(tmp_path: Path) -> None:
    """The folder is like any draft: every claim drafted, anchored, and with its origin."""
    result = run(tmp_path)
    graph = drafted(tmp_path)

    assert result.exit_code == 0, result.output
    assert "2 attributions, 1 objective, 1 contact" in result.stdout
    made = set(graph.subjects(RDF.type, PL.Claim))
    assert made == set(graph.subjects(PL.status, PL.drafted))
    notes = {str(note) for note in graph.objects(None, SKOS.editorialNote)}
    assert "imported from talks.ann:3" in notes
    assert "drafted by rule import.content" in notes


def test_command_writes_nothing_when_something_is_lost(tmp_path: Path) -> None:
    """What is left out is listed and the exit status is 1, unless a part is enough."""
    marks = "T1\tclaim 0 12\tOn the talks\nT2\tunicorn 0 12\tOn the talks\n"
    refused = run(tmp_path, annotations=marks)
    exists = (tmp_path / "out").exists()
    partial = run(tmp_path, "--partial", annotations=marks)

    assert refused.exit_code == 1
    assert "talks.ann:2: 'unicorn': no such label" in refused.stderr
    assert not exists
    assert partial.exit_code == 0
    assert "1 sentence of the author, 1 left out" in partial.stdout


def test_table_of_labels_can_be_extended(tmp_path: Path) -> None:
    """A label of the annotators' own means what their table says, also against ours."""
    table = tmp_path / "own.tsv"
    table.write_text(
        "label\tof\tbecomes\nunicorn\tspan\tobjective\nclaim\tspan\tignore\n", encoding="utf-8"
    )
    marks = "T1\tclaim 0 12\tOn the talks\nT2\tunicorn 0 12\tOn the talks\n"
    result = run(tmp_path, "--labels", str(table), annotations=marks)

    assert "0 attributions, 1 objective, 0 contacts, 0 sentences of the author" in result.stdout


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("label\tof\tbecomes\nunicorn\tspan\thorse\n", "is no row of a table of labels"),
        ("label\tbecomes\nunicorn\tcontent\n", "is no row of a table of labels"),
        ("label\tof\tbecomes\nunicorn\tspan\n", "Line 2 of own.tsv has 2 columns"),
    ],
)
def test_wrong_table_of_labels_is_refused(tmp_path: Path, table: str, message: str) -> None:
    """A table that says nothing we can do is refused with its row."""
    path = tmp_path / "own.tsv"
    path.write_text(table, encoding="utf-8")

    assert message in str(run(tmp_path, "--labels", str(path)).exception)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A file of annotations or a table that is not there is an error."""
    with pytest.raises(DraftError, match="cannot be read"):
        labels.read(tmp_path / "nowhere.tsv")
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DraftError, match="cannot be read"):
        importing.read(tmp_path / "talks.txt", [tmp_path / "nowhere.ann"])

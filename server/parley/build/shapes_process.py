"""Validate a graph with pySHACL, in a process of its own: N-Triples in, results as JSON out.

Arguments: the folder of the shapes, and the address space that may be used, in bytes.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyshacl
import rdflib
from rdflib import Graph
from rdflib.namespace import RDF, SH

from parley.corpus import ontology
from parley.errors import ParleyError

if TYPE_CHECKING:
    from rdflib.term import Node

#: Names of a result's parts in the answer, and the properties that hold them.
PARTS: Final = {
    "focus": SH.focusNode,
    "path": SH.resultPath,
    "value": SH.value,
    "severity": SH.resultSeverity,
    "shape": SH.sourceShape,
    "component": SH.sourceConstraintComponent,
}
#: Exit status when the shapes themselves are wrong; the answer is then the message.
WRONG_SHAPES: Final = 4


def read_shapes(folder: Path) -> Graph:
    """Return the shapes of every Turtle file in a folder."""
    shapes = Graph(bind_namespaces="none")
    for path in sorted(folder.glob("*.ttl")):
        shapes += ontology.parse(path)
    return shapes


def validate(data: Graph, shapes: Graph) -> list[dict[str, str]]:
    """Return what violates the shapes; imports are never followed."""
    try:
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            advanced=True,
            allow_warnings=True,
            do_owl_imports=False,
            inference="none",
            inplace=True,
        )
    finally:
        rdflib.NORMALIZE_LITERALS = False  # pySHACL leaves it switched on
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL could not validate: {report}")
    return [_describe(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def _describe(report: Graph, node: Node) -> dict[str, str]:
    result = {
        name: value.n3()
        for name, prop in PARTS.items()
        if (value := report.value(node, prop, any=True)) is not None
    }
    messages = sorted(str(message) for message in report.objects(node, SH.resultMessage))
    return result | {"message": " ".join(messages)}


def main() -> int:
    """Answer once and end."""
    folder, memory_bytes = Path(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    try:
        shapes = read_shapes(folder)
        data = Graph(bind_namespaces="none").parse(sys.stdin.buffer, format="nt")
        sys.stdout.write(json.dumps(validate(data, shapes)))
    except (ParleyError, TypeError, pyshacl.errors.ReportableRuntimeError) as error:
        sys.stdout.write(str(error))
        return WRONG_SHAPES
    return 0


if __name__ == "__main__":
    sys.exit(main())

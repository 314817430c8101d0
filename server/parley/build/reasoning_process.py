"""Classify with HermiT through owlready2, in a process of its own: N-Triples in and out.

Arguments: the reasoner (``hermit`` or ``pellet``), the Java program, and its heap in megabytes.
"""

from __future__ import annotations

import io
import sys
from typing import Final

import owlready2

#: Exit status when no model satisfies the axioms; Pellet's explanation is then the answer.
INCONSISTENT: Final = 3
_INFERRED: Final = "urn:parley:inferred#"


def classify(data: bytes, reasoner: str) -> bytes:
    """Return what a reasoner infers about classes and individuals, as N-Triples.

    Raises:
        owlready2.OwlReadyInconsistentOntologyError: No model satisfies the axioms.
    """
    world = owlready2.World()
    world.get_ontology("urn:parley:asserted#").load(fileobj=io.BytesIO(data), format="ntriples")
    inferred = world.get_ontology(_INFERRED)
    with inferred:
        if reasoner == "pellet":
            owlready2.sync_reasoner_pellet(world, debug=2)
        else:
            owlready2.sync_reasoner_hermit(world, debug=0)
    answer = io.BytesIO()
    inferred.save(answer, format="ntriples")
    return answer.getvalue()


def main() -> int:
    """Answer once and end."""
    reasoner, java, megabytes = sys.argv[1:4]
    owlready2.JAVA_EXE = java
    owlready2.reasoning.JAVA_MEMORY = int(megabytes)
    try:
        answer = classify(sys.stdin.buffer.read(), reasoner)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        sys.stdout.write(str(error))
        return INCONSISTENT
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Classify with HermiT through owlready2, in a process of its own: N-Triples in and out.

Arguments: the reasoner (``hermit`` or ``pellet``), the Java program, and its heap in megabytes.

owlready2 always has HermiT classify the properties as well, which takes it most of its time and
tells nothing that is used here; the command is changed on its way to Java.
"""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any, Final

import owlready2

#: Exit status when no model satisfies the axioms; Pellet's explanation is then the answer.
INCONSISTENT: Final = 3
_INFERRED: Final = "urn:parley:inferred#"
#: A short run is best served by the simplest collector and the first compiler.
_JVM: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
#: HermiT's options to classify object and data properties.
_PROPERTIES: Final = frozenset({"-O", "-D"})


class _Subprocess:
    """What owlready2 needs of the module subprocess, with a leaner command for HermiT."""

    PIPE = subprocess.PIPE
    STDOUT = subprocess.STDOUT
    CalledProcessError = subprocess.CalledProcessError
    run = staticmethod(subprocess.run)

    @staticmethod
    def check_output(command: list[str], **options: Any) -> bytes:
        java, *arguments = (part for part in command if part not in _PROPERTIES)
        output: bytes = subprocess.check_output([java, *_JVM, *arguments], **options)  # noqa: S603
        return output


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
    owlready2.reasoning.subprocess = _Subprocess
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

"""The lines that fetch what a page shows: for a shell, Python and R; and how to cite it."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from urllib.parse import urlencode

#: Citation formats: name in an address, name on a page.
CITED = (("bibtex", "BibTeX"), ("ris", "RIS"), ("csl", "CSL-JSON"))


@dataclass(frozen=True, slots=True)
class Reuse:
    """Where the data of a page is.

    Args:
        data: Whole address of its data, in the fullest format.
        table: Whole address of the same as CSV, or of the rows behind the page.
        endpoint: Whole address of the SPARQL endpoint.
        query: What to ask there; empty when the page stands for no query.
        permalink: Address of the page, with the version of the data.
        cited: What is cited, as parameters of an address: ``iri``, ``query`` or ``page``.
    """

    data: str
    table: str
    endpoint: str
    query: str
    permalink: str
    cited: tuple[str, str]

    @property
    def curl(self) -> str:
        """The line for a shell."""
        return shlex.join(["curl", "-L", self.data])

    @property
    def pandas(self) -> str:
        """The lines for a table in Python."""
        return f"import pandas\ntable = pandas.read_csv({self.table!r})"

    @property
    def sparqlwrapper(self) -> str:
        """The lines for the endpoint in Python; nothing without a query."""
        if not self.query:
            return ""
        query = self.query.strip().replace("\\", "\\\\").replace('"', '\\"')
        return (
            "from SPARQLWrapper import JSON, SPARQLWrapper\n"
            f"endpoint = SPARQLWrapper({self.endpoint!r})\n"
            f'endpoint.setQuery("""\n{query}\n""")\n'
            "endpoint.setReturnFormat(JSON)\n"
            "answer = endpoint.query().convert()"
        )

    @property
    def r(self) -> str:
        """The line for R."""
        return f"table <- read.csv({json.dumps(self.table)})"

    @property
    def citations(self) -> tuple[tuple[str, str], ...]:
        """Address and name of each citation format."""
        return tuple(
            (f"/cite?{urlencode([self.cited, ('format', name)])}", title) for name, title in CITED
        )

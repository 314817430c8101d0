"""R reads the graph with the lines that the README gives."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from .conftest import ROOT

if TYPE_CHECKING:
    from .conftest import Server

CLAIMS = b"""
PREFIX pl: <https://w3id.org/parley/ns#>
INSERT DATA { <a:1> pl:claimant <a:lebed> . <a:2> pl:claimant <a:lebed> . <a:3> pl:claimant <a:x> }
"""
PRINT = 'cat(nrow(claims), names(claims), claims$claims[claims$claimant == "a:lebed"])'


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="optional: R is not installed")
def test_r_reads_an_answer_into_a_data_frame(server: Server) -> None:
    """The lines of the README, with the address of this server; numbers are numbers."""
    form = {"Content-Type": "application/sparql-update"}
    assert server.send("POST", "/sparql", CLAIMS, form)[0] == 204
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```r\n(.*?)```", readme, re.DOTALL)
    code = code.replace("http://127.0.0.1:7878", server.url)

    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code + PRINT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "2 claimant claims 2"), done.stderr

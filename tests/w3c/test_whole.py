"""The counts of the whole run: what passes today may not be lost unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .expected_failures import EXPECTED_FAILURES

if TYPE_CHECKING:
    from .earl import Report
    from .suite import Case

PASSES = {
    "graph store": 14,
    "protocol": 34,
    "query evaluation": 556,
    "service description": 3,
    "syntax": 568,
    "update evaluation": 97,
}


def test_the_whole_run_passes_as_many_as_it_should(
    outcomes: Report, all_cases: tuple[Case, ...]
) -> None:
    """Every test of the suites ran, and as many passed in each as are counted here."""
    if sum(outcomes.runs().values()) < len(all_cases):
        pytest.skip("only a part of the suites ran")

    assert dict(outcomes.passes()) == PASSES


def test_expected_failures_are_tests_of_the_suites(all_cases: tuple[Case, ...]) -> None:
    """The table names no test that is not there."""
    assert EXPECTED_FAILURES.keys() <= {case.iri for case in all_cases}

"""The validation table: each line names a test that compares, software its case was made with, and holds."""

from __future__ import annotations

import ast

import numpy as np
import pandas as pd
import pytest
from deviations import (
    COLUMNS,
    DOCUMENT,
    REFERENCE,
    TESTS,
    Largest,
    Watch,
    compared,
    engine_rows,
    measure,
    of_line,
    watching,
)

LINES = compared()
FAST = "simultaneous comparison of all pairs"


def stored() -> dict[str, dict[str, str]]:
    """The rows of the document by statistic."""
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in cells}


def functions_of(file: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.statistic)
def test_a_line_names_its_tests_its_case_and_its_software(line) -> None:
    for test in line.tests:
        file, name = test.split("::")
        assert name in functions_of(file)
    source = (REFERENCE / line.case / "SOURCE.md").read_text(encoding="utf-8")
    for software in line.software.split(", "):
        words = software.rsplit(" ", 1)
        assert all(word in source for word in words), f"{line.case}/SOURCE.md does not name {software}"


def test_the_document_has_these_lines_and_no_others() -> None:
    engine = [row[0] for row in engine_rows()]
    assert list(stored()) == [*engine, *(line.statistic for line in LINES)]
    assert len({line.statistic for line in LINES}) == len(LINES)


def test_the_engines_lines_are_those_of_the_agreement() -> None:
    found = stored()
    assert [tuple(found[row[0]].values()) for row in engine_rows()] == engine_rows()


def test_every_deviation_is_one_that_is_allowed() -> None:
    for line in LINES:
        row = stored()[line.statistic]
        assert row["allowed"] == f"{line.tolerance:g}"
        assert float(row["largest deviation"]) <= line.tolerance
        assert int(row["numbers"]) > 0


def test_every_case_with_outside_numbers_is_there() -> None:
    cases = {path.parent.name for path in REFERENCE.glob("*/SOURCE.md")}
    # fits of the engine, which AGREEMENT.md and its own tests hold; parameter tables; our own trials of truth
    fits = {"covariates", "demo", "equal_loadings", "factor_variance", "heywood", "holzinger"}
    fits |= {"observed_paths", "political_democracy", "second_order", "single_indicator"}
    assert cases - {line.case for line in LINES} - fits - {"tables", "verdicts"} == set()


def test_measuring_again_finds_what_is_stored() -> None:
    line = next(one for one in LINES if one.statistic == FAST)
    again = of_line(line, measure(line.tests))
    row = stored()[FAST]
    assert again.numbers == int(row["numbers"])
    assert again.deviation <= max(10 * float(row["largest deviation"]), 1e-12)


def test_the_watch_sees_each_kind_of_comparison() -> None:
    watch = Watch()
    watch.now = Largest()
    with watching(watch):
        assert pytest.approx(1.0, rel=1e-6) == 1.0 + 1e-9
        assert watch.now.deviation == pytest.approx(1e-9, rel=1e-3)
        np.testing.assert_allclose([1.0, 200.0 + 2e-4], [1.0, 200.0], rtol=1e-5)
        assert watch.now.deviation >= 0.9e-6  # divided by the number's size
        frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
        pd.testing.assert_frame_equal(frame, frame.assign(a=[1.0, 2.0 + 1e-5]), rtol=1e-3)
    assert watch.now.deviation == pytest.approx(5e-6, rel=0.01)
    assert watch.now.numbers >= 5


def test_a_test_that_compares_nothing_is_refused() -> None:
    line = next(one for one in LINES if one.statistic == FAST)
    with pytest.raises(SystemExit, match="compared no numbers"):
        of_line(line, {line.tests[0]: Largest()})

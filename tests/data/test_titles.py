"""Lines above the header: left out only where nothing else can be meant."""

from __future__ import annotations

import pytest

from jq_models.data.titles import FEWEST_NAMES, MOST_LINES, lines_above

HEADER = [f"OPP{k}" for k in range(1, FEWEST_NAMES + 1)]
ANSWERS = ["5", "4", "3", "2", "1", "5"]


def line(*cells: str) -> list[str]:
    return [*cells, *[""] * (len(HEADER) - len(cells))]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([HEADER, ANSWERS], 0),
        ([line("Export"), HEADER, ANSWERS], 1),
        ([["Export"], [], HEADER, ANSWERS], 2),
        ([line("Export", "3-11-2025"), line(), line("n = 2"), HEADER, ANSWERS], 3),
        ([line("Export", "3-11-2025", "Jansen"), HEADER, ANSWERS], 0),  # three cells: a row of a table
        ([line("Export"), ANSWERS, ANSWERS], 0),  # numbers are no names
        ([line("Export"), ["Mee eens"] * 6, ANSWERS], 0),  # answers neither
        ([line("OPP1"), HEADER[:5], ANSWERS], 0),  # too few names
        ([line("OPP1"), HEADER, [*ANSWERS, "1"]], 0),  # narrower than what stands below
        ([line("Export")] * MOST_LINES + [HEADER, ANSWERS], MOST_LINES),
        ([line("Export")] * (MOST_LINES + 1) + [HEADER, ANSWERS], 0),
        ([line("Export"), line("x")], 0),
        ([], 0),
    ],
)
def test_what_stands_above_a_table(rows: list[list[str]], count: int) -> None:
    assert lines_above(rows) == count

"""Lines above the column names, as people write them over a table: a title, a date, a blank line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TypeVar

from jq_models.data.table import clean_cell, number_of

Row = TypeVar("Row", bound=Sequence[object])
MOST_LINES = 10  # above a table; further down no header is looked for
MOST_CELLS = 2  # that a line above the table fills
FEWEST_NAMES = 6  # that a header has


def lines_above(rows: Sequence[Row]) -> int:
    """Return how many rows stand above the header; 0 where that is not beyond doubt.

    Beyond doubt are at most `MOST_LINES` rows that fill at most `MOST_CELLS` cells, above one of at least
    `FEWEST_NAMES` different texts, none of them a number, that is as wide as what stands below it.
    """
    place = next((k for k, row in enumerate(islice(rows, MOST_LINES + 1)) if _filled(row) > MOST_CELLS), 0)
    if not place:
        return 0
    names = [cell for cell in map(clean_cell, rows[place]) if cell is not None]
    below = max((_filled(row) for row in rows[place + 1 : place + 1 + MOST_LINES]), default=0)
    texts = all(isinstance(name, str) and number_of(name) is None for name in names)
    sure = texts and len(set(names)) == len(names) >= max(FEWEST_NAMES, below)
    return place if sure else 0


def _filled(row: Sequence[object]) -> int:
    return sum(clean_cell(cell) is not None for cell in row)

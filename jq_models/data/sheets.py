"""The sheets of a workbook, and which of them looks like answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jq_models.data.exports import layout_of
from jq_models.data.labels import guess_scale
from jq_models.data.read import EXCEL, without_blank_ends
from jq_models.data.table import Cell, clean_cell
from jq_models.data.titles import lines_above
from jq_models.data.upload import checked_bytes, cleanly
from jq_models.data.workbook import open_book
from jq_models.errors import DataError

# A list of questions or a summary has few rows, few columns, or cells that are no answers.
FEWEST_ROWS = 5
FEWEST_ITEMS = 3
RECOGNISED = 0.80  # share of a column's cells that are answers of an agreement scale
_SAMPLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """One sheet.

    Attributes
    ----------
    title : str
    rows, columns : int
        Rows below the header (header rows of survey tools left out) and columns with a name.
    looks_like_answers : bool
        Whether at least `FEWEST_ITEMS` columns hold answers of an agreement scale, by `FEWEST_ROWS` people.
    """

    title: str
    rows: int
    columns: int
    looks_like_answers: bool


def sheets_of(path: str | Path) -> tuple[SheetFacts, ...]:
    """Describe the sheets of a workbook, in the workbook's order.

    Returns
    -------
    tuple of SheetFacts
        Empty for a file that is no workbook.

    Raises
    ------
    DataError
        When the file is absent or damaged; a formula without a stored result only makes its sheet look like
        no answers.
    """
    path = Path(path)
    return cleanly(lambda: _sheets(path), path) if path.suffix.lower() in EXCEL else ()


def _sheets(path: Path) -> tuple[SheetFacts, ...]:
    if not path.is_file():
        raise DataError(f"No data file '{path.name}'. Check the name and the folder.")
    book = open_book(checked_bytes(path), path)
    facts = []
    for name in book.names:
        try:
            rows: Sequence[Sequence[object]] = without_blank_ends(book.rows(name))
        except DataError:
            facts.append(SheetFacts(title=name, rows=0, columns=0, looks_like_answers=False))
            continue
        facts.append(_facts(name, rows))
    return tuple(facts)


def _facts(title: str, rows: Sequence[Sequence[object]]) -> SheetFacts:
    rows = rows[lines_above(rows) :]
    layout = layout_of(rows)
    if layout is not None:
        rows = [layout.header, *layout.rows]
    header = [clean_cell(cell) for cell in rows[0]] if rows else []
    columns = [place for place, name in enumerate(header) if name is not None]
    answers = sum(_is_item([_cell(row, place) for row in rows[1:_SAMPLE]]) for place in columns)
    below = max(len(rows) - 1, 0)
    return SheetFacts(
        title=title,
        rows=below,
        columns=len(columns),
        looks_like_answers=below >= FEWEST_ROWS and answers >= FEWEST_ITEMS,
    )


def _is_item(cells: list[Cell]) -> bool:
    guess = guess_scale(cells)
    return guess.name is not None and guess.share >= RECOGNISED


def _cell(row: Sequence[object], place: int) -> Cell:
    return clean_cell(row[place]) if place < len(row) else None

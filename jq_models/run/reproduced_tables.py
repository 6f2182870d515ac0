"""Every table of a report made again beside the stored one, cell by cell."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

from nbformat import NotebookNode

from jq_models.errors import RunError
from jq_models.report.reproduce_record import Compared, Place, State
from jq_models.run.clean import read_notebook
from jq_models.run.compare import differences

RELATIVE, ABSOLUTE = 1e-6, 1e-9
FIRST = 5  # places kept of a table
_LABELS = 2  # columns of words at the head of a row that say which row it is
_GONE = "(not there)"
_WHOLE = re.compile(r"[-+]?\d+")
_OWN = ("n", "missing_share", "mean", "sd")  # what an item's other answers have no part in

Part = TypeVar("Part")
Grid = list[list[str]]
Versions = Sequence[tuple[str, str]]
"""Texts of a version as stored and as found, such as ``("numpy 2.4.0", "numpy 2.4.6")``."""


def compare_tables(stored: Path, found: Path, *, versions: Versions = ()) -> tuple[Compared, ...]:
    """Compare all CSV files of two folders; one that is missing on either side is changed.

    Parameters
    ----------
    stored, found : Path
    versions : sequence of (str, str), optional
        Cells that differ in these alone must differ.
    """
    sides = [{path.stem: path for path in folder.glob("*.csv")} for folder in (stored, found)]
    return _each(*sides, kind="table", read=_csv, versions=versions)


def compare_workbooks(stored: Path, found: Path, *, versions: Versions = ()) -> tuple[Compared, ...]:
    """Compare all sheets of two workbooks, cell by cell."""
    sides = [_sheets(path) for path in (stored, found)]
    return _each(*sides, kind="sheet", read=lambda grid: grid, versions=versions)


def compare_texts(stored: Path, found: Path, *, versions: Versions = ()) -> tuple[Compared, ...]:
    """Compare what the notebooks of two folders show in words: their printed tables and sentences.

    Words and whole numbers must be the same; printed numbers may differ in their last digit
    (`jq_models.run.compare`).
    """
    sides = [{path.stem: path for path in folder.glob("*.ipynb")} for folder in (stored, found)]
    return tuple(
        _texts(name, *(side.get(name) for side in sides), versions=versions) for name in _names(*sides)
    )


def compare_cell(stored: str, found: str) -> State:
    """Say whether two cells are the same, numbers nearly so, or different.

    Parameters
    ----------
    stored, found : str
        As the files hold them. Numbers are near when they differ by at most 1e-6 of the stored one, or 1e-9;
        whole numbers, such as a seed or a count, never are.
    """
    if stored == found:
        return "identical"
    a, b = _number(stored), _number(found)
    if a is None or b is None:
        return "changed"
    if a == b:
        return "identical"  # written otherwise
    if _WHOLE.fullmatch(stored) and _WHOLE.fullmatch(found):
        return "changed"
    return "within" if abs(a - b) <= max(RELATIVE * abs(a), ABSOLUTE) else "changed"


def items_moved(stored: Path, found: Path) -> tuple[str, ...]:
    """Return the items whose own numbers differ between two folders of tables, in their order.

    By more than the last digits, which other versions of the packages may turn for every item.
    """
    sides = [_own_numbers(folder / "items.csv") for folder in (stored, found)]
    return tuple(code for code in sides[0] if _moved(sides[0][code], sides[1].get(code)))


def _moved(stored: list[str], found: list[str] | None) -> bool:
    return found is None or "changed" in map(compare_cell, stored, found)


def _own_numbers(path: Path) -> dict[str, list[str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["item"]: [row.get(name, "") for name in _OWN] for row in csv.DictReader(file)}


def _each(
    stored: Mapping[str, Part],
    found: Mapping[str, Part],
    *,
    kind: str,
    read: Callable[[Part], Grid],
    versions: Versions,
) -> tuple[Compared, ...]:
    compared = []
    for name in _names(stored, found):
        sides = [read(side[name]) if name in side else None for side in (stored, found)]
        compared.append(_grids(name, *sides, kind=kind, versions=versions))
    return tuple(compared)


def _names(stored: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    return sorted({*stored, *found})


def _grids(name: str, stored: Grid | None, found: Grid | None, *, kind: str, versions: Versions) -> Compared:
    if stored is None or found is None:
        there, cells = ("found", found) if stored is None else ("stored", stored)
        words = {"stored": _GONE, "found": _GONE, there: "the whole table"}
        whole = Place(row="", column="", state="changed", **words)
        count = max(1, sum(map(len, cells or [])))
        return Compared(name=name, kind=kind, identical=0, within=0, changed=count, places=(whole,))
    counts: Counter[str] = Counter()
    places = []
    head = stored[0] if stored else []
    for label, left, right in _paired(stored, found):
        for k in range(max(len(left), len(right))):
            a, b = (row[k] if k < len(row) else _GONE for row in (left, right))
            state = compare_cell(a, b)
            if state == "changed" and _same_but_versions(a, b, versions):
                counts["versions"] += 1
                state = "identical"
            counts[state] += 1
            if state != "identical":
                column = head[k] if k < len(head) and head[k] else str(k + 1)
                places.append(Place(row=label, column=column, stored=a, found=b, state=state))
    return Compared(
        name=name,
        kind=kind,
        identical=counts["identical"],
        within=counts["within"],
        changed=counts["changed"],
        versions=counts["versions"],
        places=_first(places),
    )


def _first(places: Iterable[Place]) -> tuple[Place, ...]:
    ordered = sorted(places, key=lambda place: place.state != "changed")  # stable: else as in the table
    return tuple(ordered[:FIRST])


def _paired(stored: Grid, found: Grid) -> Iterable[tuple[str, list[str], list[str]]]:
    """Yield the label of a row with the row of both sides; by place, or by label where rows came or went."""
    if len(stored) == len(found):
        for left, right in zip(stored, found, strict=True):
            yield _label(left), left, right
        return
    before, now = dict(_named(stored)), dict(_named(found))
    for key in [*before, *(key for key in now if key not in before)]:
        yield key[0], before.get(key, []), now.get(key, [])


def _named(grid: Grid) -> Iterable[tuple[tuple[str, int], list[str]]]:
    """Yield every row under its label and how often that stood before."""
    seen: Counter[str] = Counter()
    for row in grid:
        label = _label(row)
        yield (label, seen[label]), row
        seen[label] += 1


def _label(row: Sequence[str]) -> str:
    words: list[str] = []
    for cell in row[:_LABELS]:
        if not words or (cell and _number(cell) is None):
            words.append(cell)
    return " ".join(words)[:60]


def _same_but_versions(stored: str, found: str, versions: Versions) -> bool:
    for before, now in versions:
        stored = stored.replace(before, now)
    return stored == found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _csv(path: Path) -> Grid:
    with _restorable(path), path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@contextmanager
def _restorable(path: Path) -> Iterator[None]:
    """Say of a file that was spoilt which one it is, without its content."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError, csv.Error, BadZipFile):
        raise RunError(
            f"{path.name} of the report cannot be read. Restore it, or run the study again."
        ) from None


def _sheets(path: Path) -> dict[str, Grid]:
    from openpyxl import load_workbook

    if not path.is_file():
        return {}
    with _restorable(path), closing(load_workbook(path, read_only=True)) as book:
        return {
            sheet.title: [
                ["" if cell is None else str(cell) for cell in row]
                for row in sheet.iter_rows(values_only=True)
            ]
            for sheet in book.worksheets
        }


def _texts(name: str, stored: Path | None, found: Path | None, *, versions: Versions) -> Compared:
    if stored is None or found is None:
        return _grids(name, [] if stored else None, [] if found else None, kind="text", versions=versions)
    sides = [_all_said(path) for path in (stored, found)]
    counts: Counter[str] = Counter()
    places = []
    for k in range(max(map(len, sides))):
        a, b = (side[k] if k < len(side) else _GONE for side in sides)
        if a == b:
            counts["identical"] += 1
        elif _same_but_versions(a, b, versions):
            counts.update(identical=1, versions=1)
        else:
            told = differences(a, b)
            state: State = "changed" if told else "within"
            counts[state] += 1
            row = f"text {k + 1}" + (f": …{told[0].before}" if told else "")
            before, now = (told[0].stored, told[0].found) if told else ("", "")
            places.append(Place(row=row, column="", stored=before, found=now, state=state))
    return Compared(
        name=name,
        kind="text",
        identical=counts["identical"],
        within=counts["within"],
        changed=counts["changed"],
        versions=counts["versions"],
        places=_first(places),
    )


def _all_said(path: Path) -> list[str]:
    with _restorable(path):
        return list(_said(read_notebook(path)))


def _said(notebook: NotebookNode) -> Iterable[str]:
    """Yield the words of every output, in the order shown."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield str(data.get("text/markdown", data.get("text/plain", output.get("text", ""))))

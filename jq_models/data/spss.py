"""SPSS files: read by a process of their own, which a damaged file may crash."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jq_models.data.table import Cell, clean_cell, text_of
from jq_models.data.upload import MAX_CELLS
from jq_models.errors import DataError

SECONDS = 300
CHILD = Path(__file__).with_name("spss_child.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpssFile:
    """An SPSS file as it is.

    Attributes
    ----------
    columns : dict of str to list
        Text, numbers and None; codes declared missing are there as codes.
    questions : dict of str to str
        The columns' labels, where they have one.
    value_labels : dict of str to list of (code, label)
    missing_ranges : dict of str to list of (low, high)
        Codes a column declares missing, both ends included.
    encoding : str
        The one in which the texts could be read.
    """

    columns: dict[str, list[Cell]] = field(repr=False)
    questions: dict[str, str] = field(repr=False)
    value_labels: dict[str, list[tuple[Cell, str]]] = field(repr=False)
    missing_ranges: dict[str, list[tuple[Cell, Cell]]] = field(repr=False)
    encoding: str


def read_spss_file(data: bytes, path: Path) -> SpssFile:
    """Read an SPSS file's bytes.

    Raises
    ------
    DataError
        When the file is damaged or of another format, or too large.
    """
    found = _by_child(data)
    if found.get("error") == "large":
        raise DataError(
            f"{path.name} has more than {MAX_CELLS:,} cells, or says so. Export only the questions and "
            "groups that the study uses."
        )
    if "error" in found:
        raise DataError(f"{path.name} cannot be opened as an SPSS file. Save it again in SPSS, or as .csv.")
    return SpssFile(
        columns=dict(zip(found["names"], found["columns"], strict=True)),
        questions=found["questions"],
        value_labels={name: [(code, word) for code, word in v] for name, v in found["labels"].items()},
        missing_ranges={name: [(low, high) for low, high in v] for name, v in found["missing"].items()},
        encoding=found["encoding"],
    )


def declared_missing_out(file: SpssFile) -> dict[str, int]:
    """Empty the cells whose code their column declares missing; return how many there were, by column."""
    counts: dict[str, int] = {}
    for name, ranges in file.missing_ranges.items():
        cells = file.columns[name]
        gone = [_in_ranges(cell, ranges) for cell in cells]
        if any(gone):
            file.columns[name] = [None if out else cell for cell, out in zip(cells, gone, strict=True)]
            counts[name.strip()] = sum(gone)
    return counts


def labels_of(file: SpssFile) -> dict[str, dict[str, str]]:
    """Return the labels of each column's codes, the code as the text a reader expects."""
    return {
        name.strip(): {text_of(clean_cell(code)): word.strip() for code, word in words}
        for name, words in file.value_labels.items()
    }


def _in_ranges(cell: Cell, ranges: list[tuple[Cell, Cell]]) -> bool:
    if isinstance(cell, str):
        return any(isinstance(lo, str) and isinstance(hi, str) and lo <= cell <= hi for lo, hi in ranges)
    return cell is not None and any(
        isinstance(lo, float) and isinstance(hi, float) and lo <= cell <= hi for lo, hi in ranges
    )


def _by_child(data: bytes) -> dict[str, Any]:
    # -P: the folder of the program, whose files have names such as open.py, is no place to import from
    command = [sys.executable, "-P", str(CHILD), str(MAX_CELLS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "damaged"}
    return found

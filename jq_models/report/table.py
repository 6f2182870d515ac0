"""A table as an immutable value: what a reader sees, what a spreadsheet gets, what a program reads.

One list of columns makes all three, so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import great_tables as gt
import numpy as np
import pandas as pd

from jq_models.errors import RunError
from jq_models.report.columns import Column, Format

MAX_COLUMNS = 10
STYLE = (Path(__file__).parent / "template" / "table.css").read_text(encoding="utf-8")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A finished table.

    Attributes
    ----------
    name : str
        File name without ending: lower-case letters, digits, underscores.
    title, note : str
        Above and below the table; thresholds and their sources stand in the note.
    frame : DataFrame of str
        Rounded, worded cells; at most ten columns.
    raw : DataFrame
        Codes and full-precision numbers under names that are the same in every language.
    sheet : DataFrame
        Worded text and full-precision numbers, for a spreadsheet.
    formats : tuple of (str, tuple of str, or None)
        Number format of each column of `sheet`, or one a row; None for text.
    align : tuple of {"left", "right"}
        One entry a column of `frame`.
    grouped : bool
        Whether the first column of `frame` names blocks of rows.
    """

    name: str
    title: str
    frame: pd.DataFrame
    raw: pd.DataFrame
    sheet: pd.DataFrame
    formats: tuple[Format, ...]
    align: tuple[str, ...]
    grouped: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise RunError(f"A table cannot be named '{self.name}': use lower-case letters, digits and '_'.")
        width = len(self.frame.columns)
        if width > MAX_COLUMNS:
            raise RunError(f"Table '{self.name}' has {width} columns; a page holds {MAX_COLUMNS}. Split it.")

    def html(self) -> str:
        """Return the table as HTML with its own short style: no script, no font, fixed ids."""
        table = gt.GT(
            self.frame,
            id=f"table-{self.name}",
            groupname_col=self.frame.columns[0] if self.grouped else None,
            rowname_col=self.frame.columns[int(self.grouped)],
        )
        table = table.tab_header(title=self.title).tab_stubhead(label=self.frame.columns[int(self.grouped)])
        for name, side in zip(self.frame.columns, self.align, strict=True):
            table = table.cols_align(align=side, columns=[name])
        if self.note:
            table = table.tab_source_note(self.note)
        body = re.search(r"<table.*</table>", table.as_raw_html(), flags=re.DOTALL)
        assert body is not None  # great_tables always writes one
        clean = re.sub(r' data-quarto-[a-z-]+="[a-z]*"', "", body.group())
        return f'<div class="jq-table" id="table-{self.name}">\n<style>{STYLE}</style>\n{clean}\n</div>'

    def plain(self) -> str:
        """Return the table as aligned text: title, cells, note."""
        rows = [list(map(str, self.frame.columns)), *self.frame.to_numpy(dtype=str).tolist()]
        widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if side == "right" else cell.ljust(width)
                for cell, width, side in zip(row, widths, self.align, strict=True)
            ).rstrip()
            for row in rows
        ]
        return "\n".join([self.title, "", *lines, *(["", self.note] if self.note else [])])


def build(
    name: str,
    *,
    title: str,
    columns: Iterable[Column],
    note: str = "",
    grouped: bool = False,
    rows: Sequence[bool] | None = None,
) -> Table:
    """Make a table from its columns.

    Parameters
    ----------
    name : str
        File name without ending.
    title, note : str
        Above and below the table.
    columns : iterable of Column
        In display order.
    grouped : bool
        Whether the first column names blocks of rows.
    rows : sequence of bool, optional
        Which rows a reader sees; the files hold all.

    Raises
    ------
    RunError
        On a bad name or more than ten columns.
    """
    columns = list(columns)
    keep = np.ones(len(columns[0].shown), dtype=bool) if rows is None else np.asarray(rows, dtype=bool)
    frame = pd.DataFrame({c.heading: list(c.shown) for c in columns}, dtype=object)
    raw = {key: list(values) for c in columns for key, values in c.raw.items()}
    sheet = {
        heading: list(c.texts or c.shown) if kind is None else list(values)
        for c in columns
        for heading, kind, values in zip(c.headings, c.formats, c.raw.values(), strict=True)
    }
    return Table(
        name=name,
        title=title,
        note=note,
        frame=frame[keep].reset_index(drop=True),
        raw=_frame(raw),
        sheet=_frame(sheet),
        formats=tuple(kind for c in columns for kind in c.formats),
        align=tuple(c.align for c in columns),
        grouped=grouped,
    )


def _mixed(values: Sequence[object]) -> bool:
    """Say whether whole numbers stand beside decimals or nothing."""
    whole = any(isinstance(v, int) for v in values)
    return None in values or (whole and any(isinstance(v, float) for v in values))


def _frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Keep counts whole where some are hidden or decimals stand below: pandas would make all decimals."""
    return pd.DataFrame(
        {name: pd.Series(v, dtype=object if _mixed(v) else None) for name, v in columns.items()}
    )

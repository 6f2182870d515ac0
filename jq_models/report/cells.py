"""A table as rows of cells, read back from the HTML that was shown: so every format shows the same cells."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row; one that names a block of rows has a single cell."""

    cells: tuple[str, ...]
    names_block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table as a reader sees it.

    Attributes
    ----------
    title, note : str
    heads : tuple of str
        One a column.
    align : tuple of {"left", "right"}
        One a column.
    rows : tuple of Row
    """

    title: str
    note: str
    heads: tuple[str, ...]
    align: tuple[str, ...]
    rows: tuple[Row, ...]


def cells_of(html: str) -> Cells:
    """Return the cells of what `Table.html` wrote."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Cells(
        title=" ".join(reader.title.split()),
        note=" ".join(reader.note.split()),
        heads=tuple(reader.heads),
        align=tuple(reader.align),
        rows=tuple(reader.rows),
    )


@dataclass(slots=True, kw_only=True)
class _Cell:
    classes: set[str]
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.note = "", ""
        self.heads: list[str] = []
        self.align: list[str] = []
        self.rows: list[Row] = []
        self._cell: _Cell | None = None
        self._row: list[_Cell] = []
        self._ignored = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._ignored = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._cell = _Cell(classes=set((dict(attrs).get("class") or "").split()))
        elif tag == "br" and self._cell is not None:
            self._cell.text += "\n"

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._ignored:
            self._cell.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._ignored = False
        elif tag in ("td", "th") and self._cell is not None:
            self._take(self._cell)
            self._cell = None
        elif tag == "tr" and self._row:
            texts = tuple(cell.text.strip() for cell in self._row)
            block = "gt_group_heading" in self._row[0].classes
            self.rows.append(Row(cells=texts, names_block=block))
            self._row = []

    def _take(self, cell: _Cell) -> None:
        if "gt_title" in cell.classes:
            self.title += cell.text
        elif "gt_sourcenote" in cell.classes:
            self.note += cell.text
        elif "gt_col_heading" in cell.classes:
            self.heads.append(cell.text.strip())
            self.align.append("right" if "gt_right" in cell.classes else "left")
        elif cell.classes & {"gt_row", "gt_group_heading", "gt_stub"}:
            self._row.append(cell)

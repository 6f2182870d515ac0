"""A table in Word: native, its header on every page, numbers at the right, never wider than the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from jq_models.report import measure, style
from jq_models.report.cells import Cells, Row
from jq_models.report.story_text import unbroken
from jq_models.report.word_xml import borders, element

CELL = "Cell"  # id of a cell's style
SIZES = (8.0, 7.5, 7.0)
ROOM = 4.0  # points left and right of a cell's text
SHORT = 16  # rows of a table that stays on one page
TOGETHER = 3  # rows at either end of a longer table that stay with each other
SHARE = 0.97  # of the page's width, that rounding does not push a table over it
MM = 72 / 25.4


def columns(cells: Cells, *, room: float) -> tuple[float, list[float]] | None:
    """Return the size of letters and the columns' widths with which a table fits, in points; or None.

    Numbers are never broken, words of texts and headings between words. Where not everything fits on one
    line, room goes to what stands in the rows first, to headings last; letters are made smaller only where
    that spares the rows a second line.
    """
    room *= SHARE
    squeezed: tuple[float, list[float]] | None = None
    for size in SIZES:
        every = [_column(cells, place, size) for place in range(len(cells.heads))]
        widths, *wishes = map(list, zip(*every, strict=True))
        if sum(widths) > room:
            continue
        for place, wish in enumerate(wishes):
            wanted = [max(wide, own) for wide, own in zip(widths, wish, strict=True)]
            if sum(wanted) > room:
                widths = _shared(widths, wanted, room=room)
                if place:
                    return size, widths
                squeezed = squeezed or (size, widths)  # smaller letters may spare the rows a second line
                break
            widths = wanted
        else:
            return size, widths
    return squeezed


def _shared(widths: Sequence[float], wanted: Sequence[float], *, room: float) -> list[float]:
    """Return widths that fill the room: every column gets the same share of what it still wants."""
    spare, wish = room - sum(widths), sum(wanted) - sum(widths)
    return [wide + spare * (own - wide) / wish for wide, own in zip(widths, wanted, strict=True)]


def _column(cells: Cells, place: int, size: float) -> tuple[float, float, float, float]:
    """Return a column's least width, and those for its rows, a heading of three lines and one of two."""
    texts = [unbroken(row.cells[place]) for row in cells.rows if not row.names_block]
    head = unbroken(cells.heads[place])
    whole = cells.align[place] == "right"
    parts = texts if whole else [word for text in texts for word in measure.words(text)]
    least = max(measure.widest(parts, size), measure.widest(measure.words(head), size, bold=True))
    long = measure.width(head, size, bold=True)
    wishes = (least, measure.widest(texts, size), 0.38 * long, 0.55 * long)
    least, body, three, two = (wish + 2 * ROOM + 1 for wish in wishes)
    return least, body, three, two


def add_table(document: Any, cells: Cells, *, fit: tuple[float, Sequence[float]], label: str) -> None:
    """Put a table at the document's end, with the widths of `columns`."""
    size, widths = fit
    table = document.add_table(rows=0, cols=len(cells.heads))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    _properties(table, cells, label=label, widths=widths)
    _add_row(table, Row(cells=cells.heads), cells=cells, widths=widths, size=size, header=True)
    count = len(cells.rows)
    for k, row in enumerate(cells.rows):
        # a short table stays whole; of a long one the first rows and the last are not left alone
        kept = count <= SHORT or k < TOGETHER or k >= count - TOGETHER
        _add_row(table, row, cells=cells, widths=widths, size=size, kept=kept)


def _properties(table: Any, cells: Cells, *, label: str, widths: Sequence[float]) -> None:
    properties = table._tbl.tblPr
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(round(20 * width)))
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    parts = {
        "tblW": element("w:tblW", w=round(20 * sum(widths)), type="dxa"),
        "tblInd": element("w:tblInd", w=round(20 * ROOM), type="dxa"),
        "tblBorders": borders(
            "w:tblBorders",
            [("top", 8, style.INK), ("bottom", 8, style.INK), ("insideH", 4, style.GRID)],
        ),
        "tblCellMar": margins(),
        "tblCaption": element("w:tblCaption", val=f"{label} {cells.title}"),
        "tblDescription": element("w:tblDescription", val=cells.note or cells.title),
    }
    in_order(properties, parts)


# what Word's schema allows in a table's properties, in its order
_ORDER = (
    *("tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize"),
    *("tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"),
    *("tblCaption", "tblDescription"),
)


def in_order(properties: Any, parts: dict[str, Any]) -> None:
    """Put properties where Word's schema wants them; Word calls a file damaged otherwise."""
    for child in parts.values():
        properties.append(child)
    known = {qn(f"w:{name}"): place for place, name in enumerate(_ORDER)}
    properties[:] = sorted(properties, key=lambda child: known.get(child.tag, len(_ORDER)))


def margins(beside: float = ROOM) -> Any:
    """Return what is left free in a cell, `beside` its text in points."""
    made = element("w:tblCellMar")
    for side, width in (("top", 1.5), ("left", beside), ("bottom", 1.5), ("right", beside)):
        made.append(element(f"w:{side}", w=round(20 * width), type="dxa"))
    return made


def _add_row(
    table: Any,
    row: Row,
    *,
    cells: Cells,
    widths: Sequence[float],
    size: float,
    header: bool = False,
    kept: bool = False,
) -> None:
    made = table.add_row()
    properties = made._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))
    if row.names_block:
        made.cells[0].merge(made.cells[-1])
    # looking a cell up takes python-docx long
    for place, (text, cell) in enumerate(zip(row.cells, made.cells, strict=False)):
        cell.width = Pt(sum(widths) if row.names_block else widths[place])
        paragraph = cell.paragraphs[0]
        paragraph._p.get_or_add_pPr().style = CELL  # looked up by its name it takes long
        # with what follows: the last row with its note, a short table as a whole
        paragraph.paragraph_format.keep_with_next = header or row.names_block or kept
        if cells.align[place] == "right" and not row.names_block:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(unbroken(text))
        run.font.size = Pt(size)
        run.bold = header or row.names_block
        if header:
            cell._tc.get_or_add_tcPr().append(borders("w:tcBorders", [("bottom", 6, style.INK)]))

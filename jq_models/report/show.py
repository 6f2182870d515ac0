"""Show tables, drawings and words in a notebook, and keep their files when a run asks for them."""

from __future__ import annotations

import os
from pathlib import Path

from IPython.display import display

from jq_models.report.chart import save_chart
from jq_models.report.export import save_sheet, write_csv
from jq_models.report.figure import Drawing
from jq_models.report.table import Table

OUT_VARIABLE = "JQ_MODELS_OUT"
TABLES, FIGURES, SHEETS = "tables", "figures", "sheets"
CHARTS, PICTURES = "charts", "png"  # for Word and slides; a published report does not keep them
METADATA = "jq_models"  # the key under which an output says what it is, for `publish`


def show(*things: Table | Drawing | str) -> None:
    """Display each thing in a notebook.

    Tables show as HTML, with aligned plain text beside it; drawings as SVG, with their finding in words as
    plain text; text is markdown. Empty text and tables without rows show nothing.

    When the environment variable ``JQ_MODELS_OUT`` names a folder, ``tables/NAME.csv``,
    ``figures/NAME.svg`` and ``sheets/NAME.json`` (for `workbook.load_sheets`) are written there; so are
    ``png/NAME.png`` and ``charts/NAME.json``, for Word and slides.

    Raises
    ------
    TypeError
        On anything else.
    """
    for thing in things:
        if isinstance(thing, Table):
            if thing.frame.empty:
                continue
            _keep_table(thing)
            _emit({"text/plain": thing.plain(), "text/html": thing.html()}, kind="table", name=thing.name)
        elif isinstance(thing, Drawing):
            _show_drawing(thing)
        elif isinstance(thing, str):
            if thing:
                _emit({"text/plain": thing, "text/markdown": thing}, kind="text")
        else:
            raise TypeError(f"show() takes tables, drawings and text, not {type(thing).__name__}.")


def _show_drawing(drawing: Drawing) -> None:
    """Show the title above and the note below: `publish` makes one caption of them instead."""
    svg = drawing.svg()
    _keep_drawing(drawing, svg)
    _emit({"text/plain": drawing.title, "text/markdown": f"**{drawing.title}**"}, kind="caption")
    _emit(
        {"text/plain": drawing.alt, "image/svg+xml": svg},
        kind="figure",
        name=drawing.name,
        title=drawing.title,
        note=drawing.note,
    )
    if drawing.note:
        _emit({"text/plain": drawing.note, "text/markdown": f"*{drawing.note}*"}, kind="caption")


def _keep_drawing(drawing: Drawing, svg: str) -> None:
    figures, pictures, charts = _folder(FIGURES), _folder(PICTURES), _folder(CHARTS)
    if figures is None or pictures is None or charts is None:
        return
    (figures / f"{drawing.name}.svg").write_text(svg, encoding="utf-8")
    (pictures / f"{drawing.name}.png").write_bytes(drawing.png())
    if drawing.chart is not None:
        save_chart(drawing.chart, charts / f"{drawing.name}.json")


def _keep_table(table: Table) -> None:
    tables, sheets = _folder(TABLES), _folder(SHEETS)
    if tables is not None and sheets is not None:
        write_csv(table, tables / f"{table.name}.csv")
        save_sheet(table, sheets)


def _folder(name: str) -> Path | None:
    out = os.environ.get(OUT_VARIABLE)
    if not out:
        return None
    folder = Path(out) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _emit(bundle: dict[str, str], **about: str) -> None:
    display(bundle, raw=True, metadata={METADATA: about})  # type: ignore[no-untyped-call]  # IPython has no types

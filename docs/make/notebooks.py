"""Stored notebooks as pages: text, code, and the outputs exactly as they were stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from docs.make.places import ROOT, page_of

STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
FOLDERS = ("notebooks", "notebooks/study", "notebooks/learn")
# chapters of a report without code, filled from the other notebooks: nothing to see before a study ran
LEFT_OUT = ("report.ipynb",)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def notebook_files() -> list[str]:
    """Return the notebooks that become pages; of the course the students' copies, never the solutions."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.ipynb"))]
    return [path.relative_to(ROOT).as_posix() for path in found if path.name not in LEFT_OUT]


def notebook_pages() -> dict[str, str]:
    """Return the pages of all notebooks, each with links between notebooks still as in the project."""
    return {str(page_of(file)): notebook_page(ROOT / file) for file in notebook_files()}


def notebook_page(path: Path) -> str:
    """Return a stored notebook as Markdown.

    Parameters
    ----------
    path : Path
        The ``.ipynb`` file.

    Returns
    -------
    str
        Its cells in order; pictures and tables are inside the page.
    """
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(part for cell in cells for part in _cell(cell)) + "\n"


def _cell(cell: Mapping[str, Any]) -> list[str]:
    if cell["cell_type"] == "markdown":
        return [cell["source"]]
    if cell["cell_type"] != "code" or not cell["source"].strip():
        return []
    outputs = [_output(output) for output in cell.get("outputs", ())]
    return [fenced(cell["source"], "python"), *(text for text in outputs if text)]


def fenced(text: str, language: str) -> str:
    """Return text as a block of code, fenced by more backticks than it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _output(output: Mapping[str, Any]) -> str:
    if output["output_type"] == "stream":
        return fenced(ANSI.sub("", output["text"]).rstrip(), "text")
    data = output.get("data", {})
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""  # the figure beside a slider shows the same without a kernel
    if "text/html" in data:
        return _raw(STYLE.sub("", data["text/html"]))
    if "image/svg+xml" in data:
        return _raw(f'<div class="drawing">{data["image/svg+xml"]}</div>')
    if "text/markdown" in data:
        return str(data["text/markdown"])
    return fenced(str(data["text/plain"]), "text") if "text/plain" in data else ""


def _raw(html: str) -> str:
    return f"````{{raw}} html\n{html}\n````"

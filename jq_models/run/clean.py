"""Takes out of notebooks what does not belong to their content: paths, times, the machine's traces."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_TRACES = ("papermill", "execution", "ExecuteTime", "widgets", "collapsed", "scrolled", "trusted")
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/<+])/(?:home|Users|root|tmp|var|usr|opt|work|workspace|mnt|media|private|srv|data|build)"
    r"/[^\s\"'<>|)]+"
    r"|\b[A-Za-z]:[\\/]+(?:Users|Program|Windows|Temp|[\w-]+[\\/])[^\s\"'<>|)]*"
    r"|\bfile:/+[^\s\"'<>|)]+"
)
_START, _END, _REST = r"(?<![\w.])", r"(?![\w.-])", r"[^\s\"'<>|)]*"
_WARNING = re.compile(r"\b[A-Z]\w*Warning\b")


def clean_text(text: str, *, roots: Sequence[Path] = ()) -> str:
    """Take the folders out of every absolute path.

    Parameters
    ----------
    text : str
        Any text that leaves a run.
    roots : sequence of Path, optional
        Folders of this run, such as the project's: what stands below them is kept, as ``…/data/x.csv``.
        Of every other absolute path the last part alone is kept.
    """
    for folder in _longest_first(roots):
        text = re.sub(_START + re.escape(folder) + _END, "…", text)
    machine = (Path.cwd(), Path.home(), Path(tempfile.gettempdir()), Path(sys.prefix))
    for folder in _longest_first(machine):
        text = re.sub(_START + re.escape(folder) + _END + _REST, _last_part, text)
    return ABSOLUTE_PATH.sub(_last_part, text)


def _longest_first(folders: Sequence[Path]) -> list[str]:
    return sorted({str(p) for p in folders if len(p.parts) > 1}, key=len, reverse=True)


def _last_part(path: re.Match[str]) -> str:
    return "…/" + re.split(r"[\\/]", path[0])[-1]


def clean_notebook(notebook: NotebookNode, *, roots: Sequence[Path] = ()) -> NotebookNode:
    """Return the executed notebook without times, paths and machine names, its counts 1 to n.

    A stream of warnings is replaced by the kinds of the warnings: their texts may quote data.
    """
    clean: NotebookNode = nbformat.from_dict({**notebook, "cells": [dict(cell) for cell in notebook.cells]})
    clean.metadata = nbformat.from_dict(
        {
            **{k: v for k, v in notebook.metadata.items() if k not in _TRACES},
            "kernelspec": KERNELSPEC,
            "language_info": LANGUAGE,
        }
    )
    clean.nbformat, clean.nbformat_minor = 4, 5
    count = 0
    for index, cell in enumerate(clean.cells):
        cell.metadata = {k: v for k, v in cell.metadata.items() if k not in _TRACES and v != []}
        cell.id = _cell_id(cell, index)
        if cell.cell_type == "code":
            executed = bool(cell.source.strip())
            count += executed
            cell.execution_count = count if executed else None
            cell.outputs = [_clean_output(output, count, roots) for output in cell.outputs]
    return clean


def _cell_id(cell: NotebookNode, index: int) -> str:
    if "injected-parameters" in cell.metadata.get("tags", []):
        return "injected-parameters"  # papermill draws a random one
    made = hashlib.sha256(f"{index}:{cell.source}".encode()).hexdigest()[:8]
    return str(cell.get("id") or made)


def _clean_output(output: NotebookNode, count: int, roots: Sequence[Path]) -> NotebookNode:
    clean: NotebookNode = nbformat.from_dict({k: _clean_value(v, roots) for k, v in output.items()})
    if clean.output_type == "execute_result":
        clean.execution_count = count
    if clean.output_type == "stream" and clean.name == "stderr":
        kinds = sorted(set(_WARNING.findall(clean.text))) or ["a message"]
        clean.text = f"Raised while running: {', '.join(kinds)}.\n"
    return clean


def _clean_value(value: Any, roots: Sequence[Path]) -> Any:
    if isinstance(value, str):
        return clean_text(value, roots=roots)
    if isinstance(value, dict):
        return {k: _clean_value(v, roots) for k, v in value.items()}
    return [_clean_value(v, roots) for v in value] if isinstance(value, list) else value


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook as format 4."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """Return the notebook as the bytes it is stored in: sorted keys, one line a line of text."""
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook so that a reader never sees half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(notebook_text(notebook), encoding="utf-8", newline="\n")
    part.replace(path)

"""The course's notebooks: students' copies are derived from the solved ones, never written by hand.

A solved notebook lies in ``notebooks/learn/solutions/`` and is stored executed. In its copy, one folder up,
every cell tagged ``solution`` gets the text of its metadata ``blank`` (such as ``answer = ...``), and no cell
has an output.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from jq_models.errors import RunError
from jq_models.run.clean import clean_notebook, notebook_text, read_notebook, write_notebook

SOLUTIONS, COURSE = "solutions", "learn"
TAG, BLANK = "solution", "blank"


def is_copy(path: Path) -> bool:
    """Say whether a notebook is a student's copy: a solved one of its name lies in ``solutions/``."""
    return path.parent.name == COURSE and (path.parent / SOLUTIONS / path.name).is_file()


def is_solved(path: Path) -> bool:
    """Say whether a notebook is a solved one of the course."""
    return path.parent.name == SOLUTIONS and path.parent.parent.name == COURSE


def copy_of(solved: NotebookNode, *, where: str) -> NotebookNode:
    """Derive the student's copy of a solved notebook.

    Parameters
    ----------
    solved : NotebookNode
        Its cells tagged ``solution`` have the text that stands in their place as metadata ``blank``.
    where : str
        Its name, for messages.

    Raises
    ------
    RunError
        When a solution has no blank, or no cell is a solution.
    """
    copy: NotebookNode = nbformat.from_dict({**solved, "cells": [dict(cell) for cell in solved.cells]})
    blanks = 0
    for position, cell in enumerate(copy.cells, start=1):
        metadata = {key: value for key, value in cell.metadata.items() if key != BLANK}
        tags = [tag for tag in metadata.pop("tags", []) if tag != TAG]
        if TAG in cell.metadata.get("tags", []):
            if BLANK not in cell.metadata:
                raise RunError(
                    f"{where}: cell {position} is tagged '{TAG}' without metadata '{BLANK}'. "
                    "Write there what students see in its place, such as 'answer = ...'."
                )
            cell.source = str(cell.metadata[BLANK])
            blanks += 1
        cell.metadata = nbformat.from_dict({**metadata, **({"tags": tags} if tags else {})})
    if not blanks:
        raise RunError(f"{where}: no cell is tagged '{TAG}', so its copy would hold the solutions.")
    clean = clean_notebook(copy)
    for cell in clean.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return clean


def copy_path(solved: Path) -> Path:
    """Return where the copy of a solved notebook lies."""
    return solved.parent.parent / solved.name


def write_copy(solved: Path) -> bool:
    """Derive the copy of a solved notebook and store it; return whether the file changed."""
    copy, path = copy_of(read_notebook(solved), where=solved.name), copy_path(solved)
    if path.is_file() and path.read_text(encoding="utf-8") == notebook_text(copy):
        return False
    write_notebook(copy, path)
    return True

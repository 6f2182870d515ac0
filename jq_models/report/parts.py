"""Chapters that other notebooks fill: their cells tagged ``report:CHAPTER`` go below the text with that tag.

A chapter's heading and words stand in one place, a markdown cell of the report's notebook; what it shows is
computed where it is explained, in the study's other notebooks, and computed once. Each inserted cell opens
with a sentence of its own, so that a chapter reads on without the narration it had over there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from jq_models.report.show import METADATA

if TYPE_CHECKING:  # nbformat takes long to load, and only publishing reads notebooks
    from nbformat import NotebookNode

PREFIX = "report:"
HIDE = "hide"  # cells with this tag are not published
AT_PUBLISHING = ("table_list", "checklist", "sources")  # chapters that no notebook fills: the page maker does


def chapters_of(cell: NotebookNode) -> tuple[str, ...]:
    """Return the chapters a cell belongs to, in the order of its tags."""
    tags = cell.metadata.get("tags", [])
    return tuple(tag.removeprefix(PREFIX) for tag in tags if tag.startswith(PREFIX))


def merged(notebook: NotebookNode, parts: Sequence[NotebookNode]) -> NotebookNode:
    """Return a copy of the report's notebook with the cells of the others in their chapters.

    A tagged text that nothing is shown below, neither from another notebook nor from the report's own, is
    left out: no chapter is announced and then empty.

    Parameters
    ----------
    notebook : NotebookNode
        The report's notebook, executed.
    parts : sequence of NotebookNode
        The other executed notebooks, in the order in which a chapter takes from them.
    """
    copy = deepcopy(notebook)
    sections: list[list[NotebookNode]] = [[]]
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            sections.append([cell, *_of_chapters(chapters_of(cell), parts)])
        else:
            sections[-1].append(cell)
    copy.cells = [cell for section in sections if not _announces_nothing(section) for cell in section]
    return copy


def homeless(notebook: NotebookNode, parts: Mapping[str, NotebookNode]) -> list[str]:
    """Return the cells of other notebooks whose chapter the report does not have, one text each."""
    places = {name for cell in _markdown(notebook.cells) for name in chapters_of(cell)}
    return [
        f"{name}, cell '{cell.id}': no place for {PREFIX}{chapter}"
        for name, part in parts.items()
        for cell in part.cells
        for chapter in chapters_of(cell)
        if cell.cell_type != "code" or chapter not in places
    ]


def _of_chapters(chapters: Iterable[str], parts: Sequence[NotebookNode]) -> list[NotebookNode]:
    return [
        deepcopy(cell)
        for chapter in chapters
        for part in parts
        for cell in part.cells
        if cell.cell_type == "code" and chapter in chapters_of(cell)
    ]


def _announces_nothing(section: Sequence[NotebookNode]) -> bool:
    if not section or section[0].cell_type != "markdown":
        return False
    chapters = chapters_of(section[0])
    if not chapters or set(chapters) & set(AT_PUBLISHING):
        return False
    return not any(shows_something(cell) for cell in section[1:])


def shows_something(cell: NotebookNode) -> bool:
    """Say whether a code cell has an output that a page shows; one that ended in an error has."""
    if cell.cell_type != "code" or HIDE in cell.metadata.get("tags", []):
        return False
    if cell.execution_count is None and cell.source.strip():
        return True  # the page maker refuses it by name
    for output in cell.outputs:
        if output.output_type == "stream":
            if output.name == "stdout" and output.text.strip():
                return True
        elif output.get("metadata", {}).get(METADATA, {}).get("kind") != "caption":
            return True
    return False


def _markdown(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    return [cell for cell in cells if cell.cell_type == "markdown"]

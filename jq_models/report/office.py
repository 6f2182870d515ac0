"""The report for office programs: a Word document and slides, from the notebooks that the page is made of."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from jq_models.report.publish import read_story
from jq_models.report.show import CHARTS, PICTURES, SHEETS
from jq_models.report.story import Cover

WORD, SLIDES = "report.docx", "report.pptx"


def publish_office(
    notebook: Path, *, parts: Sequence[Path] = (), work: Path, cover: Cover, language: str
) -> tuple[Path, Path]:
    """Write ``report.docx`` and ``report.pptx`` into a run's folder, in the house style in force.

    Parameters
    ----------
    notebook : Path
        The executed report notebook.
    parts : sequence of Path
        The other executed notebooks, as for `publish_html`: both give the same numbers to tables and figures.
    work : Path
        The run's folder, with what `show` has kept there.
    cover : Cover
        What the page's cover says, too.
    language : {"en", "nl"}

    Returns
    -------
    (Path, Path)
        The document and the slides.

    Raises
    ------
    RunError
        When a cell was not executed or ended in an error.
    """
    # both libraries take long to load, and notebooks import this room
    from jq_models.report.slides import publish_slides
    from jq_models.report.word import publish_word

    story = read_story(notebook, parts=parts, language=language)
    word = publish_word(story, out=work / WORD, cover=cover, pictures=work / PICTURES)
    return word, publish_slides(story, out=work / SLIDES, cover=cover, work=work)


def clear_working(work: Path) -> None:
    """Delete what `show` kept for other files only: a published report holds the files themselves.

    Parameters
    ----------
    work : Path
        The folder `show` wrote to.
    """
    for name in (SHEETS, CHARTS, PICTURES):
        shutil.rmtree(work / name, ignore_errors=True)

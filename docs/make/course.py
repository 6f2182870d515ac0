"""The contents of the course, from the notebooks that are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).parents[1]


def course_index(texts: Mapping[str, str]) -> str:
    """Return the page that lists the chapters, the glossary and the teacher's guide.

    Parameters
    ----------
    texts : mapping
        Page to Markdown, of all pages there are.

    Returns
    -------
    str
        Markdown with a table of contents.
    """
    names = sorted(Path(page).stem for page in texts if page.startswith("learn/"))
    head = (DOCS / "learn.md").read_text(encoding="utf-8")
    contents = ["```{toctree}", ":maxdepth: 1", "", *names, "```"] if names else []
    return "\n".join([head, *contents]) + "\n"

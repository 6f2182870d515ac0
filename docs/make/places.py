"""Where a file of the project stands on the site, and how links to it are turned into links there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
# file of the project: its page on the site
PAGES: Mapping[str, str] = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "tests/reference/AGREEMENT.md": "numbers/agreement.md",
    "tests/reference/verdicts/RESULTS.md": "numbers/verdicts.md",
    "benchmarks/results/bench.md": "numbers/bench.md",
    "benchmarks/results/pls/bench.md": "numbers/bench-pls.md",
    "benchmarks/results/batch/bench.md": "numbers/bench-batch.md",
    "notebooks/learn/glossary.md": "learn/glossary.md",
    "notebooks/learn/teachers_guide.md": "learn/teachers_guide.md",
}
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")


def page_of(file: str) -> str | None:
    """Return the page of a file of the project, None if it has none.

    Parameters
    ----------
    file : str
        Path below the project's folder.

    Returns
    -------
    str or None
        Path of the page below the pages' folder.
    """
    if file.endswith(".ipynb") and "/solutions/" not in file:
        folder = "learn" if "/learn/" in file else "notebooks"
        return f"{folder}/{Path(file).stem}.md"
    return PAGES.get(file)


def with_links(text: str, *, file: str, page: str, present: Collection[str]) -> str:
    """Turn links between files of the project into links between pages.

    A link to a file that has no page becomes its text: the site must stand on its own.

    Parameters
    ----------
    text : str
        Markdown as it stands in the project.
    file : str
        The file it is from.
    page : str
        The page it becomes.
    present : collection of str
        The pages there are.

    Returns
    -------
    str
        Markdown whose links hold on the site.
    """

    def turned(link: re.Match[str]) -> str:
        target, _, anchor = link["target"].partition("#")
        if "://" in target or not target:
            return link[0]
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
        there = page_of(meant)
        if there is None or there not in present:
            return link["text"]
        to = posixpath.relpath(there, posixpath.dirname(page) or ".")
        return f"[{link['text']}]({to}{'#' + anchor if anchor else ''})"

    return _LINK.sub(turned, text)

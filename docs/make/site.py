"""Put the pages together and let Sphinx make the site of them; a warning or a broken link is an error."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from docs.make.api import api_pages
from docs.make.course import course_index
from docs.make.links import problems_of
from docs.make.notebooks import notebook_files, notebook_pages
from docs.make.numbers import number_pages
from docs.make.places import PAGES, ROOT, page_of, with_links
from docs.make.privacy import privacy_text
from jq_models.report.style import FACES, FAMILY, FONTS

DOCS = ROOT / "docs"
BUILD = DOCS / "build"
TABLE_CSS = ROOT / "jq_models" / "report" / "template" / "table.css"


def write_pages(out: Path, *, rooms: tuple[str, ...] | None = None) -> Path:
    """Write every page as Markdown.

    Parameters
    ----------
    out : Path
        Folder; ``pages`` in it is made anew.
    rooms : tuple of str, optional
        Only these pages of the reference, and no notebooks: for a quick look and for tests.

    Returns
    -------
    Path
        The folder of the pages.
    """
    pages = out / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(DOCS / "pages", pages)
    files = {file: page for file, page in PAGES.items() if (ROOT / file).is_file()}
    texts = {page: (ROOT / file).read_text(encoding="utf-8") for file, page in files.items()}
    if rooms is None:
        texts |= notebook_pages()
        files |= {file: str(page_of(file)) for file in notebook_files()}
    present = frozenset(texts)
    texts = {p: with_links(texts[p], file=file, page=p, present=present) for file, p in files.items()}
    made = api_pages(rooms or ()) | number_pages() | {"learn/index.md": course_index(texts)}
    made |= {"notebooks/index.md": _notebook_index(texts), "data-protection.md": privacy_text()}
    for page, text in (texts | made).items():
        target = pages / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    _write_static(pages / "_static")
    shutil.copy(DOCS / "conf.py", pages / "conf.py")
    shutil.copy(ROOT / "reports" / "example-page.png", pages / "example-page.png")
    return pages


def _notebook_index(texts: Mapping[str, str]) -> str:
    names = sorted(Path(page).stem for page in texts if page.startswith("notebooks/"))
    text = (DOCS / "notebooks.md").read_text(encoding="utf-8")
    return "\n".join([text, "```{toctree}", ":maxdepth: 1", "", *names, "```", ""])


def _write_static(static: Path) -> None:
    """Copy the style, the fonts the figures were drawn with, and the one formulas are set in."""
    static.mkdir(parents=True)
    faces = [
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{kind};src:url("{name}.woff2")}}'
        for name, weight, kind in FACES
    ]
    for name, _, _ in FACES:
        shutil.copy(FONTS / f"{name}.woff2", static)
    shutil.copy(DOCS / "static" / "fonts" / "JQMath-Regular.woff2", static)
    styles = [path.read_text(encoding="utf-8") for path in (TABLE_CSS, DOCS / "static" / "site.css")]
    (static / "site.css").write_text("\n".join([*faces, *styles]), encoding="utf-8", newline="\n")


def build_site(out: Path, *, rooms: tuple[str, ...] | None = None) -> int:
    """Build the site; return an exit code.

    Parameters
    ----------
    out : Path
        ``pages`` and ``site`` are made in it.
    rooms : tuple of str, optional
        As in `write_pages`.

    Returns
    -------
    int
        0 when Sphinx had nothing to warn of, every link and anchor holds, and no page asks for the network.
    """
    pages, site = write_pages(out, rooms=rooms), out / "site"
    shutil.rmtree(site, ignore_errors=True)
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-b", "html"]
    doctrees = ["-d", str(out / "doctrees")]
    # a process of its own: Sphinx keeps state, and a warning of docutils must not be one of ours
    done = subprocess.run([*sphinx, *doctrees, str(pages), str(site)], cwd=ROOT, check=False)
    if done.returncode:
        return done.returncode
    found = problems_of(site)
    made = len(list(site.rglob("*.html")))
    print("\n".join(found[:50]) or f"{made} pages: {site / 'index.html'}", flush=True)
    return int(bool(found))

"""An executed notebook as a report: one HTML file that asks for nothing from anywhere, and a PDF of it.

nbconvert's stock HTML pulls scripts from elsewhere and shows code; here a page of our own is filled from the
outputs (`page`), so that what is published is exactly what was stored.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from jq_models import __version__
from jq_models.errors import RunError
from jq_models.report import style
from jq_models.report.bibliography import sources_html
from jq_models.report.checklist import LISTS, checklist_html
from jq_models.report.page import TO_FILL, Page, Place, page_of_story
from jq_models.report.paging import PART, fitted
from jq_models.report.parts import merged
from jq_models.report.story import Story, story_of
from jq_models.report.style import FACES, FAMILY, FONTS, css_variables
from jq_models.report.svg import labelled, with_letters
from jq_models.report.table import STYLE
from jq_models.report.wording import Wording, wording

if TYPE_CHECKING:
    from nbformat import NotebookNode

_CONTENTS = re.compile(r'<nav class="contents".*?</nav>', re.DOTALL)
_ABOUT = re.compile(r'<p class="about">.*?</p>\s*', re.DOTALL)
_CHAPTER = re.compile(r'<div class="text">\s*<h2')
_PICTURE = re.compile(r"</figure>")
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
COVER = "cover"  # anchor of the title block
TEMPLATE = Path(__file__).parent / "template"


def publish_html(
    notebook: Path,
    *,
    out: Path,
    language: str,
    parts: Sequence[Path] = (),
    title: str = "",
    subtitle: str = "",
    facts: Mapping[str, str] | None = None,
    simulated: bool = False,
    notes: Mapping[str, str] | None = None,
    closed: Mapping[str, str] | None = None,
) -> Path:
    """Write an executed notebook as one self-contained HTML file.

    Parameters
    ----------
    notebook : Path
        An executed notebook. Cells tagged ``hide``, or with another language's code, are left out.
    out : Path
        The ``.html`` file.
    language : {"en", "nl"}
        Language of the page.
    parts : sequence of Path
        Other executed notebooks: their cells tagged ``report:CHAPTER`` are shown below the text so tagged.
    title, subtitle : str
        On the cover; without a title the notebook's first heading is taken.
    facts : mapping of str to str, optional
        Label -> value on the cover: study, respondents, questionnaire.
    simulated : bool
        Whether to label the page as made from simulated data, in a band that stays in sight.
    notes : mapping of str to str, optional
        Label -> sentence on the cover: where data and questions come from.
    closed : mapping of str to str, optional
        Gate -> why what stands behind it was left out (`closed_gates`), for the checklist.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    RunError
        When the notebook was not executed without error, shows nothing, or would load something.
    """
    w, theme = wording(language), style.theme()
    page = page_of_story(read_story(notebook, parts=parts, language=language))
    if not page.blocks:
        raise RunError(f"The notebook '{notebook.name}' shows nothing, so there is nothing to publish.")
    html = _template().render(
        w=w,
        title=title or page.title or notebook.stem,
        subtitle=subtitle,
        facts=dict(facts or {}),
        simulated=simulated,
        notes=dict(notes or {}),
        headings=[heading for heading in page.headings if heading.level <= 3],
        blocks=_filled(page, cover=" ".join((notes or {}).values()), closed=closed or {}),
        style=stylesheet(w),
        logo=_logo(),
        logo_text=w.of(theme.logo_text) if theme.logo_text else "",
        footer=w.of(theme.footer) if theme.footer else "",
        version=__version__,
    )
    out.write_text(html, encoding="utf-8", newline="\n")
    return out


def _filled(page: Page, *, cover: str, closed: Mapping[str, str]) -> list[str]:
    """Return the blocks with lists and sources in their places: now all they speak of is known."""
    places = {"chapter:cover": Place(label=page.w("checklist.cover"), anchor=COVER), **page.places}
    made = {listed: checklist_html(places, page.w, closed=closed, listed=listed) for listed in LISTS}
    blocks = [made.get(block.removeprefix(TO_FILL), block) for block in page.blocks]
    sources = f"{TO_FILL}sources"
    cites = [escape(cover), *(block for block in blocks if block != sources)]
    return [sources_html("\n".join(cites)) if block == sources else block for block in blocks]


def read_story(notebook: Path, *, parts: Sequence[Path] = (), language: str) -> Story:
    """Return the report that an executed notebook and its parts tell, as `publish_html` shows it.

    Raises
    ------
    RunError
        When a cell was not executed or ended in an error.
    """
    return story_of(merged(_read(notebook), [_read(part) for part in parts]), wording(language))


def _read(path: Path) -> NotebookNode:
    import nbformat  # takes long to load; most users of this room never publish

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def publish_pdf(html: Path, *, out: Path, language: str = "en") -> Path:
    """Print a published HTML file as PDF with WeasyPrint.

    The same HTML gives the same bytes: no date is written and the file's id is the hash of the page.

    Parameters
    ----------
    html : Path
        A page as `publish_html` writes it.
    out : Path
        The ``.pdf`` file.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    RunError
        When WeasyPrint's system libraries are missing; the text says how to install them, in `language`.
    """
    try:
        import weasyprint  # its import loads Pango, which a machine may lack
        from weasyprint.urls import URLFetcher
    except OSError:
        raise RunError(wording(language)("publish.no_pdf")) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it names every rule that is for screens only
    pictures: dict[str, object] = {}  # both layouts read a drawing once

    def laid_out(text: str) -> weasyprint.Document:
        fetcher = URLFetcher(allowed_protocols=("data",))
        return weasyprint.HTML(string=text, url_fetcher=fetcher).render(cache=pictures, pdf_tags=True)

    def boxes(text: str) -> dict[str, tuple[float, float]]:
        first, *more = laid_out(text).pages
        return {} if more else {name: (top, bottom) for name, (_, top, _, bottom) in first.anchors.items()}

    with _garbage_left():
        text = fitted(_SVG.sub(_as_picture, _finding_first(html.read_text(encoding="utf-8"))), boxes)
        gc.collect()  # the first layout
        identifier = hashlib.sha256(text.encode()).hexdigest()[:32].encode()
        laid_out(text).write_pdf(out, pdf_identifier=identifier, pdf_tags=True)
    return out


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Look for no garbage: a layout makes millions of objects, nearly all in use to its end.

    Looking takes a fifth of the time a report takes to print.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _finding_first(page: str) -> str:
    """Put contents and notes on sources behind the first chapter: the first printed page is the board's.

    What the board reads, down to the chapter's first picture, is marked as a section that is set closer.
    """
    contents, begins = _CONTENTS.search(page), [match.start() for match in _CHAPTER.finditer(page)]
    if contents is None or len(begins) < 2:
        return page
    place = begins[1]
    main = page[contents.end() : begins[0]] + _for_board(page[begins[0] : place].removesuffix(PART))
    above = page[: contents.start()]
    notes = "".join(_ABOUT.findall(above))
    parts = [_ABOUT.sub("", above) + main, contents[0], notes, page[place:]]
    return PART.join(part for part in parts if part)


def _for_board(chapter: str) -> str:
    picture = _PICTURE.search(chapter)
    if picture is None:
        return chapter
    return f'<section class="board">{chapter[: picture.end()]}</section>{chapter[picture.end() :]}'


def _as_picture(match: re.Match[str]) -> str:
    """Turn a drawing within the page into a picture with its text: so a PDF reader can say it aloud."""
    said = re.search(r'aria-label="([^"]*)"', match[0])
    data = base64.b64encode(with_letters(match[0]).encode()).decode()
    return f'<img alt="{said[1] if said else ""}" src="data:image/svg+xml;base64,{data}">'


def label_figures(folder: Path, *, text: str) -> None:
    """Write a line of text below every drawing in a folder, for files that leave their report.

    Parameters
    ----------
    folder : Path
        Whose drawings are changed in place.
    text : str
        What is written.
    """
    for path in sorted(folder.glob("*.svg")):
        svg = labelled(path.read_text(encoding="utf-8"), text)
        path.write_text(svg, encoding="utf-8", newline="\n")


def stylesheet(w: Wording) -> str:
    """Return the page's whole style: fonts as data, colours, layout, tables, print."""
    css = (TEMPLATE / "page.css").read_text(encoding="utf-8")
    css = css.replace("%page%", w("publish.page")).replace("%of%", w("publish.of"))
    footer = style.theme().footer
    css = css.replace("%accent%", style.ACCENT).replace("%footer%", _css_text(w.of(footer) if footer else ""))
    return "\n".join([*map(_face, FACES), css_variables(), STYLE, css])


def _css_text(text: str) -> str:
    """Return a text as CSS writes it: what could end it, or the page's style, by its number."""
    safe = "".join(sign if sign.isalnum() or sign in " ·-,.:" else f"\\{ord(sign):x} " for sign in text)
    return f'"{safe}"'


def _logo() -> str:
    logo = style.theme().logo
    if logo is None:
        return ""
    kind, data = ("svg+xml", logo.svg) if logo.svg else ("png", logo.png)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _face(face: tuple[str, int, str]) -> str:
    name, weight, slant = face
    data = base64.b64encode((FONTS / f"{name}.woff2").read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{slant};'
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")

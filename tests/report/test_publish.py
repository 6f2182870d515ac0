"""The published page: one file that asks for nothing, says what it shows, and hides the code."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jq_models.errors import RunError
from jq_models.report.columns import words
from jq_models.report.figure import Drawing
from jq_models.report.paging import PART
from jq_models.report.publish import _finding_first, publish_html, publish_pdf
from jq_models.report.show import METADATA
from jq_models.report.style import styled
from jq_models.report.table import build

TABLE = build("small", title="Small", columns=[words("a", heading="A", shown=["<x>", "y"])], note="A note")


def drawing() -> Drawing:
    with styled():
        figure = Figure(figsize=(2, 1))
        figure.text(0.5, 0.5, "Label")
    return Drawing(name="line", title="A line", figure=figure, alt='It "rises".', note="Units.")


def out(about: dict[str, str], **data: str) -> Any:
    names = {"plain": "text/plain", "html": "text/html", "svg": "image/svg+xml", "markdown": "text/markdown"}
    bundle = {names[key]: value for key, value in data.items()}
    return new_output("display_data", data=bundle, metadata={METADATA: about})


def outputs(name: str = "line") -> list[Any]:
    about = {"kind": "figure", "name": name, "title": "A line", "note": "Units."}
    return [
        out({"kind": "table"}, plain=TABLE.plain(), html=TABLE.html()),
        out({"kind": "caption"}, plain="A line", markdown="**A line**"),
        out(about, plain="It rises.", svg=drawing().svg()),
        out(
            {"kind": "text"},
            plain="Said",
            markdown="**Said** [here](https://doi.org/10.1) <script>x</script>",
        ),
    ]


def notebook(tmp_path: Path, *cells: Any) -> Path:
    first = [
        new_markdown_cell("# The question"),
        new_markdown_cell("## Café\n\nText\n\n## Café"),
        new_markdown_cell("Nederlands", metadata={"tags": ["nl"]}),
        new_markdown_cell("Hidden", metadata={"tags": ["hide"]}),
        new_code_cell("secret_code = 1", execution_count=1, outputs=outputs()),
        new_code_cell("again = 1", execution_count=2, outputs=outputs("other_line")),
    ]
    path = tmp_path / "note.ipynb"
    nbformat.write(new_notebook(cells=[*first, *cells]), path)
    return path


def published(tmp_path: Path, *cells: Any, language: str = "en", **options: Any) -> str:
    source = notebook(tmp_path, *cells)
    return publish_html(source, out=tmp_path / "x.html", language=language, **options).read_text("utf-8")


class Page(HTMLParser):
    """Collect tags, ids and what attributes point at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def values(self, name: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == name]


def test_the_page_asks_for_nothing_and_runs_nothing(tmp_path: Path) -> None:
    text = published(tmp_path)
    page = Page(text)
    assert "script" not in page.tags
    assert [value for value in page.values("src") if not value.startswith("data:")] == []
    links = [(tag, value) for tag, name, value in page.attributes if name.endswith("href")]
    assert [v for tag, v in links if tag != "a" and not v.startswith(("#", "data:"))] == []
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert set(re.findall(r"url\((?!data:)[^)]*\)|@import", style)) == set()
    assert text.count("<style>") == 1
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_no_id_stands_twice_and_every_link_within_leads_somewhere(tmp_path: Path) -> None:
    page = Page(published(tmp_path))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    inner = [v[1:] for name in ("href", "xlink:href") for v in page.values(name) if v.startswith("#")]
    assert set(inner) <= set(ids)
    assert {"cafe", "cafe-2"} <= set(ids)
    headers = {name for value in page.values("headers") for name in value.split()}
    assert headers <= set(ids)


def test_code_is_hidden_and_what_it_shows_is_captioned(tmp_path: Path) -> None:
    text = published(tmp_path)
    assert "secret_code" not in text
    assert "Hidden" not in text
    assert "Nederlands" not in text
    assert re.findall(r">(Figure \d|Table \d)<", text) == ["Table 1", "Figure 1", "Table 2", "Figure 2"]
    assert text.count("<strong>A line</strong>") == 2
    assert 'role="img" aria-label="It &quot;rises&quot;."' in text
    assert "&lt;x&gt;" in text


def test_the_page_speaks_its_language(tmp_path: Path) -> None:
    text = published(tmp_path, language="nl", simulated=True, facts={"Onderzoek": "Demo"})
    assert '<html lang="nl">' in text
    assert "Nederlands" in text
    assert re.findall(r">(Figuur \d|Tabel \d)<", text) == ["Tabel 1", "Figuur 1", "Tabel 2", "Figuur 2"]
    assert '<div class="band" role="note">Gesimuleerde data</div>' in text
    assert "<dt>Onderzoek</dt><dd>Demo</dd>" in text
    assert "Pagina " in text


def test_real_data_carry_no_label(tmp_path: Path) -> None:
    assert "Simulated" not in published(tmp_path)


def test_the_title_is_the_given_one_or_the_first_heading(tmp_path: Path) -> None:
    assert "<title>The question</title>" in published(tmp_path)
    assert "<title>A &amp; B</title>" in published(tmp_path, title="A & B")


def test_several_first_level_headings_are_chapters(tmp_path: Path) -> None:
    text = published(tmp_path, new_markdown_cell("# Second"), title="T")
    assert '<h2 id="the-question">The question</h2>' in text
    assert '<h3 id="cafe">Café</h3>' in text


def test_intervals_stay_on_one_line(tmp_path: Path) -> None:
    text = published(tmp_path, new_markdown_cell("It is .76 [.71, .81], p < .001, in Dutch [−0,1; 0,2]."))
    one = '<span class="together">{}</span>'.format
    whole = [one(".76 [.71, .81]"), one("p &lt; .001"), f"in Dutch {one('[−0,1; 0,2]')}."]
    assert f"<p>It is {', '.join(whole)}</p>" in text
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert re.search(r"\.together\s*\{[^}]*display:\s*inline-block", style)


def test_the_same_notebook_gives_the_same_page(tmp_path: Path) -> None:
    assert published(tmp_path) == published(tmp_path)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (new_code_cell("x"), "was not executed"),
        (
            new_code_cell(
                "x",
                execution_count=3,
                outputs=[new_output("error", ename="FitError", evalue="no", traceback=[])],
            ),
            "ended in FitError",
        ),
        (
            new_code_cell("x", execution_count=3, outputs=[out({}, html='<img src="https://x.org/a.png">')]),
            "load or run something from outside",
        ),
        (
            new_code_cell("x", execution_count=3, outputs=[out({}, html="<script>1</script>")]),
            "load or run something from outside",
        ),
        (
            new_code_cell("x", execution_count=3, outputs=[out({}, html='<p style="background:url(//x)">')]),
            "load or run something from outside",
        ),
    ],
)
def test_what_must_not_be_published_is_refused(tmp_path: Path, cell: Any, message: str) -> None:
    with pytest.raises(RunError, match=message):
        published(tmp_path, cell)
    assert not (tmp_path / "x.html").exists()


def test_an_empty_notebook_is_refused(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[]), tmp_path / "empty.ipynb")
    with pytest.raises(RunError, match=r"'empty\.ipynb' shows nothing"):
        publish_html(tmp_path / "empty.ipynb", out=tmp_path / "x.html", language="en")


def test_pdf_is_written_twice_the_same_with_title_and_no_date(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint", reason="WeasyPrint's system libraries are missing", exc_type=OSError)
    published(tmp_path, title="Printed", simulated=True)
    html = tmp_path / "x.html"
    one = publish_pdf(html, out=tmp_path / "one.pdf").read_bytes()
    two = publish_pdf(html, out=tmp_path / "two.pdf").read_bytes()
    assert one.startswith(b"%PDF-")
    assert one == two
    assert b"CreationDate" not in one


def test_the_printed_page_begins_with_what_was_found(tmp_path: Path) -> None:
    page = _finding_first(published(tmp_path, new_markdown_cell("# Second"), title="T"))
    body = page[page.index("</header>") :]
    order = ["The question</h2>", "<table", "<figure", '<nav class="contents"', "Second</h2>"]
    assert [body.index(part) for part in order] == sorted(body.index(part) for part in order)
    assert page.count("<nav") == 1
    plain = page.replace('<section class="board">', "").replace("</section>", "").replace(PART, "")
    before = published(tmp_path, new_markdown_cell("# Second"), title="T").replace(PART, "")
    assert sorted(plain) == sorted(before)


def test_what_the_board_reads_ends_with_the_first_picture(tmp_path: Path) -> None:
    page = _finding_first(published(tmp_path, new_markdown_cell("# Second"), title="T"))
    board = page[page.index('<section class="board">') : page.index("</section>")]
    assert "The question</h2>" in board
    assert board.count("<figure") == 1
    assert board.endswith("</figure>")
    assert page.count("<figure") == 2


def test_notes_on_the_sources_are_printed_behind_the_first_chapter(tmp_path: Path) -> None:
    whole = published(tmp_path, new_markdown_cell("# Second"), title="T", notes={"About": "Where from."})
    page = _finding_first(whole)
    assert whole.index("Where from.") < whole.index("</header>")
    assert page.index("</nav>") < page.index("Where from.") < page.index("Second</h2>")
    assert page.count("Where from.") == 1


def test_a_page_of_one_chapter_is_printed_as_it_is(tmp_path: Path) -> None:
    page = published(tmp_path)
    assert _finding_first(page) == page


def test_without_its_libraries_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path)

    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(RunError, match=r"heeft de systeembibliotheek Pango nodig.*libpango-1.0-0"):
        publish_pdf(tmp_path / "x.html", out=tmp_path / "x.pdf", language="nl")

"""What checks the site, shown to find each fault; and what turns links, notebooks and texts into pages."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from docs.make.formulas import mathml
from docs.make.links import problems_of
from docs.make.notebooks import fenced, notebook_files, notebook_page
from docs.make.places import PAGES, ROOT, page_of, with_links
from docs.make.prose import prose

LINKS = {"fit_sem": "api.sem.fit_sem"}


def site(folder: Path, body: str, *, css: str = "") -> Path:
    """Write a site of two pages and a style sheet."""
    (folder / "sub").mkdir()
    (folder / "index.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    (folder / "sub" / "other.html").write_text('<h2 id="here">x</h2><a href="../index.html">y</a>', "utf-8")
    (folder / "site.css").write_text(css, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "body",
    [
        '<a href="sub/other.html#here">x</a>',
        '<p id="a"></p><a href="#a">x</a>',
        '<a href="https://doi.org/10.1/x">a source</a>',
        '<img src="data:image/png;base64,AA">',
        '<link rel="stylesheet" href="site.css?v=1">',
        '<svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="#m"/></svg>',
    ],
)
def test_a_sound_page_has_no_problems(tmp_path: Path, body: str) -> None:
    assert problems_of(site(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<a href="sub/none.html">x</a>', "no page"),
        ('<a href="sub/other.html#there">x</a>', "no anchor"),
        ('<a href="#there">x</a>', "no anchor"),
        ('<img src="none.png">', "no file"),
        ('<script src="https://example.org/x.js"></script>', "fetches https"),
        ('<script src="//example.org/x.js"></script>', "fetches //"),
        ('<link rel="stylesheet" href="https://example.org/x.css">', "fetches"),
        ('<div style="background:url(https://example.org/x.png)">', "fetches"),
        ("<style>@import 'https://example.org/x.css';</style>", "fetches"),
        ("<style>b{src:url(https://example.org/x.woff2)}</style>", "fetches"),
        ('<iframe src="http://example.org"></iframe>', "fetches"),
    ],
)
def test_a_fault_of_a_page_is_found(tmp_path: Path, body: str, found: str) -> None:
    problems = problems_of(site(tmp_path, body))
    assert len(problems) == 1
    assert found in problems[0]


def test_a_style_sheet_that_fetches_is_found(tmp_path: Path) -> None:
    problems = problems_of(site(tmp_path, "", css='@font-face{src:url("https://example.org/a.woff2")}'))
    assert problems == ["site.css: fetches https://example.org/a.woff2"]


def test_links_between_files_become_links_between_pages() -> None:
    text = "[a](tests/reference/AGREEMENT.md) [b](LICENSE) [c](https://x.org) ![d](reports/p.png)"
    turned = with_links(text, file="README.md", page="project/x.md", present=PAGES.values())
    assert turned == "[a](../numbers/agreement.md) b [c](https://x.org) ![d](reports/p.png)"


def test_solutions_have_no_page() -> None:
    assert page_of("notebooks/learn/solutions/01_from_item_to_scale.ipynb") is None
    assert page_of("notebooks/learn/01_from_item_to_scale.ipynb") == "learn/01_from_item_to_scale.md"
    assert not [file for file in notebook_files() if "solutions" in file]
    assert len(notebook_files()) >= 14


def test_every_page_named_here_is_a_file_of_the_project() -> None:
    optional = [file for file in PAGES if file.startswith("notebooks/learn/")]
    assert [file for file in PAGES if file not in optional and not (ROOT / file).is_file()] == []


def test_a_notebook_keeps_its_order_and_drops_what_needs_a_kernel(tmp_path: Path) -> None:
    v4 = nbformat.v4
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "Slider"}
    table = '<div class="jq-table"><style>b{}</style><table></table></div>'
    outputs = [
        v4.new_output("display_data", {"text/html": table, "text/plain": "t"}),
        v4.new_output("display_data", widget),
        v4.new_output("display_data", {"image/svg+xml": "<svg></svg>", "text/plain": "alt"}),
        v4.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m\n"),
    ]
    cells = [v4.new_markdown_cell("# A question"), v4.new_code_cell("x = 1", outputs=outputs)]
    path = tmp_path / "n.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    page = notebook_page(path)
    order = ["# A question", "x = 1", "jq-table", "<svg>", "red"]
    assert sorted(order, key=page.index) == order
    assert "Slider" not in page
    assert "<style>" not in page
    assert "\x1b" not in page


def test_code_with_backticks_stays_one_block() -> None:
    assert fenced("a ``` b", "text").startswith("````text\n")


def test_a_docstring_becomes_markdown() -> None:
    text = "Calls `fit_sem` on ``x*y`` and a*b_c <d>.\n\n    indented\n\n>>> 1 + 1\n2"
    page = prose(text, LINKS)
    assert "[`fit_sem`](#api.sem.fit_sem)" in page
    assert "`x*y`" in page
    assert r"a\*b\_c \<d\>" in page
    assert "```text\n    indented\n```" in page
    assert "```pycon\n>>> 1 + 1\n2\n```" in page


def test_a_formula_is_mathml_without_a_script() -> None:
    made = mathml(r"\frac{1}{n}", block=True)
    assert made.startswith("<math")
    assert "mfrac" in made
    assert 'display="block"' in made
    assert "&#x022A4;" in mathml("w'w")

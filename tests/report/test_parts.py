"""Chapters filled from other notebooks: in their place, once, and never announced without anything shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jq_models import paths
from jq_models.errors import RunError
from jq_models.report.columns import words
from jq_models.report.page import page_of
from jq_models.report.parts import AT_PUBLISHING, chapters_of, homeless, merged
from jq_models.report.publish import publish_html
from jq_models.report.show import METADATA
from jq_models.report.table import build
from jq_models.report.wording import wording
from jq_models.run.clean import read_notebook
from jq_models.run.together import NOTEBOOKS


def said(text: str) -> Any:
    data = {"text/plain": text, "text/markdown": text}
    return new_output("display_data", data=data, metadata={METADATA: {"kind": "text"}})


def tabled(name: str, cell: str = "x") -> Any:
    table = build(name, title=f"Table of {name}", columns=[words("a", heading="A", shown=[cell])])
    data = {"text/plain": table.plain(), "text/html": table.html()}
    return new_output("display_data", data=data, metadata={METADATA: {"kind": "table", "name": name}})


def drawn(name: str) -> Any:
    data = {"text/plain": "It rises.", "image/svg+xml": "<svg><title>t</title><desc>It rises.</desc></svg>"}
    about = {"kind": "figure", "name": name, "title": f"Figure of {name}", "note": ""}
    return new_output("display_data", data=data, metadata={METADATA: about})


def text(source: str, *tags: str) -> Any:
    return new_markdown_cell(source, metadata={"tags": [f"report:{tag}" for tag in tags]})


def code(*outputs: Any, tags: tuple[str, ...] = (), executed: bool = True) -> Any:
    return new_code_cell(
        "show()",
        outputs=list(outputs),
        execution_count=1 if executed else None,
        metadata={"tags": [f"report:{tag}" for tag in tags]},
    )


def book(*cells: Any) -> Any:
    return new_notebook(cells=list(cells))


REPORT = book(
    text("# Summary"),
    code(said("In short."), tabled("own")),
    text("# Sample\n\nWho.", "sample"),
    text("# Fit\n\nHow well.", "fit"),
    text("# Sources"),
)


def page(report: Any, *parts: Any) -> Any:
    return page_of(merged(report, parts), wording("en"))


def shown(report: Any, *parts: Any) -> str:
    return re.sub(r"<[^>]+>", " ", " ".join(page(report, *parts).blocks))


def test_a_chapter_holds_what_the_others_show_in_their_order() -> None:
    one = book(code(said("not for clients")), code(said("from one"), tags=("fit",)))
    two = book(code(said("from two"), tags=("fit",)), code(said("who"), tags=("sample",)))
    found = shown(REPORT, one, two)
    order = [found.index(t) for t in ("In short", "Sample", "who", "Fit", "from one", "from two", "Sources")]
    assert order == sorted(order)
    assert "not for clients" not in found
    assert shown(REPORT, two, one).index("from two") < shown(REPORT, two, one).index("from one")


def test_the_text_of_other_notebooks_stays_there() -> None:
    assert "narration" not in shown(REPORT, book(text("narration", "fit"), code(said("x"), tags=("fit",))))


@pytest.mark.parametrize(
    "cell",
    [
        code(tags=("fit",)),
        code(new_output("stream", name="stdout", text=" \n"), tags=("fit",)),
        code(new_output("stream", name="stderr", text="hm"), tags=("fit",)),
        code(
            new_output("display_data", data={"text/plain": "x"}, metadata={METADATA: {"kind": "caption"}}),
            tags=("fit",),
        ),
    ],
)
def test_a_chapter_without_anything_to_show_is_left_out_with_its_text(cell: Any) -> None:
    found = page(REPORT, book(cell))
    assert [h.text for h in found.headings] == ["Summary", "Sources"]
    assert "chapter:fit" not in found.places


def test_a_chapter_filled_by_the_report_itself_or_at_publishing_stays() -> None:
    own = book(text("# A"), text("# Fit", "fit"), code(said("computed here")), text("# List", "checklist"))
    assert [h.text for h in page(own).headings] == ["A", "Fit", "List"]


def test_a_chapter_may_take_from_two_tags() -> None:
    both = book(text("# A"), text("# Measured", "fit", "sample"))
    found = shown(both, book(code(said("who"), tags=("sample",)), code(said("how well"), tags=("fit",))))
    assert found.index("how well") < found.index("who")


def test_the_merge_changes_neither_notebook() -> None:
    part = book(code(said("x"), tags=("fit",)))
    before = str(REPORT), str(part)
    page(REPORT, part)
    assert (str(REPORT), str(part)) == before


def test_tables_and_figures_are_numbered_over_the_page_and_shown_once() -> None:
    one = book(code(tabled("fit"), drawn("line"), tags=("fit",)))
    two = book(
        code(tabled("own"), tabled("fit"), tabled("more"), drawn("line"), drawn("dots"), tags=("fit",))
    )
    found = page(REPORT, one, two)
    labels = {
        name: place.label
        for name, place in found.places.items()
        if ":" in name and place.label[-1:].isdigit()
    }
    assert labels == {
        "table:own": "Table 1",
        "table:fit": "Table 2",
        "table:more": "Table 3",
        "figure:line": "Figure 1",
        "figure:dots": "Figure 2",
    }
    html = "".join(found.blocks)
    assert html.count("Table of fit") == 1
    for place in found.places.values():
        assert html.count(f'id="{place.anchor}"') == 1


def test_a_sentence_is_said_once_a_chapter() -> None:
    part = book(code(said("Again."), tags=("fit", "sample")), code(said("Again."), tags=("fit",)))
    assert shown(REPORT, part).count("Again.") == 2


def test_a_cell_of_another_notebook_that_did_not_run_is_refused(tmp_path: Path) -> None:
    nbformat.write(REPORT, tmp_path / "report.ipynb")
    nbformat.write(book(code(tags=("fit",), executed=False)), tmp_path / "part.ipynb")
    with pytest.raises(RunError, match="was not executed"):
        publish_html(
            tmp_path / "report.ipynb", out=tmp_path / "x.html", language="en", parts=[tmp_path / "part.ipynb"]
        )


def test_a_tag_without_a_place_is_found() -> None:
    part = book(new_code_cell("x", id="lost", metadata={"tags": ["report:fits"]}))
    assert homeless(REPORT, {"02": part}) == ["02, cell 'lost': no place for report:fits"]
    markdown = book(new_markdown_cell("x", id="words", metadata={"tags": ["report:fit"]}))
    assert homeless(REPORT, {"02": markdown}) == ["02, cell 'words': no place for report:fit"]


# ---------------------------------------------------------------- the stored notebooks
def stored() -> dict[str, Any]:
    return {name: read_notebook(paths.notebooks() / f"{name}.ipynb") for name in NOTEBOOKS}


def test_every_tag_of_the_study_has_its_chapter() -> None:
    notebooks = stored()
    assert homeless(notebooks.pop("report"), notebooks) == []


def test_every_chapter_of_the_report_is_filled_by_some_notebook() -> None:
    notebooks = stored()
    report = notebooks.pop("report")
    filled = {c for part in notebooks.values() for cell in part.cells for c in chapters_of(cell)}
    wanted = {c for cell in report.cells for c in chapters_of(cell)} - set(AT_PUBLISHING)
    assert wanted - filled == set()


def test_a_name_stands_for_one_table_or_figure_in_all_notebooks() -> None:
    """A run keeps one file a name: two notebooks may show the same thing, not two under one name."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for notebook, content in stored().items():
        for cell in content.cells:
            for output in cell.get("outputs", []):
                about = output.get("metadata", {}).get(METADATA, {})
                if "name" not in about:
                    continue
                text = output.data["text/plain"]
                where, before = seen.setdefault((about["kind"], about["name"]), (notebook, text))
                assert before == text, f"{about['kind']} '{about['name']}' differs: {where}, {notebook}"

"""The checklist: every point has a place or a reason, every link leads somewhere."""

from __future__ import annotations

import html
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from test_parts import code, drawn, tabled, text

from jq_models import paths, report
from jq_models.disclosure.minimum import DISTRIBUTION
from jq_models.evaluate.gates import Plan
from jq_models.report.checklist import checklist_html, closed_gates, found, points
from jq_models.report.page import Place
from jq_models.report.parts import chapters_of
from jq_models.report.publish import publish_html
from jq_models.report.show import METADATA
from jq_models.report.wording import wording
from jq_models.run.clean import read_notebook
from jq_models.run.together import NOTEBOOKS
from jq_models.spec import Gates

W = wording("en")
# not in the stored notebooks: where a model was changed, where there are too few people for one
ELSEWHERE = {"table:releases*": 'file_name("releases", ', "table:alphas": 'build(\n        "alphas",'}
ROW = re.compile(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>')


def rows(page: str) -> dict[str, str]:
    return {html.unescape(what): where for what, where in ROW.findall(page)}


def point(code: str) -> str:
    return W(f"checklist.point.{code}")


def everything() -> dict[str, Place]:
    """A page on which every place of every point stands."""
    names = dict.fromkeys(place.replace("*", "") for item in points() for place in item.places)
    return {name: Place(label=f"[{name}]", anchor=name.replace(":", "-")) for name in names}


def published(tmp_path: Path, *cells: Any, language: str = "en") -> str:
    head = new_markdown_cell("# Summary", id="summary")
    notebook = new_notebook(cells=[head, *cells, text("# List", "checklist"), text("# Sources")])
    nbformat.write(notebook, tmp_path / "report.ipynb")
    out = publish_html(tmp_path / "report.ipynb", out=tmp_path / "x.html", language=language)
    return out.read_text(encoding="utf-8")


def test_every_point_has_its_words_and_is_there_once() -> None:
    codes = [item.code for item in points()]
    assert len(codes) == len(set(codes)) >= 40
    shown = rows(checklist_html(everything(), W, closed={}))
    assert list(shown) == [point(code) for code in codes]
    assert all(shown.values())


def test_points_of_a_section_stand_together() -> None:
    sections = [item.section for item in points()]
    assert sections == sorted(sections, key=sections.index)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_on_an_empty_page_every_point_gives_its_reason(language: str) -> None:
    w = wording(language)
    shown = rows(checklist_html({}, w, closed={}))
    for item in points():
        reason = w("checklist.absent", reason=w(f"checklist.reason.{item.reason}"))
        assert html.unescape(shown[w(f"checklist.point.{item.code}")]) == reason


def test_on_a_whole_page_only_points_without_a_place_give_a_reason() -> None:
    shown = rows(checklist_html(everything(), W, closed={}))
    without = {item.code for item in points() if "href" not in shown[point(item.code)]}
    assert without == {item.code for item in points() if not item.places}
    assert without == {"parcels", "archive", "defaults"}


def test_a_table_that_is_gone_changes_its_row_to_the_reason() -> None:
    whole = everything()
    fewer = {name: place for name, place in whole.items() if not name.startswith("table:method")}
    before, after = (rows(checklist_html(places, W, closed={})) for places in (whole, fewer))
    assert "[table:method]" in before[point("software")]
    assert after[point("software")] == W("checklist.absent", reason=W("checklist.reason.left_out"))
    assert after[point("title")] == before[point("title")]


def test_links_carry_the_numbers_of_the_page_and_lead_to_them(tmp_path: Path) -> None:
    page = published(
        tmp_path,
        text("# Whose answers", "sample"),
        code(tabled("sample"), drawn("missing_by_item"), tabled("fit_correlated"), tabled("method")),
    )
    shown = rows(page)
    assert '<a class="place" href="#figure-1">Figure 1</a>' in shown[point("missing")]
    assert '<a class="place" href="#table-2">Table 2</a>' in shown[point("global")]
    assert '<a class="place" href="#table-3">Table 3</a>' in shown[point("software")]
    assert '<a class="place" href="#whose-answers">Whose answers</a>' in shown[point("missing")]
    targets = set(re.findall(r'class="place" href="#([^"]+)"', page))
    assert {"summary", "table-1", "cover"} <= targets
    for target in targets:
        assert page.count(f'id="{target}"') == 1, target


def test_a_point_is_not_answered_by_a_chapter_when_it_needs_a_table() -> None:
    diagram = next(item for item in points() if item.code == "diagram")
    chapter = {"chapter:structure": Place(label="S", anchor="s")}
    assert found(diagram, chapter) == ()
    drawn_too = chapter | {"figure:path_diagram": Place(label="Figure 1", anchor="f")}
    assert [place.label for place in found(diagram, drawn_too)] == ["Figure 1", "S"]


# answered by words of the report itself, on any sample
WORDS = {"title", "source", "questionnaire", "claims"}


def test_a_chapter_alone_answers_only_what_every_report_says() -> None:
    """A chapter stands even where it only says that its analysis was left out."""
    chapters = {name: place for name, place in everything().items() if name.startswith("chapter:")}
    assert {item.code for item in points() if found(item, chapters)} == WORDS


def test_a_closed_gate_is_the_reason_of_what_stands_behind_it() -> None:
    gates = Gates(score_path=100, second_order=200, full=300, group=150, alignment=30)
    sizes = {"contract": pd.Series({"fixed": 160, "flexible": 20})}
    closed = closed_gates(Plan(n=180, gates=gates, sizes=sizes), W)
    assert set(closed) == {"second_order", "full", "group"}
    shown = rows(checklist_html({}, W, closed=closed))
    absent = "Not in this report: it needs {} complete answers, and there are 180."
    assert shown[point("all")] == absent.format(200)
    assert shown[point("alternatives")] == shown[point("decision")] == absent.format(300)
    assert "150 complete answers in each of at least two groups" in shown[point("groups")]
    # behind an open gate what is absent was not asked
    assert shown[point("interactions")] == W("checklist.absent", reason=W("checklist.reason.not_asked"))


def test_an_interaction_behind_a_closed_gate_is_not_said_to_be_unasked() -> None:
    gates = Gates(score_path=100, second_order=200, full=300, group=150, alignment=30)
    shown = rows(checklist_html({}, W, closed=closed_gates(Plan(n=34, gates=gates, sizes={}), W)))
    for item in ("interactions", "interaction_effects"):
        assert shown[point(item)] == "Not in this report: it needs 100 complete answers, and there are 34."
    assert shown[point("groups")] == W("checklist.absent", reason=W("checklist.reason.not_asked"))


def test_a_ladder_of_invariance_is_no_change_of_a_model() -> None:
    ladder = {"table:invariance_contract": Place(label="Table 1", anchor="t")}
    released = ladder | {"table:releases_contract": Place(label="R", anchor="r")}
    unchanged, changed = (rows(checklist_html(places, W, closed={})) for places in (ladder, released))
    for item in ("respecified", "modifications"):
        assert unchanged[point(item)] == W("checklist.absent", reason=W("checklist.reason.none_changed"))
        assert ">R</a>" in changed[point(item)]


def test_alphas_answer_how_reliable_the_measures_are() -> None:
    shown = rows(checklist_html({"table:alphas": Place(label="A", anchor="a")}, W, closed={}))
    assert ">A</a>" in shown[point("psychometrics")]


def test_the_spread_of_answers_is_missing_for_want_of_people() -> None:
    assert next(item for item in points() if item.code == "distributions").reason == "spread"
    assert f"fewer than {DISTRIBUTION} people" in W("checklist.reason.spread")


def test_every_place_is_a_chapter_of_the_report_or_names_what_notebooks_show() -> None:
    notebook = read_notebook(paths.notebooks() / "report.ipynb")
    chapters = {"cover", *(cell.id for cell in notebook.cells)}
    chapters |= {chapter for cell in notebook.cells for chapter in chapters_of(cell)}
    asked = {place for item in points() for place in (*item.places, *item.needs)}
    assert {p.split(":")[0] for p in asked} == {"chapter", "table", "figure"}
    assert {p.removeprefix("chapter:") for p in asked if p.startswith("chapter:")} <= chapters


def test_every_table_and_figure_it_names_is_shown_by_some_notebook() -> None:
    """A renamed table would otherwise be missing from the checklist without anybody noticing."""
    shown = {
        f"{about['kind']}:{about['name']}"
        for name in NOTEBOOKS
        for cell in read_notebook(paths.notebooks() / f"{name}.ipynb").cells
        for output in cell.get("outputs", [])
        if "name" in (about := output.get("metadata", {}).get(METADATA, {}))
    }
    asked = {place for item in points() for place in item.places if not place.startswith("chapter:")}
    assert sorted(p for p in asked - set(ELSEWHERE) if not any(fnmatchcase(n, p) for n in shown)) == []
    made = "".join(path.read_text("utf-8") for path in Path(report.__file__).parent.glob("tables_*.py"))
    assert [place for place, built in ELSEWHERE.items() if built not in made] == []


def test_what_a_point_needs_is_among_its_places() -> None:
    assert [item.code for item in points() if not set(item.needs) <= set(item.places)] == []


def test_a_report_without_the_appendix_has_none(tmp_path: Path) -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# A\n\nWords.")])
    nbformat.write(notebook, tmp_path / "a.ipynb")
    page = publish_html(tmp_path / "a.ipynb", out=tmp_path / "a.html", language="en")
    assert "checklist" not in re.sub(r"<style>.*?</style>", "", page.read_text("utf-8"), flags=re.DOTALL)

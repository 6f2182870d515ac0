"""Few respondents: a whole report all the same, and in it the right parts left out, each saying why."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from jq_models.report import wording
from jq_models.run.together import NOTEBOOKS

EN = wording("en")
SIZES = (40, 90, 150, 250)
# a table or figure -> the gate it stands behind; "" for what everybody gets
TABLES = {
    "sample": "",
    "constructs": "",
    "missing": "",
    "verdicts": "",
    "mediation": "score_path",  # on scale scores below the gate of the second-order model
    "paths": "second_order",
    "cutoffs": "second_order",
    "routes": "second_order",
    "pls_weights": "second_order",
    "pls_effect_sizes": "full",
    "rivals": "full",
    "cross_loadings": "full",
}
FIGURES = {
    "construct_means": "",
    "missing_by_item": "",
    "path_diagram": "second_order",
    "importance_performance": "score_path",  # then from scale scores, too
    "routes": "second_order",
}
GATES = {"": 0, "score_path": 100, "second_order": 200, "full": 300}
CHAPTERS = ("In brief", "Who answered", "How the work is seen", "How this was done", "Sources")


def study_of(n: int, *, project: Path, command) -> Path:
    """Draw n respondents from the demo's population and run the demo study on them."""
    name = f"n{n}"
    few = ["--organisations", str(n // 10)] if n < 80 else []  # ten people in each, at the least
    drawn = command("simulate", "--n", str(n), "--name", name, *few)
    assert drawn.returncode == 0, drawn.stderr
    studies = project / "data" / "studies"
    text = (studies / "demo.toml").read_text(encoding="utf-8")
    assert 'name = "demo" ' in text
    text = text.replace('name = "demo" ', f'name = "{name}" ').replace(
        "simulated/demo.csv", f"simulated/{name}.csv"
    )
    (studies / f"{name}.toml").write_text(text, encoding="utf-8")
    done = command("study", name)
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "reports" / name


@pytest.fixture(scope="module", params=[pytest.param(n, marks=pytest.mark.slow) for n in SIZES])
def few(request: pytest.FixtureRequest, project: Path, command) -> Path:
    return study_of(request.param, project=project, command=command)


def complete(report: Path) -> int:
    """The people whose answers the models use, as the sample's table counts them."""
    table = pd.read_csv(report / "tables" / "sample.csv")
    return int(table.iloc[-1]["count"])


def text_of(report: Path) -> str:
    page = (report / "report.html").read_text(encoding="utf-8")
    body = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_the_report_is_whole(few: Path) -> None:
    for name in ("report.html", "report.pdf", "study.xlsx", "run.json"):
        assert (few / name).stat().st_size > 500, name
    assert {p.stem for p in (few / "notebooks").glob("*.ipynb")} == set(NOTEBOOKS)
    assert set(json.loads((few / "run.json").read_text(encoding="utf-8"))["timing"]) == set(NOTEBOOKS)
    page = (few / "report.html").read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        assert re.search(rf"<h2[^>]*>{chapter}</h2>", page), chapter


def test_what_the_answers_carry_is_there_and_nothing_more(few: Path) -> None:
    n = complete(few)
    tables = {p.stem for p in (few / "tables").glob("*.csv")}
    figures = {p.stem for p in (few / "figures").glob("*.svg")}
    for expected, present in ((TABLES, tables), (FIGURES, figures)):
        for name, gate in expected.items():
            assert (name in present) == (n >= GATES[gate]), (name, n)


def test_every_analysis_left_out_says_what_it_needs(few: Path) -> None:
    n, page = complete(few), text_of(few)
    for gate in ("second_order", "full"):
        needs = GATES[gate]
        said = f"{needs} complete answers are needed, and there are {n}."
        assert (said in page) == (n < needs), gate
    assert (EN("claim.no_model", n=n) in page) == (n < GATES["score_path"])


def test_no_chapter_is_announced_and_then_empty(few: Path) -> None:
    page = (few / "report.html").read_text(encoding="utf-8")
    main = page[page.index("<main") : page.index("</main>")]
    for heading, body in re.findall(r"<h2[^>]*>(.*?)</h2>(.*?)(?=<h2|$)", main, re.DOTALL):
        shown = len(re.findall(r"<(?:figure|table|ul|pre)\b", body)) + body.count('<div class="text">')
        assert shown or heading == "Sources", heading


def test_every_link_of_the_checklist_leads_somewhere(few: Path) -> None:
    page = (few / "report.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'class="place" href="#([^"]+)"', page))
    assert targets
    assert [t for t in targets if page.count(f'id="{t}"') != 1] == []
    n = complete(few)
    for gate, needs in GATES.items():
        reason = EN("checklist.absent", reason=EN("checklist.gate", needs=needs, n=n))
        assert (reason in text_of(few)) == (n < needs), gate

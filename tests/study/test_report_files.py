"""A whole report: every file there, nothing in it that tells on a respondent or a machine."""

from __future__ import annotations

import html
import json
import re
import shutil
from itertools import chain
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from jq_models.disclosure import fingerprints, row_signatures, scan_folder
from jq_models.report import wording
from jq_models.report.bibliography import cited_in
from jq_models.run.together import NOTEBOOKS
from jq_models.spec import load_instrument, load_study

SLOW = pytest.mark.slow
ENGLISH = pytest.param("demo", marks=SLOW)


@pytest.fixture(params=["demo_nl", ENGLISH])
def report(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def secrets(checkout: Path) -> dict:
    """The canaries planted in the demo data, and the signatures of its rows of answers."""
    folder = checkout / "data" / "simulated"
    truth = json.loads((folder / "demo_truth.json").read_text(encoding="utf-8"))
    codes = [item.code for item in load_instrument("ccc_job_quality").items]
    rows = pd.read_csv(folder / "demo.csv")[codes]
    assert len(truth["canaries"]) >= 3
    return {"forbidden": truth["canaries"], "rows": row_signatures(rows)}


def test_all_files_are_there(report: Path) -> None:
    for name in ("report.html", "report.pdf", "report.docx", "report.pptx", "study.xlsx", "run.json"):
        assert (report / name).stat().st_size > 500, name
    assert {p.stem for p in (report / "notebooks").glob("*.ipynb")} == set(NOTEBOOKS)
    tables = {p.stem for p in (report / "tables").glob("*.csv")}
    figures = {p.stem for p in (report / "figures").glob("*.svg")}
    assert {"fit", "loadings", "reliability", "overlap", "fornell_larcker", "mediation", "paths"} <= tables
    assert {"verdicts", "rivals", "cutoffs", "invariance_contract", "icc", "robustness_attitudes"} <= tables
    assert {"method", "agreement"} <= tables
    assert {"routes", "pls_quality", "ipma_sat", "prediction", "micom_contract"} <= tables
    assert {"routes", "ipma_sat", "attention_ranks", "importance_performance", "heat_team"} <= figures
    assert {"item_distributions", "missing_by_item", "loadings", "htmt", "path_diagram", "effects"} <= figures
    assert {p.name for p in report.iterdir()} == {
        "report.html", "report.pdf", "report.docx", "report.pptx", "study.xlsx", "run.json",
        "notebooks", "tables", "figures",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["demo_nl", "stored", ENGLISH])
def test_every_link_of_the_page_leads_somewhere(name: str, request: pytest.FixtureRequest) -> None:
    """Contents and checklist; the latter names tables and figures by the numbers the page gives them."""
    page = (request.getfixturevalue(name) / "report.html").read_text(encoding="utf-8")
    targets = re.findall(r'<a[^>]* href="#([^"]+)"', page)
    assert len(targets) > 40
    assert sorted({t for t in targets if page.count(f'id="{t}"') != 1}) == []
    for label, target in re.findall(r'class="place" href="#([^"]+)">([^<]+)</a>', page):
        assert f'id="{label}"' in page, target


def test_nothing_leaks(report: Path, secrets: dict) -> None:
    assert scan_folder(report, **secrets) == ()


@pytest.mark.parametrize(
    "where",
    [
        "study.xlsx",
        *(pytest.param(f, marks=pytest.mark.slow) for f in ("report.html", "notebooks/01_sample.ipynb")),
    ],
)
def test_a_leak_would_be_found(demo_nl: Path, secrets: dict, tmp_path: Path, where: str) -> None:
    copy = tmp_path / "demo"
    shutil.copytree(demo_nl, copy)
    path = copy / where
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        book.worksheets[0]["A1"] = f"x {secrets['forbidden'][0]} y"
        book.save(path)
    else:
        path.write_text(path.read_text(encoding="utf-8") + secrets["forbidden"][0], encoding="utf-8")
    # that nothing else is found is `test_nothing_leaks`: files that are as they were are not read again
    assert {f.file for f in scan_folder(copy, clean=fingerprints(demo_nl), **secrets)} == {where}


def test_the_manifest_says_what_the_report_was_made_from(report: Path, checkout: Path) -> None:
    run = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert run["data"]["name"] == "demo.csv"
    assert set(run["notebooks"]) == set(NOTEBOOKS)
    assert run["parameters"]["study"] == "demo"
    assert run["parameters"]["language"] == ("nl" if report.name.endswith("nl") else "en")
    assert run["packages"]["semopy"]
    assert set(run["timing"]) == set(NOTEBOOKS)


@pytest.mark.parametrize("name", ["demo_nl", ENGLISH, pytest.param("gss", marks=SLOW)])
def test_two_engines_agree_on_the_main_model(name: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(name)
    table = pd.read_csv(folder / "tables" / "agreement.csv").set_index("quantity")
    assert table["verdict"].tolist() == ["same"] * 3
    fit = pd.read_csv(folder / "tables" / "fit.csv").set_index("index")["second_order"]
    assert table["compared"].tolist() == [fit["n_parameters"], fit["n_parameters"], 1]
    assert table.loc["chi_square", ["jq", "semopy"]].tolist() == pytest.approx([fit["chi_square"]] * 2)
    w = wording("nl" if name == "demo_nl" else "en")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert w("agreement.title") in page
    said = w("agreement.agree", model="@", line="@", chi_line="@")
    assert said.split("**")[1] in page  # in bold


@pytest.mark.parametrize("name", ["demo_nl", "stored", ENGLISH])
def test_the_sources_are_the_works_the_page_cites(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    page = (folder / "report.html").read_text(encoding="utf-8")
    start = page.index('<div class="text sources">')
    rest, listed = page[:start], page[start:]
    words = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]*>", "", rest, flags=re.DOTALL)
    words = " ".join(html.unescape(words).split())
    entries = [html.unescape(re.sub(r"<[^>]*>", "", e)) for e in re.findall(r"<p>(.*?)</p>", listed)]
    expected = [r.text.replace("*", "") + (f" doi {r.doi}" if r.doi else "") for r in cited_in(words)]
    assert entries == expected
    assert len(entries) > 25
    # whatever looks like a citation in brackets has its entry
    named = re.findall(r"\(([A-Z][\w’-]+)(?:,| &| en| and)[^()]*? ((?:19|20)\d\d)\)", words)
    assert named
    assert [c for c in named if not any(c[0] in e and f"({c[1]})" in e for e in entries)] == []


@pytest.mark.slow
def test_tables_are_the_same_numbers_in_both_languages(demo: Path, demo_nl: Path) -> None:
    for path in sorted((demo / "tables").glob("*.csv")):
        other = pd.read_csv(demo_nl / "tables" / path.name)
        pd.testing.assert_frame_equal(
            pd.read_csv(path).select_dtypes("number"), other.select_dtypes("number"), rtol=1e-9
        )


_NUMBER = re.compile(r"\d(?:[.,\u00a0\u202f]?\d)*")


def shown_numbers(notebook: Path) -> list[list[str]]:
    """The digits of the numbers in each table that a notebook shows, whatever its signs for decimals."""
    cells = nbformat.read(notebook, as_version=4).cells
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    tables = [data["text/html"] for data in shown if "<table" in data.get("text/html", "")]
    found = []
    for table in tables:
        body = re.search(r"<tbody.*?</tbody>", table, re.DOTALL)
        assert body is not None
        numbers = _NUMBER.findall(re.sub(r"<[^>]*>", " ", body[0]))
        found.append([re.sub(r"\D", "", number).lstrip("0") for number in numbers])
    return found


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_dutch_notebook_shows_the_numbers_of_the_stored_english_one(
    demo_nl: Path, checkout: Path, name: str
) -> None:
    dutch = shown_numbers(demo_nl / "notebooks" / f"{name}.ipynb")
    english = shown_numbers(checkout / "notebooks" / "study" / f"{name}.ipynb")
    assert [len(table) for table in dutch] == [len(table) for table in english]
    pairs = zip(chain(*dutch), chain(*english), strict=True)
    assert [pair for pair in pairs if not alike(*pair)] == []


def alike(one: str, other: str) -> bool:
    """Whether two numbers have the same digits; the last of three or more may be off by one."""
    return one == other or (min(len(one), len(other)) > 2 and abs(int(one) - int(other)) == 1)


def test_the_tables_compared_hold_numbers(checkout: Path) -> None:
    stored = [shown_numbers(checkout / "notebooks" / "study" / f"{name}.ipynb") for name in NOTEBOOKS]
    assert sum(len(table) for notebook in stored for table in notebook) > 1500


@pytest.mark.parametrize("name", ["demo_nl", "stored", ENGLISH])
def test_the_label_simulated_is_on_everything_a_person_reads(
    name: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(name)
    label = wording("nl" if name == "demo_nl" else "en")("label.simulated")
    assert label in (folder / "report.html").read_text(encoding="utf-8")
    for notebook in NOTEBOOKS:
        assert label in (folder / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")


@pytest.mark.slow
def test_real_answers_are_not_called_simulated(gss: Path) -> None:
    text = (gss / "report.html").read_text(encoding="utf-8")
    assert "Simulated data" not in text
    assert "3,711" in text
    assert "3,394" in text  # the complete rows the models use


@pytest.mark.slow
def test_no_row_of_the_real_answers_is_shown(gss: Path, shared: Path) -> None:
    columns = list(load_study("gss").columns.values())
    rows = pd.read_csv(shared / "data" / "gss_quality_of_worklife.csv")[columns]
    assert scan_folder(gss, rows=row_signatures(rows)) == ()

"""A whole study but for its notebooks: what `run_study` makes of what they leave, and what it refuses.

The four notebooks are replaced by small executed ones, so that each run takes about a second. Whole runs with
the real ones are in tests/study.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jq_models.disclosure import row_signatures
from jq_models.errors import DataError, DisclosureError, RunError, SpecError
from jq_models.report import SHEETS, wording
from jq_models.report.columns import words
from jq_models.report.export import save_sheet, write_csv
from jq_models.report.figure import Drawing
from jq_models.report.style import styled
from jq_models.report.table import build
from jq_models.run import printing, study
from jq_models.run.study import Run, run_study
from jq_models.run.together import NOTEBOOKS
from jq_models.run.whole import whole_run
from jq_models.spec import load_instrument, load_study

SAID = "What was found."
EN, NL = wording("en"), wording("nl")
FILES = [
    "figures",
    "notebooks",
    "report.docx",
    "report.html",
    "report.pptx",
    "run.json",
    "study.xlsx",
    "tables",
]


def executed(text: str) -> nbformat.NotebookNode:
    """A notebook that ran and shows one text."""
    shown = new_output("display_data", data={"text/markdown": text, "text/plain": text})
    code = new_code_cell("x = 1", id="only", execution_count=1, outputs=[shown])
    return new_notebook(cells=[new_markdown_cell("# Findings", id="title"), code])


def drawing() -> Drawing:
    with styled():
        figure = Figure(figsize=(2, 1))
        figure.text(0.5, 0.5, "Label")
    return Drawing(name="line", title="A line", figure=figure, alt="It rises.", note="")


class Notebooks:
    """Stands in for ``run_together``: keeps how it was called, leaves notebooks, a table and its sheet."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.text = SAID
        self.leak: Callable[[Path], object] = lambda work: None

    def __call__(self, work: Path, **given: Any) -> dict[str, float]:
        self.calls.append(given)
        for name in ("notebooks", "tables", "figures", SHEETS):
            (work / name).mkdir()
        for notebook in NOTEBOOKS:
            nbformat.write(executed(self.text), work / "notebooks" / f"{notebook}.ipynb")
        table = build("fit", title="Model fit", columns=[words("a", heading="A", shown=["x"])])
        write_csv(table, work / "tables" / "fit.csv")
        save_sheet(table, work / SHEETS)
        (work / "figures" / "line.svg").write_text(drawing().svg(), encoding="utf-8")
        self.leak(work)
        return dict.fromkeys(NOTEBOOKS, 1.25)


@pytest.fixture(scope="module")
def original(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a study needs, with no more than 60 respondents, the canaries among their remarks."""
    folder = tmp_path_factory.mktemp("original") / "project"
    for name in ("instruments", "studies", "simulated"):
        shutil.copytree(checkout / "data" / name, folder / "data" / name)
    shutil.copytree(checkout / "notebooks" / "study", folder / "notebooks" / "study")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(checkout / name, folder)
    data = folder / "data" / "simulated" / "demo.csv"
    frame = pd.read_csv(data, dtype=str)
    planted = frame["remarks"].str.contains("CANARY", na=False)
    pd.concat([frame[planted], frame[~planted].head(60 - planted.sum())]).to_csv(data, index=False)
    return folder


@pytest.fixture
def project(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(original, folder)
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(folder))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return folder


@pytest.fixture
def notebooks(monkeypatch: pytest.MonkeyPatch) -> Notebooks:
    fake = Notebooks()
    monkeypatch.setattr(study, "run_together", fake)
    return fake


def print_here(monkeypatch: pytest.MonkeyPatch, publish: Callable[..., Path]) -> None:
    """Let a stand-in print, in this process."""
    monkeypatch.setattr(printing, "publish_pdf", publish)
    here = printing.printing
    monkeypatch.setattr(
        study, "printing", lambda page, language, apart: here(page, language=language, apart=False)
    )


@pytest.fixture
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Pango."""

    def refuse(page: Path, **given: object) -> Path:
        raise RunError("No PDF was made: install Pango.")

    print_here(monkeypatch, refuse)


@pytest.fixture
def quick(project: Path, notebooks: Notebooks, no_pdf: None) -> Iterator[Notebooks]:
    """The project, small notebooks, no PDF."""
    return notebooks


def report_before(project: Path) -> None:
    """The report of an earlier run."""
    with whole_run(project / "reports", "demo") as work:
        (work / "report.html").write_text("before", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_run_with_a_pdf(project: Path, notebooks: Notebooks) -> None:
    run = run_study("demo")
    assert run == Run(folder=project / "reports" / "demo", without_pdf="", seconds=run.seconds, n=60)
    assert 0 < run.seconds < 60
    assert names(project / "reports") == ["demo"]
    assert names(run.folder) == sorted([*FILES, "report.pdf"])
    assert (run.folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert openpyxl.load_workbook(run.folder / "study.xlsx").sheetnames[1:] == [EN("sheet.fit")]


def test_the_cover_says_whose_report_it_is(quick: Notebooks, project: Path) -> None:
    page = (run_study("demo").folder / "report.html").read_text(encoding="utf-8")
    spec, instrument = load_study("demo"), load_instrument("ccc_job_quality")
    assert f"<h1>{EN('html.report')}</h1>" in page
    assert f"{EN.of(spec.title)}</p>" in page
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert facts[EN("html.respondents")] == "60"
    assert facts[EN("html.file")] == "demo.csv"
    assert EN.of(instrument.title) in facts[EN("html.instrument")]
    assert instrument.version in facts[EN("html.instrument")]
    assert spec.note is not None
    for text in (SAID, EN.of(spec.note), EN.of(instrument.source)):
        assert text in html.unescape(page)


def simulated_in(folder: Path) -> dict[str, bool]:
    """Where the label of simulated data stands."""
    label = EN("label.simulated")
    book = openpyxl.load_workbook(folder / "study.xlsx")
    return {
        "page": label in (folder / "report.html").read_text(encoding="utf-8"),
        "drawing": label in (folder / "figures" / "line.svg").read_text(encoding="utf-8"),
        "sheet": any(cell.value == label for row in book[EN("sheet.fit")] for cell in row),
    }


@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_data_are_called_so_in_every_file_that_may_be_passed_on(
    quick: Notebooks, project: Path, simulated: bool
) -> None:
    file = project / "data" / "studies" / "demo.toml"
    text = file.read_text(encoding="utf-8")
    assert "simulated = true" in text
    file.write_text(text.replace("simulated = true", f"simulated = {str(simulated).lower()}"), "utf-8")
    assert set(simulated_in(run_study("demo").folder).values()) == {simulated}


def test_each_language_has_its_folder_and_the_studys_own_the_plain_name(
    quick: Notebooks, project: Path
) -> None:
    assert run_study("demo").folder.name == "demo"
    before = contents(project / "reports" / "demo")
    assert run_study("demo", language="nl").folder.name == "demo-nl"
    assert contents(project / "reports" / "demo") == before
    assert run_study("demo", language="en").folder.name == "demo"
    assert names(project / "reports") == ["demo", "demo-nl"]
    assert [call["parameters"]["language"] for call in quick.calls] == ["en", "nl", "en"]
    page = (project / "reports" / "demo-nl" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="nl"' in page
    assert f"<h1>{NL('html.report')}</h1>" in page
    assert NL.of(load_study("demo").title) in page


def test_the_other_languages_folder_may_not_be_another_studys(quick: Notebooks, project: Path) -> None:
    folder = project / "data" / "studies"
    text = (folder / "demo.toml").read_text(encoding="utf-8")
    (folder / "demo-nl.toml").write_text(text.replace('name = "demo" ', 'name = "demo-nl" '), "utf-8")
    assert run_study("demo-nl").folder.name == "demo-nl"
    before = contents(project / "reports")
    with pytest.raises(RunError, match="reports/demo-nl, which belongs to the study 'demo-nl'"):
        run_study("demo", language="nl")
    assert contents(project / "reports") == before


def test_a_dutch_study_has_its_dutch_report_under_the_plain_name(quick: Notebooks, project: Path) -> None:
    file = project / "data" / "studies" / "demo.toml"
    text = file.read_text(encoding="utf-8")
    assert 'language = "en" ' in text
    file.write_text(text.replace('language = "en" ', 'language = "nl" '), encoding="utf-8")
    assert run_study("demo").folder.name == "demo"
    assert run_study("demo", language="en").folder.name == "demo-en"
    assert [call["parameters"]["language"] for call in quick.calls] == ["nl", "en"]


def test_an_unknown_language_writes_nothing(quick: Notebooks, project: Path) -> None:
    with pytest.raises(SpecError, match="No language 'fr'"):
        run_study("demo", language="fr")
    assert not (project / "reports").exists()
    assert quick.calls == []


def test_bad_data_write_nothing(quick: Notebooks, project: Path, tmp_path: Path) -> None:
    bad = pd.read_csv(project / "data" / "simulated" / "demo.csv").assign(OPP1=999)
    bad.to_csv(tmp_path / "bad.csv", index=False)
    with pytest.raises(DataError, match=r"bad\.csv cannot be used for study 'demo'"):
        run_study("demo", data=tmp_path / "bad.csv")
    assert not (project / "reports").exists()


def test_without_pango_everything_else_is_there_and_the_reason_is_told(
    quick: Notebooks, project: Path
) -> None:
    run = run_study("demo")
    assert run.without_pdf == "No PDF was made: install Pango."
    assert names(run.folder) == FILES
    assert names(project / "reports") == ["demo"]


def test_the_pdf_is_asked_for_in_the_reports_language(
    project: Path, notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def note(page: Path, *, out: Path, language: str) -> Path:
        asked.append((page.name, out.name, language))
        out.touch()
        return out

    print_here(monkeypatch, note)
    assert run_study("demo", language="nl").without_pdf == ""
    assert asked == [("report.html", "report.pdf", "nl")]


@pytest.mark.parametrize("seed", [None, 7])
def test_the_manifest_says_what_the_report_was_made_from(
    quick: Notebooks, project: Path, seed: int | None
) -> None:
    folder = run_study("demo", seed=seed).folder
    text = (folder / "run.json").read_text(encoding="utf-8")
    kept = json.loads(text)

    def sha(*parts: str) -> str:
        return hashlib.sha256(project.joinpath(*parts).read_bytes()).hexdigest()

    used = 2013 if seed is None else seed
    assert kept["parameters"] == {"study": "demo", "language": "en", "seed": used}
    assert kept["seed"] == used
    assert quick.calls[0]["parameters"] == kept["parameters"]
    assert kept["data"] == {"name": "demo.csv", "sha256": sha("data", "simulated", "demo.csv")}
    assert kept["study"] == {"name": "demo", "sha256": sha("data", "studies", "demo.toml")}
    instrument = load_instrument("ccc_job_quality")
    assert kept["instrument"] == {
        "name": "ccc_job_quality",
        "version": instrument.version,
        "sha256": sha("data", "instruments", "ccc_job_quality.toml"),
    }
    assert kept["notebooks"] == {n: sha("notebooks", "study", f"{n}.ipynb") for n in NOTEBOOKS}
    assert kept["requirements_lock"] == sha("requirements.lock")
    assert kept["timing"] == dict.fromkeys(NOTEBOOKS, 1.2)
    assert kept["git"] is None  # the copy is no repository
    assert {"numpy", "pandas", "semopy"} <= set(kept["packages"])
    assert str(project) not in text
    assert text.endswith("}\n")


def test_another_data_file_is_used_and_named_without_its_folder(
    quick: Notebooks, project: Path, tmp_path: Path
) -> None:
    given = tmp_path / "client of mine" / "wave 2.csv"
    given.parent.mkdir()
    shutil.copy(project / "data" / "simulated" / "demo.csv", given)
    folder = run_study("demo", data=given).folder
    assert quick.calls[0]["data"] == given
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["data"]["name"] == "wave 2.csv"
    assert "wave 2.csv" in (folder / "report.html").read_text(encoding="utf-8")
    assert b"client of mine" not in b"".join(contents(folder).values())


def canary(project: Path) -> str:
    truth = json.loads((project / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8"))
    return str(truth["canaries"][0])


def remark(project: Path) -> str:
    """A whole remark; the canary stands within it."""
    remarks = pd.read_csv(project / "data" / "simulated" / "demo.csv")["remarks"].dropna()
    return str(remarks[remarks.str.contains(canary(project))].iloc[0])


def row_of_answers(project: Path, *, turned: bool = False) -> str:
    """Twelve answers of one person round a reversed item, as stored or turned; nobody has both."""
    instrument = load_instrument("ccc_job_quality")
    codes = [item.code for item in instrument.items]
    stored = pd.read_csv(project / "data" / "simulated" / "demo.csv")[codes]
    stored = stored.where(stored <= 5)
    reversed_items = [item.code for item in instrument.items if item.reversed]
    other_way = stored.assign(**{code: 6 - stored[code] for code in reversed_items})
    start = max(0, codes.index(reversed_items[0]) - 5)
    frame, unwanted = (other_way, stored) if turned else (stored, other_way)
    runs = frame.iloc[:, start : start + 12].dropna().astype(int).astype(str).agg(",".join, axis=1)
    return next(run for run in runs if run not in row_signatures(unwanted))


LEAKS: dict[str, tuple[Callable[[Path], str], str]] = {
    "a remark": (remark, "forbidden_text"),
    "a row of answers": (row_of_answers, "data_row"),
    "the project's folder": (lambda project: f"read {project}/data/raw/x.csv", "posix_path"),
}
PLACES: dict[str, tuple[Callable[[Path, str], object], str]] = {
    "a table": (lambda work, t: (work / "tables" / "leak.csv").write_text(t, "utf-8"), "tables/leak.csv"),
    "a notebook": (
        lambda work, t: nbformat.write(executed(t), work / "notebooks" / "01_sample.ipynb"),
        "notebooks/01_sample.ipynb",
    ),
    "the page": (
        lambda work, t: nbformat.write(executed(t), work / "notebooks" / "report.ipynb"),
        "report.html",
    ),
    "the workbook": (
        lambda work, t: save_sheet(
            build("leak", title="Leak", columns=[words("a", heading="A", shown=[t])]), work / SHEETS
        ),
        "study.xlsx",
    ),
}


@pytest.mark.parametrize(
    ("leak", "place"),
    [
        *(("a remark", place) for place in PLACES),
        ("a row of answers", "a table"),
        ("a row of answers", "the workbook"),
        ("the project's folder", "a notebook"),
    ],
)
def test_a_leak_is_refused_and_the_report_before_it_stays(
    quick: Notebooks, project: Path, leak: str, place: str
) -> None:
    report_before(project)
    before = contents(project / "reports")
    text, rule = LEAKS[leak][0](project), LEAKS[leak][1]
    put, file = PLACES[place]
    quick.leak = lambda work: put(work, text)
    with pytest.raises(DisclosureError, match="The report was not published") as caught:
        run_study("demo")
    assert f"{file}: {rule} (" in str(caught.value)
    after = contents(project / "reports")
    reason = after.pop("demo.error.txt").decode()
    assert after == before
    assert names(project / "reports") == ["demo", "demo.error.txt"]  # no part-made folder either
    assert f"{file}: {rule} (" in reason
    assert text not in str(caught.value) + reason


def test_the_first_report_is_not_published_with_a_leak_and_the_next_good_one_is(
    quick: Notebooks, project: Path
) -> None:
    quick.text = f"Somebody wrote: {remark(project)}"
    with pytest.raises(DisclosureError):
        run_study("demo")
    assert names(project / "reports") == ["demo.error.txt"]
    quick.text = SAID
    run_study("demo")
    assert names(project / "reports") == ["demo"]


def with_column(project: Path, name: str, cells: Callable[[int], str]) -> None:
    """Put a column into the data that the study does not use, or replace one."""
    file = project / "data" / "simulated" / "demo.csv"
    frame = pd.read_csv(file, dtype=str)
    frame[name] = [cells(person) for person in range(len(frame))]
    frame.to_csv(file, index=False)


@pytest.mark.parametrize("times", [3, 30])
def test_answer_labels_and_words_of_the_report_in_an_unused_column_are_no_leak(
    quick: Notebooks, project: Path, times: int
) -> None:
    with_column(project, "extra", lambda k: "Strongly agree" if k < times else "Job satisfaction")
    quick.text = "From strongly disagree to Strongly agree. Job satisfaction is high."
    run_study("demo")
    assert names(project / "reports") == ["demo"]


def test_the_column_a_leaked_text_comes_from_is_named(quick: Notebooks, project: Path) -> None:
    quick.text = remark(project)
    with pytest.raises(DisclosureError, match=r"cells of the column remarks\. Take them out"):
        run_study("demo")


def test_the_name_of_a_hidden_group_is_a_leak_and_that_of_a_shown_one_is_not(
    quick: Notebooks, project: Path
) -> None:
    with_column(project, "team", lambda k: ["Team North of Maas", "Mevrouw de Vries"][k % 2])
    quick.text = "Mevrouw de Vries"
    run_study("demo")
    with_column(project, "team", lambda k: "Mevrouw de Vries" if k < 4 else f"Team number {k % 2}")
    with pytest.raises(DisclosureError, match="cells of the column team"):
        run_study("demo")


def test_so_is_the_label_a_study_file_gives_it(quick: Notebooks, project: Path) -> None:
    with_column(project, "team", lambda k: "7" if k < 4 else f"Team number {k % 2}")
    file = project / "data" / "studies" / "demo.toml"
    old = 'label = { en = "Team", nl = "Team" }\n'
    label = '\n[groups.labels]\n7 = { en = "Mevrouw de Vries", nl = "Mevrouw de Vries" }\n'
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, old + label), encoding="utf-8")
    quick.text = "Mevrouw de Vries"
    with pytest.raises(DisclosureError, match="cells of the column team"):
        run_study("demo")


def test_a_file_a_few_people_more_is_refused_and_says_so_in_the_reports(
    quick: Notebooks, project: Path
) -> None:
    file = project / "data" / "studies" / "demo.toml"
    real = file.read_text(encoding="utf-8").replace("simulated = true", "simulated = false")
    file.write_text(real, encoding="utf-8")
    run_study("demo")
    assert names(project / "data" / "raw") == ["demo.demo.before.json", "demo.issued.json"]
    data = project / "data" / "simulated" / "demo.csv"
    data.write_text("".join(data.read_text(encoding="utf-8").splitlines(True)[:-3]), encoding="utf-8")
    with pytest.raises(DisclosureError, match="fewer than 10"):
        run_study("demo")
    assert names(project / "reports") == ["demo", "demo.error.txt"]
    assert "fewer than 10" in (project / "reports" / "demo.error.txt").read_text(encoding="utf-8")


def test_answers_as_they_are_after_turning_are_a_leak_too(quick: Notebooks, project: Path) -> None:
    quick.text = row_of_answers(project, turned=True)
    with pytest.raises(DisclosureError, match="data_row"):
        run_study("demo")


def test_a_notebook_that_shows_an_error_gives_no_report(quick: Notebooks, project: Path) -> None:
    def spoil(work: Path) -> None:
        broken = executed(SAID)
        broken.cells[1].outputs = [new_output("error", ename="ValueError", evalue="4711", traceback=[])]
        nbformat.write(broken, work / "notebooks" / "report.ipynb")

    quick.leak = spoil
    with pytest.raises(RunError, match="The cell 'only' ended in ValueError"):
        run_study("demo")
    assert names(project / "reports") == ["demo.error.txt"]
    assert "4711" not in (project / "reports" / "demo.error.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", NOTEBOOKS)
def test_a_missing_notebook_is_named_with_its_remedy(quick: Notebooks, project: Path, missing: str) -> None:
    (project / "notebooks" / "study" / f"{missing}.ipynb").unlink()
    with pytest.raises(
        RunError, match=rf"notebooks/study/{missing}\.ipynb is missing\. Restore it from the repository"
    ):
        run_study("demo")
    assert names(project / "reports") == ["demo.error.txt"]

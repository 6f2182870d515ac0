"""Reports made again: identical, within tolerance or changed, and what is named. Whole ones: tests/study."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from small_study import SmallNotebooks, as_client, make_project
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.disclosure import ISSUED_VARIABLE
from jq_models.errors import RunError
from jq_models.report.reproduce_record import Reproduction, record
from jq_models.run import printing, study
from jq_models.run import reproduce as module
from jq_models.run.archive import archive
from jq_models.run.reproduce import reproduce
from jq_models.run.study import run_study
from jq_models.spec import load_instrument


@pytest.fixture(scope="module")
def original(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the reports of a simulated study and of a client's."""
    folder = make_project(checkout, tmp_path_factory.mktemp("original") / "project")
    as_client(folder)
    with pytest.MonkeyPatch.context() as patch:
        quick(patch, folder)
        for name in ("demo", "acme"):
            run_study(name, at_once=1)
    return folder


def quick(patch: pytest.MonkeyPatch, folder: Path) -> SmallNotebooks:
    """Let runs in a project take no time: small notebooks, no PDF, Word and slides."""
    fake = SmallNotebooks()
    patch.setenv("JQ_MODELS_PROJECT", str(folder))
    patch.delenv("JQ_MODELS_DATA", raising=False)
    for where in (study, module):
        patch.setattr(where, "run_together", fake)

    def refuse(page: Path, **given: object) -> Path:
        raise RunError("No PDF was made.")

    patch.setattr(printing, "publish_pdf", refuse)
    patch.setattr(study, "publish_office", lambda report, **given: None)
    return fake


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(original, folder)
    return folder


@pytest.fixture
def notebooks(project: Path, monkeypatch: pytest.MonkeyPatch) -> SmallNotebooks:
    return quick(monkeypatch, project)


def replace_in(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def told(done: Reproduction) -> set[str]:
    """What the study is made from that is named as changed."""
    return {f"{one.part}: {one.what}" for one in done.given}


@pytest.mark.parametrize("name", [pytest.param("demo", marks=pytest.mark.slow), "acme"])
def test_nothing_changed_and_nothing_is_written(name: str, project: Path, notebooks: SmallNotebooks) -> None:
    before = contents(project)
    done = reproduce(f"reports/{name}") if name == "demo" else reproduce(project / "reports" / name)
    assert done.verdict == "identical"
    assert (done.departures, done.notes) == ((), ())
    assert [len(done.tables("identical", kind=kind)) for kind in ("table", "sheet", "text")] == [1, 2, 14]
    assert contents(project) == before  # neither the report nor the record of issued reports
    assert (ISSUED_VARIABLE in notebooks.calls[0]["beside"]) == (name == "acme")


def test_a_number_that_moved_within_tolerance(project: Path, notebooks: SmallNotebooks) -> None:
    notebooks.shift = lambda mean: mean * (1 + 2e-7)
    done = reproduce("demo", threads=2)
    assert done.verdict == "within"
    assert done.cells("table")["within"] == 8
    assert notebooks.calls[0]["beside"]["OPENBLAS_NUM_THREADS"] == "2"
    assert [(one.what, one.stored, one.found) for one in done.departures] == [("threads", "1", "2")]


def test_one_cell_of_the_data(project: Path, notebooks: SmallNotebooks) -> None:
    file = project / "data" / "simulated" / "demo.csv"
    frame = pd.read_csv(file, dtype=str)
    frame.loc[3, "OPP2"] = "1" if frame.loc[3, "OPP2"] != "1" else "5"
    frame.to_csv(file, index=False)
    done = reproduce("demo")
    assert done.verdict == "changed"
    assert told(done) == {"data: another file", "data: answers to OPP2"}
    (table,) = done.tables("changed")
    assert (table.name, [(p.row, p.column) for p in table.places]) == ("items", [("OPP OPP2", "mean")])


@pytest.mark.slow
def test_rows_that_were_added_are_counted(project: Path, notebooks: SmallNotebooks, checkout: Path) -> None:
    whole = pd.read_csv(checkout / "data" / "simulated" / "demo.csv", dtype=str)
    other = project.parent / "more.csv"
    whole.head(70).to_csv(other, index=False)
    done = reproduce("demo", data=other)
    rows = {one.what: (one.stored, one.found) for one in done.given}
    assert rows["rows"] == rows["respondents"] == ("60", "70")
    assert rows["another file"][1].startswith("more.csv (")


@pytest.mark.slow
def test_numbers_of_other_answers_of_respondents_come_with_a_warning(
    project: Path, notebooks: SmallNotebooks
) -> None:
    file = project / "data" / "raw" / "acme.csv"
    frame = pd.read_csv(file, dtype=str)
    frame.loc[3, "OPP2"] = "1" if frame.loc[3, "OPP2"] != "1" else "5"
    frame.to_csv(file, index=False)
    (note,) = reproduce("acme").notes
    assert "could tell about single people" in note


SLOW = pytest.mark.slow  # a second or two each, and of one kind
QUESTIONS = ("data", "instruments", "ccc_job_quality.toml")
STUDY = ("data", "studies", "demo.toml")
CHANGES = {
    "wording": (QUESTIONS, "In my work I come across questions", "In my job I come across questions"),
    "other language": (QUESTIONS, "{dutch}", "{dutch} nu"),
    "module": (("data", "instruments", "ccc_modules.toml"), "{module}", "{module} indeed"),
    "option": (STUDY, "full = 300 ", "full = 301 "),
    "label": (STUDY, 'en = "Permanent"', 'en = "Fixed"'),
    "theme of what is invited": (STUDY, "invited = 785", "invited = 800"),
    "norm": (("data", "norms", "demo_norm.toml"), "4200", "4300"),
}
NAMED = {
    "wording": {"questionnaire: OPP1: wording in English"},
    "other language": {"questionnaire: OPP1: wording in Dutch"},
    "module": {"questionnaire: {module}: wording in English"},
    "option": {"study file: gates.full"},
    "label": {"study file: groups.contract.labels"},
    "theme of what is invited": {"study file: client.invited"},
    "norm": {"norm: the file"},
}


@pytest.mark.parametrize(
    "change",
    [change if change in ("wording", "option") else pytest.param(change, marks=SLOW) for change in CHANGES],
)
def test_one_piece_that_changed_is_named_whether_a_number_moved_or_not(
    change: str, project: Path, notebooks: SmallNotebooks
) -> None:
    first = load_instrument("ccc_job_quality").item("OPP1").text["nl"]
    module = load_instrument("ccc_modules").items[0]
    filled = {"{dutch}": first, "{module}": module.text["en"]}
    place, before, after = CHANGES[change]
    for key, text in filled.items():
        before, after = before.replace(key, text), after.replace(key, text)
    replace_in(project.joinpath(*place), before, after)
    done = reproduce("demo")
    assert done.verdict == "changed"
    assert told(done) == {one.replace("{module}", module.code) for one in NAMED[change]}
    assert bool(done.tables("changed")) == (change == "wording")  # the words of questions stand in a table


@pytest.mark.slow
def test_an_option_is_told_from_and_to(project: Path, notebooks: SmallNotebooks) -> None:
    replace_in(project.joinpath(*STUDY), "full = 300 ", "full = 301 ")
    (one,) = reproduce("demo").given
    assert (one.stored, one.found) == ("300", "301")


@pytest.mark.slow
def test_a_comment_is_no_change(project: Path, notebooks: SmallNotebooks) -> None:
    replace_in(project.joinpath(*STUDY), "# The demo study.", "# The demo study, so to speak.")
    replace_in(project.joinpath(*QUESTIONS), "\n", "\n# a remark\n")
    done = reproduce("demo")
    assert done.verdict == "identical"
    assert {one.what for one in done.departures} == {"comments or layout of the file"}


def test_other_versions_are_named_and_their_lines_are_no_change(
    project: Path, notebooks: SmallNotebooks
) -> None:
    file = project / "reports" / "demo" / "run.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    now = kept["packages"]["numpy"]
    kept["packages"]["numpy"] = "1.0"
    kept["python"] = "3.99.0"
    kept["git"] = {"commit": "a" * 40, "dirty": True}
    file.write_text(json.dumps(kept), encoding="utf-8")
    notebooks.versions = f"numpy {now}"
    done = reproduce("demo")
    assert done.verdict == "identical"
    assert sum(one.versions for one in done.compared) == 1
    found = {(one.part, one.what): (one.stored, one.found) for one in done.departures}
    assert found["packages", "numpy"] == ("1.0", now)
    assert found["machine", "python"][0] == "3.99.0"
    assert found["git", "commit"] == ("aaaaaaaaaaaa, with changes", "not there")


@pytest.mark.slow
def test_a_notebook_that_changed_is_named(project: Path, notebooks: SmallNotebooks) -> None:
    file = project / "notebooks" / "study" / "01_sample.ipynb"
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
    done = reproduce("demo")
    assert [(one.part, one.what) for one in done.departures] == [("notebooks", "01_sample")]


def test_the_first_format_of_run_json_can_be_read(project: Path, notebooks: SmallNotebooks) -> None:
    file = project / "reports" / "demo" / "run.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    for key in ("parts", "words", "rooms", "threads", "shape"):
        del kept[key]
    file.write_text(json.dumps(kept | {"format": 1}), encoding="utf-8")
    assert reproduce("demo").verdict == "identical"
    replace_in(project.joinpath(*STUDY), "full = 300 ", "full = 301 ")
    done = reproduce("demo")
    assert told(done) == {"study file: the file"}
    assert "format 1" in done.notes[0]


def unreadable(file: Path) -> None:
    file.write_text("{", encoding="utf-8")


def of_later(file: Path) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": 99}), encoding="utf-8")


def of_a_format_in_words(file: Path) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": "two"}), encoding="utf-8")


def with_a_seed_beyond_numbers(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["parameters"]["seed"] = float("inf")
    file.write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (Path.unlink, "There is no report 'demo' with a run.json"),
        (unreadable, "is no record of a run"),
        (of_later, "is of format 99"),
        (of_a_format_in_words, "is no record of a run"),
        (with_a_seed_beyond_numbers, "is no record of a run"),
    ],
)
def test_what_cannot_be_made_again(
    spoil: Callable[[Path], None], why: str, project: Path, notebooks: SmallNotebooks
) -> None:
    spoil(project / "reports" / "demo" / "run.json")
    with pytest.raises(RunError, match=why):
        reproduce("demo")
    assert notebooks.calls == []


def test_exit_codes_screen_and_file(project: Path, notebooks: SmallNotebooks, tmp_path: Path) -> None:
    def call(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["reproduce", *words])
        return done.exit_code, " ".join(done.output.split())

    notebooks.shift = lambda mean: mean * (1 + 2e-7)
    code, said = call("demo", "--json", str(tmp_path / "out.json"))
    assert (code, "Within tolerance" in said) == (3, True)
    kept = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (kept["verdict"], kept["counts"]["table"]["cells"]["within"]) == ("within", 8)
    notebooks.shift = lambda mean: mean + 0.5
    code, said = call("demo")
    assert (code, "1 of 1 tables" in said) == (4, True)
    assert call("nothing")[0] == 2
    assert call("demo", "--json", str(tmp_path / "no" / "out.json"))[0] == 2


@pytest.mark.slow
def test_the_record_holds_no_cell_that_is_the_same(project: Path, notebooks: SmallNotebooks) -> None:
    assert record(reproduce("demo"))["compared"] == []


def test_the_record_of_issued_reports_cannot_be_redirected(
    project: Path, notebooks: SmallNotebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ISSUED_VARIABLE, str(project))
    with pytest.raises(RunError, match=ISSUED_VARIABLE):
        run_study("acme")
    with pytest.raises(RunError, match=ISSUED_VARIABLE):
        archive("acme")  # a stand-in is held against them, too

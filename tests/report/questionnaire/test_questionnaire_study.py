"""The form of a study asks its background too, and every tool's answers come back as the study calls them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.data.background import covariate_values, group_problems
from jq_models.data.field_codes import answer_codes, question_codes
from jq_models.data.fielded import fielded
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import Responses
from jq_models.data.simulate import simulate
from jq_models.report.questionnaire import Form, form_of, limesurvey_text, qualtrics_text, write_questionnaire
from jq_models.report.wording import wording
from jq_models.spec import Instrument, Study, load_instrument, load_study

INSTRUMENT = "ccc_job_quality"
STUDY = f"""name = "own"
instrument = "{INSTRUMENT}"
[title]
en = "Own"
nl = "Eigen"
[data]
file = "x.csv"
missing = [98, 99]
ignore = ["remarks", "Start time"]
[columns]
OPP1 = "v12"
[[groups]]
name = "organisation"
column = "Organisatie-naam"
label = {{ en = "Organisation", nl = "Organisatie" }}
[groups.labels]
north_sea = {{ en = "North Sea", nl = "Noordzee" }}
"12" = {{ en = "Twelve's", nl = "Twaalf" }}
[[groups]]
name = "team"
column = "team"
label = {{ en = "Team", nl = "Team" }}
[[groups]]
name = "home_days"
column = "home_days"
label = {{ en = "Days at home", nl = "Thuiswerkdagen" }}
[groups.labels]
0 = {{ en = "0 days", nl = "0 dagen" }}
1 = {{ en = "1 day", nl = "1 dag" }}
2 = {{ en = "2 days", nl = "2 dagen" }}
[covariates]
customer_contact = "contact time"
recommend = "recommend"
[options]
minimum_group = 12
"""
COLUMNS = ["Organisatie-naam", "team", "home_days", "contact time", "recommend"]
N = 60


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument(INSTRUMENT)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("studies")
    (folder / "own.toml").write_text(STUDY, encoding="utf-8")
    return load_study("own", folder=folder)


@pytest.fixture(scope="module")
def form(study: Study, instrument: Instrument) -> Form:
    return form_of(instrument, wording("nl"), minimum=12, study=study)


@pytest.fixture(scope="module")
def given(instrument: Instrument) -> pd.DataFrame:
    """Answers by the study's own names and codes."""
    drawn = simulate(instrument, seed=5, n=N, organisations=2).frame
    codes = [item.code for item in instrument.items]
    frame = drawn[codes].astype("Int64").mask(drawn[codes] == 99)
    return frame.assign(
        **{
            "Organisatie-naam": ["north_sea", "12"] * (N // 2),
            "team": [f"T{row % 4}" for row in range(N)],  # each in one organisation
            "home_days": ["0", "1", "2"] * (N // 3),
            "contact time": [float(row) for row in range(N)],
            "recommend": [row % 11 for row in range(N)],
        }
    )


def test_codes_are_such_as_limesurvey_takes(study: Study, instrument: Instrument) -> None:
    codes = question_codes(study, instrument=instrument)
    assert codes == {
        "Organisatie-naam": "Organisatienaam",
        "team": "team",
        "home_days": "homedays",
        "contact time": "contacttime",
        "recommend": "recommend",
    }


@pytest.mark.parametrize(
    ("codes", "answers"),
    [
        (("O01", "O02"), ("O01", "O02")),
        (("permanent", "flex"), ("A1", "A2")),
        (("a2", "north_sea"), ("B1", "B2")),
        (("nl", "NL"), ("A1", "A2")),
    ],
)
def test_answer_codes_fit_and_are_no_other_answer(codes: tuple[str, ...], answers: tuple[str, ...]) -> None:
    assert answer_codes(codes) == answers


def test_limesurvey_asks_the_background_in_both_languages(study: Study, instrument: Instrument) -> None:
    forms = [form_of(instrument, wording(lang), minimum=12, study=study) for lang in ("en", "nl")]
    rows = list(csv.DictReader(io.StringIO(limesurvey_text(forms)), delimiter="\t"))
    types = {
        row["name"]: row["type/scale"] for row in rows if row["class"] == "Q" and row["language"] == "en"
    }
    background = {name: kind for name, kind in types.items() if not re.fullmatch(r"P\d\d", name)}
    assert background == {
        "contacttime": "N", "recommend": "L", "Organisatienaam": "L", "team": "S", "homedays": "L",
    }  # fmt: skip
    heads = [row["name"] for row in rows if row["class"] == "G" and row["language"] == "nl"]
    assert heads[-1] == "Deel 6 van 6"
    assert all(len(row["name"]) <= 5 for row in rows if row["class"] == "A")


def test_a_limesurvey_export_is_read_by_the_study(
    form: Form, given: pd.DataFrame, study: Study, instrument: Instrument, tmp_path: Path
) -> None:
    headers = {q.code: f"{block.name}[{q.code}]" for block in form.blocks for q in block.questions}
    frame = given.rename(columns=headers | {asked.column: asked.code for asked in form.background})
    for asked in form.background:
        if asked.choices:
            answers = {choice.code: choice.answer for choice in asked.choices}
            frame[asked.code] = frame[asked.code].map(answers)
    assert set(frame["Organisatienaam"]) == {"A1", "A2"}
    _as_given(_written(frame, tmp_path), given, study=study, instrument=instrument)


@pytest.mark.parametrize("numbers", [True, False])
def test_a_qualtrics_export_is_read_by_the_study(
    *, numbers: bool, form: Form, given: pd.DataFrame, study: Study, instrument: Instrument, tmp_path: Path
) -> None:
    tags = re.findall(r"\[\[ID:(\w+)\]\]", qualtrics_text(form))
    columns = {a.column: next(tag for tag in tags if tag.startswith(a.code)) for a in form.background}
    frame = given.rename(columns=columns)
    for asked in form.background:
        if asked.choices:
            shown = {c.code: str(k) if numbers else c.label for k, c in enumerate(asked.choices, start=1)}
            frame[columns[asked.column]] = frame[columns[asked.column]].map(shown)
    _as_given(_written(frame, tmp_path), given, study=study, instrument=instrument)


def test_a_typed_in_file_is_read_by_the_study(
    given: pd.DataFrame, study: Study, instrument: Instrument, tmp_path: Path
) -> None:
    write_questionnaire(instrument, tmp_path, minimum=12, study=study)
    book = openpyxl.load_workbook(tmp_path / "entry-nl.xlsx")
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    assert {"v12", *COLUMNS} < set(header)
    for row in given.rename(columns={"OPP1": "v12"})[header].itertuples(index=False):
        sheet.append([None if pd.isna(value) else value for value in row])
    path = tmp_path / "typed.xlsx"
    book.save(path)
    _as_given(path, given, study=study, instrument=instrument)
    for language, words in (("en", "North Sea"), ("nl", "Noordzee")):
        for name in ("form", "codebook"):
            page = (tmp_path / f"{name}-{language}.html").read_text(encoding="utf-8")
            assert words in page


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_and_json_of_the_codebook_say_the_same(
    study: Study, instrument: Instrument, tmp_path: Path, language: str
) -> None:
    write_questionnaire(instrument, tmp_path, minimum=12, study=study)
    written = (tmp_path / "codebook.json").read_text(encoding="utf-8")
    book = json.loads(written.replace("'", "\u2019"))  # as pages are set
    page = (tmp_path / f"codebook-{language}.html").read_text(encoding="utf-8")
    *tables, background = [_cells(table) for table in page.split("<table")[1:]]
    rows = {row[0]: row[1:] for table in tables for row in table}
    for item in book["items"]:
        assert rows[item["code"]][:2] == [item["column"], item["text"][language]]
        assert rows[item["code"]][3] == item["scale"]
    told = book["study"]
    asked = {row[0]: row[1:] for row in background}
    assert list(asked) == [one["column"] for one in (*told["covariates"], *told["groups"])]
    for covariate in told["covariates"]:
        text, answer = asked[covariate["column"]]
        assert text == covariate["text"][language] != ""
        assert list(map(float, re.findall(r"\d+", answer))) == [covariate["low"], covariate["high"]]
    for group in told["groups"]:
        text, answer = asked[group["column"]]
        assert text == group["label"][language]
        labels = "; ".join(f"{code} = {words[language]}" for code, words in group["labels"].items())
        assert answer == (labels or wording(language)("questionnaire.open_text"))
    intro = html.unescape(page.split("<h2>")[0])
    for words in (book["instrument"]["title"][language], book["instrument"]["source"][language]):
        assert words in intro
    assert ", ".join(map(str, told["missing"])) in intro
    assert ", ".join(told["ignore"]) in intro
    new = wording(language)("questionnaire.new")
    for code, part in zip([c["code"] for c in book["constructs"]], page.split("<h2>")[2:], strict=False):
        assert part.startswith(code)
        assert (new in part) == instrument.construct(code).new


def _cells(table: str) -> list[list[str]]:
    """Return the texts of a table's rows below its head."""
    body = table.split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in body.split("<tr>")[1:]]
    return [[html.unescape(cell) for cell in row] for row in rows]


def test_a_file_by_the_study_s_own_names_stays_as_it_is(
    given: pd.DataFrame, study: Study, instrument: Instrument, tmp_path: Path
) -> None:
    raw = read_table(_written(given.rename(columns={"OPP1": "v12"}), tmp_path))
    assert fielded(raw, study=study, instrument=instrument) is raw


def test_a_choice_the_form_does_not_know_is_not_guessed(
    given: pd.DataFrame, study: Study, instrument: Instrument, tmp_path: Path
) -> None:
    frame = given.rename(columns={"OPP1": "v12"}).assign(**{"Organisatie-naam": ["A1", "A3"] * (N // 2)})
    raw = fielded(read_table(_written(frame, tmp_path)), study=study, instrument=instrument)
    rules = [found.rule for found in group_problems(raw, study)]
    assert "unknown_group_label" in rules


def test_the_command_follows_the_study(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["questionnaire", "--study", "demo", "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output
    assert "will lack" not in run.output
    assert "Thuiswerkdagen per week" in (tmp_path / "form-nl.html").read_text(encoding="utf-8")
    other = CliRunner().invoke(app, ["questionnaire", "--study", "demo", "--minimum", "8"])
    assert other.exit_code == 2
    assert "minimum_group = 8" in other.output


def _written(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "answers.csv"
    frame.to_csv(path, index=False)
    return path


def _as_given(path: Path, given: pd.DataFrame, *, study: Study, instrument: Instrument) -> None:
    raw = fielded(read_table(path), study=study, instrument=instrument)
    responses: Responses = prepare(raw, study=study, instrument=instrument)
    for item in instrument.items:
        answer = given[item.code].astype(float)
        turned = item.scale.low + item.scale.high - answer if item.reversed else answer
        assert responses.items[item.code].equals(turned), item.code
    for group in study.groups:
        assert list(responses.groups[group.name]) == list(given[group.column]), group.name
    for name, column in study.covariates.items():
        values = covariate_values(raw, study=study, name=name)
        assert list(values) == list(given[column].astype(float)), name

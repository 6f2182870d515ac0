"""The instrument ready to field, and a file answered by it read back without any mapping."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.data.fielded import fielded
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.simulate import simulate
from jq_models.errors import SpecError
from jq_models.report.measure import widest
from jq_models.report.questionnaire import Form, form_of, limesurvey_text, qualtrics_text, write_questionnaire
from jq_models.report.questionnaire.form import Question
from jq_models.report.questionnaire.word_form import HEAD
from jq_models.report.wording import wording
from jq_models.spec import Instrument, Study, load_instrument, load_study

INSTRUMENT = "ccc_job_quality"


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument(INSTRUMENT)


@pytest.fixture(scope="module")
def written(instrument: Instrument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("form")
    _, without_pdf = write_questionnaire(instrument, folder, minimum=10)
    if not without_pdf:
        assert {path.name for path in folder.glob("*.pdf")} == {"form-en.pdf", "form-nl.pdf"}
    return folder


@pytest.fixture(scope="module")
def plain(instrument: Instrument, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study file without a single mapping."""
    folder = tmp_path_factory.mktemp("studies")
    text = f'name = "own"\ninstrument = "{INSTRUMENT}"\n[title]\nen = "Own"\nnl = "Eigen"\n'
    text += '[data]\nfile = "x.csv"\n'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_study("own", folder=folder)


@pytest.fixture(params=["en", "nl"])
def form(request: pytest.FixtureRequest, instrument: Instrument) -> Form:
    return form_of(instrument, wording(request.param), minimum=10)


def test_every_question_is_asked_once_in_the_form(form: Form, instrument: Instrument) -> None:
    asked = {question.code: question.text for block in form.blocks for question in block.questions}
    assert asked == {item.code: item.text[form.language].replace("'", "’") for item in instrument.items}
    assert form.count == 59


def test_items_of_one_construct_stand_apart(form: Form, instrument: Instrument) -> None:
    order = [instrument.item(code).construct for code in _asked(form)]
    for code in set(order):
        places = [place for place, construct in enumerate(order) if construct == code]
        assert min(b - a for a, b in pairwise(places)) >= 10
    for block in form.blocks:
        of_block = [instrument.item(question.code).construct for question in block.questions]
        assert len(set(of_block)) == len(of_block)


def test_pages_are_of_one_length(form: Form) -> None:
    assert [len(block.questions) for block in form.blocks] in ([12, 12, 11, 12, 12], [12, 12, 12, 12, 11])
    assert form.blocks[0].title in ("Part 1 of 5", "Deel 1 van 5")


def test_the_order_is_the_same_in_both_languages(instrument: Instrument) -> None:
    forms = [form_of(instrument, wording(language), minimum=10) for language in ("en", "nl")]
    assert _asked(forms[0]) == _asked(forms[1])


def test_answer_scales_are_not_mixed_on_a_page() -> None:
    gss = load_instrument("gss_quality_of_worklife")
    form = form_of(gss, wording("en"), minimum=10)
    assert sorted(_asked(form)) == sorted(item.code for item in gss.items)
    for block in form.blocks:
        assert {gss.item(question.code).scale.values for question in block.questions} == {block.values}


def test_what_is_measured_is_not_told(form: Form, instrument: Instrument) -> None:
    told = "\n".join((*form.opening, form.task, form.closing, *(block.title for block in form.blocks)))
    for construct in instrument.constructs:
        assert construct.name[form.language].lower() not in told.lower()
        assert construct.code not in told


def test_people_are_told_the_smallest_group(instrument: Instrument) -> None:
    for language in ("en", "nl"):
        opening = " ".join(form_of(instrument, wording(language), minimum=12).opening)
        assert "12" in opening
        assert "59" in opening


def test_limesurvey_rows_are_the_same_in_both_languages(instrument: Instrument) -> None:
    text = limesurvey_text([form_of(instrument, wording(lang), minimum=10) for lang in ("nl", "en")])
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    by_language = {
        lang: [
            (row["class"], row["type/scale"], row["name"] if row["class"] != "G" else "")
            for row in rows
            if row["language"] == lang and row["class"] in ("G", "Q", "SQ", "A")
        ]
        for lang in ("nl", "en")
    }
    assert by_language["nl"] == by_language["en"]
    asked = [name for kind, _, name in by_language["nl"] if kind == "SQ"]
    assert sorted(asked) == sorted(item.code for item in instrument.items)
    heads = [row["name"] for row in rows if row["class"] == "G" and row["language"] == "nl"]
    assert heads == [f"Deel {number} van 5" for number in range(1, 6)]
    assert not any(row["id"] for row in rows)  # an id given twice makes LimeSurvey drop the subquestion
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    assert settings["language"] == "nl"
    assert settings["anonymized"] == "Y"
    assert settings["ipaddr"] == "N"


def test_limesurvey_text_cannot_be_taken_for_markup(instrument: Instrument) -> None:
    form = form_of(instrument, wording("en"), minimum=10)
    assert "&lt;b&gt; &amp; { x}" in limesurvey_text([_with_text(form, "<b> & {x}")])


def test_a_code_too_long_for_limesurvey_is_refused(instrument: Instrument) -> None:
    form = form_of(instrument, wording("en"), minimum=10)
    long = Question(code="A" * 21, text="x")
    with pytest.raises(SpecError, match="longer than LimeSurvey's 20"):
        limesurvey_text([_with_question(form, long)])


def test_qualtrics_columns_will_be_called_by_the_codes(form: Form, instrument: Instrument) -> None:
    text = qualtrics_text(form)
    assert text.startswith("[[AdvancedFormat]]\n")
    tags = re.findall(r"\[\[ID:(\w+)\]\]", text)
    pages = [[f"TASK_{block.name}", *(q.code for q in block.questions)] for block in form.blocks]
    assert tags == ["OPENING", *(tag for page in pages for tag in page), "CLOSING"]
    assert text.count(f"\n{form.task}\n") == len(form.blocks)
    first = text.split("[[Choices]]\n")[1].split("\n\n")[0].split("\n")
    assert first == list(form.blocks[0].labels)


def test_word_and_page_hold_every_question(written: Path, instrument: Instrument) -> None:
    for language in ("en", "nl"):
        page = (written / f"form-{language}.html").read_text(encoding="utf-8")
        tables = docx.Document(str(written / f"form-{language}.docx")).tables
        cells = [row.cells[0].text for table in tables for row in table.rows[1:]]
        assert len(cells) == 59
        asked = _asked(form_of(instrument, wording(language), minimum=10))
        for code, cell in zip(asked, cells, strict=True):
            text = instrument.item(code).text[language].replace("'", "’")
            assert cell.endswith(f"\t{text}")
            assert text in page
        assert "valid" not in page.split("<body>")[1]  # where the items come from is told in the codebook
        assert "valid" in (written / f"codebook-{language}.html").read_text(encoding="utf-8")
        assert page.count('class="box"') == 59 * 5
        assert "http" not in page.replace("http-equiv", "")


def test_no_word_is_broken_in_the_word_form_and_pages_are_numbered(written: Path) -> None:
    for language in ("en", "nl"):
        document = docx.Document(str(written / f"form-{language}.docx"))
        for table in document.tables:
            for cell in table.rows[0].cells[1:]:
                room = cell.width.pt - 4  # of its margins
                assert widest(cell.text.split(), HEAD, bold=True) <= room, cell.text
        footer = document.sections[0].footer.paragraphs[0]._p.xml
        assert " PAGE " in footer
        assert " NUMPAGES " in footer


def test_the_entry_sheet_numbers_its_questions_as_the_form_does(written: Path) -> None:
    sheet = openpyxl.load_workbook(written / "entry-nl.xlsx").active
    notes = [cell.comment.text for cell in sheet[1]]
    assert [int(note.split(".")[0]) for note in notes] == list(range(1, len(notes) + 1))


def test_the_same_questionnaire_gives_the_same_bytes(
    written: Path, instrument: Instrument, tmp_path: Path
) -> None:
    write_questionnaire(instrument, tmp_path, minimum=10)
    for path in sorted(written.iterdir()):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_the_codebook_names_every_column(written: Path, instrument: Instrument) -> None:
    book = json.loads((written / "codebook.json").read_text(encoding="utf-8"))
    assert [item["code"] for item in book["items"]] == [item.code for item in instrument.items]
    page = (written / "codebook-nl.html").read_text(encoding="utf-8")
    for item in instrument.items:
        assert f'<th scope="row">{item.code}</th>' in page
    assert page.count("omgekeerd</td>") == sum(item.reversed for item in instrument.items)


def test_a_typed_in_file_is_read_without_mapping(
    written: Path, instrument: Instrument, plain: Study, tmp_path: Path
) -> None:
    drawn = simulate(instrument, seed=3, n=60, organisations=2).frame
    book = openpyxl.load_workbook(written / "entry-nl.xlsx")
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    assert header == _asked(form_of(instrument, wording("nl"), minimum=10))
    answers = drawn[header].astype("Float64").mask(drawn[header] == 99)
    for row in answers.itertuples(index=False):
        sheet.append([None if pd.isna(value) else int(value) for value in row])
    path = tmp_path / "typed.xlsx"
    book.save(path)
    _same(path, answers, plain, instrument)


def test_a_limesurvey_export_is_read_without_mapping(
    instrument: Instrument, plain: Study, tmp_path: Path
) -> None:
    form = form_of(instrument, wording("nl"), minimum=10)
    headers = {q.code: f"{block.name}[{q.code}]" for block in form.blocks for q in block.questions}
    drawn = simulate(instrument, seed=4, n=60, organisations=2).frame[list(headers)]
    answers = drawn.astype("Float64").mask(drawn == 99)
    path = tmp_path / "results.csv"
    answers.astype("Int64").rename(columns=headers).to_csv(path, index=False)
    _same(path, answers, plain, instrument)


def test_a_bracketed_code_that_is_there_twice_is_not_taken(
    instrument: Instrument, plain: Study, tmp_path: Path
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("P01[OPP1],P02[OPP1],P01[OPP2]\n1,2,3\n2,3,4\n", encoding="utf-8")
    raw = fielded(read_table(path), study=plain, instrument=instrument)
    assert list(raw.frame.columns) == ["P01[OPP1]", "P02[OPP1]", "OPP2"]


def test_the_command_writes_seven_points(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["questionnaire", "--scale", "agree7", "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output
    assert "limesurvey.txt" in run.output
    page = (tmp_path / "form-nl.html").read_text(encoding="utf-8")
    assert page.count('class="box"') == 59 * 7
    with zipfile.ZipFile(tmp_path / "entry-nl.xlsx") as book:
        assert b"<formula2>7</formula2>" in book.read("xl/worksheets/sheet1.xml")


def test_the_command_says_what_a_report_will_lack(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["questionnaire", "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output
    for lack in ("organisation, team", "promoter", "held constant"):
        assert lack in run.output


def test_an_unknown_scale_is_said(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["questionnaire", "--scale", "agree9", "--out", str(tmp_path)])
    assert run.exit_code == 2
    assert "agree7" in run.output or "agree5" in run.output


def _asked(form: Form) -> list[str]:
    return [question.code for block in form.blocks for question in block.questions]


def _same(path: Path, answers: pd.DataFrame, study: Study, instrument: Instrument) -> None:
    raw = fielded(read_table(path), study=study, instrument=instrument)
    responses = prepare(raw, study=study, instrument=instrument)
    for item in instrument.items:
        given = answers[item.code].astype(float)
        turned = item.scale.low + item.scale.high - given if item.reversed else given
        assert responses.items[item.code].equals(turned.reset_index(drop=True)), item.code


def _with_text(form: Form, text: str) -> Form:
    return _with_question(form, Question(code="OPP1", text=text))


def _with_question(form: Form, question: Question) -> Form:
    first = replace(form.blocks[0], questions=(question,))
    return replace(form, blocks=(first, *form.blocks[1:]))

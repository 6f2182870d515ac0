"""Exports as people make them: another option ticked, another wording, a title typed above. Read as drawn."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from export_files import BACKGROUND, ENDINGS, EXPORTS, STEM, answers_frame
from export_truth import as_drawn

from jq_models.data import check_study, open_study
from jq_models.errors import DataError
from jq_models.run.client import NewClient, new_client

Rows = list[list[str]]
PEOPLE = 60


@pytest.fixture(autouse=True)
def project(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    shutil.copytree(checkout / "data" / "instruments", root / "data" / "instruments")
    for folder in ("studies", "raw"):
        (root / "data" / folder).mkdir()
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(root))
    monkeypatch.delenv("JQ_MODELS_DATA", raising=False)
    return root


def read_as_drawn(
    tool: str,
    folder: Path,
    *,
    change: Callable[[Rows], Rows] | None = None,
    frame: pd.DataFrame | None = None,
    points: int = 5,
    **options: object,
) -> NewClient:
    """Write a tool's export, change its cells, start a client with it and hold what is read."""
    drawn, instrument = answers_frame(n=PEOPLE, points=points)
    drawn = drawn if frame is None else frame
    path = folder / f"export{ENDINGS[tool]}"
    EXPORTS[tool](drawn, path, instrument=instrument, **{"language": "nl", **options})
    if change is not None and path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = change([row for row in csv.reader(file) if row])
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    elif change is not None:
        book = openpyxl.load_workbook(path)
        sheet = book["Data"] if "Data" in book.sheetnames else book.active
        rows = change([["" if cell is None else cell for cell in row] for row in sheet.values])
        sheet.delete_rows(1, sheet.max_row)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        book.save(path)
    client = new_client("acme", data=path, language="nl")
    as_drawn(open_study("acme"), drawn, instrument)
    return client


def statements(rows: Rows) -> list[int]:
    """The columns of statements in a Qualtrics export."""
    return [place for place, name in enumerate(rows[0]) if name.startswith("Q") and "_" in name]


def display_order(rows: Rows) -> Rows:
    """ "Export viewing order data": a column for each statement, with the statement's text."""
    rng = np.random.default_rng(3)
    for place in statements(rows):
        question, row = rows[0][place].split("_")
        rows[0].append(f"{question}_DO_{row}")
        rows[1].append(rows[1][place].replace(" - ", " - Display Order - ", 1))
        rows[2].append(f'{{"ImportId":"QID{question[1:]}_DO","choiceId":"{row}"}}')
        for cells in rows[3:]:
            cells.append(str(rng.integers(1, 5)))
    return rows


def order_of_blocks_and_times(rows: Rows) -> Rows:
    more = {
        "Q1_DO": (f"{STEM['nl']} - Display Order", "2|1|4|3"),
        "FL_5_DO": ("FL_5 - Block Randomizer - Display Order", "FL_6|FL_7"),
        "Q30_First Click": ("Timing - First Click", "1.25"),
        "Q30_Page Submit": ("Timing - Page Submit", "31.5"),
        "Q30_Click Count": ("Timing - Click Count", "4"),
    }
    for name, (text, cell) in more.items():
        for row, one in zip(rows, (name, text, f'{{"ImportId":"{name}"}}'), strict=False):
            row.append(one)
        for row in rows[3:]:
            row.append(cell)
    return rows


def markup(rows: Rows) -> Rows:
    for place in statements(rows):
        rows[1][place] = (
            f"<p><strong>{rows[1][place].replace(' - ', '</strong>&nbsp;</p> - <span>', 1)}</span>"
        )
    return rows


def text_beside_a_choice(rows: Rows) -> Rows:
    """A choice "other" with a text: the question's column says which choice, another one holds the text."""
    place = rows[1].index(BACKGROUND["contract"]["nl"])
    rows[1][place] += " - Selected Choice"
    cells = [f"{rows[0][place]}_3_TEXT", f"{BACKGROUND['contract']['nl']} - Anders, namelijk: - Text", "{}"]
    for row, cell in zip(rows, [*cells, *["", "Stage bij de afdeling"], *[""] * len(rows)], strict=False):
        row.append(cell)
    return rows


@pytest.mark.parametrize("change", [display_order, order_of_blocks_and_times, markup, text_beside_a_choice])
def test_qualtrics_with_other_options(change: Callable[[Rows], Rows], tmp_path: Path) -> None:
    client = read_as_drawn("qualtrics", tmp_path, change=change)
    ignored = {column for columns in client.proposal.ignored.values() for column in columns}
    if change is display_order:
        assert {f"Q{1}_DO_{row}" for row in range(1, 5)} <= ignored


def test_people_who_stopped_halfway_keep_their_answers(tmp_path: Path) -> None:
    frame, instrument = answers_frame(n=PEOPLE)
    codes = [item.code for item in instrument.items]
    for row in range(0, PEOPLE, 7):
        frame.loc[row, codes[(row * 5) % 50 + 1 :]] = pd.NA
    read_as_drawn("qualtrics", tmp_path, frame=frame)
    problems = {p.rule: p.count for p in check_study("acme")}
    assert problems["unfinished_row"] == len(range(4, PEOPLE, 9))
    assert "duplicate_rows" not in problems


@pytest.mark.parametrize("tool", ["qualtrics", "microsoft_forms"])
def test_people_who_answered_twice_stay_and_are_said(tool: str, tmp_path: Path) -> None:
    """Each time with another number and other times."""
    frame, _ = answers_frame(n=PEOPLE)
    twice = pd.concat([frame, frame.iloc[[3, 9]]], ignore_index=True)
    read_as_drawn(tool, tmp_path, frame=twice)
    assert {p.rule: p.count for p in check_study("acme")}["duplicate_rows"] == 2


def shuffled(rows: Rows) -> Rows:
    order = [0, *(1 + np.random.default_rng(4).permutation(len(rows[0]) - 1))]
    return [[row[place] for place in order] for row in rows]


@pytest.mark.parametrize("tool", ["limesurvey", "limesurvey_full", "limesurvey_codetext", "google_forms"])
def test_questions_in_another_order(tool: str, tmp_path: Path) -> None:
    read_as_drawn(tool, tmp_path, change=shuffled)


@pytest.mark.parametrize("marks", [("[", "]"), (".", ""), (".", "."), ("_", "")])
def test_brackets_dots_and_underscores_in_question_codes(marks: tuple[str, str], tmp_path: Path) -> None:
    def change(rows: Rows) -> Rows:
        rows[0] = [name.replace("[", marks[0]).replace("]", marks[1]) for name in rows[0]]
        return rows

    read_as_drawn("limesurvey", tmp_path, change=change, answers="codes", code="AO{:02d}")


def test_limesurvey_s_own_codes_alone_are_refused_with_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"choose 'Question code & question text' under Headings"):
        read_as_drawn("limesurvey", tmp_path, subquestions="default")


@pytest.mark.parametrize("headings", ["full", "codetext"])
def test_limesurvey_s_own_subquestion_codes_beside_texts(headings: str, tmp_path: Path) -> None:
    read_as_drawn("limesurvey", tmp_path, headings=headings, subquestions="default")


@pytest.mark.parametrize("tool", ["qualtrics", "microsoft_forms", "limesurvey_codetext", "spss"])
def test_english_answers_to_dutch_questions(tool: str, tmp_path: Path) -> None:
    words = answers_frame(n=PEOPLE)[1].items[0].scale.labels["en"]
    read_as_drawn(tool, tmp_path, words=words)


def test_questions_with_a_number_and_a_star(tmp_path: Path) -> None:
    def change(rows: Rows) -> Rows:
        rows[0][2:] = [f"{number}. {name} *" for number, name in enumerate(rows[0][2:], start=1)]
        return rows

    read_as_drawn("google_forms", tmp_path, change=change, answers="codes")


@pytest.mark.parametrize(
    "nothing",
    ["Weet niet / n.v.t.", "Niet van toepassing of weet niet", "Kan ik niet beoordelen", "6 - Weet niet"],
)
def test_several_words_for_no_answer_in_one(nothing: str, tmp_path: Path) -> None:
    def change(rows: Rows) -> Rows:
        return [[nothing if cell == "Weet niet" else cell for cell in row] for row in rows]

    read_as_drawn("google_forms", tmp_path, change=change)


@pytest.mark.parametrize(
    "words",
    [
        ["1 (helemaal oneens)", "2", "3", "4", "5 (helemaal eens)"],
        ["Helemaal oneens - 1", "2", "3", "4", "Helemaal eens - 5"],
        [
            "Helemaal mee oneens (1)",
            "Mee oneens (2)",
            "Neutraal (3)",
            "Mee eens (4)",
            "Helemaal mee eens (5)",
        ],
    ],
)
def test_answers_with_their_number(words: list[str], tmp_path: Path) -> None:
    read_as_drawn("microsoft_forms", tmp_path, words=words)


def test_only_the_ends_of_seven_points_in_words(tmp_path: Path) -> None:
    words = ["1 = helemaal oneens", *"23456", "7 = helemaal eens"]
    client = read_as_drawn("google_forms", tmp_path, points=7, words=words)
    assert client.proposal.scale == "agree7"


def test_the_ends_of_would_you_recommend_in_words_and_per_cent_signs(tmp_path: Path) -> None:
    """SurveyMonkey's question of 0 to 10 writes its ends as "Not at all likely - 0"."""
    ends = {"0": "Helemaal niet waarschijnlijk - 0", "10": "Zeer waarschijnlijk - 10", "": "Weet niet"}

    def change(rows: Rows) -> Rows:
        recommend, contact = (rows[0].index(BACKGROUND[key]["nl"]) for key in ("recommend", "contact"))
        for number, row in enumerate(rows[2:]):
            row[recommend] = ends.get(row[recommend], row[recommend])
            row[contact] += ("", "%", " %", " procent")[number % 4]
        return rows

    read_as_drawn("surveymonkey", tmp_path, change=change)


@pytest.mark.parametrize("tool", ["excel", "google_forms", "microsoft_forms"])
def test_lines_above_the_column_names_are_left_out_and_counted(tool: str, tmp_path: Path) -> None:
    def change(rows: Rows) -> Rows:
        blank = [""] * (len(rows[0]) - 2)
        return [["Export medewerkersonderzoek", "3-11-2025", *blank], ["", "", *blank], *rows]

    read_as_drawn(tool, tmp_path, change=change)
    assert {p.rule: p.count for p in check_study("acme")}["lines_above"] == 2


def test_a_bare_line_above_a_csv(tmp_path: Path) -> None:
    frame, instrument = answers_frame(n=PEOPLE)
    path = tmp_path / "export.csv"
    path.write_text("Meting najaar\n\n" + frame.to_csv(sep=";", index=False), encoding="cp1252")
    new_client("acme", data=path, language="nl")
    as_drawn(open_study("acme"), frame, instrument)


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    client = read_as_drawn("excel", tmp_path)
    assert (client.sheet, client.other_sheets) == ("Data", ("Toelichting", "Vragen"))
    assert 'sheet = "Data"' in client.study.read_text(encoding="utf-8")
    assert "not read: Toelichting, Vragen" in client.study.read_text(encoding="utf-8")

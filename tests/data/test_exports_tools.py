"""What is particular to each survey tool's layout."""

from __future__ import annotations

import pandas as pd
import pytest
from export_files import MISSING_CODE, write_limesurvey, write_microsoft_forms, write_spss, write_surveymonkey
from export_reading import FRAMES, drawn_answers, read_answers, write_export

from jq_models.data import read_table
from jq_models.data.exports import personal_columns
from jq_models.data.exports.layout import after_stems, in_brackets

# -- Qualtrics -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
@pytest.mark.parametrize("answers", ["texts", "codes"])
def test_qualtrics_in_its_three_file_formats(tmp_path, ending, answers):
    written = write_export("qualtrics", tmp_path / f"q{ending}", answers=answers, previews=3, spam=2)
    raw = read_table(written.path)
    pd.testing.assert_frame_equal(read_answers(written, raw, points=5), drawn_answers(5))
    assert dict(raw.set_aside) == {"preview_row": 3, "spam_row": 2}


@pytest.mark.parametrize("answers", ["texts", "codes"])
def test_qualtrics_unfinished_people_stay_and_are_counted(tmp_path, answers):
    raw = read_table(write_export("qualtrics", tmp_path / "q.csv", answers=answers).path)
    assert raw.frame["Finished"].isin(["False", "0"]).sum() == raw.unfinished == 4


def test_qualtrics_progress_says_who_did_not_finish(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("StartDate,Progress,ResponseId,Q1\n2025-01-01,83,R_1,5\n2025-01-02,100,R_2,4\n")
    assert (read_table(path).n, read_table(path).unfinished) == (2, 1)


@pytest.mark.parametrize("names", ["questions", "codes"])
def test_qualtrics_with_the_designers_export_tags(tmp_path, names):
    written = write_export("qualtrics", tmp_path / "q.csv", names=names)
    assert written.columns["OPP2"] == ("OPP2" if names == "codes" else "Q1_2")
    raw = read_table(written.path)
    assert raw.questions[written.columns["OPP2"]] == "Door dit werk word ik steeds beter in mijn vak."


def _lines(path):
    return path.read_text(encoding="utf-8-sig").splitlines(keepends=True)


@pytest.mark.parametrize("gone", [[1, 2], [2], [1]])
def test_qualtrics_after_somebody_took_header_rows_out(tmp_path, gone):
    written = write_export("qualtrics", tmp_path / "q.csv", answers="codes")
    kept = [line for place, line in enumerate(_lines(written.path)) if place not in gone]
    written.path.write_text("".join(kept), encoding="utf-8")
    raw = read_table(written.path)
    pd.testing.assert_frame_equal(read_answers(written, raw, points=5), drawn_answers(5))
    assert bool(raw.questions) is (1 not in gone)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("1", "preview_row"),
        ("9", "preview_row"),
        ("17", "preview_row"),
        ("8", "spam_row"),
        ("2", "test_row"),
        ("12", "spam_row"),
        ("40", "spam_row"),
        ("Survey Test", "test_row"),
        ("Offline Survey Preview", "preview_row"),
        ("16", None),
        ("4", None),
        ("0", None),
        ("Imported", None),
        ("", None),
    ],
)
def test_qualtrics_response_types(tmp_path, code, rule):
    path = tmp_path / "q.csv"
    rows = "StartDate,Status,Finished,ResponseId,Q1\nStart Date,Response Type,Finished,Response ID,Eens?\n"
    path.write_text(rows + f"2025-01-01,{code},1,R_1,5\n2025-01-02,0,1,R_2,4\n")
    raw = read_table(path)
    assert dict(raw.set_aside) == ({rule: 1} if rule else {})
    assert raw.frame["Q1"].tolist() == (["4"] if rule else ["5", "4"])


def test_qualtrics_previews_known_by_their_channel(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text(
        "StartDate,DistributionChannel,Finished,ResponseId,Q1\n2025-01-01,preview,1,R_1,5\n"
        "2025-01-02,anonymous,1,R_2,4\n"
    )
    assert dict(read_table(path).set_aside) == {"preview_row": 1}


def test_qualtrics_in_another_language_of_its_owner(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text(
        "StartDate,Status,Finished,ResponseId,Q1\nAnfangsdatum,Antworttyp,Beendet,Antwort-ID,Eens?\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""status""}",x,y,"{""ImportId"":""QID1""}"\n'
        "2025-01-01 08:28:09,0,1,R_1,5\n"
    )
    raw = read_table(path)
    assert (raw.n, raw.questions["Q1"]) == (1, "Eens?")


def test_stems_go_and_dashes_stay():
    asked = ["Over uw team - nu - Ik lach.", "Over uw team - nu - Ik werk - hard.", "Los - alleen", "Zonder"]
    assert after_stems(asked) == ["Ik lach.", "Ik werk - hard.", "Los - alleen", "Zonder"]


# -- LimeSurvey ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [5, 7])
@pytest.mark.parametrize("code", ["{}", "A{}", "AO{:02d}", "AO{}"])
def test_limesurvey_answer_codes(tmp_path, code, points):
    written = write_export(write_limesurvey, tmp_path / "l.csv", points=points, answers="codes", code=code)
    answers = read_answers(written, read_table(written.path), points=points)
    pd.testing.assert_frame_equal(answers[:40], drawn_answers(points))


@pytest.mark.parametrize(
    ("options", "column"),
    [
        ({}, "OPP[OPP1]"),
        ({"headings": "underscore"}, "OPP_OPP1"),
        ({"subquestions": "default"}, "G01Q01[SQ001]"),
    ],
)
def test_limesurvey_question_codes(tmp_path, options, column):
    written = write_export(write_limesurvey, tmp_path / "l.csv", **options)
    raw = read_table(written.path)
    assert written.columns["OPP1"] == column
    assert column in raw.frame
    assert (raw.tool, dict(raw.questions)) == ("limesurvey", {})


@pytest.mark.parametrize("headings", ["code", "full", "codetext"])
def test_limesurvey_people_without_a_date_of_submission_stay_and_are_counted(tmp_path, headings):
    raw = read_table(write_export(write_limesurvey, tmp_path / "l.csv", headings=headings, empty=3).path)
    assert (raw.n, raw.unfinished) == (43, 3)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_limesurvey_delimiters(tmp_path, delimiter):
    written = write_export(write_limesurvey, tmp_path / "l.csv", headings="full", delimiter=delimiter)
    raw = read_table(written.path)
    assert (raw.delimiter, raw.n) == (delimiter, 42)


def test_limesurvey_can_write_spaces_as_underscores(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("Response_ID,Date_submitted,Last_page,Your_work_[I_like_it]\n1,2025-01-01,3,A1\n")
    raw = read_table(path)
    assert raw.tool == "limesurvey"
    assert dict(raw.questions)["Your_work_[I_like_it]"] == "I like it"


# -- SurveyMonkey, Forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_surveymonkey_in_both_formats(tmp_path, ending):
    written = write_export(write_surveymonkey, tmp_path / f"s{ending}", answers="codes", language="en")
    raw = read_table(written.path)
    pd.testing.assert_frame_equal(read_answers(written, raw, points=5), drawn_answers(5))


def test_surveymonkey_rows_that_repeat_take_their_question_along(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(
        "Respondent ID,Collector ID,Nu,,,Straks,,Team\n"
        ",,Rust,Loon,Werk,Rust,Loon,Response\n1,2,5,4,3,2,1,NA\n"
    )
    raw = read_table(path)
    assert list(raw.frame.columns)[2:] == [
        "Nu [Rust]",
        "Nu [Loon]",
        "Werk",
        "Straks [Rust]",
        "Straks [Loon]",
        "Team",
    ]
    assert raw.questions["Straks [Rust]"] == "Rust"
    assert raw.frame["Team"].tolist() == ["NA"]


def test_surveymonkey_in_dutch_without_its_second_row(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("Respondent-ID,Collector-ID,Begindatum,Ik lach.\n11,2,2025-01-01,5\n12,2,2025-01-01,4\n")
    raw = read_table(path)
    assert (raw.tool, raw.n) == ("surveymonkey", 2)
    assert personal_columns(raw) == ("Respondent-ID", "Collector-ID", "Begindatum")


def test_headers_are_one_line_whatever_was_typed(tmp_path):
    raw = read_table(write_export(write_microsoft_forms, tmp_path / "m.xlsx").path)
    assert all(name == " ".join(name.split()) and "\u200b" not in name for name in raw.frame.columns)


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Stem [Row]", "Row"),
        ("Stem [1] [Row [a]]", "Row [a]"),
        ("[Row]", "[Row]"),
        ("Row", "Row"),
        ("a]", "a]"),
    ],
)
def test_rows_of_a_grid(heading, row):
    assert in_brackets(heading) == row


@pytest.mark.parametrize("names", ["numbers", "codes"])
def test_spss_brings_questions_and_labels(tmp_path, names):
    written = write_export(write_spss, tmp_path / "a.sav", names=names, language="en")
    raw = read_table(written.path)
    assert raw.questions[written.columns["OPP2"]] == "This work keeps making me better at my trade."
    assert raw.value_labels[written.columns["OPP2"]]["5"] == "Strongly agree"
    assert sum(raw.user_missing.values()) == (FRAMES[5][0] == MISSING_CODE).sum().sum()

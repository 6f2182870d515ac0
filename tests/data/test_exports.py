"""Exports of survey tools, in each tool's own layout: read without help, to exactly the answers given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from export_files import (
    BACKGROUND,
    CANARY,
    ENDINGS,
    EXPORTS,
    IP,
    write_google_forms,
    write_limesurvey,
    write_qualtrics,
    write_surveymonkey,
)
from export_reading import FRAMES, drawn_answers, read_answers, read_export, study_of, write_export

from jq_models.data import check_table, prepare, read_table
from jq_models.data.exports import TOOLS, personal_columns

OWN_TOOL = {
    "limesurvey_full": "limesurvey",
    "limesurvey_codetext": "limesurvey",
    "qualtrics_legacy": "qualtrics",
}
ANSWERS = [("texts", "nl", 5), ("codes", "en", 7), ("texts", "en", 5), ("texts", "nl", 7), ("texts", "en", 7)]
# every tool in every way; other layouts of the same tool, and plain files, in two
CASES = [(name, *given) for name in EXPORTS for given in (ANSWERS if name in TOOLS else ANSWERS[:2])]


@pytest.mark.parametrize(("name", "answers", "language", "points"), CASES)
def test_every_export_reads_back_to_the_answers_drawn(tmp_path, name, answers, language, points):
    path = tmp_path / f"{name}{ENDINGS[name]}"
    written = write_export(name, path, points=points, answers=answers, language=language)
    raw = read_export(written)
    got, drawn = read_answers(written, raw, points=points), drawn_answers(points)
    empty = got[len(drawn) :]
    pd.testing.assert_frame_equal(got[: len(drawn)], drawn)
    assert empty.isna().all(axis=None)  # LimeSurvey's people who answered nothing
    assert raw.tool == (OWN_TOOL.get(name, name) if OWN_TOOL.get(name, name) in TOOLS else "")
    assert dict(raw.set_aside) == written.set_aside


@pytest.mark.parametrize("name", EXPORTS)
def test_groups_and_personal_columns(tmp_path, name):
    written = write_export(name, tmp_path / f"{name}{ENDINGS[name]}")
    raw, frame = read_export(written), FRAMES[5][0]
    for group in ("organisation", "team"):
        assert raw.frame[written.columns[group]].tolist()[: len(frame)] == frame[group].tolist()
    assert set(written.personal) == set(personal_columns(raw))
    rest = raw.frame.drop(columns=list(personal_columns(raw)))
    cells = "\n".join(map(str, rest.to_numpy().ravel()))
    assert CANARY.casefold() not in cells.casefold()
    assert IP not in cells


@pytest.mark.parametrize("name", ["qualtrics", "limesurvey_full", "limesurvey_codetext", *list(EXPORTS)[5:9]])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_questions_are_the_statements_without_stem_and_markup(tmp_path, name, language):
    written = write_export(name, tmp_path / f"{name}{ENDINGS[name]}", language=language)
    raw, (_, instrument) = read_export(written), FRAMES[5]
    for item in instrument.items:
        assert raw.questions[written.columns[item.code]] == item.text[language]
    assert raw.questions[written.columns["remarks"]] == BACKGROUND["remarks"][language]


@pytest.mark.parametrize("name", ["qualtrics", "limesurvey", "surveymonkey", "microsoft_forms", "spss"])
def test_a_study_is_prepared_from_the_export(tmp_path, name):
    written = write_export(name, tmp_path / f"{name}{ENDINGS[name]}")
    raw, study, instrument = read_export(written), study_of(written), FRAMES[5][1]
    assert [
        p.rule for p in check_table(raw, study=study, instrument=instrument) if p.severity == "error"
    ] == []
    responses = prepare(raw, study=study, instrument=instrument, language="nl")
    assert len(responses.items) == 40
    empty = {"row_dropped": 2} if name == "limesurvey" else {}
    left_out = {
        entry.rule: entry.count for entry in responses.log if entry.rule.endswith(("_row", "dropped"))
    }
    assert left_out == written.set_aside | empty
    assert responses.n_read == 40 + sum(left_out.values())
    notes = {p.rule: p.count for p in check_table(raw, study=study, instrument=instrument)}
    assert notes.items() >= written.set_aside.items()


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": ";", "encoding": "cp1252"},
        {"delimiter": ";", "encoding": "utf-8-sig"},
        {"encoding": "utf-16"},
    ],
)
@pytest.mark.parametrize("write", [write_qualtrics, write_limesurvey, write_surveymonkey, write_google_forms])
def test_delimiters_and_encodings_in_every_layout(tmp_path, write, options):
    frame, instrument = FRAMES[5]
    frame = frame.assign(team=np.where(np.arange(len(frame)) % 2, "NA", "Café één"))
    written = write(frame, tmp_path / "a.csv", instrument=instrument, **options)
    raw = read_table(written.path)
    assert raw.frame[written.columns["team"]].tolist()[: len(frame)] == frame["team"].tolist()
    pd.testing.assert_frame_equal(read_answers(written, raw, points=5)[: len(frame)], drawn_answers(5))


@pytest.mark.parametrize(
    "header",
    ["id,team,OPP1", "Status,StartDate,OPP1", "Name,Email,OPP1", "token,id,OPP1", "ID,Start time,OPP1"],
)
def test_a_plain_file_is_no_export(tmp_path, header):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2,5\n8,2,4\n")
    raw = read_table(path)
    assert (raw.tool, raw.questions, raw.set_aside, raw.n) == ("", {}, {}, 2)


def test_nothing_of_an_export_is_in_the_repr_or_an_error(tmp_path):
    for name in EXPORTS:
        written = write_export(name, tmp_path / f"{name}{ENDINGS[name]}")
        assert CANARY not in repr(read_export(written))

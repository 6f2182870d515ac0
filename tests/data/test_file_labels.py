"""Which way codes count: the file's own labels, texts beside numbers, and what gives a turned scale away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data.coding import code_answers, code_table
from jq_models.data.file_labels import reading
from jq_models.data.validate import check_table
from jq_models.spec import load_instrument

UP = ("Helemaal mee oneens", "Mee oneens", "Niet mee eens, niet mee oneens", "Mee eens", "Helemaal mee eens")


@pytest.fixture(scope="module")
def scale():
    return load_instrument("ccc_job_quality").scales[0]


def _labels(words, first=1):
    return {str(code): word for code, word in enumerate(words, start=first)}


@pytest.mark.parametrize(
    ("labels", "used", "codes"),
    [
        (_labels(UP), "12345", [1, 2, 3, 4, 5]),
        (_labels(UP[::-1]), "12345", [5, 4, 3, 2, 1]),
        (_labels(UP[::-1]), "13", [5, None, 3, None, None]),  # whoever answered
        (_labels(UP, first=0), "01234", [2, 3, 4, 5, None]),
        ({"1": "1 = Helemaal mee eens", "5": "5 = Helemaal mee oneens"}, "12345", [5, 4, 3, 2, 1]),  # ends
        ({"1": "Zeer mee oneens", "5": "Zeer mee eens"}, "12345", [1, 2, 3, 4, 5]),
        ({"1": "Zeer mee eens", "5": "Zeer mee oneens"}, "12345", [5, 4, 3, 2, 1]),
        ({"5": "Helemaal mee eens"}, "12345", [1, 2, 3, 4, 5]),
        ({"6": "weet niet", "99": "Filter"}, "12345", [1, 2, 3, 4, 5]),
        ({str(k): str(k) for k in range(1, 6)}, "12345", [1, 2, 3, 4, 5]),
    ],
)
def test_labels_go_before_numbers(labels, used, codes, scale):
    given = reading(labels, scale=scale, texts=labels.values(), used=set(used))
    cells = pd.Series([str(k) if str(k) in used else None for k in range(1, 6)], dtype=object)
    coded = code_answers(cells, scale=scale, given=given)
    assert [None if np.isnan(value) else value for value in coded.values] == codes
    assert not coded.invalid


@pytest.mark.parametrize(
    "labels",
    [
        {"1": "Helemaal mee eens"},  # the only one, and at the wrong end
        {"1": "Laag", "5": "Hoog"},
        _labels((UP[1], UP[0], *UP[2:])),  # no order
        _labels((UP[0], *UP[:4])),  # one label twice
        _labels((*UP[:4], "Weet ik veel")),
    ],
)
def test_labels_that_leave_a_doubt_are_not_read(labels, scale):
    given = reading(labels, scale=scale, texts=labels.values(), used=set("12345"))
    cells = pd.Series(["1", "5", None], dtype=object)
    assert code_answers(cells, scale=scale, given=given).counts == {"label_conflict": 2}


def test_a_code_labelled_as_no_answer_is_none(scale):
    labels = _labels((*UP, "Weet niet", "n.v.t."))
    given = reading(labels, scale=scale, texts=labels.values(), used=set("1267"))
    coded = code_answers(pd.Series([1.0, 2.0, 6.0, 7.0]), scale=scale, given=given)
    assert coded.values[:2].tolist() == [1, 2]
    assert coded.counts == {"no_answer_text": 2}


def _labelled(raw, columns):
    turned = _labels(("Helemaal eens", "Eens", "Neutraal", "Oneens", "Helemaal oneens"))
    return replace(raw, value_labels=dict.fromkeys(columns, turned))


def test_a_whole_file_turned_by_its_labels(read, answers, study, instrument):
    raw = read(answers)
    columns = [column for column in answers if column[:3] in ("OPP", "AMB", "SAT") or column == "v1"]
    plainly = code_table(raw, study=study, instrument=instrument)
    labelled = _labelled(raw, columns)
    turned = code_table(labelled, study=study, instrument=instrument)
    five = [code for code in plainly.answers if code != "REC1"]
    pd.testing.assert_frame_equal(turned.answers[five], 6 - plainly.answers[five])
    pd.testing.assert_series_equal(turned.answers["REC1"], plainly.answers["REC1"])
    found = check_table(labelled, study=study, instrument=instrument)
    assert {p.rule for p in found if p.column in columns} == {"file_label"}
    without = check_table(_labelled(raw, columns[1:]), study=study, instrument=instrument)
    assert [(p.rule, p.column, p.count) for p in without if p.severity == "error"] == [
        ("label_conflict", "v1", 60)
    ]


@pytest.mark.parametrize(
    ("cells", "mixed"),
    [
        (["Helemaal mee eens", "2", "3", "4", "Helemaal mee oneens"], 3),  # from which end?
        (["Mee eens", 2.0], 1),
        (["5 - Helemaal mee eens", "2", "3", "1 - Helemaal mee oneens"], 0),
        (["Helemaal mee eens", "weet niet", "Mee oneens"], 0),
        (["weet niet", "2", "3"], 0),
    ],
)
def test_bare_numbers_beside_bare_texts_are_not_read(cells, mixed, scale):
    counts = code_answers(pd.Series(cells, dtype=object), scale=scale).counts
    assert counts.get("mixed_answers", 0) == mixed


def test_a_turned_scale_shows_in_who_recommends(read, answers, study, instrument):
    level = answers[[f"SAT{k}" for k in range(1, 5)]].astype(int).mean(axis=1)
    frame = answers.assign(recommend=np.rint(2 * level).astype(int).astype(str))
    asked = replace(study, covariates={**study.covariates, "recommend": "recommend"})
    rule = "reversed_scale_suspected"
    found = check_table(read(frame), study=asked, instrument=instrument)
    assert rule not in {p.rule for p in found}
    for code in [c for c in frame if c[:3] in ("OPP", "AMB", "SAT") or c == "v1"]:
        frame[code] = (6 - frame[code].astype(int)).astype(str)
    found = check_table(read(frame), study=asked, instrument=instrument)
    assert [(p.severity, p.column) for p in found if p.rule == rule] == [("warning", "recommend")]

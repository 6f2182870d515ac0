"""Cells to codes: what is accepted, what is missing, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jq_models.data import RULES
from jq_models.data.coding import INVALID, UNDERSTOOD, code_answers, turn


def _code(instrument, *cells, item="OPP1", missing=()):
    scale = instrument.item(item).scale
    return code_answers(pd.Series(list(cells), dtype=object), scale=scale, missing=missing)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("5", 5),
        (5.0, 5),
        ("5,0", 5),
        ("5.0", 5),
        ("Strongly agree", 5),
        ("STRONGLY  AGREE", 5),
        ("helemaal oneens", 1),
        ("Neutraal", 3),
        ("5 - Strongly agree", 5),
        ("1 = Helemaal oneens", 1),
        ("(4) Agree", 4),
    ],
)
def test_accepted(instrument, cell, code):
    coded = _code(instrument, cell)
    assert coded.values.tolist() == [code]
    assert coded.invalid == 0


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Agreed", "not_a_number"),
        ("4 - Strongly agree", "not_a_number"),  # code and label contradict each other
        ("True", "not_a_number"),
        ("6", "out_of_range"),
        ("55", "out_of_range"),
        ("0,5", "out_of_range"),
        (3.5, "not_whole"),
        ("3,5", "not_whole"),
        ("999", "leftover_missing_code"),
        (-99.0, "leftover_missing_code"),
        ("-1", "leftover_missing_code"),
        ("9", "leftover_missing_code"),
        ("0", "leftover_missing_code"),
        ("weet niet", "no_answer_text"),
        ("N.v.t.", "no_answer_text"),
        ("Don’t know", "no_answer_text"),
        ("NA", "no_answer_text"),
    ],
)
def test_no_code(instrument, cell, kind):
    coded = _code(instrument, cell)
    assert np.isnan(coded.values[0])
    assert coded.counts == {kind: 1}
    assert (coded.invalid == 1) is (kind in INVALID)


def test_declared_missing(instrument):
    coded = _code(instrument, "99", 99.0, "99,0", "9", missing=(99,))
    assert coded.counts == {"declared_missing": 3, "leftover_missing_code": 1}


def test_a_declared_code_inside_the_scale_stays_an_answer(instrument):
    coded = _code(instrument, "9", "10", "99", item="REC1", missing=(9, 99))
    assert coded.values[:2].tolist() == [9, 10]
    assert coded.counts == {"declared_missing": 1}


def test_empty_cells_are_missing_without_a_count(instrument):
    coded = _code(instrument, None, "3")
    assert coded.counts == {}
    assert np.isnan(coded.values[0])
    assert coded.values[1] == 3


def test_turning(instrument):
    values = pd.Series([1.0, 2.0, np.nan, 5.0])
    assert turn(values, item=instrument.item("OPP4")).tolist()[::3] == [5.0, 1.0]
    assert turn(values, item=instrument.item("OPP1")) is values


def test_the_kinds_are_rules_of_the_check():
    assert set(UNDERSTOOD) | set(INVALID) <= set(RULES)

"""Covariates: which numbers are answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import RawTable
from jq_models.data.background import covariate_number, covariate_problems, covariate_values
from jq_models.spec import Study


def test_a_code_for_no_answer_on_five_points_is_an_answer_to_would_you_recommend(
    study: Study, answers: pd.DataFrame, read: Callable[..., RawTable]
) -> None:
    answers["enps"] = (["8", "9", "10", "99", "-9"] * 12)[: len(answers)]
    answers["contact"] = (["8", "9", "100", "99", "20"] * 12)[: len(answers)]
    declared = replace(
        study, missing=(8, 9, 99, -9), covariates={"recommend": "enps", "customer_contact": "contact"}
    )
    raw = read(answers)
    recommend = covariate_values(raw, study=declared, name="recommend")
    np.testing.assert_array_equal(recommend[:5], [8, 9, 10, np.nan, np.nan])
    contact = covariate_values(raw, study=declared, name="customer_contact")
    np.testing.assert_array_equal(contact[:5], [np.nan, np.nan, 100, np.nan, 20])


@pytest.mark.parametrize(
    ("name", "cell", "number"),
    [
        ("recommend", "10", 10.0),
        ("recommend", "Extremely likely - 10", 10.0),
        ("recommend", "0 - Helemaal niet waarschijnlijk", 0.0),
        ("recommend", "7 of 8", None),
        ("recommend", "zeer waarschijnlijk", None),
        ("recommend", "80%", 80.0),  # out of its range, so the check stops there
        ("customer_contact", "80%", 80.0),
        ("customer_contact", "62,5 %", 62.5),
        ("customer_contact", "80 procent", 80.0),
        ("customer_contact", "80 tot 90 %", None),
        ("customer_contact", "4 - vaak", None),
        ("customer_contact", "%", None),
        ("customer_contact", None, None),
    ],
)
def test_a_number_beside_its_words(name: str, cell: str | None, number: float | None) -> None:
    assert covariate_number(cell, name) == number


def test_who_does_not_know_gives_no_number_and_is_no_error(
    study: Study, answers: pd.DataFrame, read: Callable[..., RawTable]
) -> None:
    answers["contact"] = (["20%", "Weet niet / n.v.t.", "zelden"] * 20)[: len(answers)]
    raw = read(answers)
    values = covariate_values(raw, study=study, name="customer_contact")
    np.testing.assert_array_equal(values[:3], [20, np.nan, np.nan])
    (found,) = covariate_problems(raw, study)
    assert (found.rule, found.count) == ("covariate_not_a_number", 20)  # "zelden", and nothing else

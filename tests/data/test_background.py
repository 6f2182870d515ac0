"""Covariates: which numbers are answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from jq_models.data import RawTable
from jq_models.data.background import covariate_values
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

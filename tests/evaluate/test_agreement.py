"""Two fits of one model, and of two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jq_models.errors import FitError
from jq_models.evaluate import compare_fits
from jq_models.evaluate.agreement import relative_difference
from jq_models.sem import fit_sem


def test_the_same_fit_agrees_with_itself(scales_fit):
    assert compare_fits(scales_fit, scales_fit).largest == 0.0


def test_a_changed_estimate_is_found(scales_fit):
    table = scales_fit.table.copy()
    table.loc[2, "est"] += 0.01
    found = compare_fits(scales_fit, replace(scales_fit, table=table))
    assert found.estimates == pytest.approx(0.01, rel=0.2)
    assert found.standard_errors == 0.0


def test_row_order_does_not_matter(scales_fit):
    turned = replace(scales_fit, table=scales_fit.table.iloc[::-1].reset_index(drop=True))
    assert compare_fits(scales_fit, turned).largest == 0.0


def test_different_models_are_refused(scales_fit, table):
    other = fit_sem("A =~ A1 + A2 + A3 + A4", table("reliability_htmt", "data.csv", index=False))
    with pytest.raises(FitError, match="Compare fits of one model"):
        compare_fits(scales_fit, other)


def test_relative_difference_near_zero_is_absolute():
    assert relative_difference(np.array([1e-6, 200.0]), np.array([0.0, 201.0])) == pytest.approx(1 / 201)
    assert relative_difference(np.array([np.nan]), np.array([np.nan])) == 0.0

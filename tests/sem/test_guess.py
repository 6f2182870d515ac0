"""Starting values: loadings by principal factoring, factor by factor, then what follows from them."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.numeric.moments import Moments
from jq_models.sem.guess import patterns, plan_of, rows_guessed
from jq_models.sem.table import Parameters, parameter_table

TEXT = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9 + x10\ntop =~ f + g + h"


def moments_of_one_factor(*loadings: float) -> Moments:
    """Return the moments of standard normal items of one factor."""
    pattern = np.array(loadings)
    covariance = np.outer(pattern, pattern)
    np.fill_diagonal(covariance, 1.0)
    names = tuple(f"x{i + 1}" for i in range(len(pattern)))
    return Moments(names=names, covariance=covariance, mean=np.arange(len(pattern), dtype=float), n=100)


def guessed(table: Parameters, moments: Moments) -> dict[str, float]:
    values = rows_guessed(table, moments)
    return {row.name: float(x) for row, x in zip(table.rows, values, strict=True)}


def test_loadings_of_one_factor_are_found_nearly() -> None:
    pattern = np.array([0.8, -0.7, 0.6])
    S = np.outer(pattern, pattern)
    np.fill_diagonal(S, 1.0)
    found = patterns(np.stack([S, 4.0 * S]))
    np.testing.assert_allclose(found[0], pattern, atol=0.05)
    np.testing.assert_allclose(found[1], 2.0 * found[0], rtol=1e-12)


def test_a_single_indicator_is_all_factor_and_none_is_nothing() -> None:
    assert patterns(np.full((1, 1, 1), 4.0)).tolist() == [[2.0]]
    assert patterns(np.empty((2, 0, 0))).shape == (2, 0)


def test_items_of_factors_come_before_factors_of_factors() -> None:
    table = parameter_table(TEXT)
    batches = plan_of(table).batches
    assert [batch.rows.shape for batch in batches] == [(2, 3), (1, 4), (1, 3)]
    assert [batch.marker.tolist() for batch in batches] == [[0, 0], [0], [0]]
    assert plan_of(table) is plan_of(table)


def test_markers_stay_and_variances_are_between_nothing_and_all() -> None:
    found = guessed(parameter_table(TEXT), moments_of_one_factor(*[0.8] * 10))
    assert found["f =~ x1"] == found["top =~ f"] == 1.0
    assert found["f =~ x2"] == pytest.approx(1.0, abs=0.01)
    assert 0.0 < found["x1 ~~ x1"] < 1.0
    assert 0.0 <= found["f ~~ f"] < found["top ~~ top"]


def test_starts_and_fixed_values_of_the_text_are_kept() -> None:
    text = "f =~ NA*x1 + start(0.3)*x2 + x3\nf ~~ 4*f\nx1 ~~ start(0.2)*x2\nx1 ~ 1"
    found = guessed(parameter_table(text), moments_of_one_factor(0.8, 0.8, 0.8))
    assert (found["f =~ x2"], found["f ~~ f"], found["x1 ~~ x2"]) == (0.3, 4.0, 0.2)
    # half of what they are with a variance of 1
    assert found["f =~ x1"] == pytest.approx(0.4, abs=0.02)


def test_intercepts_of_outcomes_lack_what_their_causes_explain() -> None:
    table = parameter_table("x3 ~ x1 + x2", meanstructure=True)
    found = guessed(table, moments_of_one_factor(0.8, 0.8, 0.8).of(table.observed))
    explained = found["x3 ~ x2"] * 1.0
    assert found["x3 ~1"] == pytest.approx(2.0 - explained)
    assert found["x3 ~ x1"] == pytest.approx(found["x3 ~ x2"])


def test_factors_that_measure_each_other_have_a_guess_too() -> None:
    found = guessed(parameter_table("f =~ x1 + x2 + g\ng =~ x3 + x4 + f"), moments_of_one_factor(*[0.7] * 4))
    assert np.isfinite(list(found.values())).all()

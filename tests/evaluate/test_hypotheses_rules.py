"""The decision rules: each line decides, and on the right side."""

from __future__ import annotations

import math

import pytest
from scipy.stats import norm

from jq_models.evaluate.hypotheses.rules import (
    absence_verdict,
    apart_verdict,
    effect_verdict,
    equivalence_p,
    gain_verdict,
    split_verdict,
    together,
)


@pytest.mark.parametrize(
    ("low", "high", "p", "sign", "wanted"),
    [
        (0.15, 0.40, 0.01, 1, "supported"),
        (0.15, 0.40, 0.06, 1, "inconclusive"),  # adjusted p decides too
        (-0.05, 0.30, 0.20, 1, "inconclusive"),
        (-0.05, 0.09, 0.60, 1, "not_supported"),  # no effect of .10 is left
        (0.02, 0.08, 0.001, 1, "not_supported"),  # certain, but certainly too small
        (-0.40, -0.15, 0.01, 1, "not_supported"),  # the other side
        (-0.40, -0.15, 0.01, -1, "supported"),
        (-0.09, 0.05, 0.60, -1, "not_supported"),
        (-0.30, 0.05, 0.20, -1, "inconclusive"),
    ],
)
def test_an_effect_in_one_direction(low: float, high: float, p: float, sign: int, wanted: str) -> None:
    assert effect_verdict(low, high, p_value=p, sign=sign) == wanted


@pytest.mark.parametrize(
    ("low", "high", "p", "wanted"),
    [
        (-0.15, 0.14, 0.01, "supported"),
        (0.01, 0.10, 0.01, "supported"),  # not zero, but negligible
        (-0.15, 0.14, 0.06, "inconclusive"),
        (-0.25, 0.14, 0.30, "inconclusive"),
        (0.05, 0.30, 0.80, "not_supported"),
        (-0.30, -0.05, 0.80, "not_supported"),
    ],
)
def test_no_effect(low: float, high: float, p: float, wanted: str) -> None:
    assert absence_verdict(low, high, p_value=p) == wanted


def test_a_gain_is_judged_by_the_test_and_by_its_upper_bounds() -> None:
    assert gain_verdict([0.05, 0.01], p_value=0.01) == "supported"
    assert gain_verdict([0.05, 0.01], p_value=0.10) == "inconclusive"
    assert gain_verdict([0.019, 0.01], p_value=0.001) == "not_supported"


@pytest.mark.parametrize(
    ("margin", "p", "level", "wanted"),
    [
        (100.0, 0.001, "good", "supported"),
        (100.0, 0.001, "acceptable", "supported"),
        (100.0, 0.001, "poor", "inconclusive"),  # the better of two models that do not fit
        (100.0, 0.001, "unknown", "inconclusive"),
        (100.0, 0.060, "good", "inconclusive"),
        (1.5, 0.001, "good", "inconclusive"),
        (-1.5, 0.001, "good", "inconclusive"),
        (-10.0, 0.001, "good", "not_supported"),
        (math.nan, 0.001, "good", "not_testable"),
    ],
)
def test_separate_dimensions(margin: float, p: float, level: str, wanted: str) -> None:
    assert apart_verdict(margin, p_value=p, level=level) == wanted


def test_two_factors_are_judged_by_their_correlation() -> None:
    assert split_verdict(0.50, 0.80, p_value=0.001) == "supported"
    assert split_verdict(0.50, 0.80, p_value=0.10) == "inconclusive"
    assert split_verdict(0.70, 0.95, p_value=0.001) == "inconclusive"
    assert split_verdict(0.88, 1.10, p_value=0.001) == "not_supported"


def test_all_parts_must_hold() -> None:
    assert together(["supported", "supported"]) == "supported"
    assert together(["supported", "inconclusive"]) == "inconclusive"
    assert together(["inconclusive", "not_supported"]) == "not_supported"


def test_equivalence_takes_the_worse_of_two_one_sided_tests() -> None:
    # the nearer margin: (.20 - .05) / .06 = 2.5
    assert equivalence_p(0.05, 0.06) == pytest.approx(norm.sf(2.5))
    assert equivalence_p(-0.05, 0.06) == pytest.approx(norm.sf(2.5))
    assert equivalence_p(0.30, 0.06) > 0.5
    assert math.isnan(equivalence_p(math.nan, 0.06))

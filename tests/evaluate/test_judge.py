"""Verdicts at and around every line."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import (
    SOURCES,
    FitIndices,
    judge_effect,
    judge_fit,
    judge_htmt,
    judge_reliability,
)
from jq_models.evaluate import judge as lines

GOOD = FitIndices(
    n=300,
    n_parameters=20,
    chi_square=30.0,
    df=24,
    p_value=0.2,
    baseline_chi_square=900.0,
    baseline_df=36,
    cfi=0.95,
    tli=0.95,
    rmsea=0.06,
    rmsea_low=0.0,
    rmsea_high=0.05,
    rmsea_close_p=0.9,
    srmr=0.08,
    log_likelihood=-1.0,
    log_likelihood_saturated=-1.0,
    aic=1.0,
    bic=1.0,
    sabic=1.0,
)


@pytest.mark.parametrize(
    ("index", "value", "level", "line", "source"),
    [
        ("cfi", 0.95, "good", 0.95, "hu_bentler_1999"),
        ("cfi", 0.9499, "acceptable", 0.90, "bentler_bonett_1980"),
        ("cfi", 0.8999, "poor", 0.90, "bentler_bonett_1980"),
        ("tli", 1.02, "good", 0.95, "hu_bentler_1999"),
        ("tli", 0.90, "acceptable", 0.90, "bentler_bonett_1980"),
        ("rmsea", 0.06, "good", 0.06, "hu_bentler_1999"),
        ("rmsea", 0.0601, "acceptable", 0.08, "browne_cudeck_1993"),
        ("rmsea", 0.0801, "poor", 0.08, "browne_cudeck_1993"),
        ("srmr", 0.0801, "acceptable", 0.10, "schermelleh_2003"),
        ("srmr", 0.101, "poor", 0.10, "schermelleh_2003"),
        ("srmr", nan, "unknown", 0.10, "schermelleh_2003"),
    ],
)
def test_every_line(index, value, level, line, source):
    verdict = judge_fit(replace(GOOD, **{index: value}))
    one = verdict.of(index)
    assert (one.level, one.line.value, one.line.source) == (level, line, source)
    assert verdict.level == level  # all other indices are good


def test_saturated_models_are_not_praised():
    verdict = judge_fit(replace(GOOD, df=0, cfi=1.0, tli=1.0, rmsea=0.0))
    assert (verdict.level, verdict.saturated) == ("unknown", True)


def test_reliability_names_what_falls_short():
    table = pd.DataFrame(
        {
            "n_items": [4, 4, 1],
            "alpha": [0.70, 0.69, nan],
            "omega": [0.8, 0.8, nan],
            "composite_reliability": [0.8, 0.8, nan],
            "ave": [0.49, 0.5, nan],
        },
        index=["OPP", "AMB", "TIN"],
    )
    found = [(s.construct, s.coefficient, s.line.value, s.line.source) for s in judge_reliability(table)]
    assert found == [
        ("AMB", "alpha", 0.70, "nunnally_1978"),
        ("OPP", "ave", 0.50, "fornell_larcker_1981"),
    ]


def test_htmt_pairs_above_the_lines():
    codes = ["ENJ", "SAT", "COM"]
    table = pd.DataFrame(
        [[nan, 0.91, 0.86], [0.91, nan, 0.85], [0.86, 0.85, nan]], index=codes, columns=codes
    )
    found = [(o.first, o.second, o.line.value) for o in judge_htmt(table)]
    assert found == [("ENJ", "SAT", 0.90), ("ENJ", "COM", 0.85)]
    assert judge_htmt(table * np.nan) == ()


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.01, 0.2, "positive"),
        (-0.2, -0.01, "negative"),
        (-0.01, 0.2, "undecided"),
        (0.0, 0.2, "undecided"),
        (0.0, 0.0, "not_estimated"),
        (nan, nan, "not_estimated"),
    ],
)
def test_direction_of_an_effect(low, high, verdict):
    assert judge_effect({"ci_low": low, "ci_high": high}) == verdict


def test_every_line_has_a_source_in_the_bibliography():
    rules = [line for rule in lines.FIT_RULES for line in (rule.good, rule.acceptable)]
    used = {line.source for line in (*rules, *lines.RELIABILITY_LINES.values(), lines.HTMT_STRICT)}
    assert used == set(SOURCES)
    assert all(source in (lines.__doc__ or "") for source in SOURCES)

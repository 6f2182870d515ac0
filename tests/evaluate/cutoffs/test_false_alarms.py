"""Simulated cut-offs reject 5 % of true models; a planted cross-loading more often than the usual lines do.

tests/reference/cutoffs/RESULTS.md has the same with more samples, and at the same rate of false alarms.
"""

from __future__ import annotations

import numpy as np
import pytest
from false_alarms import (
    error,
    judged_samples,
    missed,
    moved_line,
    over,
    rejected,
    study_model,
    three_factors,
    true_lines,
)

from jq_models.evaluate.cutoffs import INDICES
from jq_models.evaluate.cutoffs.indices import misfit

WORLD = three_factors("strong", (0.65, 0.75, 0.80, 0.85), crossed=0.20)
SAMPLES, DRAWS = 400, 99


@pytest.mark.slow
@pytest.mark.parametrize("n", [150, 300, 577])
def test_five_percent_of_true_models_are_rejected(n: int) -> None:
    found = judged_samples(WORLD, n=n, samples=SAMPLES, draws=DRAWS, seed=20 + n)
    assert len(found) == SAMPLES
    shares = rejected(found)
    assert (np.abs(shares - 0.05) < 3 * error(0.05, SAMPLES)).all(), shares
    # less the chance of having drawn these samples: a sharper look
    lines = true_lines(WORLD, n=n, draws=4000)
    for index in ("chi_square", "cfi", "tli", "rmsea"):
        beyond = misfit(index, found[index].to_numpy()) > misfit(index, np.array([lines[index]]))
        difference = (found[f"p_{index}"] <= 0.05 + 1e-9).astype(float) - beyond
        own = np.sqrt(float(difference.var()) / SAMPLES + 0.05 * 0.95 / 4000)
        assert abs(float(difference.mean())) < 3.5 * own, index


@pytest.mark.slow
def test_a_cross_loading_is_noticed_more_often_than_by_the_usual_lines() -> None:
    found = judged_samples(WORLD, n=300, samples=200, draws=DRAWS, seed=31, crossed=True)
    simulated, usual = rejected(found), missed(found)
    for index in INDICES:
        assert simulated[index] > 0.40
    assert usual["combined"] < 0.10


@pytest.mark.slow
def test_more_is_noticed_than_by_one_line_for_all_sizes_at_the_same_rate_of_false_alarms() -> None:
    by = {
        (n, crossed): judged_samples(WORLD, n=n, samples=120, draws=DRAWS, seed=40 + n, crossed=crossed)
        for n in (150, 577)
        for crossed in (False, True)
    }
    true, wrong = ([by[n, crossed] for n in (150, 577)] for crossed in (False, True))
    for index in ("cfi", "rmsea", "srmr"):
        line = moved_line(true, index)
        assert np.mean([over(found, index, line) for found in true]) == pytest.approx(0.05, abs=0.01)
        alarms = np.mean([rejected(found)[index] for found in true])
        assert abs(alarms - 0.05) < 3 * error(0.05, 240)
        fixed = np.mean([over(found, index, line) for found in wrong])
        assert np.mean([rejected(found)[index] for found in wrong]) > fixed + 0.15, index


@pytest.mark.slow
def test_the_study_model_keeps_its_level_where_the_plain_test_rejects_most_true_models() -> None:
    found = judged_samples(study_model(), n=300, samples=60, draws=39, seed=32)
    shares = rejected(found)
    assert (shares <= 0.05 + 3 * error(0.05, len(found))).all(), shares
    assert (found["test_plain"] < 0.05).mean() > 0.4

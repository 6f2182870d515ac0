"""lavaan's own parametric bootstrap, and lavaan's indices of the same covariance matrices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.cutoffs import INDICES, simulate_cutoffs
from jq_models.evaluate.cutoffs.indices import batch_indices
from jq_models.sem import SemFit, fit_sem
from jq_models.sem.resampling.refit import refit

HERE = Path(__file__).parents[2] / "reference"
LAVAAN = {"chi_square": "chisq", "cfi": "cfi", "tli": "tli", "rmsea": "rmsea", "srmr": "srmr"}
DRAWS = 2000


@pytest.fixture(scope="module")
def fit() -> SemFit:
    data = pd.read_csv(HERE / "holzinger" / "data.csv")
    return fit_sem((HERE / "cutoffs" / "model.txt").read_text(), data)


def test_indices_of_the_same_covariance_matrices(fit: SemFit) -> None:
    flat = pd.read_csv(HERE / "cutoffs" / "covariances.csv")
    theirs = pd.read_csv(HERE / "cutoffs" / "indices.csv")
    p = len(fit.parameters.observed)
    i, j = np.tril_indices(p)
    assert list(flat.columns) == [f"x{a + 1}.x{b + 1}" for a, b in zip(i, j, strict=True)]
    S = np.zeros((len(flat), p, p))
    S[:, i, j] = S[:, j, i] = flat.to_numpy()
    fits = refit(fit, S)
    assert set(fits.reasons) == {""}
    ours = batch_indices(fits.chi_square, S, fits.implied, log_det=fits.log_det, df=fit.df, n=fit.n)
    for index in ("cfi", "tli", "rmsea", "srmr"):
        assert np.abs(ours[index] - theirs[LAVAAN[index]]).max() < 1e-5
    assert ours["chi_square"].to_numpy() == pytest.approx(theirs["chisq"].to_numpy(), rel=1e-5)


def test_quantiles_of_lavaans_parametric_bootstrap(fit: SemFit) -> None:
    theirs = pd.read_csv(HERE / "cutoffs" / "parametric.csv")
    cutoffs = simulate_cutoffs(fit, draws=DRAWS, planted_draws=0, seed=7, answers="normal")
    here = pd.read_csv(HERE / "cutoffs" / "here.csv")
    for index in INDICES:
        assert cutoffs.values[index] == pytest.approx(here.at[0, LAVAAN[index]], abs=1e-5)
        first, second = cutoffs.drawn(index), theirs[LAVAAN[index]].to_numpy()
        for level in (0.05, 0.50, 0.95):
            # both quantiles have their Monte Carlo error: their levels in the other sample, within 4 of it
            error = np.sqrt(level * (1 - level) * (1 / len(first) + 1 / len(second)))
            at = np.quantile(second, level)
            below, upto = np.mean(first < at), np.mean(first <= at)
            assert below - 4 * error <= level <= upto + 4 * error, (index, level)

"""Simulated answers to "would you recommend working here?", 0 to 10, from satisfaction and commitment."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.data.population import Exogenous, latent_covariance

# choices of this project: weights of the constructs behind the answer, the share of each answer, no answer
WEIGHTS = MappingProxyType({"SAT": 0.50, "COM": 0.30})
SHARES = (0.02, 0.01, 0.02, 0.03, 0.04, 0.09, 0.11, 0.23, 0.24, 0.13, 0.08)
MISSING = 0.02


def recommend(rng: np.random.Generator, eta: pd.DataFrame, *, exogenous: Exogenous) -> pd.Series[int]:
    """Return how likely each person is to recommend working here.

    r* = .50 SAT + .30 COM + e has variance 1 in the population; the answer is the number of cut points below
    it, which lie where the documented shares of the eleven answers begin. An eNPS of .21 - .32 = -11.

    Parameters
    ----------
    rng : Generator
    eta : DataFrame, n x constructs
        Standardised constructs.

    Returns
    -------
    Series of int, n
        0 to 10; missing at random in 2 %.
    """
    codes, weights = list(WEIGHTS), np.array(list(WEIGHTS.values()))
    explained = float(weights @ latent_covariance(exogenous).loc[codes, codes].to_numpy() @ weights)
    response = eta[codes].to_numpy() @ weights + rng.standard_normal(len(eta)) * np.sqrt(1.0 - explained)
    answers = np.searchsorted(norm.ppf(np.cumsum(SHARES)[:-1]), response)
    return pd.Series(answers, dtype="Int64").mask(rng.random(len(eta)) < MISSING, pd.NA)

"""Chapter 03's worlds: uneven questions, two things under one name, one thing under two names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from jq_models.evaluate import htmt, htmt_interval, likelihood_ratio, reliability
from jq_models.learn.worlds import Loadings, Pairs, World, factor_world, model_text
from jq_models.sem import SemFit, fit_sem

SEED = 3
UNEVEN: Loadings = {"CLARITY": {"C1": 0.95, "C2": 0.85, "C3": 0.40, "C4": 0.30}}
MIXED: Loadings = {
    "TOOLS": {f"T{k}": 0.7 for k in range(1, 6)},
    "COLLEAGUES": {f"K{k}": 0.7 for k in range(1, 6)},
}
MIXED_TOGETHER: Pairs = {("TOOLS", "COLLEAGUES"): 0.5}
TWINS: Loadings = {
    "ENJ": {"E1": 0.80, "E2": 0.72, "E3": 0.68, "E4": 0.76},
    "SAT": {"S1": 0.78, "S2": 0.74, "S3": 0.70, "S4": 0.80},
    "CLA": {"C1": 0.80, "C2": 0.75, "C3": 0.65, "C4": 0.70},
}
TRUE_OVERLAP = 0.95
TWINS_TOGETHER: Pairs = {("ENJ", "SAT"): TRUE_OVERLAP, ("ENJ", "CLA"): 0.5, ("SAT", "CLA"): 0.5}
WIDER = "JOY =~ " + " + ".join([*TWINS["ENJ"], *TWINS["SAT"]]) + "\n" + model_text({"CLA": TWINS["CLA"]})


@cache
def uneven() -> World:
    """Return 1,000 people's answers to two strong and two weak questions on one thing."""
    return factor_world(UNEVEN, n=1000, seed=SEED)


@cache
def mixed() -> World:
    """Return 500 people's answers to ten questions "on the workplace" that measure two things."""
    return factor_world(MIXED, n=500, seed=SEED, correlations=MIXED_TOGETHER)


@cache
def twins() -> World:
    """Return 500 people's answers on enjoyment, satisfaction and clarity; the first two are nearly one."""
    return factor_world(TWINS, n=500, seed=SEED, correlations=TWINS_TOGETHER)


def scores(world: World) -> pd.DataFrame:
    """Return everybody's mean score on each scale."""
    return pd.DataFrame(
        {scale: world.answers[list(items)].mean(axis=1) for scale, items in world.scales.items()}
    )


def known_reliability(world: World) -> pd.Series:
    """Return the share of each score's variance that is true: its squared correlation with the true score."""
    found, true = scores(world), world.true_scores
    return pd.Series({scale: float(np.corrcoef(found[scale], true[scale])[0, 1] ** 2) for scale in found})


def three_reliabilities(world: World, fit: SemFit) -> pd.DataFrame:
    """Return Scale, Truth (known here alone), Alpha, Omega, AVE."""
    found = reliability(fit)
    return pd.DataFrame(
        {
            "Scale": found.index,
            "Truth": known_reliability(world)[found.index].to_numpy(),
            "Alpha": found["alpha"].to_numpy(),
            "Omega": found["omega"].to_numpy(),
            "AVE": found["ave"].to_numpy(),
        }
    )


def standardised_alpha(questions: np.ndarray, correlation: float) -> np.ndarray:
    """Return alpha of k questions that all correlate r: k r / (1 + (k - 1) r), Spearman-Brown."""
    return np.asarray(questions * correlation / (1.0 + (questions - 1.0) * correlation))


def overlap_rows(world: World) -> pd.DataFrame:
    """Return every pair of scales: Pair, Truth, Scores (their correlation), HTMT with low and high."""
    seen, ratios, pairs = scores(world).corr(), htmt(world.answers, world.scales), _pairs(list(world.scales))
    rows = []
    for a, b in pairs:
        low, high = htmt_interval(world.answers, world.scales, pair=(a, b), seed=SEED, draws=300)
        truth = world.correlations.loc[a, b]
        rows.append((f"{a} and {b}", truth, seen.loc[a, b], ratios.loc[a, b], low, high))
    return pd.DataFrame(rows, columns=["Pair", "Truth", "Scores", "HTMT", "low", "high"])


def one_or_two(fits: Mapping[str, SemFit]) -> pd.DataFrame:
    """Return the test of one factor against two: Chi-square difference, df, p; `fits` narrow, then wide."""
    narrow, wide = fits.values()
    test = likelihood_ratio(narrow, wide)
    return pd.DataFrame({"Chi-square difference": [test.difference], "df": [test.df], "p": [test.p_value]})


def twin_fits() -> dict[str, SemFit]:
    """Return two models of the twins: enjoyment and satisfaction as one, and as two."""
    answers = twins().answers
    return {"as one": fit_sem(WIDER, answers), "as two": fit_sem(model_text(TWINS), answers)}


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]

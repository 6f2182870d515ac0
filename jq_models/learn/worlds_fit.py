"""Chapter 02's worlds: two scales and what goes wrong with them, right and wrong models of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import chi2, ncx2

from jq_models.evaluate import fit_indices
from jq_models.evaluate.power.draw import wishart
from jq_models.learn.worlds import Loadings, Pairs, World, factor_world, implied, model_text
from jq_models.numeric.moments import Moments
from jq_models.sem import SemFit, fit_sem, modification_indices, standardized

SEED = 5
PEOPLE = 400
ALPHA = 0.05
TRUTH: Loadings = {
    "CLARITY": {"C1": 0.80, "C2": 0.70, "C3": 0.75, "C4": 0.60},
    "FEEDBACK": {"F1": 0.75, "F2": 0.80, "F3": 0.65, "F4": 0.70},
}
TOGETHER: Pairs = {("CLARITY", "FEEDBACK"): 0.6}
TWO = model_text(TRUTH)
ONE = "JOB =~ " + " + ".join(item for items in TRUTH.values() for item in items)
ARROWS: Mapping[str, str] = {
    "feedback makes roles clear": f"{TWO}\nCLARITY ~ FEEDBACK",
    "clear roles bring feedback": f"{TWO}\nFEEDBACK ~ CLARITY",
    "the two merely go together": TWO,
}
# in this world the second question on clarity asks, by its wording, about feedback
STRAYED = "C2"


@cache
def two_scales() -> World:
    """Return answers to two scales of four questions, correlated .6."""
    return factor_world(TRUTH, n=PEOPLE, seed=SEED, correlations=TOGETHER)


@cache
def strayed() -> World:
    """Return the same with one question of clarity that in truth measures feedback."""
    moved: Loadings = {
        "CLARITY": {item: value for item, value in TRUTH["CLARITY"].items() if item != STRAYED},
        "FEEDBACK": {**TRUTH["FEEDBACK"], STRAYED: TRUTH["CLARITY"][STRAYED]},
    }
    world = factor_world(moved, n=PEOPLE, seed=SEED, correlations=TOGETHER)
    items = [item for scale in TRUTH.values() for item in scale]
    return World(
        answers=world.answers[items],
        scales=world.scales,
        loadings=world.loadings[items],
        correlations=world.correlations,
        true_scores=world.true_scores,
    )


def loading_rows(fit: SemFit, truth: pd.Series) -> pd.DataFrame:
    """Return standardised loadings beside the truth: Item, Estimate, low, high, Truth."""
    rows = standardized(fit)
    rows = rows[rows["op"] == "=~"].set_index("rhs")
    return pd.DataFrame(
        {
            "Item": rows.index,
            "Estimate": rows["est_std"].to_numpy(),
            "low": rows["ci_low"].to_numpy(),
            "high": rows["ci_high"].to_numpy(),
            "Truth": truth[rows.index].to_numpy(),
        }
    )


def fitted(models: Mapping[str, str], answers: pd.DataFrame) -> dict[str, SemFit]:
    """Return every model fitted to the same answers."""
    return {name: fit_sem(text, answers) for name, text in models.items()}


def fit_rows(fits: Mapping[str, SemFit]) -> pd.DataFrame:
    """Return one row a model: Model, Chi-square, df, p, CFI, RMSEA, SRMR."""
    rows = []
    for name, fit in fits.items():
        found = fit_indices(fit)
        rows.append((name, found.chi_square, found.df, found.p_value, found.cfi, found.rmsea, found.srmr))
    return pd.DataFrame(rows, columns=["Model", "Chi-square", "df", "p", "CFI", "RMSEA", "SRMR"])


def largest_releases(fit: SemFit, count: int) -> pd.DataFrame:
    """Return what would improve the model most if it were freed: Question, Scale, Chi-square falls by."""
    found = modification_indices(fit)
    loadings = found[found["op"] == "=~"].nlargest(count, "mi")
    return pd.DataFrame(
        {
            "Question": loadings["rhs"].to_numpy(),
            "would also measure": loadings["lhs"].to_numpy(),
            "Chi-square falls by": loadings["mi"].to_numpy(),
        }
    )


def rejection_rates(
    models: Mapping[str, str], truth: Moments, *, sizes: tuple[int, ...], draws: int, seed: int = SEED
) -> pd.DataFrame:
    """Return how often the chi-square test rejects each model at p < .05, in samples of each size.

    Columns Model, People, Rejected. The samples are the same for every model.
    """
    rows = []
    for size in sizes:
        rng = np.random.default_rng(seed)
        samples = wishart(truth.covariance, n=size, rng=rng, size=draws)
        for name, text in models.items():
            moments = [Moments(names=truth.names, covariance=S, mean=truth.mean, n=size) for S in samples]
            fits = [fit_sem(text, one) for one in moments]
            tests = [fit.test.p_value < ALPHA for fit in fits if fit.usable]
            rows.append((name, size, float(np.mean(tests))))
    return pd.DataFrame(rows, columns=["Model", "People", "Rejected"])


@cache
def close_worlds() -> pd.DataFrame:
    """Return rejection rates of one factor and of two, where two scales correlate .85 in truth."""
    truth = implied(TRUTH, n=PEOPLE, correlations={("CLARITY", "FEEDBACK"): 0.85})
    models = {"one factor (wrong)": ONE, "two factors (true)": TWO}
    return rejection_rates(models, truth, sizes=(60, 150, 600), draws=60)


@cache
def many_questions() -> pd.DataFrame:
    """Return rejection rates of a true model of 24 questions."""
    names = [f"S{k}" for k in range(1, 7)]
    loadings = {name: {f"{name}Q{q}": 0.7 for q in range(1, 5)} for name in names}
    pairs = {(a, b): 0.4 for a in names for b in names if a < b}
    truth = implied(loadings, n=PEOPLE, correlations=pairs)
    return rejection_rates(
        {"six factors (true)": model_text(loadings)}, truth, sizes=(60, 150, 600), draws=30
    )


@cache
def one_factor_misfit(correlation: float) -> tuple[float, int]:
    """Return the discrepancy F of one factor from two scales with this correlation, and its df."""
    truth = implied(TRUTH, n=PEOPLE, correlations={("CLARITY", "FEEDBACK"): correlation})
    test = fit_sem(ONE, truth).test
    return test.chi_square / PEOPLE, test.df


def detection(correlation: float, sizes: np.ndarray) -> np.ndarray:
    """Return how often the chi-square test notices that two scales are taken for one, at each sample size.

    By the noncentral chi-square distribution (Satorra & Saris, 1985, Psychometrika 50, 83-90), with
    noncentrality n F.
    """
    misfit, df = one_factor_misfit(correlation)
    return np.asarray(ncx2.sf(chi2.isf(ALPHA, df), df, sizes * misfit))

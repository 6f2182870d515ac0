"""What planning compares: paths, organisations, quality of the items, tests of fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.evaluate.power.chunk import truth_of
from jq_models.evaluate.power.clusters import design_effects, mean_design_effect
from jq_models.evaluate.power.expected import (
    HALF_WIDTH,
    expected_rows,
    least_n,
    n_for_power,
    n_for_precision,
    unit_errors,
    wald_power,
)
from jq_models.evaluate.power.population import PowerPopulation
from jq_models.evaluate.power.quantities import DIRECT
from jq_models.evaluate.power.rmsea import TESTS, rmsea_power, rmsea_sample_size
from jq_models.evaluate.power.simulate import PowerStudy
from jq_models.evaluate.power.summary import ALPHA, CLUSTERED, PLAIN
from jq_models.spec.model import JOB_QUALITY

# a path worth finding: between Cohen's small (.10) and medium (.30) correlation; a choice of this project
PATH = 0.20
KEYS = ["source", "target", "kind"]


def weakest(expected: pd.DataFrame) -> pd.Series:
    """Return the direct path known least precisely, from `expected_rows`.

    Parameters
    ----------
    expected : DataFrame
        As `expected_rows` returns it.
    """
    direct = expected[expected["kind"] == DIRECT]
    row: pd.Series = direct.iloc[int(direct["se"].to_numpy().argmax())]
    return row


def organisation_rows(study: PowerStudy) -> pd.DataFrame:
    """Say what respondents of few organisations cost, at the population's own loadings.

    Returns
    -------
    DataFrame
        n, organisations (0: independent respondents), design_effect (expected, mean over the direct paths),
        effective (n / design effect), effective_mean (the same for a mean score), and simulated, as means
        over the direct paths: spread (variance of the estimates against that of independent respondents of
        the same n, NaN without them), coverage of intervals that treat respondents as independent,
        coverage_clustered of those that respect organisations, half_width and half_width_clustered.
    """
    direct = study.paths[(study.paths["kind"] == DIRECT) & study.paths["loading"].isna()]
    chosen = (study.truth.quantities.rows["kind"] == DIRECT).to_numpy()
    rows = []
    pairs = direct[["n", "organisations"]].drop_duplicates().sort_values(["n", "organisations"])
    for n, organisations in pairs.to_numpy(dtype=int).tolist():
        own = direct[(direct["n"] == n) & (direct["organisations"] == organisations)]
        plain, clustered = (own[own["errors"] == kind] for kind in (PLAIN, CLUSTERED))
        alone = direct[(direct["n"] == n) & (direct["organisations"] == 0)]
        effect, of_mean = 1.0, 1.0
        if organisations:
            size = {"n": n, "organisations": organisations}
            effect = float(design_effects(study.population, study.truth, **size)[chosen].mean())
            of_mean = mean_design_effect(study.population, **size)
        same = len(alone) == len(plain)
        rows.append(
            {
                "n": n,
                "organisations": organisations,
                "design_effect": effect,
                "effective": n / effect,
                "effective_mean": n / of_mean,
                "spread": float(((plain["sd"].to_numpy() / alone["sd"].to_numpy()) ** 2).mean())
                if same
                else np.nan,
                "coverage": plain["coverage"].mean(),
                "coverage_clustered": clustered["coverage"].mean(),
                "half_width": plain["width"].mean() / 2,
                "half_width_clustered": clustered["width"].mean() / 2,
            }
        )
    return pd.DataFrame(rows)


def loading_rows(
    population: PowerPopulation,
    levels: Sequence[float],
    *,
    n: int,
    outcomes: tuple[str, ...],
    path: float = PATH,
) -> pd.DataFrame:
    """Return what better items bring for job quality's least precise path, by the expected information.

    Parameters
    ----------
    levels : sequence of float
        Standardised loadings.
    outcomes : tuple of str
        Where job quality leads to.
    path : float
        Standardised size of the path that is to be found.

    Returns
    -------
    DataFrame
        loading, n, source, target, kind, half_width (of its 95 % interval at n), power (for a path of
        the size `path` with this standard error), n_power (for a power of .80 at that size), n_precision;
        both at least `least_n`.
    """
    # one path throughout: the least precise of those that start from job quality, which no single item is
    expected = expected_rows(truth_of(population, loading=None, outcomes=outcomes), n)
    own = weakest(expected[expected["source"] == JOB_QUALITY])
    chosen = int(np.flatnonzero((expected[KEYS] == own[KEYS]).all(axis=1))[0])
    rows = []
    for level in levels:
        truth = truth_of(population, loading=level, outcomes=outcomes)
        unit, least = float(unit_errors(truth)[chosen]), least_n(truth)
        rows.append(
            {
                "loading": level,
                "n": n,
                "source": own["source"],
                "target": own["target"],
                "kind": own["kind"],
                "half_width": norm.ppf(1 - ALPHA / 2) * unit / np.sqrt(n),
                "power": float(wald_power(path, unit / np.sqrt(n))),
                "n_power": max(n_for_power(path, unit), least),
                "n_precision": max(n_for_precision(unit, half_width=HALF_WIDTH), least),
            }
        )
    return pd.DataFrame(rows)


def fit_test_rows(df: int, n: int) -> pd.DataFrame:
    """Return the power of the tests of close, exact and not-close fit.

    Parameters
    ----------
    df : int
        Degrees of freedom of the model.

    Returns
    -------
    DataFrame
        test, null, alternative, df, n, power (at n), needed (n for a power of .80).
    """
    return pd.DataFrame(
        [
            {
                "test": test,
                "null": null,
                "alternative": alternative,
                "df": df,
                "n": n,
                "power": rmsea_power(df, n, null=null, alternative=alternative),
                "needed": rmsea_sample_size(df, null=null, alternative=alternative),
            }
            for test, (null, alternative) in TESTS.items()
        ]
    )

"""Are a model's predictions better than plain ones? The cross-validated predictive ability test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from jq_models.evaluate.composites.folds import WAYS
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.numeric.interval_formulas import check_level
from jq_models.numeric.moments import Array

OVERALL = "all"
BENCHMARKS = ("mean", "lm")
VERDICTS = ("better", "worse", "undecided", "unknown")


def cvpat(prediction: PlsPrediction, *, level: float = 0.95) -> pd.DataFrame:
    """Test whether a model's squared prediction errors are smaller than those of plain predictions.

    Liengaard et al. (2021, Decision Sciences 52, 362-392); Sharma, Liengaard, Hair, Sarstedt & Ringle (2023,
    European Journal of Marketing 57, 1662-1677). The loss of a case is the mean of its squared errors over
    the items; the mean difference of the two losses is held against 0 by a paired t test.

    Parameters
    ----------
    prediction : PlsPrediction
    level : float
        Of the interval.

    Returns
    -------
    DataFrame
        A row a benchmark ("mean": the items' averages, "lm": regression on items) and construct, then "all":
        benchmark, construct, loss, loss_benchmark, difference, se, ci_low, ci_high, t, df, pvalue, verdict.
        A negative difference speaks for the model. p is two-sided. The verdict, of `VERDICTS`, says on which
        side of 0 the interval lies. NaN and "unknown" where a way has no predictions.

    Notes
    -----
    Losses are in squared units of the answers, so items with a wider scale weigh more. openpls-engine sums
    over items where this takes the mean: t and p are the same. Where clusters were held out whole, they are
    what is independent: the standard error adds up a cluster's deviations first, with df = clusters - 1.
    """
    check_level(level)
    names = list(dict.fromkeys(prediction.table["construct"]))
    owner = prediction.table["construct"].to_numpy()
    rows = []
    for benchmark in BENCHMARKS:
        for name in [*names, OVERALL]:
            items = np.ones(len(owner), dtype=bool) if name == OVERALL else owner == name
            losses = prediction.squared[:, :, items].mean(axis=2)
            row = _paired(losses[0], losses[WAYS.index(benchmark)], prediction=prediction, level=level)
            rows.append({"benchmark": benchmark, "construct": name, **row})
    return pd.DataFrame(rows)


def _paired(loss: Array, other: Array, *, prediction: PlsPrediction, level: float) -> dict[str, object]:
    known = np.isfinite(loss)
    d = loss[known] - other[known]
    units, place = np.unique(prediction.cluster[known], return_inverse=True)
    numbers = ("loss", "loss_benchmark", "difference", "se", "ci_low", "ci_high", "t", "df", "pvalue")
    if len(units) < 2 or not np.isfinite(d).all():
        return {**dict.fromkeys(numbers, np.nan), "verdict": "unknown"}
    n, df, mean = len(d), len(units) - 1, float(d.mean())
    # of single cases this is the usual s / sqrt(n)
    sums = np.bincount(place, weights=d - mean)
    se = float(np.sqrt(len(units) / df * np.sum(sums**2)) / n)
    half = float(stdtrit(df, 0.5 + level / 2.0)) * se
    t = mean / se if se > 0.0 else np.nan
    low, high = mean - half, mean + half
    verdict = "better" if high < 0.0 else "worse" if low > 0.0 else "undecided"
    values = (float(loss[known].mean()), float(other[known].mean()), mean, se, low, high, t, float(df))
    return {
        **dict(zip(numbers, (*values, float(2.0 * stdtr(df, -abs(t)))), strict=True)),
        "verdict": verdict if np.isfinite(t) else "unknown",
    }

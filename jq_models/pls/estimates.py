"""Every estimate of a PLS fit, with bootstrap standard error and interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.numeric import interval_formulas
from jq_models.numeric.blocks import samples_at_once
from jq_models.numeric.moments import Array
from jq_models.numeric.threads import one_thread
from jq_models.pls.bootstrap import CONSTANT, PlsBootstrap, PlsReplicator, resampling_of
from jq_models.pls.result import PlsFit

INTERVALS = ("percentile", "bc", "bca")


def pls_estimates(
    fit: PlsFit,
    boot: PlsBootstrap | None = None,
    *,
    kind: str = "percentile",
    level: float = 0.95,
) -> pd.DataFrame:
    """Return every estimate, with bootstrap standard error and interval where replicates are given.

    Parameters
    ----------
    fit : PlsFit
    boot : PlsBootstrap, optional
        Of that fit.
    kind : {"percentile", "bc", "bca"}
        "bca" takes its acceleration from the fits that leave out one case (or cluster) each.
    level : float

    Returns
    -------
    DataFrame
        lhs op rhs est se ci_low ci_high, rows as in ``fit.table``. se and interval are NaN without
        replicates, where fewer than two have the quantity and, for "bc" and "bca", where all lie on one side
        of the estimate; for "bca" also where leaving one case out leaves no estimate (`left_out_lost`
        counts). A quantity that cannot move (a single indicator's loading) has se 0 and itself as interval.

    Raises
    ------
    FitError
        When the fit is not usable, or fewer than two replicates have estimates.
    SpecError
        On an unknown kind, a level outside 0 to 1, or replicates of another fit.
    """
    fit.require()
    if kind not in INTERVALS:
        raise SpecError(f"No kind of interval '{kind}'. {suggest(kind, INTERVALS)}")
    interval_formulas.check_level(level)
    estimate = fit.table["est"].to_numpy(dtype=float)
    found = np.full((len(estimate), 3), np.nan)
    if boot is not None:
        boot.require_of(fit)
        values = boot.values[boot.converged]
        a = accelerations(fit) if kind == "bca" else np.zeros(len(estimate))
        for row, est in enumerate(estimate):
            found[row] = spread_and_bounds(
                values[:, row], est, kind=kind, level=level, acceleration=float(a[row])
            )
    return fit.table.assign(se=found[:, 0], ci_low=found[:, 1], ci_high=found[:, 2])


def spread_and_bounds(
    values: Array, est: float, *, kind: str, level: float, acceleration: float = 0.0
) -> Array:
    """Return standard error and interval of one estimate from its replicates, (3,); NaN where it has none."""
    draws = values[np.isfinite(values)]
    if len(draws) < 2 or not np.isfinite(est):
        return np.full(3, np.nan)
    spread = float(draws.std(ddof=1))
    if spread <= CONSTANT * max(abs(est), 1.0):
        return np.array([0.0, est, est])
    if kind == "percentile":
        bounds = interval_formulas.percentile(draws, level=level)
    else:
        bounds = interval_formulas.bias_corrected(draws, est, level=level, acceleration=acceleration)
    return np.array([spread, *bounds])


def accelerations(fit: PlsFit) -> Array:
    """Return BCa's acceleration of every row of ``fit.table``, (q,), by the jackknife (Efron 1987, eq. 7.3).

    Each case, or cluster, is left out once; what it moves an estimate by is its influence.

    Raises
    ------
    DataError
        When the fit has moments only.
    """
    without = _left_out(fit)
    known = np.isfinite(without).all(axis=0)
    result = np.full(without.shape[1], np.nan)
    influence = without[:, known].mean(axis=0) - without[:, known]
    result[known] = interval_formulas.acceleration(influence)
    return result


def left_out_lost(fit: PlsFit) -> tuple[int, int]:
    """Return how many of the fits that leave out one case, or cluster, have no solution, and how many
    there are: without one of them BCa has no interval."""
    without = _left_out(fit)
    return int(np.isnan(without).all(axis=1).sum()), len(without)


def _left_out(fit: PlsFit) -> Array:
    """Return the estimates without each case, or cluster, (units, q); NaN where the rest has none."""
    cases = fit.require_cases("The acceleration of BCa")
    resampling = resampling_of(fit)
    units = int(resampling.unit.max()) + 1
    with one_thread():
        replicator = PlsReplicator(fit, cases, resampling=resampling, seed=0)
        parts = []
        size = samples_at_once(cases.shape[1])
        for first in range(0, units, size):
            out = np.arange(first, min(first + size, units))
            counts = (resampling.unit[None, :] != out[:, None]).astype(float)
            parts.append(replicator.fitted(replicator.correlations.of(counts)).values)
    return np.concatenate(parts)

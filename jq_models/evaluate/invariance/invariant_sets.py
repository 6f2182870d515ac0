"""Which loadings and intercepts of an aligned solution are alike in which groups."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from jq_models.evaluate.invariance.alignment import Aligned

Array = NDArray[np.float64]
# p values above and below which a group joins the invariant set, and leaves it
JOIN, LEAVE = 0.01, 0.001


def mean_slope(solution: Aligned) -> Array:
    """Return how all means move with the configural estimates, (groups, parameters)."""
    groups = len(solution.means)
    if solution.free:
        return solution.slope[:groups]
    return np.vstack([np.zeros(solution.slope.shape[1]), solution.slope[: groups - 1]])


def log_slope(solution: Aligned) -> Array:
    """Return how all log deviations move with the configural estimates."""
    groups = len(solution.means)
    later = solution.slope[-(groups - 1) :]
    return np.vstack([-later.sum(axis=0), later])


def invariant_items(
    solution: Aligned,
    estimates: tuple[Array, Array],
    *,
    vcov: Array,
    items: Sequence[str],
    labels: Sequence[str],
) -> pd.DataFrame:
    """Say of every loading and intercept in which groups it deviates.

    Asparouhov and Muthen (2014): two groups are connected when they do not differ at p = .01; from the
    largest connected set on (in which we want every pair to be alike), groups join while they do not differ
    from its mean at p = .001, and leave when they do.
    R2 is the share of the configural differences that means and variances explain (their eq. 13 and 14).
    """
    groups, count = solution.loadings.shape
    means, logs = mean_slope(solution), log_slope(solution)
    rows = []
    for item, kind in [(i, kind) for i in range(count) for kind in (0, 1)]:
        slope = np.zeros((groups, vcov.shape[0]))
        for g in range(groups):
            loading = solution.loadings[g, item]
            at = (2 * g) * count + item
            own = -loading * logs[g]
            own[at] += 1.0 / solution.deviations[g]
            slope[g] = own
            if kind:
                slope[g] = -solution.means[g] * own - loading * means[g]
                slope[g, at + count] += 1.0
        values = (solution.loadings, solution.intercepts)[kind][:, item]
        inside = _largest_set(values, slope @ vcov @ slope.T)
        explained = _explained(solution, estimates, kind=kind, item=item)
        rows.append(
            {
                "item": items[item],
                "kind": ("loading", "intercept")[kind],
                "r_squared": explained,
                "deviating": tuple(labels[g] for g in range(groups) if not inside[g]),
                "value": float(values[inside].mean()),
            }
        )
    return pd.DataFrame(rows)


def _explained(solution: Aligned, estimates: tuple[Array, Array], *, kind: int, item: int) -> float:
    """Return 1 - var(configural - predicted by invariant parameters) / var(configural)."""
    loading = solution.loadings[:, item].mean()
    if kind == 0:
        predicted = solution.deviations * loading
    else:
        # a loading that differs moves the intercept too: the paper's formula takes its mean
        predicted = solution.intercepts[:, item].mean() + solution.means * loading
    own = estimates[kind][:, item]
    total = float(np.var(own))
    return max(0.0, 1.0 - float(np.var(own - predicted)) / total) if total > 0 else math.nan


def _largest_set(values: Array, covariance: Array) -> NDArray[np.bool_]:
    groups = len(values)
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[:, None] + variance[None] - 2.0 * covariance, 1e-300))
    p_values = 2.0 * ndtr(-np.abs(values[:, None] - values[None]) / spread)
    alike = p_values > JOIN
    starts = [_connected(alike, g) for g in range(groups)]
    inside = max(starts, key=lambda s: int(s.sum()))
    for _ in range(4 * groups):
        share = inside / inside.sum()
        apart = np.eye(groups) - share
        spread = np.sqrt(np.maximum(np.einsum("ge,ef,gf->g", apart, covariance, apart), 1e-300))
        fits = 2.0 * ndtr(-np.abs(apart @ values) / spread) > LEAVE
        if not fits.any() or np.array_equal(fits, inside):
            break
        inside = fits
    return np.asarray(inside, dtype=np.bool_)


def _connected(alike: NDArray[np.bool_], first: int) -> NDArray[np.bool_]:
    """Grow a set in which every pair is alike, from one group on, the best connected groups first."""
    inside = np.zeros(len(alike), dtype=np.bool_)
    inside[first] = True
    for g in np.argsort(-alike.sum(axis=1), kind="stable"):
        if alike[g][inside].all():
            inside[g] = True
    return inside

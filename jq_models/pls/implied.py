"""What a PLS solution says the indicators' correlations are, and how far the observed ones lie from that.

Arrays have the samples as their first axis, as in `algorithm`.
"""

from __future__ import annotations

import math

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.pls.design import Design, Stage
from jq_models.pls.solution import Measured, Solution

MODELS = ("saturated", "estimated")
DISTANCES = ("srmr", "d_uls", "d_g")


def implied_correlations(
    solution: Solution, R: Array, design: Design, *, model: str, exact: bool = False
) -> Array:
    """Return the indicators' correlations that a model implies, (b, p, p).

    Parameters
    ----------
    solution : Solution
    R : ndarray, shape (b, p, p)
        What it was estimated from.
    design : Design
    model : {"saturated", "estimated"}
        Constructs correlate as estimated: what is tested are the blocks. Or as far as the paths make them
        correlate, with errors that are independent of each other: what is tested are blocks and paths.
    exact : bool
        See the notes; concerns the estimated model only.

    Notes
    -----
    Indicators of two constructs correlate by loading times the constructs' correlation times loading. Within
    a block, a factor corrected for attenuation implies the product of the loadings; every other construct is
    a composite, which leaves the correlations in its block as they are (Dijkstra & Henseler 2015,
    Computational Statistics & Data Analysis 81, 10-23; Schuberth, Henseler & Dijkstra 2018, Frontiers in
    Psychology 9, 2541). So plain PLS is held against the composite model also where the text says ``=~``,
    as in Henseler et al. (2014, Organizational Research Methods 17, 182-209).

    A second stage is taken the same way, one step up: it implies the correlations of the constructs of the
    first, within a second-order construct and between them, also in the saturated model; these imply those
    of the items.

    ADANCO takes the variance of a construct's error to be 1 - R2, with R2 from the correlations as they are
    (``exact=False``, our default): where arrows are missing, the constructs it implies do not have variance 1
    exactly, though 1 is then written on the diagonal. With ``exact=True`` an error varies by what its causes,
    correlated as implied, leave of 1: a world in which the model is true to the last digit.
    """
    between = solution.last.correlation
    if model == "estimated":
        between = implied_by_paths(between, solution.paths, design.last, exact=exact)
    with np.errstate(invalid="ignore", over="ignore"):
        if design.second is not None and solution.second is not None:
            observed = solution.first.correlation
            names = design.second.indicators
            inside = np.array([names.index(x) for x in design.first.constructs])
            places = np.argsort(inside)
            members = _through(
                between,
                observed[:, places[:, None], places],
                stage=design.second,
                measured=solution.second,
            )
            between = members[:, inside[:, None], inside]
        return _through(between, R, stage=design.first, measured=solution.first)


def implied_by_paths(correlation: Array, paths: Array, stage: Stage, *, exact: bool = False) -> Array:
    """Return the constructs' correlations that paths imply, (b, m, m).

    Parameters
    ----------
    correlation : ndarray, shape (b, m, m)
        As estimated: kept among constructs that no arrow leads to.
    paths : ndarray, shape (b, m, m)
    stage : Stage
    exact : bool
        What the errors vary by; see `implied_correlations`.
    """
    known = [i for i in range(len(stage.blocks)) if i not in stage.endogenous]
    left = list(stage.endogenous)
    implied = np.zeros_like(correlation)
    implied[:, np.array(known)[:, None], known] = correlation[:, np.array(known)[:, None], known]
    with np.errstate(invalid="ignore", over="ignore"):
        while left:
            i = next(k for k in left if set(stage.causes(k).tolist()) <= set(known))
            beta = paths[:, i]
            row = np.einsum("bj,bjk->bk", beta, implied[:, :, known])
            implied[:, i, known] = row
            implied[:, known, i] = row
            explained = np.einsum("bj,bjk,bk->b", beta, implied - correlation, beta)
            implied[:, i, i] = 1.0 if exact else 1.0 + explained
            known.append(i)
            left.remove(i)
    at = np.arange(len(stage.blocks))
    implied[:, at, at] = 1.0
    return implied


def restricted(stage: Stage) -> bool:
    """Say whether the arrows forbid anything: some pair, not both without arrows to them, has none."""
    joined = stage.paths | stage.paths.T
    free = np.array([i not in stage.endogenous for i in range(len(stage.blocks))])
    joined |= free[:, None] & free[None, :]
    np.fill_diagonal(joined, True)
    return not bool(joined.all())


def _through(between: Array, observed: Array, *, stage: Stage, measured: Measured) -> Array:
    """Return the correlations of a stage's indicators from those of its constructs."""
    owner, loadings = stage.owner, measured.loadings
    implied: Array = loadings[:, :, None] * between[:, owner[:, None], owner] * loadings[:, None, :]
    for first, block in zip(stage.starts, stage.blocks, strict=True):
        if not block.corrected:
            span = slice(first, first + len(block.indicators))
            implied[:, span, span] = observed[:, span, span]
    at = np.arange(len(owner))
    # as throughout, NaN where there are no loadings
    implied[:, at, at] = np.where(np.isfinite(loadings), 1.0, np.nan)
    return implied


def srmr(R: Array, implied: Array, *, diagonal: bool = True) -> Array:
    """Return the standardised root mean square residual of each sample, (b,).

    Hu & Bentler (1999, Structural Equation Modeling 6, 1-55).

    Parameters
    ----------
    R, implied : ndarray, shape (b, p, p)
        Correlations.
    diagonal : bool
        Count the p residuals of the diagonal, all 0, as ADANCO and lavaan do: the mean is over p (p + 1) / 2
        residuals. Without them it is over p (p - 1) / 2 and larger by the root of (p + 1) / (p - 1).
    """
    p = R.shape[1]
    count = p * (p + 1) / 2 if diagonal else p * (p - 1) / 2
    return np.asarray(np.sqrt(d_uls(R, implied) / count))


def d_uls(R: Array, implied: Array) -> Array:
    """Return the squared Euclidean distance, half the trace of (R - implied)^2, (b,).

    Dijkstra & Henseler (2015, Computational Statistics & Data Analysis 81, 10-23): the sum over the residuals
    below the diagonal.
    """
    residual = R - implied
    return np.asarray(np.einsum("bij,bij->b", residual, residual) / 2.0)


def d_g(R: Array, implied: Array, *, log_base: float = math.e) -> Array:
    """Return the geodesic distance, half the sum of the squared logarithms of eig(R^-1 implied), (b,).

    Dijkstra & Henseler (2015, Computational Statistics & Data Analysis 81, 10-23).

    Parameters
    ----------
    R, implied : ndarray, shape (b, p, p)
    log_base : float
        Natural logarithms here. ADANCO and cSEM print base 10, which divides the distance by ln(10)^2 =
        5.3019 and changes no test.

    Returns
    -------
    ndarray, shape (b,)
        NaN where one of the two is not positive definite: they have no such distance.
    """
    found = np.full(len(R), np.nan)
    good = np.isfinite(R).all(axis=(1, 2)) & np.isfinite(implied).all(axis=(1, 2))
    places = np.flatnonzero(good)
    if not len(places):
        return found
    root, definite = roots(R[places])
    places, root = places[definite], root[definite]
    half = np.linalg.solve(root, implied[places])
    both = np.linalg.solve(root, half.transpose(0, 2, 1))
    values = np.linalg.eigvalsh((both + both.transpose(0, 2, 1)) / 2.0)
    positive = np.asarray(values[:, 0] > 0.0)
    logs = np.log(np.where(positive[:, None], values, 1.0)) / math.log(log_base)
    found[places] = np.where(positive, np.sum(logs**2, axis=1) / 2.0, np.nan)
    return found


def roots(matrices: Array) -> tuple[Array, Array]:
    """Return lower triangular roots (b, p, p), and which matrices have one: are positive definite."""
    try:
        return np.asarray(np.linalg.cholesky(matrices)), np.ones(len(matrices), dtype=bool)
    except np.linalg.LinAlgError:
        found, definite = np.full_like(matrices, np.nan), np.zeros(len(matrices), dtype=bool)
        for k, matrix in enumerate(matrices):
            try:
                found[k] = np.linalg.cholesky(matrix)
            except np.linalg.LinAlgError:
                continue
            definite[k] = True
        return found, definite


def distances(R: Array, implied: Array) -> Array:
    """Return the distances of `DISTANCES`, (b, 3)."""
    return np.stack([srmr(R, implied), d_uls(R, implied), d_g(R, implied)], axis=1)

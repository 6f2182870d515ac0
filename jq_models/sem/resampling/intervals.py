"""Intervals for every row of a fit's table, defined and standardised ones included, from draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.errors import SpecError, suggest
from jq_models.numeric import interval_formulas as formulas
from jq_models.numeric.interval_formulas import check_level
from jq_models.numeric.moments import Array, above
from jq_models.numeric.threads import one_thread
from jq_models.sem.covariance import inverse
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.draws import Bootstrap
from jq_models.sem.resampling.functionals import functional_jacobian, functional_values
from jq_models.sem.resampling.resample import resampling_of
from jq_models.sem.result import SemFit
from jq_models.sem.standardize import CONSTANT

INTERVALS = ("percentile", "bc", "bca", "normal", "basic")


def bootstrap_intervals(
    fit: SemFit,
    boot: Bootstrap,
    *,
    kind: str = "percentile",
    level: float = 0.95,
    standardized: bool = False,
) -> pd.DataFrame:
    """Return bootstrap standard errors and intervals.

    Parameters
    ----------
    fit : SemFit
    boot : Bootstrap
        Of that fit, kind "ordinary".
    kind : {"percentile", "bc", "bca", "normal", "basic"}
        "bc" is what lavaan calls bca.simple; "bca" takes its acceleration from the cases' influence on the
        estimates.
    level : float
    standardized : bool
        Of the completely standardised solution.

    Returns
    -------
    DataFrame
        lhs op rhs group label est se ci_low ci_high, rows as in ``fit.table``, defined parameters last. se
        is the standard deviation of the draws, 0 with the value itself as interval where a row does not
        move. NaN where the estimate or fewer than two draws exist (a negative variance, standardised), and,
        for "bc" and "bca", where all draws lie on one side of the estimate.

    Raises
    ------
    SpecError
        On an unknown kind, a level outside 0 to 1, or replicates of the Bollen-Stine kind.
    FitError
        When fewer than two replicates have estimates.
    DataError
        When "bca" is asked of a fit without cases.
    """
    if kind not in INTERVALS:
        raise SpecError(f"No kind of interval '{kind}'. {suggest(kind, INTERVALS)}")
    if boot.kind != "ordinary":
        raise SpecError("Bollen-Stine replicates tell about the test, not the estimates. Draw ordinary ones.")
    boot.require_of(fit.theta)
    check_level(level)
    good = boot.usable()
    with one_thread():
        estimate = functional_values(fit, fit.theta[None], standardized=standardized)[0]
        fixed = [group[good] for group in boot.fixed]
        draws = functional_values(fit, boot.theta[good], standardized=standardized, fixed=fixed)
        a = accelerations(fit, standardized=standardized) if kind == "bca" else np.zeros(len(estimate))

    def interval(values: Array, est: float, *, row: int) -> Array:
        if kind in ("bc", "bca"):
            return formulas.bias_corrected(values, est, level=level, acceleration=float(a[row]))
        if kind == "percentile":
            return formulas.percentile(values, level=level)
        return (formulas.normal if kind == "normal" else formulas.basic)(values, est, level=level)

    found = np.full((len(estimate), 3), np.nan)
    for row, est in enumerate(estimate):
        values = draws[np.isfinite(draws[:, row]), row]
        if len(values) < 2 or not np.isfinite(est):
            continue
        found[row, 0] = _deviation(values, est)
        found[row, 1:] = interval(values, est, row=row) if found[row, 0] else est
    return _table(fit, estimate, found)


def monte_carlo_intervals(
    fit: SemFit, *, draws: int = 20_000, seed: int, level: float = 0.95, standardized: bool = False
) -> pd.DataFrame:
    """Return Monte Carlo intervals: percentiles of functions of theta ~ N(estimate, vcov).

    MacKinnon, Lockwood & Williams (2004, Multivariate Behavioral Research 39, 99-128); Preacher & Selig
    (2012, Communication Methods and Measures 6, 77-98). Meant for products of parameters (``:=``): their
    skew shows in the interval, and no sample is fitted.

    Parameters
    ----------
    fit : SemFit
        Its vcov decides whether the intervals are robust.
    draws : int
    seed : int
    level : float
    standardized : bool

    Returns
    -------
    DataFrame
        As from `bootstrap_intervals`.

    Raises
    ------
    FitError
        When the fit is not usable.
    SpecError
        On a level outside 0 to 1 or fewer than two draws.
    """
    fit.require()
    check_level(level)
    if draws < 2:
        raise SpecError(f"Monte Carlo intervals got draws = {draws}. Give at least 2; 20,000 are usual.")
    with one_thread():
        z = np.random.default_rng(seed).standard_normal((draws, len(fit.theta)))
        theta = fit.theta + z @ _root(fit.vcov).T
        estimate = functional_values(fit, fit.theta[None], standardized=standardized)[0]
        values = functional_values(fit, theta, standardized=standardized)
    found = np.full((len(estimate), 3), np.nan)
    for row, est in enumerate(estimate):
        good = values[np.isfinite(values[:, row]), row]
        if len(good) < 2 or not np.isfinite(est):
            continue
        found[row, 0] = _deviation(good, est)
        found[row, 1:] = np.quantile(good, formulas.tails(level)) if found[row, 0] else est
    return _table(fit, estimate, found)


def accelerations(fit: SemFit, *, standardized: bool = False) -> Array:
    """Return BCa's acceleration of every row of ``fit.table``, shape (rows,).

    By the infinitesimal jackknife: a case moves theta by information^-1 score, observed information, and a
    function of theta by that times its gradient (Efron 1987, section 7). Clusters count as one case. The
    moments of observed covariates and the weights of least squares are held.

    Raises
    ------
    SpecError
        When the estimator has no casewise scores: ULS, GLS without robust standard errors.
    DataError
        When the fit has moments only.
    """
    weighted = [
        s if g.weights is None else s * g.weights[:, None]
        for s, g in zip(_scores(fit), fit.sample.groups, strict=True)
    ]
    stacked, unit = np.concatenate(weighted), resampling_of(fit.sample).unit
    if unit.max() + 1 < len(unit):
        clustered = np.zeros((unit.max() + 1, stacked.shape[1]))
        np.add.at(clustered, unit, stacked)
        stacked = clustered
    information = fit.discrepancy.point(fit.theta, curvature="observed").information
    if not above(information, 0.0):
        information = fit.information
    J = functional_jacobian(fit, standardized=standardized)
    return formulas.acceleration(stacked @ inverse(information) @ J.T)


def _scores(fit: SemFit) -> list[Array]:
    """Return the casewise scores of each group; of least squares Delta' W x, x a case's influence."""
    cases = fit.sample.require_cases("The acceleration of BCa")
    if isinstance(fit.discrepancy, NormalTheory):
        return fit.discrepancy.scores(fit.theta, cases)
    if isinstance(fit.discrepancy, MissingNormal):
        return fit.discrepancy.scores(fit.theta)
    if isinstance(fit.discrepancy, LeastSquares) and all(
        s.influence is not None for s in fit.discrepancy.statistics
    ):
        return fit.discrepancy.casewise(fit.theta)
    raise SpecError(
        f"BCa needs casewise scores, which {fit.estimator} has not. Take kind='bc', or a robust estimator."
    )


def _deviation(values: Array, estimate: float) -> float:
    """Return the standard deviation; 0 for what is constant but for rounding."""
    spread = float(values.std(ddof=1))
    return spread if spread > CONSTANT * abs(estimate) else 0.0


def _root(covariance: Array) -> Array:
    """Return R with R R' = covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    result: Array = vectors * np.sqrt(np.maximum(values, 0.0))
    return result


def _table(fit: SemFit, estimate: Array, found: Array) -> pd.DataFrame:
    """Write est, se and the interval beside the names of all rows."""
    names = fit.table[["lhs", "op", "rhs", "group", "label"]]
    return names.assign(est=estimate, se=found[:, 0], ci_low=found[:, 1], ci_high=found[:, 2])

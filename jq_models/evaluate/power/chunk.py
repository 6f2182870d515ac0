"""One chunk of a simulation: draw samples, fit each, keep estimates and standard errors of the key paths."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from jq_models.evaluate.power.conditions import Task
from jq_models.evaluate.power.draw import Drawn, draw
from jq_models.evaluate.power.population import PowerPopulation
from jq_models.evaluate.power.quantities import Quantities, quantities_of
from jq_models.numeric.moments import Array, Whole
from jq_models.numeric.threads import one_thread
from jq_models.sem import Moments, SemFit
from jq_models.sem.covariance import inverse
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.refit import Refits, Refitter
from jq_models.sem.robust.sandwich import cluster_factor, cluster_sums

TOO_FEW, NO_ERRORS = "too_few_cases", "no_standard_errors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What became of b samples.

    Attributes
    ----------
    estimate, se : ndarray, shape (b, q)
        Standardised quantities and their delta-method standard errors (expected information); NaN where a
        sample has no estimates.
    robust : ndarray, shape (b, q)
        Standard errors that respect clusters; NaN where there are none.
    loadings : ndarray, shape (b, d)
        Of the dimensions on job quality.
    chi_square : ndarray, shape (b,)
    admissible : ndarray of bool, shape (b,)
    reasons : tuple of str
        Why a sample has no estimates, "" where it has.
    """

    estimate: Array
    se: Array
    robust: Array
    loadings: Array
    chi_square: Array
    admissible: np.ndarray
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The population's own values: the model fitted to it, the quantities (q,), the loadings (d,)."""

    fit: SemFit
    quantities: Quantities
    values: Array
    loadings: Array


def truth_of(population: PowerPopulation, *, loading: float | None, outcomes: tuple[str, ...]) -> Truth:
    """Fit the model to the population itself.

    The values are those of the continuous responses: cutting them into five answers must not move the target.
    """
    population = population.at_loading(loading)
    fit = replace(population, cuts=None).fit()
    quantities = quantities_of(fit.matrices, fit.theta, outcomes=outcomes)
    return Truth(
        fit=fit if population.cuts is None else population.fit(),
        quantities=quantities,
        values=quantities.values(fit.theta[None])[0],
        loadings=quantities.loadings(fit.theta[None])[0],
    )


def run_chunk(task: Task) -> Chunk:
    """Draw and fit the samples of a task; the same task gives the same numbers anywhere."""
    condition = task.condition
    with one_thread(), np.errstate(all="ignore"):
        truth = truth_of(task.population, loading=condition.loading, outcomes=task.outcomes)
        if condition.n <= len(task.population.items):
            return _nothing(truth, task.replications)
        population = task.population.at_loading(condition.loading)
        drawn = draw(population, condition, rng=task.rng, replications=task.replications)
        found = Refitter(truth.fit, n=condition.n).run(drawn.covariance)
        return _measured(found, truth, drawn=drawn, n=condition.n)


def _nothing(truth: Truth, b: int) -> Chunk:
    nothing = np.full((b, len(truth.values)), np.nan)
    return Chunk(
        estimate=nothing,
        se=nothing,
        robust=nothing,
        loadings=np.full((b, len(truth.loadings)), np.nan),
        chi_square=np.full(b, np.nan),
        admissible=np.zeros(b, dtype=bool),
        reasons=(TOO_FEW,) * b,
    )


def _measured(found: Refits, truth: Truth, *, drawn: Drawn, n: int) -> Chunk:
    wanted = truth.quantities
    estimate = wanted.values(found.theta)
    se, robust = np.full_like(estimate, np.nan), np.full_like(estimate, np.nan)
    slopes = wanted.jacobian(found.theta)
    reasons = list(found.reasons)
    for i in np.flatnonzero(np.isfinite(estimate).all(axis=1)):
        errors = _Errors(truth, drawn, i=int(i), theta=found.theta[i], slope=slopes[i], n=n)
        se[i] = errors.plain()
        if drawn.clusters is not None:
            robust[i] = errors.clustered(drawn.clusters)
        if not np.isfinite(se[i]).all():
            reasons[i] = NO_ERRORS
    # an estimate that cannot be standardised, or without an error, is no result
    lost = np.array([bool(reason) for reason in reasons]) | ~np.isfinite(estimate).all(axis=1)
    for i in np.flatnonzero(lost):
        reasons[i] = reasons[i] or NO_ERRORS
    return Chunk(
        estimate=np.where(lost[:, None], np.nan, estimate),
        se=np.where(lost[:, None], np.nan, se),
        robust=np.where(lost[:, None], np.nan, robust),
        loadings=np.where(lost[:, None], np.nan, wanted.loadings(found.theta)),
        chi_square=np.where(lost, np.nan, found.chi_square),
        admissible=found.admissible & ~lost,
        reasons=tuple(reasons),
    )


class _Errors:
    """Standard errors of the quantities in one sample, by the delta method."""

    def __init__(self, truth: Truth, drawn: Drawn, *, i: int, theta: Array, slope: Array, n: int) -> None:
        self.theta, self.n = theta, n
        self.cases = None if drawn.cases is None else drawn.cases[i]
        names = truth.fit.parameters.observed
        mean = np.zeros(len(names)) if self.cases is None else self.cases.mean(axis=0)
        moments = Moments(names=names, covariance=drawn.covariance[i], mean=mean, n=n)
        self.theory = NormalTheory(truth.fit.groups, (moments,), means=False)
        self.slope = np.zeros((len(slope), len(theta)))
        self.slope[:, truth.quantities.columns] = slope

    def plain(self) -> Array:
        """Return sqrt(diag(J I^-1 J') / n), expected information."""
        held = self._solved("expected")
        return np.asarray(np.sqrt(np.einsum("qk,kq->q", self.slope, held) / self.n))

    def clustered(self, clusters: Whole) -> Array:
        """Return the sandwich's, scores summed by cluster, as MLR with clusters has them."""
        assert self.cases is not None  # clusters come with cases
        (scores,) = self.theory.scores(self.theta, [self.cases])
        sums = cluster_sums(scores @ self._solved("observed"), clusters)
        factor = cluster_factor(len(sums))
        return np.asarray(np.sqrt(factor * (sums**2).sum(axis=0)) / self.n)

    def _solved(self, kind: str) -> Array:
        """Return I^-1 J', NaN where the information is not positive definite."""
        information = self.theory.point(self.theta, curvature=kind).information
        solved: Array = inverse(information) @ self.slope.T
        return solved

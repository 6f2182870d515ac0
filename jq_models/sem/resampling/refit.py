"""One model fitted to many covariance matrices, warm-started: for simulations without cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.errors import FitError
from jq_models.numeric.moments import Array, Moments, UnfitError, check_moments
from jq_models.sem.covariance import inverse
from jq_models.sem.normal import NormalTheory
from jq_models.sem.resampling.batched import (
    BatchedNormal,
    BatchMoments,
    Flags,
    filled_batch,
    fixed_at,
    log_determinants,
)
from jq_models.sem.resampling.normal import Alone, fitted_alone
from jq_models.sem.resampling.search import DONE, minimise_batch
from jq_models.sem.resampling.status import admissible
from jq_models.sem.result import SemFit

# predicted decrease of N F that ends a search here: indices are then right to some 1e-7, in two thirds of
# the steps that estimates for a bootstrap take
ENOUGH = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Refits:
    """Where the fits of b samples ended.

    Attributes
    ----------
    theta : ndarray, shape (b, k)
        NaN where there are no estimates.
    chi_square : ndarray, shape (b,)
        N F; NaN where there are no estimates.
    implied : ndarray, shape (b, p, p)
        Sigma at the estimates; NaN where there are none.
    log_det : ndarray, shape (b,)
        log|S| of each sample.
    admissible : ndarray of bool, shape (b,)
    reasons : tuple of str
        Why a sample has no estimates, as in `Bootstrap`; "" where it has.
    """

    theta: Array
    chi_square: Array
    implied: Array
    log_det: Array
    admissible: Flags
    reasons: tuple[str, ...]


class Refitter:
    """Fits the model of a fit to other covariance matrices.

    Parameters
    ----------
    fit : SemFit
        Maximum likelihood, one group, complete data, unweighted; no mean structure, no observed covariates.
    n : int, optional
        Cases of each sample; those of the fit by default.

    Raises
    ------
    FitError
        When the fit is not usable, or of another kind.
    """

    def __init__(self, fit: SemFit, *, n: int | None = None) -> None:
        fit.require()
        problems = [
            (not isinstance(fit.discrepancy, NormalTheory), "missing answers or another estimator than ML"),
            (len(fit.groups) > 1, f"{len(fit.groups)} groups"),
            (fit.parameters.meanstructure, "a mean structure"),
            (bool(fit.parameters.covariates), "observed covariates"),
            (fit.sample.groups[0].weights is not None, "sampling weights"),
        ]
        found = [what for wrong, what in problems if wrong]
        if found:
            raise FitError(
                f"The model '{fit.model.name}' has {', '.join(found)}: samples are refitted for one group, "
                "complete data, ML and covariance structures only. Fit it so."
            )
        self.matrices, self.names = fit.matrices, fit.parameters.observed
        self.n = fit.n if n is None else n
        self.start, self._inverse = fit.theta, inverse(fit.information)
        self._normal = BatchedNormal(fit.groups, means=False)

    def started_at(self, covariance: Array) -> Refitter:
        """Return a refitter that starts where the model comes nearest to a covariance matrix.

        Raises
        ------
        FitError
            When the model has no usable solution there.
        """
        found = self._alone(covariance)
        if found.reason:
            raise FitError(
                f"The model has no usable solution for a population of this shape ({found.reason}). "
                "Plant something smaller."
            )
        moments = self._moments(covariance)
        point = NormalTheory((self.matrices,), (moments,), means=False).point(found.theta)
        moved = object.__new__(Refitter)
        moved.matrices, moved.names, moved.n = self.matrices, self.names, self.n
        moved._normal, moved.start, moved._inverse = self._normal, found.theta, inverse(point.information)
        return moved

    def run(self, covariances: Array) -> Refits:
        """Fit samples with these covariance matrices (divisor N), shape (b, p, p)."""
        b, k = len(covariances), len(self.start)
        reasons = [self._unfit(S) for S in covariances]
        good = np.flatnonzero([not reason for reason in reasons])
        theta, objective = np.full((b, k), np.nan), np.full(b, np.nan)
        implied, log_det = np.full_like(covariances, np.nan), np.full(b, np.nan)
        proper = np.zeros(b, dtype=bool)
        if len(good):
            sample = self._batch(covariances[good])
            log_det[good] = sample.saturated - len(self.names)
            found = minimise_batch(
                self._normal,
                [sample],
                start=self.start,
                inverse=self._inverse,
                # the search asks for n only to know when to stop
                n=np.full(len(good), self.n * DONE / ENOUGH),
            )
            theta[good], objective[good] = found.theta, found.objective
            for i in good[~found.converged]:
                alone = self._alone(covariances[i])
                reasons[i] = alone.reason
                theta[i] = np.nan if alone.reason else alone.theta
                objective[i] = np.nan if alone.reason else alone.objective
            there = good[np.isfinite(objective[good])]
            fixed = fixed_at(self.matrices, np.zeros((len(there), 0)))
            proper[there] = admissible((self.matrices,), theta[there], fixed=[fixed])
            implied[there] = filled_batch(
                self.matrices, theta[there] @ self.matrices.design.T + fixed
            ).implied
        return Refits(
            theta=theta,
            # rounding may be below 0 when df = 0
            chi_square=np.maximum(self.n * objective, 0.0),
            implied=implied,
            log_det=log_det,
            admissible=proper,
            reasons=tuple(reasons),
        )

    def _moments(self, covariance: Array) -> Moments:
        return Moments(names=self.names, covariance=covariance, mean=np.zeros(len(self.names)), n=self.n)

    def _unfit(self, covariance: Array) -> str:
        """Return why a sample cannot be fitted, "" when it can."""
        try:
            check_moments(self._moments(covariance))
        except UnfitError as problem:
            return problem.code
        return ""

    def _batch(self, covariances: Array) -> BatchMoments:
        b = len(covariances)
        return BatchMoments(
            covariance=covariances,
            mean=np.zeros((b, len(self.names))),
            share=np.ones(b),
            saturated=log_determinants(covariances) + len(self.names),
            fixed=fixed_at(self.matrices, np.zeros((b, 0))),
        )

    def _alone(self, covariance: Array) -> Alone:
        moments = self._moments(covariance)
        discrepancy = NormalTheory((self.matrices,), (moments,), means=False)
        return fitted_alone(discrepancy, (self.matrices,), moments=(moments,), start=self.start)


def refit(fit: SemFit, covariances: Array, *, n: int | None = None) -> Refits:
    """Fit the model of a fit to other samples, each given by its covariance matrix.

    Parameters
    ----------
    fit : SemFit
        As for `Refitter`.
    covariances : ndarray, shape (b, p, p)
        Divisor N, in the order of ``fit.parameters.observed``.
    n : int, optional
        Cases of each sample; those of the fit by default.
    """
    return Refitter(fit, n=n).run(np.asarray(covariances, dtype=float))

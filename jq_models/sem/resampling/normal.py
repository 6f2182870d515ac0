"""Replicates of maximum likelihood on complete data: moments from counts of cases, fitted in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from jq_models.numeric.drawn import Drawn, GroupMoments
from jq_models.numeric.moments import Array, Moments, UnfitError, Whole, check_moments
from jq_models.numeric.resampling import Resampling
from jq_models.sem.covariance import inverse
from jq_models.sem.matrices import (
    ModelMatrices,
)
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import Discrepancy, minimise
from jq_models.sem.resampling.batched import (
    BatchedNormal,
    BatchMoments,
    at_moments,
    fixed_at,
    log_determinants,
    sample_rows,
)
from jq_models.sem.resampling.draws import Replicates
from jq_models.sem.resampling.search import minimise_batch
from jq_models.sem.resampling.status import admissible
from jq_models.sem.result import SemFit
from jq_models.sem.start import start_values
from jq_models.sem.stationary import GRADIENT, standing_of
from jq_models.sem.status import FATAL, judge


class NormalReplicator:
    """Draws and fits replicates of a fit by `NormalTheory`.

    Parameters
    ----------
    fit : SemFit
    cases : sequence of ndarray, shape (n_g, p)
        What is resampled, group by group.
    resampling : Resampling
    seed : int
    """

    def __init__(self, fit: SemFit, cases: Sequence[Array], *, resampling: Resampling, seed: int) -> None:
        self.fit, self.resampling, self.seed = fit, resampling, seed
        self.means = fit.parameters.meanstructure
        self.inverse = inverse(fit.information)
        self._normal = BatchedNormal(fit.groups, means=self.means)
        self._moments = [GroupMoments(answers) for answers in cases]
        self._sampled = [sample_rows(g) for g in fit.groups]

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Replicates:
        """Draw and fit the replicates from `first` to before `last`; not finished when `stop()` holds."""
        drawn = self._drawn(range(first, last))
        reasons = [self._unfit(drawn, i) for i in range(last - first)]
        good = np.flatnonzero([not reason for reason in reasons])
        b, k = last - first, len(self.fit.theta)
        theta, chi_square = np.full((b, k), np.nan), np.full(b, np.nan)
        proper = np.zeros(b, dtype=bool)
        sampled = tuple(
            rows.values(d.covariance, d.mean) for rows, d in zip(self._sampled, drawn, strict=True)
        )
        if len(good):
            samples = self._samples(drawn, sampled, good=good)
            n = np.sum([d.size[good] for d in drawn], axis=0)
            found = minimise_batch(
                self._normal, samples, start=self.fit.theta, inverse=self.inverse, n=n, stop=stop
            )
            theta[good], chi_square[good] = found.theta, n * found.objective
            for i in good[~found.converged]:
                if stop():
                    break
                alone = self._alone(drawn, i)
                reasons[i] = alone.reason
                theta[i] = np.nan if alone.reason else alone.theta
                chi_square[i] = np.nan if alone.reason else n_of(drawn, i) * alone.objective
            usable = np.isfinite(chi_square[good])
            fixed = [s.fixed[usable] for s in samples]
            proper[good[usable]] = admissible(self.fit.groups, theta[good[usable]], fixed=fixed)
        # rounding may be below 0 when df = 0
        chi_square = np.maximum(chi_square, 0.0)
        return Replicates(
            theta=theta, chi_square=chi_square, admissible=proper, fixed=sampled, reasons=tuple(reasons)
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return self.fit.parameters.observed

    def _drawn(self, replicates: range) -> list[Drawn]:
        counts = [self.resampling.counts(self.seed, i) for i in replicates]
        together = [np.array(group) for group in zip(*counts, strict=True)]
        weights = [g.weights for g in self.fit.sample.groups]
        return [m.moments(c, w) for m, c, w in zip(self._moments, together, weights, strict=True)]

    def _unfit(self, drawn: Sequence[Drawn], i: int) -> str:
        """Return why a sample cannot be fitted, "" when it can."""
        for group in drawn:
            if not group.size[i]:
                return "too_few_cases"
            try:
                check_moments(group.of(i, self._names))
            except UnfitError as problem:
                return problem.code
        return ""

    def _samples(
        self, drawn: Sequence[Drawn], sampled: Sequence[Array], *, good: Whole
    ) -> list[BatchMoments]:
        total = np.sum([d.weight[good] for d in drawn], axis=0)
        return [
            BatchMoments(
                covariance=d.covariance[good],
                mean=d.mean[good],
                share=d.weight[good] / total,
                saturated=log_determinants(d.covariance[good]) + d.mean.shape[1],
                fixed=fixed_at(matrices, values[good]),
            )
            for d, matrices, values in zip(drawn, self.fit.groups, sampled, strict=True)
        ]

    def _alone(self, drawn: Sequence[Drawn], i: int) -> Alone:
        moments = [d.of(i, self._names) for d in drawn]
        groups = [at_moments(g, m) for g, m in zip(self.fit.groups, moments, strict=True)]
        # weights add up to the number of cases, as in any sample
        scale = n_of(drawn, i) / sum(float(d.weight[i]) for d in drawn)
        sizes = [float(d.weight[i]) * scale for d in drawn]
        discrepancy = NormalTheory(groups, moments, means=self.means, sizes=sizes)
        return fitted_alone(discrepancy, groups, moments=moments, start=self.fit.theta)


def n_of(drawn: Sequence[Drawn], i: int) -> float:
    """Return the number of cases of one sample."""
    return sum(float(d.size[i]) for d in drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """One sample fitted by itself: theta (k,), F, admissible, and why it cannot be used, "" when it can."""

    theta: Array
    objective: float
    admissible: bool
    reason: str


def fitted_alone(
    discrepancy: Discrepancy, groups: Sequence[ModelMatrices], *, moments: Sequence[Moments], start: Array
) -> Alone:
    """Minimise for one sample, from the estimates, else from starting values of its own."""
    found = minimise(discrepancy, start, restarts=False)
    if not (found.standing or standing_of(found.point)).norm <= GRADIENT:
        # pairwise correlations need not make a positive definite matrix
        with suppress(np.linalg.LinAlgError):
            found = minimise(discrepancy, start_values(groups, moments))
    # estimates that run away converge in their way: only the information tells
    status = judge(
        groups,
        found.theta,
        point=found.point,
        moments=len(start),
        iterations=found.iterations,
        standing=found.standing,
    )
    fatal = [reason.code for reason in status.reasons if reason.code in FATAL]
    return Alone(
        theta=found.theta,
        objective=found.point.objective,
        admissible=status.admissible,
        reason=fatal[0] if fatal else "",
    )

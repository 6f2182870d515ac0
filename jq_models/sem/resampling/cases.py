"""Replicates of any estimator: draw cases, read the sample anew, minimise from the estimates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, Moments, UnfitError
from jq_models.numeric.resampling import Resampling
from jq_models.sem.estimators import find_estimator
from jq_models.sem.fit import discrepancy_of
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.least_squares.fit import recoded
from jq_models.sem.least_squares.statistics import sample_statistics
from jq_models.sem.least_squares.units import working_units
from jq_models.sem.matrices import ModelMatrices, model_matrices
from jq_models.sem.optimise import Discrepancy
from jq_models.sem.resampling.batched import sample_rows
from jq_models.sem.resampling.draws import Replicates
from jq_models.sem.resampling.normal import fitted_alone
from jq_models.sem.result import SemFit
from jq_models.sem.sample import Sample, read_sample

# columns of the resampled table: a blank before, so that no variable has the name
GROUP, WEIGHT = " group", " weight"


class CaseReplicator:
    """Draws and fits replicates one by one; arguments as for `NormalReplicator`."""

    def __init__(self, fit: SemFit, cases: Sequence[Array], *, resampling: Resampling, seed: int) -> None:
        self.fit, self.resampling, self.seed = fit, resampling, seed
        self._sampled = [sample_rows(g) for g in fit.groups]
        self._levels = dict(fit.parameters.ordered)
        if self._levels:
            # coded once: a category that nobody is drawn with stays a category
            coded, _ = recoded(fit.sample, fit.parameters.observed, ordered=tuple(self._levels))
            cases = coded.require_cases("The bootstrap")
        self.cases = tuple(cases)

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Replicates:
        """Draw and fit the replicates from `first` to before `last`; not finished when `stop()` holds."""
        b = last - first
        theta, chi_square = np.full((b, len(self.fit.theta)), np.nan), np.full(b, np.nan)
        proper, reasons = np.zeros(b, dtype=bool), ["not_converged"] * b
        fixed = tuple(np.full((b, len(rows.row)), np.nan) for rows in self._sampled)
        for i in range(b):
            if stop():
                break
            try:
                groups, discrepancy, moments = self._problem(first + i)
            except UnfitError as problem:
                reasons[i] = problem.code
                continue
            except DataError:
                reasons[i] = "data"
                continue
            for values, rows, m in zip(fixed, self._sampled, moments, strict=True):
                values[i] = rows.values(m.covariance[None], m.mean[None])[0]
            unit, by = 1.0, np.ones(len(self.fit.theta))
            own = moments
            if isinstance(discrepancy, LeastSquares):
                working = working_units(discrepancy)
                discrepancy, unit, by = working.discrepancy, working.objective, working.theta
                groups, own = discrepancy.groups, [s.moments for s in discrepancy.statistics]
            found = fitted_alone(discrepancy, groups, moments=own, start=self.fit.theta / by)
            reasons[i] = found.reason
            if not found.reason:
                theta[i], proper[i] = found.theta * by, found.admissible
                chi_square[i] = sum(m.n for m in moments) * found.objective * unit
        return Replicates(
            theta=theta,
            chi_square=np.maximum(chi_square, 0.0),
            admissible=proper,
            fixed=fixed,
            reasons=tuple(reasons),
        )

    def _problem(self, replicate: int) -> tuple[tuple[ModelMatrices, ...], Discrepancy, list[Moments]]:
        """Return what to minimise for one replicate."""
        sample, means = self._sample(replicate), self.fit.parameters.meanstructure
        if isinstance(self.fit.discrepancy, LeastSquares):
            statistics = [
                sample_statistics(
                    group,
                    kind=find_estimator(self.fit.estimator).discrepancy,
                    levels=tuple(self._levels.get(name, 0) for name in self.fit.parameters.observed),
                    means=means,
                    robust=False,
                )
                for group in sample.groups
            ]
            moments = [s.moments for s in statistics]
            groups = self._groups(moments)
            return groups, LeastSquares(groups, statistics), moments
        moments = [g.moments for g in sample.groups]
        groups = self._groups(moments)
        return groups, discrepancy_of(groups, sample, means=means), moments

    def _groups(self, moments: Sequence[Moments]) -> tuple[ModelMatrices, ...]:
        return tuple(model_matrices(g.parameters, m) for g, m in zip(self.fit.groups, moments, strict=True))

    def _sample(self, replicate: int) -> Sample:
        """Read a resampled table; weights add up to its number of cases."""
        parts = []
        counts = self.resampling.counts(self.seed, replicate)
        for g, (answers, times) in enumerate(zip(self.cases, counts, strict=True)):
            chosen = np.repeat(np.arange(len(answers)), times.astype(int))
            part = pd.DataFrame(answers[chosen], columns=list(self.fit.parameters.observed))
            weights = self.fit.sample.groups[g].weights
            extra = {GROUP: str(g), WEIGHT: 1.0 if weights is None else weights[chosen]}
            parts.append(part.assign(**extra))
        several = len(parts) > 1
        weighted = self.fit.sample.groups[0].weights is not None
        return read_sample(
            pd.concat(parts, ignore_index=True),
            self.fit.parameters.observed,
            labels=tuple(str(g) for g in range(len(parts))) if several else ("",),
            group=GROUP if several else None,
            missing=self.fit.missing,
            covariates=self.fit.parameters.covariates,
            weights=WEIGHT if weighted else None,
        )

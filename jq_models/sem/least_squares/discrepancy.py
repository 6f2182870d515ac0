"""Least squares on means and covariances, or thresholds and correlations: ULS, GLS, WLS, DWLS.

F_g = (s - sigma(theta))' W (s - sigma(theta)), with the statistics s of `statistics`. As in lavaan 0.6-14
a group counts n_g - 1 times: chi-square = sum_g (n_g - 1) F_g = N F (Browne, 1984, British Journal of
Mathematical and Statistical Psychology 37, 62-83; Muthen, du Toit and Spisic, 1997).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Point
from jq_models.sem.least_squares.statistics import SampleStatistics
from jq_models.sem.matrices import Filled, ModelMatrices
from jq_models.sem.normal import NOTHING, fold_of
from jq_models.sem.ordinal.moments import ImpliedStatistics, Jacobian, StatisticsModel


class LeastSquares:
    """The least-squares discrepancy over groups.

    Parameters
    ----------
    groups : sequence of ModelMatrices
    statistics : sequence of SampleStatistics
        Of the same groups.
    """

    def __init__(self, groups: Sequence[ModelMatrices], statistics: Sequence[SampleStatistics]) -> None:
        self.groups, self.statistics = tuple(groups), tuple(statistics)
        self.models = tuple(StatisticsModel(g, s.layout) for g, s in zip(groups, statistics, strict=True))
        self.n_free = groups[0].design.shape[1]
        self.n = sum(s.n for s in statistics)
        self._folds = [fold_of(g, m.places) for g, m in zip(groups, self.models, strict=True)]

    @property
    def divisor(self) -> int:
        """N - G: by what lavaan divides covariances of the estimates, and its N of the RMSEA."""
        return self.n - len(self.groups)

    @property
    def n_statistics(self) -> int:
        """Number of sample statistics over all groups."""
        return sum(s.layout.size for s in self.statistics)

    def point(self, theta: Array, *, curvature: str = "expected") -> Point:
        """Evaluate at `theta`, (k,); the information is Gauss and Newton's, also when "observed"."""
        k = self.n_free
        gradient = np.zeros(k)
        information = NOTHING if curvature == "none" else np.zeros((k, k))
        objective = 0.0
        for g, (model, sample) in enumerate(zip(self.models, self.statistics, strict=True)):
            at = model.at(theta)
            if at is None:
                nan = np.full((k, k), np.nan)
                return Point(objective=np.inf, gradient=nan[0], information=nan)
            residual = sample.vector - at.vector
            weighted = _weighted(sample.weight, residual)
            J, fold = model.jacobian(at), self._folds[g]
            share = (sample.n - 1) / self.n
            objective += share * float(residual @ weighted)
            gradient[fold.columns] -= 2.0 * share * fold.gradient(J.transposed(weighted))
            if curvature != "none":
                curve = fold.information(J.product(sample.weight))
                information[np.ix_(fold.columns, fold.columns)] += sample.n / self.n * curve
        return Point(objective=objective, gradient=gradient, information=information)

    def casewise(self, theta: Array) -> list[Array]:
        """Return Delta' W x_i of every case's influence x_i, for each group (n_g, k).

        Their mean product over all cases is Delta' W Gamma W Delta.
        """
        result = []
        for model, sample, fold in zip(self.models, self.statistics, self._folds, strict=True):
            at = model.at(theta)
            if at is None or sample.influence is None:
                raise FloatingPointError(
                    "No casewise influence here: theta has no model or there are no cases."
                )
            W = sample.weight
            J = model.jacobian(at)
            if W.ndim == 2:
                rows = sample.influence @ (W @ J.dense())
            else:
                h = len(J.margins)
                weighted = Jacobian(
                    margins=J.margins * W[:h, None], pairs=J.pairs * W[h:, None], active=J.active
                )
                rows = weighted.casewise(sample.influence)
            full = np.zeros((sample.n, self.n_free))
            full[:, fold.columns] = fold.gradient(rows)
            result.append(full)
        return result

    def implied(self, theta: Array) -> list[ImpliedStatistics]:
        """Return what the model says of every group's statistics."""
        found = [model.at(theta) for model in self.models]
        return [at for at in found if at is not None]

    def implied_moments(self, theta: Array) -> list[tuple[Array, Array]]:
        """Return the covariance matrix and means of every group in the metric of the sample statistics.

        Ordered items have variance 1 over scale factor squared in the model's metric, and the correlations of
        polychorics here: delta_i delta_j Sigma_ij.
        """
        return [in_sample_metric(at.state, at.scale) for at in self.implied(theta)]


def in_sample_metric(state: Filled, scale: Array) -> tuple[Array, Array]:
    """Return delta_i delta_j Sigma_ij, (p, p), and mu, (p,)."""
    return state.implied * np.multiply.outer(scale, scale), state.mean


def _weighted(weight: Array, residual: Array) -> Array:
    result: Array = weight * residual if weight.ndim == 1 else weight @ residual
    return result

"""Full-information maximum likelihood: normal theory on incomplete answers, over groups.

With the answers completed by their expectation under the model (`patterns.completed`), the gradient is that
of complete data, and the observed information that of complete data less what the missing answers hide
(`information`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.numeric.moments import Array, Moments
from jq_models.sem.derivatives import (
    Point,
    derivative_columns,
    expected_rows,
    gradient_rows,
    mean_factor,
    observed_rows,
    places_of,
)
from jq_models.sem.matrices import Filled, ModelMatrices, filled
from jq_models.sem.missing.information import (
    View,
    expected_hidden_rows,
    hidden_rows,
    score_chunks,
    view,
)
from jq_models.sem.missing.patterns import Completed, MissingData, completed
from jq_models.sem.normal import NOTHING, fold_of


class MissingNormal:
    """Maximum likelihood under normality from incomplete cases, means included.

    N F = 2 (log-likelihood of the saturated model - log-likelihood of the model), N the sum of weights.

    Parameters
    ----------
    groups : sequence of ModelMatrices
        With a mean structure.
    data : sequence of MissingData
        Of the same groups, in the matrices' order of variables.
    moments : sequence of Moments
        Each group's saturated estimates, from ``saturated_moments``.
    """

    def __init__(
        self, groups: Sequence[ModelMatrices], data: Sequence[MissingData], *, moments: Sequence[Moments]
    ) -> None:
        self.groups, self.data = tuple(groups), tuple(data)
        self.n_free = groups[0].design.shape[1]
        self.n = sum(d.n for d in data)
        self.saturated = sum(_saturated(d, m) for d, m in zip(data, moments, strict=True))
        self._places = [places_of(g) for g in groups]
        self._folds = [fold_of(g, at) for g, at in zip(groups, self._places, strict=True)]

    def log_likelihood(self, theta: Array) -> float:
        """Return the joint log-likelihood of all observed variables, fixed exogenous ones included.

        Minus infinity where Sigma is not positive definite.
        """
        found = [self._at(g, theta) for g in range(len(self.groups))]
        return float(sum(-np.inf if at is None else at[1].log_likelihood for at in found))

    def point(self, theta: Array, *, curvature: str = "expected") -> Point:
        """Evaluate at a parameter vector.

        Parameters
        ----------
        theta : ndarray, shape (k,)
        curvature : {"none", "complete", "expected", "observed"}
            Which information. "complete" is the expected one that complete data would have: cheap, for the
            first steps of an optimiser. "expected" is taken over the patterns found, as if answers were
            missing completely at random.
        """
        k = self.n_free
        gradient = np.zeros(k)
        information = NOTHING if curvature == "none" else np.zeros((k, k))
        log_likelihood = 0.0
        for g, data in enumerate(self.data):
            found = self._at(g, theta)
            if found is None:
                nan = np.full((k, k), np.nan)
                return Point(objective=np.inf, gradient=nan[0], information=nan)
            state, at = found
            seen, fold = self._view(g, state, at), self._folds[g]
            share = data.n / self.n
            log_likelihood += at.log_likelihood
            rows = gradient_rows(seen.places, seen.G, seen.H, z=seen.z, s=seen.s)
            gradient[fold.columns] += share * fold.gradient(rows)
            if curvature != "none":
                curve = fold.information(_information(seen, state, curvature=curvature))
                information[np.ix_(fold.columns, fold.columns)] += share * curve
        objective = 2.0 / self.n * (self.saturated - log_likelihood)
        return Point(objective=objective, gradient=gradient, information=information)

    def scores(self, theta: Array) -> list[Array]:
        """Return d log-likelihood of every case / dtheta, for each group (n_g, k), weights not applied.

        Cases are the kept ones, in their order; `theta` must have Sigma positive definite.
        """
        result = []
        for g, data in enumerate(self.data):
            found = self._at(g, theta)
            if found is None:
                raise FloatingPointError("Sigma is not positive definite at theta: no scores there.")
            scores, fold = np.zeros((len(data.values), self.n_free)), self._folds[g]
            for cases, rows in score_chunks(self._view(g, *found)):
                scores[np.ix_(cases, fold.columns)] = fold.gradient(rows)
            result.append(scores)
        return result

    def _at(self, g: int, theta: Array) -> tuple[Filled, Completed] | None:
        if not np.isfinite(theta).all():
            return None
        state = filled(self.groups[g], theta)
        at = completed(self.data[g], mean=state.mean, covariance=state.implied)
        return None if at is None else (state, at)

    def _view(self, g: int, state: Filled, at: Completed) -> View:
        places = self._places[g]
        s = mean_factor(state, places)
        return view(self.data[g], at, places=places, s=s, W=derivative_columns(state))


def _saturated(data: MissingData, moments: Moments) -> float:
    at = completed(data, mean=moments.mean, covariance=moments.covariance)
    return np.nan if at is None else at.log_likelihood


def _information(seen: View, state: Filled, *, curvature: str) -> Array:
    if curvature == "observed":
        complete = observed_rows(state, seen.places, seen.G, seen.H, z=seen.z, s=seen.s)
        return complete - hidden_rows(seen)
    complete = expected_rows(seen.places, seen.G, s=seen.s)
    return complete - expected_hidden_rows(seen) if curvature == "expected" else complete

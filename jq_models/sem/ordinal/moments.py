"""What a model says of the sample statistics of least squares, with derivatives, by gathers.

With Sigma and mu of the model's own metric and delta_i the scale factor of an ordered item (1 for a
continuous one): thresholds delta_i (tau - mu_i), minus means, variances Sigma_ii, pairs delta_i delta_j
Sigma_ij. Delta parameterisation: delta are parameters and an ordered item's residual variance follows. Theta:
residual variances are parameters and delta_i = Sigma_ii^-1/2 (Muthen and Asparouhov, 2002, Mplus Web
Notes 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Whole
from jq_models.sem.derivatives import (
    Places,
    derivative_columns,
    joined,
    mean_factor,
    places_of,
    places_of_rows,
)
from jq_models.sem.least_squares.statistics import Layout
from jq_models.sem.matrices import (
    SCALE,
    THRESHOLD,
    Filled,
    ModelMatrices,
    filled,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jacobian:
    """Derivatives of one group's statistics by the rows of its table that are not fixed, in two blocks.

    Attributes
    ----------
    margins : ndarray, shape (h, r)
        Of thresholds, means and variances.
    pairs : ndarray, shape (s - h, a)
        Of the covariances, by the rows `active` alone: the others move none.
    active : ndarray of int, shape (a,)
    """

    margins: Array
    pairs: Array
    active: Whole

    def transposed(self, x: Array) -> Array:
        """Return J' x for x (s,): (r,)."""
        h = len(self.margins)
        result: Array = x[:h] @ self.margins
        result[self.active] += x[h:] @ self.pairs
        return result

    def casewise(self, X: Array) -> Array:
        """Return X J for X (n, s): (n, r)."""
        h = len(self.margins)
        result: Array = X[:, :h] @ self.margins
        result[:, self.active] += X[:, h:] @ self.pairs
        return result

    def product(self, weight: Array) -> Array:
        """Return J' W J, (r, r); `weight` (s,) is a diagonal W, (s, s) a full one."""
        if weight.ndim == 2:
            J = self.dense()
            full: Array = J.T @ weight @ J
            return full
        h = len(self.margins)
        result: Array = self.margins.T @ (weight[:h, None] * self.margins)
        result[np.ix_(self.active, self.active)] += self.pairs.T @ (weight[h:, None] * self.pairs)
        return result

    def dense(self) -> Array:
        """Return the whole, (s, r)."""
        h, r = self.margins.shape
        result = np.zeros((h + len(self.pairs), r))
        result[:h] = self.margins
        result[h:, self.active] = self.pairs
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpliedStatistics:
    """One group's statistics by the model at one parameter vector.

    Attributes
    ----------
    state : Filled
    vector : ndarray, shape (s,)
    scale : ndarray, shape (p,)
        delta; 1 for a continuous item.
    cuts : ndarray, shape (h,)
        tau - mu of each threshold, minus the mean of a continuous item.
    """

    state: Filled
    vector: Array
    scale: Array
    cuts: Array


class StatisticsModel:
    """The map from parameters to the statistics of one group.

    Parameters
    ----------
    matrices : ModelMatrices
    layout : Layout
    places : Places, optional
        What to differentiate by, in the model or not; by default the rows that are not fixed. `rows` past the
        end of the table says: none of its thresholds or scale factors.
    """

    def __init__(self, matrices: ModelMatrices, layout: Layout, *, places: Places | None = None) -> None:
        self.matrices, self.layout = matrices, layout
        self.places = places_of(matrices) if places is None else places
        self._found = matrices.determined
        self._tau = self._threshold_rows()
        driven = self._driven_rows()
        # with residual variances that follow from others and reach other variables
        self._wide = joined(self.places, places_of_rows(matrices, driven)) if len(driven) else self.places
        self._driven = len(self.places.rows) + np.arange(len(driven))
        at = {int(row): a for a, row in enumerate(self._wide.rows)}
        heads = [(h, at[int(row)]) for h, row in enumerate(self._tau) if int(row) in at]
        self._cutting = np.array(heads, dtype=np.intp).reshape(-1, 2)
        self._scaling = np.flatnonzero(np.append(matrices.where, -1)[self._wide.rows] == SCALE)
        self._active = np.flatnonzero(self._wide.c != 0.0)

    def _threshold_rows(self) -> Whole:
        """Return each threshold's row in the table, (h,); -1 for a mean."""
        m, layout = self.matrices, self.layout
        cuts = np.flatnonzero(m.where == THRESHOLD)
        at = {(int(m.row[a]), int(m.column[a])): int(a) for a in cuts}
        places = zip(layout.item.tolist(), layout.cut.tolist(), strict=True)
        return np.array([at[i, t] if t >= 0 else -1 for i, t in places], dtype=np.intp)

    def _driven_rows(self) -> Whole:
        if self._found is None or not self._found.delta:
            return np.empty(0, dtype=np.intp)
        return self._found.variance[self._found.latent >= 0]

    def at(self, theta: Array) -> ImpliedStatistics | None:
        """Evaluate at theta, (k,); None where a scale factor or a variance has no sense."""
        if not np.isfinite(theta).all():
            return None
        state, layout, found = filled(self.matrices, theta), self.layout, self._found
        values = self.matrices.design @ theta + self.matrices.fixed
        Sigma = state.implied
        scale = np.ones(len(Sigma))
        if found is not None:
            variance = np.diag(Sigma)[found.item]
            if not found.delta and not (variance > 0.0).all():
                return None
            scale[found.item] = values[found.scale] if found.delta else 1.0 / np.sqrt(variance)
        if not (scale > 0.0).all() or not np.isfinite(Sigma).all():
            return None
        cuts = np.where(self._tau >= 0, values[self._tau], 0.0) - state.mean[layout.item]
        i, j = layout.first, layout.second
        vector = np.concatenate(
            [scale[layout.item] * cuts, np.diag(Sigma)[layout.variances], Sigma[i, j] * scale[i] * scale[j]]
        )
        return ImpliedStatistics(state=state, vector=vector, scale=scale, cuts=cuts)

    def jacobian(self, at: ImpliedStatistics) -> Jacobian:
        """Differentiate by the rows that are not fixed, or by the places given."""
        W = derivative_columns(at.state)
        places, act = self._wide, self._active
        # as rows of the transpose, a gather takes whole lines
        U, V = W.T[places.u[act]] * places.c[act, None], W.T[places.v[act]]
        variances = np.zeros((len(W), len(places.rows)))
        variances[:, act] = (2.0 * U * V).T
        scales = self._scale_derivatives(at, variances)
        moving = np.flatnonzero(scales.any(axis=0))
        means = W[:, places.u] * mean_factor(at.state, places)
        used = np.union1d(act, moving)
        pairs = self._pairs(at, np.ascontiguousarray(U.T), np.ascontiguousarray(V.T), used=used)
        if len(moving):
            i, j, scale = self.layout.first, self.layout.second, at.scale
            Sigma = at.state.implied[i, j]
            change = (Sigma * scale[j])[:, None] * scales[np.ix_(i, moving)]
            change += (Sigma * scale[i])[:, None] * scales[np.ix_(j, moving)]
            pairs[:, np.searchsorted(used, moving)] += change
        margins = self._margins(at, means, variances, scales=scales, moving=moving)
        found = Jacobian(margins=margins, pairs=pairs, active=used)
        return self._led(found, variances, at) if len(self._driven) else found

    def _margins(
        self, at: ImpliedStatistics, means: Array, variances: Array, *, scales: Array, moving: Whole
    ) -> Array:
        """Return the derivatives of thresholds, means and variances, (h, r)."""
        item = self.layout.item
        heads = -means[item]
        heads[self._cutting[:, 0], self._cutting[:, 1]] += 1.0
        heads *= at.scale[item, None]
        heads[:, moving] += at.cuts[:, None] * scales[np.ix_(item, moving)]
        return np.vstack([heads, variances[self.layout.variances]])

    def _pairs(self, at: ImpliedStatistics, U: Array, V: Array, *, used: Whole) -> Array:
        """Return delta_i delta_j dSigma_ij, (pairs, a), from columns U and V of W, (p, .) each."""
        i, j = self.layout.first, self.layout.second
        block = U[i] * V[j]
        block += U[j] * V[i]
        block *= (at.scale[i] * at.scale[j])[:, None]
        if len(used) == block.shape[1]:
            return block
        result = np.zeros((len(i), len(used)))
        result[:, np.searchsorted(used, self._active)] = block
        return result

    def _scale_derivatives(self, at: ImpliedStatistics, own: Array) -> Array:
        """Return d delta / d row, (p, r), from those of the variances."""
        result = np.zeros_like(own)
        if self._found is None:
            return result
        if self._found.delta:
            result[self.matrices.row[self._wide.rows[self._scaling]], self._scaling] = 1.0
        else:
            i = self._found.item
            result[i] = -0.5 * at.scale[i, None] ** 3 * own[i]
        return result

    def _led(self, wide: Jacobian, own: Array, at: ImpliedStatistics) -> Jacobian:
        """Lead the derivatives by driven rows back to the parameters: Sigma_ii = 1 / delta_i^2 holds."""
        found = self._found
        assert found is not None
        item = found.item[found.latent >= 0]
        kept = np.setdiff1d(np.arange(own.shape[1]), self._driven)
        wanted = np.zeros((len(item), own.shape[1]))
        for a in self._scaling:
            here = item == self.matrices.row[self._wide.rows[a]]
            wanted[here, a] = -2.0 / at.scale[item[here]] ** 3
        # rows: equations; columns: the driven rows in their own order
        rates = np.linalg.solve(own[np.ix_(item, self._driven)], (wanted - own[item])[:, kept])
        J = wide.dense()
        J = J[:, kept] + J[:, self._driven] @ rates
        h = len(wide.margins)
        return Jacobian(margins=J[:h], pairs=J[h:], active=np.arange(len(kept)))

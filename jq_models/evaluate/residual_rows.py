"""A group's residuals as a table, and what least squares says of their variances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.errors import FitError
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit
from jq_models.sem.least_squares.discrepancy import LeastSquares, in_sample_metric
from jq_models.sem.least_squares.statistics import SampleStatistics
from jq_models.sem.modification.score_parts import inverse_information

# a variance of a residual below this share of the moment's own is rounding: the residual is always 0
ALWAYS_ZERO = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualRows:
    """The r moments of a group beside the model's.

    Attributes
    ----------
    keys : list of (str, str, str)
        lhs, op, rhs.
    observed, implied : ndarray, shape (r,)
    unit : ndarray, shape (r,)
        The observed standard deviations that a residual is divided by.
    variance, own : ndarray, shape (r,)
        Of the residual and of the observed moment; 0 where there is no sampling error.
    """

    keys: list[tuple[str, str, str]]
    observed: Array
    implied: Array
    unit: Array
    variance: Array
    own: Array

    def table(self, group: int) -> pd.DataFrame:
        """Write them out, with z."""
        moving = self.variance > ALWAYS_ZERO * self.own
        se = np.sqrt(np.where(moving, self.variance, 0.0)) / self.unit
        residual = self.observed - self.implied
        z = np.full(len(se), np.nan)
        z[moving] = residual[moving] / self.unit[moving] / se[moving]
        lhs, op, rhs = (list(part) for part in zip(*self.keys, strict=True))
        return pd.DataFrame(
            {
                "group": group,
                "lhs": lhs,
                "op": op,
                "rhs": rhs,
                "observed": self.observed,
                "implied": self.implied,
                "residual": residual,
                "observed_cor": self.observed / self.unit,
                "implied_cor": self.implied / self.unit,
                "residual_cor": residual / self.unit,
                "se": se,
                "z": z,
            }
        )


def least_squares_rows(fit: SemFit) -> list[ResidualRows]:
    """Return the rows of every group of a fit by least squares.

    Raises
    ------
    FitError
        By ULS: neither its weights nor the sample say how much a moment varies.
    """
    ls = fit.discrepancy
    assert isinstance(ls, LeastSquares)
    if fit.estimator == "ULS":
        raise FitError(
            f"The model '{fit.model.name}' was fitted by ULS, which knows no sampling error of the moments: "
            "there are no z values of its residuals. Fit it with estimator='ULSMV', or 'ML'."
        )
    inverse = inverse_information(fit)
    found = []
    for model, sample, at in zip(ls.models, ls.statistics, ls.implied(fit.theta), strict=True):
        J = model.jacobian(at).dense() @ model.matrices.design[model.places.rows]
        variances = _variances(J, sample, inverse=inverse * (sample.n / ls.n))
        implied, mean = in_sample_metric(at.state, at.scale)
        found.append(_rows(sample, at.vector, implied=implied, mean=mean, variances=variances))
    return found


def _variances(J: Array, sample: SampleStatistics, *, inverse: Array) -> tuple[Array, Array]:
    """Return the diagonals of Q Gamma Q' / n and Gamma / n, both (s,), Q = I - J (D'WD)^-1 J'W.

    Gamma is that of the influences; without them (GLS) it is W^-1, normal theory's.
    """
    W = sample.weight
    weighted = J * W[:, None] if W.ndim == 1 else W @ J
    lever, X = J @ inverse, sample.influence
    if X is None:
        own = np.diag(np.linalg.inv(W))
        cross, middle = J, weighted.T @ J
    else:
        own = np.einsum("ns,ns->s", X, X) / sample.n
        rows = X @ weighted
        cross, middle = X.T @ rows / sample.n, rows.T @ rows / sample.n
    left = own - 2.0 * np.einsum("sk,sk->s", lever, cross)
    left += np.einsum("sk,sk->s", lever @ middle, lever)
    return left / sample.n, own / sample.n


def _rows(
    sample: SampleStatistics, vector: Array, *, implied: Array, mean: Array, variances: tuple[Array, Array]
) -> ResidualRows:
    """Put the statistics in order: the lower triangle by columns, then means, then thresholds."""
    layout, moments = sample.layout, sample.moments
    names, S, heads = moments.names, moments.covariance, len(layout.item)
    p, sd = len(names), np.sqrt(np.diag(S))
    place = np.full((p, p), -1)
    place[layout.variances, layout.variances] = heads + np.arange(len(layout.variances))
    place[layout.first, layout.second] = layout.margins + np.arange(len(layout.first))
    j, i = np.triu_indices(p)
    is_mean = layout.cut < 0
    at_mean, at_cut = np.flatnonzero(is_mean), np.flatnonzero(~is_mean)
    items, cuts = layout.item[at_mean], layout.item[at_cut]
    # a variance of an ordered item is no statistic: it is 1
    at = np.concatenate([place[j, i], at_mean, at_cut])
    both = [np.where(at >= 0, np.append(part, 0.0)[at], 0.0) for part in variances]
    return ResidualRows(
        keys=[
            *((names[b], "~~", names[a]) for a, b in zip(i, j, strict=True)),
            *((names[a], "~1", "") for a in items),
            *((names[a], "|", f"t{t + 1}") for a, t in zip(cuts, layout.cut[at_cut], strict=True)),
        ],
        observed=np.concatenate([S[i, j], moments.mean[items], sample.vector[at_cut]]),
        implied=np.concatenate([implied[i, j], mean[items], vector[at_cut]]),
        unit=np.concatenate([sd[i] * sd[j], sd[items], np.ones(len(at_cut))]),
        variance=both[0],
        own=both[1],
    )

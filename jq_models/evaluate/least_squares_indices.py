"""What fit indices need of a fit by least squares: its N, its residuals, and the robust corrections."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jq_models.evaluate.robust_indices import Correction
from jq_models.evaluate.robust_ordinal import OrdinalMoments, ordinal_corrections
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit
from jq_models.sem.least_squares.discrepancy import LeastSquares


def index_size(fit: SemFit) -> int:
    """Return what the RMSEA takes for N: N - G by least squares, as in lavaan, else N."""
    return fit.discrepancy.divisor if isinstance(fit.discrepancy, LeastSquares) else fit.n


def residual_parts(fit: SemFit) -> list[tuple[float, Array, Array, Array | None]]:
    """Return the cases, sample and implied covariances and standardised mean residuals of every group.

    Ordered items: polychoric correlations and the model's, and no means, as lavaan's SRMR for them.
    """
    ls = fit.discrepancy if isinstance(fit.discrepancy, LeastSquares) else None
    pairs = ls.implied_moments(fit.theta) if ls else [(s.implied, s.mean) for s in fit.states]
    means = fit.parameters.meanstructure and not fit.parameters.ordered
    found = []
    for group, (implied, mean) in zip(fit.sample.groups, pairs, strict=True):
        S = group.moments.covariance
        d = (group.moments.mean - mean) / np.sqrt(np.diag(S)) if means else None
        found.append((group.size, S, implied, d))
    return found


def least_squares_corrections(fit: SemFit) -> Sequence[Correction] | None:
    """Return the corrections behind robust indices; None for those of the scaled tests.

    Empty where lavaan has none: some items continuous, or free scale factors.
    """
    ls = fit.discrepancy
    if not isinstance(ls, LeastSquares) or not fit.parameters.ordered:
        return None
    if np.isnan(fit.test.factor) or len(fit.parameters.ordered) < len(fit.parameters.observed):
        return ()
    groups = []
    for model, sample, at in zip(ls.models, ls.statistics, ls.implied(fit.theta), strict=True):
        found, h = model.matrices.determined, sample.layout.margins
        assert found is not None
        assert sample.influence is not None
        if model.matrices.design[np.concatenate([found.scale, found.variance])].any():
            return ()
        J = model.jacobian(at).dense()[h:] @ model.matrices.design[model.places.rows]
        X = sample.influence[:, h:]
        groups.append(
            OrdinalMoments(
                n=sample.n,
                correlations=sample.moments.covariance,
                implied=at.state.implied * np.multiply.outer(at.scale, at.scale),
                jacobian=J,
                weights=sample.weight[h:],
                gamma=X.T @ X / sample.n,
            )
        )
    return ordinal_corrections(*groups, df=fit.df, baseline_df=fit.baseline.df)

"""What robust CFI, TLI and RMSEA need with ordered items.

X is the discrepancy of continuous data between the polychoric correlations and the fitted model's,
corrected by its mean when the model is true: the indices then mean what they mean for continuous data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.evaluate.robust_indices import Correction, correction
from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import discrepancy


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalMoments:
    """Polychoric correlations of one group with what a diagonally weighted fit makes of them.

    Attributes
    ----------
    n : int
        Cases.
    correlations, implied : ndarray, shape (p, p)
        Polychoric correlations, and the model's.
    jacobian : ndarray, shape (p (p - 1) / 2, k)
        d implied correlations / d theta; the pairs below the diagonal by columns. Columns of parameters that
        move no correlation (thresholds) may be there or not.
    weights : ndarray, shape (p (p - 1) / 2,)
        Of the correlations in the discrepancy: the diagonal for DWLS, ones for ULS.
    gamma : ndarray, shape (p (p - 1) / 2, p (p - 1) / 2)
        N times the covariance matrix of the correlations.
    """

    n: int
    correlations: Array
    implied: Array
    jacobian: Array
    weights: Array
    gamma: Array


def ordinal_corrections(*groups: OrdinalMoments, df: int, baseline_df: int) -> tuple[Correction, ...]:
    """Correct for ordered items (Savalei, 2021, Multivariate Behavioral Research 56, 390-407).

    X = N F_ML(polychoric correlations, the model's). With V normal theory's weight matrix of the
    correlations at the model's, P = Delta (Delta' W Delta)^-1 Delta' W the projection of the estimator, and
    Q = I - P, the mean of X is tr(V Q Gamma Q'). For the baseline, all correlations 0, it is tr Gamma. All
    variables ordered, scale factors fixed: for anything else lavaan 0.6-14 has no such indices.

    Over groups V and W count n_g / N times, Gamma N / n_g times. lavaan forgets the former in the baseline,
    whose mean it takes to be the sum of N / n_g tr Gamma_g: with several groups its CFI and TLI differ.
    `robust_indices` is to be given n = N - G.

    Returns
    -------
    tuple of two Corrections, of model and baseline
        Empty when a polychoric correlation matrix is not positive definite: F_ML does not exist.
    """
    if any(np.linalg.eigvalsh(m)[0] <= 0.0 for g in groups for m in (g.correlations, g.implied)):
        return ()
    total = sum(g.n for g in groups)
    moving = np.any([np.any(g.jacobian != 0.0, axis=0) for g in groups], axis=0)
    k = int(np.count_nonzero(moving))
    curvature, normal, cross, spread = (np.zeros((k, k)) for _ in range(4))
    expected = chi_square = worst = independent = 0.0
    for g in groups:
        share, J, V = g.n / total, g.jacobian[:, moving], correlation_weights(g.implied)
        weighted, stiff = J * g.weights[:, None], V @ J
        noise = g.gamma @ weighted
        curvature += share * (J.T @ weighted)
        normal += share * (J.T @ stiff)
        cross += share * (noise.T @ stiff)
        spread += share * (weighted.T @ noise)
        expected += float(np.sum(V * g.gamma))
        chi_square += g.n * discrepancy(g.implied, g.correlations)
        worst -= g.n * float(np.linalg.slogdet(g.correlations)[1])
        independent += float(np.trace(g.gamma))
    # tr(V Q Gamma Q') term by term: no matrix of pairs x pairs is multiplied by another
    expected -= 2.0 * float(np.trace(np.linalg.solve(curvature, cross)))
    back = np.linalg.solve(curvature, normal)
    expected += float(np.trace(back @ np.linalg.solve(curvature, spread)))
    return (
        correction(chi_square, df, expected=expected),
        correction(worst, baseline_df, expected=independent),
    )


def correlation_weights(correlations: Array) -> Array:
    """Return normal theory's weight matrix of the p (p - 1) / 2 correlations, variances known."""
    precision = np.asarray(np.linalg.inv(correlations), dtype=np.float64)
    j, i = np.triu_indices(len(precision), k=1)
    result: Array = precision[np.ix_(i, i)] * precision[np.ix_(j, j)]
    return result + precision[np.ix_(i, j)] * precision[np.ix_(j, i)]

"""A population in which a model is wrong by a known amount (after Cudeck & Browne 1992).

Cudeck, R., & Browne, M. W. (1992). Constructing a covariance matrix that yields a specified minimizer and a
specified minimum discrepancy function value. Psychometrika, 57, 357-369.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit, implied_at, jacobian


def with_misfit(fit: SemFit, *, rmsea: float, seed: int) -> Array:
    r"""Return a covariance matrix in which the model has exactly this RMSEA, at the same estimates.

    Sigma + kappa E, where E is random but orthogonal to all derivatives of Sigma in the metric of Sigma,
    tr(Sigma^-1 E Sigma^-1 dSigma/dtheta_k) = 0: so theta stays stationary. kappa solves
    F(Sigma + kappa E, Sigma) = df rmsea^2.

    Parameters
    ----------
    fit : SemFit
        Usable, one group, no mean structure.
    rmsea : float
        From 0 on.
    seed : int
        Of the direction E.

    Raises
    ------
    SpecError
        When no such matrix lies in that direction: ask for less misfit or another seed.
    """
    fit.require()
    sigma, df = np.asarray(fit.implied), fit.df
    p = len(sigma)
    if rmsea <= 0 or df < 1:
        return sigma.copy()
    root = np.linalg.cholesky(sigma)
    inverse = np.linalg.inv(root)
    slopes = jacobian(lambda theta: implied_at(fit.matrices, theta).ravel(), fit.theta).T
    # in units in which Sigma is the identity, orthogonal is orthogonal
    whitened = np.array([(inverse @ slope.reshape(p, p) @ inverse.T).ravel() for slope in slopes])
    drawn = np.random.default_rng(seed).standard_normal((p, p))
    E = (drawn + drawn.T).ravel()
    E -= whitened.T @ np.linalg.lstsq(whitened.T, E, rcond=None)[0]
    E = E.reshape(p, p) / np.linalg.norm(E)
    values = np.linalg.eigvalsh(E)

    def gap(kappa: float) -> float:
        # F = tr(I + kappa E) - p - log|I + kappa E|
        return float(np.sum(kappa * values - np.log1p(kappa * values))) - df * rmsea**2

    most = (1 - 1e-9) / -values.min()
    if gap(most) < 0:
        raise SpecError(f"No covariance matrix in this direction has an RMSEA of {rmsea}. Try another seed.")
    kappa = brentq(gap, 0.0, most, xtol=1e-14)
    result: Array = root @ (np.eye(p) + kappa * E) @ root.T
    return result

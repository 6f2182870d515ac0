"""From a normal response to a 1-5 answer and back: thresholds with a wanted mean, spread and skew.

An answer is the number of thresholds below a standard normal response y*, plus 1. Formulas after
Olsson (1979, Psychometrika 44, 443-460) for the moments of a cut normal variable.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from scipy.stats import norm

from jq_models.errors import DataError

Floats = npt.NDArray[np.float64]

CATEGORIES = 5
TERMS = 60
_STEPS = np.arange(CATEGORIES - 1) - (CATEGORIES - 2) / 2


def wanted_skew(mean: float) -> float:
    """Return the skewness asked of an item: away from the midpoint the long tail points to the middle.

    -0.6 at a mean of 3.8, 0 at the midpoint 3, +0.4 at 2.5: what attitude items usually show.
    """
    return -0.75 * (mean - 3.0)


def thresholds(mean: float, *, sd: float, skew: float) -> Floats:
    """Solve for the four thresholds that give a 1-5 answer its mean, standard deviation and skewness.

    Three unknowns, three equations: position, distance and curvature of the thresholds
    tau_k = a + b s_k + c (s_k^2 - mean of s^2), s = (-1.5, -0.5, 0.5, 1.5).

    Raises
    ------
    DataError
        When no increasing thresholds give these moments.
    """

    wanted = np.array([mean, sd, skew])

    def gap(parameters: Floats) -> Floats:
        return np.asarray(moments(_curve(parameters)) - wanted)

    solution = least_squares(gap, np.array([3.0 - mean, 1.0, 0.0]), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    cuts = _curve(solution.x)
    if np.abs(solution.fun).max() > 1e-9 or (np.diff(cuts) <= 0).any():
        raise DataError(
            f"No thresholds give a mean of {mean}, a standard deviation of {sd} and a skewness of {skew}. "
            "Take a mean nearer to the midpoint or a smaller deviation."
        )
    return cuts


def _curve(parameters: Floats) -> Floats:
    position, distance, curvature = parameters
    return np.asarray(position + distance * _STEPS + curvature * (_STEPS**2 - (_STEPS**2).mean()))


def moments(cuts: Floats) -> Floats:
    """Return mean, standard deviation and skewness of the answer cut at these thresholds."""
    shares = np.diff(norm.cdf(np.concatenate([[-np.inf], cuts, [np.inf]])))
    answers = np.arange(1, CATEGORIES + 1)
    mean = float(shares @ answers)
    deviation = answers - mean
    sd = float(np.sqrt(shares @ deviation**2))
    return np.array([mean, sd, float(shares @ deviation**3) / sd**3])


def answer(response: Floats, cuts: Floats) -> npt.NDArray[np.int64]:
    """Cut standard normal responses (n,) at the thresholds: answers 1 to 5."""
    return np.asarray(np.searchsorted(cuts, response, side="left") + 1, dtype=np.int64)


def answer_covariance(correlation: Floats, cuts: Floats) -> Floats:
    r"""Return the covariance of the answers whose responses are bivariate normal with `correlation`.

    With the answers' coefficients on the normalised Hermite polynomials, c_n = E[answer h_n(y*)] =
    sum_k phi(tau_k) h_{n-1}(tau_k) / sqrt(n), Mehler's formula gives cov(i, j) = sum_n c_in c_jn rho_ij^n.
    Exact up to rho^60; for rho = 1 it converges too slowly: use :func:`moments` for variances.

    Parameters
    ----------
    correlation : array (p, p)
        Correlations of the responses, at most .9 in size where the result is used.
    cuts : array (p, 4)
        Thresholds of the p items.
    """
    coefficients = _hermite_coefficients(cuts)
    power, covariance = np.ones_like(correlation), np.zeros_like(correlation)
    for column in coefficients.T:
        power = power * correlation
        covariance += np.outer(column, column) * power
    return covariance


def _hermite_coefficients(cuts: Floats) -> Floats:
    density = norm.pdf(cuts)
    before, current = np.zeros_like(cuts), np.ones_like(cuts)
    columns = []
    for n in range(1, TERMS + 1):
        columns.append((density * current).sum(axis=1) / np.sqrt(n))
        before, current = current, (cuts * current - np.sqrt(n - 1) * before) / np.sqrt(n)
    return np.column_stack(columns)

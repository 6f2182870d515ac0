"""The correlation that responses behind ordered answers must have for the answers to correlate as wanted.

With normal responses X, Y and standardised answers g(X), h(Y), the correlation of the answers is
sum_k a_k b_k rho^k, where a_k and b_k are the coefficients of g and h in normalised Hermite polynomials
(Mehler's formula; Lancaster 1957, Biometrika 44, 289-292). For a step function
a_k = sum_c (score_{c+1} - score_c) phi(t_c) He_{k-1}(t_c) / sqrt(k!).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from jq_models.numeric.moments import Array

# an item with more different answers is not in categories
MOST = 12
TERMS = 40
NEWTON = 40
# responses correlate less than this, and the smallest eigenvalue of their correlations is above EIGENVALUE
LIMIT = 0.995
EIGENVALUE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One item: where its normal response is cut, and the standardised numbers of its categories."""

    thresholds: Array
    standardised: Array


def shares_of(answers: Array) -> Shares | None:
    """Read the categories of one item off its answers; None when there are more than `MOST`."""
    values, counts = np.unique(answers, return_counts=True)
    if len(values) > MOST:
        return None
    share = counts / counts.sum()
    mean = float(share @ values)
    sd = float(np.sqrt(share @ (values - mean) ** 2))
    return Shares(thresholds=ndtri(np.cumsum(share)[:-1]), standardised=(values - mean) / sd)


def hermite_coefficients(item: Shares) -> Array:
    """Return a_1 ... a_TERMS of a standardised item; their squares add up to nearly 1."""
    t, jump = item.thresholds, np.diff(item.standardised)
    density = np.exp(-0.5 * t**2) / np.sqrt(2.0 * np.pi)
    # He_{k-1} / sqrt((k-1)!), by its own recurrence so that nothing overflows
    before, now = np.zeros_like(t), np.ones_like(t)
    found = np.empty(TERMS)
    for k in range(1, TERMS + 1):
        found[k - 1] = jump @ (density * now) / np.sqrt(k)
        before, now = now, (t * now - np.sqrt(k - 1.0) * before) / np.sqrt(k)
    return found


def latent_correlations(correlations: Array, items: Sequence[Shares]) -> Array:
    """Return the correlations of the responses, shape (p, p), made positive definite where need be.

    Parameters
    ----------
    correlations : ndarray, shape (p, p)
        Of the answers.
    items : sequence of Shares
    """
    coefficients = np.array([hermite_coefficients(item) for item in items])
    p = len(correlations)
    i, j = np.tril_indices(p, -1)
    products = (coefficients[i] * coefficients[j])[:, ::-1]
    slopes = products * np.arange(TERMS, 0, -1)
    wanted = correlations[i, j]
    rho = np.clip(wanted, -LIMIT, LIMIT)
    for _ in range(NEWTON):
        value, slope = np.zeros(len(rho)), np.zeros(len(rho))
        for term, steep in zip(products.T, slopes.T, strict=True):
            value, slope = value * rho + term, slope * rho + steep
        step = (value * rho - wanted) / np.maximum(slope, 0.1)
        rho = np.clip(rho - step, -LIMIT, LIMIT)
        if np.abs(step).max(initial=0.0) < 1e-12:
            break
    found = np.eye(p)
    found[i, j] = found[j, i] = rho
    return _positive(found)


def _positive(correlations: Array) -> Array:
    """Lift small eigenvalues, and scale back to a diagonal of ones."""
    values, vectors = np.linalg.eigh(correlations)
    if values[0] >= EIGENVALUE:
        return correlations
    lifted = (vectors * np.maximum(values, EIGENVALUE)) @ vectors.T
    sd = np.sqrt(np.diag(lifted))
    result: Array = lifted / np.outer(sd, sd)
    return result

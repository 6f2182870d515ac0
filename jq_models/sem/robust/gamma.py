"""tr(U Gamma) and tr((U Gamma)^2) of Satorra and Bentler (1994), without U and Gamma.

Gamma = 1/n sum t_i t_i' with t_i a case's centred part of the moments, and U = V - V Delta A^-1 Delta' V with
A = Delta' V Delta. So with K_ij = t_i' V t_j, which is 1/2 (y_i' y_j)^2 (+ y_i' y_j with means) but for the
centring, y the cases in units of the model's covariance matrix, and r_i = Delta' V t_i
(`robust.sandwich.moment_rows`),

    tr(U Gamma)     = mean K_ii - tr(A^-1 R),  R = mean r_i r_i'
    tr((U Gamma)^2) = mean (K_ij - r_i' A^-1 r_j)^2

over groups with the weights f_g = n_g / N: group g's Gamma by f_g, its V times f_g. Sums over pairs of cases
go by blocks of rows; with many cases and few variables by the p* moments instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from jq_models.numeric.moments import Array
from jq_models.sem.robust.sandwich import deviations
from jq_models.sem.sample import GroupSample

# numbers in one block of K or of moments
BLOCK = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Cases of one group in units of a covariance matrix.

    Attributes
    ----------
    y : ndarray, shape (n, p)
        Deviations from the mean.
    fitted : ndarray, shape (n, p), or None
        What the fixed exogenous variables predict of them.
    means : bool
        Whether the means are moments too.
    """

    y: Array
    fitted: Array | None
    means: bool


def spread_of(group: GroupSample, implied: Array, *, means: bool, x: Sequence[int] = ()) -> Spread:
    """Put a group's complete cases in units of the covariance matrix `implied`, shape (p, p)."""
    root = np.linalg.cholesky(implied)
    d, h = deviations(group, x=x)
    y: Array = solve_triangular(root, d.T, lower=True, check_finite=False).T
    fitted = None if h is None else solve_triangular(root, h.T, lower=True, check_finite=False).T
    return Spread(y=np.ascontiguousarray(y), fitted=fitted, means=means)


def gamma_traces(
    spreads: Sequence[Spread], rows: Sequence[Array], information: Array, *, square: bool = True
) -> tuple[float, float]:
    """Return tr(U Gamma) and tr((U Gamma)^2); NaN when the information is not positive definite.

    Parameters
    ----------
    spreads : sequence of Spread
        Each group's cases in units of the implied covariance matrix.
    rows : sequence of ndarray, shape (n_g, k)
        `robust.sandwich.moment_rows` of each group.
    information : ndarray, shape (k, k)
        Expected information of one case.
    square : bool
        Whether the second trace is wanted; else it is NaN.
    """
    n = sum(len(s.y) for s in spreads)
    try:
        root = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return np.nan, np.nan
    low = [solve_triangular(root, r.T, lower=True, check_finite=False).T for r in rows]
    model = np.zeros_like(root)
    for own in low:
        model += own.T @ own
    model /= n
    trace = sum(_diagonal(s) for s in spreads) - float(np.trace(model))
    if not square:
        return trace, np.nan
    second = float(np.vdot(model, model))
    for spread, own in zip(spreads, low, strict=True):
        whole, part = _by_moments(spread, own) if _few_moments(spread, own) else _by_cases(spread, own)
        size = len(spread.y)
        second += whole / size**2 - 2.0 * part / (size * n)
    return trace, second


def independence_traces(
    groups: Sequence[GroupSample], *, x: Sequence[int] = (), square: bool = True
) -> tuple[float, float]:
    """Return both traces of the independence model, whose parameters are the variances.

    The fixed exogenous variables `x` (places) keep their covariances. A mean structure changes nothing.
    """
    n = sum(g.n for g in groups)
    spreads, rows, sizes = [], [], []
    kept = np.setdiff1d(np.arange(len(groups[0].moments.covariance)), np.asarray(x, dtype=np.intp))
    k = len(kept)
    for g, group in enumerate(groups):
        implied = np.diag(np.diag(group.moments.covariance))
        at = np.ix_(list(x), list(x))
        implied[at] = group.moments.covariance[at]
        spread = spread_of(group, implied, means=False, x=x)
        squares = spread.y[:, kept] ** 2
        if spread.fitted is not None:
            squares = squares - spread.fitted[:, kept] ** 2
        own = np.zeros((len(squares), k * len(groups)))
        own[:, g * k : (g + 1) * k] = (squares - squares.mean(axis=0)) / np.sqrt(2.0)
        spreads.append(spread)
        rows.append(own)
        sizes.append(np.full(k, group.n / n))
    return gamma_traces(spreads, rows, np.diag(np.concatenate(sizes)), square=square)


def _diagonal(spread: Spread) -> float:
    """Return mean K_ii."""
    y, h = spread.y, spread.fitted
    own = np.einsum("ij,ij->i", y, y)
    mean = y.T @ y / len(y)
    each = 0.5 * own * own
    level = own
    if h is not None:
        fit, cross = np.einsum("ij,ij->i", h, h), np.einsum("ij,ij->i", y, h)
        mean = mean - h.T @ h / len(y)
        each += 0.5 * fit * fit - cross * cross
        level = own - 2.0 * cross + fit
    result = float(each.mean()) - 0.5 * float(np.vdot(mean, mean))
    return result + (float(level.mean()) if spread.means else 0.0)


def _few_moments(spread: Spread, low: Array) -> bool:
    (n, p), k = spread.y.shape, low.shape[1]
    moments = p * (p + 1) // 2 + p
    return bool(moments * (moments + 2 * k) < n * (p + k))


def _by_cases(spread: Spread, low: Array) -> tuple[float, float]:
    """Return sum K_ij^2 and sum K_ij low_i' low_j by blocks of K."""
    y, h = spread.y, spread.fitted
    n = len(y)
    mean = y.T @ y / n - (0.0 if h is None else h.T @ h / n)
    middle = 0.5 * np.einsum("ij,ij->i", y @ mean, y)
    if h is not None:
        middle -= 0.5 * np.einsum("ij,ij->i", h @ mean, h)
    centre = 0.5 * float(np.vdot(mean, mean))
    whole = part = 0.0
    size = max(1, BLOCK // n)
    for start in range(0, n, size):
        # K is symmetric: the block on the diagonal counts once, what stands to the right of it twice
        stop = min(start + size, n)
        K = _kernel(spread, slice(start, stop), slice(start, n))
        K += centre - middle[start:stop, None] - middle[start:]
        twice = np.full(n - start, 2.0)
        twice[: stop - start] = 1.0
        weighted = K * twice
        whole += float(np.vdot(K, weighted))
        part += float(np.vdot(weighted @ low[start:], low[start:stop]))
    return whole, part


def _kernel(spread: Spread, a: slice, b: slice) -> Array:
    """Return a block of t_i' V t_j before centring."""
    y, h = spread.y, spread.fitted
    yy = y[a] @ y[b].T
    K: Array = 0.5 * yy * yy
    if spread.means:
        K += yy
    if h is not None:
        hh, yh, hy = h[a] @ h[b].T, y[a] @ h[b].T, h[a] @ y[b].T
        K += 0.5 * (hh * hh - yh * yh - hy * hy)
        if spread.means:
            K += hh - yh - hy
    return K


def _by_moments(spread: Spread, low: Array) -> tuple[float, float]:
    """Return the same from the moments' products: n Gamma and its part in the model."""
    p = spread.y.shape[1]
    moments = p * (p + 1) // 2 + (p if spread.means else 0)
    gamma, cross = np.zeros((moments, moments)), np.zeros((moments, low.shape[1]))
    for block, own in _moments(spread, low):
        gamma += block.T @ block
        cross += block.T @ own
    return float(np.vdot(gamma, gamma)), float(np.vdot(cross, cross))


def _moments(spread: Spread, low: Array) -> Iterator[tuple[Array, Array]]:
    """Yield centred moments in the metric of V, by blocks of cases, with their part in the model."""
    y, h = spread.y, spread.fitted
    n, p = y.shape
    i, j = np.triu_indices(p)
    weight = np.where(i == j, np.sqrt(0.5), 1.0)
    mean = (y.T @ y / n - (0.0 if h is None else h.T @ h / n))[i, j]
    size = max(1, BLOCK // len(i))
    for start in range(0, n, size):
        at = slice(start, start + size)
        block = y[at][:, i] * y[at][:, j]
        if h is not None:
            block -= h[at][:, i] * h[at][:, j]
        block -= mean
        block *= weight
        if spread.means:
            block = np.hstack([block, y[at] if h is None else y[at] - h[at]])
        yield block, low[at]

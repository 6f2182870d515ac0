"""Alignment of a one-factor model over many groups.

Asparouhov and Muthen (2014, Structural Equation Modeling 21, 495-508). Each group has its own loadings l0 and
intercepts v0, with factor mean 0 and variance 1. Means a and variances psi are chosen so that what the items
would then have, l = l0 / sqrt(psi) and v = v0 - a l, differ between as few pairs of groups as possible:

    F = sum over pairs g < h and items of sqrt(n_g n_h) (f(l_g - l_h) + f(v_g - v_h)), f(x) = (x^2 + e)^(1/4),

which prefers a few large differences to many small ones, as a rotation to simple structure does. Scale: the
product of the variances is 1. FIXED: the first group's mean is 0; FREE: it is estimated, which needs some
noninvariance and more than two groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

EPSILON = 0.01
STARTS = 5
STEP = 1e-30
POLISH = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """An aligned solution.

    Attributes
    ----------
    means, deviations : ndarray, shape (groups,)
        Factor means and standard deviations; the product of the deviations is 1.
    loadings, intercepts : ndarray, shape (groups, items)
    loss : float
    agreeing : int
        Of the starts, how many ended at this solution.
    slope : ndarray, shape (free, parameters)
        How the free means and log deviations move with the configural estimates, ordered as
        ``[loadings, intercepts]`` group after group.
    free : bool
        Whether the first mean was estimated.
    """

    means: Array
    deviations: Array
    loadings: Array
    intercepts: Array
    loss: float
    agreeing: int
    slope: Array
    free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Configural estimates (groups, items) and weights (groups, groups)."""

    weights: Array
    shape: tuple[int, int]
    epsilon: float
    free: bool

    def split(self, theta: Array | Complex) -> tuple[Array | Complex, Array | Complex]:
        """Return means and log deviations of all groups; the deviations' product is 1."""
        count = self.shape[0] if self.free else self.shape[0] - 1
        means = theta[:count] if self.free else np.concatenate([np.zeros(1), theta[:count]])
        later = theta[count:]
        return means, np.concatenate([-np.sum(later, keepdims=True), later])

    def aligned(
        self, theta: Array | Complex, eta: Array | Complex
    ) -> tuple[Array | Complex, Array | Complex, Array | Complex]:
        """Return aligned loadings and intercepts, and the means."""
        means, logs = self.split(theta)
        pairs = eta.reshape(self.shape[0], 2, self.shape[1])
        loadings = pairs[:, 0] * np.exp(-logs)[:, None]
        return loadings, pairs[:, 1] - means[:, None] * loadings, means

    def loss(self, theta: Array, eta: Array) -> float:
        """Return F."""
        loadings, intercepts, _ = self.aligned(theta, eta)
        total = 0.0
        for values in (loadings, intercepts):
            apart = values[:, None] - values[None]
            total += float(np.einsum("gh,ghp->", self.weights, (apart**2 + self.epsilon) ** 0.25))
        return total / 2.0

    def gradient(self, theta: Array | Complex, eta: Array | Complex) -> Array | Complex:
        """Return dF / d theta."""
        loadings, intercepts, means = self.aligned(theta, eta)
        by_loading, by_intercept = self._slopes(loadings), self._slopes(intercepts)
        by_mean = -np.sum(by_intercept * loadings, axis=1)
        by_log = np.sum(-loadings * by_loading + means[:, None] * loadings * by_intercept, axis=1)
        return np.concatenate([by_mean if self.free else by_mean[1:], by_log[1:] - by_log[0]])

    def _slopes(self, values: Array | Complex) -> Array | Complex:
        apart = values[:, None] - values[None]
        slope = 0.5 * apart * (apart**2 + self.epsilon) ** -0.75
        return np.asarray(np.einsum("gh,ghp->gp", self.weights, slope))

    def jacobian(self, theta: Array, eta: Array, *, of: str) -> Array:
        """Return the derivatives of the gradient with respect to theta or eta, by complex steps."""
        start = (theta if of == "theta" else eta).astype(complex)
        columns = []
        for k in range(len(start)):
            moved = start.copy()
            moved[k] += 1j * STEP
            both = (moved, eta) if of == "theta" else (theta, moved)
            columns.append(np.imag(self.gradient(*both)) / STEP)
        return np.array(columns).T


def align(
    loadings: Array,
    intercepts: Array,
    *,
    sizes: Array,
    free: bool = False,
    epsilon: float = EPSILON,
    starts: int = STARTS,
    rng: np.random.Generator,
) -> Aligned:
    """Align the groups' loadings and intercepts.

    Parameters
    ----------
    loadings, intercepts : ndarray, shape (groups, items)
        Of the configural model, every factor with mean 0 and variance 1.
    sizes : ndarray, shape (groups,)
        Persons.
    free : bool
        FREE in place of FIXED alignment.
    epsilon : float
        e in the loss: in units of the items, squared.
    starts : int
        Searches: from equal means and variances, from least squares, the others at random.
    rng : Generator
        Of the random starts.
    """
    groups, items = loadings.shape
    # the mean weight is 1, so that sizes of groups do not move the stopping rule
    weights = np.sqrt(np.outer(sizes, sizes))
    np.fill_diagonal(weights, 0.0)
    weights = weights / weights.sum() * 2.0
    problem = _Problem(weights=weights, shape=(groups, items), epsilon=epsilon, free=free)
    eta = np.stack([loadings, intercepts], axis=1).ravel()
    found = [_search(problem, eta, start) for start in _starts(problem, eta, starts, rng)]
    values = np.array([problem.loss(theta, eta) for theta in found])
    best = found[int(values.argmin())]
    aligned, shifted, means = problem.aligned(best, eta)
    _, logs = problem.split(best)
    curvature = problem.jacobian(best, eta, of="theta")
    slope = -np.linalg.lstsq(curvature, problem.jacobian(best, eta, of="eta"), rcond=None)[0]
    return Aligned(
        means=np.real(means),
        deviations=np.exp(np.real(logs)),
        loadings=np.real(aligned),
        intercepts=np.real(shifted),
        loss=float(values.min()),
        agreeing=int((values < values.min() + 1e-6).sum()),
        slope=np.asarray(slope, dtype=np.float64),
        free=free,
    )


def _starts(problem: _Problem, eta: Array, starts: int, rng: np.random.Generator) -> list[Array]:
    groups = problem.shape[0]
    pairs = eta.reshape(groups, 2, problem.shape[1])
    logs = np.log(np.maximum(np.abs(pairs[:, 0]).mean(axis=1), 1e-3))
    logs = logs - logs.mean()
    loading = (pairs[:, 0] * np.exp(-logs)[:, None]).mean(axis=0)
    shift = (pairs[:, 1] - pairs[:, 1].mean(axis=0)) @ loading / (loading @ loading)
    shift = shift if problem.free else shift - shift[0]
    near = np.concatenate([shift if problem.free else shift[1:], logs[1:]])
    own = [np.zeros_like(near), near]
    return own + [near + rng.normal(0.0, 0.3, len(near)) for _ in range(max(starts - 2, 0))]


def _search(problem: _Problem, eta: Array, start: Array) -> Array:
    result = minimize(
        problem.loss,
        start,
        args=(eta,),
        jac=lambda theta, e: np.real(problem.gradient(theta, e)),
        method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9},
    )
    theta = np.asarray(result.x, dtype=np.float64)
    # to the very bottom by Newton steps, as long as they help: the slopes above ask for a zero gradient
    for _ in range(POLISH):
        gradient = np.real(problem.gradient(theta, eta))
        if np.abs(gradient).max() < 1e-12:
            break
        step = np.linalg.lstsq(problem.jacobian(theta, eta, of="theta"), gradient, rcond=None)[0]
        if problem.loss(theta - step, eta) > problem.loss(theta, eta):
            break
        theta = theta - step
    return theta

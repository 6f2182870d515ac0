"""Newton steps in a trust region, with the exact second derivative: for what stalls every quicker search.

Improper solutions, vanishing marker loadings and factors that all but coincide leave narrow curved valleys
and saddle points; there a step must follow negative curvature too. Each step minimises the quadratic model
within a radius, from the eigenvalues of the Hessian (Nocedal and Wright 2006, Numerical optimization, 4.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array
from jq_models.sem.derivatives import Point

# radius in units of the expected information's diagonal: about what raises F by one
FIRST, WIDEST, NARROWEST = 0.5, 50.0, 1e-9
# share of the predicted decrease that a step must keep, and that widens the region
KEPT, GOOD = 1e-3, 0.75
BISECTIONS = 60

# evaluate at theta with a curvature: "none", "expected" or "observed"
Evaluate = Callable[[Array, str], Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadratic:
    """F near a point, in units of the parameters' scale (k,): slope and Hessian by eigenvectors.

    `slope` and `values` (k,) belong to the columns of `vectors` (k, k); values ascend.
    """

    scale: Array
    slope: Array
    values: Array
    vectors: Array

    def step(self, radius: float) -> tuple[Array, float]:
        """Return the best step within a radius, in the parameters' own units, and the decrease predicted."""
        move = _within(self.slope, self.values, radius=radius)
        predicted = -float(self.slope @ move + 0.5 * self.values @ (move * move))
        step: Array = self.scale * (self.vectors @ move)
        return step, predicted


def trust_region(
    evaluate: Evaluate, theta: Array, *, until: float, iterations: int
) -> tuple[Array, Point, int, bool]:
    """Minimise from a point with a finite objective.

    Parameters
    ----------
    evaluate : callable
        From theta and curvature to `Point`.
    theta : ndarray, shape (k,)
    until : float
        Predicted decrease of F that ends the search.
    iterations : int
        At most.

    Returns
    -------
    theta, point, iterations, done
    """
    point, model = _model(evaluate, theta)
    radius = FIRST
    for used in range(iterations):
        if model is None or radius < NARROWEST:
            return theta, point, used, False
        step, predicted = model.step(radius)
        if predicted <= until:
            return theta, point, used, True
        tried = evaluate(theta + step, "none")
        rounding = 1e-14 * max(1.0, abs(point.objective))
        gain = point.objective - tried.objective + rounding
        if not gain >= KEPT * predicted:
            radius = 0.25 * min(radius, _length(step / model.scale))
            continue
        if gain >= GOOD * predicted and _length(step / model.scale) > 0.9 * radius:
            radius = min(2.0 * radius, WIDEST)
        theta = theta + step
        point, model = _model(evaluate, theta)
    return theta, point, iterations, False


def _model(evaluate: Evaluate, theta: Array) -> tuple[Point, Quadratic | None]:
    point = evaluate(theta, "expected")
    diagonal = 2.0 * point.information.diagonal()
    if not np.isfinite(diagonal).all():
        return point, None
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    hessian = 2.0 * evaluate(theta, "observed").information * np.multiply.outer(scale, scale)
    if not np.isfinite(hessian).all():
        return point, None
    values, vectors = np.linalg.eigh(hessian)
    slope = vectors.T @ (scale * point.gradient)
    return point, Quadratic(scale=scale, slope=slope, values=values, vectors=vectors)


def _within(slope: Array, values: Array, *, radius: float) -> Array:
    """Minimise slope'x + x' diag(values) x / 2 over |x| <= radius; values ascend."""
    if values[0] > 0.0:
        inside: Array = -slope / values
        if _length(inside) <= radius:
            return inside
    # the shift that puts the step on the boundary lies above -values[0]
    low = max(0.0, -float(values[0]))
    high = low + _length(slope) / radius + 1e-300
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        if _length(slope / np.maximum(values + middle, 1e-300)) > radius:
            low = middle
        else:
            high = middle
    move: Array = -slope / np.maximum(values + high, 1e-300)
    # the slope may have no part along the lowest curvature: a saddle point is then left along it
    missing = radius**2 - float(move @ move)
    if values[0] < 0.0 and missing > 0.0:
        move[0] += np.sqrt(missing) * (1.0 if move[0] >= 0.0 else -1.0)
    return move


def _length(x: Array) -> float:
    return float(np.sqrt(x @ x))

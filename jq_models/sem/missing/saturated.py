"""Means and covariances from incomplete answers: the EM estimate of an unrestricted normal.

The EM map (Little and Rubin, 2019, Statistical analysis with missing data, ch. 11) is accelerated by
Anderson's (1965, Journal of the ACM 12, 547-560) mixing of its last iterates; a mixture at which the
likelihood fell, or whose covariance matrix is not positive definite, is given up for the plain EM step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

from jq_models.numeric.moments import SINGULAR, Array, Moments, UnfitError, check_size, read_only
from jq_models.sem.missing.patterns import (
    Completed,
    MissingData,
    Patterns,
    completed,
    missing_data,
    patterns_of,
)

MAX_ITERATIONS = 1000
# squared length of an EM step, in the metric of the complete data's information of one case
DONE = 1e-20
# the same where rounding lets it fall no further
NEARLY = 1e-14
# iterations without a shorter step after which rounding is taken to be the reason
PATIENCE = 12
MEMORY = 8
# an estimate on its way to a singular matrix never quite gets there: looked at every LOOK iterations
NEARLY_SINGULAR, LOOK = 1e-6, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturated:
    """Maximum-likelihood mean and covariance of incomplete cases.

    Attributes
    ----------
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
    log_likelihood : float
        There; weighted when the cases are.
    iterations : int
        E-steps.
    converged : bool
    """

    mean: Array
    covariance: Array
    log_likelihood: float
    iterations: int
    converged: bool


def em_saturated(
    cases: Array, patterns: Patterns, *, weights: Array | None = None, names: Sequence[str] = ()
) -> Saturated:
    """Estimate an unrestricted mean and covariance.

    Parameters
    ----------
    cases : ndarray, shape (n, p)
        NaN where an answer is missing.
    patterns : Patterns
        ``patterns_of(cases)``.
    weights : ndarray, shape (n,), optional
        Of cases.
    names : sequence of str
        The p variables, for messages; else numbers from 1.

    Raises
    ------
    UnfitError
        With code "too_few_cases"; "constant"; "never_together": two variables are never observed in one
        case; or "singular": some variables determine one another.
    """
    data = missing_data(cases, patterns, weights=weights)
    labels = tuple(names) or tuple(str(i + 1) for i in range(data.values.shape[1]))
    _check(data, labels)
    scaled, centre, scale = _standardised(data)
    p = len(scale)
    found = _em(scaled, labels, mean=np.zeros(p), covariance=np.eye(p))
    lost = float((data.weighted(data.observed) @ np.log(scale)).sum())
    return replace(
        found,
        mean=read_only(centre + scale * found.mean),
        covariance=read_only(found.covariance * np.multiply.outer(scale, scale)),
        log_likelihood=found.log_likelihood - lost,
    )


def saturated_moments(cases: Array, names: tuple[str, ...], *, weights: Array | None = None) -> Moments:
    """Return the estimates of `em_saturated` as moments; `n` counts the cases with an answer.

    Raises
    ------
    UnfitError
        As `em_saturated`; also, with code "singular", when EM did not converge: the answers are too few.
    """
    patterns = patterns_of(cases)
    found = em_saturated(cases, patterns, weights=weights, names=names)
    if not found.converged:
        _raise_singular(_smallest(found.covariance)[1], names, n=len(patterns.kept))
    return Moments(names=names, covariance=found.covariance, mean=found.mean, n=len(patterns.kept))


def _check(data: MissingData, names: tuple[str, ...]) -> None:
    present = data.observed if data.weights is None else data.observed * (data.weights > 0)[:, None]
    n, p = int(present.any(axis=1).sum()), present.shape[1]
    check_size(n, p)
    low = np.where(present > 0, data.values, np.inf).min(axis=0)
    high = np.where(present > 0, data.values, -np.inf).max(axis=0)
    constant = [
        name for name, a, b in zip(names, low, high, strict=True) if not b - a > 1e-7 * max(abs(a), 1e-300)
    ]
    if constant:
        raise UnfitError(
            f"No differences between the answers in: {', '.join(constant)}. "
            "A constant variable cannot be modelled: take it out.",
            code="constant",
            where=tuple(constant),
            n=n,
        )
    apart = np.argwhere(np.triu(present.T @ present == 0.0))
    if len(apart):
        pairs = tuple(f"{names[i]}, {names[j]}" for i, j in apart)
        shown = "; ".join(pairs[:5]) + ("; ..." if len(pairs) > 5 else "")
        raise UnfitError(
            f"No case answered both of these variables: {shown}. Their covariance cannot be estimated: "
            "model them apart, or collect answers to both.",
            code="never_together",
            where=pairs,
            n=n,
        )


def _standardised(data: MissingData) -> tuple[MissingData, Array, Array]:
    """Return the data in standard units, and the centre and scale (p,) of the observed answers."""
    weights = data.weighted(data.observed)
    total = weights.sum(axis=0)
    centre = (weights * data.values).sum(axis=0) / total
    z = (data.values - centre) * data.observed
    scale = np.sqrt((weights * z * z).sum(axis=0) / total)
    return replace(data, values=z / scale), centre, scale


def _em(data: MissingData, names: tuple[str, ...], *, mean: Array, covariance: Array) -> Saturated:
    at = completed(data, mean=mean, covariance=covariance)
    mixer = _Mixer()
    shortest, waited, length, iteration = np.inf, 0, np.inf, 0
    while at is not None and iteration < MAX_ITERATIONS:
        iteration += 1
        step = at.shift, at.moments - np.multiply.outer(at.shift, at.shift) - covariance
        length = _squared_length(at, step)
        shortest, waited = (length, 0) if length < 0.5 * shortest else (shortest, waited + 1)
        if length <= DONE or (waited >= PATIENCE and shortest <= NEARLY):
            break
        if iteration % LOOK == 0 and _smallest(covariance)[0] < NEARLY_SINGULAR:
            break
        plain = mean + step[0], covariance + step[1]
        mean, covariance, following = _next(data, at, mixer, here=(mean, covariance), plain=plain)
        at = following
    converged = at is not None and (length <= DONE or shortest <= NEARLY)
    _check_definite(covariance, names, limit=SINGULAR if converged else NEARLY_SINGULAR, n=len(data.values))
    return Saturated(
        mean=mean,
        covariance=covariance,
        log_likelihood=at.log_likelihood if at is not None else np.nan,
        iterations=iteration,
        converged=converged,
    )


def _next(
    data: MissingData,
    at: Completed,
    mixer: _Mixer,
    *,
    here: tuple[Array, Array],
    plain: tuple[Array, Array],
) -> tuple[Array, Array, Completed | None]:
    """Move to the mixture of the last EM steps, or by the plain one where that is no good."""
    mixed = mixer.mixed(_flat(here), _flat(plain))
    if mixed is not None:
        mean, covariance = _unflat(mixed, len(here[0]))
        found = completed(data, mean=mean, covariance=covariance)
        # a fall within rounding is none
        slack = 1e-13 * abs(at.log_likelihood)
        if found is not None and found.log_likelihood >= at.log_likelihood - slack:
            return mean, covariance, found
        mixer.forget()
    return *plain, completed(data, mean=plain[0], covariance=plain[1])


class _Mixer:
    """Anderson mixing: the combination of the last points whose EM steps cancel best."""

    def __init__(self) -> None:
        self.points: list[Array] = []
        self.steps: list[Array] = []

    def mixed(self, point: Array, image: Array) -> Array | None:
        """Take a point and its image; return a better one, None while there is nothing to mix."""
        step = image - point
        self.points.append(point)
        self.steps.append(step)
        if len(self.steps) == 1:
            return None
        del self.points[: -MEMORY - 1], self.steps[: -MEMORY - 1]
        change = np.diff(np.array(self.steps), axis=0).T
        moved = np.diff(np.array(self.points), axis=0).T
        length = np.sqrt((change * change).sum(axis=0))
        if not (length > 0).all():
            return None
        share = np.linalg.lstsq(change / length, step, rcond=1e-10)[0] / length
        result: Array = image - (moved + change) @ share
        return result

    def forget(self) -> None:
        """Start anew."""
        self.points.clear()
        self.steps.clear()


def _flat(at: tuple[Array, Array]) -> Array:
    return np.concatenate([at[0], at[1].reshape(-1)])


def _unflat(values: Array, p: int) -> tuple[Array, Array]:
    covariance = values[p:].reshape(p, p)
    return values[:p], (covariance + covariance.T) / 2.0


def _squared_length(at: Completed, step: tuple[Array, Array]) -> float:
    """Return d' P d + 1/2 tr(P D P D) for a step d of the mean and D of the covariance."""
    PD = at.precision @ step[1]
    return float(step[0] @ at.precision @ step[0] + 0.5 * (PD * PD.T).sum())


def _check_definite(covariance: Array, names: tuple[str, ...], *, limit: float, n: int) -> None:
    value, vector = _smallest(covariance)
    if value > limit:
        return
    _raise_singular(vector, names, n=n)


def _raise_singular(vector: Array, names: tuple[str, ...], *, n: int) -> NoReturn:
    weight = np.abs(vector)
    linked = [name for name, w in zip(names, weight, strict=True) if w > 0.1 * weight.max()]
    raise UnfitError(
        "The covariance matrix estimated from the incomplete answers is singular: these variables determine "
        f"one another: {', '.join(linked)}. Look for a duplicated or summed column and take it out, or for "
        "variables that too few cases answered together.",
        code="singular",
        where=tuple(linked),
        n=n,
    )


def _smallest(covariance: Array) -> tuple[float, Array]:
    """Return the smallest eigenvalue of the correlation matrix, and its vector (p,)."""
    deviation = np.sqrt(np.maximum(covariance.diagonal(), 1e-300))
    values, vectors = np.linalg.eigh(covariance / np.multiply.outer(deviation, deviation))
    return float(values[0]), vectors[:, 0]

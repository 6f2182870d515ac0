"""Samples drawn from a known population of the study model, and what estimation recovers of it.

The population: loadings 0.80, 0.75, 0.70 (0.75, 0.70) of standardised items, dimensions correlated 0.49,
paths of 0.08 to SAT and 0.04 to COM from each, 0.40 from SAT to COM, disturbances of 0.51 and 0.42 of a
dimension's variance. Markers are 1, so that dimensions have variance 0.64.

Skewed samples keep the covariance matrix exactly: x = Lambda A zeta + epsilon, with zeta a triangular root of
Psi times independent standardised chi-squares, and epsilon the same item by item.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from jq_models.sem import Moments, fit_sem, implied_at
from jq_models.sem.matrices import Filled, ModelMatrices, filled, model_matrices
from jq_models.sem.table import parameter_table

# the benchmark is no installed package
CHECKOUT = str(Path(__file__).parents[2])
if CHECKOUT not in sys.path:
    sys.path.append(CHECKOUT)

from benchmarks.data import ITEMS, LOADINGS, study_model  # noqa: E402

Floats = npt.NDArray[np.float64]
VARIANCE, BETWEEN = LOADINGS[0] ** 2, 0.49
PATHS = {"SAT": 0.08, "COM": 0.04}
DISTURBANCE = {"SAT": 0.51 * VARIANCE, "COM": 0.42 * VARIANCE}
# degrees of freedom of the chi-squares: skew sqrt(8 / df), excess kurtosis 12 / df
SKEWED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """theta (k,), their names, and the matrices at theta."""

    theta: Floats
    names: tuple[str, ...]
    matrices: ModelMatrices
    state: Filled

    @property
    def variance_like(self) -> npt.NDArray[np.bool_]:
        """Which parameters are variances or covariances, (k,)."""
        return np.array(["~~" in name for name in self.names])


@cache
def population() -> Population:
    """Build the population."""
    parameters = parameter_table(study_model())
    names = parameters.observed
    p = len(names)
    moments = Moments(names=names, covariance=np.eye(p), mean=np.zeros(p), n=2 * p)
    matrices = model_matrices(parameters, moments)
    theta = np.array(
        [_value(*name.replace(" ", "").partition(_operator(name))) for name in parameters.free_names]
    )
    return Population(
        theta=theta, names=parameters.free_names, matrices=matrices, state=filled(matrices, theta)
    )


def _operator(name: str) -> str:
    return next(op for op in ("=~", "~~", "~") if op in name)


def _value(lhs: str, op: str, rhs: str) -> float:
    if op == "=~":
        return _loading(rhs) / LOADINGS[0]
    if op == "~":
        return 0.4 if rhs == "SAT" else PATHS[lhs]
    if lhs != rhs:
        return BETWEEN * VARIANCE
    if lhs in ITEMS:
        return DISTURBANCE.get(lhs, VARIANCE)
    return 1.0 - _loading(lhs) ** 2


def _loading(item: str) -> float:
    return LOADINGS[int(item[3:]) - 1]


def normal_sample(n: int, rng: np.random.Generator) -> Floats:
    """Draw n normal cases, (n, p)."""
    root = np.linalg.cholesky(implied_at(population().matrices, population().theta))
    return rng.standard_normal((n, len(root))) @ root.T


def skewed_sample(n: int, rng: np.random.Generator) -> Floats:
    """Draw n cases with the same covariance matrix, skewed and with heavy tails, (n, p)."""
    state = population().state
    zeta = _chi_squares(n, len(state.psi), rng) @ np.linalg.cholesky(state.psi).T
    own = _chi_squares(n, len(state.theta), rng) * np.sqrt(np.diag(state.theta))
    return zeta @ (state.loading @ state.total).T + own


def _chi_squares(n: int, columns: int, rng: np.random.Generator) -> Floats:
    draws: Floats = (rng.chisquare(SKEWED, (n, columns)) - SKEWED) / np.sqrt(2.0 * SKEWED)
    return draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Fits of many samples: estimates and standard errors (samples, k), p values of both tests (samples,)."""

    estimates: Floats
    se: Floats
    p_values: Floats
    p_values_scaled: Floats

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Whether each 95 % interval holds the population's value, (samples, k)."""
        return np.abs(self.estimates - population().theta) <= norm.ppf(0.975) * self.se

    @property
    def coverage(self) -> Floats:
        """Of each parameter, (k,)."""
        share: Floats = self.covered.mean(axis=0)
        return share

    @property
    def overall_error(self) -> float:
        """Monte Carlo standard error of the mean coverage: samples are independent, parameters are not."""
        by_sample = self.covered.mean(axis=1)
        return float(by_sample.std(ddof=1) / np.sqrt(len(by_sample)))

    @property
    def bias(self) -> Floats:
        """Mean deviation in units of its Monte Carlo standard error, (k,)."""
        deviation = self.estimates - population().theta
        size: Floats = deviation.mean(axis=0) / (deviation.std(axis=0, ddof=1) / np.sqrt(len(deviation)))
        return size

    @property
    def se_ratio(self) -> Floats:
        """Mean standard error over the standard deviation of the estimates, (k,)."""
        ratio: Floats = self.se.mean(axis=0) / self.estimates.std(axis=0, ddof=1)
        return ratio


def recover(
    draw: Callable[[int, np.random.Generator], Floats], *, estimator: str, samples: int, n: int, seed: int = 1
) -> Recovery:
    """Draw samples and fit the study model to each; every fit must be usable.

    Raises
    ------
    FitError
        When one is not.
    """
    names = population().matrices.observed
    fits = []
    for i in range(samples):
        frame = pd.DataFrame(draw(n, np.random.default_rng([seed, i])), columns=list(names))
        fit = fit_sem(study_model(), frame, estimator=estimator).require()
        fits.append((fit.theta, np.sqrt(np.diag(fit.vcov)), fit.test.p_value, fit.test.p_value_scaled))
    columns = [np.array(column) for column in zip(*fits, strict=True)]
    return Recovery(estimates=columns[0], se=columns[1], p_values=columns[2], p_values_scaled=columns[3])

"""Searches in small samples: where they end, what they prefer, and how long they may take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from references import Reference

from jq_models.sem import SemFit, fit_sem, try_fit
from jq_models.sem.metric import Metric, metric_of
from jq_models.sem.stationary import GRADIENT, scaled_gradient
from jq_models.sem.status import _weakest, proper

THREE = "f1 =~ x1 + x2 + x3\nf2 =~ x4 + x5 + x6\nf3 =~ x7 + x8 + x9"
PATHS = THREE + "\nf3 ~ f1 + f2\nf2 ~ f1"
EQUAL = "f1 =~ x1 + a*x2 + b*x3\nf2 =~ x4 + a*x5 + c*x6\nb + c == 1.2"
SECOND = THREE + "\nh =~ NA*f1 + f2 + f3\nh ~~ 1*h"
Floats = npt.NDArray[np.float64]
# a model, a sample and the chi-square where lavaan 0.6-14 ends, admissibly
RESCUED = ((THREE, 6, 35.25270), (PATHS, 6, 35.25270), (EQUAL, 0, 10.83340), (SECOND, 6, 35.25270))
# steps of all searches of a fit together
MOST = 400


def small_sample(seed: int, *, missing: float = 0.0) -> pd.DataFrame:
    """Nine items of three factors with weak and turned loadings, for 40, 60 or 90 cases."""
    rng, n = np.random.default_rng(1000 + seed), (40, 60, 90)[seed % 3]
    between = [[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]]
    f = rng.multivariate_normal([0, 0, 0], between, n)
    columns = []
    for j in range(9):
        loading = rng.uniform(0.3, 0.9) * rng.choice([-1, 1], p=[0.3, 0.7])
        columns.append(f[:, j // 3] * loading + rng.normal(size=n) * 0.8)
    X = np.column_stack(columns)
    if seed % 4 == 0:
        X = np.round(np.clip(1.2 * X + 3, 1, 5))
    if seed % 5 == 0:
        X = X * np.exp(2 * rng.normal(size=9))
    frame = pd.DataFrame(X, columns=[f"x{j}" for j in range(1, 10)])
    return frame.mask(np.random.default_rng(seed).random(frame.shape) < missing) if missing else frame


@pytest.mark.parametrize(("text", "seed", "chi_square"), RESCUED)
def test_a_search_does_not_pass_by_an_admissible_optimum(text: str, seed: int, chi_square: float) -> None:
    fit = fit_sem(text, small_sample(seed))
    assert fit.usable
    assert fit.status.admissible
    assert fit.test.chi_square == pytest.approx(chi_square, abs=1e-4)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_a_search_that_runs_off_is_given_up(missing: str) -> None:
    """Of the first samples some have no minimum at all; lavaan does not converge there either."""
    share = 0.1 if missing == "fiml" else 0.0
    fits = [try_fit(THREE, small_sample(seed, missing=share), missing=missing) for seed in range(8)]
    assert {fit.status.converged for fit in fits} == {True, False}
    assert max(fit.status.iterations for fit in fits) <= MOST


def test_a_good_sample_takes_few_steps_and_the_same(holzinger: Reference) -> None:
    fits = [fit_sem(holzinger.text, holzinger.data) for _ in range(2)]
    assert fits[0].status.iterations <= 15
    assert fits[0].theta.tobytes() == fits[1].theta.tobytes()


@pytest.mark.parametrize("unit", [1e-6, 1e6, 1e9])
@pytest.mark.parametrize("items", [("x2",), ("x1", "x2", "x3", "x4", "x5", "x6")])
@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_units_change_nothing(
    unit: float, items: tuple[str, ...], missing: str, holzinger: Reference
) -> None:
    text = "f1 =~ x1 + x2 + x3\nf2 =~ x4 + x5 + x6"
    data = holzinger.data[["x1", "x2", "x3", "x4", "x5", "x6"]].astype(float)
    if missing == "fiml":
        data.iloc[::7, 0] = np.nan
    other = data.copy()
    other[list(items)] *= unit
    plain, scaled = (fit_sem(text, frame, missing=missing) for frame in (data, other))
    assert scaled.usable
    assert scaled.status.reasons == ()
    assert scaled.test.chi_square == pytest.approx(plain.test.chi_square, abs=1e-6)
    assert scaled.status.iterations <= 15


def test_a_slope_is_measured_along_the_weakest_direction(holzinger: Reference) -> None:
    """Its square over two is what a step could take off F, and so more than along any one parameter."""
    fit = fit_sem(holzinger.text, holzinger.data)
    point = fit.discrepancy.point(fit.theta + 0.01)
    metric = metric_of(point.information)
    assert isinstance(metric, Metric)
    gain = -float(point.gradient @ metric.step(point.gradient))
    # the information is taken with a hair off its diagonal, which also tells whether it is definite
    assert scaled_gradient(point) == pytest.approx(np.sqrt(gain), rel=1e-6)
    alone = np.abs(point.gradient) / np.sqrt(2.0 * np.diag(point.information))
    assert scaled_gradient(point) > alone.max() > GRADIENT


def test_a_step_is_shortened_as_a_whole() -> None:
    metric = metric_of(np.diag([4.0, 1.0]))
    assert isinstance(metric, Metric)
    assert metric.limited(np.array([0.1, -0.5])).tolist() == [0.1, -0.5]
    assert metric.limited(np.array([1.0, -0.5])).tolist() == [0.5, -0.25]


def test_proper_is_what_the_status_says(holzinger: Reference) -> None:
    fit: SemFit = fit_sem(holzinger.text, holzinger.data)
    assert proper(fit.groups, fit.theta)
    assert proper(fit.groups, fit.theta, states=fit.discrepancy.point(fit.theta).states)
    worse = fit.theta.copy()
    worse[list(fit.groups[0].parameters.free_names).index("x1 ~~ x1")] = -0.1
    assert not proper(fit.groups, worse)
    assert not proper(fit.groups, fit.theta, states=fit.discrepancy.point(worse).states)


def test_the_weakest_are_those_with_a_share_in_the_eigenvector() -> None:
    direction = np.array([0.8, 0.5, 0.3, 0.02])
    direction /= np.linalg.norm(direction)
    # ones on the diagonal, so that no scaling turns the eigenvectors
    found = _weakest(_with_unit_diagonal(direction), ("a", "b", "c", "d"))
    assert found == ("a", "b", "c")


def _with_unit_diagonal(direction: Floats) -> Floats:
    matrix: Floats = -np.outer(direction, direction)
    np.fill_diagonal(matrix, 1.0)
    return matrix

"""What is planted into a population."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from false_alarms import study_model, three_factors

from jq_models.evaluate.cutoffs import planted
from jq_models.sem import Moments, SemFit, fit_sem


def exact(text: str, names: tuple[str, ...], Sigma: np.ndarray, n: int = 400) -> SemFit:
    return fit_sem(text, Moments(names=names, covariance=Sigma, mean=np.zeros(len(Sigma)), n=n))


@pytest.fixture(scope="module")
def three() -> SemFit:
    world = three_factors("small", (0.65, 0.75, 0.80, 0.85), crossed=0.3)
    return exact(world.text, world.names, world.true)


def test_cross_loadings_of_the_weakest_item_of_each_factor(three: SemFit) -> None:
    levels = planted(three)
    assert [len(level.places) for level in levels] == [1, 2, 3]
    assert {(p.first, p.second) for p in levels[2].places} == {("a1", "Fb"), ("b1", "Fc"), ("c1", "Fa")}
    assert {round(p.size, 6) for p in levels[2].places} == {0.3}


def test_variances_stay_and_covariances_are_those_of_the_cross_loading(three: SemFit) -> None:
    (level, *_), Sigma = planted(three), np.array(three.implied)
    assert np.diag(level.covariance) == pytest.approx(np.diag(Sigma), abs=1e-12)
    names, item = three.parameters.observed, level.places[0].first
    i = names.index(item)
    factor = level.places[0].second[1]
    inside = [k for k, name in enumerate(names) if name[0] == factor and k != i]
    change = level.covariance[i, inside] - Sigma[i, inside]
    assert change == pytest.approx(0.3 * np.array([0.65, 0.75, 0.80, 0.85]), abs=1e-4)
    rest = np.delete(np.delete(level.covariance - Sigma, i, axis=0), i, axis=1)
    assert np.abs(rest).max() < 1e-12


def test_a_cross_loading_leaves_a_tenth_unexplained() -> None:
    world = three_factors("high", (0.90, 0.92, 0.93, 0.94), crossed=0.1)
    level = planted(exact(world.text, world.names, world.true))[0]
    size = level.places[0].size
    assert 0 < size < 0.3
    assert 0.81 + size**2 + 2 * size * 0.9 * 0.4 == pytest.approx(0.9, abs=1e-4)


def test_disturbances_of_second_order_dimensions_in_pairs_that_the_model_leaves_out() -> None:
    world = study_model()
    fit = exact(world.text, world.names, world.true)
    levels = planted(fit)
    pairs = [(p.first, p.second) for p in levels[-1].places]
    # D9 with D10, but D11 with D12 is in the model
    assert pairs == [("D1", "D2"), ("D3", "D4"), ("D5", "D6"), ("D7", "D8"), ("D9", "D10")]
    assert [len(level.places) for level in levels] == [2, 4, 5]
    assert {level.kind for level in levels} == {"disturbances"}
    i, j = world.names.index("v1_1"), world.names.index("v2_1")
    left = 0.3 * np.sqrt((1 - 0.75**2) * (1 - 0.60**2)) * 0.60**2
    assert levels[0].covariance[i, j] - world.true[i, j] == pytest.approx(left, abs=1e-4)


def test_residuals_of_a_single_factor(fit_case: Callable[..., SemFit]) -> None:
    Sigma = np.outer([0.5, 0.6, 0.7, 0.8], [0.5, 0.6, 0.7, 0.8])
    np.fill_diagonal(Sigma, 1.0)
    levels = planted(exact("F =~ y1 + y2 + y3 + y4", ("y1", "y2", "y3", "y4"), Sigma))
    assert {level.kind for level in levels} == {"residuals"}
    assert [(p.first, p.second) for p in levels[-1].places] == [("y1", "y2"), ("y3", "y4")]
    added = levels[-1].covariance - Sigma
    assert added[0, 1] == pytest.approx(0.3 * np.sqrt(0.75 * 0.64), abs=1e-5)

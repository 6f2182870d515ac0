"""HTMT and HTMT2 of many matrices at once: against the definitions, pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from jq_models.numeric.heterotrait import heterotrait_ratios

owned = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
PAIRS = list(combinations(range(3), 2))


def matrices(b: int = 4) -> np.ndarray:
    rng = np.random.default_rng(5)
    answers = rng.standard_normal((b, 60, 9)) + rng.standard_normal((b, 60, 1))
    return np.stack([np.corrcoef(x, rowvar=False) for x in answers])


def by_definition(R: np.ndarray, i: int, j: int, *, geometric: bool) -> float:
    """Roemer et al. (2021, eq. 9); Henseler et al. (2015, eq. 6)."""

    def mean(values: np.ndarray) -> float:
        return float(np.prod(values) ** (1 / len(values)) if geometric else np.mean(values))

    def within(k: int) -> float:
        block = R[np.ix_(owned == k, owned == k)]
        return mean(block[np.triu_indices(len(block), 1)])

    return mean(R[np.ix_(owned == i, owned == j)].ravel()) / np.sqrt(within(i) * within(j))


@pytest.mark.parametrize("geometric", [False, True])
def test_ratios_are_those_of_the_definition(geometric: bool) -> None:
    strength = np.abs(matrices())
    found = heterotrait_ratios(strength, owned, geometric=geometric)
    for k, R in enumerate(strength):
        for i, j in PAIRS:
            expected = by_definition(R, i, j, geometric=geometric)
            assert found[k, i, j] == pytest.approx(expected, abs=1e-13)
            assert found[k, j, i] == pytest.approx(expected, abs=1e-13)
        assert np.isnan(np.diag(found[k])).all()
    one = heterotrait_ratios(strength[0], owned, geometric=geometric)
    np.testing.assert_allclose(one, found[0], atol=1e-14)


@pytest.mark.parametrize("geometric", [False, True])
def test_an_item_that_does_not_vary_spoils_its_construct_only(geometric: bool) -> None:
    strength = np.abs(matrices())
    whole = heterotrait_ratios(strength, owned, geometric=geometric)
    strength[1, 0, :], strength[1, :, 0] = np.nan, np.nan
    found = heterotrait_ratios(strength, owned, geometric=geometric)
    assert np.isnan(found[1, 0]).all()
    assert found[1, 1, 2] == pytest.approx(whole[1, 1, 2], abs=1e-13)
    np.testing.assert_array_equal(found[[0, 2, 3]], whole[[0, 2, 3]])


def test_correlations_of_zero() -> None:
    R = np.abs(matrices(1))
    between = R.copy()
    between[0, 0, 3] = between[0, 3, 0] = 0.0
    assert heterotrait_ratios(between, owned, geometric=True)[0, 0, 1] == 0.0
    none = R.copy()
    none[0, 3, 4] = none[0, 4, 3] = 0.0
    for geometric in (False, True):
        found = heterotrait_ratios(none, owned, geometric=geometric)[0]
        assert np.isnan(found[0, 1])
        assert np.isfinite(found[0, 2])


def test_negative_correlations_have_no_geometric_mean() -> None:
    R = np.abs(matrices(2))
    R[0, 0, 3] = R[0, 3, 0] = -0.2
    found = heterotrait_ratios(R, owned, geometric=True)
    assert np.isnan(found[0, 0, 1])
    expected = by_definition(R[1], 0, 1, geometric=True)
    assert found[1, 0, 1] == pytest.approx(expected, abs=1e-13)
    signed = heterotrait_ratios(R, owned)[0, 0, 1]
    assert signed == pytest.approx(by_definition(R[0], 0, 1, geometric=False), abs=1e-13)


def test_a_construct_of_one_item_has_no_ratio() -> None:
    owner = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3])
    found = heterotrait_ratios(np.abs(matrices(1)), owner)[0]
    assert np.isnan(found[3]).all()
    assert np.isfinite(found[0, 1])

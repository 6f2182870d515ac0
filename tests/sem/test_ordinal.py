"""Thresholds, polychoric and polyserial covariances and their gamma, against lavaan 0.6-14."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from references import Reference

from jq_models.errors import DataError
from jq_models.numeric.moments import Array, UnfitError
from jq_models.sem.ordinal.statistics import OrdinalStatistics, ordinal_statistics

CASE = Reference(name="ordinal_statistics")
LEVELS = {"u1": 2, "u2": 5, "u3": 2, "u4": 3, "u5": 7, "u6": 5}


def statistics_of(data: pd.DataFrame, *, levels: dict[str, int]) -> OrdinalStatistics:
    """Of data whose ordered items are coded from 1."""
    codes = data.assign(**{name: data[name] - 1 for name in levels})
    return ordinal_statistics(
        codes.to_numpy(float),
        levels=tuple(levels.get(str(name), 0) for name in data),
        names=tuple(str(name) for name in data),
    )


def cases_of(table: Array) -> Array:
    """The cases (n, 2) of a table, coded from 0."""
    i, j = np.indices(table.shape)
    cells = np.column_stack([i.ravel(), j.ravel()])
    return np.repeat(cells, table.ravel().astype(int), axis=0).astype(float)


def assert_gamma(found: Array, expected: Array) -> None:
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(found / scale, expected / scale, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def mixed() -> OrdinalStatistics:
    return statistics_of(CASE.data, levels=LEVELS)


def test_statistics_and_their_order_equal_lavaan(mixed: OrdinalStatistics) -> None:
    expected = CASE.table("obs")
    assert mixed.labels == tuple(expected["label"])
    np.testing.assert_allclose(mixed.vector, expected["value"], rtol=0, atol=1e-7)


def test_gamma_equals_lavaan(mixed: OrdinalStatistics) -> None:
    assert_gamma(mixed.gamma, CASE.table("gamma").to_numpy())
    np.testing.assert_allclose(mixed.gamma_diagonal, np.diag(mixed.gamma), rtol=1e-12)
    assert mixed.influence.shape == (mixed.n, len(mixed.vector)) == (400, 50)


def test_parts_agree_with_the_vector(mixed: OrdinalStatistics) -> None:
    at = dict(zip(mixed.labels, mixed.vector, strict=True))
    data = CASE.data
    np.testing.assert_allclose(mixed.mean, [0, data["y1"].mean(), 0, 0, data["y2"].mean(), 0, 0, 0])
    assert mixed.thresholds[2].tolist() == [at[f"u2|t{k}"] for k in range(1, 5)]
    assert len(mixed.thresholds[1]) == 0
    np.testing.assert_array_equal(mixed.covariance, mixed.covariance.T)
    assert mixed.covariance[0, 6] == at["u1~~u5"]
    assert mixed.covariance[1, 1] == at["y1~~y1"]
    assert mixed.covariance[0, 0] == 1.0
    np.testing.assert_allclose(at["y1~~y2"], np.cov(data["y1"], data["y2"], bias=True)[0, 1], rtol=1e-12)
    for array in (mixed.vector, mixed.covariance, mixed.influence):
        assert not array.flags.writeable


@pytest.mark.parametrize("row", CASE.table("tables").to_dict("records"), ids=lambda row: row["table"])
def test_tables_with_empty_cells_equal_lavaan(row: dict[str, object]) -> None:
    shape = (int(row["rows"]), int(row["columns"]))  # type: ignore[call-overload]
    table = np.array(str(row["counts"]).split(), float).reshape(shape)
    found = ordinal_statistics(cases_of(table), levels=shape, names=("a", "b"))
    np.testing.assert_allclose(found.vector[-1], row["rho"], rtol=0, atol=1e-7)
    expected = np.array(str(row["gamma"]).split(), float)
    np.testing.assert_allclose(found.gamma[-1], expected, rtol=2e-6, atol=1e-7)


def test_influence_of_a_saturated_table_is_the_derivative() -> None:
    # thresholds and correlation of a full 2 x 2 table fit it exactly, so the influence of a case is the
    # derivative of each statistic with respect to the weight of the cell it lies in
    table = np.array([[4000, 1000], [1500, 3500]])
    found = ordinal_statistics(cases_of(table), levels=(2, 2), names=("a", "b"))
    rows = np.cumsum([0, 4000, 1000, 1500])
    n = table.sum()
    for at, row in zip(((0, 0), (0, 1), (1, 0), (1, 1)), rows, strict=True):
        vectors = []
        for change in (5, -5):
            other = table.copy()
            other[at] += change
            vectors.append(ordinal_statistics(cases_of(other), levels=(2, 2), names=("a", "b")).vector)
        np.testing.assert_allclose((vectors[0] - vectors[1]) * n / 10, found.influence[row], atol=1e-5)


def test_the_sign_of_a_coding_only_turns_signs(mixed: OrdinalStatistics) -> None:
    data = CASE.data.assign(u2=6 - CASE.data["u2"], y1=-CASE.data["y1"])
    turned = statistics_of(data, levels=LEVELS)
    sign = np.where(np.isin(mixed.names, ("u2", "y1")), -1.0, 1.0)
    np.testing.assert_allclose(turned.covariance, mixed.covariance * np.outer(sign, sign), atol=1e-9)
    np.testing.assert_allclose(turned.thresholds[2], -mixed.thresholds[2][::-1], atol=1e-12)


def test_published_data_agree_with_lavaan(shared: Path) -> None:
    folder = shared / "oracles" / "lavaan"
    items = [f"x{i}" for i in range(1, 10)]
    data = pd.read_csv(folder / "hs_ord_data.csv")[items]
    found = statistics_of(data, levels=dict.fromkeys(items, 5))
    expected = pd.read_csv(folder / "hs_wlsmv_polychoric.csv").to_numpy()
    np.testing.assert_allclose(found.covariance, expected, rtol=0, atol=1e-6)


def test_only_ordered_only_continuous_and_single_items() -> None:
    data = CASE.data
    ordered = statistics_of(data[list(LEVELS)], levels=LEVELS)
    assert len(ordered.vector) == 18 + 15
    smooth = statistics_of(data[["y1", "y2"]], levels={})
    assert smooth.labels == ("y1~1", "y2~1", "y1~~y1", "y2~~y2", "y1~~y2")
    assert statistics_of(data[["u4"]], levels={"u4": 3}).labels == ("u4|t1", "u4|t2")


def ordered_pair(*, seed: int, n: int = 60) -> Array:
    return np.random.default_rng(seed).integers(0, 3, size=(n, 3)).astype(float)


@pytest.mark.parametrize(
    ("change", "levels", "code", "text"),
    [
        (lambda x: np.c_[x[:, :2], x[:, 0]], (3, 3, 3), "perfect_polychoric", "a ~~ c cannot be estimated"),
        (lambda x: x, (3, 4, 3), "empty_category", "Nobody chose b category 4 of 4"),
        (lambda x: np.c_[x[:, :2], 0 * x[:, 0]], (3, 3, 3), "constant", "answers in: c"),
        (lambda x: np.c_[x[:, :2], 0 * x[:, 0]], (3, 3, 0), "constant", "answers in: c"),
        (lambda x: np.c_[x[:, :2], x[:, 0] > 0], (3, 3, 0), "two_values", "continuous c. Declare it ordered"),
        (lambda x: np.c_[x[:, :2], 2 * x[:, 0] + 1], (0, 3, 0), "singular", "a ~~ c. Look for a duplicated"),
        (lambda x: np.c_[x[:, :2], x[:, 0]], (3, 3, 0), "perfect_polychoric", "a ~~ c cannot be estimated"),
    ],
)
def test_answers_without_statistics_are_named(
    change: object, levels: tuple[int, ...], code: str, text: str
) -> None:
    cases = change(ordered_pair(seed=1))  # type: ignore[operator]
    with pytest.raises(UnfitError, match=text) as caught:
        ordinal_statistics(cases, levels=levels, names=("a", "b", "c"))
    assert caught.value.code == code
    assert caught.value.n == 60


@pytest.mark.parametrize(
    ("cases", "levels", "text"),
    [
        (np.array([[0.0, 1.0], [np.nan, 0.0]]), (2, 2), "Missing or infinite values in: a"),
        (np.array([[0.0, 1.0], [1.5, 0.0]]), (2, 2), "none of the categories of the ordered a"),
        (np.array([[0.0, 1.0], [1.0, 2.0]]), (2, 2), "none of the categories of the ordered b"),
        (np.zeros((0, 2)), (2, 2), "at least one case"),
        (np.zeros((3, 2)), (2, 2, 2), "3 numbers of categories"),
    ],
)
def test_answers_of_the_wrong_form(cases: Array, levels: tuple[int, ...], text: str) -> None:
    with pytest.raises(DataError, match=text):
        ordinal_statistics(cases, levels=levels, names=("a", "b"))


def test_small_and_nasty_samples_end_in_numbers_or_a_diagnosis() -> None:
    rng = np.random.default_rng(3)
    ends = []
    for _ in range(200):
        n = int(rng.integers(6, 60))
        x = rng.uniform() * rng.normal(size=(n, 1)) + rng.uniform(0.05, 0.6) * rng.normal(size=(n, 4))
        levels = [int(k) for k in rng.choice([0, 2, 3, 5], size=4)]
        for a, k in enumerate(levels):
            if k:
                cuts = np.sort(rng.choice(x[:, a], size=k - 1))
                x[:, a] = np.searchsorted(cuts, x[:, a])
        try:
            found = ordinal_statistics(x, levels=tuple(levels), names=("a", "b", "c", "d"))
        except UnfitError as error:
            ends.append(error.code)
        else:
            assert np.isfinite(found.vector).all()
            assert np.isfinite(found.influence).all()
            ends.append("numbers")
    assert {"numbers", "perfect_polychoric", "empty_category"} <= set(ends)
    assert ends.count("numbers") > 40

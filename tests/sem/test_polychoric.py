"""Bivariate normal probabilities and polychoric correlations of tables."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from references import Reference
from scipy.special import ndtri

from jq_models.numeric.moments import Array
from jq_models.sem.ordinal.bivariate import (
    bivariate_distribution,
    cell_probabilities,
    cell_slopes,
    strip_slopes,
)
from jq_models.sem.ordinal.polychoric import polychoric

CASE = Reference(name="ordinal_statistics")


def cuts_of(tables: Array) -> tuple[Array, Array]:
    """Row and column thresholds of tables (m, R, C)."""
    n = tables.sum(axis=(1, 2))[:, None]
    return ndtri(tables.sum(axis=2).cumsum(axis=1)[:, :-1] / n), ndtri(
        tables.sum(axis=1).cumsum(axis=1)[:, :-1] / n
    )


def log_likelihood(table: Array, *, theta: Array) -> Array:
    """Of one table (R, C), at many atanh(rho)."""
    rows, columns = (np.repeat(cuts, len(theta), axis=0) for cuts in cuts_of(table[None]))
    p = cell_probabilities(rows, columns, rho=np.tanh(theta))
    return np.where(table > 0, table * np.log(np.maximum(p, 1e-16)), 0.0).sum(axis=(1, 2))


def test_probabilities_equal_genz() -> None:
    grid = CASE.table("bivariate")
    found = bivariate_distribution(grid["h"].to_numpy(), grid["k"].to_numpy(), rho=grid["rho"].to_numpy())
    np.testing.assert_allclose(found, grid["p"], rtol=0, atol=2e-15)


@pytest.mark.parametrize("rho", [-0.999, -0.99, -0.5, 1e-9, 0.7, 0.97, 0.999])
@pytest.mark.parametrize(
    ("h", "k"), [(0, 0), (0, 1.3), (-2, -2), (1.5, -1.5), (-6, -4), (5, 6), (0.5, 0.501)]
)
def test_probabilities_equal_thirty_digit_integration(h: float, k: float, rho: float) -> None:
    with mpmath.workdps(30):
        # Plackett's identity in the angle, where the integrand is smooth
        end = mpmath.asin(mpmath.mpf(rho))
        parts = mpmath.quad(
            lambda t: mpmath.exp(-(h * h + k * k - 2 * h * k * mpmath.sin(t)) / (2 * mpmath.cos(t) ** 2)),
            [end * i / 6 for i in range(7)],
        )
        exact = float(mpmath.ncdf(h) * mpmath.ncdf(k) + parts / (2 * mpmath.pi))
    found = bivariate_distribution(np.array([h], float), np.array([k], float), rho=np.array([rho]))
    assert abs(float(found[0]) - exact) < 1e-15


def test_derivatives_of_cells_equal_finite_differences() -> None:
    rho = np.array([-0.95, -0.2, 0.0, 0.6, 0.99])
    rows = np.tile([-1.0, 0.0, 0.7], (5, 1))
    columns = np.tile([-0.5, 1.2], (5, 1))
    first, second = cell_slopes(rows, columns, rho=rho)
    e = 1e-6
    high, low = (cell_probabilities(rows, columns, rho=rho + s) for s in (e, -e))
    np.testing.assert_allclose(first, (high - low) / (2 * e), atol=1e-7)
    high, low = (cell_slopes(rows, columns, rho=rho + s)[0] for s in (e, -e))
    np.testing.assert_allclose(second, (high - low) / (2 * e), rtol=1e-6, atol=1e-6)
    strips = strip_slopes(rows, columns, rho=rho)
    for k in range(3):
        step = e * (np.arange(3) == k)
        change = [cell_probabilities(rows + s * step, columns, rho=rho) for s in (1, -1)]
        slope = (change[0] - change[1])[:, : k + 1].sum(axis=1) / (2 * e)
        np.testing.assert_allclose(strips[:, k], slope, atol=1e-9)


def test_cells_sum_to_one() -> None:
    rng = np.random.default_rng(1)
    rows, columns = np.sort(rng.normal(size=(50, 6))), np.sort(2 * rng.normal(size=(50, 4)))
    p = cell_probabilities(rows, columns, rho=rng.uniform(-0.999, 0.999, size=50))
    np.testing.assert_allclose(p.sum(axis=(1, 2)), 1.0, rtol=1e-14)
    assert p.min() > -1e-15


def test_the_maximum_is_the_highest_of_all_on_sparse_tables() -> None:
    rng = np.random.default_rng(2)
    theta = np.linspace(-3.79, 3.79, 400)
    inside = 0
    for _ in range(150):
        n, rho = int(rng.integers(15, 300)), rng.uniform(-0.98, 0.98)
        x = rng.normal(size=n)
        y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=n)
        x[0], y[0] = 2.0, -2.0 * rho
        table = np.zeros((3, 4))
        np.add.at(table, (np.searchsorted([-0.6, 0.9], x), np.searchsorted([-1.2, 0.0, 1.1], y)), 1.0)
        if not (table.any(axis=0).all() and table.any(axis=1).all()):
            continue
        rows, columns = cuts_of(table[None])
        found = polychoric(table[None], rows=rows, columns=columns, start=np.zeros(1))
        if found.inside[0]:
            inside += 1
            top = log_likelihood(table, theta=theta).max()
            assert log_likelihood(table, theta=found.theta)[0] >= top - 1e-9
    assert inside > 100


@pytest.mark.parametrize("start", [-0.99, 0.0, 0.6, 0.999])
def test_the_start_does_not_matter(start: float) -> None:
    # maxima by forty-digit arithmetic; lavaan 0.6-14 stops at its bound of 0.999 in both. The second table
    # has cases in cells of probability 1e-10, which 16 digits hold to six
    tables = np.array([[[40, 10, 1], [0, 30, 0], [0, 0, 30]], [[400, 0, 1], [0, 300, 0], [1, 0, 300]]], float)
    rows, columns = cuts_of(tables)
    found = polychoric(tables, rows=rows, columns=columns, start=np.full(2, start))
    assert found.inside.all()
    error = np.abs(np.tanh(found.theta) - [0.97213607205925, 0.99203951974823])
    assert (error < [1e-9, 1e-6]).all()


@pytest.mark.parametrize(
    "table",
    [
        [[40, 0], [0, 60]],
        [[0, 40], [60, 0]],
        [[40, 20, 0], [0, 10, 30]],
        [[40, 0, 0], [0, 30, 0], [0, 0, 30]],
        [[0, 0, 40], [0, 30, 0], [30, 0, 0]],
        [[400, 1], [1, 350]],
    ],
)
def test_perfect_tables_have_no_maximum_inside(table: list[list[int]]) -> None:
    tables = np.array([table], float)
    rows, columns = cuts_of(tables)
    found = polychoric(tables, rows=rows, columns=columns, start=np.array([0.5]))
    assert not found.inside[0]
    assert np.isfinite(found.theta[0])

"""Where rows stand, found once a table; the design in short; inverses and roots by LAPACK itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from references import Reference

from jq_models.numeric.moments import UnfitError, check_size
from jq_models.sem import fit_sem, parameter_estimates
from jq_models.sem.covariance import inverse
from jq_models.sem.derivatives import Point
from jq_models.sem.layout import layout_of
from jq_models.sem.matrices import filled, row_values
from jq_models.sem.metric import metric_of
from jq_models.sem.normal import inverse_and_log_det
from jq_models.sem.result import SemFit
from jq_models.sem.stationary import GRADIENT, sound, standing_of
from jq_models.sem.status import judge
from jq_models.sem.table import parameter_table

FACTORS = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"


def test_a_layout_is_found_once_and_read_only() -> None:
    table = parameter_table(FACTORS)
    layout = layout_of(table)
    assert layout is layout_of(table)
    with pytest.raises(ValueError, match="read-only"):
        layout.scatter[0] = 1
    assert layout.pure.tolist() == [0, 1, 2, 3, 4, 5]
    assert layout.variance.sum() == 8


def test_an_item_of_two_factors_is_pure_in_neither() -> None:
    layout = layout_of(parameter_table("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x3"))
    assert layout.pure.tolist() == [0, 1, 3, 4]


def test_tables_that_differ_in_what_is_equal_have_one_hash_and_stay_apart() -> None:
    texts = ["f =~ x1 + a*x2 + b*x3\na == 2*b", "f =~ x1 + a*x2 + b*x3\na == 3*b"]
    first, second = (parameter_table(text) for text in texts)
    assert hash(first) == hash(second)
    assert not np.array_equal(first.design, second.design)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (FACTORS, True),
        ("f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6", True),
        ("f =~ x1 + a*x2 + b*x3\na == 2*b", False),
    ],
)
def test_the_design_in_short_is_the_design(text: str, short: bool) -> None:
    table = parameter_table(text)
    assert (table.single is not None) == short
    if table.single is not None:
        wide = np.eye(table.n_free + 1)[:, :-1]
        np.testing.assert_array_equal(wide[table.single], table.design)


def test_rows_are_the_same_by_the_design_and_by_its_short_form(holzinger: Reference) -> None:
    matrices = fit_sem(holzinger.text, holzinger.data).groups[0]
    theta = np.random.default_rng(1).random(matrices.design.shape[1])
    assert matrices.single is not None
    np.testing.assert_array_equal(row_values(matrices, theta), matrices.design @ theta + matrices.fixed)
    turned = row_values(matrices, theta * (1.0 + 1e-30j))
    np.testing.assert_allclose(turned.imag, 1e-30 * (matrices.design @ theta), rtol=1e-12)


@pytest.mark.parametrize(("path", "ordered"), [("visual ~ textual", False), ("speed ~ visual", True)])
def test_real_and_complex_parameters_fill_the_same_matrices(
    holzinger: Reference, path: str, ordered: bool
) -> None:
    fit = fit_sem(f"{holzinger.text}\n{path}", holzinger.data)
    assert fit.groups[0].layout.ordered is ordered
    real, turned = filled(fit.groups[0], fit.theta), filled(fit.groups[0], fit.theta.astype(complex))
    np.testing.assert_allclose(real.implied, turned.implied.real, rtol=1e-12)
    np.testing.assert_allclose(real.total, turned.total.real, rtol=1e-12)
    L, C = real.loading, real.latent_covariance
    np.testing.assert_allclose(real.columns, np.hstack([L @ real.total, L @ C]), rtol=1e-12)


@pytest.mark.parametrize("place", [(0, 0), (2, 0), (2, 2)])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_matrix_that_is_not_finite_has_no_inverse(place: tuple[int, int], value: float) -> None:
    matrix = np.eye(3)
    matrix[place] = matrix[place[::-1]] = value
    assert inverse_and_log_det(matrix) is None


def test_a_standing_tells_slope_definiteness_and_condition() -> None:
    information = np.array([[4.0, 1.0], [1.0, 1.0]])
    gradient = np.array([0.2, -0.1])
    found = standing_of(Point(objective=1.0, gradient=gradient, information=information))
    assert found.norm == pytest.approx(np.sqrt(gradient @ np.linalg.solve(2.0 * information, gradient)))
    assert found.positive
    assert not found.sound
    scaled = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert found.inverse_norm == pytest.approx(np.abs(np.linalg.inv(scaled)).sum(axis=0).max())
    assert found.root is not None
    np.testing.assert_allclose(found.root @ found.root.T, scaled)


def test_roots_lie_in_the_room_given() -> None:
    information = np.array([[4.0, 1.0, 0.5], [1.0, 1.0, 0.2], [0.5, 0.2, 2.0]])
    point, room = Point(objective=1.0, gradient=np.ones(3), information=information), np.full((3, 3), np.nan)
    plain, kept = standing_of(point), standing_of(point, room=room)
    assert plain.root is not None
    assert kept.root is not None
    assert np.shares_memory(kept.root, room)
    np.testing.assert_array_equal(kept.root, plain.root)
    metric = metric_of(information, room=room)
    assert metric is not None
    assert np.shares_memory(metric.root, room)
    np.testing.assert_allclose(metric.step(point.gradient), -0.5 * np.linalg.solve(information, np.ones(3)))
    assert metric_of(-information, room=room) is None


@pytest.mark.parametrize("least", [1e-12, 0.0, -1.0])
def test_a_standing_without_a_margin_is_not_sound(least: float) -> None:
    information = np.array([[1.0, 1.0 - least], [1.0 - least, 1.0]])
    found = standing_of(Point(objective=1.0, gradient=np.array([0.0, 1e-3]), information=information))
    assert not found.positive
    assert found.norm == pytest.approx(1e-3 / np.sqrt(2.0))
    assert found.norm > GRADIENT


def test_nothing_stands_where_there_is_no_objective() -> None:
    nan = np.full((2, 2), np.nan)
    point = Point(objective=np.inf, gradient=nan[0], information=nan)
    assert not sound(point)
    assert standing_of(point).norm == np.inf


def test_a_standing_given_and_one_found_judge_alike(fit_of: Callable[[str], SemFit]) -> None:
    fit = fit_of("holzinger")
    point = fit.discrepancy.point(fit.theta)
    alone = judge(fit.groups, fit.theta, point=point, moments=45, iterations=3)
    standing = standing_of(point)
    known = judge(
        fit.groups, fit.theta, point=point, moments=45, iterations=3, standing=standing, admissible=True
    )
    assert known == alone
    np.testing.assert_allclose(fit.vcov, inverse(point.information) / fit.n, rtol=1e-10, atol=1e-14)


def test_tables_of_two_fits_share_nothing(holzinger: Reference) -> None:
    first, second = (fit_sem(holzinger.text, holzinger.data) for _ in range(2))
    for name in ("lhs", "free", "est"):
        first.table.loc[0, name] = first.table.loc[1, name]
    assert second.table.loc[0, "free"] == 0
    assert second.table["lhs"].tolist() == [row.lhs for row in second.parameters.rows]
    found = parameter_estimates(second)
    found.loc[0, "est"] = 9.0
    assert second.table.loc[0, "est"] == 1.0


def test_too_few_cases_are_said_in_one_way() -> None:
    with pytest.raises(UnfitError, match="3 complete cases for 3 variables: a covariance matrix needs"):
        check_size(3, 3, what="complete cases")
    check_size(4, 3)

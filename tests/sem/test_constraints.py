"""Equality constraints folded into the free parameters, and defined parameters."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.errors import SpecError
from jq_models.sem import Parameters, parameter_table

FACTOR = "f =~ x1 + a*x2 + b*x3 + d*x4 + e*x5\n"


def table_of(constraints: str) -> Parameters:
    return parameter_table(FACTOR + constraints)


def values_of(table: Parameters, *, seed: int = 1) -> dict[str, float]:
    return table.labelled(np.random.default_rng(seed).normal(size=table.n_free))


@pytest.mark.parametrize(
    ("constraints", "kept"),
    [
        ("a == b", ("a", "d", "e")),
        ("b == a", ("a", "d", "e")),
        ("a == b\nb == d\nd == e", ("a",)),
        ("d == 2*a + 0.1", ("a", "b", "e")),
        ("a - (b + d)/2 == 0", ("a", "b", "e")),
        ("a == 0.5", ("b", "d", "e")),
        ("a + b + d + e == 4", ("a", "b", "d")),
        ("a/2 == sqrt(4)*b + log(exp(1))", ("a", "d", "e")),
        ("2^2*a == -b", ("a", "d", "e")),
        ("k := a + b\nk == d", ("a", "b", "e")),
    ],
)
def test_remaining_parameters_keep_their_names(constraints: str, kept: tuple[str, ...]) -> None:
    table = table_of(constraints)
    assert table.free_names[: len(kept)] == kept
    assert table.free_names[len(kept)] == "x1 ~~ x1"
    assert table.n_free == len(kept) + 6


def test_every_row_follows() -> None:
    table = table_of("d == 2*a + 0.1\ne == b - a")
    values = values_of(table)
    assert values["d"] == pytest.approx(2 * values["a"] + 0.1, rel=1e-14)
    assert values["e"] == pytest.approx(values["b"] - values["a"], rel=1e-14)
    rows = {row.label: row for row in table.rows if row.label}
    # the first parameter that a row depends on
    assert [rows[label].free for label in "abde"] == [1, 2, 1, 1]
    assert all(np.isnan(row.value) for row in rows.values())


def test_a_parameter_set_to_a_number_is_fixed() -> None:
    row = next(r for r in table_of("a == 1/2").rows if r.label == "a")
    assert (row.free, row.value) == (0, 0.5)


def test_all_parameters_set_to_numbers() -> None:
    table = parameter_table("x ~~ a*x\na == 2")
    assert (table.n_free, table.design.shape, table.constant.tolist()) == (0, (1, 0), [2.0])
    assert [(row.free, row.value) for row in table.rows] == [(0, 2.0)]


def test_labels_of_fixed_parameters_are_numbers() -> None:
    table = parameter_table("f =~ m*x1 + a*x2 + b*x3\na*m == 2*m\nb == a/m")
    assert [row.value for row in table.rows[:3]] == [1.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("constraints", "redundant"),
    [
        ("", "a == a"),
        ("a == b", "b == a"),
        ("a == b\nb == d", "a == d"),
        ("a == 0.3", "3*a == 0.9"),
        ("a + b == d", "2*d - 2*a == 2*b"),
    ],
)
def test_what_says_nothing_new_is_accepted(constraints: str, redundant: str) -> None:
    before, after = table_of(constraints), table_of(f"{constraints}\n{redundant}")
    assert after.free_names == before.free_names
    np.testing.assert_array_equal(after.design, before.design)


@pytest.mark.parametrize(
    ("constraints", "what"),
    [
        ("a == 1\na == 2", r"line 3, column 1: this equality contradicts those before it"),
        ("a == b + 1\nb == a", r"line 3, column 1: this equality contradicts"),
        ("1 == 2", r"line 2, column 1: this equality contradicts"),
        ("a*b == 1", r"line 2, column 1: this equality is not linear .* ':='"),
        ("a/b == 1", r"this equality is not linear"),
        ("a^2 == 1", r"this equality is not linear"),
        ("exp(a) == 1", r"this equality is not linear"),
        ("a == log(0)", r"this equality is not linear"),
        ("a == 1/0", r"this equality is not linear"),
        ("k := a*b\nk == 1", r"line 3, column 1: this equality is not linear"),
        ("a == q", r"line 2, column 1: no parameter has the label 'q'. Write 'q\*' before"),
        ("k := a + q", r"line 2, column 1: no parameter has the label 'q'"),
        ("k := l\nl := a", r"line 2, column 1: no parameter has the label 'l'"),
        ("k := a\nk := b", r"line 3, column 1: 'k' is defined twice"),
        ("a := b + 1", r"line 2, column 1: 'a' is a label already"),
    ],
)
def test_contradictions_and_what_is_not_linear(constraints: str, what: str) -> None:
    with pytest.raises(SpecError, match=what):
        table_of(constraints)


def test_defined_parameters_use_earlier_ones_and_need_labels_alone() -> None:
    table = table_of("ind := a*b\ntot := ind + d\nratio := ind/tot")
    assert [d.name for d in table.defined] == ["ind", "tot", "ratio"]
    assert table.defined[2].expression.names == ("a", "b", "d")
    values = values_of(table)
    total = values["a"] * values["b"] + values["d"]
    assert table.defined[1].expression.value(values) == pytest.approx(total, rel=1e-14)
    theta = np.random.default_rng(1).normal(size=table.n_free)
    assert table.defined_values(theta)["tot"] == pytest.approx(total, rel=1e-14)


def test_defined_parameters_of_many_draws() -> None:
    table = table_of("ind := a*b\na == d")
    draws = np.random.default_rng(2).normal(size=(7, table.n_free))
    by_draw = [table.defined_values(draw)["ind"] for draw in draws]
    np.testing.assert_allclose(table.defined_values(draws)["ind"], by_draw, rtol=1e-14)


def test_constraints_between_groups() -> None:
    text = "f =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3\na1 == b2\ngap := a2 - b1"
    table = parameter_table(text, groups=("one", "two"))
    assert table.free_names[:2] == ("a1", "b1")
    assert "a2" in table.free_names
    assert "b2" not in table.free_names
    second = {row.name: row.free for row in table.of_group(2).rows}
    assert second["f =~ x3.g2"] == 1

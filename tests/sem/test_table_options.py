"""What the parameter table refuses, accepts and keeps; equality over groups and ordered items."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jq_models.errors import SpecError
from jq_models.sem import Parameters, parameter_table

TWO = {"groups": ("a", "b")}
TEXT = "f =~ x1 + x2 + x3"
ORDERED = {"ordered": (("u1", 3), ("u2", 3), ("u3", 2))}
ITEMS = "f =~ u1 + u2 + u3\n"


@pytest.mark.parametrize(
    ("text", "options", "what"),
    [
        (TEXT, {**TWO, "equal": ("loading",)}, r"No equality over groups 'loading'. Did you mean 'loadings'"),
        (TEXT, {"equal": ("loadings",)}, r"needs at least two groups"),
        (TEXT, {**TWO, "free": ("f =~ x2",)}, r"releases parameters from equal=, which is empty"),
        (
            TEXT,
            {**TWO, "equal": ("loadings",), "free": ("f =~ x9",)},
            r"no parameter 'f =~ x9'. Did you mean",
        ),
        (TEXT, {**TWO, "equal": ("thresholds",)}, r"Equal thresholds need ordered items"),
        ("1 == 1", {}, r"The model has no variables"),
        (TEXT, {"parameterization": "gamma"}, r"No parameterization 'gamma'"),
        ("f =~ x1 + c(a, b)*x2", {}, r"line 1, column 19: 2 modifiers of 'f =~ x2', but 1 group\(s\)"),
        ("f =~ x1 + c(1, 2, 3)*x2", TWO, r"line 1, column 22: 3 modifiers of 'f =~ x2', but 2 group"),
        ("f =~ x1 + start(c(1, 2, 3))*x2", TWO, r"3 modifiers of 'f =~ x2'"),
        ("f =~ x1 + a*x2 + a*x3 + 1*x2 + 2*x3", {}, r"the label 'a' fixes two values, 1 and 2"),
        (
            "f =~ x1 + c(1, 2)*x2",
            {**TWO, "equal": ("loadings",)},
            r"'f =~ x2', equal over groups, has two values, 1 and 2",
        ),
        ("f =~ x1\nf =~ a*x1", {}, r"line 2, column 8: 'f =~ x1' stands twice"),
        ("y ~ 1\ny ~ a*1 + x", {}, r"line 2, column 7: 'y ~1' stands twice"),
        ("y ~ x\nx ~ 1", {}, r"line 2, column 5: 'x ~1': the variances .* sample values"),
        ("f =~ x1 + x2\nx1 | t1", {}, r"line 2, column 6: thresholds of 'x1', which is not ordered"),
        ("f =~ x1 + x2\nx1 ~*~ x1", {}, r"line 2, column 8: scale factors of 'x1', which is not ordered"),
        (ITEMS + "u1 | t3", ORDERED, r"'u1' has no threshold 't3'. Its thresholds: t1, t2"),
        (ITEMS + "u1 ~*~ u2", ORDERED, r"a scale factor has one variable: write 'u1 ~\*~ u1'"),
        (ITEMS + "u1 ~~ u1", ORDERED, r"the residual variance of the ordered item 'u1' follows"),
        (ITEMS + "u1 ~~ 2*u1", ORDERED, r"the residual variance of the ordered item 'u1' follows"),
        (ITEMS + "u1 ~*~ u1", {**ORDERED, "parameterization": "theta"}, r"scale factors are free in"),
        (
            ITEMS,
            {"ordered": (("u4", 3),)},
            r"'u4' is no dependent variable of the model. Allowed: u1, u2, u3",
        ),
        ("y ~ x", {"ordered": (("x", 3),)}, r"The ordered item 'x' is no dependent variable"),
        (ITEMS, {"ordered": (("u1", 1),)}, r"'u1' has 1 category: at least 2"),
    ],
)
def test_refused(text: str, options: dict[str, Any], what: str) -> None:
    with pytest.raises(SpecError, match=what):
        parameter_table(text, **options)


def test_a_table_is_kept_and_read_only() -> None:
    table = parameter_table(TEXT, groups=["a", "b"], equal=["loadings"])
    assert parameter_table(TEXT, groups=("a", "b"), equal=("loadings",)) is table
    for array in (table.design, table.constant, table.of_group(2).design, table.of_group(2).constant):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_tables_are_compared_and_hashed() -> None:
    table = parameter_table(TEXT)
    assert hash(table) == hash(table.of_group(1))
    assert table != parameter_table(TEXT, std_lv=True)


def test_a_group_that_is_not_there() -> None:
    table = parameter_table(TEXT, **TWO)
    for group in (0, 3):
        with pytest.raises(SpecError, match=f"No group {group}: the model has 2, counted from 1"):
            table.of_group(group)


def test_names_carry_the_group_from_the_second_on() -> None:
    table = parameter_table("f =~ x1 + c(a1, a2)*x2 + x3", groups=("p", "q"), equal=("intercepts",))
    assert table.free_names[:2] == ("a1", "f =~ x3")
    assert {"a2", "f =~ x3.g2", "f ~~ f.g2", "f ~1.g2", "x1 ~1"} <= set(table.free_names)
    assert "x1 ~1.g2" not in table.free_names
    assert len(set(table.free_names)) == table.n_free


def free_of(table: Parameters, name: str) -> int:
    return next(row.free for row in table.rows if row.name == name)


@pytest.mark.parametrize("written", ["x1 ~~ x2", "x2~~x1"])
def test_a_covariance_is_released_in_either_order(written: str) -> None:
    text = TEXT + "\nx1 ~~ x2"
    equal = parameter_table(text, **TWO, equal=("residual.covariances",))
    released = parameter_table(text, **TWO, equal=("residual.covariances",), free=(written,))
    assert free_of(equal, "x1 ~~ x2") == free_of(equal, "x1 ~~ x2.g2")
    assert free_of(released, "x1 ~~ x2") != free_of(released, "x1 ~~ x2.g2")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (TEXT, {}, False),
        (TEXT, {"meanstructure": True}, True),
        (TEXT, TWO, True),
        (TEXT, {"groups": ("only",)}, False),
        (TEXT + "\nx1 ~ 1", {}, True),
        (ITEMS, ORDERED, True),
    ],
)
def test_means_are_modelled(text: str, options: dict[str, Any], expected: bool) -> None:
    table = parameter_table(text, **options)
    assert table.meanstructure is expected
    assert any(row.op == "~1" for row in table.rows) is expected


def test_means_of_covariates_are_the_samples() -> None:
    table = parameter_table("f =~ x1 + x2 + x3\nf ~ age", **TWO, equal=("intercepts", "means"))
    rows = [row for row in table.rows if row.lhs == "age"]
    assert [(row.op, row.sample, row.free) for row in rows] == [("~~", True, 0), ("~1", True, 0)] * 2
    assert all(np.isnan(row.value) for row in rows)
    assert not table.constant[[table.rows.index(row) for row in rows]].any()

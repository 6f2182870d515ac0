"""The parameter table with groups, means, ordered items and constraints, against lavaan's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from references import REFERENCE

from jq_models.sem import Parameters, parameter_table
from jq_models.spec.expression import parse_expression

CASES = pd.read_csv(REFERENCE / "tables" / "cases.csv", index_col="case", keep_default_na=False)
TABLES = dict(
    list(pd.read_csv(REFERENCE / "tables" / "case_tables.csv", na_values=[""]).groupby("case", sort=False))
)
LABELS = {"": (), "half": ("a", "b"), "third": ("a", "b", "c")}
DEFINED = (":=", "==")


def named(written: str) -> tuple[str, ...]:
    return tuple(part for part in written.split(",") if part)


def table_of(name: str) -> Parameters:
    case = CASES.loc[name]
    ordered = (item.split(":") for item in named(case["ordered"]))
    return parameter_table(
        case["text"],
        groups=LABELS[case["groups"]],
        equal=named(case["equal"]),
        free=named(case["free"]),
        std_lv=bool(case["std_lv"]),
        orthogonal=bool(case["orthogonal"]),
        meanstructure=bool(case["meanstructure"]) or None,
        parameterization=case["parameterization"],
        ordered=tuple((item, int(categories)) for item, categories in ordered),
    )


def lavaan_rows(name: str) -> pd.DataFrame:
    table = TABLES[name]
    return table[~table["op"].isin(DEFINED)].reset_index(drop=True)


def random_theta(table: Parameters) -> Any:
    return np.random.default_rng(5).normal(size=table.n_free)


def lavaan_values(name: str, table: Parameters) -> dict[str, float]:
    """Our rows' values at some theta under lavaan's names of rows and under labels."""
    rows = lavaan_rows(name)
    values = table.design @ random_theta(table) + table.constant
    known = dict(zip(rows["plabel"], values, strict=True))
    return known | dict(zip(rows["label"].fillna(""), values, strict=True))


@pytest.mark.parametrize("name", list(CASES.index))
def test_rows_are_lavaans_in_its_order(name: str) -> None:
    table, theirs = table_of(name), lavaan_rows(name)
    ours = [(r.lhs, r.op, r.rhs, r.group, r.user) for r in table.rows]
    right = theirs["rhs"].fillna("")
    expected = zip(theirs["lhs"], theirs["op"], right, theirs["group"], theirs["user"] == 1, strict=True)
    assert ours == list(expected)


@pytest.mark.parametrize("name", list(CASES.index))
def test_free_and_fixed_rows_are_lavaans(name: str) -> None:
    table, theirs = table_of(name), lavaan_rows(name)
    sample = (theirs["exo"] == 1) & theirs["op"].isin(("~~", "~1"))
    assert [r.sample for r in table.rows] == sample.tolist()
    moving = [r.free > 0 for r in table.rows]
    # a parameter that "==" sets to a number is fixed here, free but constrained there
    by_constraint = {"equality_value": "b"}.get(name)
    expected = (theirs["free"] > 0) & (theirs["label"] != by_constraint if by_constraint else True)
    assert moving == expected.tolist()
    fixed = ~np.array(moving) & ~sample & (theirs["free"] == 0)
    values = np.array([r.value for r in table.rows])
    np.testing.assert_array_equal(values[fixed], theirs.loc[fixed, "ustart"])
    starts = np.array([r.start for r in table.rows])
    np.testing.assert_array_equal(starts[moving], theirs.loc[moving, "ustart"])


@pytest.mark.parametrize("name", list(CASES.index))
def test_equal_rows_are_lavaans(name: str) -> None:
    """As many parameters, and each of lavaan's equalities holds at any theta: then they are the same."""
    table = table_of(name)
    assert table.n_free == CASES.loc[name, "npar"]
    assert table.design.shape == (len(table.rows), table.n_free)
    assert np.linalg.matrix_rank(table.design) == table.n_free
    known = lavaan_values(name, table)
    constraints = TABLES[name][TABLES[name]["op"] == "=="]
    for left, right in zip(constraints["lhs"], constraints["rhs"], strict=True):
        sides = [parse_expression(str(side)).value(known) for side in (left, right)]
        np.testing.assert_allclose(sides[0], sides[1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", list(CASES.index))
def test_groups_are_parts_of_the_whole(name: str) -> None:
    table = table_of(name)
    parts = [table.of_group(g + 1) for g in range(len(table.groups))]
    assert tuple(row for part in parts for row in part.rows) == table.rows
    np.testing.assert_array_equal(np.vstack([part.design for part in parts]), table.design)
    np.testing.assert_array_equal(np.concatenate([part.constant for part in parts]), table.constant)
    keys = [[(r.lhs, r.op, r.rhs) for r in part.rows] for part in parts]
    assert all(key == keys[0] for key in keys)
    assert tuple(part.groups[0] for part in parts) == table.groups

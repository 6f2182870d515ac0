"""Modification indices against lavaan, and against what the chi-square does when a parameter is freed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import (
    LEAST_SQUARES,
    OWN,
    assert_near,
    data_of,
    engine_with,
    fit_of,
    parameters,
    table_of,
    text_of,
    tolerance,
)
from lavaan_cases import cases

from jq_models.errors import SpecError
from jq_models.sem import fit_sem
from jq_models.sem.derivatives import places_of
from jq_models.sem.missing import information as incomplete_information
from jq_models.sem.modification.indices import modification_indices
from jq_models.sem.modification.score_parts import group_parts

ENGINE = engine_with("modification", estimators=("ML", "MLR", *LEAST_SQUARES))
PAIRS = {"mi": "mi", "epc": "epc", "sepc_lv": "sepc.lv", "sepc_all": "sepc.all", "sepc_nox": "sepc.nox"}


def about_covariates(name: str, table: pd.DataFrame) -> pd.Series:
    """Rows that say how covariates are distributed, which our list leaves out."""
    given = fit_of(name).parameters.covariates
    alone = table["op"].isin(("~~", "~1")) & table["lhs"].isin(given)
    return alone | (table["op"] == "~") & table["lhs"].isin(given)


@pytest.mark.parametrize("name", [*OWN, *ENGINE])
def test_list_and_numbers_are_lavaans(name: str) -> None:
    ours = parameters(modification_indices(fit_of(name)))
    theirs = table_of(name, "modification" if "/" in name else "mi")
    # in the theta parameterisation lavaan lists scale factors, which follow from the rest there
    theirs = parameters(theirs[~about_covariates(name, theirs) & (theirs["op"] != "~*~")])
    limit = tolerance(name)
    if name.endswith("theta"):
        # its two parameterisations, one model, differ by this much; ours do not: see the next test
        limit = 2e-4

    assert set(ours.index) == set(theirs.index)
    ours = ours.loc[theirs.index]
    for mine, yours in PAIRS.items():
        # lavaan standardises a variance by a formula of its own
        alone = (theirs["op"] == "~~") & (theirs["lhs"] == theirs["rhs"]) if mine[0] == "s" else False
        if yours in theirs:
            known = theirs[yours].notna() & ~pd.Series(alone, index=theirs.index)
            assert_near(ours.loc[known, mine], theirs.loc[known, yours], limit)


@pytest.mark.parametrize("name", ["ordinal_groups/scalar", "mixed_ordinal/wlsmv"])
def test_the_parameterisation_of_ordered_items_changes_no_index(name: str) -> None:
    delta = parameters(modification_indices(fit_of(name), operators=("=~",)))
    theta = parameters(modification_indices(fit_of(f"{name}_theta"), operators=("=~",)))

    assert set(delta.index) == set(theta.index)
    assert_near(delta["mi"], theta.loc[delta.index, "mi"], 1e-6)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_an_ordered_mediator(parameterization: str) -> None:
    # largest modindices() of lavaan 0.6-14, parameterization = "theta"; in its delta parameterisation it
    # finds no solution
    text = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\na4 ~ f\nb4 ~ a4 + g"
    data = cases()["ordinal_groups/scalar"].data
    fit = fit_sem(text, data, estimator="WLSMV", ordered="all", parameterization=parameterization)
    table = modification_indices(fit)
    rows = [("g", "=~", "a2"), ("g", "~", "b4"), ("f", "~", "b4"), ("b4", "~", "f"), ("g", "=~", "a1")]

    assert list(table.loc[:4, ["lhs", "op", "rhs"]].itertuples(index=False, name=None)) == rows
    assert_near(table.loc[:4, "mi"], [12.622, 8.842, 8.791, 8.466, 6.576], 6e-4)
    assert_near(table.loc[:4, "sepc_all"], [0.198, -0.535, 0.286, 0.214, -0.156], 6e-4)
    assert not ((table["lhs"] == table["rhs"]) & table["lhs"].isin(dict(fit.parameters.ordered))).any()


@pytest.mark.parametrize("kind", ["WLSMV", "ULSMV", "GLS", "WLS"])
def test_least_squares_frees_what_was_expected(kind: str) -> None:
    # the linearised model's change of chi-square, nearly: (N - 1)^2 / N is lavaan's factor
    case = cases()["mixed_ordinal/wlsmv" if kind.endswith("MV") else "three_groups/gls_pooled"]
    before = case.fit(estimator=kind)
    table = modification_indices(before, operators=("~~",), minimum=0.5)
    row = table[(table["lhs"] != table["rhs"]) & (table["mi"] < 6.0)].iloc[0]
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in case.arguments.items()}
    text = f"{case.text}\n{row['lhs']} ~~ {row['rhs']}"
    after = fit_sem(text, case.data, **(options | {"estimator": kind}))
    new = parameters(after.table).loc[[(min(row["lhs"], row["rhs"]), "~~", max(row["lhs"], row["rhs"]), 1)]]

    assert before.test.chi_square - after.test.chi_square == pytest.approx(row["mi"], rel=0.1)
    assert new["est"].iloc[0] == pytest.approx(row["epc"], rel=0.1)


def test_many_missing_answers_take_the_other_route(monkeypatch) -> None:
    # patterns with many missing variables are taken one by one: same numbers
    usual = modification_indices(fit_of("three_missing"), sort=False)
    monkeypatch.setattr(incomplete_information, "PAIRED", 1)
    other = modification_indices(fit_of("three_missing"), sort=False)

    assert_near(usual[["mi", "epc"]], other[["mi", "epc"]], 1e-11)


@pytest.mark.parametrize("paired", [0, 1, 24])
def test_blocks_of_incomplete_information_are_those_of_the_whole(paired: int, monkeypatch) -> None:
    monkeypatch.setattr(incomplete_information, "PAIRED", paired)
    fit = fit_of("three_missing")
    (part,) = group_parts(fit)
    rows = places_of(fit.groups[0])
    block, alone = part.blocks(rows, rows)
    design = fit.groups[0].design[rows.rows]

    assert_near(design.T @ block @ design, fit.discrepancy.point(fit.theta).information, 1e-12)
    assert_near(alone, np.diag(block), 1e-12)


@pytest.mark.parametrize("name", ["hs_ml", "pd_ml"])
def test_oracles(name: str, shared) -> None:
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / f"{name}_mi.csv")
    ours = parameters(modification_indices(cases()[name].fit()))
    theirs = parameters(theirs)

    assert_near(ours.loc[theirs.index, list(PAIRS)], theirs[list(PAIRS.values())], 1e-4)


def test_a_freed_parameter_does_what_was_expected() -> None:
    # MI and EPC are the first Newton step towards the fit with the parameter: near it when the step is small
    text, data = text_of("three"), data_of("holzinger")
    before = fit_of("three")
    table = modification_indices(before, operators=("~~",), minimum=1.0)
    row = table[table["mi"] < 3.0].iloc[0]
    after = fit_sem(f"{text}\n{row['lhs']} ~~ {row['rhs']}", data)
    new = parameters(after.table).loc[[(min(row["lhs"], row["rhs"]), "~~", max(row["lhs"], row["rhs"]), 1)]]

    assert before.test.chi_square - after.test.chi_square == pytest.approx(row["mi"], rel=0.1)
    assert new["est"].iloc[0] == pytest.approx(row["epc"], rel=0.15)


def test_a_fixed_loading_away_from_its_estimate_is_listed() -> None:
    text = "visual =~ x1 + 0.4*x2 + x3\ntextual =~ x4 + x5 + x6"
    data = data_of("holzinger")
    row = parameters(modification_indices(fit_sem(text, data))).loc[[("visual", "=~", "x2", 1)]].iloc[0]
    free = parameters(fit_sem(text.replace("0.4*", ""), data).table)["est"][("visual", "=~", "x2", 1)]

    assert row["mi"] > 1
    assert 0.4 + row["epc"] == pytest.approx(free, rel=0.15)


def test_sorted_chosen_and_cut() -> None:
    fit = fit_of("three")
    table = modification_indices(fit, operators=("=~",), minimum=4.0)
    plain = modification_indices(fit, sort=False)

    assert set(table["op"]) == {"=~"}
    assert table["mi"].is_monotonic_decreasing
    assert table["mi"].min() >= 4.0
    assert list(plain["op"].unique()) == ["=~", "~~"]
    assert list(table.columns) == ["lhs", "op", "rhs", "group", *PAIRS]


def test_units_of_measurement_change_no_index() -> None:
    # lavaan's own cut-off is absolute: in large units it loses rows
    data = data_of("holzinger")
    big = data.assign(**{f"x{i}": data[f"x{i}"] * 1000.0 for i in range(1, 10)})
    ours = parameters(modification_indices(fit_sem(text_of("three"), big)))
    theirs = parameters(modification_indices(fit_of("three")))

    assert_near(ours.loc[theirs.index, ["mi", "sepc_all"]], theirs[["mi", "sepc_all"]], 1e-6)


def test_an_equality_written_out_is_not_listed_as_fixed() -> None:
    text = "visual =~ x1 + a*x2 + x3\ntextual =~ x4 + x5 + x6\na == 0.5"
    table = modification_indices(fit_sem(text, data_of("holzinger")))

    assert ("visual", "=~", "x2") not in set(zip(table["lhs"], table["op"], table["rhs"], strict=True))


def test_refusals() -> None:
    fit = fit_of("three")
    with pytest.raises(SpecError, match=r"No modification indices for '=='. Allowed: =~"):
        modification_indices(fit, operators=("==",))


def test_second_order_factors_may_measure_items() -> None:
    table = modification_indices(fit_of("second"), operators=("=~",))

    assert {(r.lhs, r.rhs) for r in table.itertuples()} >= {("g", "x1"), ("visual", "x9")}
    assert np.isfinite(table["mi"]).all()

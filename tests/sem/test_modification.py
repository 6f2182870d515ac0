"""Modification indices against lavaan, and against what the chi-square does when a parameter is freed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import (
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

from jq_models.errors import FitError, SpecError
from jq_models.sem import fit_sem
from jq_models.sem.modification import modification_indices

ENGINE = engine_with("modification")
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
    theirs = parameters(theirs[~about_covariates(name, theirs)])

    assert set(ours.index) == set(theirs.index)
    ours = ours.loc[theirs.index]
    for mine, yours in PAIRS.items():
        # lavaan standardises a variance by a formula of its own
        alone = (theirs["op"] == "~~") & (theirs["lhs"] == theirs["rhs"]) if mine[0] == "s" else False
        if yours in theirs:
            known = theirs[yours].notna() & ~pd.Series(alone, index=theirs.index)
            assert_near(ours.loc[known, mine], theirs.loc[known, yours], tolerance(name))


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
    with pytest.raises(FitError, match=r"maximum likelihood only. Fit it with estimator='ML'"):
        modification_indices(replace(fit, discrepancy=object(), estimator="ULS"))


def test_second_order_factors_may_measure_items() -> None:
    table = modification_indices(fit_of("second"), operators=("=~",))

    assert {(r.lhs, r.rhs) for r in table.itertuples()} >= {("g", "x1"), ("visual", "x9")}
    assert np.isfinite(table["mi"]).all()

"""The ladder beside lavaan: fits, scaled differences, score tests, releases, latent means, ordered items."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import DataError, SpecError
from jq_models.evaluate.invariance import Invariance, change_lines, invariance, latent_means
from jq_models.evaluate.invariance.lines import within
from jq_models.evaluate.invariance.release import allowed_releases, candidates
from jq_models.sem import SemFit, fit_sem
from jq_models.spec.own_model import as_model

FOLDER = Path(__file__).parents[1] / "reference" / "invariance"
MODEL = as_model((FOLDER / "model.txt").read_text(encoding="utf-8"))
ITEMS = tuple(f"x{k}" for k in range(1, 9))
GROUPS = ("north", "south", "west")


@cache
def data() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data.csv")


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


@cache
def whole_ladder() -> Invariance:
    return invariance(MODEL, data(), group="group", partial=False)


def measures(found: Invariance, step: str) -> dict[str, float]:
    indices = found.steps[step].indices
    assert indices is not None
    return {
        "npar": indices.n_parameters,
        "chisq": indices.chi_square,
        "df": indices.df,
        "chisq.scaled": indices.chi_square_scaled,
        "chisq.scaling.factor": indices.scaling_factor,
        "cfi.robust": indices.cfi_robust,
        "rmsea.robust": indices.rmsea_robust,
        "srmr": indices.srmr,
        "cfi.scaled": indices.cfi_scaled,
        "rmsea.scaled": indices.rmsea_scaled,
    }


@pytest.mark.parametrize("step", ["configural", "metric", "scalar", "strict"])
def test_every_step_fits_as_lavaan_says(step: str) -> None:
    theirs = reference("ladder").query("step == @step").set_index("measure")["value"]
    ours = measures(whole_ladder(), step)
    for name, value in theirs.items():
        assert ours[str(name)] == pytest.approx(value, rel=1e-5, abs=1e-5), name


@pytest.mark.parametrize("step", ["metric", "scalar", "strict"])
def test_scaled_differences_are_lavaans(step: str) -> None:
    theirs = reference("lrt").set_index("step").loc[step]
    test = whole_ladder().steps[step].test
    assert test is not None
    assert test.kind == "satorra_bentler_2001"
    assert test.df == theirs["df"]
    assert test.difference == pytest.approx(theirs["difference"], rel=1e-5)
    assert test.p_value == pytest.approx(theirs["p_value"], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(("step", "operator"), [("metric", "=~"), ("scalar", "=~"), ("scalar", "~1")])
def test_candidates_carry_lavaans_score_tests(step: str, operator: str) -> None:
    table = reference("score").query("step == @step").set_index(["lhs", "rhs"])["chi_square"]
    fit = whole_ladder().steps[step].fit
    assert isinstance(fit, SemFit)
    found = candidates(fit, operator=operator)
    assert len(found) == 16
    for one in found:
        theirs = table[one.name, f"{one.name}.g{one.group}"]
        assert one.chi_square == pytest.approx(theirs, rel=1e-4, abs=1e-3)
    values = [one.chi_square for one in found]
    assert values == sorted(values, reverse=True)


@cache
def ladder() -> Invariance:
    return invariance(MODEL, data(), group="group")


def test_the_planted_loading_and_intercept_are_released_and_nothing_else() -> None:
    found = ladder()
    kinds = [(r.step, r.kind, r.item, r.group) for r in found.releases]
    # x6's smaller loading leaves it more noise: the third follows from the first
    assert kinds == [
        ("metric", "loading", "x6", "west"),
        ("scalar", "intercept", "x3", "south"),
        ("strict", "residual", "x6", "west"),
    ]
    assert found.level == "partly"
    assert found.compares_means
    assert found.releases[1].difference == pytest.approx(-0.5, abs=0.1)
    assert found.releases[1].size == pytest.approx(found.releases[1].difference, abs=0.1)


@pytest.mark.parametrize("step", ["metric", "scalar"])
def test_partial_fits_are_lavaans(step: str) -> None:
    theirs = reference("partial").query("step == @step").set_index("measure")["value"]
    indices = ladder().steps[step].final_indices
    assert indices is not None
    assert (indices.df, indices.n_parameters) == (theirs["df"], theirs["npar"])
    assert indices.chi_square == pytest.approx(theirs["chisq"], rel=1e-5)
    assert indices.chi_square_scaled == pytest.approx(theirs["chisq.scaled"], rel=1e-5)
    assert indices.srmr == pytest.approx(theirs["srmr"], abs=1e-5)


def test_the_difference_after_a_release_is_lavaans() -> None:
    theirs = reference("partial_metric_lrt").iloc[0]
    test = ladder().steps["metric"].final_test
    assert test is not None
    assert test.difference == pytest.approx(theirs["difference"], rel=1e-5)
    assert test.p_value == pytest.approx(theirs["p_value"], rel=1e-4)


def test_latent_means_and_effect_sizes_are_lavaans() -> None:
    means = ladder().means.set_index(["factor", "group"])
    theirs = reference("means").query("op == '~1' and group > 1")
    for row in theirs.itertuples():
        ours = means.loc[(row.lhs, GROUPS[row.group - 1])]
        assert ours["difference"] == pytest.approx(row.est, abs=2e-5)
        assert ours["se"] == pytest.approx(row.se, abs=1e-5)
    for row in reference("effect_sizes").itertuples():
        ours = means.loc[(f"f{row.lhs[1]}", GROUPS[int(row.lhs[2]) - 1])]
        assert ours["effect"] == pytest.approx(row.est, abs=2e-5)
        assert ours["ci_low"] == pytest.approx(row[4], abs=5e-5)
        assert ours["ci_high"] == pytest.approx(row[5], abs=5e-5)
    assert set(means["state"]) == {"partial"}
    assert (means["p_holm"] >= means["p_value"]).all()


def test_the_ordinal_ladder_is_lavaans_after_wu_and_estabrook() -> None:
    found = invariance(MODEL, data(), group="group", ordered=ITEMS, partial=False)
    table = reference("ordinal").set_index(["step", "measure"])["value"]
    tests = reference("ordinal_lrt").set_index("step")
    assert list(found.steps) == ["configural", "thresholds", "metric", "scalar"]
    for name, step in found.steps.items():
        assert step.indices is not None
        assert step.indices.df == table[name, "df"]
        assert step.indices.chi_square == pytest.approx(table[name, "chisq"], rel=1e-4)
        assert step.indices.chi_square_scaled == pytest.approx(table[name, "chisq.scaled"], rel=1e-4)
        if step.test is not None:
            assert step.test.df == tests.loc[name, "df"]
            assert step.test.difference == pytest.approx(tests.loc[name, "difference"], rel=1e-4)


def test_ordered_items_of_two_categories_are_refused() -> None:
    frame = data().assign(x1=(data()["x1"] > 3) + 1)
    with pytest.raises(SpecError, match="two categories cannot climb this ladder: x1"):
        invariance(MODEL, frame, group="group", ordered=ITEMS)


def test_without_intercepts_there_are_no_means() -> None:
    frame = data().astype(dict.fromkeys(ITEMS, float))
    # every second item of both factors is answered higher in the south: far more than 20 % deviate
    frame.loc[frame["group"] == "south", ["x1", "x2", "x5", "x6"]] += np.array([1.5, -1.5, 1.2, -1.2])
    found = invariance(MODEL, frame, group="group", groups=("north", "south"))
    assert found.level == "metric"
    assert found.steps["scalar"].verdict == "fails"
    assert list(found.steps) == ["configural", "metric", "scalar"]
    assert found.means.empty
    assert not found.compares_means


def test_a_factor_with_one_anchor_left_is_not_compared() -> None:
    fit = fit_sem(
        "f =~ x1 + x2 + x3\ng =~ x5 + x6 + x7",
        data(),
        group="group",
        equal=("loadings", "intercepts"),
        free=("x1 ~1", "x3 ~1"),
        std_lv=True,
        estimator="MLR",
    )
    released = next(r for r in ladder().releases if r.kind == "intercept")
    means = latent_means(fit, labels=GROUPS, releases=[released, replace(released, item="x1")])
    assert means.set_index("factor")["state"].to_dict() == {"f": "too_few_anchors", "g": "compared"}
    assert means.loc[means["factor"] == "f", "effect"].isna().all()
    assert means.loc[means["factor"] == "g", "effect"].notna().all()


def test_small_groups_are_not_tried_and_unknown_ones_refused() -> None:
    small = data().groupby("group").head(12)
    assert invariance(MODEL, small, group="group").level == "too_few"
    with pytest.raises(DataError, match=r"No grouping variable 'grup'\. Did you mean 'group'"):
        invariance(MODEL, data(), group="grup")
    with pytest.raises(DataError, match="1 group"):
        invariance(MODEL, data(), group="group", groups=("north",))


def test_lines_depend_on_the_step_and_on_the_groups() -> None:
    usual, small = change_lines("metric", sizes=(300, 280)), change_lines("scalar", sizes=(333, 164))
    assert (usual.cfi.value, usual.rmsea.value, usual.srmr.value) == (-0.010, 0.015, 0.030)
    assert (small.cfi.value, small.rmsea.value, small.srmr.value) == (-0.005, 0.010, 0.005)
    assert within((-0.004, 0.002, 0.004), small)
    assert not within((-0.006, 0.002, 0.004), small)
    assert not within((np.nan, 0.0, 0.0), small)
    assert [allowed_releases(k) for k in (3, 8, 44)] == [1, 1, 8]

"""Importance and performance: beside regressions of scores, known populations, fits of resamples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from jq_models.data import open_study
from jq_models.errors import DataError, SpecError
from jq_models.evaluate.composites.ipma import Ipma, ipma, item_scales
from jq_models.evaluate.composites.ipma_values import LEVELS
from jq_models.evaluate.composites.outlook import (
    overlapping_members,
    study_ipma,
    study_prediction,
    true_ipma,
)
from jq_models.numeric.interval_formulas import bias_corrected, percentile
from jq_models.numeric.moments import Moments
from jq_models.pls import fit_pls
from jq_models.pls.bootstrap import resampling_of
from jq_models.spec import load_instrument

CASE = Path(__file__).parents[2] / "reference" / "pls_predict"
MODEL = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3 + b4
M =~ m1 + m2 + m3
Y =~ y1 + y2 + y3
M ~ A + B
Y ~ M + B
"""
SECOND = MODEL.replace("M ~ A + B", "G <~ A + B\nM ~ G").replace("Y ~ M + B", "Y ~ M + G")


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(CASE / "data.csv").drop(columns="fold")


@pytest.fixture(scope="module")
def scales(data) -> dict[str, tuple[float, float]]:
    return {item: (0.0, 10.0) if item[0] == "b" else (1.0, 5.0) for item in data}


def percent(data: pd.DataFrame, scales: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame({k: (data[k] - lo) / (hi - lo) * 100 for k, (lo, hi) in scales.items()})


def scored(points: pd.DataFrame, found: Ipma, fit) -> pd.DataFrame:
    """Scores of 0 to 100 with the weights of the fit."""
    weights = fit.values("<~")
    weights = weights[weights["rhs"].isin(points.columns)].copy()
    weights["raw"] = weights["est"].to_numpy() / points[weights["rhs"]].std(ddof=0).to_numpy()
    share = weights["raw"] / weights.groupby("lhs")["raw"].transform("sum")
    parts = points[weights["rhs"]] * share.to_numpy()
    parts.columns = weights["lhs"].to_numpy()
    return parts.T.groupby(level=0).sum().T


def slopes(y: pd.Series, x: pd.DataFrame) -> pd.Series:
    return sm.OLS(y, sm.add_constant(x)).fit().params.drop("const")


def test_importance_is_the_unstandardised_total_effect_of_scores(data, scales):
    fit = fit_pls(MODEL, data, consistent=False)
    found = ipma(fit, target="Y", scales=scales)
    points = percent(data, scales)
    scores = scored(points, found, fit)
    m, y = slopes(scores["M"], scores[["A", "B"]]), slopes(scores["Y"], scores[["M", "B"]])
    rows = found.at("construct").set_index("construct")
    assert list(rows.index) == ["A", "B", "M"]
    expected = [m["A"] * y["M"], m["B"] * y["M"] + y["B"], y["M"]]
    np.testing.assert_allclose(rows["importance"], expected, atol=1e-9)
    np.testing.assert_allclose(rows["performance"], scores[["A", "B", "M"]].mean(), atol=1e-9)
    assert found.performance == pytest.approx(scores["Y"].mean(), abs=1e-9)
    items = found.at("item").set_index("item")
    np.testing.assert_allclose(items["performance"], points[items.index].mean(), atol=1e-9)
    np.testing.assert_allclose(items.groupby("construct")["weight"].sum(), 1.0, atol=1e-12)
    sums = items.groupby("construct")["importance"].sum()
    np.testing.assert_allclose(sums, rows["importance"], atol=1e-12)


def test_members_of_a_composite_share_its_importance_by_weight(data, scales):
    fit = fit_pls(SECOND, data, consistent=False)
    found = ipma(fit, target="Y", scales=scales)
    scores = scored(percent(data, scales), found, fit)
    rows = found.table[found.table["level"] != "item"].set_index("construct")
    assert list(found.table["level"].unique()) == list(LEVELS)
    assert list(rows.index) == ["G", "A", "B", "M"]
    share = rows.loc[["A", "B"], "weight"]
    assert share.sum() == pytest.approx(1.0)
    g = (scores[["A", "B"]] * share).sum(axis=1)
    m = slopes(scores["M"], g.to_frame("G"))
    y = slopes(scores["Y"], pd.DataFrame({"M": scores["M"], "G": g}))
    assert rows.loc["G", "importance"] == pytest.approx(y["G"] + m["G"] * y["M"], abs=1e-9)
    assert rows.loc["G", "performance"] == pytest.approx(g.mean(), abs=1e-9)
    np.testing.assert_allclose(rows.loc[["A", "B"], "importance"], share * rows.loc["G", "importance"])
    weights = fit.values("<~").set_index(["lhs", "rhs"])["est"]["G"]
    raw = weights / scores[["A", "B"]].std(ddof=0)
    np.testing.assert_allclose(share, raw / raw.sum(), atol=1e-9)
    assert rows.loc[["G", "M"], "weight"].isna().all()


@pytest.mark.parametrize("second", [False, True])
def test_a_consistent_fit_finds_the_slopes_between_the_factors_of_a_population(second):
    # loadings in points of the scale; the true scores are what the items' true parts add up to
    loadings = {
        "A": np.array([14.0, 11.0, 9.0]),
        "B": np.array([8.0, 12.0]),
        "Y": np.array([13.0, 10.0, 9.0]),
    }
    r_ab, b = 0.3, {"A": 0.5, "B": 0.3}
    r_y = [b["A"] + b["B"] * r_ab, b["B"] + b["A"] * r_ab]
    factors = np.array([[1, r_ab, r_y[0]], [r_ab, 1, r_y[1]], [*r_y, 1]])
    names = [f"{k.lower()}{i}" for k, own in loadings.items() for i in range(len(own))]
    L = np.zeros((8, 3))
    ends = np.cumsum([0, 3, 2, 3])
    for k, own in enumerate(loadings.values()):
        L[ends[k] : ends[k + 1], k] = own
    S = L @ factors @ L.T + np.diag([90.0, 120, 80, 100, 70, 110, 95, 85])
    moments = Moments(names=tuple(names), covariance=S, mean=np.full(8, 60.0), n=500)
    text = "A =~ a0 + a1 + a2\nB =~ b0 + b1\nY =~ y0 + y1 + y2\n"
    text += "G <~ A + B\nY ~ G" if second else "Y ~ A + B"
    found = ipma(fit_pls(text, moments), target="Y", scales=dict.fromkeys(names, (0.0, 100.0)))
    rows = found.table[found.table["level"] != "item"].set_index("construct")
    whole = {}
    fit = fit_pls(text, moments)
    weights = fit.values("<~").set_index("rhs")["est"]
    sd = dict(zip(names, np.sqrt(np.diag(S)), strict=True))
    for k in loadings:
        own = [n for n in names if n[0] == k.lower()]
        raw = np.array([weights[n] / sd[n] for n in own])
        whole[k] = float((raw / raw.sum()) @ loadings[k])
    for k in ("A", "B"):
        assert rows.loc[k, "importance"] == pytest.approx(b[k] * whole["Y"] / whole[k], abs=1e-7)
        assert rows.loc[k, "performance"] == pytest.approx(60.0)


def test_intervals_are_those_of_fits_of_the_same_resamples(data, scales):
    fit = fit_pls(SECOND, data)
    found = ipma(fit, target="Y", scales=scales, draws=12, seed=4)
    resampling = resampling_of(fit)
    draws = []
    for i in range(12):
        times = resampling.counts(4, i)[0].astype(int)
        again = fit_pls(SECOND, data.loc[np.repeat(data.index, times)].reset_index(drop=True))
        draws.append(ipma(again, target="Y", scales=scales).table)
    for name in ("importance", "performance"):
        values = np.array([d[name] for d in draws])
        ends = np.array([percentile(values[:, k], level=0.95) for k in range(values.shape[1])])
        np.testing.assert_allclose(found.table[f"{name}_low"], ends[:, 0], atol=1e-6)
        np.testing.assert_allclose(found.table[f"{name}_high"], ends[:, 1], atol=1e-6)
    corrected = ipma(fit, target="Y", scales=scales, draws=12, seed=4, kind="bc").table
    ends = bias_corrected(values[:, 1], corrected["performance"][1], level=0.95)
    assert tuple(corrected.loc[1, ["performance_low", "performance_high"]]) == pytest.approx(
        tuple(ends), abs=1e-6
    )
    assert found.failed == 0
    assert (found.table["importance_low"] <= found.table["importance"]).all()


def test_workers_do_not_change_the_numbers(data, scales):
    fit = fit_pls(SECOND, data)
    one, two = (ipma(fit, target="Y", scales=scales, draws=70, seed=2, workers=k) for k in (1, 2))
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)


def test_no_draws_no_bounds_and_moments_are_enough(data, scales):
    fit = fit_pls(MODEL, data)
    found = ipma(fit, target="Y", scales=scales)
    assert found.table[["importance_low", "performance_high"]].isna().all().all()
    bare = ipma(fit_pls(MODEL, fit.moments), target="Y", scales=scales)
    pd.testing.assert_frame_equal(bare.table, found.table)
    with pytest.raises(DataError, match="needs the answers themselves"):
        ipma(fit_pls(MODEL, fit.moments), target="Y", scales=scales, draws=5)


def test_negative_weights_are_named(data, scales):
    turned = data.assign(b4=10 - data["b4"])
    found = ipma(fit_pls(MODEL, turned), target="Y", scales=scales)
    assert found.negative == ("b4",)
    assert ipma(fit_pls(MODEL, data), target="Y", scales=scales).negative == ()


def test_weights_that_do_not_add_up_give_nothing(data, scales):
    turned = data.assign(b2=10 - data["b2"], b3=10 - data["b3"], b4=10 - data["b4"])
    rows = ipma(fit_pls(MODEL, turned), target="Y", scales=scales).table.set_index("construct")
    assert rows.loc["B", ["importance", "performance"]].iloc[0].isna().all()
    assert rows.loc["M", "importance"].notna().all()


def test_faults_are_said_without_answers(data, scales):
    fit = fit_pls(MODEL, data)
    with pytest.raises(SpecError, match="'A' is not a construct that an arrow"):
        ipma(fit, target="A", scales=scales)
    with pytest.raises(SpecError, match="No scale for b4"):
        ipma(fit, target="Y", scales={k: v for k, v in scales.items() if k != "b4"})
    with pytest.raises(SpecError, match="The scale of a1 does not go up"):
        ipma(fit, target="Y", scales=scales | {"a1": (5.0, 5.0)})
    with pytest.raises(DataError, match=r"Answers outside the scale of b1, b2, b3, b4\. Check"):
        ipma(fit, target="Y", scales=dict.fromkeys(scales, (1.0, 5.0)))
    with pytest.raises(SpecError, match="draws = -1"):
        ipma(fit, target="Y", scales=scales, draws=-1)
    with pytest.raises(SpecError, match="level"):
        ipma(fit, target="Y", scales=scales, level=2.0)


def test_scales_come_from_the_questionnaire():
    instrument = load_instrument("gss_quality_of_worklife")
    found = item_scales(instrument)
    assert list(found) == [item.code for item in instrument.items]
    assert len(set(found.values())) > 1
    assert all(low < high for low, high in found.values())


def test_a_study_without_a_usable_fit_or_outcome_has_no_map_and_no_prediction(data):
    opened = open_study("demo")
    items = opened.complete.items
    fit = fit_pls("A =~ OPP1 + OPP2 + OPP3\nSAT =~ SAT1 + SAT2 + SAT3\nSAT ~ A", items)
    assert study_ipma(opened, None, seed=1) is None
    assert study_ipma(opened, fit, target="COM", seed=1) is None
    found = study_ipma(opened, fit, draws=20, seed=1)
    assert found is not None
    assert 0 < found.at("construct")["performance_low"].iloc[0] < found.performance < 100
    assert study_prediction(None, seed=1) is None
    assert study_prediction(fit_pls("A =~ OPP1 + OPP2\nB =~ AMB1 + AMB2", items), seed=1) is None
    assert study_prediction(fit_pls(MODEL, data.head(9)), seed=1) is None
    lost = fit_pls(MODEL, data, max_iterations=1)
    assert not lost.usable
    assert study_prediction(lost, seed=1) is None
    prediction = study_prediction(fit, repetitions=1, seed=1)
    assert prediction is not None
    assert prediction.antecedents == "earliest"


def test_the_truth_behind_simulated_answers_is_the_map_of_their_population(data):
    opened = open_study("demo")
    fit = fit_pls(opened.model("composite_pls"), opened.complete)
    found = true_ipma(opened, fit)
    assert found is not None
    rows = found.at("construct").set_index("construct")["importance"]
    # drawn from a factor behind the dimensions: all of them count, those close to it most
    assert (rows > 0).all()
    assert rows.mean() == pytest.approx(0.078, abs=0.001)
    assert rows["TOO"] == pytest.approx(0.054, abs=0.001)
    assert rows.idxmin() == "LCU"
    assert true_ipma(opened, fit, target="OPP") is None
    real = replace(opened, spec=replace(opened.spec, simulated=False))
    assert true_ipma(real, fit) is None


def test_members_weighed_by_regression_that_repeat_one_another_are_named(data):
    assert overlapping_members(fit_pls(MODEL, data)) == ()
    assert overlapping_members(fit_pls(SECOND, data)) == ()
    rng = np.random.default_rng(1)
    alike = data.copy()
    for k in (1, 2, 3):
        alike[f"b{k}"] = 2 * (data[f"a{k}"] - 1) + 0.2 * rng.normal(size=len(data))
    text = SECOND.replace(" + b4", "")
    assert overlapping_members(fit_pls(text, alike)) == ("A", "B")
    assert overlapping_members(fit_pls(text, alike, modes={"G": "A"})) == ()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["percentile", "bc"])
def test_intervals_hold_the_true_importance_and_performance_in_about_95_of_100_samples(data, scales, kind):
    # the sample at hand as population; a wide scale, so that no draw lies outside it
    fit = fit_pls(SECOND, data)
    moments = Moments(
        names=fit.moments.names, covariance=fit.moments.covariance, mean=fit.moments.mean, n=300
    )
    wide = dict.fromkeys(scales, (-50.0, 50.0))
    truth = ipma(fit_pls(SECOND, moments), target="Y", scales=wide).table
    root = np.linalg.cholesky(moments.covariance)
    rng = np.random.default_rng(20261122)
    held = []
    for seed in range(200):
        drawn = rng.normal(size=(300, len(root))) @ root.T + moments.mean
        again = fit_pls(SECOND, pd.DataFrame(drawn, columns=list(moments.names)))
        found = ipma(again, target="Y", scales=wide, draws=300, seed=seed, kind=kind).table
        held.append(
            [
                (found[f"{m}_low"] <= truth[m]) & (truth[m] <= found[f"{m}_high"])
                for m in ("importance", "performance")
            ]
        )
    share = np.array(held).mean(axis=0)
    assert 0.92 <= share[0].mean() <= 0.97
    assert 0.92 <= share[1].mean() <= 0.97
    # three standard errors of 200 samples around 95 %, and a little for intervals of resamples
    assert share.min() >= 0.88

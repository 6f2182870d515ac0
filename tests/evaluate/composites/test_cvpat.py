"""The test of predictions: beside scipy's paired t test, with clusters, and its size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from jq_models.errors import SpecError
from jq_models.evaluate.composites.cvpat import cvpat
from jq_models.evaluate.composites.folds import WAYS
from jq_models.evaluate.composites.predict import PlsPrediction, pls_predict
from jq_models.pls import fit_pls

CASE = Path(__file__).parents[2] / "reference" / "pls_predict"
MODEL = "A =~ a1 + a2 + a3\nM =~ m1 + m2 + m3\nY =~ y1 + y2 + y3\nM ~ A\nY ~ M"


@pytest.fixture(scope="module")
def prediction() -> PlsPrediction:
    return pls_predict(fit_pls(MODEL, pd.read_csv(CASE / "data.csv")), seed=8, repetitions=2)


@pytest.mark.parametrize("benchmark", ["mean", "lm"])
@pytest.mark.parametrize(
    ("construct", "items"), [("M", slice(0, 3)), ("Y", slice(3, 6)), ("all", slice(0, 6))]
)
def test_t_p_and_interval_are_those_of_a_paired_t_test(prediction, benchmark, construct, items):
    row = cvpat(prediction).set_index(["benchmark", "construct"]).loc[(benchmark, construct)]
    own, other = (prediction.squared[WAYS.index(k)][:, items].mean(axis=1) for k in ("pls", benchmark))
    found = ttest_rel(own, other)
    ends = found.confidence_interval()
    assert row["t"] == pytest.approx(found.statistic, abs=1e-10)
    assert row["pvalue"] == pytest.approx(found.pvalue, rel=1e-8)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((ends.low, ends.high), abs=1e-12)
    assert row["loss"] - row["loss_benchmark"] == pytest.approx(row["difference"], abs=1e-12)
    assert row["df"] == prediction.n - 1
    expected = "better" if ends.high < 0 else "worse" if ends.low > 0 else "undecided"
    assert row["verdict"] == expected


def test_clusters_count_instead_of_cases(prediction):
    doubled = replace(
        prediction,
        squared=np.repeat(prediction.squared, 2, axis=1),
        cluster=np.repeat(prediction.cluster, 2),
    )
    one, two = cvpat(prediction), cvpat(doubled)
    pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=1e-9)
    alone = replace(doubled, cluster=np.arange(doubled.n))
    assert (cvpat(alone)["se"] < 0.8 * one["se"]).all()


def test_no_regression_no_test(prediction):
    squared = np.array(prediction.squared)
    squared[1] = np.nan
    found = cvpat(replace(prediction, squared=squared)).set_index("benchmark")
    assert (found.loc["lm", "verdict"] == "unknown").all()
    assert found.loc["lm", ["loss", "t", "pvalue"]].isna().all().all()
    assert (found.loc["mean", "verdict"] != "unknown").all()


def test_a_prediction_as_good_as_the_average_is_unknown_not_an_error(prediction):
    squared = np.array(prediction.squared)
    squared[2] = squared[0]
    found = cvpat(replace(prediction, squared=squared)).set_index("benchmark")
    assert (found.loc["mean", "verdict"] == "unknown").all()
    assert found.loc["mean", "pvalue"].isna().all()


def test_a_level_outside_0_to_1_is_refused(prediction):
    with pytest.raises(SpecError, match="level"):
        cvpat(prediction, level=95)


def _data(rng: np.random.Generator, n: int, path: float) -> pd.DataFrame:
    a = rng.normal(size=n)
    y = path * a + np.sqrt(1 - path**2) * rng.normal(size=n)
    columns = {f"a{k}": 0.8 * a + 0.6 * rng.normal(size=n) for k in (1, 2, 3)}
    return pd.DataFrame(columns | {f"y{k}": 0.8 * y + 0.6 * rng.normal(size=n) for k in (1, 2, 3)})


def _verdict(model: str, data: pd.DataFrame, *, seed: int) -> str:
    # of constructs without any relation the weights may not settle: then nothing is claimed
    fit = fit_pls(model, data, consistent=False)
    if not fit.usable:
        return "unknown"
    found = cvpat(pls_predict(fit, seed=seed, repetitions=1))
    return str(found.set_index(["benchmark", "construct"]).loc[("mean", "Y"), "verdict"])


@pytest.mark.slow
def test_no_effect_is_hardly_ever_called_better_and_a_strong_one_always():
    rng = np.random.default_rng(20261122)
    model = "A =~ a1 + a2 + a3\nY =~ y1 + y2 + y3\nY ~ A"

    def share(path: float, times: int) -> float:
        verdicts = [_verdict(model, _data(rng, 150, path), seed=k) for k in range(times)]
        return float(np.mean([v == "better" for v in verdicts]))

    # one of the two tails of a 95 % interval, and predictions of noise that are worse than the average
    assert share(0.0, 400) <= 0.03
    assert share(0.7, 60) >= 0.95

"""Predictions for cases held out: beside seminr, beside fits fold by fold, and where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from jq_models.errors import DataError, SpecError
from jq_models.evaluate.composites.folds import WAYS
from jq_models.evaluate.composites.predict import fold_of, held_out, pls_predict
from jq_models.pls import fit_pls

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
    return pd.read_csv(CASE / "data.csv")


@pytest.fixture(scope="module")
def seminr() -> pd.DataFrame:
    return pd.read_csv(CASE / "seminr_predictions.csv")


@pytest.mark.parametrize("antecedents", ["direct", "earliest"])
@pytest.mark.parametrize("consistent", [False, True])
def test_errors_are_those_of_seminr(data, seminr, antecedents, consistent):
    fit = fit_pls(MODEL, data, consistent=consistent, tolerance=1e-12, max_iterations=1000)
    fold = data["fold"].to_numpy()[None]
    squared, absolute, failed, columns = held_out(
        fit, fit.cases, fold=fold, antecedents=antecedents, corrected=consistent
    )
    assert failed == 0
    assert [item for _, item in columns] == ["m1", "m2", "m3", "y1", "y2", "y3"]
    ways = {"pls": "plsc" if consistent else "pls", "lm": "lm"}
    for way, name in ways.items():
        predicted = seminr[[f"{name}_{antecedents}_{item}" for _, item in columns]].to_numpy()
        errors = data[[item for _, item in columns]].to_numpy() - predicted
        np.testing.assert_allclose(absolute[WAYS.index(way)], np.abs(errors), atol=1e-9)
        np.testing.assert_allclose(squared[WAYS.index(way)], errors**2, atol=1e-8)


def by_hand(model: str, data: pd.DataFrame, out: np.ndarray, items: list[str]) -> dict[str, np.ndarray]:
    """Errors of one fold from an ordinary fit and ordinary regressions."""
    train, test = data[~out], data[out]
    fit = fit_pls(model, train, consistent=False)
    z = (test[list(fit.moments.names)] - fit.moments.mean) / np.sqrt(np.diag(fit.moments.covariance))
    inside = (train[list(fit.moments.names)] - fit.moments.mean) / np.sqrt(np.diag(fit.moments.covariance))
    weights = fit.values("<~").set_index(["lhs", "rhs"])["est"]

    def score(name: str, frame: pd.DataFrame) -> pd.Series:
        own = weights[name]
        parts = {k: frame[k] if k in frame else score(k, frame) for k in own.index}
        total = sum(own[k] * parts[k] for k in own.index)
        base = sum(own[k] * (inside[k] if k in inside else score(k, inside)) for k in own.index)
        return total / base.std(ddof=0)

    causes = {"M": ["G"], "Y": ["M", "G"]}
    pls, lm, mean = [], [], []
    for item in items:
        target = item[0].upper()
        x = pd.DataFrame({c: score(c, inside) for c in causes[target]})
        own = score(target, inside)
        paths = sm.OLS(own, x).fit().params
        new = pd.DataFrame({c: score(c, z) for c in causes[target]}) @ paths
        loading = np.corrcoef(own, train[item])[0, 1]
        pls.append(test[item] - train[item].mean() - train[item].std(ddof=0) * loading * new)
        names = [c for c in data if c[0].upper() in ("A", "B", *(["M"] if target == "Y" else []))]
        plain = sm.OLS(train[item], sm.add_constant(train[names])).fit()
        lm.append(test[item] - plain.predict(sm.add_constant(test[names], has_constant="add")))
        mean.append(test[item] - train[item].mean())
    return {"pls": np.array(pls).T, "lm": np.array(lm).T, "mean": np.array(mean).T}


def test_a_second_order_model_fold_by_fold(data):
    data = data.drop(columns="fold")
    fit = fit_pls(SECOND, data, consistent=False)
    found = pls_predict(fit, folds=4, repetitions=2, seed=5)
    fold = fold_of(np.arange(len(data)), folds=4, repetitions=2, seed=5)
    items = list(found.table["item"])
    expected = np.zeros((3, len(data), len(items)))
    for row in fold:
        for k in range(4):
            errors = by_hand(SECOND, data, row == k, items)
            for place, way in enumerate(WAYS):
                expected[place, row == k] += errors[way] ** 2 / 2
    np.testing.assert_allclose(found.squared, expected, atol=1e-7)
    mse = expected.mean(axis=1)
    np.testing.assert_allclose(found.table["rmse"], np.sqrt(mse[0]), atol=1e-8)
    np.testing.assert_allclose(found.table["rmse_lm"], np.sqrt(mse[1]), atol=1e-8)
    np.testing.assert_allclose(found.table["q2_predict"], 1 - mse[0] / mse[2], atol=1e-8)


def test_a_consistent_fit_predicts_with_uncorrected_paths_unless_told(data):
    plain = pls_predict(fit_pls(MODEL, data, consistent=False), seed=1, repetitions=1)
    same = pls_predict(fit_pls(MODEL, data), seed=1, repetitions=1)
    other = pls_predict(fit_pls(MODEL, data), seed=1, repetitions=1, corrected=True)
    pd.testing.assert_frame_equal(plain.table, same.table, rtol=1e-8)
    assert (other.table["rmse"] - plain.table["rmse"]).abs().max() > 1e-4


def test_the_result_does_not_depend_on_the_workers(data):
    fit = fit_pls(SECOND, data)
    one, two = (pls_predict(fit, seed=3, workers=k) for k in (1, 2))
    assert np.array_equal(one.squared, two.squared)
    assert not np.array_equal(one.squared, pls_predict(fit, seed=4).squared)


def test_clusters_are_held_out_whole(data):
    frame = data.assign(team=np.arange(len(data)) // 6)
    found = pls_predict(fit_pls(MODEL, frame, cluster="team"), seed=1, repetitions=3)
    fold = fold_of(found.cluster, folds=10, repetitions=3, seed=1)
    for row in fold:
        assert (pd.Series(row).groupby(frame["team"].to_numpy()).nunique() == 1).all()
        sizes = np.bincount(row)
        assert sizes.max() - sizes.min() <= 6


@pytest.mark.parametrize("units", [20, 23])
def test_every_case_is_held_out_once_a_repetition_in_folds_of_nearly_equal_size(units):
    fold = fold_of(np.arange(units), folds=5, repetitions=4, seed=0)
    for row in fold:
        sizes = np.bincount(row, minlength=5)
        assert sizes.sum() == units
        assert sizes.max() - sizes.min() <= 1
    assert not np.array_equal(fold[0], fold[1])


def test_an_item_that_varies_in_one_fold_only_fails_that_fold(data):
    frame = data.head(60).copy()
    frame["a1"] = np.where(np.arange(60) == 7, 5, 3)
    found = pls_predict(fit_pls(MODEL, frame), folds=6, repetitions=2, seed=1)
    assert found.failed == 2
    assert np.isfinite(found.table.to_numpy()[:, 2:].astype(float)).all()
    assert np.isfinite(found.squared).all(axis=(0, 2)).sum() < 60


def test_too_few_cases_for_the_regression_leave_it_out_and_say_unknown(data):
    found = pls_predict(fit_pls(MODEL, data.head(12)), folds=3, repetitions=1, seed=2)
    rows = found.table.set_index("item")
    assert rows.loc["y1":, "rmse_lm"].isna().all()
    assert found.power("Y") == "unknown"
    doubled = data.assign(a3=data["a2"])
    twin = pls_predict(fit_pls(MODEL, doubled), seed=1, repetitions=1)
    assert twin.table.set_index("construct").loc["M", "rmse_lm"].isna().all()
    assert twin.table["rmse"].notna().all()


def test_the_power_is_counted_over_items(data):
    found = pls_predict(fit_pls(MODEL, data), seed=1, repetitions=1)
    better = (found.table["rmse"] < found.table["rmse_lm"]).mean()
    expected = "high" if better == 1 else "medium" if better >= 0.5 else "low" if better else "none"
    assert found.power() == expected
    assert "n = 240" in repr(found)


def test_answers_never_show_and_faults_are_said(data):
    fit = fit_pls(MODEL, data)
    with pytest.raises(SpecError, match="folds = 1 for 240 cases"):
        pls_predict(fit, folds=1, seed=1)
    with pytest.raises(SpecError, match="folds = 241"):
        pls_predict(fit, folds=241, seed=1)
    with pytest.raises(SpecError, match="repetitions = 0"):
        pls_predict(fit, repetitions=0, seed=1)
    with pytest.raises(SpecError, match=r"No antecedents 'erliest'\. Did you mean 'earliest'"):
        pls_predict(fit, antecedents="erliest", seed=1)
    with pytest.raises(DataError, match="needs the answers themselves"):
        pls_predict(fit_pls(MODEL, fit.moments), seed=1)
    with pytest.raises(SpecError, match="No arrow leads to a construct"):
        pls_predict(fit_pls("A =~ a1 + a2 + a3\nB =~ b1 + b2", data), seed=1)


def test_leaving_out_one_case_each_time(data):
    found = pls_predict(fit_pls(MODEL, data.head(40)), folds=40, repetitions=1, seed=1)
    again = pls_predict(fit_pls(MODEL, data.head(40)), folds=40, repetitions=1, seed=9)
    np.testing.assert_allclose(found.squared, again.squared, atol=1e-8)

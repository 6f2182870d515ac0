"""The one call: data in, a frozen record out; what data are refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pandas as pd
import pytest
from pls_cases import MIXED, SECOND, THREE, answers, estimate, three_factors

from jq_models.data import open_study
from jq_models.errors import DataError, SpecError
from jq_models.numeric.moments import Moments, UnfitError
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates


def moments(**change: object) -> Moments:
    frame = three_factors()
    known = {"covariance": np.cov(frame.T.to_numpy(), ddof=0), "mean": frame.mean().to_numpy(), "n": 100}
    return Moments(names=tuple(frame.columns), **{**known, **change})


def bent(i: int, j: int, value: float, *, both: bool = True) -> np.ndarray:
    S = np.array(moments().covariance)
    S[i, j] = value
    S[j, i] = value if both else S[j, i]
    return S


def test_moments_give_the_numbers_of_their_data() -> None:
    data, only = fit_pls(THREE, three_factors()), fit_pls(THREE, moments())
    np.testing.assert_allclose(data.table["est"], only.table["est"], atol=1e-12)
    assert (only.n, only.cases, only.rows, only.n_dropped) == (100, None, None, 0)
    for use in (only.scores, lambda: bootstrap_pls(only, seed=1)):
        with pytest.raises(DataError, match="needs the answers themselves"):
            use()
    assert pls_estimates(only)["se"].isna().all()


def test_columns_and_rows_may_stand_in_any_order() -> None:
    frame = three_factors()
    shuffled = frame.sample(frac=1.0, random_state=np.random.default_rng(1))[frame.columns[::-1]]
    expected = fit_pls(THREE, frame).table
    found = fit_pls(THREE, shuffled).table
    np.testing.assert_allclose(found["est"], expected["est"], atol=1e-12)
    text = THREE.replace("x1 + x2 + x3", "x3 + x1 + x2")
    turned = fit_pls(text, frame, dominant={"X": "x1"})
    for row in expected.itertuples():
        assert estimate(turned, row.op, row.lhs, row.rhs) == pytest.approx(row.est, abs=1e-9)


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e6, 1e100])
@pytest.mark.parametrize("zero", [0.0, 1e7])
def test_units_do_not_matter(unit: float, zero: float) -> None:
    expected = fit_pls(THREE, three_factors()).table["est"]
    found = fit_pls(THREE, (three_factors() + zero) * unit).table["est"]
    np.testing.assert_allclose(found, expected, atol=1e-6 if zero else 1e-9)


def test_incomplete_cases_are_left_out_and_counted() -> None:
    frame = three_factors()
    frame["other"] = np.nan
    frame.loc[[3, 50], "x1"], frame.loc[7, "z3"] = np.nan, np.nan
    fit = fit_pls(THREE, frame)
    assert (fit.n, fit.n_dropped) == (97, 3)
    assert fit.rows.tolist() == [k for k in range(100) if k not in (3, 7, 50)]
    whole = fit_pls(THREE, frame.drop(index=[3, 7, 50]))
    np.testing.assert_array_equal(fit.table["est"], whole.table["est"])
    frame["team"] = np.arange(100) // 10
    frame.loc[[1, 2], "team"] = np.nan
    assert fit_pls(THREE, frame, cluster="team").n == 95


def test_kinds_of_numbers() -> None:
    frame = three_factors().mul(2).round()
    expected = fit_pls(THREE, frame).table["est"]
    for kind in ("int64", "Int64", "float32"):
        np.testing.assert_allclose(fit_pls(THREE, frame.astype(kind)).table["est"], expected, atol=1e-12)
    assert fit_pls(THREE, frame > 0).usable


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda d: d.drop(columns="x1"), DataError, "no column x1"),
        (lambda d: d.assign(x1="a"), DataError, "Not numeric: x1"),
        (lambda d: d.assign(x1=np.inf), DataError, "Infinite values in: x1"),
        (lambda d: pd.concat([d, d[["x1"]]], axis=1), DataError, "two columns of one name: x1"),
        (lambda d: d.assign(x1=3.0, y2=0.0), UnfitError, "No differences between the answers in: x1, y2"),
        (lambda d: d.assign(x1=0.1 + 0.2), UnfitError, "No differences .* x1"),
        (lambda d: d.assign(x1=np.nan), UnfitError, "0 complete cases: PLS needs at least 3"),
        (lambda d: d.head(2), UnfitError, "2 complete cases"),
    ],
)
def test_data_that_are_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        fit_pls(THREE, change(three_factors()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"covariance": bent(0, 1, 5.0)}, "Correlations beyond 1: x2 ~~ x1"),
        ({"covariance": bent(0, 1, 0.9, both=False)}, "not symmetric"),
        ({"covariance": -moments().covariance}, "a variance is negative"),
        ({"covariance": bent(0, 1, np.nan)}, "NaN or infinite"),
        ({"covariance": np.diag([1.0] * 8 + [0.0])}, "No differences between the answers in: z3"),
        ({"n": 2}, "2 complete cases"),
    ],
)
def test_moments_that_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        fit_pls(THREE, moments(**change))


def test_clusters_that_are_refused() -> None:
    frame = three_factors()
    with pytest.raises(DataError, match="no column team"):
        fit_pls(THREE, frame, cluster="team")
    with pytest.raises(DataError, match="'team' has one cluster"):
        fit_pls(THREE, frame.assign(team="a"), cluster="team")
    with pytest.raises(DataError, match="Moments have no clusters"):
        fit_pls(THREE, moments(), cluster="team")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scheme": "pathh"}, "No scheme 'pathh'. Did you mean 'path'"),
        ({"tolerance": 0.0}, "both must be above 0"),
        ({"tolerance": float("nan")}, "both must be above 0"),
        ({"max_iterations": 0}, "both must be above 0"),
    ],
)
def test_options_that_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        fit_pls(THREE, three_factors(), **options)


def test_scores_are_standardised_and_correlate_as_the_solution_says() -> None:
    for text, modes in ((MIXED, None), (SECOND, {"G": "A"})):
        fit = fit_pls(text, answers(), consistent=False, modes=modes)
        scores = fit.scores()
        np.testing.assert_allclose(scores.mean(), 0.0, atol=1e-12)
        np.testing.assert_allclose(scores.std(ddof=0), 1.0, atol=1e-9)
        last = fit.solution.last.outer
        np.testing.assert_allclose(scores.corr(), last.correlation[0], atol=1e-9)
        names = fit.design.last.constructs
        assert tuple(scores.columns) == names
    consistent = fit_pls(MIXED, answers())
    np.testing.assert_array_equal(consistent.scores(), fit_pls(MIXED, answers(), consistent=False).scores())


def test_rows_of_the_table_are_named_once_and_in_a_fixed_order() -> None:
    for text in (MIXED, SECOND, THREE):
        fit = fit_pls(text, answers() if text != THREE else three_factors())
        table = fit.table
        assert not table.duplicated(["lhs", "op", "rhs"]).any()
        again = fit_pls(text, fit.moments).table
        pd.testing.assert_frame_equal(table[["lhs", "op", "rhs"]], again[["lhs", "op", "rhs"]])
    second = fit_pls(SECOND, answers())
    assert [*second.values("=~")["lhs"]].count("G") == 3
    assert {*second.values("~~")["lhs"], *second.values("~~")["rhs"]} == {*"ABEGXD"}
    with pytest.raises(SpecError, match="No rows 'R2' in this fit"):
        second.values("R2")


def test_formulas_of_paths() -> None:
    fit = fit_pls(THREE + "\nshare := ind / (ind + c)\nno := log(0 - 1)", three_factors())
    paths = {(r.lhs, r.rhs): r.est for r in fit.values("~").itertuples()}
    ind = paths["Y", "X"] * paths["Z", "Y"]
    assert estimate(fit, ":=", "ind") == pytest.approx(ind, abs=1e-14)
    assert estimate(fit, ":=", "share") == pytest.approx(ind / (ind + paths["Z", "X"]), abs=1e-14)
    assert np.isnan(estimate(fit, ":=", "no"))


def test_a_fit_is_frozen_and_prints_no_answers() -> None:
    frame = three_factors()
    fit = fit_pls(THREE, frame.assign(team=np.arange(100) % 7), cluster="team")
    assert repr(fit) == "PlsFit('own', PLSc, path scheme, n = 100: converged, admissible)"
    with pytest.raises(FrozenInstanceError):
        fit.consistent = False
    parts = [fit, fit.solution, fit.solution.first, fit.solution.first.outer, fit.moments]
    arrays = [getattr(p, f.name) for p in parts for f in fields(p)]
    arrays = [a for a in arrays if isinstance(a, np.ndarray)]
    assert len(arrays) > 10
    assert not any(a.flags.writeable for a in arrays)
    frame.loc[:, :] = 0.0
    assert fit.cases.std() > 0.5


@pytest.mark.parametrize("model", ["second_order", "composite_pls", "direct"])
def test_the_study_models_on_the_demo(model: str) -> None:
    opened = open_study("demo")
    fit = fit_pls(opened.model(model), opened.responses)
    assert fit.status.admissible
    paths = {(r.lhs, r.rhs) for r in fit.values("~").itertuples()}
    assert {("COM", "SAT"), ("TIN", "SAT"), ("TIN", "COM")} <= paths

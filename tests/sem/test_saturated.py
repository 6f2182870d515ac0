"""Saturated moments of incomplete answers, their information and scores (tests/reference/missing)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from references import REFERENCE

from jq_models.numeric.moments import Array, UnfitError
from jq_models.sem.missing import information as incomplete_information
from jq_models.sem.missing import saturated
from jq_models.sem.missing.patterns import completed, missing_data, patterns_of
from jq_models.sem.missing.saturated import em_saturated, saturated_moments
from jq_models.sem.missing.saturated_information import (
    saturated_information,
    saturated_scores,
    saturated_trace,
)

FOLDER = REFERENCE / "missing"
ITEMS = [f"{f}{i}" for f in "ab" for i in range(1, 5)]


def answers(name: str = "data") -> Array:
    frame = pd.read_csv(FOLDER / f"{name}.csv")
    return frame.drop(columns=["w", "cluster"], errors="ignore").to_numpy(dtype=float)


def column(name: str) -> NDArray[np.float64]:
    return pd.read_csv(FOLDER / "data.csv")[name].to_numpy(dtype=float)


def measures(fit: str) -> pd.Series:
    return pd.read_csv(FOLDER / "fit.csv", index_col="measure")[fit]


def by_definition(cases: Array, mean: Array, covariance: Array) -> tuple[Array, Array, Array]:
    """Return observed information, expected information (sums over cases) and scores, with full matrices."""
    p = len(mean)
    places = list(zip(*np.triu_indices(p), strict=True))
    D = np.zeros((len(places), p, p))
    for a, (i, j) in enumerate(places):
        D[a, i, j] = D[a, j, i] = 1.0
    k = p + len(places)
    observed, expected, scores = np.zeros((k, k)), np.zeros((k, k)), []
    for case in cases:
        o = np.flatnonzero(~np.isnan(case))
        V = np.zeros((p, p))
        V[np.ix_(o, o)] = np.linalg.inv(covariance[np.ix_(o, o)])
        y = V @ np.nan_to_num(case - mean)
        VD, Dy = V @ D, D @ y
        traces = np.einsum("aij,bji->ab", VD, VD)
        observed[:p, :p] += V
        observed[:p, p:] += V @ Dy.T
        observed[p:, :p] += Dy @ V
        observed[p:, p:] += Dy @ V @ Dy.T - 0.5 * traces
        expected[:p, :p] += V
        expected[p:, p:] += 0.5 * traces
        scores.append(np.append(y, 0.5 * (Dy @ y - np.einsum("aii->a", VD))))
    return observed, expected, np.array(scores)


@pytest.mark.parametrize(("name", "fit"), [("data", "plain"), ("planned", "planned")])
def test_moments_are_lavaans(name: str, fit: str) -> None:
    cases = answers(name)
    found = em_saturated(cases, patterns_of(cases))
    theirs = pd.read_csv(FOLDER / ("moments.csv" if name == "data" else "planned_moments.csv"), index_col=0)
    assert found.converged
    assert found.log_likelihood == pytest.approx(measures(fit)["unrestricted.logl"], abs=1e-7)
    np.testing.assert_allclose(found.mean, theirs["mean"], atol=1e-7)
    np.testing.assert_allclose(found.covariance, theirs.iloc[:, 1:], atol=2e-7)


def test_weighted_log_likelihood_is_lavaans() -> None:
    cases, weights = answers(), column("w")
    found = em_saturated(cases, patterns_of(cases), weights=weights / weights.mean())
    assert found.log_likelihood == pytest.approx(measures("weighted")["unrestricted.logl"], abs=1e-7)


def test_the_estimate_is_a_fixed_point_of_em() -> None:
    random = np.random.default_rng(5)
    cases = random.normal(size=(300, 1)) + random.normal(size=(300, 8))
    cases[random.random(cases.shape) < 0.35] = np.nan
    found = em_saturated(cases, patterns_of(cases))
    mean, covariance = found.mean, found.covariance
    data = missing_data(cases, patterns_of(cases))
    for _ in range(100):
        at = completed(data, mean=mean, covariance=covariance)
        assert at is not None
        mean, covariance = mean + at.shift, at.moments - np.multiply.outer(at.shift, at.shift)
    np.testing.assert_allclose(found.mean, mean, atol=1e-9)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-9)
    assert found.log_likelihood == pytest.approx(at.log_likelihood, abs=1e-9)


def test_units_change_nothing_but_units() -> None:
    cases, unit = answers(), 10.0 ** np.arange(-4, 4)
    plain, other = (em_saturated(x, patterns_of(x)) for x in (cases, cases * unit + 5.0 * unit))
    np.testing.assert_allclose(other.mean, (plain.mean + 5.0) * unit, rtol=1e-9)
    np.testing.assert_allclose(other.covariance, plain.covariance * np.outer(unit, unit), rtol=1e-8)


def test_complete_answers_give_plain_moments() -> None:
    cases = answers()
    cases = cases[~np.isnan(cases).any(axis=1)]
    found = em_saturated(cases, patterns_of(cases))
    np.testing.assert_allclose(found.mean, cases.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.covariance, np.cov(cases.T, bias=True), rtol=1e-11)


def test_case_without_answers_changes_nothing() -> None:
    cases = answers()
    more = np.vstack([cases, np.full((2, 8), np.nan)])
    moments = [saturated_moments(x, tuple(ITEMS)) for x in (cases, more)]
    np.testing.assert_array_equal(moments[0].covariance, moments[1].covariance)
    assert moments[1].n == len(cases)


@pytest.mark.parametrize(("kind", "file"), [("observed", "observed"), ("expected", "expected")])
def test_information_is_lavaans(kind: str, file: str) -> None:
    cases = answers()
    found = em_saturated(cases, patterns_of(cases))
    data = missing_data(cases, patterns_of(cases))
    ours = saturated_information(data, mean=found.mean, covariance=found.covariance, kind=kind)
    theirs = pd.read_csv(FOLDER / f"moments_{file}.csv").to_numpy()
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_products_of_scores_are_lavaans() -> None:
    cases = answers()
    found = em_saturated(cases, patterns_of(cases))
    data = missing_data(cases, patterns_of(cases))
    scores = saturated_scores(data, mean=found.mean, covariance=found.covariance)
    theirs = pd.read_csv(FOLDER / "moments_first.order.csv").to_numpy()
    np.testing.assert_allclose(scores.T @ scores / len(cases), theirs, atol=1e-5)


@pytest.mark.parametrize("fit", ["plain", "weighted", "clustered", "exogenous", "planned"])
def test_trace_is_lavaans(fit: str) -> None:
    cases, x = answers("planned" if fit == "planned" else "data"), ()
    weights = column("w") / column("w").mean() if fit == "weighted" else None
    clusters = column("cluster").astype(int) - 1 if fit == "clustered" else None
    if fit == "exogenous":
        cases, x = np.column_stack([cases, column("w")]), (8,)
    found = em_saturated(cases, patterns_of(cases), weights=weights)
    data = missing_data(cases, patterns_of(cases), weights=weights)
    trace = saturated_trace(data, mean=found.mean, covariance=found.covariance, clusters=clusters, x=x)
    if clusters is not None:
        trace *= 50 / 49
    p = cases.shape[1]
    moments = p + p * (p + 1) // 2 - 2 * len(x)
    assert trace / moments == pytest.approx(measures(fit)["scaling.factor.h1"], rel=1e-6)


@pytest.mark.parametrize("paired", [24, 1, 0])
@pytest.mark.parametrize(("n", "p", "rate"), [(60, 5, 0.3), (250, 4, 0.1), (50, 6, 0.5)])
def test_information_and_scores_by_definition(
    n: int, p: int, rate: float, paired: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # away from the estimate, by all three routes: cases, triangular roots, patterns one by one
    monkeypatch.setattr(incomplete_information, "PAIRED", paired)
    monkeypatch.setattr(incomplete_information, "BLOCK", 4096)
    random = np.random.default_rng(n)
    cases = random.normal(size=(n, p)) + 0.5 * random.normal(size=(n, 1))
    cases[random.random(cases.shape) < rate] = np.nan
    cases = cases[~np.isnan(cases).all(axis=1)]
    weights = random.integers(0, 3, len(cases)).astype(float)
    mean, covariance = random.normal(size=p) / 5.0, np.eye(p) + 0.3
    repeated = np.repeat(cases, weights.astype(int), axis=0)
    observed, expected, _ = by_definition(repeated, mean, covariance)
    scores = by_definition(cases, mean, covariance)[2]
    data = missing_data(cases, patterns_of(cases), weights=weights)
    at = {"mean": mean, "covariance": covariance}
    np.testing.assert_allclose(saturated_information(data, **at), observed / data.n, atol=1e-13)
    np.testing.assert_allclose(
        saturated_information(data, **at, kind="expected"), expected / data.n, atol=1e-13
    )
    np.testing.assert_allclose(saturated_scores(data, **at), scores, atol=1e-13)
    own = weights[:, None] * scores
    trace = np.trace(np.linalg.solve(observed, own.T @ own))
    assert saturated_trace(data, **at) == pytest.approx(trace, rel=1e-9)


def test_moments_of_exogenous_variables_are_left_out() -> None:
    cases = answers()
    cases = cases[~np.isnan(cases[:, [1, 4]]).any(axis=1)]
    data = missing_data(cases, patterns_of(cases))
    at = {"mean": cases[:, 0].mean() + np.zeros(8), "covariance": np.eye(8) + 0.4}
    place = {(i, j): 8 + a for a, (j, i) in enumerate(zip(*np.triu_indices(8), strict=True))}
    out = [1, 4, place[1, 1], place[4, 1], place[4, 4]]
    kept = np.setdiff1d(np.arange(44), out)
    for kind in ("observed", "expected"):
        whole = saturated_information(data, **at, kind=kind)
        part = saturated_information(data, **at, kind=kind, x=(1, 4))
        np.testing.assert_allclose(part, whole[np.ix_(kept, kept)], atol=1e-14)
        scores = saturated_scores(data, **at)[:, kept]
        np.testing.assert_allclose(saturated_scores(data, **at, x=(1, 4)), scores, atol=1e-14)
        trace = np.trace(np.linalg.solve(part, scores.T @ scores)) / data.n
        assert saturated_trace(data, **at, kind=kind, x=(1, 4)) == pytest.approx(trace, rel=1e-9)


def test_pair_never_observed_together_is_named() -> None:
    cases = answers()
    cases[:200, 0], cases[200:, 5] = np.nan, np.nan
    with pytest.raises(UnfitError, match="both of these variables: a1, b2") as error:
        em_saturated(cases, patterns_of(cases), names=ITEMS)
    assert error.value.code == "never_together"
    assert error.value.where == ("a1, b2",)


@pytest.mark.parametrize("kind", ["duplicated", "summed"])
def test_singular_matrix_is_named(kind: str) -> None:
    cases = answers()
    cases[:, 3] = cases[:, 2] if kind == "duplicated" else cases[:, :3].sum(axis=1)
    with pytest.raises(UnfitError, match="singular") as error:
        em_saturated(cases, patterns_of(cases), names=ITEMS)
    assert error.value.code == "singular"
    assert {"a3", "a4"} <= set(error.value.where) <= {"a1", "a2", "a3", "a4"}


def test_nearly_dependent_items_are_not_singular() -> None:
    random = np.random.default_rng(8)
    cases = random.normal(size=(400, 6))
    cases[:, 5] = cases[:, :5].sum(axis=1) + 3e-3 * random.normal(size=400)
    cases[random.random(cases.shape) < 0.03] = np.nan
    found = em_saturated(cases, patterns_of(cases))
    assert found.converged


def test_constant_item_is_named() -> None:
    cases = answers()
    cases[~np.isnan(cases[:, 2]), 2] = 3.0
    with pytest.raises(UnfitError, match="a3") as error:
        em_saturated(cases, patterns_of(cases), names=ITEMS)
    assert error.value.code == "constant"


def test_too_few_cases_are_said() -> None:
    cases = answers()[:8]
    with pytest.raises(UnfitError, match="8 cases for 8 variables") as error:
        em_saturated(cases, patterns_of(cases), names=ITEMS)
    assert error.value.code == "too_few_cases"


def test_slow_em_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saturated, "MAX_ITERATIONS", 3)
    cases = answers()
    found = em_saturated(cases, patterns_of(cases))
    assert not found.converged
    assert found.iterations == 3
    with pytest.raises(UnfitError, match="too few cases answered"):
        saturated_moments(cases, tuple(ITEMS))

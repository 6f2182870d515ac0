"""Full-information maximum likelihood against lavaan (tests/reference/missing, ../shared/oracles/lavaan)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from references import REFERENCE

from jq_models.numeric.moments import Array, Moments
from jq_models.sem.matrices import filled, model_matrices, row_values
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.missing.patterns import completed, missing_data, patterns_of
from jq_models.sem.missing.saturated import saturated_moments
from jq_models.sem.missing.saturated_information import saturated_trace
from jq_models.sem.normal import NormalTheory
from jq_models.sem.optimise import minimise
from jq_models.sem.table import parameter_table

FOLDER = REFERENCE / "missing"
TEXT = (FOLDER / "model.txt").read_text(encoding="utf-8")
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
# second derivatives of every kind: paths between factors, a mediator, a latent mean
PATHS = THREE + "speed ~ textual + visual\ntextual ~ visual\nx1 ~~ x4\nx1 ~ 0*1\nvisual ~ 1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model on data: its discrepancy, start values, and the keys of its free parameters."""

    likelihood: MissingNormal
    moments: tuple[Moments, ...]
    start: Array
    keys: list[tuple[str, str, str]]


def case_of(
    text: str, frames: list[pd.DataFrame], *, equal: tuple[str, ...] = (), weights: Array | None = None
) -> Case:
    groups = tuple(str(i) for i in range(len(frames))) if len(frames) > 1 else ()
    table = parameter_table(text, groups=groups, equal=equal, meanstructure=True)
    cases = [frame[list(table.observed)].to_numpy(dtype=float) for frame in frames]
    patterns = [patterns_of(x) for x in cases]
    moments = tuple(saturated_moments(x, table.observed, weights=weights) for x in cases)
    matrices = [model_matrices(table.of_group(g + 1), m) for g, m in enumerate(moments)]
    data = [missing_data(x, at, weights=weights) for x, at in zip(cases, patterns, strict=True)]
    start = np.zeros(table.n_free)
    for own, m in zip(matrices, moments, strict=True):
        for row, depends in zip(own.parameters.rows, own.design, strict=True):
            start[depends > 0] = _guess(row.op, row.lhs, row.rhs, moments=m)
    return Case(
        likelihood=MissingNormal(matrices, data, moments=moments),
        moments=moments,
        start=start,
        keys=[(r.lhs, r.op, r.rhs) for r in table.rows if r.free],
    )


def _guess(op: str, lhs: str, rhs: str, *, moments: Moments) -> float:
    if op == "=~":
        return 1.0
    if lhs in moments.names and op == "~1":
        return float(moments.mean[moments.names.index(lhs)])
    if lhs == rhs:
        i = moments.names.index(lhs) if lhs in moments.names else None
        return 0.4 if i is None else 0.5 * float(moments.covariance[i, i])
    return 0.05


@pytest.fixture(scope="module")
def own() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data.csv")


@pytest.fixture(scope="module")
def at_lavaans_optimum(own: pd.DataFrame) -> tuple[Case, Array]:
    case = case_of(TEXT, [own])
    estimates = pd.read_csv(FOLDER / "estimates.csv", keep_default_na=False)
    theirs = {(r.lhs, r.op, r.rhs): float(r.est) for r in estimates.itertuples()}
    return case, np.array([theirs[key] for key in case.keys])


def in_lavaans_order(case: Case) -> list[int]:
    estimates = pd.read_csv(FOLDER / "estimates.csv", keep_default_na=False)
    return [case.keys.index((r.lhs, r.op, r.rhs)) for r in estimates.itertuples()]


def differences(function: Callable[[Array], Array | float], theta: Array) -> Array:
    """Return central differences, of the shape (k, ...)."""
    h = 1e-5
    return np.array(
        [(function(theta + h * e) - function(theta - h * e)) / (2 * h) for e in np.eye(len(theta))]
    )


@pytest.mark.parametrize("kind", ["observed", "expected"])
def test_covariance_of_estimates_is_lavaans(at_lavaans_optimum: tuple[Case, Array], kind: str) -> None:
    case, theta = at_lavaans_optimum
    point = case.likelihood.point(theta, curvature=kind)
    order = in_lavaans_order(case)
    vcov = np.linalg.inv(point.information)[np.ix_(order, order)] / case.likelihood.n
    theirs = pd.read_csv(FOLDER / f"vcov_{kind}.csv").to_numpy()
    np.testing.assert_allclose(vcov, theirs, atol=1e-9)


def test_scores_are_lavaans(at_lavaans_optimum: tuple[Case, Array]) -> None:
    case, theta = at_lavaans_optimum
    scores = case.likelihood.scores(theta)[0][:40, in_lavaans_order(case)]
    np.testing.assert_allclose(scores, pd.read_csv(FOLDER / "scores.csv").to_numpy(), atol=1e-9)


@pytest.mark.parametrize("fit", ["plain", "weighted", "clustered"])
def test_tests_are_lavaans(own: pd.DataFrame, fit: str) -> None:
    weights = (own["w"] / own["w"].mean()).to_numpy() if fit == "weighted" else None
    clusters = own["cluster"].to_numpy() - 1 if fit == "clustered" else None
    case = case_of(TEXT, [own], weights=weights)
    likelihood = case.likelihood
    optimum = minimise(likelihood, case.start)
    theirs = pd.read_csv(FOLDER / "fit.csv", index_col="measure")[fit]
    assert likelihood.n * optimum.point.objective == pytest.approx(theirs["chisq"], abs=1e-6)
    assert likelihood.log_likelihood(optimum.theta) == pytest.approx(theirs["logl"], abs=1e-6)
    scores = likelihood.scores(optimum.theta)[0] * (1.0 if weights is None else weights[:, None])
    if clusters is not None:
        scores = np.array([scores[clusters == c].sum(axis=0) for c in range(50)]) * np.sqrt(50 / 49)
    A = likelihood.point(optimum.theta, curvature="observed").information * likelihood.n
    model = np.trace(np.linalg.solve(A, scores.T @ scores))
    moments = case.moments[0]
    trace = saturated_trace(
        likelihood.data[0], mean=moments.mean, covariance=moments.covariance, clusters=clusters
    )
    trace *= 1.0 if clusters is None else 50 / 49
    assert model / len(case.start) == pytest.approx(theirs["scaling.factor.h0"], rel=2e-6)
    assert (trace - model) / theirs["df"] == pytest.approx(theirs["chisq.scaling.factor"], rel=5e-6)


@pytest.mark.parametrize(("tag", "kind"), [("hs_fiml", "observed"), ("hs_fiml_exp", "expected")])
def test_outside_oracles(shared: Path, tag: str, kind: str) -> None:
    folder = shared / "oracles" / "lavaan"
    case = case_of(THREE, [pd.read_csv(folder / "hs_miss_data.csv")])
    optimum = minimise(case.likelihood, case.start)
    measures = pd.read_csv(folder / f"{tag}_fm.csv").set_index("name")["value"].astype(float)
    assert case.likelihood.n * optimum.point.objective == pytest.approx(measures["chisq"], abs=1e-6)
    assert case.likelihood.log_likelihood(optimum.theta) == pytest.approx(measures["logl"], abs=1e-6)
    assert case.likelihood.saturated == pytest.approx(measures["unrestricted.logl"], abs=1e-6)
    information = case.likelihood.point(optimum.theta, curvature=kind).information
    errors = np.sqrt(np.diag(np.linalg.inv(information)) / case.likelihood.n)
    rows = pd.read_csv(folder / f"{tag}_pe.csv", keep_default_na=False)
    theirs = {(r.lhs, r.op, r.rhs): (float(r.est), float(r.se)) for r in rows.itertuples() if r.op != "r2"}
    estimate, error = np.array([theirs[key] for key in case.keys]).T
    np.testing.assert_allclose(optimum.theta, estimate, atol=2e-5)
    np.testing.assert_allclose(errors, error, atol=5e-6)


def test_exogenous_variables_do_not_count(own: pd.DataFrame) -> None:
    case = case_of(TEXT + "f ~ w\ng ~ f + w\n", [own])
    optimum = minimise(case.likelihood, case.start)
    theirs = pd.read_csv(FOLDER / "fit.csv", index_col="measure")["exogenous"]
    assert len(case.start) == theirs["npar"]
    chi_square = case.likelihood.n * optimum.point.objective
    assert chi_square == pytest.approx(theirs["chisq"], abs=1e-6)


def test_outside_scaled_test(shared: Path) -> None:
    folder = shared / "oracles" / "lavaan"
    case = case_of(THREE, [pd.read_csv(folder / "hs_miss_data.csv")])
    optimum = minimise(case.likelihood, case.start)
    measures = pd.read_csv(folder / "hs_fiml_mlr_fm.csv").set_index("name")["value"].astype(float)
    A = case.likelihood.point(optimum.theta, curvature="observed").information * case.likelihood.n
    scores = case.likelihood.scores(optimum.theta)[0]
    m = case.moments[0]
    trace = saturated_trace(case.likelihood.data[0], mean=m.mean, covariance=m.covariance)
    factor = (trace - np.trace(np.linalg.solve(A, scores.T @ scores))) / measures["df"]
    assert factor == pytest.approx(measures["chisq.scaling.factor"], abs=1e-6)


@pytest.mark.parametrize("setting", ["plain", "weights", "groups", "equal groups"])
def test_derivatives_by_differences(own: pd.DataFrame, setting: str) -> None:
    frame = own.rename(
        columns={f"a{i}": f"x{i}" for i in range(1, 5)} | {f"b{i}": f"x{i + 4}" for i in range(1, 5)}
    )
    frame["x9"] = frame["x1"] - frame["x8"].to_numpy()[::-1]
    grouped = setting.endswith("groups")
    case = case_of(
        PATHS,
        [frame.iloc[:180], frame.iloc[180:]] if grouped else [frame],
        equal=("loadings", "regressions") if setting.startswith("equal") else (),
        weights=(own["w"] * 1.3).to_numpy() if setting == "weights" else None,
    )
    theta = case.start + 0.03 * np.random.default_rng(4).normal(size=len(case.start))
    likelihood = case.likelihood
    point = likelihood.point(theta, curvature="observed")
    assert np.isfinite(point.objective)
    gradient = differences(lambda t: likelihood.point(t, curvature="none").objective, theta)
    hessian = differences(lambda t: likelihood.point(t, curvature="none").gradient, theta)
    np.testing.assert_allclose(point.gradient, gradient, atol=1e-6 * np.abs(gradient).max())
    np.testing.assert_allclose(2.0 * point.information, hessian, atol=1e-7 * np.abs(hessian).max())
    total = 0.0
    for scores, data in zip(likelihood.scores(theta), likelihood.data, strict=True):
        total = total + (scores if data.weights is None else scores * data.weights[:, None]).sum(axis=0)
    np.testing.assert_allclose(
        -2.0 * total / likelihood.n, point.gradient, atol=1e-11 * np.abs(gradient).max()
    )


def test_each_score_by_differences(own: pd.DataFrame) -> None:
    case = case_of(TEXT, [own])
    theta, data = case.start * 1.05, case.likelihood.data[0]

    def likelihoods(at: Array) -> Array:
        state = filled(case.likelihood.groups[0], at)
        found = completed(data, mean=state.mean, covariance=state.implied)
        assert found is not None
        return found.log_likelihoods

    scores = case.likelihood.scores(theta)[0]
    np.testing.assert_allclose(scores, differences(likelihoods, theta).T, atol=1e-6)


def test_complete_cases_give_normal_theory(own: pd.DataFrame) -> None:
    case = case_of(TEXT, [own.dropna()])
    complete = NormalTheory(case.likelihood.groups, case.moments, means=True)
    theta = case.start * 1.1
    for kind in ("expected", "observed"):
        ours, theirs = (x.point(theta, curvature=kind) for x in (case.likelihood, complete))
        assert ours.objective == pytest.approx(theirs.objective, rel=1e-10)
        np.testing.assert_allclose(ours.gradient, theirs.gradient, atol=1e-10)
        np.testing.assert_allclose(ours.information, theirs.information, atol=1e-10)


def test_complete_curvature_is_that_of_no_missing_answers(own: pd.DataFrame) -> None:
    case = case_of(TEXT, [own])
    complete = NormalTheory(case.likelihood.groups, case.moments, means=True)
    cheap = case.likelihood.point(case.start, curvature="complete")
    np.testing.assert_allclose(cheap.information, complete.point(case.start).information, rtol=1e-12)


def test_no_value_where_sigma_is_not_positive_definite(own: pd.DataFrame) -> None:
    case = case_of(TEXT, [own])
    for theta in (-case.start, np.full(len(case.start), np.nan)):
        point = case.likelihood.point(theta)
        assert point.objective == np.inf
        assert np.isnan(point.gradient).all()
        assert case.likelihood.log_likelihood(theta) == -np.inf
        with pytest.raises(FloatingPointError, match="not positive definite"):
            case.likelihood.scores(theta)


def test_population_is_recovered() -> None:
    random = np.random.default_rng(12)
    n, loading = 20_000, np.array([1.0, 0.8, 1.2, 0.6])
    factor = random.normal(size=n)
    frame = pd.DataFrame(factor[:, None] * loading + 0.7 * random.normal(size=(n, 4)) + 2.0)
    frame.columns = pd.Index(["y1", "y2", "y3", "y4"])
    # missing at random: who answered y1 high leaves out y3 and y4; complete cases would be biased
    frame.loc[(frame["y1"] > 2.5) & (random.random(n) < 0.7), ["y3", "y4"]] = np.nan
    case = case_of("f =~ y1 + y2 + y3 + y4", [frame])
    optimum = minimise(case.likelihood, case.start)
    rows = row_values(case.likelihood.groups[0], optimum.theta)
    found = {r.name: v for r, v in zip(case.likelihood.groups[0].parameters.rows, rows, strict=True)}
    assert [found[f"f =~ y{i}"] for i in range(1, 5)] == pytest.approx(loading, abs=0.03)
    assert [found[f"y{i} ~1"] for i in range(1, 5)] == pytest.approx([2.0] * 4, abs=0.03)

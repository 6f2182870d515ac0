"""Implied correlations and distances: lavaan with fixed parameters, ADANCO, populations, batches."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.numeric.moments import Array, Moments
from jq_models.pls import PlsFit, fit_pls
from jq_models.pls.implied import (
    DISTANCES,
    MODELS,
    d_g,
    d_uls,
    distances,
    implied_by_paths,
    implied_correlations,
    restricted,
    srmr,
)
from jq_models.pls.result import correlation_of
from jq_models.pls.solution import solve

REFERENCE = Path(__file__).parents[1] / "reference"
ADANCO = {"common_factor": "=~", "composite_modeB": "<~"}
CONSTRUCTS = ("IMAG", "EXPE", "QUAL", "VAL", "SAT", "LOY")
ARROWS = "EXPE ~ IMAG\nQUAL ~ EXPE\nVAL ~ EXPE + QUAL\nSAT ~ IMAG + EXPE + QUAL + VAL\nLOY ~ IMAG + SAT\n"
SECOND = """
d1 =~ x1 + x2 + x3
d2 =~ x4 + x5 + x6
out =~ x7 + x8 + x9
job {} d1 + d2
out ~ job
"""


@pytest.fixture(scope="module")
def pupils() -> pd.DataFrame:
    """Nine tests of 301 pupils."""
    return pd.read_csv(REFERENCE / "holzinger" / "data.csv")


@pytest.fixture(scope="module")
def fit(pupils: pd.DataFrame) -> PlsFit:
    return fit_pls((REFERENCE / "pls_fit" / "model.txt").read_text(encoding="utf-8"), pupils)


def implied(fit: PlsFit, model: str, *, exact: bool = False) -> Array:
    R = fit.correlation[None]
    return implied_correlations(fit.solution, R, fit.design, model=model, exact=exact)


def population(correlation: Array, names: tuple[str, ...]) -> Moments:
    return Moments(names=names, covariance=correlation, mean=np.zeros(len(names)), n=1000)


@pytest.mark.parametrize("case", ["saturated", "estimated", "exact"])
def test_lavaan_implies_the_same_at_the_same_parameters(fit: PlsFit, case: str) -> None:
    ours = implied(fit, "saturated" if case == "saturated" else "estimated", exact=case == "exact")
    theirs = pd.read_csv(REFERENCE / "pls_fit" / f"implied_{case}.csv", index_col=0)
    order = [fit.design.first.indicators.index(x) for x in theirs.index]
    np.testing.assert_allclose(ours[0][np.ix_(order, order)], theirs.to_numpy(), atol=1e-12)
    numbers = pd.read_csv(REFERENCE / "pls_fit" / "distances.csv").query("model == @case")
    expected = dict(zip(numbers["index"], numbers["value"], strict=True))
    R = fit.correlation[None]
    found = {
        "srmr": srmr(R, ours),
        "srmr_without_diagonal": srmr(R, ours, diagonal=False),
        "d_uls": d_uls(R, ours),
        "d_g": d_g(R, ours),
        "d_g_base_10": d_g(R, ours, log_base=10.0),
    }
    if case != "estimated":
        found |= {"srmr_lavaan": found["srmr"], "crmr_lavaan": found["srmr_without_diagonal"]}
    for name, value in found.items():
        assert value[0] == pytest.approx(expected[name], abs=1e-10), name


def test_the_two_error_variances_differ_where_arrows_are_missing(fit: PlsFit) -> None:
    assert np.abs(implied(fit, "estimated") - implied(fit, "estimated", exact=True)).max() > 1e-3


@pytest.mark.parametrize("name", ADANCO)
def test_adanco(shared: Path, name: str) -> None:
    folder = shared / "oracles" / "pls"
    sheets = json.loads((folder / "adanco" / f"adanco_2.2.1_satisfaction_{name}_centroid.json").read_text())
    data = pd.read_csv(folder / "satisfaction_gender.csv")
    blocks = {c: [x for x in data.columns if x.startswith(c.lower())] for c in CONSTRUCTS}
    text = "\n".join(f"{c} {ADANCO[name]} {' + '.join(items)}" for c, items in blocks.items())
    fit = fit_pls(f"{text}\n{ARROWS}", data, scheme="centroid")
    for model in MODELS:
        sheet = sheets[f"Impl_Cor {model.title()} Model"]
        rows = {row[1]: dict(zip(sheet[1][2:], row[2:], strict=True)) for row in sheet[2:29]}
        theirs = pd.DataFrame(rows).loc[list(fit.design.first.indicators), list(fit.design.first.indicators)]
        ours = implied(fit, model)
        np.testing.assert_allclose(ours[0], theirs.to_numpy(dtype=float), atol=1e-6)
        values = {row[1]: row[2] for row in sheets[f"Goodness of model fit ({model}"[:31]][2:]}
        R = fit.correlation[None]
        assert srmr(R, ours)[0] == pytest.approx(values["SRMR"], abs=1e-6)
        assert d_uls(R, ours)[0] == pytest.approx(values["dULS"], abs=1e-6)
        assert d_g(R, ours, log_base=10.0)[0] == pytest.approx(values["dG"], abs=1e-6)
        assert d_g(R, ours)[0] == pytest.approx(values["dG"] * math.log(10.0) ** 2, abs=1e-5)


def test_in_a_population_in_which_the_model_is_true_nothing_is_left(shared: Path) -> None:
    cases = json.loads((shared / "oracles" / "pls" / "population_dgp.json").read_text())
    assert len(cases) == 8
    for case in cases.values():
        fit = fit_pls(case["model"], population(np.array(case["Sigma"]), tuple(case["names"])))
        for model in MODELS:
            np.testing.assert_allclose(implied(fit, model)[0], fit.correlation, atol=1e-12)
            assert distances(fit.correlation[None], implied(fit, model)).max() < 1e-12


@pytest.mark.parametrize("operator", ["=~", "<~"])
def test_a_second_order_construct_restricts_the_correlations_of_its_members(
    pupils: pd.DataFrame, operator: str
) -> None:
    fit = fit_pls(SECOND.format(operator), pupils)
    second = fit.values("=~").query("lhs == 'job'")["est"].to_numpy()
    path = float(fit.values("~").iloc[0]["est"])
    loading = fit.values("=~").set_index("rhs")["est"]
    ours = pd.DataFrame(
        implied(fit, "estimated")[0], index=fit.design.first.indicators, columns=fit.design.first.indicators
    )
    # from an item of a member to one of the outcome: loading, the member's loading, path, loading
    assert ours.loc["x5", "x8"] == pytest.approx(loading["x5"] * second[1] * path * loading["x8"], abs=1e-12)
    observed = fit.values("~~").set_index(["lhs", "rhs"])["est"]
    members = second[0] * second[1] if operator == "=~" else observed["d2", "d1"]
    assert ours.loc["x1", "x5"] == pytest.approx(loading["x1"] * members * loading["x5"], abs=1e-12)


def test_a_composite_and_a_factor_that_is_not_corrected_leave_their_block_as_it_is(
    pupils: pd.DataFrame,
) -> None:
    text = "a =~ x1 + x2 + x3\nb <~ x4 + x5 + x6\nb ~ a"
    for consistent in (True, False):
        fit = fit_pls(text, pupils, consistent=consistent)
        same = np.isclose(implied(fit, "saturated")[0], fit.correlation, atol=1e-12)
        assert same[3:, 3:].all()
        assert same[:3, :3].all() is np.bool_(not consistent)


def test_the_estimated_model_of_three_in_a_row(pupils: pd.DataFrame) -> None:
    text = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\nb ~ a\nc ~ b"
    fit = fit_pls(text, pupils)
    Q, paths = fit.solution.last.correlation, fit.solution.paths
    found = implied_by_paths(Q, paths, fit.design.last)[0]
    assert found[2, 0] == pytest.approx(Q[0, 2, 1] * Q[0, 1, 0], abs=1e-14)
    assert found[1, 0] == pytest.approx(Q[0, 1, 0], abs=1e-14)
    assert restricted(fit.design.last)
    assert not restricted(fit_pls(f"{text} + a", pupils).design.last)
    # two constructs before the third may correlate as they like
    apart = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\nc ~ a + b"
    assert not restricted(fit_pls(apart, pupils).design.last)
    assert restricted(fit_pls(apart.replace("c ~ a + b", "b ~ a\nc ~ a"), pupils).design.last)


def test_with_an_arrow_for_every_pair_both_models_are_one(pupils: pd.DataFrame) -> None:
    text = "a =~ x1 + x2 + x3\nb <~ x4 + x5 + x6\nc =~ x7 + x8 + x9\nb ~ a\nc ~ b + a"
    fit = fit_pls(text, pupils)
    np.testing.assert_allclose(implied(fit, "estimated"), implied(fit, "saturated"), atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_true_in_the_world_it_implies(fit: PlsFit, model: str) -> None:
    world = implied(fit, model, exact=True)
    again = fit_pls(fit.model, population(world[0], fit.design.first.indicators))
    inner = implied_correlations(again.solution, world, again.design, model=model)
    assert distances(world, inner).max() < 1e-9
    rows = fit.table["op"].isin(["=~", "~"])
    np.testing.assert_allclose(again.table.loc[rows, "est"], fit.table.loc[rows, "est"], atol=1e-9)


def test_many_samples_at_once_are_as_one_by_one(pupils: pd.DataFrame) -> None:
    text = SECOND.format("<~")
    fits = [fit_pls(text, pupils.iloc[first::4]) for first in range(4)]
    R = np.stack([f.correlation for f in fits])
    solution = solve(R, fits[0].design, search=fits[0].search)
    for model in MODELS:
        batch = implied_correlations(solution, R, fits[0].design, model=model)
        single = np.concatenate([implied(f, model) for f in fits])
        np.testing.assert_allclose(batch, single, atol=1e-9)
        one_by_one = [distances(f.correlation[None], implied(f, model))[0] for f in fits]
        np.testing.assert_allclose(distances(R, batch), one_by_one, atol=1e-9)


def test_only_the_samples_without_a_geodesic_distance_lose_it() -> None:
    rng = np.random.default_rng(3)
    R = np.stack([correlation_of(np.cov(rng.standard_normal((40, 4)).T)) for _ in range(5)])
    other = np.array(R[[1, 2, 3, 4, 0]])
    expected = d_g(R, other)
    assert np.isfinite(expected).all()
    R[1] = 1.0
    other[3] = np.nan
    other[4, 0, 1] = other[4, 1, 0] = 1.5
    found = distances(R, other)[:, DISTANCES.index("d_g")]
    assert np.isnan(found).tolist() == [False, True, False, True, True]
    np.testing.assert_allclose(found[[0, 2]], expected[[0, 2]], rtol=1e-12)


def test_the_geodesic_distance_by_its_definition() -> None:
    rng = np.random.default_rng(4)
    R, other = (correlation_of(np.cov(rng.standard_normal((50, 5)).T))[None] for _ in range(2))
    values = np.linalg.eigvals(np.linalg.inv(R[0]) @ other[0]).real
    assert d_g(R, other)[0] == pytest.approx(0.5 * np.sum(np.log(values) ** 2), rel=1e-12)
    assert d_g(other, R)[0] == pytest.approx(d_g(R, other)[0], rel=1e-12)
    assert d_g(R, R)[0] == pytest.approx(0.0, abs=1e-25)

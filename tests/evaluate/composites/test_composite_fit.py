"""The test of fit of PLS models: by hand, against ADANCO's cut-offs, on true and on wrong models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fit_rates import FAULTS, World, answers, composites, factors, judged, rejected, second_order

from jq_models.errors import DataError, FitError, SpecError
from jq_models.evaluate.composites.fit import COLUMNS, WHY_NO_TEST, composite_fit, turned
from jq_models.numeric.moments import Moments
from jq_models.pls import PlsFit, fit_pls
from jq_models.pls.bootstrap import resampling_of
from jq_models.pls.implied import DISTANCES, MODELS, distances, implied_correlations

REFERENCE = Path(__file__).parents[2] / "reference"
TEXT = """
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed <~ x7 + x8 + x9
textual ~ visual
speed ~ textual
"""
WORLDS = (factors(), composites(), second_order())


@pytest.fixture(scope="module")
def pupils() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "holzinger" / "data.csv")


@pytest.fixture(scope="module")
def fit(pupils: pd.DataFrame) -> PlsFit:
    return fit_pls(TEXT, pupils)


@pytest.fixture(scope="module")
def rows(fit: PlsFit) -> pd.DataFrame:
    return composite_fit(fit, draws=199, seed=3)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_the_populations_hold_what_they_should(world: World) -> None:
    for fault in FAULTS:
        R = world.correlations[fault]
        fit = fit_pls(world.text, Moments(names=world.items, covariance=R, mean=np.zeros(len(R)), n=500))
        found = composite_fit(fit).set_index(["model", "index"])["value"]
        far = {m: found[m, "srmr"] > 1e-3 for m in MODELS}
        assert far == {"saturated": fault == "blocks", "estimated": fault != "none"}, fault
        assert (found < 1e-10).all() is np.bool_(fault == "none")


def test_rows_and_columns(rows: pd.DataFrame) -> None:
    assert tuple(rows.columns) == COLUMNS
    assert list(zip(rows["model"], rows["index"], strict=True)) == [(m, i) for m in MODELS for i in DISTANCES]
    assert (rows["draws"] == 199).all()
    assert (rows["reason"] == "").all()
    assert (rows["hi99"] > rows["hi95"]).all()


def test_without_draws_the_distances_alone(fit: PlsFit, rows: pd.DataFrame) -> None:
    alone = composite_fit(fit)
    np.testing.assert_array_equal(alone["value"], rows["value"])
    assert alone[["hi95", "hi99", "pvalue", "inadmissible"]].isna().all(axis=None)
    assert (alone["draws"] == 0).all()
    assert (alone["reason"] == "").all()
    R = fit.correlation[None]
    expected = [distances(R, implied_correlations(fit.solution, R, fit.design, model=m))[0] for m in MODELS]
    np.testing.assert_allclose(alone["value"], np.concatenate(expected), rtol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_every_sample_is_the_cases_turned_drawn_and_fitted(pupils: pd.DataFrame, model: str) -> None:
    draws, seed = 39, 11
    # arrows are missing before a construct with two causes: only the exact world is one of this model
    text = (REFERENCE / "pls_fit" / "model.txt").read_text(encoding="utf-8")
    fit = fit_pls(text, pupils)
    world = implied_correlations(fit.solution, fit.correlation[None], fit.design, model=model, exact=True)[0]
    z = (fit.cases - fit.cases.mean(axis=0)) / fit.cases.std(axis=0)
    cases = z @ turned(fit.correlation, world)
    np.testing.assert_allclose(np.corrcoef(cases.T), world, atol=1e-12)
    names, found = list(fit.design.first.indicators), []
    for i in range(draws):
        times = resampling_of(fit).counts(seed, i)[0].astype(int)
        again = fit_pls(text, pd.DataFrame(np.repeat(cases, times, axis=0), columns=names))
        R = again.correlation[None]
        found.append(distances(R, implied_correlations(again.solution, R, again.design, model=model))[0])
    drawn = np.sort(found, axis=0)
    part = composite_fit(fit, draws=draws, seed=seed).query("model == @model")
    # the second largest of 39: 2 / (39 + 1) = 5 %
    np.testing.assert_allclose(part["hi95"], drawn[-2], rtol=1e-6)
    beyond = (drawn >= part["value"].to_numpy()).sum(axis=0)
    np.testing.assert_allclose(part["pvalue"], (1 + beyond) / (draws + 1), rtol=1e-12)
    # a hundredth needs 99 samples
    assert part["hi99"].isna().all()


def test_value_beyond_hi95_is_a_p_value_of_at_most_five_percent() -> None:
    found = judged(factors(), "paths", n=120, samples=20, draws=99, seed=2)
    beyond, small = found["value"] > found["hi95"], found["pvalue"] <= 0.05 + 1e-12
    assert (beyond == small).all()
    assert beyond.any()
    assert not beyond.all()
    assert ((found["value"] > found["hi99"]) == (found["pvalue"] <= 0.01 + 1e-12)).all()


def test_the_same_whatever_the_workers(fit: PlsFit, rows: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(composite_fit(fit, draws=199, seed=3, workers=2), rows)
    other = composite_fit(fit, draws=199, seed=4)
    assert (other["value"] == rows["value"]).all()
    assert (other["hi95"] != rows["hi95"]).any()


def test_where_arrows_forbid_nothing_both_models_have_the_same_rows(pupils: pd.DataFrame) -> None:
    for text in (f"{TEXT.strip()} + visual", "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9"):
        found = composite_fit(fit_pls(text, pupils), draws=19, seed=1)
        halves = [part.drop(columns="model").reset_index(drop=True) for _, part in found.groupby("model")]
        pd.testing.assert_frame_equal(*halves)


def test_whole_clusters_are_drawn(pupils: pd.DataFrame) -> None:
    alone = fit_pls(TEXT, pupils)
    nested = fit_pls(TEXT, pupils.assign(team=np.arange(len(pupils)) // 20), cluster="team")
    of_cases, of_teams = (composite_fit(f, draws=39, seed=1) for f in (alone, nested))
    np.testing.assert_array_equal(of_cases["value"], of_teams["value"])
    assert (of_cases["hi95"] != of_teams["hi95"]).all()


def test_moments_have_distances_and_no_test(fit: PlsFit) -> None:
    moments = fit_pls(TEXT, fit.moments)
    np.testing.assert_allclose(composite_fit(moments)["value"], composite_fit(fit)["value"], atol=1e-9)
    with pytest.raises(DataError, match="The test of fit"):
        composite_fit(moments, draws=19)


def test_bad_numbers_are_refused(fit: PlsFit) -> None:
    for wrong in ({"draws": -1}, {"draws": 9, "workers": 0}, {"draws": 9, "seed": -1}):
        with pytest.raises(SpecError, match="whole number"):
            composite_fit(fit, **wrong)


def test_a_fit_without_a_solution_has_no_distances(pupils: pd.DataFrame) -> None:
    failed = fit_pls(TEXT, pupils, max_iterations=1)
    with pytest.raises(FitError, match="not converged"):
        composite_fit(failed, draws=19)


def test_fewer_cases_than_indicators_leave_no_world_to_draw_from(pupils: pd.DataFrame) -> None:
    found = composite_fit(fit_pls(TEXT, pupils.head(8)), draws=19, seed=1)
    assert set(found["reason"]) == {"observed_not_positive_definite"}
    assert found[["hi95", "pvalue"]].isna().all(axis=None)
    assert np.isfinite(found.loc[found["index"] != "d_g", "value"]).all()
    assert found.loc[found["index"] == "d_g", "value"].isna().all()


def test_an_impossible_implied_matrix_is_said_to_be_the_reason() -> None:
    # items that go more with the next block than with their own: constructs' correlations of 1.6 in a row
    between = np.array([[15, 48, 30, 45], [48, 60, 48, 50], [30, 48, 15, 48], [45, 50, 48, 60]]) / 100
    R = np.kron(between, np.ones((3, 3)))
    np.fill_diagonal(R, 1.0)
    drawn = np.random.default_rng(1).standard_normal((100, 12))
    white = np.linalg.qr(drawn - drawn.mean(axis=0))[0]
    names = [f"{letter}{i}" for letter in "abcd" for i in (1, 2, 3)]
    table = pd.DataFrame(white @ np.linalg.cholesky(R).T, columns=names)
    text = "".join(f"{x} =~ {x}1 + {x}2 + {x}3\n" for x in "abcd")
    fit = fit_pls(f"{text}b ~ a\nc ~ b\nd ~ c", table)
    assert fit.usable
    assert not fit.status.admissible
    found = composite_fit(fit, draws=19, seed=1)
    parts = {str(model): part.set_index("index") for model, part in found.groupby("model")}
    assert set(parts["estimated"]["reason"]) == {"implied_not_positive_definite"}
    assert parts["estimated"][["hi95", "hi99", "pvalue"]].isna().all(axis=None)
    assert parts["estimated"]["value"].isna().to_dict() == {"srmr": False, "d_uls": False, "d_g": True}
    assert set(parts["saturated"]["reason"]) <= {"", "too_few_draws"}
    assert parts["saturated"]["value"].notna().all()


def test_too_few_draws_have_no_hi95(fit: PlsFit) -> None:
    found = composite_fit(fit, draws=18, seed=1)
    assert found["hi95"].isna().all()
    assert set(found["reason"]) == {"too_few_draws"} <= set(WHY_NO_TEST)
    assert found[["hi99", "pvalue"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "text",
    [
        "P =~ x1\nQ =~ x2\nS =~ x4\nS ~ P + Q",
        "C <~ x1 + x2 + x3\nY =~ x4\nY ~ C",
    ],
)
def test_a_model_that_can_do_no_other_than_fit_is_not_tested(pupils: pd.DataFrame, text: str) -> None:
    found = composite_fit(fit_pls(text, pupils), draws=99, seed=1)
    assert (found["value"] < 1e-12).all()
    assert set(found["reason"]) == {"nothing_to_test"} <= set(WHY_NO_TEST)
    assert found[["hi95", "hi99", "pvalue"]].isna().all(axis=None)
    # one arrow less, and there is something
    less = composite_fit(fit_pls("P =~ x1\nQ =~ x2\nS =~ x4\nQ ~ P\nS ~ Q", pupils), draws=99, seed=1)
    assert dict(less.groupby("model")["reason"].first()) == {"saturated": "nothing_to_test", "estimated": ""}


def test_where_most_samples_have_no_geodesic_distance_the_others_are_judged_without_it() -> None:
    # nine people and six items: nearly every sample repeats too many people for an inverse
    rng = np.random.default_rng(0)
    common = rng.standard_normal((9, 1))
    cases = 0.8 * np.hstack([common] * 3 + [0.5 * common + rng.standard_normal((9, 1))] * 3)
    table = pd.DataFrame(
        cases + 0.4 * rng.standard_normal((9, 6)), columns=[f"{x}{k}" for x in "ab" for k in (1, 2, 3)]
    )
    fit = fit_pls("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nb ~ a", table, consistent=False)
    found = composite_fit(fit, draws=99, seed=1).query("model == 'saturated'").set_index("index")
    assert found["failed"].to_dict() == {"srmr": 0, "d_uls": 0, "d_g": found["failed"]["d_g"]}
    assert found["failed"]["d_g"] > 50
    assert found["reason"].to_dict() == {"srmr": "", "d_uls": "", "d_g": "too_few_draws"}
    assert found["pvalue"].isna().to_dict() == {"srmr": False, "d_uls": False, "d_g": True}


def test_adanco_draws_the_same_cut_offs(shared: Path) -> None:
    folder = shared / "oracles" / "pls"
    data = pd.read_csv(folder / "satisfaction_gender.csv")
    constructs = ("IMAG", "EXPE", "QUAL", "VAL", "SAT", "LOY")
    arrows = "EXPE ~ IMAG\nQUAL ~ EXPE\nVAL ~ EXPE + QUAL\nSAT ~ IMAG + EXPE + QUAL + VAL\nLOY ~ IMAG + SAT"
    for name, operator in (("common_factor", "=~"), ("composite_modeB", "<~")):
        text = [
            f"{c} {operator} {' + '.join(x for x in data if x.startswith(c.lower()))}" for c in constructs
        ]
        fit = fit_pls("\n".join([*text, arrows]), data, scheme="centroid")
        found = composite_fit(fit, draws=999, seed=1).set_index(["model", "index"])
        sheets = json.loads(
            (folder / "adanco" / f"adanco_2.2.1_satisfaction_{name}_centroid.json").read_text()
        )
        for model in MODELS:
            theirs = sheets[f"Goodness of model fit ({model}"[:31]][2:]
            for index, row in zip(DISTANCES, theirs, strict=True):
                scale = np.log(10.0) ** 2 if index == "d_g" else 1.0
                # Monte Carlo error of both: 1.5 % of a square root, twice that of a square
                assert found.loc[(model, index), "hi95"] == pytest.approx(row[3] * scale, rel=0.07)
        if operator == "=~":
            # there, too, samples without a geodesic distance are left out: with them HI99 would be .27
            assert found.loc[("estimated", "srmr"), "failed"] > 0
            assert found.loc[("estimated", "srmr"), "hi99"] == pytest.approx(0.0635, rel=0.15)


def test_a_missing_arrow_is_found_where_it_is() -> None:
    found = rejected(judged(factors(), "paths", n=600, samples=8, draws=39, seed=1))
    assert found["estimated", "srmr"] == 1.0
    assert found["saturated"].max() <= 0.25


def test_a_wrong_block_is_found_with_and_without_arrows() -> None:
    found = rejected(judged(factors(), "blocks", n=900, samples=8, draws=39, seed=1))
    assert (found[:, "srmr"] >= 0.75).all()


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_true_models_are_rejected_about_as_often_as_said(world: World) -> None:
    samples = 300
    found = rejected(judged(world, "none", n=300, samples=samples, draws=99, seed=9))
    assert (found <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / samples)).all(), found
    assert (found[:, "srmr"] > 0.0).all()


@pytest.mark.slow
def test_answers_in_skewed_categories_leave_the_test_its_level() -> None:
    world = factors(name="factors, five skewed categories", categories=True)
    assert answers(world, "none", n=50, rng=np.random.default_rng(1)).stack().nunique() == 5
    found = rejected(judged(world, "none", n=300, samples=300, draws=99, seed=9))
    assert (found <= 0.10).all(), found

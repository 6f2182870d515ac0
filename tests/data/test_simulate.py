"""The simulator is exact to the byte and gives back the truth it was given.

Expected values are typed from the documentation of the population; the way back from the answers is numpy,
pandas and statsmodels alone.
"""

import hashlib
import json
import tomllib
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from jq_models.data.population import BEFORE, DEMO, MODERATED, SCALAR
from jq_models.data.population_modules import BEFORE_MODULES
from jq_models.data.simulate import simulate, write_simulated
from jq_models.errors import DataError
from jq_models.spec import load_instrument

LOADINGS = {
    "OPP": 0.75, "AMB": 0.60, "CON": 0.65, "SUP": 0.75, "ATM": 0.65, "EMP": 0.75,
    "ENJ": 0.80, "TOO": 0.60, "INT": 0.80, "LCU": 0.65, "LEM": 0.70, "INF": 0.70,
}  # fmt: skip
TRIO, OUTCOMES = ["LCU", "LEM", "INF"], ["SAT", "COM", "TIN"]
WITH_JQ = LOADINGS | {"SAT": 0.72, "COM": 0.6592, "TIN": -0.484544}
AMONG_OUTCOMES = {("SAT", "COM"): 0.648, ("SAT", "TIN"): -0.58736, ("COM", "TIN"): -0.56624}
MEANS = {
    "OPP": 3.4, "AMB": 3.8, "CON": 3.2, "SUP": 3.6, "ATM": 3.8, "EMP": 3.5, "ENJ": 3.7, "TOO": 3.3,
    "INT": 3.5, "LCU": 3.0, "LEM": 2.9, "INF": 2.9, "SAT": 3.6, "COM": 3.4, "TIN": 2.5,
}  # fmt: skip
ICC = {
    "OPP": 0.06, "AMB": 0.05, "CON": 0.08, "SUP": 0.04, "ATM": 0.04, "EMP": 0.06, "ENJ": 0.05, "TOO": 0.20,
    "INT": 0.12, "LCU": 0.20, "LEM": 0.15, "INF": 0.25, "SAT": 0.05, "COM": 0.05, "TIN": 0.04,
}  # fmt: skip


@pytest.fixture(scope="module")
def instrument():
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def large(instrument):
    return simulate(instrument, n=50_000, organisations=500, seed=11)


@pytest.fixture(scope="module")
def demo(checkout):
    frame = pd.read_csv(
        checkout / "data/simulated/demo.csv", keep_default_na=False, na_values={"remarks": []}
    )
    truth = json.loads((checkout / "data/simulated/demo_truth.json").read_text(encoding="utf-8"))
    return frame, truth


def turned(frame, instrument):
    """Answers with high = good as floats, missing as NaN."""
    codes = [item.code for item in instrument.items]
    items = frame[codes].apply(pd.to_numeric).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    items = pd.DataFrame(items, columns=codes)
    items = items.mask(items == 99)
    for item in instrument.items:
        if item.reversed:
            items[item.code] = 6 - items[item.code]
    return items


def scores_of(items, instrument):
    return pd.DataFrame(
        {c.code: items[[i.code for i in c.items]].mean(axis=1) for c in instrument.constructs}
    )


def alphas_of(items, instrument):
    alphas = {}
    for construct in instrument.constructs:
        own = items[[i.code for i in construct.items]].dropna().to_numpy()
        k, covariance = own.shape[1], np.cov(own.T)
        alphas[construct.code] = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    return pd.Series(alphas)


def corrected(items, instrument):
    """Correlations of construct scores, corrected for unreliability."""
    alphas = alphas_of(items, instrument)
    return scores_of(items, instrument).corr() / np.sqrt(np.outer(alphas, alphas))


def icc_of(values, groups):
    """ICC(1) from the one-way analysis of variance, for groups of unequal size."""
    grouped = values.groupby(groups)
    sizes, means = grouped.size(), grouped.mean()
    n, k = sizes.sum(), len(sizes)
    between = (sizes * (means - values.mean()) ** 2).sum() / (k - 1)
    within = ((values - means.reindex(groups).to_numpy()) ** 2).sum() / (n - k)
    typical = (n - (sizes**2).sum() / n) / (k - 1)
    return (between - within) / (between + (typical - 1) * within)


# same seed, same bytes


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(instrument, tmp_path):
    written = [write_simulated(instrument, folder=tmp_path / str(k), seed=s) for k, s in enumerate([5, 5, 6])]
    first, again, other = [[path.read_bytes() for path in pair] for pair in written]
    assert first == again
    assert first[0] != other[0]
    assert first[1] != other[1]
    assert b"\r" not in first[0] + first[1]


def test_the_stored_demo_is_what_its_seed_gives(instrument, checkout, tmp_path):
    study = tomllib.loads((checkout / "data/studies/demo.toml").read_text(encoding="utf-8"))
    seed, modules = study["options"]["seed"], load_instrument("ccc_modules")
    for path in write_simulated(instrument, folder=tmp_path, seed=seed, modules=modules):
        assert path.read_bytes() == (checkout / "data/simulated" / path.name).read_bytes()


def test_the_truth_names_its_data_and_says_they_are_simulated(demo, checkout):
    _, truth = demo
    content = (checkout / "data/simulated/demo.csv").read_bytes()
    assert truth["data_sha256"] == hashlib.sha256(content).hexdigest()
    assert truth["note"]["en"].startswith("Simulated data, no real respondents.")
    assert truth["note"]["nl"].startswith("Gesimuleerde gegevens, geen echte respondenten.")
    assert truth["simulated"] is True


# the shape of the data


def test_the_demo_has_its_people_groups_and_columns(demo, instrument):
    frame, truth = demo
    assert len(frame) == truth["n"] == 577
    groups = ["organisation", "team", "contract", "home_days", "language", "contact"]
    asked = [i.code for i in load_instrument("ccc_modules").items]
    beside = ["role", "tenure", "period", "agency", "channel", "evening", "hours", "served"]
    assert list(frame.columns) == [
        *groups, *(i.code for i in instrument.items), "recommend", *beside, *asked, "remarks"
    ]  # fmt: skip
    assert (frame["agency"].eq("own") == frame["contract"].eq("permanent")).all()
    sizes = frame["organisation"].value_counts()
    assert sizes.to_dict() == truth["organisation_sizes"]
    assert len(sizes) == 8
    assert sizes.between(30, 115).all()
    assert sizes.max() > 1.5 * sizes.min()
    assert frame["team"].value_counts().between(8, 15).all()
    assert (frame.groupby("team")["organisation"].nunique() == 1).all()
    assert set(frame["contract"]) == {"permanent", "flex"}
    assert sorted(frame["home_days"].unique()) == [0, 1, 2, 3, 4]
    assert set(frame["language"]) == {"nl", "en"}
    assert sorted(frame["contact"].unique()) == [20, 40, 60, 80, 100]


def test_answers_are_stored_as_the_questionnaire_does(demo, instrument):
    frame, _ = demo
    for item in instrument.items:
        assert set(frame[item.code].astype(str)) <= {"", "1", "2", "3", "4", "5", "99"}
    codes = frame[[item.code for item in instrument.items]].astype(str)
    assert 5 <= (codes == "99").sum().sum() <= 80
    assert (codes == "").sum().sum() > 300


def test_canaries_stand_in_the_remarks_and_nowhere_else(demo, checkout):
    frame, truth = demo
    text = (checkout / "data/simulated/demo.csv").read_text(encoding="utf-8")
    assert len(set(truth["canaries"])) == 5
    for canary in truth["canaries"]:
        assert text.count(canary) == 1
        assert frame["remarks"].str.contains(canary, regex=False).sum() == 1


def test_the_largest_sample_keeps_teams_small_and_names_unique(large):
    frame = large.frame
    assert frame["organisation"].nunique() == 500
    assert frame["team"].value_counts().between(7, 16).all()


# the truth comes back: a large sample


def test_item_moments_come_back(large, instrument):
    items = turned(large.frame, instrument)
    expected = pd.DataFrame(large.truth["items"]).set_index("code")
    np.testing.assert_allclose(items.mean(), expected["mean"], atol=0.06)
    np.testing.assert_allclose(items.std(), expected["sd"], atol=0.02)
    np.testing.assert_allclose(items.skew(), expected["skew"], atol=0.08)
    assert (items.skew().abs() > 0.2).sum() > 30


def test_construct_means_come_back_and_the_trio_is_lower(large, instrument):
    means = scores_of(turned(large.frame, instrument), instrument).mean()
    np.testing.assert_allclose(means, pd.Series(MEANS)[means.index], atol=0.06)
    nine = means[[code for code in LOADINGS if code not in TRIO]].mean()
    assert (nine - means[TRIO]).between(0.4, 0.7).all()


def test_missing_shares_come_back(large, instrument):
    missing = turned(large.frame, instrument).isna()
    expected = pd.DataFrame(large.truth["items"]).set_index("code")["missing"]
    np.testing.assert_allclose(missing.mean(), expected, atol=0.006)
    assert expected.drop("INT4").between(0, 0.05).all()
    assert expected["INT4"] == 0.08
    assert 0.83 <= (~missing.any(axis=1)).mean() <= 0.87


def test_reversed_items_run_against_their_construct_before_turning(large, instrument):
    raw = large.frame[[i.code for i in instrument.items]].mask(lambda f: f == 99).astype(float)
    items = turned(large.frame, instrument)
    for construct in instrument.constructs:
        codes = [item.code for item in construct.items]
        for item in construct.items:
            rest = items[[code for code in codes if code != item.code]].mean(axis=1)
            relation = raw[item.code].corr(rest)
            assert relation < -0.4 if item.reversed else relation > 0.5, item.code


def test_second_order_loadings_come_back(large, instrument):
    """Without the trio, log r_ij = log g_i + log g_j: ordinary least squares over the 36 pairs."""
    r = corrected(turned(large.frame, instrument), instrument)
    nine = [code for code in LOADINGS if code not in TRIO]
    pairs = list(combinations(nine, 2))
    design = pd.DataFrame([[float(code in pair) for code in nine] for pair in pairs], columns=nine)
    logs = np.log([r.loc[pair] for pair in pairs])
    found = np.exp(sm.OLS(logs, design).fit().params)
    np.testing.assert_allclose(found, pd.Series(LOADINGS)[nine], atol=0.025)


def test_correlations_come_back(large, instrument):
    r = corrected(turned(large.frame, instrument), instrument)
    for a, b in combinations(WITH_JQ, 2):
        expected = AMONG_OUTCOMES.get((a, b), WITH_JQ[a] * WITH_JQ[b])
        expected += 0.35**2 if a in TRIO and b in TRIO else 0.0
        assert r.loc[a, b] == pytest.approx(expected, abs=0.035), (a, b)


def test_structural_paths_and_r_squared_come_back(large, instrument):
    r = corrected(turned(large.frame, instrument), instrument)
    nine = [code for code in LOADINGS if code not in TRIO]
    # r(dimension, outcome) = g r(JQ, outcome): regression through the origin on the known loadings
    known = pd.Series(LOADINGS)[nine]
    sat, com, tin = (float(sm.OLS(r.loc[nine, y], known).fit().params.iloc[0]) for y in OUTCOMES)
    assert sat == pytest.approx(0.72, abs=0.02)
    causes = np.array([[1, sat], [sat, 1]])
    paths = np.linalg.solve(causes, [com, r.loc["SAT", "COM"]])
    np.testing.assert_allclose(paths, [0.40, 0.36], atol=0.03)
    causes = np.array([[1, sat, com], [sat, 1, r.loc["SAT", "COM"]], [com, r.loc["SAT", "COM"], 1]])
    effects = np.array([tin, r.loc["SAT", "TIN"], r.loc["COM", "TIN"]])
    paths_to_leaving = np.linalg.solve(causes, effects)
    np.testing.assert_allclose(paths_to_leaving, [0.0, -0.38, -0.32], atol=0.03)
    assert sat**2 == pytest.approx(0.52, abs=0.03)
    assert paths @ [com, r.loc["SAT", "COM"]] == pytest.approx(0.50, abs=0.03)
    assert paths_to_leaving @ effects == pytest.approx(0.40, abs=0.03)


def test_shares_between_organisations_and_teams_come_back(large, instrument):
    items = turned(large.frame, instrument)
    scores, alphas = scores_of(items, instrument), alphas_of(items, instrument)
    organisation, team = large.frame["organisation"], large.frame["team"]
    for code in scores:
        given = scores[code].notna()
        values, of = scores.loc[given, code], organisation[given]
        assert icc_of(values, of) / alphas[code] == pytest.approx(ICC[code], abs=0.03), code
        centred = values - values.groupby(of).transform("mean")
        expected = 0.10 if code in ("SUP", "ATM") else 0.0
        assert icc_of(centred, team[given]) / alphas[code] == pytest.approx(expected, abs=0.02), code


def test_what_the_truth_implies_for_scores_is_what_is_found(large, instrument):
    complete = turned(large.frame, instrument).dropna()
    scores, implied = scores_of(complete, instrument), large.truth["scores"]
    np.testing.assert_allclose(alphas_of(complete, instrument), pd.Series(implied["alpha"]), atol=0.012)
    np.testing.assert_allclose(scores.std(), pd.Series(implied["sd"]), atol=0.02)
    np.testing.assert_allclose(scores.corr(), pd.DataFrame(implied["correlation"]), atol=0.03)


# the truth comes back: the demo itself


def test_the_demo_gives_back_the_truth_within_its_sampling_error(demo, instrument):
    """Sampling error: 577 people in 8 organisations, so a mean's variance is icc / 8 + (1 - icc) / 577."""
    frame, truth = demo
    items = turned(frame, instrument)
    scores = scores_of(items, instrument)
    icc, sd = pd.Series(truth["scores"]["icc_organisation"]), pd.Series(truth["scores"]["sd"])
    # organisations of unequal size count for fewer: Kish's effective number
    weight = frame["organisation"].value_counts(normalize=True)
    error = sd * np.sqrt(icc * (weight**2).sum() + (1 - icc) / len(frame))
    assert ((scores.mean() - pd.Series(MEANS)[scores.columns]).abs() < 3 * error).all()
    implied = pd.DataFrame(truth["scores"]["correlation"])
    assert (scores.corr() - implied).abs().to_numpy().max() < 0.10
    r = corrected(items, instrument)
    for (a, b), expected in AMONG_OUTCOMES.items():
        assert r.loc[a, b] == pytest.approx(expected, abs=0.08)


# would they recommend working here


def test_recommending_has_its_documented_shares_and_follows_satisfaction(large, instrument):
    shares = [0.02, 0.01, 0.02, 0.03, 0.04, 0.09, 0.11, 0.23, 0.24, 0.13, 0.08]
    answers = large.frame["recommend"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    assert np.isnan(answers).mean() == pytest.approx(0.02, abs=0.003)
    given = pd.Series(answers).dropna()
    np.testing.assert_allclose(given.value_counts(normalize=True).sort_index(), shares, atol=0.01)
    assert (given >= 9).mean() - (given <= 6).mean() == pytest.approx(-0.11, abs=0.02)
    assert list(large.truth["recommend"]["shares"].values()) == shares
    # r(r*, SAT) = .50 + .30 x .648 = .694, weakened by alpha of about .83 and by cutting into eleven
    satisfied = scores_of(turned(large.frame, instrument), instrument)["SAT"]
    assert satisfied.corr(pd.Series(answers)) == pytest.approx(0.694 * 0.83**0.5 * 0.98, abs=0.03)


def test_the_new_question_moved_no_other_answer(checkout):
    """The answers that lavaan's reference was computed from are those of the demo as it is."""
    reference = pd.read_csv(checkout / "tests/reference/demo/data.csv")
    demo = pd.read_csv(checkout / "data/simulated/demo.csv")[reference.columns]
    demo = demo.mask(demo == 99)
    for item in load_instrument("ccc_job_quality").items:
        if item.reversed:
            demo[item.code] = 6 - demo[item.code]
    pd.testing.assert_frame_equal(demo.astype(float), reference.astype(float), check_dtype=False)


# what cannot be simulated


def test_a_scale_other_than_one_to_five_is_refused():
    with pytest.raises(DataError, match=r"item OPP1: simulated answers run from 1 to 5.*'true4' from 1 to 4"):
        simulate(load_instrument("gss_quality_of_worklife"), seed=1)


def test_an_unknown_construct_is_refused(instrument, checkout, tmp_path):
    text = (checkout / "data/instruments/ccc_job_quality.toml").read_text(encoding="utf-8")
    (tmp_path / "ccc_job_quality.toml").write_text(
        text.replace('code = "OPP"', 'code = "OPQ"'), encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"No population values for construct 'OPQ'.*Did you mean 'OPP'"):
        simulate(load_instrument("ccc_job_quality", folder=tmp_path), seed=1)


@pytest.mark.parametrize(("n", "organisations"), [(79, 8), (577, 0)])
def test_too_few_people_or_organisations_are_refused(instrument, n, organisations):
    with pytest.raises(DataError, match=f"n = {n} for {organisations} organisations: give at least"):
        simulate(instrument, seed=1, n=n, organisations=organisations)


# variants plant what they say, and leave everything else alone


def test_the_scalar_variant_moves_two_items_of_flexible_staff_alone(instrument):
    plain = simulate(instrument, n=4_000, seed=3)
    shifted = simulate(instrument, n=4_000, seed=3, population=SCALAR)
    codes = [item.code for item in instrument.items]
    flex = plain.frame["contract"] == "flex"
    differ = (plain.frame[codes].fillna(0) != shifted.frame[codes].fillna(0)).any()
    assert set(differ.index[differ]) == {"LCU2", "SUP3"}
    assert plain.frame.loc[~flex].equals(shifted.frame.loc[~flex])
    moved = (turned(shifted.frame, instrument) - turned(plain.frame, instrument))[flex].mean()
    assert -0.65 < moved["LCU2"] < -0.45
    assert 0.45 < moved["SUP3"] < 0.65
    assert shifted.truth["shifts"]["contract / flex / LCU2"] == -0.60
    assert "shifts" not in plain.truth


def test_the_moderated_variant_makes_the_slope_grow_with_customer_contact(instrument):
    """OLS on scores: the interaction is weakened by unreliability, its sign and rough size are not."""
    estimates = {}
    for population in (DEMO, MODERATED):
        frame = simulate(instrument, n=20_000, organisations=200, seed=8, population=population).frame
        scores = scores_of(turned(frame, instrument), instrument)
        z = scores.apply(lambda score: (score - score.mean()) / score.std())
        contact = (frame["contact"] - frame["contact"].mean()) / frame["contact"].std()
        design = pd.DataFrame({"LCU": z["LCU"], "contact": contact, "product": z["LCU"] * contact})
        estimates[population is MODERATED] = sm.OLS(z["SAT"], sm.add_constant(design), missing="drop").fit()
    assert abs(estimates[False].params["product"]) < 3 * estimates[False].bse["product"]
    assert 0.12 < estimates[True].params["product"] < 0.25


def test_the_wave_before_has_the_same_organisations_and_what_was_planted(instrument, demo):
    now = demo[0]
    before = simulate(instrument, seed=2012, n=540, population=BEFORE)
    assert before.truth["moved"]["LCU"] == -0.25
    assert "moved" not in demo[1]
    sizes = [frame["organisation"].value_counts().sort_index() for frame in (before.frame, now)]
    np.testing.assert_allclose(sizes[0] / 540, sizes[1] / 577, atol=0.002)
    then, today = (scores_of(turned(frame, instrument), instrument) for frame in (before.frame, now))
    means = [
        scores.groupby(frame["organisation"]).mean() - scores.mean()
        for scores, frame in ((then, before.frame), (today, now))
    ]
    # where policy makes most of the difference, an organisation stands where it stood
    for code in ("TOO", "LCU", "INF"):
        assert means[0][code].corr(means[1][code]) > 0.8, code
    items = [turned(frame, instrument).mean() for frame in (before.frame, now)]
    change = (items[1] - items[0])[[i.code for i in instrument.items]]
    assert change[["LCU1", "LCU2", "LCU3", "LCU4", "LEM1", "LEM2", "LEM3", "LEM4"]].between(0.08, 0.35).all()
    assert change["SUP3"] < -0.3
    others = change.drop(["SUP3", *(c for c in change.index if c[:3] in ("LCU", "LEM"))])
    assert others.abs().max() < 0.15


def test_the_stored_wave_before_is_what_its_study_says(instrument, checkout, tmp_path):
    study = tomllib.loads((checkout / "data/studies/demo_before.toml").read_text(encoding="utf-8"))
    seed = study["options"]["seed"]
    written = write_simulated(
        instrument,
        folder=tmp_path,
        seed=seed,
        n=540,
        name="demo_before",
        population=BEFORE,
        modules=load_instrument("ccc_modules"),
        added=BEFORE_MODULES,
    )
    for path in written:
        assert path.read_bytes() == (checkout / "data/simulated" / path.name).read_bytes()

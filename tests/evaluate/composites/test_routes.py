"""The study's paths by every route: which truth lies in which interval, and why routes differ.

A route has two truths. The paths that the demo was drawn from are those of the factor behind the dimensions.
What a route finds in the population's covariance matrix is its own: SEM and consistent PLS find the factor's
paths (to .01: answers are cut into five, and PLS has no place for what the new dimensions share beyond job
quality); plain PLS finds paths between scores that hold error; the composite those of a weighted sum.

"All three routes" of the study (SEM, consistent PLS, plain PLS) hold their own truth in all 15 intervals, and
SEM and consistent PLS the drawn paths in all 10. The composite is a fourth route: its interval of JQ -> SAT
begins .003 above its own truth in this sample. That is chance: `test_coverage` puts it at 95 % over samples.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models import evaluate
from jq_models.data import OpenStudy, open_study
from jq_models.data.known import truth_from
from jq_models.data.population import DEMO
from jq_models.data.simulate import MISSING_CODE, simulate
from jq_models.evaluate.composites import routes
from jq_models.evaluate.composites.route_result import ROUTES, Routes, pls_routes, route_truth
from jq_models.evaluate.composites.routes import BY_PLS, compare_routes, direct_route
from jq_models.evaluate.key_paths import key_effects
from jq_models.numeric.moments import Moments
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates
from jq_models.sem import fit_sem
from jq_models.spec import Gates, build_model

PATHS = (("JQ", "SAT"), ("JQ", "COM"), ("SAT", "COM"), ("SAT", "TIN"), ("COM", "TIN"))


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def found(demo: OpenStudy) -> Routes:
    result = compare_routes(demo, evaluate.plan(demo), seed=demo.spec.seed)
    assert result is not None
    return result


@pytest.fixture(scope="module")
def held(found: Routes) -> pd.DataFrame:
    return route_truth(found).set_index(["route", "source", "target"])


def test_every_route_has_every_path(found: Routes) -> None:
    assert found.paths == PATHS
    assert [route.code for route in found.usable] == list(ROUTES)
    for route in found.routes:
        assert list(zip(route.estimates["source"], route.estimates["target"], strict=True)) == list(PATHS)
        assert route.estimates.notna().all(axis=None)
        assert route.n == 497


def test_the_three_routes_of_the_study_hold_their_own_truth_in_every_interval(held: pd.DataFrame) -> None:
    for code in ("sem", "plsc", "pls"):
        assert held["holds_population"].xs(code).all(), held.to_string()


def test_routes_that_correct_for_error_hold_the_paths_the_demo_was_drawn_from(held: pd.DataFrame) -> None:
    for code in ("sem", "plsc"):
        assert held["holds_truth"].xs(code).all(), held.to_string()


def test_plain_pls_and_the_composite_miss_where_they_estimate_something_else(held: pd.DataFrame) -> None:
    missed = [key for key, row in held.iterrows() if not row["holds_truth"]]
    assert missed == [("composite", "JQ", "COM"), ("composite", "SAT", "COM"), ("pls", "JQ", "SAT")]
    own = [key for key, row in held.iterrows() if not row["holds_population"]]
    assert own == [("composite", "JQ", "SAT")]


def test_what_each_route_finds_in_the_population(held: pd.DataFrame) -> None:
    gap = (held["population"] - held["truth"]).abs().groupby("route").max()
    assert gap["sem"] < 0.006
    assert gap["plsc"] < 0.008
    # with one cause the link of scores is the true one times the root of the reliabilities' product
    plain = held["population"].xs("pls")
    assert plain["JQ", "SAT"] == pytest.approx(0.62, abs=0.005)
    assert (plain.abs() < held["population"].xs("plsc").abs()).all()
    # a sum of the dimensions is not the factor behind them: reliability of the sum below 1
    assert held["population"]["composite", "JQ", "SAT"] == pytest.approx(0.687, abs=0.005)


def test_attenuation_is_what_separates_plain_from_consistent_pls(demo: OpenStudy, found: Routes) -> None:
    """Between two first-order constructs the correlation shrinks by the root of rho_A's product, exactly."""
    plain, consistent = (found.of(code).fit.values("~~") for code in ("pls", "plsc"))
    rho = found.of("plsc").fit.values("rho_a").set_index("lhs")["est"]
    both = plain.merge(consistent, on=["lhs", "rhs"], suffixes=("", "_true"))
    both = both.query("lhs != 'JQ' and rhs != 'JQ'")
    assert len(both) == 14 * 15 / 2
    factor = np.sqrt(rho[both["lhs"]].to_numpy() * rho[both["rhs"]].to_numpy())
    np.testing.assert_allclose(both["est"], both["est_true"] * factor, rtol=1e-9)
    assert list(found.reliability.index) == ["JQ", "SAT", "COM", "TIN"]
    assert found.reliability["SAT"] == pytest.approx(rho["SAT"], abs=1e-9)


def test_each_route_is_the_fit_it_says(demo: OpenStudy, found: Routes) -> None:
    sem = key_effects(fit_sem(demo.model("second_order"), demo.complete), ["SAT", "COM", "TIN"])
    np.testing.assert_array_equal(
        found.of("sem").estimates["estimate"], sem.query("kind == 'direct'")["estimate"]
    )
    for code, (model, consistent) in BY_PLS.items():
        fit = fit_pls(demo.model(model), demo.complete, consistent=consistent)
        wanted = fit.values("~").set_index(["rhs", "lhs"])["est"]
        np.testing.assert_array_equal(found.of(code).estimates["estimate"], [wanted[path] for path in PATHS])
    table = pls_estimates(fit, bootstrap_pls(fit, draws=2000, seed=demo.spec.seed, workers=2), kind="bc")
    rows = table[table["op"] == "~"].set_index(["rhs", "lhs"]).loc[list(PATHS)]
    np.testing.assert_array_equal(found.of("pls").estimates["ci_low"], rows["ci_low"])


def test_covariances_without_a_place_in_pls_are_named_and_weighed(demo: OpenStudy, found: Routes) -> None:
    assert found.ignored == ("LCU ~~ LEM", "LCU ~~ INF", "LEM ~~ INF")
    model = build_model("second_order", instrument=demo.instrument, learning=False)
    wanted = key_effects(fit_sem(model, demo.complete), ["SAT", "COM", "TIN"]).query("kind == 'direct'")
    np.testing.assert_allclose(found.plain_sem["estimate"], wanted["estimate"], rtol=0, atol=1e-12)


def test_inadmissible_resamples_are_counted(found: Routes) -> None:
    """One loading of the demo is near 1 (ATM2), so that many resamples pass it once error is taken out."""
    shares = {route.code: route.boot.inadmissible_share for route in found.routes if route.boot is not None}
    assert 0.1 < shares["plsc"] < 0.35
    assert shares["pls"] == 0.0


def test_a_closed_gate_and_absent_outcomes_fit_nothing(demo: OpenStudy) -> None:
    plan = evaluate.plan(demo)
    closed = replace(plan, gates=Gates(score_path=100, second_order=5000, full=6000))
    assert compare_routes(demo, closed, seed=1) is None


def test_real_answers_have_no_truth(demo: OpenStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "known_truth", lambda opened: None)
    result = compare_routes(demo, evaluate.plan(demo), seed=1, draws=20)
    assert result is not None
    assert result.truth == {}
    assert route_truth(result).empty
    assert result.of("pls").estimates["population"].isna().all()


def test_a_route_that_fails_gives_its_reason_and_no_number(
    demo: OpenStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*args: object, **options: object) -> object:
        return fit_pls(*args, max_iterations=1, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(routes, "fit_pls", impatient)
    monkeypatch.setattr(routes, "known_truth", lambda opened: None)
    result = compare_routes(demo, evaluate.plan(demo), seed=1, draws=20)
    assert result is not None
    assert [route.code for route in result.usable] == ["sem"]
    assert {reason.code for reason in result.of("plsc").reasons} == {"not_converged"}
    assert result.of("plsc").estimates.empty


def test_an_unusable_fit_is_kept_for_advice_and_never_counts(
    demo: OpenStudy, found: Routes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(pls_routes(found)) == ["plsc", "composite", "pls"]
    assert pls_routes(None) == {}
    monkeypatch.setattr(routes, "fit_pls", lambda *a, **o: fit_pls(*a, max_iterations=1, **o))
    failed = direct_route(demo, evaluate.plan(demo), seed=1, draws=20)
    assert failed is not None
    assert not failed.usable
    assert failed.fit is not None
    assert failed.boot is None


def test_every_dimension_on_its_own(demo: OpenStudy) -> None:
    plan = evaluate.plan(demo)
    route = direct_route(demo, plan, seed=1, draws=50)
    assert route is not None
    assert len(route.estimates) == 2 * 12 + 3
    wanted = fit_pls(demo.model("direct"), demo.complete).values("~").set_index(["rhs", "lhs"])["est"]
    known = route.estimates.set_index(["source", "target"])["estimate"]
    np.testing.assert_array_equal(known, wanted.loc[list(known.index)])
    assert direct_route(demo, replace(plan, n=250), seed=1) is None


@pytest.mark.slow
def test_coverage() -> None:
    """Why bias-corrected intervals: percentile ones of the composite hold their own truth too seldom.

    60 samples of the demo's kind, in organisations, 500 resamples each. Bias-corrected: 93-97 % in every
    route. Percentile: as good for both factor routes, some 85 % for the composite, whose regression weights
    fit each resample's chance.
    """
    instrument = open_study("demo").instrument
    hits: list[tuple[str, str, bool]] = []
    truths: dict[str, pd.Series] = {}
    for seed in range(60):
        drawn = simulate(instrument, seed=7000 + seed, n=577, organisations=8, population=DEMO)
        answers = drawn.frame[[item.code for item in instrument.items]].astype("Float64")
        answers = answers.mask(answers == MISSING_CODE).astype(float)
        for item in instrument.items:
            if item.reversed:
                answers[item.code] = 6 - answers[item.code]
        known = truth_from(drawn.truth)
        moments = Moments(names=known.items, covariance=known.covariance, mean=known.mean, n=10**6)
        for code, (name, consistent) in BY_PLS.items():
            model = build_model(name, instrument=instrument)
            if code not in truths:
                truths[code] = fit_pls(model, moments, consistent=consistent).values("~")["est"]
            fit = fit_pls(model, answers, consistent=consistent)
            boot = bootstrap_pls(fit, draws=500, seed=seed)
            for kind in ("bc", "percentile"):
                rows = pls_estimates(fit, boot, kind=kind).query("op == '~'").reset_index(drop=True)
                inside = (rows["ci_low"] <= truths[code]) & (truths[code] <= rows["ci_high"])
                hits += [(code, kind, bool(hit)) for hit in inside]
    rate = pd.DataFrame(hits, columns=["route", "kind", "hit"]).groupby(["kind", "route"])["hit"].mean()
    assert rate["bc"].between(0.90, 0.99).all(), rate.to_string()
    assert rate["percentile", "composite"] < 0.91, rate.to_string()
    assert rate["percentile"][["pls", "plsc"]].between(0.90, 0.98).all(), rate.to_string()

"""Rivals, facets, composite and gates on the demo study, whose truth is known, and on made-up ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jq_models import evaluate
from jq_models.data import open_study
from jq_models.evaluate.hypotheses import H1_REASONS, H8_REASONS, VERDICTS
from jq_models.evaluate.rivals.compare import NESTED, STATES, UNTESTED
from jq_models.spec.rivals import RIVALS


@pytest.fixture(scope="module")
def demo():
    return open_study("demo")


@pytest.fixture(scope="module")
def rivals(demo):
    return evaluate.fit_rivals(demo)


@pytest.fixture(scope="module")
def facets(demo, rivals):
    return evaluate.facet_tests(demo, rivals)


def test_the_planted_truth_wins(rivals):
    """Twelve dimensions under job quality, the learning trio with something of its own (.35)."""
    claim = evaluate.judge_dimensions(rivals)
    assert (claim.verdict, claim.reason) == ("supported", "separate")
    assert claim.margin > 1000
    assert rivals.winner == "higher_learning"
    assert list(rivals.table["model"]) == list(RIVALS)
    assert set(rivals.table["state"]) == {"fitted"}


def test_the_learning_factor_is_found_by_its_test(rivals):
    row = rivals.test("higher", "higher_learning")
    assert row["df"] == 3
    assert row["p_value"] < 0.01
    assert row["verdict"] == "larger"
    assert rivals.test("dimensions", "one_factor") is None


def test_information_sharing_is_one_factor(facets):
    """So it was planted; no other dimension has two either."""
    assert list(facets["construct"]) == ["INF", "SUP", "EMP", "INT"]
    assert set(facets["reason"]) == {"one"}
    assert evaluate.judge_facets(facets, "INF").verdict == "not_supported"
    assert evaluate.judge_facets(facets, "OPP").verdict == "not_testable"
    assert (facets["df"] == 12).all()


def test_two_planted_facets_are_found(demo):
    """Half of INF's items carry a thing of their own: persons shift on the two together."""
    rng = np.random.default_rng(5)
    items = demo.responses.items.copy()
    own = rng.standard_normal(len(items)) * items["INF1"].std()
    items[["INF1", "INF2"]] = items[["INF1", "INF2"]].add(1.2 * own, axis=0)
    changed = replace(demo, responses=replace(demo.responses, items=items))
    found = evaluate.facet_tests(changed, evaluate.fit_rivals(changed)).iloc[0]
    assert (found["construct"], found["verdict"], found["reason"]) == ("INF", "supported", "two")
    assert found["ci_low"] < found["correlation"] < found["ci_high"] < 1


def test_one_factor_behind_everything_is_not_called_twelve(demo):
    rng = np.random.default_rng(6)
    complete = demo.complete
    items = complete.items.copy()
    general = rng.standard_normal(len(items))
    for code in items.columns:
        items[code] = 0.7 * general + 0.7 * rng.standard_normal(len(items))
    claim = evaluate.judge_dimensions(
        evaluate.fit_rivals(replace(demo, responses=replace(complete, items=items)))
    )
    assert (claim.verdict, claim.reason) == ("not_supported", "coarse")


def test_a_failed_rival_has_no_numbers_and_cannot_win(rivals):
    table = rivals.table.copy()
    table.loc[table["model"] == "higher_learning", "state"] = "inadmissible"
    assert replace(rivals, table=table).winner != "higher_learning"
    table["state"] = "failed"
    alone = replace(rivals, table=table)
    assert alone.winner == ""
    assert alone.preferred == {}
    assert evaluate.judge_dimensions(alone).verdict == "not_testable"


def test_too_few_answers_fail_without_numbers(demo):
    some = demo.complete.items.index[:40]
    kept = {name: getattr(demo.complete, name).loc[some] for name in ("items", "groups", "covariates")}
    few = replace(demo, responses=replace(demo.complete, **kept))
    found = evaluate.fit_rivals(few)
    assert set(found.table["state"]) == {"failed"}
    assert found.table.loc[:, "chi_square":].isna().all(axis=None)
    assert set(found.tests["reason"]) == {"failed"}
    assert set(evaluate.facet_tests(few, found)["reason"]) == {"failed"}


def test_codes_are_those_declared(rivals, facets):
    assert set(rivals.table["state"]) <= set(STATES)
    assert set(rivals.tests["reason"]) <= set(UNTESTED)
    assert set(rivals.tests["verdict"]) <= set(NESTED)
    assert set(facets["reason"]) <= set(H8_REASONS)
    assert evaluate.judge_dimensions(rivals).reason in H1_REASONS
    assert set(facets["verdict"]) <= set(VERDICTS)


def test_factor_and_composite_agree_on_the_demo(demo):
    fits = evaluate.fit_forms(demo)
    assert fits["composite"].status.admissible
    found = evaluate.form_effects(fits)
    totals = {k: f[f["kind"] == "total"].set_index("target")["estimate"] for k, f in found.items()}
    assert (totals["second_order"] - totals["composite"]).abs().max() < 0.03
    assert list(evaluate.form_tests(fits)["verdict"]) == ["test_alone", "smaller"]


@pytest.mark.parametrize(
    ("n", "expected"), [(100, []), (199, []), (200, ["second_order"]), (300, ["correlated"])]
)
def test_the_gates_decide_which_measurement_model_is_fitted(demo, n, expected):
    plan = replace(evaluate.plan(demo), n=n)
    assert list(evaluate.measurement_fits(demo, plan)) == expected


def test_omegas_take_the_preferred_form_and_the_bifactor(rivals):
    found = evaluate.omegas_of(rivals.fits)
    assert list(found) == ["higher_learning", "bifactor"]
    parts = found["higher_learning"].subscales
    together = parts["omega_general_subscale"] + parts["omega_hierarchical_subscale"]
    assert together.to_numpy() == pytest.approx(parts["omega_subscale"].to_numpy(), rel=1e-12)
    assert 0 < found["bifactor"].explained < 1


def test_the_demo_has_no_cross_loading_that_stands_out(rivals):
    found = evaluate.cross_loadings(rivals.fits["dimensions"])
    assert (found["p_holm"] > 0.05).all()
    assert (found["construct"] != found["other"]).all()

"""The map of importance and performance of the demo study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.data.known import known_truth
from jq_models.evaluate import attention, construct_summary
from jq_models.evaluate.composites.ipma import ipma
from jq_models.evaluate.composites.outlook import overlapping_members, study_ipma
from jq_models.evaluate.composites.route_result import Route
from jq_models.numeric.moments import Moments
from jq_models.pls import bootstrap_pls, fit_pls
from jq_models.report.attention_views import priority_map
from jq_models.report.outlook_views import front_dimensions, priority_views
from jq_models.report.tables_prediction import placed
from jq_models.report.wording import wording

EN = wording("en")


@pytest.fixture(scope="module")
def demo():
    return open_study("demo")


@pytest.fixture(scope="module")
def composite(demo) -> Route:
    fit = fit_pls(demo.model("composite_pls"), demo.complete)
    boot = bootstrap_pls(fit, draws=200, seed=5)
    return Route(code="composite", estimates=pd.DataFrame(), fit=fit, boot=boot)


def test_the_map_of_a_study_rests_on_the_resamples_of_its_route(demo, composite):
    first, again = (priority_views(composite, EN, opened=demo, seed=seed) for seed in (1, 2))
    words, drawing, table, _ = first
    pd.testing.assert_frame_equal(table.raw, again[2].raw)
    drawn = study_ipma(demo, composite.fit, draws=200, seed=5).at("construct")
    assert list(table.raw["importance_low"]) == list(drawn["importance_low"])
    assert "true" in table.raw
    assert "first figure" in words
    assert drawing.name == "ipma_sat"


def test_the_dimensions_named_from_the_first_figure_lie_in_its_field(demo):
    found = attention(demo, draws=30, seed=4)
    (figure,) = priority_map(found, EN, summary=construct_summary(demo.responses), instrument=demo.instrument)
    ax = figure.figure.axes[0]
    across, up = ax.lines[0].get_xdata()[0], ax.lines[1].get_ydata()[0]
    points = dict(zip(demo.dimensions, ax.collections[-2].get_offsets(), strict=True))
    inside = [code for code, (x, y) in points.items() if x > across and y < up]
    assert inside == front_dimensions(demo)
    assert inside


def test_where_dimensions_overlap_the_reason_stands_in_place_of_the_map(demo, composite):
    # a member that repeats another but for a little: weights by regression cannot part them
    items = demo.complete.items.copy()
    for k in range(1, 5):
        items[f"LEM{k}"] = items[f"LCU{k}"]
    rng = np.random.default_rng(3)
    some = rng.random(len(items)) < 0.1
    items.loc[some, "LEM1"] = items.loc[some, "LEM1"].sample(frac=1.0, random_state=1).to_numpy()
    fit = fit_pls(demo.model("composite_pls"), items)
    assert {"LCU", "LEM"} <= set(overlapping_members(fit))
    (words,) = priority_views(
        replace(composite, fit=fit, boot=bootstrap_pls(fit, draws=20, seed=1)), EN, opened=demo, seed=1
    )
    assert words.startswith("**There is no map")
    assert "learning from customers" in words
    assert overlapping_members(composite.fit) == ()


@pytest.mark.slow
def test_where_no_dimension_lies_in_the_field_few_samples_name_one(demo):
    known = known_truth(demo)
    model, scales = demo.model("composite_pls"), dict.fromkeys(known.items, (-20.0, 20.0))
    moments = Moments(names=known.items, covariance=known.covariance, mean=known.mean, n=497)
    truth = placed(ipma(fit_pls(model, moments), target="SAT", scales=scales), demo.instrument)
    assert "first" not in set(truth["leaning"])
    root, rng = np.linalg.cholesky(known.covariance), np.random.default_rng(7)
    named = []
    for seed in range(80):
        drawn = rng.normal(size=(497, len(root))) @ root.T + known.mean
        fit = fit_pls(model, pd.DataFrame(drawn, columns=list(known.items)))
        found = ipma(fit, target="SAT", scales=scales, draws=300, seed=seed, kind="bc")
        rows = placed(found, demo.instrument)
        named.append([(rows[column] == "first").any() for column in ("field", "leaning")])
    decided, leaning = np.mean(named, axis=0)
    assert leaning > 0.85
    assert decided < 0.15

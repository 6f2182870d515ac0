"""Answers to modules: read beside the questionnaire, never in it; drawn with a truth that is known."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.data.population import DEMO, decompose, latent_covariance
from jq_models.data.population_modules import DEMO_MODULES, draw_modules
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import modules_apart, together
from jq_models.data.simulate import simulate
from jq_models.errors import DataError
from jq_models.spec import load_instrument, load_study, questionnaire_of


@pytest.fixture(scope="module")
def drawn():
    return simulate(load_instrument("ccc_job_quality"), seed=5, n=300, modules=load_instrument("ccc_modules"))


def test_modules_change_no_answer_to_the_questionnaire(drawn):
    alone = simulate(load_instrument("ccc_job_quality"), seed=5, n=300)
    columns = alone.frame.columns
    pd.testing.assert_frame_equal(drawn.frame[columns], alone.frame)
    assert {k: v for k, v in drawn.truth.items() if k != "modules"} == alone.truth


def test_an_outcome_moved_by_a_product_leaves_the_others_alone(drawn):
    moved = replace(DEMO_MODULES, products=MappingProxyType({("SAT", "HLP", "PRS"): 0.5}))
    other = simulate(
        load_instrument("ccc_job_quality"), seed=5, n=300, modules=load_instrument("ccc_modules"), added=moved
    )
    differ = [name for name in drawn.frame if not drawn.frame[name].equals(other.frame[name])]
    assert {name[:3] for name in differ} <= {"SAT", "rec"}
    assert any(name.startswith("SAT") for name in differ)


def test_the_drawn_scales_have_the_documented_correlations():
    exogenous = decompose(DEMO)
    covariance = latent_covariance(exogenous)
    rng = np.random.default_rng(3)
    eta = pd.DataFrame(
        rng.multivariate_normal(np.zeros(len(covariance)), covariance, size=200_000),
        columns=covariance.columns,
    )
    xi = draw_modules(rng, eta, DEMO_MODULES, covariance=covariance)
    assert np.abs(xi.std() - 1.0).max() < 0.01
    assert abs(np.corrcoef(xi["OUT"], eta["CON"])[0, 1] - -0.45) < 0.01
    # control reaches satisfaction by way of empowerment only: given that, nothing is left
    residual = xi["CTL"] + 0.45 * eta["EMP"]
    assert abs(np.corrcoef(residual, eta["SAT"])[0, 1]) < 0.01


def test_facets_correlate_as_they_were_drawn():
    apart = replace(DEMO, facets=MappingProxyType({"INF": 0.4}))
    instrument = load_instrument("ccc_job_quality")
    whole = simulate(instrument, seed=5, n=20_000).frame
    parts = simulate(instrument, seed=5, n=20_000, population=apart).frame
    differ = [name for name in whole if not whole[name].equals(parts[name])]
    assert {name[:3] for name in differ} == {"INF"}
    facet = {item.code: item.facet for item in instrument.construct("INF").items}
    R = parts[list(facet)].astype(float).replace(99.0, np.nan).corr()
    turned = [item.code for item in instrument.construct("INF").items if item.reversed]
    R.loc[turned] *= -1.0
    R[turned] *= -1.0
    pairs = [(a, b) for a in facet for b in facet if a < b]
    within = [R.loc[a, b] for a, b in pairs if facet[a] == facet[b]]
    between = [R.loc[a, b] for a, b in pairs if facet[a] != facet[b]]
    # what items of two facets share is the facets' correlation times what items of one share
    assert abs(np.prod(between) ** 0.5 / np.prod(within) - 0.4**2) < 0.03


def test_a_scale_explained_beyond_its_variance_is_refused():
    weights = MappingProxyType({("OUT", "CON"): 1.2})
    covariance = latent_covariance(decompose(DEMO))
    eta = pd.DataFrame(np.zeros((3, len(covariance))), columns=covariance.columns)
    with pytest.raises(DataError, match="'OUT' explain more than its variance"):
        draw_modules(
            np.random.default_rng(1), eta, replace(DEMO_MODULES, weights=weights), covariance=covariance
        )


def test_the_demo_asks_modules_beside_the_questionnaire():
    opened = open_study("demo")
    assert opened.modules is not None
    assert opened.modules.n == opened.responses.n
    assert not set(opened.modules.items) & set(opened.responses.items)
    assert not any(c.module for c in opened.instrument.constructs)
    pd.testing.assert_frame_equal(opened.modules.groups, opened.responses.groups)
    everything = opened.everything
    assert list(everything.items) == [*opened.responses.items, *opened.modules.items]
    own, modules = modules_apart(everything)
    pd.testing.assert_frame_equal(own.items, opened.responses.items)
    pd.testing.assert_frame_equal(modules.items, opened.modules.items)
    assert together(own, modules).instrument == everything.instrument


def test_who_answered_a_module_only_is_no_respondent(drawn, tmp_path):
    spec = load_study("demo")
    asked = questionnaire_of(spec)
    frame = drawn.frame.copy()
    frame.loc[0, [i.code for i in asked.items if not asked.construct(i.construct).module]] = pd.NA
    frame.to_csv(tmp_path / "x.csv", index=False)
    raw = read_table(tmp_path / "x.csv")
    assert prepare(raw, study=spec, instrument=asked, language="en").n == len(frame) - 1

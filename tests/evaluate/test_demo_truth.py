"""The engine finds what the simulated data were drawn from (data/simulated/demo_truth.json).

Truth and estimate meet on standardised values: a loading of an item is compared with ``answer_loading``, the
correlation of the 1-5 answer with its construct. Cutting answers into five makes the item covariances only
nearly those of the model, which moves item loadings by up to .02 even without sampling error.

What may legitimately miss: the intervals take persons as independent, and the demo's persons work in 8
organisations and in teams. Over fresh draws a 95 % interval then holds the truth in some 88 %, without
organisations in some 94 % (`test_coverage`). The stored demo has no miss. After a change of its seed one or
two of the 11 effects could miss with nothing wrong, most likely SAT -> COM and JQ -> COM, which trade
against each other: then the test is to be read, not the engine.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.data.population import DEMO, Population
from jq_models.data.simulate import MISSING_CODE, simulate
from jq_models.evaluate import effects
from jq_models.sem import SemFit, fit_sem, r_squared, standardized
from jq_models.spec import build_model, load_instrument

Truth = dict[str, Any]
STRUCTURE = ["JQ", "SAT", "COM", "TIN"]
LARGE = 20_000


def direct_effects(truth: Truth) -> pd.DataFrame:
    """The population's paths, B of eta = B eta + zeta: row effect, column cause."""
    B = pd.DataFrame(0.0, index=STRUCTURE, columns=STRUCTURE)
    for path, value in truth["paths"].items():
        effect, cause = path.split(" ~ ")
        B.loc[effect, cause] = value
    return B


def total_effects(truth: Truth) -> pd.DataFrame:
    """(I - B)^-1 - I."""
    B = direct_effects(truth)
    return pd.DataFrame(np.linalg.inv(np.eye(len(B)) - B) - np.eye(len(B)), index=B.index, columns=B.columns)


def population_effects(truth: Truth) -> pd.DataFrame:
    """True direct and total effects; those that are 0 because the model has no such path are left out."""
    frames = {"direct": direct_effects(truth), "total": total_effects(truth)}
    rows = [
        (source, target, kind, frame.loc[target, source])
        for kind, frame in frames.items()
        for source in STRUCTURE
        for target in STRUCTURE
        if frame.loc[target, source] != 0
    ]
    return pd.DataFrame(rows, columns=["source", "target", "kind", "truth"])


def second_order_loadings(fit: SemFit, truth: Truth) -> pd.DataFrame:
    rows = standardized(fit).query("lhs == 'JQ' and op == '=~'").set_index("rhs")
    return rows.assign(truth=pd.Series(truth["second_order"]))


def item_loadings(fit: SemFit, truth: Truth) -> pd.DataFrame:
    known = pd.Series({item["code"]: item["answer_loading"] for item in truth["items"]})
    rows = standardized(fit).query("op == '=~' and lhs != 'JQ'").set_index("rhs")
    return rows.assign(truth=known)


def effects_of(fit: SemFit, truth: Truth) -> pd.DataFrame:
    found = effects(fit, ["JQ", "SAT", "COM"], ["SAT", "COM", "TIN"])
    return found.merge(population_effects(truth), on=["source", "target", "kind"], validate="1:1")


def covered(rows: pd.DataFrame) -> pd.Series:
    return (rows["ci_low"] <= rows["truth"]) & (rows["truth"] <= rows["ci_high"])


def draw(seed: int, *, n: int, organisations: int, population: Population = DEMO) -> tuple[SemFit, Truth]:
    """Fit the second-order model to fresh simulated answers, their missing code and reversed items undone."""
    instrument = load_instrument("ccc_job_quality")
    drawn = simulate(instrument, seed=seed, n=n, organisations=organisations, population=population)
    answers = drawn.frame[[item.code for item in instrument.items]].astype("Float64")
    answers = answers.mask(answers == MISSING_CODE).astype(float)
    for item in instrument.items:
        if item.reversed:
            answers[item.code] = 6 - answers[item.code]
    return fit_sem(build_model("second_order", instrument=instrument), answers), drawn.truth


@pytest.fixture(scope="module")
def demo(checkout) -> tuple[SemFit, Truth]:
    truth = json.loads((checkout / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8"))
    study = open_study("demo")
    return fit_sem(study.model("second_order"), study.responses), truth


@pytest.fixture(scope="module")
def large() -> tuple[SemFit, Truth]:
    """20,000 persons in 1,000 organisations: enough of both for the shares between them to average out."""
    return draw(2013, n=LARGE, organisations=1000)


def test_every_effect_of_the_demo_covers_the_truth(demo):
    rows = effects_of(*demo)
    assert list(rows["kind"].value_counts()) == [6, 5]  # total, direct
    assert covered(rows).all(), rows[~covered(rows)].to_string()


def test_second_order_loadings_of_the_demo_cover_the_truth(demo):
    rows = second_order_loadings(*demo)
    assert len(rows) == 12
    assert covered(rows).sum() >= 10, rows[~covered(rows)].to_string()
    assert rows["est_std"].corr(rows["truth"]) > 0.9


def test_item_loadings_of_the_demo_cover_the_truth(demo):
    rows = item_loadings(*demo)
    assert len(rows) == 59
    assert covered(rows).mean() > 0.85
    assert rows["est_std"].corr(rows["truth"]) > 0.9


def test_a_large_sample_gives_the_population_values(large):
    fit, truth = large
    assert fit.status.reasons == ()
    assert fit.n > 0.8 * LARGE
    for rows, estimate in (
        (second_order_loadings(fit, truth), "est_std"),
        (item_loadings(fit, truth), "est_std"),
        (effects_of(fit, truth), "estimate"),
    ):
        np.testing.assert_allclose(rows[estimate], rows["truth"], rtol=0, atol=0.03)


def test_a_large_sample_explains_what_the_population_does(large):
    fit, truth = large
    found = r_squared(fit)[["SAT", "COM", "TIN"]]
    np.testing.assert_allclose(found, [0.52, 0.50, 0.40], rtol=0, atol=0.03)
    np.testing.assert_allclose(found, list(truth["r_squared"].values()), rtol=0, atol=0.03)


def test_the_learning_trio_shares_more_than_job_quality(large):
    fit, truth = large
    rest = {code: 1 - truth["second_order"][code] ** 2 for code in truth["further"]}
    rows = standardized(fit).set_index(["lhs", "op", "rhs"])["est_std"]
    for a, b in (("LCU", "LEM"), ("LCU", "INF"), ("LEM", "INF")):
        known = truth["further"][a] * truth["further"][b] / np.sqrt(rest[a] * rest[b])
        assert rows[a, "~~", b] == pytest.approx(known, abs=0.05)


def test_standard_errors_shrink_with_the_root_of_n(demo, large):
    small, big = (standardized(fit).set_index(["lhs", "op", "rhs"])["se"] for fit, _ in (demo, large))
    free = (small > 0) & (small.index.get_level_values("op") != "~~")
    shrunk = small[free] / big[free] / np.sqrt(large[0].n / demo[0].n)
    assert free.sum() == 59 + 12 + 5
    assert shrunk.median() == pytest.approx(1.0, abs=0.05)
    assert shrunk.between(0.7, 1.4).all()  # a standardised loading's error depends on its own value too


def persons_alone(population: Population) -> Population:
    nothing = MappingProxyType(dict.fromkeys(population.organisation_icc, 0.0))
    return replace(population, organisation_icc=nothing, team_icc=MappingProxyType({}))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "low", "high"),
    [(persons_alone, 0.91, 0.98), (lambda population: population, 0.80, 0.94)],
    ids=["persons alone", "in organisations"],
)
def test_coverage(change: Callable[[Population], Population], low: float, high: float):
    """The intervals hold the truth nearly as often as they say when persons are independent, else less."""
    hits: list[pd.Series] = []
    for seed in range(30):
        fit, truth = draw(seed, n=577, organisations=8, population=change(DEMO))
        hits += [covered(effects_of(fit, truth)), covered(second_order_loadings(fit, truth))]
    assert low < pd.concat(hits).mean() < high

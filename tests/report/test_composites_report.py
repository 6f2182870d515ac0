"""A PLS fit in words and tables: what is good, what is not, and the composite in place of what overlaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, open_study
from jq_models.evaluate.composites.advice import OFFER_REASONS, Offer, second_order_offer
from jq_models.evaluate.composites.effects import pls_effect_sizes, pls_effects
from jq_models.evaluate.composites.offered import FORMS
from jq_models.evaluate.composites.quality import pls_cross_loadings, pls_item_vif, pls_loadings, pls_quality
from jq_models.evaluate.composites.route_result import Route
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsFit, bootstrap_pls, fit_pls
from jq_models.report.composite_views import (
    direct_views,
    first_scores,
    pls_effect_views,
    pls_quality_views,
    pls_weight_views,
)
from jq_models.report.sentences_composites import (
    effect_size_sentences,
    pls_cross_sentences,
    quality_sentences,
    weight_sentences,
)
from jq_models.report.sentences_offer import offer_sentences
from jq_models.report.table import Table
from jq_models.report.tables_composite_items import item_weight_table, pls_cross_table
from jq_models.report.tables_composites import (
    effect_level,
    effect_size_table,
    overlap_level,
    pls_effect_table,
    quality_table,
    weight_table,
)
from jq_models.report.wording import wording
from jq_models.spec import LANGUAGES, Instrument

EMPTY = pd.DataFrame()


@pytest.fixture(scope="module")
def opened() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def route(opened: OpenStudy) -> Route:
    fit = fit_pls(opened.model("composite_pls"), opened.responses)
    return Route(code="composite", estimates=EMPTY, fit=fit, boot=bootstrap_pls(fit, draws=60, seed=3))


@pytest.fixture(scope="module")
def separate(opened: OpenStudy) -> PlsFit:
    return fit_pls(opened.model("direct"), opened.responses)


@pytest.fixture(scope="module")
def collinear(opened: OpenStudy) -> PlsFit:
    """The direct model on answers in which all dimensions are nearly one thing."""
    rng = np.random.default_rng(5)
    n = 300
    common = rng.standard_normal(n)
    factors = {x: np.sqrt(0.93) * common + np.sqrt(0.07) * rng.standard_normal(n) for x in opened.dimensions}
    factors["SAT"] = 0.7 * common + 0.7 * rng.standard_normal(n)
    factors["COM"] = 0.5 * factors["SAT"] + 0.3 * common + 0.7 * rng.standard_normal(n)
    factors["TIN"] = -0.4 * factors["SAT"] - 0.3 * factors["COM"] + 0.7 * rng.standard_normal(n)
    items = {
        i.code: 0.8 * factors[i.construct] / factors[i.construct].std() + 0.6 * rng.standard_normal(n)
        for i in opened.instrument.items
    }
    return fit_pls(opened.model("direct"), pd.DataFrame(items))


def quality(**columns: list[float]) -> pd.DataFrame:
    given = {"alpha": [0.8, 0.8], "rho_a": [0.85, 0.8], "rho_c": [0.8, 0.8], "ave": [0.6, 0.55]} | columns
    frame = pd.DataFrame({"n_items": [4, 4], "kind": ["factor"] * 2, **given}, index=["ENJ", "SAT"])
    for name in ("alpha", "rho_a", "rho_c", "ave"):
        frame[f"{name}_low"] = columns.get(f"{name}_low", frame[name] - 0.02)
        frame[f"{name}_high"] = frame[name] + 0.02
    return frame


def weights(**columns: list[float]) -> pd.DataFrame:
    given = {
        "weight": [0.5, 0.1],
        "weight_low": [0.3, -0.1],
        "weight_high": [0.7, 0.3],
        "loading": [0.9, 0.7],
        "loading_low": [0.8, 0.6],
        "loading_high": [0.95, 0.8],
    } | columns
    return pd.DataFrame({"construct": "JQ", "item": ["ENJ", "OPP"], "mode": "B", **given})


def test_a_collinear_study_is_told_and_given_the_composite(opened: OpenStudy, collinear: PlsFit) -> None:
    reasons = {reason.code: reason.where for reason in collinear.status.reasons}
    assert "path_above_one" in reasons
    views = direct_views(Route(code="direct", estimates=EMPTY, fit=collinear), wording("en"), opened=opened)
    said, sizes, made_of = views
    assert isinstance(said, str)
    assert said.startswith("**Do not read the separate paths.** A path passes 1 (")
    assert "of the predictors, 12 are all but determined by the others (VIF of 5 or more)" in said
    assert "**One composite of these 12 solves it: job quality.**" in said
    assert "job quality goes with job satisfaction at ." in said
    assert isinstance(sizes, Table)
    assert isinstance(made_of, Table)
    assert set(sizes.raw["overlap"][:12]) == {"critical"}
    assert list(made_of.raw["dimension"]) == list(opened.dimensions)
    # weights by correlation do not part what the dimensions share
    assert "vif" not in made_of.raw
    assert "cannot be told" in made_of.note


def test_the_demo_is_told_apart(opened: OpenStudy, separate: PlsFit) -> None:
    views = direct_views(Route(code="direct", estimates=EMPTY, fit=separate), wording("en"), opened=opened)
    said, sizes, table = views
    assert str(said).startswith("**The separate paths can be told apart.**")
    assert (
        "VIF at most 2.9, that of integrity (critical from 5; Hair, Risher, Sarstedt & Ringle, 2019)"
        in str(said)
    )
    assert str(sizes).count("\n- ") == 2
    assert isinstance(table, Table)
    assert set(table.raw["overlap"]) == {"apart"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_reads_in_both_languages(
    opened: OpenStudy, route: Route, collinear: PlsFit, language: str
) -> None:
    w, instrument = wording(language), opened.instrument
    views = [
        *pls_quality_views(route, w, instrument=instrument),
        *pls_weight_views(route, w, instrument=instrument),
        *pls_effect_views(route, w, instrument=instrument),
        *direct_views(Route(code="direct", estimates=EMPTY, fit=collinear), w, opened=opened),
    ]
    tables = [view for view in views if isinstance(view, Table)]
    assert [t.name for t in tables] == [
        "pls_quality",
        "pls_cross_loadings",
        "pls_weights",
        "pls_effects",
        "pls_overlap",
        "pls_weights",
    ]
    for text in (view for view in views if isinstance(view, str)):
        assert "  " not in text
        assert "{" not in text
        assert "None" not in text
    for table in tables:
        assert table.html().startswith("<div")
        assert table.note[0].isupper()


def test_nothing_is_shown_where_nothing_was_fitted(opened: OpenStudy) -> None:
    w = wording("en")
    for none in (None, Route(code="composite", estimates=EMPTY)):
        assert pls_quality_views(none, w, instrument=opened.instrument) == []
        assert pls_weight_views(none, w, instrument=opened.instrument) == []
        assert direct_views(none, w, opened=opened) == []


def test_the_quality_table_hides_composites_and_keeps_them_in_the_files(
    opened: OpenStudy, route: Route
) -> None:
    assert route.fit is not None
    table = quality_table(pls_quality(route.fit), wording("en"), instrument=opened.instrument)
    assert "JQ" in list(table.raw["construct"])
    assert "Job quality" not in list(table.frame.iloc[:, 0])
    row = table.raw.set_index("construct").loc["JQ"]
    assert row["verdict"] == "unknown"


def test_quality_in_words(instrument: Instrument) -> None:
    w = wording("en")
    said = quality_sentences(quality(), w, instrument=instrument)
    assert said == (
        "All 2 scales with several items are reliable: ρA is .70 or more for each (lowest: job satisfaction, "
        ".80). Each explains at least half of its items’ variance on average."
    )
    said = quality_sentences(quality(rho_a=[0.6996, 0.8], ave=[0.4, 0.6]), w, instrument=instrument)
    assert said == (
        "The reliability (ρA) is below .70 for enjoying the work (.6996)."
        " The average variance extracted is below .50 for enjoying the work (.40)."
    )
    said = quality_sentences(quality(rho_a_low=[0.65, 0.75]), w, instrument=instrument)
    assert "Not certain, because the interval reaches below .70: enjoying the work." in said
    none = quality(rho_a=[np.nan, np.nan])
    assert quality_sentences(none, w, instrument=instrument).startswith("No scale has several items")


def test_weights_in_words(instrument: Instrument) -> None:
    w = wording("en")
    said = weight_sentences(weights(), w, instrument=instrument)
    assert said == (
        "Enjoying the work weighs most in job quality (.50 [.30, .70]). 1 of the 2 dimensions adds "
        "something of its own (an interval without zero): enjoying the work. What opportunity and challenge "
        "adds beside the others is uncertain (zero lies in the interval), yet it goes with job quality "
        "itself (loading of .50 or more)."
    )
    unsure = weights(weight_low=[-0.1, -0.1], loading_low=[0.1, 0.1])
    assert "Of no dimension does the interval of the weight exclude zero" in weight_sentences(
        unsure, w, instrument=instrument
    )
    turned = weights(weight=[0.5, -0.4], weight_low=[0.3, -0.6], weight_high=[0.7, -0.2])
    assert "Its weight runs against its loading, which happens when dimensions overlap: opportunity" in (
        weight_sentences(turned, w, instrument=instrument)
    )
    bare = weights(weight_low=[np.nan] * 2, weight_high=[np.nan] * 2)
    assert weight_sentences(bare, w, instrument=instrument) == (
        "Enjoying the work has the largest weight in job quality (.50); without intervals the order is "
        "uncertain."
    )
    near = weights(weight_high=[0.7, 0.4])
    assert "the order is uncertain: its interval overlaps with those of 1 of the others." in weight_sentences(
        near, w, instrument=instrument
    )
    assert weight_sentences(weights(), w, instrument=instrument, composite="OTHER") == ""


@pytest.mark.parametrize(
    ("f2", "level"),
    [(0.0199, "none"), (0.02, "small"), (0.15, "medium"), (0.35, "large"), (np.nan, "unknown")],
)
def test_effect_sizes_by_cohens_lines(f2: float, level: str) -> None:
    assert effect_level(f2) == level


@pytest.mark.parametrize(
    ("vif", "level"),
    [(2.99, "apart"), (3.0, "near"), (5.0, "critical"), (np.inf, "critical"), (np.nan, "unknown")],
)
def test_overlap_by_hairs_lines(vif: float, level: str) -> None:
    assert overlap_level(vif) == level


def test_effect_sizes_name_what_adds_most_and_what_stands_alone(instrument: Instrument) -> None:
    sizes = pd.DataFrame(
        [
            ("SAT", "ENJ", 0.4, 0.2, 1.1, 0.5, 0.49),
            ("SAT", "OPP", 0.1, 0.01, 1.1, 0.5, 0.49),
            ("TIN", "SAT", -0.6, np.nan, 1.0, 1.1, 1.1),
            ("COM", "SAT", 0.6, 0.56, 1.0, 0.36, 0.35),
        ],
        columns=["target", "source", "path", "f2", "vif", "r2", "r2_adjusted"],
    )
    said = effect_size_sentences(sizes, wording("en"), instrument=instrument).splitlines()
    assert said[0].endswith(
        "The largest f² for job satisfaction is that of enjoying the work (.20: medium); f² has no interval "
        "here, so the order is uncertain."
    )
    assert said[1].endswith("(adjusted for the number of predictors: 110%).")
    assert said[2].endswith(
        "Affective commitment has one predictor in this model: job satisfaction (f² .56: large)."
    )
    table = effect_size_table(sizes, wording("nl"), instrument=instrument)
    assert list(table.raw["effect"]) == ["medium", "none", "unknown", "large"]
    assert "gecorrigeerd 0,49" in table.frame.iloc[0, 0]


def test_items_that_go_elsewhere_are_named(instrument: Instrument) -> None:
    cross = pd.DataFrame(
        {"ENJ": [0.7, 0.6, 0.1], "SAT": [0.2, -0.65, 0.8]},
        index=pd.Index(["ENJ1", "ENJ2", "SAT1"], name="item"),
    )
    w = wording("en")
    assert pls_cross_sentences(cross, w, instrument=instrument) == (
        "Number of items that go at least as much with another construct as with their own: 1 of 3 (ENJ2 "
        "with job satisfaction)."
    )
    table = pls_cross_table(cross, w, instrument=instrument)
    assert list(table.raw["item"]) == ["ENJ2", "ENJ1", "SAT1"]
    good = cross.replace(-0.65, -0.5)
    assert pls_cross_sentences(good, w, instrument=instrument).startswith("All 3 items go most")
    assert pls_cross_sentences(cross[["ENJ"]].iloc[:1], w, instrument=instrument).startswith(
        "There is no second"
    )


def test_effects_without_a_route_are_dashes(opened: OpenStudy, route: Route) -> None:
    assert route.fit is not None
    effects = pls_effects(route.fit, route.boot, sources=["JQ"])
    table = pls_effect_table(effects, wording("en"), instrument=opened.instrument)
    assert table.frame.iloc[:, 1].tolist() == [
        "Job satisfaction",
        "Affective commitment",
        "Turnover intention",
    ]
    assert table.frame.iloc[2, 2] == "–"
    assert list(table.raw["direction"]) == ["positive", "positive", "negative"]


def test_item_weights_have_a_row_an_item(opened: OpenStudy, route: Route) -> None:
    assert route.fit is not None
    loadings, vif = pls_loadings(route.fit, route.boot), pls_item_vif(route.fit)
    table = item_weight_table(loadings, wording("nl"), vif=vif, instrument=opened.instrument)
    assert len(table.frame) == len(opened.instrument.items) == len(pls_cross_loadings(route.fit))
    made = weight_table(loadings, wording("nl"), vif=vif, instrument=opened.instrument)
    assert made.title == "Waaruit kwaliteit van het werk is opgebouwd"
    assert len(made.frame) == 12


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", OFFER_REASONS)
def test_every_reason_and_every_outcome_has_its_words(
    opened: OpenStudy, separate: PlsFit, language: str, code: str
) -> None:
    where = {
        "path_above_one": "SAT ~ OPP",
        "often_above_one": "SAT ~ OPP",
        "correlation_above_one": "OPP ~~ AMB",
    }
    reason = Reason(code=code, where=(where.get(code, "OPP"),))
    given = {"reasons": (reason,), "name": "JQ", "collinear": ("OPP", "AMB"), "unreliable": ()}
    w, instrument = wording(language), opened.instrument
    unsolved = Offer(members=(), form="", fit=None, **given)  # type: ignore[arg-type]
    said = offer_sentences(separate, unsolved, w=w, instrument=instrument)
    assert said.endswith(w("composites.offer.unsolved"))
    for form in FORMS:
        solved = Offer(members=opened.dimensions, form=form, fit=separate, **given)  # type: ignore[arg-type]
        said = offer_sentences(separate, solved, w=w, instrument=instrument)
        assert w(f"composites.offer.form_{form}") in said
    elsewhere = Offer(members=(), form="", fit=None, **(given | {"collinear": ()}))  # type: ignore[arg-type]
    said = offer_sentences(separate, elsewhere, w=w, instrument=instrument)
    assert said.startswith("**Do not read" if language == "en" else "**Lees de")
    assert "SAT ~" not in said
    low = w("composites.offer.unreliable", names="", line=w.coefficient(0.5)).split(":")[0]
    assert low not in said
    weak = replace(elsewhere, unreliable=("OPP",))
    said = offer_sentences(separate, weak, w=w, instrument=instrument)
    assert low in said
    assert w("composites.offer.unsolved") not in said


def test_one_predictor_each_cannot_overlap(opened: OpenStudy) -> None:
    fit = fit_pls("OPP =~ OPP1 + OPP2\nSAT =~ SAT1 + SAT2\nSAT ~ OPP\n", opened.responses)
    assert second_order_offer(fit) is None
    said = offer_sentences(fit, None, w=wording("nl"), instrument=opened.instrument)
    assert said.endswith("geen construct heeft meerdere voorspellers die kunnen overlappen.")
    assert len(pls_effect_sizes(fit)) == 1


def test_impossible_resamples_are_said_where_the_paths_can_be_told_apart(
    opened: OpenStudy, separate: PlsFit
) -> None:
    boot = bootstrap_pls(separate, draws=60, seed=3)
    assert boot.inadmissible_share > 0.05
    route = Route(code="direct", estimates=EMPTY, fit=separate, boot=boot)
    said = str(direct_views(route, wording("en"), opened=opened)[0])
    assert f"Yet in {boot.inadmissible_share:.0%} of the bootstrap samples a value of this model" in said
    assert "mostly because a standardised loading is above 1 (a question on atmosphere)" in said


def test_weights_of_members_that_overlap_are_not_shown_but_why(opened: OpenStudy, collinear: PlsFit) -> None:
    fit = fit_pls(opened.model("composite_pls"), collinear.moments)
    route = Route(code="composite", estimates=EMPTY, fit=fit)
    (only,) = pls_weight_views(route, wording("en"), instrument=opened.instrument)
    assert str(only).startswith("How much each dimension weighs in job quality cannot be told")
    assert "(VIF of 5 or more; Hair" in str(only)


def test_an_example_score_has_variance_one(opened: OpenStudy, separate: PlsFit) -> None:
    table, said = first_scores(separate, wording("en"), instrument=opened.instrument)
    assert isinstance(table, Table)
    assert list(table.raw["item"]) == ["OPP1", "OPP2", "OPP3", "OPP4"]
    weights = table.raw["weight"].to_numpy(dtype=float)
    complete = opened.complete.items[list(table.raw["item"])]
    assert weights @ complete.corr().to_numpy() @ weights == pytest.approx(1.0, abs=1e-9)
    assert "OPP1 + " in str(said)

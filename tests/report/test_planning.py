"""Planning as a reader sees it: tables, figures and sentences in both languages."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from rich.console import Console

from jq_models import report
from jq_models.errors import SpecError
from jq_models.evaluate import power
from jq_models.report.planning_screen import planning_screen
from jq_models.report.tables_planning import over_n
from jq_models.report.wording import Wording, wording
from jq_models.spec import LANGUAGES, Instrument, build_model, load_instrument

OUTCOMES = ("SAT", "COM", "TIN")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def planned(instrument: Instrument) -> power.StudyPopulation:
    without = ("OPP", "AMB", "CON", "ATM", "EMP", "TOO", "LCU", "LEM", "INF")
    model = build_model("second_order", instrument=instrument, without=without)
    population = power.documented_population(model, instrument)
    return power.StudyPopulation(population=population, reason="simulated", outcomes=OUTCOMES, n=497)


@pytest.fixture(scope="module")
def study(planned: power.StudyPopulation) -> power.PowerStudy:
    conditions = power.grid([20, 150, 300], organisations=[0])
    return power.simulate_power(planned.require(), conditions, outcomes=OUTCOMES, replications=20, seed=1)


@pytest.fixture(scope="module")
def expected(study: power.PowerStudy) -> pd.DataFrame:
    return power.expected_rows(study.truth, 300)


@pytest.fixture(params=LANGUAGES)
def w(request: pytest.FixtureRequest) -> Wording:
    return wording(request.param)


def test_the_power_table_shows_a_dash_where_nothing_was_estimated(
    study: power.PowerStudy, expected: pd.DataFrame, w: Wording, instrument: Instrument
) -> None:
    table = report.planning_power_table(study, w, expected=expected, instrument=instrument)
    assert table.frame.shape == (8, 6)
    assert set(table.frame["n = 20"]) == {"–"}
    assert table.raw["power_300"].tolist() == over_n(study, "power")[300].tolist()
    assert table.raw["n_power"].tolist() == expected["n_power"].tolist()


def test_the_precision_table_halves_the_width(
    study: power.PowerStudy, expected: pd.DataFrame, w: Wording, instrument: Instrument
) -> None:
    table = report.planning_precision_table(study, w, expected=expected, instrument=instrument)
    assert table.raw["half_width_150"].tolist() == (over_n(study, "width")[150] / 2).tolist()


def test_the_take_away_sentence_holds_the_numbers(
    expected: pd.DataFrame, w: Wording, instrument: Instrument
) -> None:
    row = power.weakest(expected)
    said = report.takeaway_sentence(expected, w, n=300, instrument=instrument)
    assert w.count(row["n_precision"]) in said
    found = round(100 * float(power.wald_power(0.20, row["se"])))
    assert f" {found} " in said
    assert "300" in said


def test_too_few_people_are_said(study: power.PowerStudy, w: Wording, instrument: Instrument) -> None:
    lines = report.power_sentences(study, w, instrument=instrument).splitlines()
    assert len(lines) == 3
    assert lines[0] == f"- {w('planning.sentence.none', n=20, items=len(study.population.items))}"


def test_no_number_is_promised_below_the_number_of_questions(
    study: power.PowerStudy, w: Wording, instrument: Instrument
) -> None:
    items = len(study.population.items)
    few = power.expected_rows(study.truth, 5)
    assert few[["power", "se", "width", "smallest"]].isna().all(axis=None)
    assert (few[["n_power", "n_precision"]] >= items + 1).all(axis=None)
    # 6 or 16 people are never enough for a model of more questions
    assert (few["n_power"] == items + 1).any()
    said = report.takeaway_sentence(few, w, n=5, instrument=instrument)
    assert said == f"**{w('planning.sentence.none', n=5, items=items)}**"
    # the formula is a guide from the smallest n that gave estimates on, not from an n that gave none
    table = report.planning_power_table(study, w, expected=few, instrument=instrument)
    shown = table.frame[w("planning.power.needed")]
    assert set(shown[table.raw["n_power"] < 150]) == {"< 150"}
    loadings = power.loading_rows(study.population, [0.95], n=300, outcomes=OUTCOMES, path=0.9)
    assert loadings["n_power"].min() >= items + 1


def test_the_screen_takes_its_sentence_from_an_n_that_can_be_estimated(
    planned: power.StudyPopulation, instrument: Instrument
) -> None:
    found = power.simulate_power(
        planned.require(), power.grid([20, 600]), outcomes=OUTCOMES, replications=4, seed=1
    )
    console = Console(width=200, record=True, file=StringIO())
    console.print(planning_screen(found, wording("en"), planned=planned, instrument=instrument))
    text = console.export_text()
    items = len(planned.require().items)
    assert f"With 20 complete answers this model cannot be estimated: it has {items} questions." in text
    assert "With 600 complete answers a path of .20 is found" in text
    assert "With 20 complete answers a path" not in text


def test_every_panel_shows_its_simulated_points(
    study: power.PowerStudy, expected: pd.DataFrame, w: Wording, instrument: Instrument
) -> None:
    values = {"planning_power": over_n(study, "power"), "planning_precision": over_n(study, "width") / 2}
    for draw in (report.planning_power_figure, report.planning_precision_figure):
        drawing = draw(study, w, expected=expected, n=300, instrument=instrument)
        panels = [ax for ax in drawing.figure.axes if ax.get_visible()]
        assert len(panels) == len(expected)
        for k, ax in enumerate(panels):
            (points,) = [c for c in ax.collections if isinstance(c, PathCollection)]
            shown = np.ma.filled(points.get_offsets(), np.nan)
            # where nothing was estimated, matplotlib masks the point
            assert shown[1:, 0].tolist() == [150, 300]
            assert np.array_equal(shown[:, 1], values[drawing.name].iloc[k].to_numpy(), equal_nan=True)
        assert drawing.alt.count("n = 300") >= len(expected)


def test_titles_of_panels_keep_apart(
    study: power.PowerStudy, expected: pd.DataFrame, w: Wording, instrument: Instrument
) -> None:
    drawing = report.planning_power_figure(study, w, expected=expected, n=300, instrument=instrument)
    figure = drawing.figure
    boxes = [ax._left_title.get_window_extent() for ax in figure.axes if ax.get_visible()]
    overlapping = [(i, j) for i in range(len(boxes)) for j in range(i) if boxes[i].overlaps(boxes[j])]
    assert overlapping == []


def test_a_formula_below_the_number_of_questions_is_said(w: Wording) -> None:
    rows = power.fit_test_rows(1632, 300)
    assert "59" in report.fit_test_sentence(rows, w, items=59)
    many = power.fit_test_rows(20, 300)
    assert "59" not in report.fit_test_sentence(many, w, items=59)
    assert report.planning_fit_table(many, w).raw["needed"].tolist() == many["needed"].tolist()


def test_better_questions_are_said_from_weak_to_strong(
    planned: power.StudyPopulation, w: Wording, instrument: Instrument
) -> None:
    rows = power.loading_rows(planned.require(), [0.6, 0.8], n=300, outcomes=OUTCOMES)
    assert rows["power"].is_monotonic_increasing
    said = report.loading_quality_sentence(rows, w, path=0.20)
    assert said.index(w.coefficient(0.6)) < said.index(w.coefficient(0.8))
    table = report.planning_loadings_table(rows, w, instrument=instrument, path=0.20)
    assert table.raw["n_precision"].tolist() == rows["n_precision"].tolist()


def test_the_screen_shows_blocks_and_refuses_too_many_sizes(
    planned: power.StudyPopulation, instrument: Instrument
) -> None:
    conditions = power.grid([150, 200], organisations=[0, 10], loadings=[None, 0.6])
    found = power.simulate_power(planned.require(), conditions, outcomes=OUTCOMES, replications=4, seed=1)
    console = Console(width=110, record=True, file=StringIO())
    console.print(planning_screen(found, wording("en"), planned=planned, instrument=instrument))
    text = console.export_text()
    assert text.count("How often a path is found") == 4
    assert "Mean loading .60, organisations: 10" in text
    assert text.count("People from few organisations tell less") == 1
    wide = replace(found, paths=pd.concat([found.paths.assign(n=n) for n in range(100, 900, 100)]))
    with pytest.raises(SpecError, match="a table holds 7"):
        planning_screen(wide, wording("en"), planned=planned, instrument=instrument)


def test_nothing_to_plan_with_is_said(w: Wording) -> None:
    nothing = power.StudyPopulation(population=None, reason="unknown", outcomes=OUTCOMES, n=50)
    assert report.population_sentences(nothing, w, replications=10) == w("planning.reason.unknown")
    with pytest.raises(SpecError, match="Nothing to plan with"):
        nothing.require()


def test_robust_errors_are_not_said_to_bring_coverage_up(w: Wording) -> None:
    """From 95 to 92 is no gain: the two numbers stand side by side."""
    row = {"n": 300, "organisations": 30, "effective": 200.0, "effective_mean": 90.0}
    rows = pd.DataFrame([row | {"coverage": 0.95, "coverage_clustered": 0.92}])
    said = report.organisation_sentences(rows, w)
    assert "bring it to" not in said
    assert said.index(" 95 ") < said.index(" 92")


def test_the_planned_studies_name_their_model(planned: power.StudyPopulation) -> None:
    """A study too small for models has none "of this report"."""
    said = report.population_sentences(planned, wording("en"), replications=10)
    assert "fitted with the second-order model" in said

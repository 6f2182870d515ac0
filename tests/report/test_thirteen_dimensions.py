"""A thirteenth dimension in the questionnaire's file: order, models, population, first step, tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from thirteenth import CODE, LABELS, MEAN, SHORT, STEP, add_dimension, draw_answers

from jq_models.data import OpenStudy, open_study
from jq_models.data.population import ADDED_LOADING, DEMO
from jq_models.data.simulate import simulate
from jq_models.evaluate import Attention, attention, construct_summary
from jq_models.evaluate.attention import priorities
from jq_models.evaluate.power import instrument_population
from jq_models.paths import PROJECT_VARIABLE
from jq_models.report.attention_views import attention_views
from jq_models.report.figure import Drawing
from jq_models.report.figures_sample import construct_means_figure
from jq_models.report.sentences_board import priority_list
from jq_models.report.table import Table
from jq_models.report.tables_sample import construct_table
from jq_models.report.wording import Wording, wording
from jq_models.spec import build_model
from jq_models.spec.rivals import build_rival, obstacle

WORDINGS = [wording("en"), wording("nl")]
in_both = pytest.mark.parametrize("w", WORDINGS, ids=["en", "nl"])


@pytest.fixture(scope="module")
def thirteen(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudy]:
    """The demo in a project whose questionnaire has a dimension more, at the end of its file."""
    folder = tmp_path_factory.mktemp("thirteen")
    shutil.copytree(checkout / "data", folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROJECT_VARIABLE, str(folder))
        draw_answers(folder, add_dimension(folder / "data" / "instruments"))
        yield open_study("demo")


@pytest.fixture(scope="module")
def found(thirteen: OpenStudy) -> Attention:
    return attention(thirteen, draws=40, seed=5)


def supported(found: Attention, codes: list[str]) -> Attention:
    """The same study with these dimensions certain to score lowest, and no others."""
    rows = [
        ("lowest", code, 1.0, 0.0, 2.0, place, 1, 3 if code in codes else 13)
        for place, code in enumerate(found.table["dimension"].unique(), start=1)
    ]
    table = pd.DataFrame(rows, columns=found.table.columns)
    return replace(found, table=table, supported=priorities(table))


def test_dimensions_come_before_outcomes_wherever_they_stand_in_the_file(thirteen: OpenStudy) -> None:
    assert thirteen.dimensions[-2:] == ("INF", CODE)
    assert [c.code for c in thirteen.instrument.constructs][-4:] == [CODE, "SAT", "COM", "TIN"]
    assert thirteen.instrument.construct(CODE).step == STEP


def test_every_model_has_it(thirteen: OpenStudy) -> None:
    items = " + ".join(f"{CODE}{k}" for k in (1, 2, 3, 4))
    second, direct = thirteen.model("second_order").text, thirteen.model("direct").text
    for text in (second, direct):
        assert f"{CODE} =~ {items}\n" in text
    assert f"+ INF + {CODE}\n" in second
    assert all(
        line.endswith(f" + {CODE}") for line in direct.splitlines() if line.startswith(("SAT ~", "COM ~"))
    )
    for name in ("dimensions", "three_blocks", "higher_learning", "bifactor"):
        asked = {"instrument": thirteen.instrument, "dimensions": thirteen.dimensions}
        assert not obstacle(name, **asked)
        assert f"{CODE}4" in build_rival(name, **asked).text


def test_its_simulated_answers_have_the_truth_that_was_planted(thirteen: OpenStudy) -> None:
    scores = construct_summary(thirteen.responses)
    assert scores.loc[CODE, "mean"] == pytest.approx(MEAN, abs=0.15)
    assert scores["mean"].drop(["TIN"]).idxmin() == CODE


def test_a_dimension_nobody_planted_anything_for_is_an_ordinary_one(thirteen: OpenStudy) -> None:
    drawn = simulate(thirteen.instrument, seed=4, n=400)
    assert drawn.truth["second_order"][CODE] == ADDED_LOADING
    assert {f"{CODE}{k}" for k in (1, 2, 3, 4)} <= set(drawn.frame.columns)
    correlation = drawn.truth["latent_correlation"][CODE]
    assert correlation["OPP"] == pytest.approx(ADDED_LOADING * DEMO.second_order["OPP"], abs=1e-6)
    planned = instrument_population(thirteen.instrument).require()
    assert CODE in planned.factors
    assert planned.latent[planned.factors.index(CODE)].max() == 1.0


def test_the_documented_population_stays_itself(thirteen: OpenStudy) -> None:
    codes = [c.code for c in thirteen.instrument.dimensions]
    assert DEMO.with_dimensions(code for code in codes if code != CODE) is DEMO
    assert DEMO.with_dimensions([CODE]) is DEMO, "another questionnaire's dimensions are not this one's"
    assert DEMO.with_dimensions(codes).constructs == (*codes, "SAT", "COM", "TIN")


@in_both
def test_tables_and_figures_have_thirteen(thirteen: OpenStudy, found: Attention, w: Wording) -> None:
    summary, instrument = construct_summary(thirteen.responses), thirteen.instrument
    table = construct_table(summary, w, instrument=instrument)
    assert list(table.raw["construct"])[11:14] == ["INF", CODE, "SAT"]
    assert LABELS[w.language] in table.raw.to_csv() + table.html()
    means = construct_means_figure(summary, w, instrument=instrument)
    labels = [text.get_text() for text in means.figure.axes[0].get_yticklabels()]
    assert labels.index(LABELS[w.language]) == 12
    _, ranks, priority = attention_views(found, w, instrument=instrument)
    assert isinstance(ranks, Drawing)
    assert isinstance(priority, Table)
    assert CODE in priority.raw.to_csv()
    shown = [text.get_text() for text in ranks.figure.axes[0].get_yticklabels()]
    assert {LABELS[w.language], SHORT[w.language]} & set(shown)
    np.testing.assert_array_equal(found.of("lowest")["rank"].sort_values(), np.arange(1, 14))


@in_both
def test_the_first_step_of_the_file_is_suggested_and_its_origin_said(
    thirteen: OpenStudy, found: Attention, w: Wording
) -> None:
    summary = construct_summary(thirteen.responses)
    name = LABELS[w.language][0].lower() + LABELS[w.language][1:]

    def listed(codes: list[str]) -> str:
        shown = supported(found, codes)
        return priority_list(shown, w, summary=summary, instrument=thirteen.instrument)

    own, both, published = listed([CODE]), listed([CODE, "LEM"]), listed(["LEM"])
    for text in (own, both):
        assert w("board.step", step=STEP[w.language]) in text
    assert own.endswith(w("board.step_note_own", names=name))
    assert both.endswith(w("board.step_note_both", names=name))
    assert published.endswith(w("board.step_note"))
    assert w("board.ranked_lowest", high=3, count=13) in own


def test_a_model_without_it_is_the_published_one(thirteen: OpenStudy, checkout: Path) -> None:
    twelve = build_model("second_order", instrument=thirteen.instrument, without=(CODE,)).text
    assert (
        twelve
        == (checkout / "data" / "models" / "second_order.txt").read_text(encoding="utf-8").split("\n\n")[-1]
    )

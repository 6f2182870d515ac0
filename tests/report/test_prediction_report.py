"""Priorities and predictions for a reader, from made-up results."""

from __future__ import annotations

from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from jq_models.evaluate.composites.cvpat import cvpat
from jq_models.evaluate.composites.ipma import Ipma
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.report import style
from jq_models.report.figures_prediction import ipma_figure, prediction_figure
from jq_models.report.outlook_views import prediction_views, priority_views
from jq_models.report.sentences_prediction import (
    ipma_sentences,
    ipma_views,
    predicted_views,
    prediction_sentences,
)
from jq_models.report.tables_prediction import cvpat_table, ipma_table, placed, prediction_table
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
# importance and performance; TOO is the one to look at first, INF without importance
POINTS = {
    "OPP": (0.20, 66.0),
    "AMB": (0.12, 70.0),
    "CON": (0.03, 52.0),
    "TOO": (0.18, 50.0),
    "LCU": (0.05, 54.0),
    "INF": (-0.04, 51.0),
}


def made(target: str = "SAT", *, half: float = 0.03, flip: float = 1.0, **changes: object) -> Ipma:
    rows = [("higher", "JQ", "", 0.9, 58.0)]
    rows += [("construct", code, "", *values) for code, values in POINTS.items()]
    rows += [("construct", "COM", "", 0.3, 60.0)] if target == "TIN" else []
    rows += [
        ("item", code, item.code, values[0] / 4, values[1])
        for code, values in POINTS.items()
        for item in CCC.construct(code).items
    ]
    table = pd.DataFrame(rows, columns=["level", "construct", "item", "importance", "performance"])
    table["importance"] *= flip
    for name, width in (("importance", half), ("performance", 2.0)):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - width, table[name] + width
    found = Ipma(
        target=target,
        table=table.assign(weight=0.25),
        performance=67.2,
        negative=(),
        n=497,
        draws=1000,
        failed=0,
        level=0.95,
    )
    return replace(found, **changes)


def shown(found: Ipma, w=EN) -> str:
    return ipma_sentences(found, w, instrument=CCC)


def test_the_fields_are_parted_by_the_averages_of_the_dimensions():
    fields = placed(made(), CCC)["field"]
    assert dict(fields) == {
        "OPP": "keep",
        "AMB": "keep",
        "CON": "later",
        "TOO": "first",
        "LCU": "later",
        "INF": "later",
    }
    found = made()
    table = found.table.copy()
    table.loc[(table["level"] == "construct") & (table["construct"] == "CON"), "performance"] = 72.0
    assert placed(replace(found, table=table), CCC)["field"]["CON"] == "leave"
    assert dict(placed(made("TIN", flip=-1.0), CCC)["field"]) == dict(fields)


def test_a_dimension_without_numbers_cannot_be_judged_and_is_not_drawn():
    found = made()
    table = found.table.copy()
    table.loc[table["construct"] == "AMB", ["importance", "performance"]] = np.nan
    lost = replace(found, table=table)
    assert placed(lost, CCC)["field"]["AMB"] == "unknown"
    assert "Role clarity" not in frames.texts(ipma_figure(lost, EN, instrument=CCC).figure)
    row = (
        ipma_table(lost, EN, instrument=CCC).frame.set_index("Construct").loc["Role clarity (role ambiguity)"]
    )
    assert row["What to do"] == "cannot be judged"


def test_sentences_say_where_to_look_and_what_is_certain():
    text = shown(made())
    assert "Look first at ease of tools: it goes with job satisfaction more strongly" in text
    assert "That is not certain" not in text
    assert (
        "The strongest link is with opportunity and challenge: where it is 10 points higher (of 100) and the "
        "other dimensions are the same, job satisfaction is 2.0 points higher on average "
        "(95% interval [1.7, 2.3])." in text
    )
    assert "differs from zero for 5 of 6 dimensions" in text
    assert "is 67 on the scale" in text
    assert "resamples" not in text


def test_wide_intervals_are_said():
    text = shown(made(half=0.25))
    assert "not certain, because the interval of the importance reaches below average: ease of tools." in text
    assert "differs from zero for none of the dimensions" in text


def test_towards_leaving_the_stronger_link_is_the_more_negative():
    text = shown(made("TIN", flip=-1.0))
    assert "turnover intention is 2.0 points lower on average (95% interval [1.7, 2.3])" in text
    assert "That is not certain" not in text
    drawn = ipma_figure(made("TIN", flip=-1.0), EN, instrument=CCC)
    left, right = drawn.figure.axes[0].get_xlim()
    assert left > right
    assert "Most important for turnover intention is opportunity and challenge (−.20)" in drawn.alt


def test_negative_weights_failures_and_missing_intervals_are_said():
    text = shown(made(negative=("INF", "OPP3"), failed=3))
    assert "A negative weight" in text
    assert "information sharing and OPP3" in text
    assert "3 of 1,000 resamples gave no estimate." in text
    bare = made()
    ends = [c for c in bare.table if c.endswith(("_low", "_high"))]
    bare = replace(bare, table=bare.table.assign(**dict.fromkeys(ends, np.nan)), draws=0)
    text = shown(bare)
    assert "points higher on average." in text
    assert "interval" not in text
    assert ipma_figure(bare, EN, instrument=CCC).figure.axes


def test_the_map_shows_importance_across_and_performance_up_the_new_in_the_accent():
    drawing = ipma_figure(made(), EN, instrument=CCC)
    ax = drawing.figure.axes[0]
    dots = ax.collections[-1]
    np.testing.assert_allclose(dots.get_offsets(), list(POINTS.values()))
    new = [CCC.construct(code).new for code in POINTS]
    colours = [to_hex(c) == style.ACCENT.lower() for c in dots.get_facecolors()]
    assert colours == new
    assert "ease of tools." in drawing.alt
    assert "the lowest score is that of ease of tools (50)" in drawing.alt
    names = {CCC.construct(code).short["en"] for code in POINTS}
    assert names < set(frames.texts(drawing.figure))


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_labels_of_the_map_stay_apart(w):
    figure = ipma_figure(made(), w, instrument=CCC).figure
    labels = [CCC.construct(code).short[w.language] for code in POINTS]
    boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text() in labels]
    assert len(boxes) == len(POINTS)
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])


def test_dutch_figures_hold_no_english():
    prediction = predicted()
    for figure in (
        ipma_figure(made(), NL, instrument=CCC).figure,
        prediction_figure(cvpat(prediction), NL, instrument=CCC).figure,
    ):
        frames.assert_no_english(frames.texts(figure), en=EN, nl=NL, instrument=CCC)


def test_views_show_only_the_questions_of_what_comes_first_and_file_all():
    words, drawing, table, items = ipma_views(made(), EN, instrument=CCC)
    assert words.startswith("- Look first")
    assert drawing.name == "ipma_sat"
    assert list(table.raw["construct"])[:2] == ["JQ", "OPP"]
    assert table.frame.loc[0, "What to do"] == "–"
    assert len(items.frame) == len(CCC.construct("TOO").items)
    assert len(items.raw) == sum(len(CCC.construct(code).items) for code in POINTS)
    assert ipma_views(None, EN, instrument=CCC) == []


def test_without_dimensions_only_the_score_of_the_outcome_is_left():
    found = made()
    words, table = ipma_views(
        replace(found, table=found.table[found.table["level"] == "higher"]), EN, instrument=CCC
    )
    assert words == "- The score of job satisfaction itself is 67 on the scale from 0 to 100."
    assert len(table.frame) == 1


def predicted(*, regression: bool = True, better: float = 0.3, failed: int = 0) -> PlsPrediction:
    rng = np.random.default_rng(1)
    items = [i.code for code in ("SAT", "COM") for i in CCC.construct(code).items]
    squared = rng.chisquare(1, size=(3, 200, len(items)))
    squared[2] = squared[0] + better + rng.normal(size=squared[0].shape)
    squared[1] = squared[0] + better / 3 + 0.1 * rng.normal(size=squared[0].shape)
    if not regression:
        squared[1] = np.nan
    rmse, rmse_lm, base = (np.sqrt(squared[k].mean(axis=0)) for k in (0, 1, 2))
    table = pd.DataFrame(
        {
            "construct": [CCC.item(code).construct for code in items],
            "item": items,
            "rmse": rmse,
            "mae": rmse * 0.8,
            "q2_predict": 1 - rmse**2 / base**2,
            "rmse_lm": rmse_lm,
            "mae_lm": rmse_lm * 0.8,
        }
    )
    return PlsPrediction(
        table=table,
        squared=squared,
        cluster=np.arange(200),
        folds=10,
        repetitions=10,
        seed=1,
        antecedents="earliest",
        corrected=False,
        failed=failed,
    )


def said(prediction: PlsPrediction, w=EN) -> str:
    return prediction_sentences(prediction, cvpat(prediction), w=w, instrument=CCC)


def test_predictions_beside_averages_and_regression_in_words():
    text = said(predicted())
    assert "for every question about the outcomes (8). They take away" in text
    assert "high predictive power (Shmueli et al., 2019)" in text
    assert "beyond chance (p < .001)" in text
    assert "Not clearly better" not in text


def test_predictions_that_are_no_better_say_so():
    text = said(predicted(better=-0.3))
    assert "for none of the 8 questions" in text
    assert "no predictive power of its own" in text
    assert "the model is worse, beyond chance" in text
    assert "Not clearly better than the averages: Job satisfaction and Affective commitment." in text
    mixed = predicted()
    table = mixed.table.assign(
        q2_predict=[0.2, -0.1, *[0.1] * 6], rmse_lm=mixed.table["rmse"] + [1, *[-0.1] * 7]
    )
    text = said(replace(mixed, table=table))
    assert "for 7 of 8 questions about the outcomes; at best they take away 20%" in text
    assert "low predictive power" in text


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_without_regression_or_solutions_the_reason_is_said(w):
    bare = predicted(regression=False, failed=4)
    text = said(bare, w)
    assert w("prediction.power_unknown") in text
    assert w("prediction.failed", failed=4, models=100) in text
    drawing = prediction_figure(cvpat(bare), w, instrument=CCC)
    assert len(drawing.figure.axes) == 1
    none = predicted()
    lost = ["rmse", "mae", "q2_predict", "rmse_lm", "mae_lm"]
    none = replace(
        none,
        squared=np.full_like(none.squared, np.nan),
        table=none.table.assign(**dict.fromkeys(lost, np.nan)),
    )
    (only,) = predicted_views(none, w, instrument=CCC)
    assert w("prediction.impossible") in only


def test_tables_and_figure_of_predictions_agree_with_the_numbers():
    prediction = predicted()
    tested = cvpat(prediction)
    table = prediction_table(prediction, EN, instrument=CCC)
    np.testing.assert_allclose(table.raw["rmse"], prediction.table["rmse"])
    assert "held out 10 times, in 10 parts" in table.note
    rows = cvpat_table(tested, EN, instrument=CCC)
    assert list(rows.raw["verdict"]) == list(tested["verdict"])
    assert rows.frame["Beside"].nunique() == 2
    drawing = prediction_figure(tested, EN, instrument=CCC)
    first, second = drawing.figure.axes
    for ax, benchmark in ((first, "mean"), (second, "lm")):
        own = tested[tested["benchmark"] == benchmark]
        np.testing.assert_allclose(ax.collections[-1].get_offsets()[:, 0], own["difference"])
    assert "beside the averages: Job satisfaction −" in drawing.alt


def test_no_route_no_views():
    assert priority_views(None, EN, opened=None, seed=1) == []
    assert prediction_views(None, EN, opened=None, seed=1) == []

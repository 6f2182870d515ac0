"""Predictions for a reader, from made-up results."""

from __future__ import annotations

from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.composites.cvpat import cvpat
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.report.figures_prediction import prediction_figure
from jq_models.report.outlook_views import prediction_views
from jq_models.report.sentences_prediction import predicted_views, prediction_sentences
from jq_models.report.tables_prediction import cvpat_table, prediction_table
from jq_models.report.wording import wording
from jq_models.spec import load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")


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
    assert (
        "Shmueli et al. (2019) call that high predictive power. That word judges this comparison only" in text
    )
    assert "beyond chance (p < .001)" in text
    assert "Not clearly better" not in text


def test_predictions_that_are_no_better_say_so():
    text = said(predicted(better=-0.3))
    assert "for none of the 8 questions about the outcomes are its predictions nearer" in text
    assert "a lack of predictive power. That word judges this comparison only" in text
    assert "the model is worse, beyond chance" in text
    assert "Not clearly better than the averages: Job satisfaction and Affective commitment." in text
    assert "Not clearly better than regression" not in text  # the sentence before has said it
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
    assert w("prediction.verdict_only") not in text
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
    assert table.note.startswith("10-fold cross-validation, repeated 10 times (n = 200)")
    rows = cvpat_table(tested, EN, instrument=CCC)
    assert list(rows.raw["verdict"]) == list(tested["verdict"])
    assert rows.frame["Beside"].nunique() == 2
    drawing = prediction_figure(tested, EN, instrument=CCC)
    first, second = drawing.figure.axes
    for ax, benchmark in ((first, "mean"), (second, "lm")):
        own = tested[tested["benchmark"] == benchmark]
        np.testing.assert_allclose(ax.collections[-1].get_offsets()[:, 0], own["difference"])
    assert "beside the averages: Job satisfaction −" in drawing.alt


def test_dutch_figure_holds_no_english():
    figure = prediction_figure(cvpat(predicted()), NL, instrument=CCC).figure
    frames.assert_no_english(frames.texts(figure), en=EN, nl=NL, instrument=CCC)


def test_no_route_no_predictions():
    assert prediction_views(None, EN, opened=None, seed=1) == []

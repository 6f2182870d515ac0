"""What goes with an outcome most, and how well the model predicts people it has not seen, in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.composites.cvpat import BENCHMARKS, OVERALL, cvpat
from jq_models.evaluate.composites.ipma import Ipma
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.report.figure import Drawing
from jq_models.report.figures_prediction import ipma_figure, prediction_figure
from jq_models.report.names import name_of
from jq_models.report.sentences_map import ipma_sentences
from jq_models.report.table import Table
from jq_models.report.tables_prediction import (
    cvpat_table,
    ipma_item_table,
    ipma_table,
    placed,
    prediction_table,
)
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def ipma_views(
    found: Ipma | None,
    w: Wording,
    *,
    instrument: Instrument,
    truth: Ipma | None = None,
    front: list[str] | None = None,
) -> list[Table | Drawing | str]:
    """Return what a reader sees of a map: sentences, figure, table, the questions it points to.

    Parameters
    ----------
    found : Ipma or None
        As ``evaluate.study_ipma`` returns it; None shows nothing.
    truth : Ipma, optional
        Of the population that simulated answers were drawn from.
    front : list of str, optional
        The dimensions that the report's first figure points to, if it has that figure.
    """
    if found is None:
        return []
    rows = placed(found, instrument)
    drawn = int((rows["field"] != "unknown").sum()) > 1
    first = [str(code) for code in rows.index[rows["leaning"] == "first"]]
    views: list[Table | Drawing | str] = [
        ipma_sentences(found, w, instrument=instrument, truth=truth, front=front)
    ]
    if drawn:
        views.append(ipma_figure(found, w, instrument=instrument))
    if len(rows):
        views.append(ipma_table(found, w, instrument=instrument, truth=truth))
    if drawn and first:
        views.append(ipma_item_table(found, w, instrument=instrument, show=first))
    return views


def predicted_views(
    prediction: PlsPrediction | None, w: Wording, *, instrument: Instrument
) -> list[Table | Drawing | str]:
    """Return what a reader sees of predictions: sentences, figure, tables.

    Parameters
    ----------
    prediction : PlsPrediction or None
        As ``evaluate.study_prediction`` returns it; None shows nothing.
    """
    if prediction is None:
        return []
    tested = cvpat(prediction)
    words = prediction_sentences(prediction, tested, w=w, instrument=instrument)
    if tested["difference"].isna().all():
        return [words]
    return [
        words,
        prediction_figure(tested, w, instrument=instrument),
        prediction_table(prediction, w, instrument=instrument),
        cvpat_table(tested, w, instrument=instrument),
    ]


def prediction_sentences(
    prediction: PlsPrediction, tested: pd.DataFrame, *, w: Wording, instrument: Instrument
) -> str:
    """Say whether the model predicts people held out better than plain ways do."""
    entries = [
        *_beside_average(prediction, w),
        *_beside_regression(prediction, tested, w=w),
        *_tests(tested, w, instrument=instrument),
        w("prediction.use"),
    ]
    if prediction.failed:
        total = prediction.folds * prediction.repetitions
        entries.insert(0, w("prediction.failed", failed=prediction.failed, models=total))
    return "\n".join(f"- {entry}" for entry in entries)


def _beside_average(prediction: PlsPrediction, w: Wording) -> Iterable[str]:
    q2 = prediction.table["q2_predict"].dropna()
    if q2.empty:
        yield w("prediction.impossible")
        return
    nearer, items = int((q2 > 0.0).sum()), len(q2)
    if nearer == items:
        yield w("prediction.q2_all", items=items, low=w.percent(q2.min()), high=w.percent(q2.max()))
    elif nearer:
        yield w("prediction.q2_some", items=items, nearer=nearer, high=w.percent(q2.max()))
    else:
        yield w("prediction.q2_none", items=items)


def _beside_regression(prediction: PlsPrediction, tested: pd.DataFrame, *, w: Wording) -> Iterable[str]:
    power = prediction.power()
    overall = tested[(tested["benchmark"] == "lm") & (tested["construct"] == OVERALL)].iloc[0]
    said = w(f"prediction.power_{power}")
    yield said if power == "unknown" else f"{said} {w('prediction.verdict_only')}"
    if power != "unknown" and overall["verdict"] != "unknown":
        yield w(f"prediction.lm_{overall['verdict']}", p=w.p_equals(overall["pvalue"]))


def _tests(tested: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    """Name the outcomes for which the test does not favour the model."""
    for benchmark in BENCHMARKS:
        rows = tested[(tested["benchmark"] == benchmark) & (tested["construct"] != OVERALL)]
        short = rows[rows["verdict"].isin(["undecided", "worse"])]
        names = [name_of(str(code), instrument=instrument, w=w) for code in short["construct"]]
        # of all outcomes together the sentence on regression has said it already
        said = benchmark == "lm" and len(names) == len(rows)
        if names and not said:
            beside = w(f"prediction.benchmark_{benchmark}")
            yield w("prediction.not_better", beside=beside, listed=w.join(names))

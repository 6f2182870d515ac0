"""What goes with an outcome most, and how well the model predicts people it has not seen, in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.composites.cvpat import BENCHMARKS, OVERALL, cvpat
from jq_models.evaluate.composites.ipma import Ipma
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.report.figure import Drawing
from jq_models.report.figures_prediction import ipma_figure, prediction_figure
from jq_models.report.names import inline, name_of
from jq_models.report.table import Table
from jq_models.report.tables_prediction import (
    cvpat_table,
    ipma_item_table,
    ipma_table,
    placed,
    prediction_table,
    turn,
)
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

STEP = 10  # points of 100 that a sentence speaks of


def ipma_views(found: Ipma | None, w: Wording, *, instrument: Instrument) -> list[Table | Drawing | str]:
    """Return what a reader sees of a map: sentences, figure, table, the questions of what comes first.

    Parameters
    ----------
    found : Ipma or None
        As ``evaluate.study_ipma`` returns it; None shows nothing.
    """
    if found is None:
        return []
    rows = placed(found, instrument)
    drawn = int((rows["field"] != "unknown").sum()) > 1
    first = [str(code) for code in rows.index[rows["field"] == "first"]]
    views: list[Table | Drawing | str] = [ipma_sentences(found, w, instrument=instrument)]
    if drawn:
        views.append(ipma_figure(found, w, instrument=instrument))
    views.append(ipma_table(found, w, instrument=instrument))
    if drawn and first:
        views.append(ipma_item_table(found, w, instrument=instrument, show=first))
    return views


def ipma_sentences(found: Ipma, w: Wording, *, instrument: Instrument) -> str:
    """Say where to look first, how strong the strongest link is, and what is not certain."""
    rows = placed(found, instrument)
    known = rows[rows["field"] != "unknown"]
    target = inline(found.target, instrument=instrument, w=w)
    entries = []
    if len(known) > 1:
        entries += [
            *_first(known, target=target, w=w, instrument=instrument),
            *_strongest(known, target=target, w=w, instrument=instrument),
            *_unclear(known, target=target, w=w, instrument=instrument),
        ]
    entries.append(w("ipma.stands", target=target, performance=w.number(found.performance, 0)))
    if found.negative:
        names = [_part(code, w, instrument=instrument) for code in found.negative]
        entries.append(w("ipma.negative", listed=w.join(names)))
    if found.failed:
        entries.append(w("ipma.failed", failed=found.failed, draws=found.draws))
    return "\n".join(f"- {entry}" for entry in entries)


def _first(rows: pd.DataFrame, *, target: str, w: Wording, instrument: Instrument) -> Iterable[str]:
    chosen = rows[rows["field"] == "first"]
    names = _names(chosen, w, instrument=instrument)
    if not names:
        yield w("ipma.first_none", target=target)
        return
    yield w("ipma.first_one" if len(names) == 1 else "ipma.first", listed=w.join(names), target=target)
    # the end of the interval that lies towards less importance
    least = (chosen["importance_low"] if turn(rows) > 0.0 else -chosen["importance_high"]).to_numpy(float)
    unsure = _names(chosen[least < turn(rows) * rows["importance"].mean()], w, instrument=instrument)
    if unsure:
        yield w("ipma.unsure", listed=w.join(unsure))


def _strongest(rows: pd.DataFrame, *, target: str, w: Wording, instrument: Instrument) -> Iterable[str]:
    strength = rows["importance"] * turn(rows)
    top = str(strength.idxmax())
    row = rows.loc[top]
    if strength.max() <= 0.0:
        return
    ends = row[["importance_low", "importance_high"]].to_numpy(dtype=float) * STEP * turn(rows)
    text = w.interval(float(ends.min()), float(ends.max()), 1)
    yield w(
        "ipma.strongest_less" if turn(rows) < 0.0 else "ipma.strongest_more",
        name=inline(top, instrument=instrument, w=w),
        step=STEP,
        target=target,
        points=w.number(STEP * float(strength.max()), 1),
        interval="" if pd.isna(ends).any() else f" ({w('ipma.interval', interval=text)})",
    )


def _unclear(rows: pd.DataFrame, *, target: str, w: Wording, instrument: Instrument) -> Iterable[str]:
    if rows["importance_low"].isna().all():
        return
    holds = (rows["importance_low"] <= 0.0) & (rows["importance_high"] >= 0.0)
    clear = _names(rows[~holds], w, instrument=instrument)
    if not clear:
        yield w("ipma.clear_none", target=target)
    else:
        yield w("ipma.clear", listed=w.join(clear), target=target, count=len(clear), all=len(rows))


def _names(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[str]:
    return [inline(str(code), instrument=instrument, w=w) for code in rows.index]


def _part(code: str, w: Wording, *, instrument: Instrument) -> str:
    """Return the name of a member, or the code of an item."""
    return inline(code, instrument=instrument, w=w)


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
    yield w(f"prediction.power_{power}")
    if power != "unknown" and overall["verdict"] != "unknown":
        yield w(f"prediction.lm_{overall['verdict']}", p=w.p_equals(overall["pvalue"]))


def _tests(tested: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Iterable[str]:
    """Name the outcomes for which the test does not favour the model."""
    for benchmark in BENCHMARKS:
        rows = tested[(tested["benchmark"] == benchmark) & (tested["construct"] != OVERALL)]
        short = rows[rows["verdict"].isin(["undecided", "worse"])]
        names = [name_of(str(code), instrument=instrument, w=w) for code in short["construct"]]
        if names:
            beside = w(f"prediction.benchmark_{benchmark}")
            yield w("prediction.not_better", beside=beside, listed=w.join(names))

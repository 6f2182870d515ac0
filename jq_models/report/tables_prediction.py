"""Tables on importance and performance, and on predictions for people held out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.evaluate.composites.cvpat import OVERALL
from jq_models.evaluate.composites.ipma import MEASURES, Ipma
from jq_models.evaluate.composites.predict import PlsPrediction
from jq_models.report.columns import Column, constructs, estimates, measured, numbers, verdicts, words
from jq_models.report.names import construct_of, inline, name_of, question, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

# of a dimension, by importance and performance beside their averages
FIELDS = ("first", "keep", "later", "leave", "undecided", "unknown")


def placed(found: Ipma, instrument: Instrument) -> pd.DataFrame:
    """Return the dimensions of a map with the field each lies in, indexed by construct.

    The averages of the dimensions part the fields. Where importances are negative on average, as for
    turnover intention, the more negative is the more important.

    Returns
    -------
    DataFrame
        The rows of the map, and ``leaning`` (where the estimates lie) and ``field``: the same where both
        intervals clear the averages, else ``"undecided"``. Both ``"unknown"`` without estimates.

    Notes
    -----
    Estimates alone point somewhere by chance: in 150 samples of 497 people from the demo's population, where
    no dimension is important and scores low, they named one in 95 %; fields held to intervals in 5 %.
    """
    rows = found.at("construct")
    asked = [construct_of(str(code), instrument) for code in rows["construct"]]
    keep = np.array([c is not None and c.role == "dimension" for c in asked], dtype=bool)
    rows = rows[keep].set_index("construct")
    importance, performance = rows["importance"] * turn(rows), rows["performance"]
    weighty, low = importance > importance.mean(), performance < performance.mean()
    leaning = pd.Series("leave", index=rows.index)
    leaning[weighty & low], leaning[weighty & ~low], leaning[~weighty & low] = "first", "keep", "later"
    known = importance.notna() & performance.notna()
    clears = _clears(rows, "importance") & _clears(rows, "performance")
    leaning[~known] = "unknown"
    return rows.assign(leaning=leaning, field=leaning.where(clears | ~known, "undecided"))


def _clears(rows: pd.DataFrame, name: str) -> pd.Series:
    """Say whose interval leaves out the average; without an interval nothing is decided."""
    average = rows[name].mean()
    clear: pd.Series = (rows[f"{name}_low"] > average) | (rows[f"{name}_high"] < average)
    return clear


def turn(rows: pd.DataFrame) -> float:
    """Return -1 where importances are negative on average, else 1."""
    return -1.0 if rows["importance"].mean() < 0.0 else 1.0


def ipma_table(found: Ipma, w: Wording, *, instrument: Instrument, truth: Ipma | None = None) -> Table:
    """Show importance and performance of the dimensions, and of other constructs on the way.

    Parameters
    ----------
    truth : Ipma, optional
        Of the population that simulated answers were drawn from: its importances get a column.
    """
    # not a whole such as job quality: nothing stays the same while it changes
    rows = found.at("construct")
    codes = list(placed(found, instrument)["field"].reindex(rows["construct"]).fillna(""))
    target = inline(found.target, instrument=instrument, w=w)
    note = w("ipma.note", target=target, level=w.percent(found.level), dash=DASH)
    known = []
    if truth is not None:
        true = truth.at("construct").set_index("construct")["importance"].reindex(rows["construct"])
        known = [numbers("true", heading=w("ipma.true"), values=true, w=w, kind="coefficient")]
        note += " " + w("ipma.note_true")
    return build(
        f"ipma_{found.target.lower()}",
        title=w("ipma.title", target=target),
        note=note,
        columns=[
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(str(code), instrument=instrument, w=w) for code in rows["construct"]],
                values=rows["construct"],
            ),
            *_measures(rows, w),
            *known,
            words(
                "field",
                heading=w("ipma.field_heading"),
                shown=[w(f"ipma.field_{code}") if code else DASH for code in codes],
                values=codes,
            ),
        ],
    )


def ipma_item_table(found: Ipma, w: Wording, *, instrument: Instrument, show: list[str]) -> Table:
    """Show the questions of some constructs by importance and performance; the files hold all."""
    rows = found.at("item")
    return build(
        f"ipma_{found.target.lower()}_items",
        title=w("ipma.items_title", target=inline(found.target, instrument=instrument, w=w)),
        note=w("ipma.items_note", level=w.percent(found.level)),
        grouped=True,
        rows=list(rows["construct"].isin(show)),
        columns=[
            constructs(rows["construct"], instrument=instrument, w=w),
            words(
                "item",
                heading=w("col.text"),
                shown=[question(str(code), instrument=instrument, w=w) for code in rows["item"]],
                values=rows["item"],
            ),
            *measured(rows, "weight ipma.share percent 0", w=w),
            *_measures(rows, w, digits=(3, 1)),
        ],
    )


def _measures(rows: pd.DataFrame, w: Wording, *, digits: tuple[int, int] = (2, 1)) -> list[Column]:
    columns = []
    for name, places in zip(MEASURES, digits, strict=True):
        ends = (name, f"{name}_low", f"{name}_high")
        frame = rows[list(ends)].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
        column = estimates(ends, heading=w(f"ipma.{name}"), frame=frame, w=w, digits=places)
        cells = zip(column.shown, *(rows[end] for end in ends), strict=True)
        columns.append(column.showing(_telling(*cell, w=w, digits=places) for cell in cells))
    return columns


def _telling(shown: str, value: float, low: float, high: float, *, w: Wording, digits: int) -> str:
    """Return a cell anew with finer bounds where one rounds to zero: its side of zero must be seen."""
    if not low < high or 0.0 not in (round(low, digits), round(high, digits)):
        return shown
    return f"{w.coefficient(value, digits)} {w.coefficient_interval(low, high, digits + 1)}"


def prediction_table(prediction: PlsPrediction, w: Wording, *, instrument: Instrument) -> Table:
    """Show the prediction errors of every question, beside those of the average and of regression."""
    rows = prediction.table
    return build(
        "prediction",
        title=w("prediction.title"),
        note=w(
            f"prediction.note_{prediction.antecedents}",
            folds=prediction.folds,
            repetitions=prediction.repetitions,
            n=prediction.n,
        )
        + " "
        + w("prediction.note", dash=DASH),
        grouped=True,
        columns=[
            constructs(rows["construct"], instrument=instrument, w=w),
            words(
                "item",
                heading=w("col.text"),
                shown=[question(str(code), instrument=instrument, w=w) for code in rows["item"]],
                values=rows["item"],
            ),
            *measured(
                rows,
                "q2_predict prediction.q2 coefficient",
                "rmse prediction.rmse coefficient",
                "rmse_lm prediction.rmse_lm coefficient",
                "mae prediction.mae coefficient",
                "mae_lm prediction.mae_lm coefficient",
                w=w,
            ),
        ],
    )


def cvpat_table(tested: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the test of predictive ability.

    Parameters
    ----------
    tested : DataFrame
        As ``cvpat`` returns it.
    """
    rows = tested.rename(columns={"difference": "estimate"})
    return build(
        "cvpat",
        title=w("prediction.test_title"),
        note=w("prediction.test_note"),
        grouped=True,
        columns=[
            words(
                "benchmark",
                heading=w("prediction.benchmark"),
                shown=[w(f"prediction.benchmark_{code}") for code in rows["benchmark"]],
                values=rows["benchmark"],
            ),
            words(
                "construct",
                heading=w("col.construct"),
                shown=[tested_name(str(code), w, instrument=instrument) for code in rows["construct"]],
                values=rows["construct"],
            ),
            *measured(
                rows,
                "loss prediction.loss coefficient",
                "loss_benchmark prediction.loss_benchmark coefficient",
                w=w,
            ),
            estimates(
                ("difference", "ci_low", "ci_high"), heading=w("prediction.difference"), frame=rows, w=w
            ),
            numbers("pvalue", heading=w("col.p"), values=rows["pvalue"], w=w, kind="p_value"),
            verdicts(
                "verdict",
                heading=w("col.verdict"),
                codes=rows["verdict"],
                prefix="prediction.verdict",
                w=w,
            ),
        ],
    )


def tested_name(code: str, w: Wording, *, instrument: Instrument) -> str:
    """Return the name of an outcome, or what all of them together are called."""
    return w("prediction.all") if code == OVERALL else name_of(code, instrument=instrument, w=w)

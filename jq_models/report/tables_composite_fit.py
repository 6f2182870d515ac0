"""How far a PLS model lies from the answers, as a table: one row a distance, with and without the arrows."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.judge import FIT_RULES
from jq_models.report.columns import measured, verdicts, words
from jq_models.report.table import Table, build
from jq_models.report.wording import Wording

VERDICTS = ("kept", "rejected", "untested")
SRMR_LINE = next(rule.good for rule in FIT_RULES if rule.index == "srmr")
# share of impossible solutions among the samples from which on the note speaks of them
IMPOSSIBLE = 0.05


def fit_verdicts(rows: pd.DataFrame) -> list[str]:
    """Return a code of `VERDICTS` for each row of ``composite_fit``."""
    values, lines = rows["value"].to_numpy(dtype=float), rows["hi95"].to_numpy(dtype=float)
    return [
        "untested" if line != line or value != value else "rejected" if value > line else "kept"
        for value, line in zip(values, lines, strict=True)
    ]


def composite_fit_table(rows: pd.DataFrame, w: Wording, *, model: str, name: str = "composite_fit") -> Table:
    """Show the distances of both models and what samples of a true model reach.

    Parameters
    ----------
    rows : DataFrame
        As ``composite_fit`` returns it.
    model : str
        What the model is called.
    name : str
        Of the files.
    """
    groups = [str(m) for m in rows["model"]]
    columns = [
        words(
            "model",
            heading=w("composite_fit.model"),
            shown=[w(f"composite_fit.{m}") for m in groups],
            values=groups,
        ),
        words(
            "index",
            heading=w("fit.index"),
            shown=[w(f"composite_fit.{i}") for i in rows["index"]],
            values=list(rows["index"]),
        ),
        *measured(rows, "value composite_fit.value coefficient 3", w=w),
    ]
    if rows["draws"].max() > 0:
        columns += measured(
            rows,
            "hi95 composite_fit.hi95 coefficient 3",
            "hi99 composite_fit.hi99 coefficient 3",
            "pvalue composite_fit.pvalue p_value",
            w=w,
        )
        columns.append(
            verdicts(
                "verdict",
                heading=w("col.verdict"),
                codes=fit_verdicts(rows),
                prefix="composite_fit.verdict",
                w=w,
            )
        )
    return build(
        name,
        title=w("composite_fit.title", model=model),
        note=_note(rows, w),
        columns=columns,
        grouped=True,
    )


def _note(rows: pd.DataFrame, w: Wording) -> str:
    line = w.coefficient(SRMR_LINE.value)
    parts = [w("composite_fit.note", line=line, source=w(f"source.{SRMR_LINE.source}"))]
    tested = rows[rows["reason"] == ""]
    draws = int(rows["draws"].max())
    if draws and len(tested):
        parts.append(w("composite_fit.note_test", draws=draws))
        failed, impossible = int(tested["failed"].max()), float(tested["inadmissible"].max())
        if failed:
            parts.append(w("composite_fit.note_failed", failed=failed))
        lacking = dict.fromkeys(rows.loc[rows["reason"] == "too_few_draws", "index"])
        if lacking:
            listed = w.join(w(f"composite_fit.{index}") for index in lacking)
            parts.append(w("composite_fit.note_lacking", listed=listed))
        if impossible >= IMPOSSIBLE:
            parts.append(w("composite_fit.note_impossible", share=w.percent(impossible)))
    return " ".join(parts)

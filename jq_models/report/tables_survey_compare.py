"""Tables of an employee survey: comparisons with the norm, the wave before and between groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.evaluate.survey import NormComparison, Trend
from jq_models.report.columns import Column, constructs, excel_format, measured, words
from jq_models.report.names import score_digits
from jq_models.report.sentences_survey import basis_words
from jq_models.report.table import Table, build
from jq_models.report.tables_invariance import as_shown, file_name
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument


def norm_table(found: NormComparison, w: Wording, *, instrument: Instrument) -> Table:
    """Show every compared score beside its norm."""
    rows, digits = found.compared, score_digits(instrument)
    return build(
        "norm",
        title=w("norm.title"),
        note=w("norm.note", basis=basis_words(rows, w), star=w("constructs.star")),
        columns=[
            constructs(rows.index, instrument=instrument, w=w, star=True),
            *measured(
                rows,
                "n col.n count",
                f"mean norm.own number {digits}",
                f"norm_mean norm.mean number {digits}",
                "norm_n norm.norm_n count",
                w=w,
            ),
            _difference(rows, heading=w("norm.difference"), w=w, digits=digits),
            *measured(rows, "effect norm.effect number", "p_holm norm.holm p_value", w=w),
        ],
    )


def trend_table(found: Trend, w: Wording, *, instrument: Instrument) -> Table:
    """Show every compared score beside the wave before, and the latent change where it can be computed."""
    rows, digits = found.compared, score_digits(instrument)
    basis = w("trend.note_clustered") if rows["clusters"].notna().any() else w("trend.note_independent")
    latent = latent_changes(found).reindex(rows.index)
    columns = [
        constructs(rows.index, instrument=instrument, w=w, star=True),
        *measured(
            rows,
            "n_before trend.n_before count",
            "n col.n count",
            f"mean_before trend.before number {digits}",
            f"mean trend.now number {digits}",
            w=w,
        ),
        _difference(rows, heading=w("trend.difference"), w=w, digits=digits),
        *measured(rows, "effect norm.effect number", "p_holm trend.holm p_value", w=w),
    ]
    if latent["estimate"].notna().any():
        column = _difference(latent.add_prefix("latent_"), heading=w("trend.latent"), w=w, prefix="latent_")
        columns.append(column)
    return build(
        "trend",
        title=w("trend.title"),
        note=w("trend.note", basis=basis, star=w("constructs.star"), dash=DASH),
        columns=columns,
    )


def latent_changes(found: Trend) -> pd.DataFrame:
    """Return the latent changes as columns estimate, ci_low, ci_high, by construct; empty without any."""
    names = ["estimate", "ci_low", "ci_high"]
    if found.invariance is None or not found.invariance.compares_means:
        return pd.DataFrame(columns=names, dtype=float)
    means = found.invariance.means.rename(columns={"effect": "estimate"})
    return means.set_index("factor")[names].astype(float)


def segment_table(
    rows: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument, minimum: int
) -> Table:
    """Show how every group differs from the rest, a block a group; masked rows are left out."""
    count = int(rows["p_value"].notna().sum())
    rows, digits = rows[rows["difference"].notna()], score_digits(instrument)
    return build(
        file_name("segments", group.name),
        title=w("segments.title", label=w.of(group.label)),
        note=w(
            "segments.note",
            count=count,
            basis=basis_words(rows, w),
            minimum=minimum,
            star=w("constructs.star"),
        ),
        grouped=True,
        # rounded in files as well: exact means and their numbers give sums of answers away
        columns=as_shown(
            [
                words("group", heading=w("segments.group"), shown=rows["group"]),
                constructs(rows["construct"], instrument=instrument, w=w, star=True),
                *measured(
                    rows,
                    "n col.n count",
                    f"mean col.mean number {digits}",
                    f"rest_mean segments.rest number {digits}",
                    w=w,
                ),
                _difference(rows, heading=w("segments.interval"), w=w, digits=digits),
                *measured(rows, "effect norm.effect number", "p_holm segments.holm p_value", w=w),
            ]
        ),
    )


def _difference(rows: pd.DataFrame, *, heading: str, w: Wording, digits: int = 2, prefix: str = "") -> Column:
    """Return a column ``difference [interval]``; files get the three numbers."""
    names = tuple(f"{prefix}{name}" for name in ("estimate" if prefix else "difference", "ci_low", "ci_high"))
    values = [tuple(map(float, rows[name])) for name in names]
    shown = [
        f"{w.number(d, digits)} {w.interval(low, high, digits)}" if not np.isnan(d) else DASH
        for d, low, high in zip(*values, strict=True)
    ]
    return Column(
        heading=heading,
        shown=tuple(shown),
        raw=dict(zip(names, values, strict=True)),
        headings=(heading, w("table.lower", heading=heading), w("table.upper", heading=heading)),
        formats=(excel_format("number", digits, w),) * 3,
        align="right",
    )

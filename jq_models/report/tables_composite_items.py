"""Tables on the items of a PLS fit: loadings, weights, and what comes nearest to another construct."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jq_models.report.columns import measured, words
from jq_models.report.names import construct_of, name_of, question, starred
from jq_models.report.table import Table, build
from jq_models.report.tables_composites import quality_column
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

SHOWN = 10  # items nearest to another construct


def item_weight_table(
    loadings: pd.DataFrame, w: Wording, *, vif: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show loading, weight and overlap of every item; arguments as for `weight_table`.

    Parameters
    ----------
    loadings : DataFrame
        As for `weight_table`.
    vif : DataFrame
        As ``pls_item_vif`` returns it.
    """
    items = {item.code for item in instrument.items}
    rows = loadings[loadings["item"].isin(items)].merge(vif, on=["construct", "item"], how="left")
    return build(
        "pls_loadings",
        title=w("composites.loadings_title"),
        note=w("composites.loadings_note", mark=w("items.reversed")),
        grouped=True,
        columns=[
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(code, instrument=instrument, w=w) for code in rows["construct"]],
                values=rows["construct"],
            ),
            words("item", heading=w("col.item"), shown=rows["item"]),
            words(
                "text",
                heading=w("col.text"),
                shown=[question(code, instrument=instrument, w=w) for code in rows["item"]],
            ),
            quality_column(rows, "loading", w),
            quality_column(rows, "weight", w),
            *measured(rows, "vif composites.vif number", w=w),
        ],
    )


def example_table(rows: pd.DataFrame, w: Wording, *, instrument: Instrument, construct: str) -> Table:
    """Show the weights of one construct's items; `rows` as ``pls_loadings`` returns them."""
    return build(
        "pls_example",
        title=w("composites.example_title", construct=construct),
        columns=[
            words("item", heading=w("col.item"), shown=rows["item"]),
            words(
                "text",
                heading=w("col.text"),
                shown=[question(code, instrument=instrument, w=w) for code in rows["item"]],
            ),
            *measured(
                rows, "weight composites.weight coefficient", "loading composites.loading coefficient", w=w
            ),
        ],
    )


def pls_cross_table(cross: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the items that come nearest to another construct than their own.

    Parameters
    ----------
    cross : DataFrame
        As ``pls_cross_loadings`` returns it. The files hold every item.
    """
    rows = cross_margins(cross, instrument=instrument)
    names = {
        key: [name_of(code, instrument=instrument, w=w) for code in rows[key]]
        for key in ("construct", "other")
    }
    return build(
        "pls_cross_loadings",
        title=w("composites.cross_title"),
        note=w("composites.cross_note", n=len(rows), shown=min(SHOWN, len(rows))),
        rows=list(np.arange(len(rows)) < SHOWN),
        columns=[
            words("item", heading=w("col.item"), shown=rows["item"]),
            words(
                "text",
                heading=w("col.text"),
                shown=[question(code, instrument=instrument, w=w) for code in rows["item"]],
            ),
            words(
                "construct", heading=w("composites.own"), shown=names["construct"], values=rows["construct"]
            ),
            *measured(rows, "loading composites.loading coefficient", w=w),
            words("other", heading=w("composites.other"), shown=names["other"], values=rows["other"]),
            *measured(rows, "cross composites.cross coefficient", w=w),
        ],
    )


def cross_margins(cross: pd.DataFrame, *, instrument: Instrument) -> pd.DataFrame:
    """Return item, construct, loading, other, cross, margin, the smallest margin first, by strength."""
    owner = {item.code: item.construct for item in instrument.items}
    rows = []
    for item in cross.index:
        own = owner.get(str(item), "")
        if own not in cross.columns or construct_of(own, instrument) is None:
            continue
        others = cross.loc[item].drop(own)
        if others.empty:
            continue
        other = str(others.abs().idxmax())
        loading, value = float(cross.loc[item, own]), float(others[other])
        rows.append((str(item), own, loading, other, value, abs(loading) - abs(value)))
    frame = pd.DataFrame(rows, columns=["item", "construct", "loading", "other", "cross", "margin"])
    return frame.sort_values("margin", kind="stable", ignore_index=True)

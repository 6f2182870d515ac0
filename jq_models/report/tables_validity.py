"""Tables on scales and on what keeps them apart: alpha, omega hierarchical, overlap, cross-loadings."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from jq_models.evaluate.cross_loadings import SHOWN
from jq_models.evaluate.judge import HTMT_LIBERAL, HTMT_STRICT, RELIABILITY_LINE
from jq_models.evaluate.omega_hierarchical import SUBSCALE, Hierarchy
from jq_models.report.columns import BOUNDS, Column, estimates, measured, verdicts, words
from jq_models.report.names import model_name, name_of, question, starred
from jq_models.report.table import Table, build
from jq_models.report.tables_measurement import NEAR, WATCHED, htmt_level
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

EVERY = "every"  # the row of the sum of all items


def alpha_table(alphas: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show alpha of every scale; no model is behind it.

    Parameters
    ----------
    alphas : DataFrame
        As ``alphas`` returns it.
    """
    line = RELIABILITY_LINE.value
    reached = [
        "unknown" if math.isnan(value) else "meets" if value >= line else "misses"
        for value in alphas["alpha"].astype(float)
    ]
    return build(
        "alphas",
        title=w("measured.alpha_title"),
        note=w(
            "measured.alpha_note",
            line=w.coefficient(line),
            source=w(f"source.{RELIABILITY_LINE.source}"),
            dash=DASH,
        ),
        columns=[
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(str(code), instrument=instrument, w=w) for code in alphas.index],
                values=alphas.index,
            ),
            *measured(alphas, "n_items reliability.items count", "n col.n count", w=w),
            _estimate(alphas, "alpha", heading=w("reliability.alpha"), w=w),
            verdicts("verdict", heading=w("col.verdict"), codes=reached, prefix="verdict", w=w),
        ],
    )


def omega_table(found: Mapping[str, Hierarchy], w: Wording, *, instrument: Instrument) -> Table:
    """Show how much of each score is reliable, how much of that job quality explains, and what is left.

    Parameters
    ----------
    found : mapping of str to Hierarchy
        By model. A reader sees all scores of the first and the sum of all items of the others.
    """
    frames = [_omega_rows(name, one) for name, one in found.items()]
    rows = pd.concat(frames, ignore_index=True)
    first = next(iter(found))
    names = [
        w("measured.every") if code == EVERY else starred(code, instrument=instrument, w=w)
        for code in rows["score"]
    ]
    return build(
        "omega_hierarchical",
        title=w("measured.omega_title"),
        note=" ".join([w("measured.omega_note"), *([w("measured.omega_other")] if len(found) > 1 else [])]),
        grouped=True,
        rows=[
            model == first or score == EVERY
            for model, score in zip(rows["model"], rows["score"], strict=True)
        ],
        columns=[
            words(
                "model",
                heading=w("status.model"),
                shown=[_model(name, w) for name in rows["model"]],
                values=rows["model"],
            ),
            words("score", heading=w("measured.score"), shown=names, values=rows["score"]),
            *(_estimate(rows, key, heading=w(f"measured.{key}"), w=w) for key in SUBSCALE),
        ],
    )


def overlap_table(pairs: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show HTMT and HTMT2 with intervals for the pairs near the line or above it, and always ENJ with SAT.

    Parameters
    ----------
    pairs : DataFrame
        As ``htmt_intervals`` returns it. The files hold every pair.
    """
    pairs = pairs.sort_values("htmt", ascending=False, kind="stable", ignore_index=True)
    watched = [set(WATCHED) == {a, b} for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    level = ["unknown" if math.isnan(v) else htmt_level(v) for v in pairs["htmt"].astype(float)]
    near = HTMT_STRICT.value - NEAR
    names = [
        w("htmt.names", a=name_of(a, instrument=instrument, w=w), b=name_of(b, instrument=instrument, w=w))
        for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    return build(
        "overlap",
        title=w("measured.overlap_title"),
        note=w(
            "measured.overlap_note",
            near=w.coefficient(near),
            n=len(pairs),
            draws=int(pairs["draws"].max()) if len(pairs) else 0,
            line=w.coefficient(HTMT_STRICT.value),
            loose=w.coefficient(HTMT_LIBERAL.value),
            source=w(f"source.{HTMT_STRICT.source}"),
        ),
        rows=[bool(v >= near or always) for v, always in zip(pairs["htmt"], watched, strict=True)],
        columns=[
            words("pair", heading=w("htmt.pair"), shown=names, values=pairs["a"] + "-" + pairs["b"]),
            _estimate(pairs, "htmt", heading=w("htmt.value"), w=w),
            _estimate(pairs, "htmt2", heading=w("measured.htmt2"), w=w),
            verdicts("verdict", heading=w("col.verdict"), codes=level, prefix="verdict", w=w),
        ],
    )


def cross_loading_table(found: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the largest loadings that the model leaves out; `found` as ``cross_loadings`` returns it.

    Parameters
    ----------
    found : DataFrame
        As ``cross_loadings`` returns it.
    """
    return build(
        "cross_loadings",
        title=w("measured.cross_title"),
        note=w("measured.cross_note", n=len(found), shown=min(SHOWN, len(found))),
        rows=list(np.arange(len(found)) < SHOWN),
        columns=[
            words("item", heading=w("col.item"), shown=found["item"]),
            words(
                "text",
                heading=w("col.text"),
                shown=[question(code, instrument=instrument, w=w) for code in found["item"]],
            ),
            words(
                "construct",
                heading=w("measured.cross_own"),
                shown=[_short(code, instrument, w) for code in found["construct"]],
                values=found["construct"],
            ),
            words(
                "other",
                heading=w("measured.cross_other"),
                shown=[_short(code, instrument, w) for code in found["other"]],
                values=found["other"],
            ),
            *measured(
                found,
                "mi measured.mi number 1",
                "sepc_all measured.epc coefficient",
                "p_holm measured.p_holm p_value",
                w=w,
            ),
        ],
    )


def _omega_rows(model: str, found: Hierarchy) -> pd.DataFrame:
    """Return the sum of all items, then every dimension, one row each."""
    rows = found.total.to_dict("index")
    whole: dict[str, object] = {"model": model, "score": EVERY}
    for key, name in zip(SUBSCALE, ("omega_total", "omega_hierarchical"), strict=False):
        row = rows[name]
        whole |= {key: row["estimate"], f"{key}_low": row["ci_low"], f"{key}_high": row["ci_high"]}
    whole[SUBSCALE[2]] = float(rows["omega_total"]["estimate"]) - float(
        rows["omega_hierarchical"]["estimate"]
    )
    parts = found.subscales.reset_index().rename(columns={"construct": "score"}).assign(model=model)
    return pd.concat([pd.DataFrame([whole]), parts], ignore_index=True)


def _estimate(frame: pd.DataFrame, key: str, *, heading: str, w: Wording) -> Column:
    columns = [key, f"{key}_low", f"{key}_high"]
    return estimates(
        (key, f"{key}_low", f"{key}_high"),
        heading=heading,
        frame=frame.reindex(columns=columns).set_axis(BOUNDS, axis=1),
        w=w,
    )


def _model(name: str, w: Wording) -> str:
    return w(f"rival.{name}") if f"rival.{name}" in w else model_name(name, w)


def _short(code: str, instrument: Instrument, w: Wording) -> str:
    return w.of(instrument.construct(code).short)

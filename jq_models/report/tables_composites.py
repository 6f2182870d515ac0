"""Tables of a PLS fit: reliability, weights and loadings, effect sizes, effects, items that go elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from jq_models.evaluate.composites.advice import VIF_LINE, VIF_WATCH
from jq_models.evaluate.judge import AVE_LINE, RELIABILITY_LINE
from jq_models.report.columns import BOUNDS, Column, estimates, measured, verdicts, words
from jq_models.report.names import inline, name_of, starred
from jq_models.report.table import Table, build
from jq_models.report.tables_structure import direction_of
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY

# Cohen (1988, section 9.2.1): the least f2 of a small, a medium and a large effect
EFFECT_LINES = {"none": 0.0, "small": 0.02, "medium": 0.15, "large": 0.35}
EFFECTS = (*EFFECT_LINES, "unknown")
OVERLAPS = ("apart", "near", "critical", "unknown")
KINDS = ("direct", "indirect", "total")


def quality_table(quality: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the reliability and AVE of every factor; `quality` as ``pls_quality`` returns it.

    Composites are in the files only: they need not be reliable in this sense.
    """
    line, ave = RELIABILITY_LINE.value, AVE_LINE.value
    names = [starred(str(code), instrument=instrument, w=w) for code in quality.index]
    short = quality_column(quality, "rho_c", w)
    plain = short.showing(w.coefficient(value) for value in quality["rho_c"])
    return build(
        "pls_quality",
        title=w("composites.quality_title"),
        note=w(
            "composites.quality_note",
            line=w.coefficient(line),
            source=w(f"source.{RELIABILITY_LINE.source}"),
            ave=w.coefficient(ave),
            ave_source=w(f"source.{AVE_LINE.source}"),
            dash=DASH,
        ),
        rows=list(quality["kind"] == "factor"),
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=quality.index),
            *measured(quality, "n_items reliability.items count", w=w),
            quality_column(quality, "alpha", w),
            quality_column(quality, "rho_a", w),
            plain,
            quality_column(quality, "ave", w),
            verdicts(
                "verdict",
                heading=w("col.verdict"),
                codes=quality_verdicts(quality),
                prefix="verdict",
                w=w,
            ),
        ],
    )


def quality_verdicts(quality: pd.DataFrame) -> list[str]:
    """Return ``"meets"``, ``"misses"`` or ``"unknown"`` by the lines of reliability (rho_A) and AVE."""
    found = quality[["rho_a", "ave"]].astype(float)
    reached = (found["rho_a"] >= RELIABILITY_LINE.value) & (found["ave"] >= AVE_LINE.value)
    unknown = found.isna().any(axis=1)
    return [str(code) for code in np.where(unknown, "unknown", np.where(reached, "meets", "misses"))]


def weight_table(
    loadings: pd.DataFrame,
    w: Wording,
    *,
    vif: pd.DataFrame,
    instrument: Instrument,
    composite: str = JOB_QUALITY,
) -> Table:
    """Show what a composite of constructs is made of: weight, loading and overlap of every member.

    Parameters
    ----------
    loadings, vif : DataFrame
        As ``pls_loadings`` and ``pls_item_vif`` return them.
    """
    rows = loadings[loadings["construct"] == composite].merge(vif, on=["construct", "item"], how="left")
    # weights by correlation do not part what members share: their overlap is no fault there
    alone = bool((rows["mode"] == "B").all())
    overlap = [overlap_level(v) for v in rows["vif"].astype(float)]
    name = inline(composite, instrument=instrument, w=w)
    return build(
        "pls_weights",
        title=w("composites.weights_title", composite=name),
        note=w("composites.weights_note", composite=name, **_vif_lines(w))
        if alone
        else w("composites.weights_note_alike", composite=name),
        columns=[
            words(
                "dimension",
                heading=w("loadings.dimension"),
                shown=[starred(code, instrument=instrument, w=w) for code in rows["item"]],
                values=rows["item"],
            ),
            quality_column(rows, "weight", w),
            quality_column(rows, "loading", w),
            *(_overlaps(rows, overlap, w) if alone else []),
        ],
    )


def effect_size_table(sizes: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show what every construct adds to what is explained, and how far it overlaps the other causes.

    Parameters
    ----------
    sizes : DataFrame
        As ``pls_effect_sizes`` returns it.
    """
    effect = [effect_level(v) for v in sizes["f2"].astype(float)]
    overlap = [overlap_level(v) for v in sizes["vif"].astype(float)]
    onto = [
        w(
            "composites.onto",
            target=name_of(code, instrument=instrument, w=w),
            r2=w.coefficient(r2),
            adjusted=w.coefficient(adjusted),
        )
        for code, r2, adjusted in zip(sizes["target"], sizes["r2"], sizes["r2_adjusted"], strict=True)
    ]
    return build(
        "pls_effect_sizes",
        title=w("composites.sizes_title"),
        note=w(
            "composites.sizes_note",
            small=w.coefficient(EFFECT_LINES["small"]),
            medium=w.coefficient(EFFECT_LINES["medium"]),
            large=w.coefficient(EFFECT_LINES["large"]),
            **_vif_lines(w),
        ),
        grouped=True,
        columns=[
            words("target", heading=w("effects.target"), shown=onto, values=sizes["target"]),
            _sources(sizes, w, instrument=instrument),
            *measured(sizes, "path composites.path coefficient", "f2 composites.f2 coefficient 3", w=w),
            verdicts("effect", heading=w("composites.effect"), codes=effect, prefix="composites.adds", w=w),
            *_overlaps(sizes, overlap, w),
        ],
    )


def _sources(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Column:
    """Return the column of what a path begins at, the new dimensions with a star."""
    shown = [starred(code, instrument=instrument, w=w) for code in rows["source"]]
    return words("source", heading=w("effects.source"), shown=shown, values=rows["source"])


def _targets(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Column:
    """Return the column of what a path leads to."""
    shown = [name_of(code, instrument=instrument, w=w) for code in rows["target"]]
    return words("target", heading=w("effects.target"), shown=shown, values=rows["target"])


def overlap_table(sizes: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show how far the predictors overlap, without the paths that this makes unreadable; as above."""
    sizes = sizes[sizes.groupby("target")["source"].transform("size") > 1]
    return build(
        "pls_overlap",
        title=w("composites.overlap_title"),
        note=w("composites.overlap_note", **_vif_lines(w)),
        grouped=True,
        columns=[
            _targets(sizes, w, instrument=instrument),
            _sources(sizes, w, instrument=instrument),
            *_overlaps(sizes, [overlap_level(v) for v in sizes["vif"].astype(float)], w),
        ],
    )


def pls_effect_table(effects: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show direct, indirect and total effects side by side; `effects` as ``pls_effects`` returns it."""
    pairs = effects.drop_duplicates(["target", "source"])[["target", "source"]]
    by_kind = {kind: pairs.merge(effects[effects["kind"] == kind], how="left") for kind in KINDS}
    direction = [direction_of(row) for _, row in by_kind["total"].iterrows()]
    return build(
        "pls_effects",
        title=w("composites.effects_title"),
        note=w("composites.effects_note", dash=DASH),
        grouped=True,
        columns=[
            _sources(pairs, w, instrument=instrument),
            _targets(pairs, w, instrument=instrument),
            *(
                estimates(
                    (kind, f"{kind}_low", f"{kind}_high"), heading=w(f"effects.{kind}"), frame=rows, w=w
                )
                for kind, rows in by_kind.items()
            ),
            verdicts("direction", heading=w("col.direction"), codes=direction, prefix="direction", w=w),
        ],
    )


def effect_level(f2: float) -> str:
    """Return ``"none"``, ``"small"``, ``"medium"`` or ``"large"`` (Cohen 1988); ``"unknown"`` for NaN."""
    if math.isnan(f2):
        return "unknown"
    return [level for level, least in EFFECT_LINES.items() if f2 >= least][-1]


def overlap_level(vif: float) -> str:
    """Return ``"apart"``, ``"near"`` or ``"critical"`` by the lines of Hair et al.; ``"unknown"`` for NaN."""
    if math.isnan(vif):
        return "unknown"
    if vif >= VIF_LINE.value:
        return "critical"
    return "near" if vif >= VIF_WATCH.value else "apart"


def _overlaps(frame: pd.DataFrame, levels: list[str], w: Wording) -> list[Column]:
    heading = w("composites.overlap")
    return [
        *measured(frame, "vif composites.vif number", w=w),
        verdicts("overlap", heading=heading, codes=levels, prefix="composites.shares", w=w),
    ]


def _vif_lines(w: Wording) -> dict[str, str]:
    return {
        "near": w.number(VIF_WATCH.value, 0),
        "critical": w.number(VIF_LINE.value, 0),
        "vif_source": w(f"source.{VIF_LINE.source}"),
    }


def quality_column(frame: pd.DataFrame, key: str, w: Wording) -> Column:
    """Return a column of ``estimate [interval]`` of ``key``, ``key_low`` and ``key_high``."""
    columns = [key, f"{key}_low", f"{key}_high"]
    return estimates(
        (key, f"{key}_low", f"{key}_high"),
        heading=w(f"composites.{key}"),
        frame=frame[columns].set_axis(BOUNDS, axis=1),
        w=w,
    )

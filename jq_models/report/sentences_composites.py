"""Readings of a PLS fit in words: reliability, weights, what each construct adds, items near another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.composites.advice import VIF_LINE
from jq_models.evaluate.judge import AVE_LINE, RELIABILITY_LINE
from jq_models.report.names import inline, name_of
from jq_models.report.sentences import clear
from jq_models.report.tables_composite_items import cross_margins
from jq_models.report.tables_composites import effect_level
from jq_models.report.wording import Wording
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY

# ours: a loading from which a dimension counts as going with the composite by itself
STRONG = 0.50
NAMED = 5


def quality_sentences(quality: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say which scales are reliable; `quality` as ``pls_quality`` returns it."""
    judged = quality[quality["kind"] == "factor"].dropna(subset=["rho_a"])
    if judged.empty:
        return w("composites.quality_none")
    line, ave = RELIABILITY_LINE.value, AVE_LINE.value
    short = judged.loc[judged["rho_a"] < line, "rho_a"]
    unsure = judged[(judged["rho_a"] >= line) & (judged["rho_a_low"] < line)]
    weak = judged.loc[judged["ave"] < ave, "ave"]
    lowest = judged["rho_a"].astype(float).idxmin()
    sentences = [
        w("composites.quality_poor", line=w.coefficient(line), names=_valued(short, line, instrument, w))
        if len(short)
        else w(
            "composites.quality_good",
            n=len(judged),
            line=w.coefficient(line),
            construct=inline(str(lowest), instrument=instrument, w=w),
            lowest=w.coefficient(float(judged["rho_a"].min())),
        )
    ]
    if len(unsure):
        names = _names(unsure.index, instrument, w)
        sentences.append(w("composites.quality_unsure", names=names, line=w.coefficient(line)))
    sentences.append(
        w("composites.ave_poor", ave=w.coefficient(ave), names=_valued(weak, ave, instrument, w))
        if len(weak)
        else w("composites.ave_good")
    )
    return " ".join(sentences)


def weight_sentences(
    loadings: pd.DataFrame, w: Wording, *, instrument: Instrument, composite: str = JOB_QUALITY
) -> str:
    """Say which dimensions weigh most, which add nothing clear of their own, and which run the other way.

    Parameters
    ----------
    loadings : DataFrame
        As ``pls_loadings`` returns it, with intervals.
    """
    rows = loadings[loadings["construct"] == composite].set_index("item")
    if rows.empty:
        return ""
    whole = inline(composite, instrument=instrument, w=w)
    sentences = [_top_weight(rows, w, instrument, whole)]
    known = rows.dropna(subset=["weight_low", "weight_high"])
    own = known[(known["weight_low"] > 0) | (known["weight_high"] < 0)]
    if len(own):
        names = _names(own.index, instrument, w)
        key = "composites.weights_clear" if len(own) > 1 else "composites.weights_clear_one"
        sentences.append(w(key, count=len(own), n=len(rows), names=names))
    elif len(known):
        sentences.append(w("composites.weights_clear_none"))
    strong = known[~known.index.isin(own.index) & (known["loading_low"] >= STRONG)]
    shared = list(strong.index)
    if shared:
        key = "composites.weights_shared" if len(shared) > 1 else "composites.weights_shared_one"
        names = _names(shared, instrument, w)
        sentences.append(w(key, names=names, composite=whole, line=w.coefficient(STRONG)))
    turned = own[own["weight"] * own["loading"] < 0]
    if len(turned):
        sentences.append(w("composites.weights_negative", names=_names(turned.index, instrument, w)))
    return " ".join(sentences)


def effect_size_sentences(sizes: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say of every outcome how much is explained and what adds most; `sizes` as ``pls_effect_sizes``."""
    entries = []
    for target, rows in sizes.groupby("target", sort=False):
        first = rows.iloc[0]
        explained = w(
            "composites.explained",
            target=inline(str(target), instrument=instrument, w=w),
            r2=w.percent(float(first["r2"])),
            adjusted=w.percent(float(first["r2_adjusted"])),
        )
        judged = rows.dropna(subset=["f2"])
        entries.append(f"- {explained} {_adds(judged, w, instrument)}".rstrip())
    return "\n".join(entries)


def pls_cross_sentences(cross: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say whether every item goes most with its own construct; `cross` as ``pls_cross_loadings``."""
    rows = cross_margins(cross, instrument=instrument)
    if rows.empty:
        return w("composites.cross_none")
    away = rows[rows["margin"] <= 0]
    if away.empty:
        return w("composites.cross_good", n=len(rows))
    named = [
        w("composites.cross_item", item=item, other=inline(other, instrument=instrument, w=w))
        for item, other in zip(away["item"].head(NAMED), away["other"].head(NAMED), strict=True)
    ]
    more = len(away) > NAMED
    items = w("composites.cross_more", items=", ".join(named)) if more else w.join(named)
    return w("composites.cross_poor", n=len(rows), count=len(away), items=items)


def weight_overlap_sentence(vif: pd.DataFrame, w: Wording, *, instrument: Instrument, composite: str) -> str:
    """Say why weights by regression are not shown: members that the others all but determine; else nothing.

    Parameters
    ----------
    vif : DataFrame
        As ``pls_item_vif`` returns it.
    """
    rows = vif[(vif["construct"] == composite) & (vif["vif"].astype(float) >= VIF_LINE.value)]
    if rows.empty:
        return ""
    return w(
        "composites.weights_overlap",
        composite=inline(composite, instrument=instrument, w=w),
        names=_names(rows["item"], instrument, w),
        line=w.number(VIF_LINE.value, 0),
        source=w(f"source.{VIF_LINE.source}"),
    )


def _top_weight(rows: pd.DataFrame, w: Wording, instrument: Instrument, whole: str) -> str:
    """Name the largest weight, and how many others its interval does not tell it from."""
    first = rows.iloc[int(rows["weight"].to_numpy(dtype=float).argmax())]
    low, high = float(first["weight_low"]), float(first["weight_high"])
    interval = f" {w.coefficient_interval(low, high)}" if low <= high else ""
    others = rows.drop(index=first.name)
    near = int((others["weight_high"] > low).sum())
    given = {
        "name": name_of(str(first.name), instrument=instrument, w=w),
        "composite": whole,
        "estimate": f"{w.coefficient(float(first['weight']))}{interval}",
    }
    if not interval:
        return w("composites.weights_top_bare", **given)
    if near:
        return w("composites.weights_top_unsure", count=near, **given)
    return w("composites.weights_top", **given)


def _adds(judged: pd.DataFrame, w: Wording, instrument: Instrument) -> str:
    if judged.empty:
        return ""
    top = judged.iloc[int(judged["f2"].to_numpy(dtype=float).argmax())]
    f2 = float(top["f2"])
    key = "composites.sizes_top" if len(judged) > 1 else "composites.sizes_alone"
    source, target = str(top["source"]), str(top["target"])
    alone = len(judged) == 1
    return w(
        key,
        source=inline(source, instrument=instrument, w=w),
        target=name_of(target, instrument=instrument, w=w)
        if alone
        else inline(target, instrument=instrument, w=w),
        f2=w.coefficient(f2),
        level=w(f"composites.adds.{effect_level(f2)}"),
    )


def _names(codes: Iterable[object], instrument: Instrument, w: Wording) -> str:
    return w.join(inline(str(code), instrument=instrument, w=w) for code in codes)


def _valued(values: pd.Series, line: float, instrument: Instrument, w: Wording) -> str:
    return w.join(
        f"{inline(str(code), instrument=instrument, w=w)} ({clear(float(v), line, w)})"
        for code, v in values.items()
    )

"""Tables on groups that people are nested in."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jq_models.evaluate.key_paths import KEYS
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.columns import measured, numbers, words
from jq_models.report.names import inline, name_of, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument

# decimals of the intraclass correlations and what belongs to them, wherever they are written or drawn
PLACES = {"icc1": 2, "ci_low": 2, "ci_high": 2, "icc2": 2, "icc_reml": 2}
PLACES |= {"design_effect": 1, "effective_n": 0, "pvalue": 3}


def label_of(name: str, *, groups: Sequence[Group], w: Wording) -> str:
    """Return what a grouping is called inside a sentence; one the study file does not name keeps its name."""
    label = next((w.of(group.label) for group in groups if group.name == name), name)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def path_name(source: str, target: str, *, kind: str, instrument: Instrument, w: Wording) -> str:
    """Return a path as ``Job quality → commitment``; an indirect one passes through ``…``."""
    start = name_of(source, instrument=instrument, w=w)
    if kind == "indirect":
        start = f"{start} → …"
    return w("paths.arrow", source=start, target=inline(target, instrument=instrument, w=w))


def rounded(icc: pd.DataFrame) -> pd.DataFrame:
    """Return the shares as a page shows them, for files and figures, too.

    From the exact ICC(1) and design effect follows the sum of the squared group sizes, a whole number, and
    from that and the sizes shown the size of a hidden group.
    """
    return icc.assign(
        **{name: icc[name].astype(float).round(places) + 0.0 for name, places in PLACES.items()}
    )


def icc_table(icc: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument) -> Table:
    """Show how alike people of one group are, score by score, a block for every grouping.

    Parameters
    ----------
    icc : DataFrame
        As ``evaluate.icc_table`` returns it.
    """
    icc = rounded(icc)
    # how many answered differs a little by score: one heading for all of them
    sizes = icc.groupby(["grouping", "within"])[["n_groups", "mean_size"]].transform("mean").round()
    blocks = [_block(row, w, groups=groups) for _, row in icc.assign(**sizes).iterrows()]
    note = w("nesting.note", dash=DASH)
    if (icc["within"] != "").any():
        note = f"{note} {w('nesting.note_within')}"
    rows = icc.rename(columns={"icc1": "estimate"})
    return build(
        "icc",
        title=w("nesting.title"),
        note=note,
        grouped=True,
        columns=[
            words("grouping", heading=w("nesting.grouping"), shown=blocks, values=icc["grouping"]),
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(code, instrument=instrument, w=w) for code in icc["construct"]],
                values=icc["construct"],
            ),
            estimate_column(("icc1", "ci_low", "ci_high"), heading=w("nesting.icc1"), frame=rows, w=w),
            *measured(
                icc,
                "icc_reml nesting.reml coefficient",
                "icc2 nesting.icc2 coefficient",
                "pvalue col.p p_value",
                "design_effect nesting.design number 1",
                "effective_n nesting.effective count",
                w=w,
            ),
        ],
    )


def _block(row: pd.Series, w: Wording, *, groups: Sequence[Group]) -> str:
    values: dict[str, str | int] = {
        "label": label_of(str(row["grouping"]), groups=groups, w=w),
        "groups": int(row["n_groups"]),
        "size": w.count(round(float(row["mean_size"]))),
    }
    if row["within"]:
        return w("nesting.by_within", outer=label_of(str(row["within"]), groups=groups, w=w), **values)
    return w("nesting.by", **values)


def parts_table(
    parts: pd.DataFrame,
    w: Wording,
    *,
    pair: tuple[str, str],
    groups: Sequence[Group],
    instrument: Instrument,
) -> Table:
    """Show the shares of three levels: larger groups, smaller groups within them, people.

    Parameters
    ----------
    parts : DataFrame
        As ``evaluate.variance_parts`` returns it.
    pair : (str, str)
        Outer and inner grouping.
    """
    outer, inner = (label_of(name, groups=groups, w=w) for name in pair)
    headings = {
        "outer": w("nesting.parts.outer", label=outer),
        "inner": w("nesting.parts.inner", outer=outer, label=inner),
        "person": w("nesting.parts.person", label=inner),
    }
    return build(
        "variance_parts",
        title=w("nesting.parts.title"),
        note=w("nesting.parts.note", dash=DASH),
        columns=[
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(code, instrument=instrument, w=w) for code in parts["construct"]],
                values=parts["construct"],
            ),
            *(
                numbers(code, heading=heading, values=parts[code].round(2), w=w, kind="percent", digits=0)
                for code, heading in headings.items()
            ),
        ],
    )


def cluster_table(
    errors: pd.DataFrame, w: Wording, *, groups: Sequence[Group], instrument: Instrument
) -> Table:
    """Show the key paths' standard errors with and without regard to groups.

    Parameters
    ----------
    errors : DataFrame
        As ``evaluate.clustered_paths`` returns it.
    """
    rows = errors[errors["kind"] != "total"]
    blocks = [
        w("clusters.by", label=label_of(name, groups=groups, w=w), groups=int(count))
        for name, count in zip(rows["grouping"], rows["n_clusters"], strict=True)
    ]
    paths = [path_name(s, t, kind=k, instrument=instrument, w=w) for s, t, k in rows[KEYS].to_numpy()]
    codes = [f"{s} {t} {k}" for s, t, k in rows[KEYS].to_numpy()]
    return build(
        "clustered_errors",
        title=w("clusters.title"),
        note=w("clusters.note"),
        grouped=True,
        columns=[
            words("grouping", heading=w("nesting.grouping"), shown=blocks, values=rows["grouping"]),
            words("path", heading=w("clusters.path"), shown=paths, values=codes),
            estimate_column(
                ("estimate", "ci_low", "ci_high"), heading=w("col.standardised"), frame=rows, w=w
            ),
            *measured(
                rows,
                "se_plain clusters.plain coefficient 3",
                "se clusters.clustered coefficient 3",
                "ratio clusters.ratio number",
                w=w,
            ),
        ],
    )


def mixed_table(
    errors: pd.DataFrame,
    mixed: pd.DataFrame,
    *,
    w: Wording,
    groups: Sequence[Group],
    instrument: Instrument,
) -> Table:
    """Show job quality's total effects by the model and by a mixed model on scores.

    Parameters
    ----------
    errors, mixed : DataFrame
        As ``evaluate.clustered_paths`` and ``evaluate.mixed_paths`` return them.
    """
    keys = ["grouping", "source", "target"]
    bounds = ["estimate", "ci_low", "ci_high"]
    totals = errors[errors["kind"] == "total"]
    rows = mixed[[*keys, *bounds]].merge(
        totals[[*keys, *bounds]], on=keys, how="left", suffixes=("", "_model")
    )
    by_model = rows[[f"{name}_model" for name in bounds]].set_axis(bounds, axis=1)
    blocks = [w("figure.nesting.panel", label=label_of(n, groups=groups, w=w)) for n in rows["grouping"]]
    paths = [
        path_name(s, t, kind="total", instrument=instrument, w=w)
        for s, t in zip(rows["source"], rows["target"], strict=True)
    ]
    return build(
        "mixed_model",
        title=w("mixed.title"),
        note=w("mixed.note", dash=DASH),
        grouped=True,
        columns=[
            words("grouping", heading=w("nesting.grouping"), shown=blocks, values=rows["grouping"]),
            words(
                "effect", heading=w("mixed.effect"), shown=paths, values=rows["source"] + " " + rows["target"]
            ),
            estimate_column(
                ("model", "model_low", "model_high"), heading=w("mixed.model"), frame=by_model, w=w
            ),
            estimate_column(
                ("scores", "scores_low", "scores_high"), heading=w("mixed.scores"), frame=rows, w=w
            ),
        ],
    )

"""Tables on the measurement: loadings, reliability, discriminant validity."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd

from jq_models.evaluate.judge import (
    AVE_LINE,
    HTMT_LIBERAL,
    HTMT_STRICT,
    RELIABILITY_LINE,
    RELIABILITY_LINES,
)
from jq_models.report.columns import (
    BOUNDS,
    Column,
    estimates,
    intervals,
    measured,
    numbers,
    verdicts,
    words,
)
from jq_models.report.names import construct_of, name_of, question, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY

WATCHED = ("ENJ", "SAT")  # enjoying the work overlaps satisfaction: always shown
NEAR = 0.05  # pairs this far below the strict HTMT line are shown too


def loading_table(
    estimates: pd.DataFrame, w: Wording, *, standardized: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show every item's loading on its construct.

    Parameters
    ----------
    estimates : DataFrame
        As ``parameter_estimates`` returns it: lhs op rhs est se.
    standardized : DataFrame
        As ``standardized`` returns it: lhs op rhs est_std ci_low ci_high.
    """
    rows = _loadings(estimates, standardized)
    rows = rows[[construct_of(code, instrument) is not None for code in rows["lhs"]]]
    questions = [question(code, instrument=instrument, w=w) for code in rows["rhs"]]
    names = [starred(code, instrument=instrument, w=w) for code in rows["lhs"]]
    return build(
        "loadings",
        title=w("loadings.title"),
        note=w("loadings.note", dash=DASH, mark=w("items.reversed")),
        grouped=True,
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=rows["lhs"]),
            words("item", heading=w("col.item"), shown=rows["rhs"]),
            words("text", heading=w("col.text"), shown=questions),
            *_loading_columns(rows, w),
        ],
    )


def higher_table(
    estimates: pd.DataFrame, w: Wording, *, standardized: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show every dimension's loading on second-order job quality; inputs as for `loading_table`."""
    rows = _loadings(estimates, standardized)
    rows = rows[rows["lhs"] == JOB_QUALITY]
    names = [starred(code, instrument=instrument, w=w) for code in rows["rhs"]]
    return build(
        "higher_loadings",
        title=w("loadings.title_higher"),
        note=w("loadings.note_higher", dash=DASH),
        columns=[
            words("dimension", heading=w("loadings.dimension"), shown=names, values=rows["rhs"]),
            *_loading_columns(rows, w),
        ],
    )


def reliability_table(reliability: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show alpha, omega, composite reliability and AVE of every construct.

    Parameters
    ----------
    reliability : DataFrame
        Index construct; columns n_items, alpha, omega, composite_reliability, ave; with ``omega_low`` and so
        on, as ``reliability_with_intervals`` returns them, the intervals are shown too.
    """
    names = [starred(code, instrument=instrument, w=w) for code in reliability.index]
    judged = reliability[list(RELIABILITY_LINES)]
    lines = pd.Series({key: line.value for key, line in RELIABILITY_LINES.items()})
    meets = np.where((judged >= lines).all(axis=1), "meets", "misses")
    reached = np.where(judged.isna().any(axis=1), "unknown", meets)
    return build(
        "reliability",
        title=w("reliability.title"),
        note=" ".join(
            [
                w(
                    "reliability.note",
                    line=w.coefficient(RELIABILITY_LINE.value),
                    source=w(f"source.{RELIABILITY_LINE.source}"),
                    ave=w.coefficient(AVE_LINE.value),
                    ave_source=w(f"source.{AVE_LINE.source}"),
                    dash=DASH,
                ),
                *([w("measured.intervals_note")] if "omega_low" in reliability.columns else []),
            ]
        ),
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=reliability.index),
            *measured(reliability, "n_items reliability.items count", w=w),
            *_coefficients(reliability, w),
            verdicts("verdict", heading=w("col.verdict"), codes=reached, prefix="verdict", w=w),
        ],
    )


def _coefficients(reliability: pd.DataFrame, w: Wording) -> list[Column]:
    """Return one column a coefficient, with its interval where the table has it."""
    if "omega_low" not in reliability.columns:
        keys = (f"{key} reliability.{key} coefficient" for key in RELIABILITY_LINES)
        return measured(reliability, *keys, w=w)
    columns = {
        key: estimates(
            (key, f"{key}_low", f"{key}_high"),
            heading=w(f"reliability.{key}"),
            frame=reliability[[key, f"{key}_low", f"{key}_high"]].set_axis(BOUNDS, axis=1),
            w=w,
        )
        for key in RELIABILITY_LINES
    }
    # hardly another number than omega: its interval stands in the files, so that the table fits a page
    short = columns["composite_reliability"]
    plain = [w.coefficient(value) for value in reliability["composite_reliability"]]
    return list((columns | {"composite_reliability": short.showing(plain)}).values())


def htmt_table(htmt: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the pairs of constructs that come near the HTMT line or pass it, and always ENJ with SAT.

    Parameters
    ----------
    htmt : DataFrame
        Square, NaN where undefined. The files hold every pair.
    """
    pairs = htmt_pairs(htmt)
    watched = [set(WATCHED) == {a, b} for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    level = ["unknown" if math.isnan(v) else htmt_level(v) for v in pairs["htmt"]]
    names = [
        w("htmt.names", a=name_of(a, instrument=instrument, w=w), b=name_of(b, instrument=instrument, w=w))
        for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    near = HTMT_STRICT.value - NEAR
    return build(
        "htmt",
        title=w("htmt.title"),
        note=w(
            "htmt.note",
            near=w.coefficient(near),
            pair=w("htmt.names", a=WATCHED[0], b=WATCHED[1]),
            n=len(pairs),
            line=w.coefficient(HTMT_STRICT.value),
            loose=w.coefficient(HTMT_LIBERAL.value),
            source=w(f"source.{HTMT_STRICT.source}"),
        ),
        rows=[bool(v >= near or w_) for v, w_ in zip(pairs["htmt"], watched, strict=True)],
        columns=[
            words("pair", heading=w("htmt.pair"), shown=names, values=pairs["a"] + "-" + pairs["b"]),
            numbers("htmt", heading=w("htmt.value"), values=pairs["htmt"], w=w, kind="coefficient", digits=3),
            verdicts("verdict", heading=w("col.verdict"), codes=level, prefix="verdict", w=w),
        ],
    )


def htmt_pairs(htmt: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs a, b, htmt of a square table, the highest first, undefined ones last."""
    names, values = [str(name) for name in htmt.index], htmt.to_numpy(dtype=float)
    frame = pd.DataFrame(
        [(names[i], names[j], float(values[i, j])) for i, j in combinations(range(len(names)), 2)],
        columns=["a", "b", "htmt"],
    )
    return frame.sort_values("htmt", ascending=False, kind="stable", ignore_index=True)


def htmt_level(value: float) -> str:
    """Return ``"overlap"``, ``"doubtful"`` or ``"distinct"`` by the two lines of HTMT."""
    if value > HTMT_LIBERAL.value:
        return "overlap"
    return "doubtful" if value > HTMT_STRICT.value else "distinct"


def fornell_table(matrix: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show whether the root of each construct's AVE exceeds its largest correlation with another.

    Parameters
    ----------
    matrix : DataFrame
        Square: root of AVE on the diagonal (NaN for single items), latent correlations below.
    """
    found = fornell_verdicts(matrix)
    names = [starred(code, instrument=instrument, w=w) for code in found.index]
    others = [name_of(code, instrument=instrument, w=w) for code in found["other"]]
    return build(
        "fornell_larcker",
        title=w("fornell.title"),
        note=w("fornell.note"),
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=found.index),
            *measured(found, "root fornell.root coefficient 3", "largest fornell.largest coefficient 3", w=w),
            words("other", heading=w("fornell.other"), shown=others, values=found["other"]),
            verdicts("verdict", heading=w("col.verdict"), codes=found["verdict"], prefix="verdict", w=w),
        ],
    )


def fornell_verdicts(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return root, largest absolute correlation, the other construct and the verdict, by construct."""
    values = matrix.to_numpy(dtype=float)
    lower = np.tril(np.nan_to_num(values), -1)
    r = np.abs(lower + lower.T)
    root = np.diag(values)
    largest = r.max(axis=1, initial=0)
    verdict = np.where(np.isnan(root), "unknown", np.where(root > largest, "distinct", "overlap"))
    return pd.DataFrame(
        {"root": root, "largest": largest, "other": matrix.columns[r.argmax(axis=1)], "verdict": verdict},
        index=matrix.index,
    )


def _loadings(estimates: pd.DataFrame, standardized: pd.DataFrame) -> pd.DataFrame:
    keys = ["lhs", "op", "rhs"]
    first = estimates.loc[estimates["op"] == "=~", [*keys, "est", "se"]]
    return first.merge(standardized[[*keys, "est_std", "ci_low", "ci_high"]], on=keys, how="left")


def _loading_columns(rows: pd.DataFrame, w: Wording) -> list[Column]:
    se = rows["se"].where(rows["se"] > 0)  # a fixed loading has none
    return [
        *measured(rows.assign(se=se), "est col.estimate number", "se col.se number", w=w),
        *measured(rows, "est_std col.standardised coefficient", w=w),
        intervals(
            ("ci_low", "ci_high"), heading=w("col.interval"), low=rows["ci_low"], high=rows["ci_high"], w=w
        ),
    ]

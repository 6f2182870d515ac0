"""Tables on hypotheses: the verdicts, the numbers behind them, effects, gains, blocks and slopes."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.hypotheses import Judged, Mediation, Moderation, Verdicts
from jq_models.evaluate.hypotheses.rules import ABSENT, DISTINCT, SMALLEST, SMALLEST_SHARE, WEAK
from jq_models.report.columns import Column, measured, numbers, verdicts, words
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.names import inline, name_of, score_digits
from jq_models.report.names_care import with_doubt, with_lost
from jq_models.report.names_hypotheses import gap_words, subject, with_interval
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

SHARE_DIGITS = 3
COUNTS = ("holds", "seen")  # so many of so many
TESTS = ("one_factor", "paths")  # chi-square difference tests
BY_MODEL = ("H2", "H2b", "H6")  # judged by a model with latent variables where there are answers enough


def verdict_table(found: Verdicts, w: Wording, *, instrument: Instrument) -> Table:
    """Show each hypothesis with its prediction, what was found and the verdict."""
    names = list(found.claims.index)
    lines = {
        "smallest": w.coefficient(SMALLEST),
        "absent": w.coefficient(ABSENT),
        "share": w.coefficient(SMALLEST_SHARE),
        "distinct": w.coefficient(DISTINCT),
        "weak": w.count(WEAK),
    }
    claims = [f"{name}\u2002{w(f'hypotheses.claim.{name}')}" for name in names]
    predicted = [w(f"hypotheses.predicts.{name}", **lines) for name in names]
    listed = [found_words(name, found, w, instrument=instrument) for name in names]
    tested = int(found.claims["holm"].notna().sum())
    by_scores = [name for name in BY_MODEL if found.claims["basis"].get(name) == "scores"]
    notes = [w("hypotheses.note", **lines)]
    if tested:
        notes.append(w("hypotheses.adjusted" if tested > 1 else "hypotheses.adjusted_one", count=tested))
    if by_scores:
        notes.append(w("hypotheses.note_scores", names=w.join(by_scores)))
    return build(
        "verdicts",
        title=w("hypotheses.title"),
        note=" ".join(notes),
        grouped=True,
        columns=[
            words("hypothesis", heading=w("hypotheses.head.claim"), shown=claims, values=names),
            words("prediction", heading=w("hypotheses.head.predicts"), shown=predicted),
            words("found", heading=w("hypotheses.head.found"), shown=listed),
            numbers(
                "p_holm", heading=w("hypotheses.head.holm"), values=found.claims["holm"], w=w, kind="p_value"
            ),
            verdicts(
                "verdict",
                heading=w("col.verdict"),
                codes=found.claims["verdict"],
                prefix="hypotheses.verdict",
                w=w,
            ),
        ],
    )


def found_words(name: str, found: Verdicts, w: Wording, *, instrument: Instrument) -> str:
    """Return what was found: the numbers that decide, or why there are none."""
    if name in found.gaps:
        return gap_words(found.gaps[name], w, instrument=instrument)
    rows = found.evidence[(found.evidence["hypothesis"] == name) & found.evidence["decides"]]
    listed = "; ".join(measure_words(row, w, instrument=instrument) for _, row in rows.iterrows())
    return with_doubt(listed, found.doubts.get(name), w, instrument=instrument)


def measure_words(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    """Name a number and write it with its interval."""
    return w(
        f"hypotheses.short.{row['measure']}",
        value=_value(row, w).replace(" ", "\u00a0"),  # never broken over lines
        p=w.p_equals(float(row["pvalue"])).replace(" ", "\u00a0"),
        source=subject(str(row["source"]), w, instrument=instrument),
        target=subject(str(row["target"]), w, instrument=instrument),
    )


def _value(row: pd.Series, w: Wording) -> str:
    """Write a number as its kind asks: a test, a level of fit, a difference in BIC, or an estimate."""
    if row["measure"] == "fit":
        return w(f"level.{row['target']}")
    if row["measure"] == "bic":
        return w.number(float(row["estimate"]), 0)
    if row["measure"] in COUNTS:
        return w("hypotheses.of", count=int(row["estimate"]), total=int(row["df"]))
    if row["measure"] in TESTS:
        return w("hypotheses.chi_square", df=int(row["df"]), value=w.number(float(row["estimate"])))
    return with_interval(row, w, digits=SHARE_DIGITS if row["measure"] == "gain" else 2)


def evidence_table(found: Verdicts, w: Wording, *, instrument: Instrument, name: str = "evidence") -> Table:
    """Show every number behind the verdicts, by hypothesis.

    Parameters
    ----------
    name : str
        Of the table and its file.
    """
    rows = found.evidence
    heads = [f"{name}\u2002{w(f'hypotheses.claim.{name}')}" for name in rows["hypothesis"]]
    named = [
        w(
            f"hypotheses.measure.{row['measure']}",
            line=w.coefficient(ABSENT),
            source=subject(str(row["source"]), w, instrument=instrument),
            target=subject(str(row["target"]), w, instrument=instrument),
            **_pair(row, w, instrument=instrument),
        )
        for _, row in rows.iterrows()
    ]
    return build(
        name,
        title=w("hypotheses.evidence.title"),
        note=w("hypotheses.evidence.note", dash=DASH),
        grouped=True,
        columns=[
            words("hypothesis", heading=w("hypotheses.head.claim"), shown=heads, values=rows["hypothesis"]),
            words("measure", heading=w("hypotheses.head.measure"), shown=named, values=rows["measure"]),
            verdicts(
                "basis",
                heading=w("hypotheses.head.basis"),
                codes=rows["basis"],
                prefix="hypotheses.basis",
                w=w,
            ),
            _estimates(rows, w),
            *measured(rows, "pvalue col.p p_value", w=w),
        ],
    )


def _pair(row: pd.Series, w: Wording, *, instrument: Instrument) -> dict[str, str]:
    """Name two in one place: what a chain goes through and ends in, or a slope and its moderator."""
    codes = next((str(row[k]).split() for k in ("source", "target") if str(row[k]).count(" ") == 1), ["", ""])
    names = [subject(code, w, instrument=instrument) if code else "" for code in codes]
    return dict(zip(("via", "end"), names, strict=True))


def _estimates(rows: pd.DataFrame, w: Wording) -> Column:
    """Return estimates with two decimals, but tests and shares of variance as `_value` writes them."""
    column = estimate_column(
        ("estimate", "ci_low", "ci_high"), heading=w("hypotheses.head.estimate"), frame=rows, w=w
    )
    return column.showing(
        _value(row, w) if row["measure"] in ("gain", "fit", "bic", *COUNTS, *TESTS) else shown
        for (_, row), shown in zip(rows.iterrows(), column.shown, strict=True)
    )


def mediation_table(found: Mediation, w: Wording, *, instrument: Instrument) -> Table:
    """Show direct, specific indirect, indirect and total effects with intervals of two kinds."""
    rows = found.effects
    onto = [w("effects.on", target=inline(code, instrument=instrument, w=w)) for code in rows["target"]]
    ways = [_way(row, w, instrument=instrument) for _, row in rows.iterrows()]
    codes = [f"{kind} {via}".strip() for kind, via in zip(rows["kind"], rows["via"], strict=True)]
    delta = rows[["estimate", "delta_low", "delta_high"]].set_axis(["estimate", "ci_low", "ci_high"], axis=1)
    by_delta = estimate_column(
        ("delta_estimate", "delta_low", "delta_high"), heading=w("mediation.delta"), frame=delta, w=w
    ).showing(
        w.coefficient_interval(float(low), float(high))
        for low, high in zip(rows["delta_low"], rows["delta_high"], strict=True)
    )
    return build(
        "mediation",
        title=w("mediation.title"),
        note=mediation_note(found, w, place="note"),
        grouped=True,
        columns=[
            words("target", heading=w("effects.target"), shown=onto, values=rows["target"]),
            words("effect", heading=w("mediation.effect"), shown=ways, values=codes),
            estimate_column(
                ("estimate", "ci_low", "ci_high"), heading=w("mediation.bootstrap"), frame=rows, w=w
            ),
            by_delta,
            *measured(rows, "pvalue col.p p_value", w=w),
        ],
    )


def mediation_note(found: Mediation, w: Wording, *, place: str) -> str:
    """Say below the table (``"note"``) or the figure how the effects were found, and by which model."""
    note = w(
        f"mediation.{place}_{found.basis}", kind=w(f"mediation.kind.{found.interval}"), draws=found.draws
    )
    note = with_lost(note, found, w)
    free = found.basis == "latent" and not found.partial_correlation.empty
    return f"{note} {w('mediation.free_path')}" if free else note


def _way(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    if not row["via"]:
        return w(f"mediation.{row['kind']}")
    via = [inline(code, instrument=instrument, w=w) for code in str(row["via"]).split()]
    return w("mediation.by_way", names=w.join(via))


def gain_table(found: Judged, w: Wording, *, instrument: Instrument) -> Table:
    """Show what the new dimensions add to the explanation of each outcome."""
    rows = found.added.gains
    target = [name_of(str(code), instrument=instrument, w=w) for code in rows["target"]]
    return build(
        "gains",
        title=w("added.title"),
        note=with_lost(w("added.note", draws=found.added.draws), found.added, w),
        columns=[
            words("target", heading=w("added.outcome"), shown=target, values=rows["target"]),
            *measured(rows, "without added.without coefficient 3", "within added.within coefficient 3", w=w),
            estimate_column(
                ("gain", "ci_low", "ci_high"), heading=w("added.gain"), frame=rows, w=w, digits=SHARE_DIGITS
            ),
            *measured(
                rows, "difference added.difference number", "df added.df count", "pvalue col.p p_value", w=w
            ),
        ],
    )


def block_table(found: Judged, w: Wording, *, instrument: Instrument) -> Table:
    """Show the difference of the two blocks with intervals that take persons, or clusters, as the units."""
    rows = found.blocks.differences
    units = list(rows.index)
    return build(
        "blocks",
        title=w("blocks.title"),
        note=f"{w('blocks.note')} {w('blocks.known.note')}",
        columns=[
            words(
                "units",
                heading=w("blocks.units"),
                shown=[w(f"blocks.{unit}") for unit in units],
                values=units,
            ),
            *measured(rows, "clusters blocks.clusters count", "n blocks.known.n count", w=w),
            estimate_column(
                ("estimate", "ci_low", "ci_high"),
                heading=w("blocks.difference"),
                frame=rows,
                w=w,
                digits=score_digits(instrument),
            ),
            *measured(rows, "pvalue col.p p_value", w=w),
        ],
    )


def slope_table(found: Moderation, w: Wording, *, instrument: Instrument) -> Table:
    """Show the effect at three levels of customer contact, and how much it differs, by two routes."""
    result = ["estimate", "ci_low", "ci_high", "pvalue"]
    rows = pd.concat([found.slopes[result], found.routes[result]], ignore_index=True)
    shown = [
        *(w("moderation.at", share=w.percent(value / 100)) for value in found.slopes["moderator"]),
        *(w(f"moderation.route_{route}") for route in found.routes.index),
    ]
    codes = [*(f"slope {level:+.0f}" for level in found.slopes.index), *found.routes.index]
    return build(
        "moderation",
        title=w(
            "moderation.title",
            source=inline(found.source, instrument=instrument, w=w),
            target=inline(found.target, instrument=instrument, w=w),
        ),
        note=_route_note(found, w, instrument=instrument),
        columns=[
            words("what", heading=w("moderation.what"), shown=shown, values=codes),
            estimate_column(
                ("estimate", "ci_low", "ci_high"), heading=w("hypotheses.head.estimate"), frame=rows, w=w
            ),
            *measured(rows, "pvalue col.p p_value", w=w),
        ],
    )


def _route_note(found: Moderation, w: Wording, *, instrument: Instrument) -> str:
    """Say by which routes the slopes were found, and why the main one is missing."""
    if found.without is None:
        return w("moderation.note_latent")
    return w("moderation.note_scores", why=gap_words(found.without, w, instrument=instrument))

"""Tables on the comparison of groups: the ladder, what was released, latent means, alignment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from jq_models.evaluate.invariance import Alignment, Invariance, change_lines
from jq_models.report.columns import Column, measured, numbers, verdicts, words
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.names import question, starred, unmarked
from jq_models.report.sentences_care import alignment_care, ladder_care
from jq_models.report.sentences_invariance import deviating_words
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument


def file_name(kind: str, group: str) -> str:
    """Return a table's or figure's name for one grouping."""
    return f"{kind}_{group.replace('-', '_')}"


def as_shown(columns: Iterable[Column]) -> list[Column]:
    """Return the columns with numbers as rounded in files as on the page."""
    found = []
    for column in columns:
        raw = {}
        for (code, values), kind in zip(column.raw.items(), column.formats, strict=True):
            places = None if kind is None or not isinstance(kind, str) else _places(kind)
            raw[code] = values if places is None else tuple(_rounded(v, places) for v in values)
        found.append(replace(column, raw=raw))
    return found


def _places(kind: str) -> int:
    """Return the decimals of a spreadsheet's number format; of several the last, which has no words."""
    kind = kind.rpartition(";")[2]
    return len(kind.rstrip("%").partition(".")[2]) + 2 * kind.endswith("%")


def _rounded(value: object, places: int) -> object:
    return round(value, places) if isinstance(value, float) else value


def ladder_table(found: Invariance, w: Wording, *, label: str, exact: bool = True) -> Table:
    """Show the ladder: one row a fit, changes against the last accepted one; files rounded unless `exact`."""
    rows = found.table
    names = [
        w(f"invariance.name.{step}")
        if not released
        else w("invariance.released", step=w(f"invariance.name.{step}"), count=int(released))
        for step, released in zip(rows["step"], rows["releases"], strict=True)
    ]
    columns = [
        words("step", heading=w("invariance.step"), shown=names, values=rows["step"]),
        *measured(
            rows,
            "chi_square invariance.chi_square number 1",
            "df invariance.df count",
            "cfi fit.cfi coefficient 3",
            w=w,
        ),
        _difference(rows, w),
        *measured(
            rows,
            "p_value col.p p_value",
            "delta_cfi invariance.delta_cfi coefficient 3",
            "delta_rmsea invariance.delta_rmsea coefficient 3",
            "delta_srmr invariance.delta_srmr coefficient 3",
            w=w,
        ),
        verdicts(
            "verdict", heading=w("col.verdict"), codes=rows["verdict"], prefix="invariance.verdict", w=w
        ),
    ]
    return build(
        file_name("invariance", found.group),
        title=w("invariance.title", label=label),
        note=_ladder_note(found, w),
        columns=columns if exact else as_shown(columns),
    )


def _difference(rows: pd.DataFrame, w: Wording) -> Column:
    """Return the chi-square difference with its degrees of freedom in brackets."""
    column = numbers(
        "difference", heading=w("invariance.difference"), values=rows["difference"], w=w, digits=1
    )
    shown = [
        f"{w.number(value, 1)} ({w.count(df)})" if value == value else DASH
        for value, df in zip(rows["difference"], rows["df_difference"], strict=True)
    ]
    return column.showing(shown)


def _ladder_note(found: Invariance, w: Wording) -> str:
    first = change_lines("metric", sizes=found.sizes)
    later = change_lines("scalar", sizes=found.sizes)
    lines = w(
        "invariance.lines",
        cfi=w.coefficient(first.cfi.value, 3),
        rmsea=w.coefficient(first.rmsea.value, 3),
        srmr=w.coefficient(first.srmr.value, 3),
        cfi_later=w.coefficient(later.cfi.value, 3),
        rmsea_later=w.coefficient(later.rmsea.value, 3),
        srmr_later=w.coefficient(later.srmr.value, 3),
    )
    note = w("invariance.note", lines=lines, source=w(f"source.{first.cfi.source}"), dash=DASH)
    small = any(step.verdict == "small" for step in found.steps.values())
    parts = [note, w("invariance.note_small") if small else "", unmarked(ladder_care(found, w))]
    return " ".join(part for part in parts if part)


def release_table(
    found: Invariance, w: Wording, *, label: str, instrument: Instrument, exact: bool = True
) -> Table:
    """Show every equality that was given up, with the question it concerns."""
    releases = found.releases
    frame = pd.DataFrame(
        {
            "chi_square": [r.chi_square for r in releases],
            "size": [r.size for r in releases],
            "difference": [r.difference for r in releases],
        },
        dtype=float,
    )
    columns = [
        words("item", heading=w("invariance.release.item"), shown=[r.item for r in releases]),
        words(
            "text",
            heading=w("invariance.release.text"),
            shown=[question(r.item, instrument=instrument, w=w) for r in releases],
        ),
        verdicts(
            "kind",
            heading=w("invariance.release.what"),
            codes=[r.kind for r in releases],
            prefix="invariance.release",
            w=w,
        ),
        words("group", heading=w("invariance.release.group"), shown=[r.group for r in releases]),
        *measured(
            frame,
            "chi_square invariance.release.chi_square number 1",
            "size invariance.release.expected coefficient",
            "difference invariance.release.estimated coefficient",
            w=w,
        ),
    ]
    return build(
        file_name("releases", found.group),
        title=w("invariance.release.title", label=label),
        note=w("invariance.release.note", reference=found.labels[0]),
        columns=columns if exact else as_shown(columns),
    )


def latent_mean_table(
    found: Invariance, w: Wording, *, label: str, instrument: Instrument, exact: bool = True
) -> Table:
    """Show the differences of latent means with their intervals, what they rest on, and Holm's p."""
    rows = found.means
    names = [starred(str(code), instrument=instrument, w=w) for code in rows["factor"]]
    basis = [
        _basis(str(state), anchors=int(anchors), items=int(items), w=w)
        for state, anchors, items in zip(rows["state"], rows["anchors"], rows["items"], strict=True)
    ]
    effects = rows.rename(columns={"effect": "estimate"})
    several = len(found.labels) > 2
    columns = [
        words("construct", heading=w("col.construct"), shown=names, values=rows["factor"]),
        estimate_column(("effect", "ci_low", "ci_high"), heading=w("latent.effect"), frame=effects, w=w),
        *measured(rows, "p_value col.p p_value", "p_holm latent.holm p_value", w=w),
        words("state", heading=w("latent.basis"), shown=basis, values=rows["state"]),
    ]
    group = words("group", heading=w("latent.group"), shown=rows["group"])
    columns = [columns[0], *([group] if several else []), *columns[1:]]
    return build(
        file_name("latent_means", found.group),
        title=w("latent.title", label=label),
        note=w(
            "latent.note",
            reference=found.labels[0],
            count=int(rows["p_value"].notna().sum()),
            star=w("constructs.star"),
            dash=DASH,
        ),
        columns=columns if exact else as_shown(columns),
    )


def _basis(state: str, *, anchors: int, items: int, w: Wording) -> str:
    if state == "compared" and items == 2:
        return w("latent.both")
    return w(f"latent.state.{state}", anchors=anchors, items=items)


def alignment_table(found: Alignment, w: Wording, *, label: str, instrument: Instrument) -> Table:
    """Show of every scale how much of it differs between the groups, and where."""
    rows, items = found.constructs, found.items
    explained = pd.DataFrame(
        {
            kind: [
                float(items.loc[(items["construct"] == code) & (items["kind"] == kind), "r_squared"].mean())
                for code in rows.index
            ]
            for kind in ("loading", "intercept")
        },
        index=rows.index,
    )
    frame = rows.join(explained)
    done = frame["parameters"] > 0
    frame = frame.assign(
        parameters=frame["parameters"].where(done), noninvariant=frame["noninvariant"].where(done)
    )
    notes = (
        w("alignment.note", source=w("source.muthen_2014"), star=w("constructs.star"), dash=DASH),
        w("care.scaled"),
        unmarked(alignment_care(found, w, instrument=instrument)),
    )
    where = ["; ".join(deviating_words(items[items["construct"] == code], w)) or DASH for code in rows.index]
    names = [starred(str(code), instrument=instrument, w=w) for code in rows.index]
    return build(
        file_name("alignment", found.group),
        title=w("alignment.title", label=label),
        note=" ".join(part for part in notes if part),
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=list(rows.index)),
            *measured(
                frame,
                "parameters alignment.parameters count",
                "noninvariant alignment.noninvariant count",
                "share alignment.share percent 0",
                "loading alignment.loading coefficient",
                "intercept alignment.intercept coefficient",
                w=w,
            ),
            words("where", heading=w("alignment.items"), shown=where),
            verdicts("state", heading=w("col.verdict"), codes=rows["state"], prefix="alignment.state", w=w),
        ],
    )

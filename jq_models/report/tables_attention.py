"""Tables on priorities: the readings side by side, importance by three methods."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.attention import READINGS, Attention
from jq_models.report.columns import Column, estimates, numbers, words
from jq_models.report.figures_attention import rank_text
from jq_models.report.names import inside_sentence, name_of, score_digits, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument

METHODS = ("total", "relative", "lmg")  # the unstandardised total effect stands in the files only
OVERALL = "overall"


def attention_table(found: Attention, w: Wording, *, instrument: Instrument) -> Table:
    """Return every dimension's value and rank interval in each reading."""
    dimensions = list(dict.fromkeys(found.table["dimension"]))
    columns = [_names(dimensions, w, instrument=instrument)]
    for reading in READINGS:
        rows = found.table[found.table["reading"] == reading].set_index("dimension")
        if rows.empty:
            continue
        rows = rows.reindex(dimensions)
        digits = score_digits(instrument)
        columns.append(
            numbers(
                reading,
                heading=w(f"attention.column_{reading}"),
                values=rows["estimate"],
                w=w,
                digits=digits,
            )
        )
        columns.append(_ranks(rows, reading, w))
    return build(
        "attention",
        title=w("attention.title"),
        note=_note(found, w),
        columns=columns,
    )


def importance_table(found: Attention, w: Wording, *, instrument: Instrument) -> Table:
    """Return how much every dimension matters by each method, with the rank interval of the first used."""
    frame = found.importance[found.importance["outcome"] == OVERALL]
    dimensions = list(dict.fromkeys(frame["dimension"]))
    columns = [_names(dimensions, w, instrument=instrument)]
    for method in METHODS:
        rows = frame[frame["method"] == method].set_index("dimension")
        if rows.empty:
            continue
        rows = rows.reindex(dimensions)
        heading = w(f"attention.method_{method}")
        columns.append(
            estimates((method, f"{method}_low", f"{method}_high"), heading=heading, frame=rows, w=w)
        )
        columns.append(_ranks(rows, method, w))
    return build(
        "importance",
        title=w("attention.importance_title"),
        note=w("attention.importance_note"),
        columns=columns,
    )


def first_table(
    frame: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument, basis: str = ""
) -> Table:
    """Return the dimension that needs attention most in every group, in each reading, with its rank interval.

    Parameters
    ----------
    frame : DataFrame
        As ``evaluate.group_attention`` returns it, hidden rows taken out.
    basis : {"norm", "target", "organisation", ""}
        What the gap of a group is taken to, for the note.
    """
    names = list(dict.fromkeys(frame["group"]))
    columns = [words("group", heading=w.of(group.label), shown=map(str, names))]
    for reading in READINGS:
        own = frame[frame["reading"] == reading]
        if own.empty:
            continue
        first = (
            own.sort_values("rank", kind="stable").drop_duplicates("group").set_index("group").reindex(names)
        )
        shown = [
            DASH if pd.isna(row["rank"]) else _with_ranks(row, w, instrument=instrument)
            for _, row in first.iterrows()
        ]
        heading = w(f"attention.reading_{reading}")
        columns.append(words(f"first_{reading}", heading=heading, shown=shown, values=first["dimension"]))
    told = w(f"attention.basis_{basis}") if basis and (frame["reading"] == "gap").any() else ""
    return build(
        f"first_by_{group.name.replace('-', '_')}",
        title=w("attention.first_title", label=inside_sentence(w.of(group.label))),
        note=f"{w('attention.first_note')} {told}".strip(),
        columns=columns,
    )


def _with_ranks(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    name = name_of(str(row["dimension"]), instrument=instrument, w=w)
    return f"{name} ({rank_text(row['rank_low'], row['rank_high'], w)})"


def _names(dimensions: list[str], w: Wording, *, instrument: Instrument) -> Column:
    shown = [starred(code, instrument=instrument, w=w) for code in dimensions]
    return words("dimension", heading=w("attention.dimension"), shown=shown, values=dimensions)


def _ranks(rows: pd.DataFrame, code: str, w: Wording) -> Column:
    """Return a column of rank intervals; files get rank and both bounds."""
    shown = [rank_text(low, high, w) for low, high in zip(rows["rank_low"], rows["rank_high"], strict=True)]
    heading = w("attention.rank")
    names = (f"{code}_rank", f"{code}_rank_low", f"{code}_rank_high")
    values = (rows["rank"], rows["rank_low"], rows["rank_high"])
    return Column(
        heading=f"{heading} ({w(f'attention.short_{code}')})",
        shown=tuple(shown),
        raw={
            name: tuple(int(v) if v == v else None for v in column)
            for name, column in zip(names, values, strict=True)
        },
        headings=tuple(
            f"{w(f'attention.{part}')} ({w(f'attention.short_{code}')})"
            for part in ("rank", "rank_from", "rank_to")
        ),
        formats=("0", "0", "0"),
        align="right",
    )


def _note(found: Attention, w: Wording) -> str:
    parts = [w("attention.note")]
    for reading, part in (("gap", "basis"), ("weighted", "room")):
        if len(found.of(reading)):
            parts.append(w(f"attention.{part}_{found.basis[reading]}"))
    return " ".join(parts)

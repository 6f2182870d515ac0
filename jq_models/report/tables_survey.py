"""Tables of an employee survey: favourable answers, net promoter scores, norm, wave before, segments."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from jq_models.disclosure import MINIMUM, bands
from jq_models.evaluate.survey import BANDS, Enps, NormComparison, Response, Trend
from jq_models.report.columns import Column, excel_format, measured, numbers, verdicts, words
from jq_models.report.names import question, score_digits, starred
from jq_models.report.sentences_survey import basis_words
from jq_models.report.table import Table, build
from jq_models.report.tables_invariance import as_shown, file_name
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Group, Instrument

QUARTERS = ("first", "second", "third", "last")  # how the catalogue calls a band of `disclosure.bands`


def response_table(found: Response, w: Wording) -> Table:
    """Show the way from the people invited to those in the models; `found` with people invited."""
    steps = ("invited", "answered", "used")
    people = [float(found.invited or 0), float(found.answered), float(found.used)]
    return build(
        "response",
        title=w("response.flow"),
        columns=[
            words(
                "step", heading=w("response.step"), shown=[w(f"response.{s}") for s in steps], values=steps
            ),
            numbers("people", heading=w("response.people"), values=people, w=w, kind="count"),
            numbers(
                "share",
                heading=w("response.share"),
                values=[count / people[0] for count in people],
                w=w,
                kind="percent",
                digits=0,
            ),
        ],
    )


def favourable_table(shares: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show favourable, neutral and unfavourable answers of every scale; NaN (masked) as a dash.

    Parameters
    ----------
    shares : DataFrame
        Index construct; columns n, favourable, neutral, unfavourable, ci_low, ci_high.
    """
    return build(
        "favourable",
        title=w("favourable.title"),
        note=_favourable_note(w),
        columns=as_shown([_constructs(shares.index, instrument=instrument, w=w), *_bands(shares, w)]),
    )


def favourable_item_table(shares: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show the same of every question; `shares` has the items as its index and a column construct."""
    questions = [question(str(code), instrument=instrument, w=w) for code in shares.index]
    return build(
        "favourable_items",
        title=w("favourable.title_items"),
        note=_favourable_note(w),
        grouped=True,
        columns=as_shown(
            [
                _constructs(shares["construct"], instrument=instrument, w=w),
                words("item", heading=w("col.item"), shown=map(str, shares.index)),
                words("text", heading=w("col.text"), shown=questions),
                *_bands(shares, w),
            ]
        ),
    )


def favourable_words_table(
    shares: pd.DataFrame, w: Wording, *, instrument: Instrument, minimum: int = MINIMUM
) -> Table:
    """Show in quarters how large the share of favourable answers is: for samples too small for numbers.

    Parameters
    ----------
    shares : DataFrame
        As ``evaluate.survey.favourable_constructs`` returns them.
    minimum : int
        Persons from which on anything is told.
    """
    counts = shares["n"].astype(float)
    known = shares[list(BANDS)].astype(float).fillna({"neutral": 0.0})
    told = bands(known[counts >= minimum], counts, minimum=minimum)["favourable"].reindex(shares.index)
    codes = ["unknown" if math.isnan(quarter) else QUARTERS[int(quarter)] for quarter in told]
    return build(
        "favourable",
        title=w("favourable.title"),
        columns=[
            _constructs(shares.index, instrument=instrument, w=w),
            verdicts("band", heading=w("favourable.share"), codes=codes, prefix="favourable.band", w=w),
        ],
    )


def _favourable_note(w: Wording) -> str:
    return w("favourable.note", star=w("constructs.star"), dash=DASH)


def _bands(shares: pd.DataFrame, w: Wording) -> list[Column]:
    return [
        *measured(shares, "n col.n count", w=w),
        _percent_interval(shares, heading=w("favourable.interval"), w=w),
        *(
            numbers(band, heading=w(f"favourable.{band}"), values=shares[band], w=w, kind="percent", digits=0)
            for band in BANDS[1:]
        ),
    ]


def _percent_interval(shares: pd.DataFrame, *, heading: str, w: Wording) -> Column:
    """Return the share favourable with its interval in whole percentages; files get three numbers."""
    names = ("favourable", "ci_low", "ci_high")
    values = [tuple(map(float, shares[name])) for name in names]
    shown = [
        f"{w.percent(share)} {w.interval(100 * low, 100 * high, 0)}" if share == share else DASH
        for share, low, high in zip(*values, strict=True)
    ]
    return Column(
        heading=heading,
        shown=tuple(shown),
        raw=dict(zip(names, values, strict=True)),
        headings=(heading, w("table.lower", heading=heading), w("table.upper", heading=heading)),
        formats=(excel_format("percent", 0),) * 3,
        align="right",
    )


def enps_table(
    whole: Enps, groups: Mapping[str, pd.DataFrame], w: Wording, *, names: Mapping[str, str], least: int
) -> Table:
    """Show net promoter scores of all and of the groups whose numbers may be shown.

    Parameters
    ----------
    groups : mapping of str to DataFrame
        Grouping -> rows as ``evaluate.survey.group_enps`` returns them; NaN is left out.
    names : mapping of str to str
        What each grouping is called.
    """
    parts = ["n", "score", "ci_low", "ci_high", "promoters", "passives", "detractors"]
    first = pd.DataFrame([{part: getattr(whole, part) for part in parts}], index=[w("enps.all")])
    frames = [first, *(rows.loc[rows["score"].notna(), parts] for rows in groups.values())]
    labels = ["", *(names[name] for name, rows in groups.items() for _ in range(rows["score"].count()))]
    frame = pd.concat(frames)
    shown = [
        f"{w.number(s, 0)} {w.interval(low, high, 0)}"
        for s, low, high in frame[["score", "ci_low", "ci_high"]].itertuples(index=False)
    ]
    heading = w("enps.score")
    score = Column(
        heading=heading,
        shown=tuple(shown),
        raw={name: tuple(map(float, frame[name])) for name in ("score", "ci_low", "ci_high")},
        headings=(heading, w("table.lower", heading=heading), w("table.upper", heading=heading)),
        formats=(excel_format("number", 0),) * 3,
        align="right",
    )
    texts = [
        f"{label}: {name}" if label else str(name) for label, name in zip(labels, frame.index, strict=True)
    ]
    shares = [f"{band} enps.{band} percent 0" for band in ("promoters", "passives", "detractors")]
    return build(
        "enps",
        title=w("enps.title"),
        note=w("enps.note", least=least),
        columns=as_shown(
            [
                words("group", heading=w("enps.group"), shown=texts),
                *measured(frame, "n col.n count", w=w),
                score,
                *measured(frame, *shares, w=w),
            ]
        ),
    )


def norm_table(found: NormComparison, w: Wording, *, instrument: Instrument) -> Table:
    """Show every compared score beside its norm."""
    rows, digits = found.compared, score_digits(instrument)
    return build(
        "norm",
        title=w("norm.title"),
        note=w("norm.note", basis=basis_words(rows, w), star=w("constructs.star")),
        columns=[
            _constructs(rows.index, instrument=instrument, w=w),
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
        _constructs(rows.index, instrument=instrument, w=w),
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
                _constructs(rows["construct"], instrument=instrument, w=w),
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
        formats=(excel_format("number", digits),) * 3,
        align="right",
    )


def _constructs(codes: pd.Index | pd.Series, *, instrument: Instrument, w: Wording) -> Column:
    found = [str(code) for code in codes]
    shown = [starred(code, instrument=instrument, w=w) for code in found]
    return words("construct", heading=w("col.construct"), shown=shown, values=found)

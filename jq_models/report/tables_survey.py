"""Tables of an employee survey: response, favourable answers, net promoter scores."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from jq_models.disclosure import MINIMUM, bands
from jq_models.evaluate.survey import BANDS, Enps, Response
from jq_models.report.columns import Column, constructs, excel_format, measured, numbers, verdicts, words
from jq_models.report.names import question
from jq_models.report.table import Table, build
from jq_models.report.tables_invariance import as_shown
from jq_models.report.wording import DASH, Wording
from jq_models.spec import Instrument

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
        columns=as_shown(
            [
                constructs(shares.index, instrument=instrument, w=w, star=True),
                *_bands(shares, w),
            ]
        ),
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
                constructs(shares["construct"], instrument=instrument, w=w, star=True),
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
            constructs(shares.index, instrument=instrument, w=w, star=True),
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
        formats=(excel_format("percent", 0, w),) * 3,
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
        formats=(excel_format("number", 0, w),) * 3,
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

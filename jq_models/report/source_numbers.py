"""Numbers beside the claims of the sources: by organisation, simple slopes, what goes with recommending."""

from __future__ import annotations

import pandas as pd

from jq_models.disclosure import Release
from jq_models.evaluate.hypotheses import Gap
from jq_models.evaluate.sources.drivers import drivers
from jq_models.evaluate.sources.group_gaps import PAIRS, group_gaps
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import simple_slopes
from jq_models.report.columns import constructs, estimates, measured, words
from jq_models.report.names import inline, name_of, score_digits
from jq_models.report.names_hypotheses import gap_words
from jq_models.report.table import Table, build
from jq_models.report.wording import Wording
from jq_models.spec import Instrument, questionnaire_of

ORGANISATION = "organisation"


def organisation_gap_views(given: Material, w: Wording, *, release: Release) -> list[Table | str]:
    """Return the pairs of scales the sources set against each other, by organisation; nothing without any."""
    if ORGANISATION not in given.groups:
        return []
    rows = release.mask(
        group_gaps(given, group=ORGANISATION), group=ORGANISATION, at="group", construct="first"
    )
    rows = release.mask(rows, group=ORGANISATION, at="group", construct="second")
    rows = rows[rows["estimate"].notna()]
    if rows.empty:
        return []
    instrument = questionnaire_of(given.opened.spec)
    wide = {pair: rows[(rows["first"] == pair[0]) & (rows["second"] == pair[1])] for pair in PAIRS}
    groups = list(dict.fromkeys(rows["group"]))
    columns = [
        words(
            "group",
            heading=w.of(given.opened.spec.group(ORGANISATION).label),
            shown=groups,
            values=groups,
        )
    ]
    for (first, second), own in wide.items():
        if len(own):
            columns.append(
                estimates(
                    (f"{first}_{second}", f"{first}_{second}_low", f"{first}_{second}_high"),
                    heading=w(
                        "sources.organisations.minus",
                        first=name_of(first, instrument=instrument, w=w),
                        second=inline(second, instrument=instrument, w=w),
                    ),
                    frame=own.set_index("group").reindex(groups),
                    w=w,
                    digits=score_digits(instrument),
                )
            )
    return [
        build(
            "steering_organisations",
            title=w("sources.organisations.title"),
            note=w("sources.organisations.note"),
            columns=columns,
        )
    ]


def slope_views(given: Material, w: Wording) -> list[Table | str]:
    """Return how the link between helping and satisfaction changes with pressure and with appreciation."""
    rows, instrument = simple_slopes(given, "HLP", "SAT", ("PRS", "APR")), questionnaire_of(given.opened.spec)
    if isinstance(rows, Gap):
        return [w("sources.gap", why=gap_words(rows, w, instrument=instrument))]
    return [
        build(
            "simple_slopes",
            title=w("sources.slopes.title"),
            note=w("sources.slopes.note", n=int(rows["n"].iloc[0])),
            grouped=True,
            columns=[
                constructs(
                    rows["moderator"],
                    heading=w("sources.slopes.moderator"),
                    instrument=instrument,
                    w=w,
                    code="moderator",
                ),
                words(
                    "level",
                    heading=w("sources.slopes.level"),
                    shown=[w(f"sources.slopes.at.{_LEVELS[level]}") for level in rows["level"]],
                    values=rows["level"],
                ),
                estimates(
                    ("estimate", "ci_low", "ci_high"), heading=w("sources.slopes.slope"), frame=rows, w=w
                ),
                *measured(rows, "pvalue col.p p_value", w=w),
            ],
        )
    ]


_LEVELS = {-1: "low", 0: "average", 1: "high"}


def driver_views(given: Material, w: Wording) -> list[Table | str]:
    """Return what goes with recommending the work, and how much of it is explained."""
    found, instrument = drivers(given), questionnaire_of(given.opened.spec)
    if isinstance(found, Gap):
        return [w("sources.gap", why=gap_words(found, w, instrument=instrument))]
    rows = found.slopes
    first = str(rows.index[0])
    sentence = w(
        "sources.drivers.sentence",
        score=w.number(found.enps.score, 0),
        low=w.number(found.enps.ci_low, 0),
        high=w.number(found.enps.ci_high, 0),
        explained=w.percent(found.r_squared),
        first=inline(first, instrument=instrument, w=w),
        share=w.percent(float(rows["share"].iloc[0])),
    )
    return [sentence, _driver_table(rows, w, n=found.n, instrument=instrument)]


def _driver_table(rows: pd.DataFrame, w: Wording, *, n: int, instrument: Instrument) -> Table:
    return build(
        "recommend_drivers",
        title=w("sources.drivers.title"),
        note=w("sources.drivers.note", n=n),
        columns=[
            constructs(rows.index, heading=w("sources.scores.scale"), instrument=instrument, w=w),
            estimates(("estimate", "ci_low", "ci_high"), heading=w("sources.drivers.slope"), frame=rows, w=w),
            *measured(rows, "pvalue col.p p_value", "share sources.drivers.share percent 0", w=w),
        ],
    )

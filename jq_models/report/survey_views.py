"""What a reader sees of an employee survey, part by part; what a study has none of gives nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.disclosure import DISTRIBUTION, MINIMUM, Release, beside_wave, mask_whole
from jq_models.evaluate.invariance.lines import ALPHA
from jq_models.evaluate.survey import BANDS, Enps, NormComparison, Response, Trend, corrected
from jq_models.report.figure import Drawing
from jq_models.report.figures_survey import enps_figure, response_figure
from jq_models.report.figures_survey_compare import (
    norm_figure,
    segment_dots_figure,
    segment_figure,
    trend_figure,
)
from jq_models.report.figures_survey_favourable import favourable_figure, favourable_item_figures
from jq_models.report.names import unmarked
from jq_models.report.sentences_survey import (
    enps_sentence,
    favourable_sentence,
    norm_sentences,
    response_sentence,
    segment_sentence,
    trend_sentences,
)
from jq_models.report.table import Table
from jq_models.report.tables_invariance import ladder_table
from jq_models.report.tables_nesting import label_of
from jq_models.report.tables_survey import (
    enps_table,
    favourable_item_table,
    favourable_table,
    favourable_words_table,
    response_table,
)
from jq_models.report.tables_survey_compare import norm_table, segment_table, trend_table
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

View = Table | Drawing | str
COUNTED = ("ci_low", "ci_high")


def response_views(
    found: Response, groups: Mapping[str, pd.DataFrame], w: Wording, *, opened: OpenStudy
) -> list[View]:
    """Return who answered of those invited, in all and by group.

    Parameters
    ----------
    groups : mapping of str to DataFrame
        Grouping -> rows as ``evaluate.survey.group_response`` returns them, masked.
    """
    views: list[View] = [response_sentence(found, w)] if found.invited is not None else []
    if found.state == "known":
        views.append(response_table(found, w))
    for name, rows in groups.items():
        if rows["rate"].notna().sum() > 1:
            minimum = opened.spec.minimum_group
            views.append(response_figure(rows, w, group=opened.spec.group(name), minimum=minimum))
    return views


def favourable_views(
    constructs: pd.DataFrame, w: Wording, *, instrument: Instrument, minimum: int = MINIMUM
) -> list[View]:
    """Return favourable, neutral and unfavourable answers; in words where fewer than 50 people answered.

    Parameters
    ----------
    constructs : DataFrame
        As ``evaluate.survey.favourable_constructs`` returns them.
    minimum : int
        Persons from which on anything is told, in words.
    """
    if not (constructs["n"] >= DISTRIBUTION).any():
        few = favourable_words_table(constructs, w, instrument=instrument, minimum=minimum)
        return [w("favourable.too_few", n=DISTRIBUTION), few]
    scales = shares_shown(constructs)
    sentence = favourable_sentence(scales, w, instrument=instrument)
    return [
        sentence,
        favourable_figure(scales, w, instrument=instrument, alt=sentence),
        favourable_table(scales, w, instrument=instrument),
    ]


def favourable_item_views(items: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[View]:
    """Return the same question by question, in the words of the questions; nothing for fewer than 50 people.

    Parameters
    ----------
    items : DataFrame
        As ``evaluate.survey.favourable_items`` returns them.
    """
    shown = shares_shown(items)
    if not shown["favourable"].notna().any():
        return []
    return [*favourable_item_figures(shown, w, instrument=instrument)]


def favourable_item_tables(items: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[View]:
    """Return the numbers behind `favourable_item_views`.

    Parameters
    ----------
    items : DataFrame
        As for `favourable_item_views`.
    """
    shown = shares_shown(items)
    if not shown["favourable"].notna().any():
        return []
    return [favourable_item_table(shown, w, instrument=instrument)]


def shares_shown(shares: pd.DataFrame) -> pd.DataFrame:
    """Mask the shares of what fewer than 50 people answered, or all answered alike."""
    told = [*BANDS, *COUNTED]
    alike = shares[list(BANDS)].eq(1.0).any(axis=1)
    safe = (shares["n"] >= DISTRIBUTION) & ~alike
    return shares.assign(**{name: shares[name].astype(float).where(safe) for name in told})


def enps_views(
    found: Enps | None, groups: Mapping[str, pd.DataFrame], w: Wording, *, opened: OpenStudy
) -> list[View]:
    """Return the net promoter score; nothing when the study did not ask or too few answered.

    Parameters
    ----------
    groups : mapping of str to DataFrame
        Grouping -> rows as ``evaluate.survey.group_enps`` returns them, masked. Groups of fewer than 50
        answers are left out as well: score and interval together give the three shares away.
    """
    if found is None or found.n < opened.spec.minimum_group:
        return []
    sentence = enps_sentence(found, w, least=DISTRIBUTION)
    if found.n < DISTRIBUTION or max(found.promoters, found.passives, found.detractors) == 1.0:
        return [sentence]
    kept = {name: rows[(rows["n"] >= DISTRIBUTION) & rows["score"].notna()] for name, rows in groups.items()}
    kept = {name: rows for name, rows in kept.items() if len(rows) > 1}
    labels = {name: w.of(opened.spec.group(name).label) for name in kept}
    first = next(iter(kept.values()), pd.DataFrame(columns=["score", "ci_low", "ci_high"]))
    return [
        sentence,
        enps_figure(found, first, w, alt=unmarked(sentence), least=DISTRIBUTION),
        enps_table(found, kept, w, names=labels, least=DISTRIBUTION),
    ]


def norm_views(
    found: NormComparison | None, w: Wording, *, opened: OpenStudy, release: Release | None = None
) -> list[View]:
    """Return the scores beside a norm; nothing when the study names none."""
    if found is None:
        return []
    table = _enough(found.table, ("n",), minimum=opened.spec.minimum_group, release=release)
    found = NormComparison(norm=found.norm, table=table)
    instrument = opened.instrument
    views: list[View] = [norm_sentences(found, w, instrument=instrument)]
    if len(found.compared):
        views.append(norm_figure(found.compared, w, instrument=instrument))
        views.append(norm_table(found, w, instrument=instrument))
    return views


def trend_views(
    found: Trend | None, w: Wording, *, opened: OpenStudy, release: Release | None = None
) -> list[View]:
    """Return the scores beside the wave before; nothing when the study names none."""
    if found is None:
        return []
    spec, instrument = opened.spec, opened.instrument
    found = replace(
        found, table=_enough(found.table, ("n", "n_before"), minimum=spec.minimum_group, release=release)
    )
    beside = None if found.before is None else beside_wave(found.before, opened)
    if beside is not None:
        table = _enough(found.table, ("n",), minimum=spec.minimum_group, release=beside)
        found = replace(found, table=table)
    label = "" if found.grouping is None else label_of(found.grouping, groups=spec.groups, w=w)
    words = trend_sentences(found, w, instrument=instrument, label=label, needs=spec.gates.group)
    views: list[View] = [words]
    if len(found.compared):
        views.append(trend_figure(found.compared, w, instrument=instrument))
        views.append(trend_table(found, w, instrument=instrument))
    return views


def wave_views(found: Trend | None, w: Wording) -> list[View]:
    """Return the test of whether the questions mean the same in both waves, step by step."""
    if found is None or found.invariance is None or not found.invariance.steps:
        return []
    return [ladder_table(found.invariance, w, label=w("trend.wave"))]


def segment_views(groups: Mapping[str, pd.DataFrame], w: Wording, *, opened: OpenStudy) -> list[View]:
    """Return how groups differ from the rest: of every grouping a sentence, a picture where anything differs.

    Parameters
    ----------
    groups : mapping of str to DataFrame
        Grouping -> rows as ``evaluate.survey.group_segments`` returns them, masked.
    """
    views: list[View] = []
    for name, masked in groups.items():
        rows = corrected(_with_numbers(masked))
        if rows["p_holm"].notna().any():
            views += _segment(rows, w, group=opened.spec.group(name), opened=opened)
    return views


def _segment(rows: pd.DataFrame, w: Wording, *, group: Group, opened: OpenStudy) -> Iterable[View]:
    instrument = opened.instrument
    sentence = segment_sentence(rows, w, group=group, instrument=instrument)
    yield sentence
    if (rows["p_holm"] < ALPHA).any():
        alt = unmarked(sentence)
        draw = segment_figure if rows["group"].nunique() > 1 else segment_dots_figure
        yield draw(rows, w, group=group, instrument=instrument, alt=alt)


def segment_tables(groups: Mapping[str, pd.DataFrame], w: Wording, *, opened: OpenStudy) -> list[View]:
    """Return the same as tables, every group with every scale.

    Parameters
    ----------
    groups : mapping of str to DataFrame
        Grouping -> its groups, already masked.
    """
    minimum, instrument = opened.spec.minimum_group, opened.instrument
    tables: list[View] = []
    for name, masked in groups.items():
        rows = corrected(_with_numbers(masked))
        group = opened.spec.group(name)
        tables.append(segment_table(rows, w, group=group, instrument=instrument, minimum=minimum))
    return tables


def _enough(
    table: pd.DataFrame, counts: tuple[str, ...], *, minimum: int, release: Release | None
) -> pd.DataFrame:
    """Return a comparison without scores that fewer than `minimum` people have or the release hides."""
    few = table[list(counts)].astype(float).lt(minimum).any(axis=1)
    if release is not None:
        few |= mask_whole(table, release)["n"].isna()
    kept = table.where(~few, axis=0)
    return kept.assign(state=kept["state"].fillna("too_few"))


def _with_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out groups without any number, which are not named either, and the second of two groups.

    Of two groups, each is the other's rest: the second row says the first over again.
    """
    if rows["group"].nunique() == 2:
        rows = rows[rows["group"] == rows["group"].iloc[0]]
    known = rows.groupby("group", sort=False)["difference"].transform("count") > 0
    return rows[known].reset_index(drop=True)

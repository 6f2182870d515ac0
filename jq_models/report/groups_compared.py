"""All comparisons of groups of a study, ready to be shown, chapter part by chapter part."""

from __future__ import annotations

from collections.abc import Mapping

from jq_models.data import OpenStudy
from jq_models.evaluate import Plan
from jq_models.evaluate.invariance import Compared, Invariance
from jq_models.evaluate.invariance.study import MANY
from jq_models.report.figure import Drawing
from jq_models.report.figures_invariance import alignment_figure, latent_means_figure
from jq_models.report.sentences_invariance import compared_sentences
from jq_models.report.table import Table
from jq_models.report.tables_invariance import (
    alignment_table,
    ladder_table,
    latent_mean_table,
    release_table,
)
from jq_models.report.wording import Wording

View = Table | Drawing | str


def comparison_sentences(
    compared: Mapping[str, Compared], w: Wording, *, opened: OpenStudy, plan: Plan
) -> str:
    """Say of every grouping of the study what can be compared, or why not; one paragraph each.

    Those without enough answers share the last paragraph.
    """
    complete = opened.complete
    paragraphs = [
        compared_sentences(
            one,
            w,
            label=w.of(opened.spec.group(name).label),
            instrument=opened.instrument,
            count=int(complete.groups[name].nunique()),
            sizes=one.ladder is None or tells_sizes(one.ladder, opened),
        )
        for name, one in compared.items()
    ]
    skipped = [w.of(opened.spec.group(name).label) for name, one in compared.items() if one.why == "too_few"]
    if skipped:
        words: dict[str, str | int] = {
            "labels": w.join(skipped),
            "needs": plan.needs("group"),
            "fewer": plan.needs("alignment"),
            "many": MANY,
        }
        paragraphs.append(w("invariance.why.too_few", **words))
    return "\n\n".join(text for text in paragraphs if text)


def tells_sizes(ladder: Invariance, opened: OpenStudy) -> bool:
    """Say whether the numbers of complete answers may be told of the groups compared.

    Not when the complete answers of all others, which follow by subtraction from all there are, come from
    too few people. The model's exact numbers then may not be told either: with several steps, changes of
    the RMSEA and tests give the number behind them.
    """
    rest = opened.complete.n - sum(ladder.sizes)
    return not 0 < rest < opened.spec.minimum_group


def ladder_views(compared: Mapping[str, Compared], w: Wording, *, opened: OpenStudy) -> list[View]:
    """Return the ladder of every grouping that has one, and the items released."""
    views: list[View] = []
    for name, one in compared.items():
        if one.ladder is None or not one.ladder.steps:
            continue
        label = w.of(opened.spec.group(name).label)
        exact = tells_sizes(one.ladder, opened)
        views.append(ladder_table(one.ladder, w, label=label, exact=exact))
        if one.ladder.releases:
            views.append(release_table(one.ladder, w, label=label, instrument=opened.instrument, exact=exact))
    return views


def latent_mean_views(compared: Mapping[str, Compared], w: Wording, *, opened: OpenStudy) -> list[View]:
    """Return figure and table of latent means where they may be compared."""
    views: list[View] = []
    for name, one in compared.items():
        if one.ladder is None or one.ladder.means["effect"].notna().sum() == 0:
            continue
        label = w.of(opened.spec.group(name).label)
        views.append(latent_means_figure(one.ladder, w, label=label, instrument=opened.instrument))
        exact = tells_sizes(one.ladder, opened)
        views.append(latent_mean_table(one.ladder, w, label=label, instrument=opened.instrument, exact=exact))
    return views


def alignment_views(compared: Mapping[str, Compared], w: Wording, *, opened: OpenStudy) -> list[View]:
    """Return figure and table of every grouping that was aligned."""
    views: list[View] = []
    for name, one in compared.items():
        if one.aligned is None:
            continue
        label = w.of(opened.spec.group(name).label)
        if len(one.aligned.means):
            views.append(alignment_figure(one.aligned, w, label=label, instrument=opened.instrument))
        views.append(alignment_table(one.aligned, w, label=label, instrument=opened.instrument))
    return views

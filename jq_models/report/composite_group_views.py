"""All comparisons of composites between groups, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping

from jq_models.data import OpenStudy
from jq_models.evaluate.composites.group_study import ComparedComposites
from jq_models.report.figure import Drawing
from jq_models.report.figures_composite_groups import group_paths_figure
from jq_models.report.sentences_composite_groups import tells_group_sizes
from jq_models.report.table import Table
from jq_models.report.tables_composite_groups import group_path_table, micom_table
from jq_models.report.wording import Wording


def composite_group_views(
    compared: Mapping[str, ComparedComposites], w: Wording, *, opened: OpenStudy
) -> list[Table | Drawing]:
    """Return figure and tables of every grouping that was compared; the figure for two groups only."""
    views: list[Table | Drawing] = []
    instrument = opened.instrument
    for name, one in compared.items():
        if one.micom is None or one.paths is None:
            continue
        label = w.of(opened.spec.group(name).label)
        exact = tells_group_sizes(one, opened)
        if len(one.paths.sizes) == 1 and one.paths.table["difference"].notna().all():
            views.append(group_paths_figure(one.paths, w, group=name, label=label, instrument=instrument))
        views.append(
            group_path_table(
                one.paths, one.micom, w=w, group=name, label=label, instrument=instrument, exact=exact
            )
        )
        views.append(micom_table(one.micom, w, group=name, label=label, instrument=instrument, exact=exact))
    return views

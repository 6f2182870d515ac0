"""Planning on a screen: the tables of the report, a block for every way the respondents come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from jq_models.errors import SpecError
from jq_models.evaluate.power import (
    StudyPopulation,
    expected_rows,
    least_n,
    organisation_rows,
)
from jq_models.evaluate.power.chunk import truth_of
from jq_models.report.sentences_planning import (
    inestimable_sentence,
    organisation_sentences,
    population_sentences,
    takeaway_sentence,
)
from jq_models.report.table import Table
from jq_models.report.tables_planning import (
    planning_organisations_table,
    planning_power_table,
    planning_precision_table,
    planning_quality_table,
)
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.evaluate.power import PowerStudy

# of a table: path, value, n for a power
MOST_SIZES = 7
TAKEAWAY = 300


def planning_screen(
    study: PowerStudy, w: Wording, *, planned: StudyPopulation, instrument: Instrument
) -> Group:
    """Return what a reader sees of a planned study: power, precision and trust, then one sentence.

    Raises
    ------
    SpecError
        With more sizes than a table holds.
    """
    sizes = sorted(study.paths["n"].unique())
    check_sizes(len(sizes))
    least = least_n(study.truth)
    nearest = int(min(sizes, key=lambda n: (n < least, abs(n - TAKEAWAY))))
    parts: list[RenderableType] = [
        Text(population_sentences(planned, w, replications=study.replications)),
        Text(""),
    ]
    for own, title in _blocks(study, w, outcomes=planned.outcomes):
        expected = expected_rows(own.truth, nearest)
        tables = [
            planning_power_table(own, w, expected=expected, instrument=instrument),
            planning_precision_table(own, w, expected=expected, instrument=instrument),
            planning_quality_table(own, w),
        ]
        parts += [Text(title, style="bold")] if title else []
        parts += [part for table in tables for part in (_grid(table), Text(""))]
    if study.paths["organisations"].max() > 0:
        rows = organisation_rows(study)
        table = planning_organisations_table(
            rows, w, icc=study.population.source, replications=study.replications
        )
        parts += [_grid(table), Text(organisation_sentences(rows, w)), Text("")]
    too_few = [inestimable_sentence(w, n=int(n), least=least) for n in sizes if n < least and n != nearest]
    parts += [Text(text) for text in too_few]
    said = takeaway_sentence(expected_rows(study.truth, nearest), w, n=nearest, instrument=instrument)
    return Group(*parts, Text(said.replace("**", ""), style="bold"))


def check_sizes(count: int) -> None:
    """Refuse more sizes than a table holds.

    Raises
    ------
    SpecError
    """
    if count > MOST_SIZES:
        raise SpecError(f"{count} numbers of respondents: a table holds {MOST_SIZES}. Give fewer with --n.")


def _blocks(study: PowerStudy, w: Wording, *, outcomes: tuple[str, ...]) -> list[tuple[PowerStudy, str]]:
    """Cut a study into one for every mean loading and number of organisations, each with its title."""
    keys = study.paths[["loading", "organisations"]].drop_duplicates()
    several = len(keys) > 1
    blocks = []
    for loading, organisations in keys.itertuples(index=False):
        level = None if np.isnan(loading) else float(loading)
        truth = study.truth if level is None else truth_of(study.population, loading=level, outcomes=outcomes)
        own = replace(
            study,
            truth=truth,
            paths=_of(study.paths, loading, organisations),
            fits=_of(study.fits, loading, organisations),
        )
        shown = w.coefficient(study.population.mean_loading if level is None else level)
        people = w.count(organisations) if organisations else w("planning.organisations.none")
        title = w("planning.screen.block", loading=shown, organisations=people) if several else ""
        blocks.append((own, title))
    return blocks


def _of(frame: pd.DataFrame, loading: float, organisations: int) -> pd.DataFrame:
    same = frame["loading"].isna() if np.isnan(loading) else frame["loading"] == loading
    return frame[same & (frame["organisations"] == organisations)]


def _grid(table: Table) -> RenderableType:
    grid = Grid(
        title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for heading, side in zip(table.frame.columns, table.align, strict=True):
        longest = max(map(len, str(heading).split()))
        grid.add_column(str(heading), justify="right" if side == "right" else "left", min_width=longest)
    for row in table.frame.itertuples(index=False):
        grid.add_row(*(Text(cell) for cell in row))
    return grid

"""A simulation of planned studies: conditions in, power, bias, coverage and precision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pandas as pd

from jq_models.evaluate.power.chunk import Truth, truth_of
from jq_models.evaluate.power.conditions import Condition, tasks_of
from jq_models.evaluate.power.population import PowerPopulation
from jq_models.evaluate.power.schedule import Progress, run_tasks
from jq_models.evaluate.power.summary import condition_row, path_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStudy:
    """What the simulated studies found.

    Attributes
    ----------
    paths : DataFrame
        A row for every condition, quantity and kind of error: `summary.path_rows`.
    fits : DataFrame
        A row for every condition: `summary.condition_row`.
    truth : Truth
        Of the population with its own loadings.
    population : PowerPopulation
    replications, seed : int
    """

    paths: pd.DataFrame = field(repr=False)
    fits: pd.DataFrame = field(repr=False)
    truth: Truth = field(repr=False)
    population: PowerPopulation = field(repr=False)
    replications: int
    seed: int


def simulate_power(
    population: PowerPopulation,
    conditions: Sequence[Condition],
    *,
    outcomes: tuple[str, ...],
    replications: int = 1000,
    seed: int,
    workers: int = 1,
    scheduler: str | None = None,
    on_progress: Progress | None = None,
) -> PowerStudy:
    """Draw studies from a population and fit the study's model to each.

    Parameters
    ----------
    population : PowerPopulation
    conditions : sequence of Condition
        From `grid`.
    outcomes : tuple of str
        In display order.
    replications : int
        Of each condition.
    seed : int
        The same seed gives the same numbers, however many workers there are and wherever they run.
    workers, scheduler, on_progress
        As in `run_tasks`.

    Raises
    ------
    SpecError, RunError
        On a condition that cannot be drawn, or a cluster that cannot be reached.
    FitError
        When the model has no usable solution in the population itself.
    """
    # every level once: a population that cannot be fitted is refused before anything is drawn
    truths = {
        level: truth_of(population, loading=level, outcomes=outcomes)
        for level in dict.fromkeys([None, *(c.loading for c in conditions)])
    }
    tasks = tasks_of(population, conditions, replications=replications, seed=seed, outcomes=outcomes)
    chunks = run_tasks(tasks, workers=workers, scheduler=scheduler, on_progress=on_progress)
    paths, fits = [], []
    for condition, block in groupby(zip(tasks, chunks, strict=True), key=lambda pair: pair[0].condition):
        own = [chunk for _, chunk in block]
        truth = truths[condition.loading]
        paths.append(path_rows(condition, own, truth=truth))
        fits.append(condition_row(condition, own, truth=truth))
    return PowerStudy(
        paths=pd.concat(paths, ignore_index=True),
        fits=pd.DataFrame(fits),
        truth=truths[None],
        population=population,
        replications=replications,
        seed=seed,
    )

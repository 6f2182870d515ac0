"""A planned study from a study's name: population, simulation, and the record of both."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from jq_models.data import open_study
from jq_models.data.open import DATA_VARIABLE
from jq_models.data.read import read_table
from jq_models.evaluate import power
from jq_models.evaluate.power.schedule import Progress
from jq_models.evaluate.power.study import SIMULATED, TOO_FEW
from jq_models.paths import inside, project_root
from jq_models.run.plain_files import plain
from jq_models.spec import Instrument, load_instrument, load_study


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPlan:
    """What `jq-models power` found.

    Attributes
    ----------
    study : str
    instrument : Instrument
    planned : StudyPopulation
    found : PowerStudy
    conditions : tuple of Condition
    """

    study: str
    instrument: Instrument
    planned: power.StudyPopulation
    found: power.PowerStudy
    conditions: tuple[power.Condition, ...]


def planned_population(
    name: str, *, data: Path | None = None, five_points: bool = False
) -> tuple[Instrument, power.StudyPopulation]:
    """Return a study's questionnaire and population; without data, or with five points, the documented one.

    Raises
    ------
    SpecError, DataError
        When study, questionnaire or data cannot be read, or have no documented values.
    """
    spec = load_study(name)
    instrument = load_instrument(spec.instrument)
    given = data or os.environ.get(DATA_VARIABLE)
    if given:
        # read even where it is not planned with: a file that is named and absent is a mistake
        read_table(given, sheet=spec.sheet)
    there = bool(given) or inside(project_root(), spec.file).is_file()
    if there and not spec.simulated and not five_points:
        return instrument, power.study_population(open_study(name, data=data))
    planned = power.instrument_population(
        instrument, turnover=spec.turnover, learning=spec.learning, five_points=five_points
    )
    return instrument, replace(planned, reason=SIMULATED if spec.simulated else TOO_FEW)


def power_plan(
    name: str,
    conditions: Sequence[power.Condition],
    *,
    data: Path | None = None,
    five_points: bool = False,
    replications: int,
    seed: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    on_progress: Progress | None = None,
) -> PowerPlan:
    """Simulate a study over conditions; arguments as `power.simulate_power`, `seed`: else the study's."""
    instrument, planned = planned_population(name, data=data, five_points=five_points)
    found = power.simulate_power(
        planned.require(),
        conditions,
        outcomes=planned.outcomes,
        replications=replications,
        seed=load_study(name).seed if seed is None else seed,
        workers=workers,
        scheduler=scheduler,
        on_progress=on_progress,
    )
    return PowerPlan(
        study=name, instrument=instrument, planned=planned, found=found, conditions=tuple(conditions)
    )


def power_record(plan: PowerPlan) -> dict[str, Any]:
    """Return all numbers unrounded, JSON-able: what cannot be computed is null."""
    found = plan.found
    sizes = sorted({c.n for c in plan.conditions})
    expected = pd.concat([power.expected_rows(found.truth, n).assign(n=n) for n in sizes], ignore_index=True)
    return {
        "study": plan.study,
        "population": {"source": found.population.source, "reason": plan.planned.reason},
        "model": found.population.model.text,
        "mean_loading": found.population.mean_loading,
        "five_points": found.population.cuts is not None,
        "seed": found.seed,
        "replications": found.replications,
        "df": found.truth.fit.df,
        "paths": _records(found.paths),
        "fits": _records(found.fits),
        "expected": _records(expected),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]

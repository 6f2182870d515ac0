"""How the cost of a whole call grows with items, cases, groups and missing patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from benchmarks.data import (
    factor_model,
    factor_sample,
    study_model,
    study_sample,
    with_groups,
    with_patterns,
)
from benchmarks.measure import Measured, Setting
from benchmarks.tasks import Effort, timed

GROUP_SIZE, PATTERN_CASES, ITEM_CASES = 200, 2000, 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One direction of growth: what is made larger, the task, the sizes, the model and sample of a size."""

    name: str
    task: str
    sizes: tuple[int, ...]
    model: Callable[[int], str]
    sample: Callable[[int], pd.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One engine at one size."""

    kind: Kind
    size: int
    engine: str
    measured: Measured


def _grouped(groups: int) -> pd.DataFrame:
    """Return so many groups of the same size; a single one without a column for it, as plain ML takes it."""
    sample = study_sample(GROUP_SIZE * groups)
    return with_groups(sample, groups=groups) if groups > 1 else sample


KINDS = (
    Kind(
        name="items",
        task="ml",
        sizes=(9, 18, 45, 90),
        model=factor_model,
        sample=lambda size: factor_sample(ITEM_CASES, items=size),
    ),
    Kind(
        name="cases",
        task="mlr",
        sizes=(100, 500, 2000, 20_000),
        model=lambda size: study_model(),
        sample=study_sample,
    ),
    Kind(
        name="groups",
        task="groups",
        sizes=(1, 2, 5, 10),
        model=lambda size: study_model(),
        sample=_grouped,
    ),
    Kind(
        name="missing patterns",
        task="fiml",
        sizes=(1, 10, 100, 500, 2000),
        model=lambda size: study_model(),
        sample=lambda size: with_patterns(study_sample(PATTERN_CASES), patterns=size),
    ),
)


def grow(kind: Kind, *, engine: str, effort: Effort, limit: float) -> Iterator[Step]:
    """Time an engine at growing sizes; once R was stopped, larger sizes are not tried."""
    stopped = ""
    for size in kind.sizes:
        if stopped:
            yield Step(kind=kind, size=size, engine=engine, measured=Measured(reason=stopped))
            continue
        repeats = effort.ours if engine == "jq" else 1
        data = kind.sample(size)
        alone = kind.task == "groups" and "group" not in data
        setting = Setting(
            task="ml" if alone else kind.task,
            model=kind.model(size),
            data=data,
            repeats=min(repeats, 5),
            budget=effort.budget / 3,
        )
        measured = timed(setting, engine=engine, limit=limit)
        if measured.at_least == measured.at_least:
            stopped = "not tried: a smaller size was stopped"
        yield Step(kind=kind, size=size, engine=engine, measured=measured)

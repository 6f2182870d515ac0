"""The tasks, who is timed on them, and what the engine is asked to reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import by_jq, by_lavaan, by_semopy
from benchmarks.data import ITEMS, study_model, study_sample
from benchmarks.measure import Measured, Setting, dgemm_speed, shaped_speed
from benchmarks.variants import GROUPS, variant

SIZES = (200, 800, 2000)
JUDGED = 800
ENGINES: dict[str, Callable[[Setting], Measured]] = {
    "jq": by_jq.measure,
    "semopy": by_semopy.measure,
    "lavaan": by_lavaan.measure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is timed. `tolerance`: relative, of the chi-squares; `fewest`: cases it can be done with."""

    name: str
    title: str
    tolerance: float = 1e-6
    fewest: int = 0


TASKS = (
    Task(name="ml", title="ML"),
    Task(name="ml_again", title="ML, the same model text again"),
    Task(name="mlr", title="MLR"),
    Task(name="fiml", title="FIML, 5 % missing"),
    Task(name="fiml_mlr", title="FIML with MLR, 5 % missing"),
    Task(name="wlsmv", title="WLSMV, 5 answers", tolerance=1e-4),
    Task(name="modification", title="modification indices"),
    # with fewer cases the groups' sample covariance matrices are singular
    Task(name="groups", title="five groups, scalar", fewest=GROUPS * (sum(ITEMS.values()) + 1)),
    Task(name="bootstrap", title="a bootstrap replicate"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Repeats and seconds for our engine and for a peer, and when R is stopped."""

    sizes: tuple[int, ...]
    ours: int
    peers: int
    budget: float
    limit: float


FULL = Effort(sizes=SIZES, ours=15, peers=5, budget=30.0, limit=by_lavaan.LIMIT)
QUICK = Effort(sizes=(JUDGED,), ours=5, peers=2, budget=10.0, limit=120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One engine on one task and one sample size.

    For ours also the machine's speed at that moment, floating-point operations a second: `flops` of a large
    matrix product, `shaped` of products at the study model's own shapes.
    """

    task: Task
    n: int
    engine: str
    measured: Measured
    flops: float = math.nan
    shaped: float = math.nan


def run_cell(task: Task, n: int, *, engine: str, effort: Effort) -> Cell:
    """Draw the sample and time one engine on it.

    A shared machine's speed moves by a factor of two within minutes: it is taken before each of our tasks.
    """
    flops, shaped = (dgemm_speed(), shaped_speed()) if engine == "jq" else (math.nan, math.nan)
    if n < task.fewest:
        measured = Measured(reason=f"needs {task.fewest} cases")
    else:
        repeats = effort.ours if engine == "jq" else effort.peers
        data = variant(task.name, study_sample(n))
        setting = Setting(
            task=task.name, model=study_model(), data=data, repeats=repeats, budget=effort.budget
        )
        measured = timed(setting, engine=engine, limit=effort.limit)
    return Cell(task=task, n=n, engine=engine, measured=measured, flops=flops, shaped=shaped)


def timed(setting: Setting, *, engine: str, limit: float) -> Measured:
    """Time one engine on a setting."""
    if engine == "lavaan":
        return by_lavaan.measure(setting, limit=limit)
    return ENGINES[engine](setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times as fast as a peer the engine must be on a task, whole calls, n = 800."""

    task: str
    peer: str
    least: float


RATIOS = (
    Ratio(task="ml", peer="lavaan", least=25),
    Ratio(task="ml", peer="semopy", least=20),
    Ratio(task="mlr", peer="lavaan", least=200),
    Ratio(task="fiml", peer="lavaan", least=60),
    Ratio(task="fiml_mlr", peer="lavaan", least=60),
    Ratio(task="wlsmv", peer="lavaan", least=20),
    Ratio(task="modification", peer="lavaan", least=100),
    Ratio(task="groups", peer="lavaan", least=100),
    Ratio(task="bootstrap", peer="lavaan", least=15),
    Ratio(task="bootstrap", peer="semopy", least=50),
)
DRAWS, WORKERS = 2000, 2
MOST_SECONDS, MOST_BYTES, MOST_FLOORS = 10.0, 1e9, 4.0

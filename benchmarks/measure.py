"""What is measured of one task in one engine, and the machine's own speed."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

T = TypeVar("T")

# of one ML fit of the study model: the matrix products that its iterations cannot do without, about
FLOOR_FLOP = 26e6
# of its products: rows, inner, columns
SHAPES = ((45, 45, 45), (45, 45, 73), (73, 45, 73))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One cell of the table: a task on one sample, and how often it may be repeated."""

    task: str
    model: str
    data: pd.DataFrame
    repeats: int
    budget: float

    @property
    def items(self) -> tuple[str, ...]:
        """The observed variables."""
        return tuple(str(name) for name in self.data.columns if name != "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of each repeat, and what the fit ended with.

    Attributes
    ----------
    seconds : tuple of float
        Of the whole call; empty when nothing was timed, and `reason` says why.
    optimising : tuple of float
        Of that, inside the optimiser; empty when unknown.
    looped : tuple of float
        Of our optimiser alone, called again and again: as warm as the product that its floor is the speed of.
    fitting : tuple of float
        Of the whole call, lavaan's `sem()` alone, without `fitMeasures()`, whose robust indices for missing
        values cost several times the fit; empty for others.
    chi_square, chi_square_scaled : float
        NaN when the engine has none.
    df, n_free : int or None
    reason : str
    at_least : float
        Seconds after which it was stopped, NaN when it was not.
    note : str
        What the engine leaves out of the task.
    """

    seconds: tuple[float, ...] = ()
    optimising: tuple[float, ...] = ()
    looped: tuple[float, ...] = ()
    fitting: tuple[float, ...] = ()
    chi_square: float = math.nan
    chi_square_scaled: float = math.nan
    df: int | None = None
    n_free: int | None = None
    reason: str = ""
    at_least: float = math.nan
    note: str = ""

    @property
    def median(self) -> float:
        """Median seconds of the whole call, NaN when nothing was timed."""
        return statistics.median(self.seconds) if self.seconds else math.nan

    @property
    def optimising_median(self) -> float:
        """Median seconds inside the optimiser, NaN when unknown."""
        return statistics.median(self.optimising) if self.optimising else math.nan

    @property
    def looped_median(self) -> float:
        """Median seconds of the optimiser in a loop, NaN when unknown."""
        return statistics.median(self.looped) if self.looped else math.nan

    @property
    def fitting_median(self) -> float:
        """Median seconds of the fitting function alone, NaN when unknown."""
        return statistics.median(self.fitting) if self.fitting else math.nan


def rounds(setting: Setting) -> Iterator[int]:
    """Count repeats until there are enough of them or their time is spent; always at least one."""
    start = time.perf_counter()
    for repeat in range(setting.repeats):
        if repeat and time.perf_counter() - start > setting.budget:
            return
        gc.collect()
        yield repeat


def stopwatch(call: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds a call takes, and what it returns."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def dgemm_speed(*, size: int = 1000, repeats: int = 7) -> float:
    """Return the floating-point operations a second of a matrix product, the median of some repeats."""
    rng = np.random.default_rng(1)
    a, b = rng.random((size, size)), rng.random((size, size))
    seconds = statistics.median(stopwatch(lambda: a @ b)[0] for _ in range(repeats))
    return 2.0 * size**3 / seconds


def shaped_speed(*, repeats: int = 200) -> float:
    """Return the floating-point operations a second of products at the study model's own shapes.

    p = 45 items and q = 73 columns of derivatives: p x p by p x p, p x p by p x q, q x p by p x q; each the
    median of some repeats, the call itself included. What `dgemm_speed` says of large matrices, small ones
    do not reach.
    """
    rng = np.random.default_rng(1)
    flop, seconds = 0.0, 0.0
    for rows, inner, columns in SHAPES:
        a, b, out = rng.random((rows, inner)), rng.random((inner, columns)), np.empty((rows, columns))
        times = [stopwatch(partial(np.matmul, a, b, out=out))[0] for _ in range(repeats)]
        flop += 2.0 * rows * inner * columns
        seconds += statistics.median(times)
    return flop / seconds


def agree(values: list[float], *, tolerance: float) -> bool:
    """Say whether all values that exist are equal within a relative tolerance."""
    there = [value for value in values if not math.isnan(value)]
    return all(math.isclose(value, there[0], rel_tol=tolerance) for value in there)

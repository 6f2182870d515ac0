"""Importance and performance: what goes with an outcome most, and how well it is doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jq_models.errors import DataError, SpecError, suggest
from jq_models.evaluate.composites.ipma_values import Cell, cells_of, ipma_values
from jq_models.evaluate.composites.standard import StandardMoments, deviations
from jq_models.numeric.blocks import run_blocks, samples_at_once
from jq_models.numeric.interval_formulas import bias_corrected, check_level, percentile
from jq_models.numeric.moments import Array
from jq_models.numeric.resampling import Resampling
from jq_models.numeric.threads import one_thread
from jq_models.pls.bootstrap import resampling_of, solved_near
from jq_models.pls.result import PlsFit, correlation_of
from jq_models.pls.status import usable
from jq_models.spec import Instrument

FULL = 100.0
INTERVALS = ("percentile", "bc")
MEASURES = ("importance", "performance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipma:
    """What goes with one outcome.

    Attributes
    ----------
    target : str
    table : DataFrame
        A row a construct with a route to the outcome, and a row an item of theirs: level (of ``LEVELS``),
        construct, item, weight, importance, importance_low, importance_high, performance, performance_low,
        performance_high. `weight` is the share in what it belongs to: of an item in its construct, of a
        member in its second-order construct; NaN for what belongs to nothing. Bounds are NaN without draws.
    performance : float
        Of the outcome, 0 to 100.
    negative : tuple of str
        Items and members with a negative weight.
    n, draws, failed : int
        Cases, replicates asked for, and those without a usable solution.
    level : float
        Of the intervals.
    """

    target: str
    table: pd.DataFrame
    performance: float
    negative: tuple[str, ...]
    n: int
    draws: int
    failed: int
    level: float

    def at(self, level: str) -> pd.DataFrame:
        """Return the rows of one level, renumbered."""
        return self.table[self.table["level"] == level].reset_index(drop=True)


def item_scales(instrument: Instrument) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest possible answer to every item, as the questionnaire says."""
    return {item.code: (float(item.scale.low), float(item.scale.high)) for item in instrument.items}


def ipma(
    fit: PlsFit,
    *,
    target: str,
    scales: Mapping[str, tuple[float, float]],
    draws: int = 0,
    seed: int = 0,
    workers: int = 1,
    kind: str = "percentile",
    level: float = 0.95,
) -> Ipma:
    """Lay importance beside performance, of constructs and of items.

    Ringle & Sarstedt (2016, Industrial Management & Data Systems 116, 1865-1886). Every answer first becomes
    the percentage of its scale's range. Performance is the mean of a construct's score, its items weighted
    by their unstandardised weights, which sum to 1. Importance is the unstandardised total effect on the
    outcome: by how many points the outcome differs, on average, where the construct is one point higher and
    the others with arrows to the same constructs are the same. An item's importance is its weight times that
    of its construct.

    Parameters
    ----------
    fit : PlsFit
    target : str
        A construct that some arrow leads to.
    scales : mapping
        Item -> its lowest and highest possible answer, such as `item_scales` gives: not the lowest and
        highest given, which depend on who happened to answer.
    draws : int
        Bootstrap replicates for intervals; 0 for none.
    seed, workers : int
    kind : {"percentile", "bc"}
        Both hold the true importance of a member of a composite in about 95 % of simulated samples.
    level : float

    Returns
    -------
    Ipma
        NaN for a construct whose weights do not add up to more than 0.

    Raises
    ------
    FitError
        When the fit is not usable.
    SpecError
        On an unknown outcome, one that no arrow leads to, or an item without a scale.
    DataError
        When answers lie outside the scale, or draws are asked for without the answers.

    Notes
    -----
    Of a construct corrected for attenuation the standard deviation is that of its score without error, so
    that importance is the slope between the constructs themselves. Members of a second-order construct count
    with their weight in it; of a second-order factor that says what makes up its score, not what causes it.
    SmartPLS takes the answers' own range unless told otherwise. With a negative weight, performance is no
    average any more and can leave 0 to 100; `Ipma.negative` names such weights.
    """
    fit.require()
    check_level(level)
    if kind not in INTERVALS:
        raise SpecError(f"No kind of interval '{kind}'. {suggest(kind, INTERVALS)}")
    for name, value, least in (("draws", draws, 0), ("workers", workers, 1), ("seed", seed, 0)):
        if value < least:
            raise SpecError(f"The map got {name} = {value}. Give a whole number from {least} on.")
    _check_target(fit, target)
    low, span = _ranges(fit, scales)
    cells = cells_of(fit.design, target=target)
    with one_thread():
        mean = (fit.moments.mean - low) / span * FULL
        deviation = np.sqrt(np.diag(fit.moments.covariance)) / span * FULL
        found = ipma_values(
            fit.solution, fit.design, target=target, mean=mean[None], deviation=deviation[None]
        )
        drawn, failed = np.empty((0, *found.values.shape[1:])), 0
        if draws:
            replicator = _Replicator(fit, target=target, low=low, span=span, seed=seed)
            block = samples_at_once(len(low))
            parts = run_blocks(replicator, draws=draws, workers=workers, block=block)
            drawn = np.concatenate(parts)
            failed = int(np.isnan(drawn).all(axis=(1, 2)).sum())
    return Ipma(
        target=target,
        table=_table(cells, found.values[0], shares=found.shares[0], drawn=drawn, kind=kind, level=level),
        performance=float(found.target[0]),
        negative=tuple(
            cell.item or cell.construct
            for cell, share in zip(cells, found.shares[0], strict=True)
            if share < 0.0
        ),
        n=fit.n,
        draws=draws,
        failed=failed,
        level=level,
    )


class _Replicator:
    """Draws and computes replicates: NaN for those without a solution."""

    def __init__(self, fit: PlsFit, *, target: str, low: Array, span: Array, seed: int) -> None:
        cases = fit.require_cases("The bootstrap")
        self.fit, self.target, self.seed = fit, target, seed
        self.resampling: Resampling = resampling_of(fit)
        self.moments = StandardMoments(cases)
        self.centre = (self.moments.centre - low) / span * FULL
        self.scale = self.moments.unit / span * FULL

    def run(self, first: int, last: int, *, stop: Callable[[], bool]) -> Array:
        """Return importance and performance, (replicates, cells, 2)."""
        drawn = self.moments.of(self.resampling.times(self.seed, range(first, last)))
        solution = solved_near(self.fit, correlation_of(drawn.covariance), stop=stop)
        found = ipma_values(
            solution,
            self.fit.design,
            target=self.target,
            mean=self.centre + drawn.mean * self.scale,
            deviation=deviations(drawn) * self.scale,
        ).values
        found[~usable(solution, self.fit.design)] = np.nan
        return found


def _check_target(fit: PlsFit, target: str) -> None:
    stage = fit.design.last
    ends = [stage.constructs[i] for i in stage.endogenous]
    if target not in ends:
        raise SpecError(
            f"'{target}' is not a construct that an arrow of '{fit.model.name}' leads to. "
            f"{suggest(target, ends)}"
        )


def _ranges(fit: PlsFit, scales: Mapping[str, tuple[float, float]]) -> tuple[Array, Array]:
    """Return where each item's scale begins and how far it goes."""
    items = fit.design.first.indicators
    absent = [item for item in items if item not in scales]
    if absent:
        raise SpecError(
            f"No scale for {', '.join(absent)}. Give the lowest and highest possible answer: "
            f"{{'{absent[0]}': (1, 5)}}."
        )
    low = np.array([scales[item][0] for item in items], dtype=float)
    span = np.array([scales[item][1] for item in items], dtype=float) - low
    flat = [item for item, width in zip(items, span, strict=True) if not width > 0.0]
    if flat:
        raise SpecError(f"The scale of {', '.join(flat)} does not go up. Give (lowest, highest).")
    values = fit.moments.mean[None] if fit.cases is None else fit.cases
    outside = ((values < low - 1e-9) | (values > low + span + 1e-9)).any(axis=0)
    wrong = [item for item, out in zip(items, outside, strict=True) if out]
    if wrong:
        raise DataError(
            f"Answers outside the scale of {', '.join(wrong)}. Check the scale, and whether the item was "
            "turned round or standardised."
        )
    return low, span


def _table(
    cells: tuple[Cell, ...], values: Array, *, shares: Array, drawn: Array, kind: str, level: float
) -> pd.DataFrame:
    rows = []
    for k, cell in enumerate(cells):
        row: dict[str, object] = {
            "level": cell.level,
            "construct": cell.construct,
            "item": cell.item,
            "weight": shares[k],
        }
        for column, name in enumerate(MEASURES):
            draws = drawn[np.isfinite(drawn[:, k, column]), k, column]
            value, ends = float(values[k, column]), np.full(2, np.nan)
            if len(draws) > 1 and np.isfinite(value):
                ends = (
                    percentile(draws, level=level)
                    if kind == "percentile"
                    else bias_corrected(draws, value, level=level)
                )
            row |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
        rows.append(row)
    return pd.DataFrame(rows)

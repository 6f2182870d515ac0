"""Whether composites mean the same in two groups: measurement invariance of composites (MICOM).

Henseler, Ringle & Sarstedt (2016), Testing measurement invariance of composites using partial least squares,
International Marketing Review 33, 405-431.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from jq_models.evaluate.composites.permuted import (
    Labels,
    Pair,
    Permuted,
    both_tails,
    item_positions,
    lower_tail,
    measured_constructs,
    pairs_of,
    permuted,
)
from jq_models.numeric.interval_formulas import order_quantiles
from jq_models.numeric.moments import Array
from jq_models.pls import PlsFit
from jq_models.pls.design import Design

ALPHA = 0.05
# what may be compared: scores and paths; paths; nothing; not known; paths, and of the scores nothing is told
MICOM_LEVELS = ("full", "partial", "none", "not_estimated", "too_small", "untold")
# ours: no group of fewer people is compared, nor one of hardly more than a block has indicators
FEWEST = 10
SPARE = 2
TOO_SMALL = "too_small"
COLUMNS = "first second construct items c c_low p_composition mean mean_low mean_high p_mean log_variance"
COLUMNS += " variance_low variance_high p_variance level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Micom:
    """The three steps for one pair of groups, or several.

    Attributes
    ----------
    table : DataFrame
        One row a pair and construct: first, second (the groups), construct, items; step 2: c, c_low (its 5 %
        quantile when groups do not matter), p_composition; step 3, first group less second: mean (in standard
        deviations of all people of the pair), mean_low, mean_high (95 % of the exchanges lie between),
        p_mean, log_variance, variance_low, variance_high, p_variance; level: "full" (steps 2 and 3 hold),
        "partial" (step 2 holds), "none" (step 2 fails), "not_estimated", "too_small" (a group has fewer
        people than `fewest`: no numbers), "untold" (step 2 holds; see `without_means`). p values are not
        corrected for their number, as in the paper: of twenty constructs that mean the same, one is refused.
    sizes : dict of (str, str) to (int, int)
        Pair -> persons in its groups.
    unvarying : dict of (str, str) to tuple of str
        Pair -> items that do not vary in one of its groups: step 1 fails, nothing is estimated.
    permutations : int
    failed : dict of (str, str) to int
        Pair -> exchanges without estimates; the p values rest on the others.
    seed : int
    """

    table: pd.DataFrame = field(repr=False)
    sizes: dict[tuple[str, str], tuple[int, int]]
    unvarying: dict[tuple[str, str], tuple[str, ...]]
    permutations: int
    failed: dict[tuple[str, str], int]
    seed: int


def micom(
    fit: PlsFit,
    groups: Labels,
    *,
    pair: tuple[str, str] | None = None,
    permutations: int = 1000,
    seed: int,
    workers: int = 1,
) -> Micom:
    """Test whether a model's composites mean the same in two groups.

    Step 1, configural: the same items, coded alike, and the same algorithm in both groups. One fit describes
    both, so this holds by construction, unless an item does not vary in a group. Step 2, compositional: the
    scores that both groups' weights give all people correlate perfectly, c = 1; tested by exchanging people.
    Step 3: means and variances of the scores by common weights are equal.

    Parameters
    ----------
    fit : PlsFit
        Of all people. Its scheme, modes, dominant items and correction hold in both groups.
    groups : Series or sequence
        The group of every row of the table that was fitted.
    pair : (str, str), optional
        Default: all pairs.
    permutations : int
        The paper advises 5,000 for a final result.
    seed : int
        From 0.
    workers : int
        Threads; the result is the same to the last bit.

    Returns
    -------
    Micom

    Raises
    ------
    FitError, DataError, SpecError
        As `pairs_of`, and on a number below its least.

    Notes
    -----
    c is computed from pooled correlations: weights of standardised items weigh items standardised over both
    groups; tools that take pooled covariances differ where items differ in spread. Means are in standard
    deviations with divisor N, variances of a group have n - 1. p is (1 + hits) / (1 + permutations); some
    tools leave out the ones. Exchanges with an impossible consistent solution count (cSEM drops them): in a
    model of one stage weights do not depend on the correction. In a consistent fit the scores are those of
    the proxies, measurement error included. A second-order composite is scored from its members' scores. A
    construct of one item has c = 1, and no p: nothing about it can be tested. Weights rest on what a
    construct goes with, so in small groups step 2 refuses too often where paths differ strongly (simulated:
    .11 to .16 at a level of .05, in groups of 140 and 90). A group of fewer than 10 people, or of no more
    people than the largest block has indicators and 2 more, is not compared (`fewest`; both are ours): its
    weights fit any few answers. Far larger groups are needed for a test with power.
    """
    found = [
        permuted(fit, one, permutations=permutations, seed=seed, workers=workers)
        for one in pairs_of(fit, groups, pair=pair)
    ]
    return micom_of(fit, found, permutations=permutations, seed=seed)


def micom_of(fit: PlsFit, found: list[Permuted], *, permutations: int, seed: int) -> Micom:
    """Put permuted pairs together."""
    return Micom(
        table=pd.DataFrame([row for one in found for row in _rows(fit, one)], columns=COLUMNS.split()),
        sizes={one.pair.labels: one.pair.sizes for one in found},
        unvarying={one.pair.labels: _unvarying(fit, one.pair) for one in found},
        permutations=permutations,
        failed={one.pair.labels: one.failed for one in found},
        seed=seed,
    )


def without_means(found: Micom, constructs: Collection[str]) -> Micom:
    """Return the test without step 3 of some constructs: it would tell how groups score on them."""
    table = found.table.copy()
    own = table["construct"].isin(list(constructs))
    names = COLUMNS.split()
    table.loc[own, names[names.index("mean") : names.index("level")]] = np.nan
    table.loc[own & table["level"].isin(("full", "partial")), "level"] = "untold"
    return replace(found, table=table)


def fewest(design: Design) -> int:
    """Return the people that each group must have to be compared: see the notes of `micom`."""
    stages = [stage for stage in (design.first, design.second) if stage is not None]
    return max(FEWEST, SPARE + 1 + max(len(b.indicators) for stage in stages for b in stage.blocks))


def _rows(fit: PlsFit, found: Permuted) -> list[dict[str, object]]:
    names, items = measured_constructs(fit.design), item_positions(fit.design)
    observed, drawn, good = found.observed, found.replicates, found.replicates.converged
    small = min(found.pair.sizes) < fewest(fit.design)
    estimated = bool(observed.converged[0]) and bool(good.any()) and not small
    rows: list[dict[str, object]] = []
    for k, name in enumerate(names):
        several = len(items[k]) > 1
        c = observed.agreement[0, k]
        exchanged = drawn.agreement[good, k]
        row: dict[str, object] = {"first": found.pair.labels[0], "second": found.pair.labels[1]}
        row |= {"construct": name, "items": len(items[k]), "c": float("nan") if small else float(c)}
        if estimated and several:
            row["c_low"] = float(order_quantiles(exchanged, np.array([ALPHA]))[0])
            row["p_composition"] = lower_tail(exchanged, float(c))
        if estimated:
            row |= _equality("mean", observed.mean[0, k], drawn.mean[good, k])
            row |= _equality("variance", observed.log_variance[0, k], drawn.log_variance[good, k])
            row["log_variance"] = row.pop("variance")
        without = TOO_SMALL if small else "not_estimated"
        row["level"] = _level(row, several=several) if estimated else without
        rows.append(row)
    return rows


def _equality(name: str, value: float, exchanged: Array) -> dict[str, object]:
    exchanged = exchanged[np.isfinite(exchanged)]
    if not len(exchanged) or not np.isfinite(value):
        return {name: float("nan")}
    low, high = order_quantiles(exchanged, np.array([ALPHA / 2.0, 1.0 - ALPHA / 2.0]))
    return {
        name: float(value),
        f"{name}_low": float(low),
        f"{name}_high": float(high),
        f"p_{name}": both_tails(exchanged, float(value)),
    }


def _level(row: dict[str, object], *, several: bool) -> str:
    p = {key: float(str(row.get(key, "nan"))) for key in ("p_composition", "p_mean", "p_variance")}
    if not np.isfinite([p["p_mean"], p["p_variance"]]).all() or (several and np.isnan(p["p_composition"])):
        return "not_estimated"
    if several and p["p_composition"] < ALPHA:
        return "none"
    return "full" if min(p["p_mean"], p["p_variance"]) >= ALPHA else "partial"


def _unvarying(fit: PlsFit, pair: Pair) -> tuple[str, ...]:
    flat = [np.ptp(pair.cases[who], axis=0) == 0 for who in (pair.first, ~pair.first)]
    return tuple(fit.design.first.indicators[i] for i in np.flatnonzero(flat[0] | flat[1]))

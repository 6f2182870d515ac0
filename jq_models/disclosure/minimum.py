"""Minimum group sizes: a group too small to show is hidden, and so is what would give it away."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.errors import DisclosureError
from jq_models.spec.study import FLOOR

Vector = NDArray[np.float64]

MINIMUM = 10
DISTRIBUTION = 50  # respondents from which full distributions of answers may be shown


def hide_small(counts: pd.Series, *, minimum: int = MINIMUM) -> pd.Series:
    """Hide the sizes of small groups, and of others until the small ones don't follow by subtraction.

    Parameters
    ----------
    counts : Series
        Persons in each group of one partition (every person in one group at most).
    minimum : int
        Smallest size that may be shown; at least 5.

    Returns
    -------
    Series of float
        NaN for hidden groups: those below `minimum`, and then the next smallest (the first of equals)
        until the hidden groups together reach `minimum`. Who knows the total and subtracts what is shown
        then learns about no fewer persons than that; a group is never hidden alone.

    Raises
    ------
    DisclosureError
        When `minimum` is below the floor, or a count is negative or no whole number.
    """
    check_minimum(minimum)
    sizes = counts.to_numpy(dtype=float, na_value=math.nan)
    if np.any(sizes < 0) or np.any(np.mod(sizes[~np.isnan(sizes)], 1)):
        raise DisclosureError("Group sizes must be whole numbers of persons, 0 or more.")
    hidden = ~(sizes >= minimum)  # NaN, hidden before, stays hidden
    hide_complement(sizes, hidden, minimum=minimum)
    return pd.Series(np.where(hidden, np.nan, sizes), index=counts.index, name=counts.name)


def shows_distributions(n: int) -> bool:
    """Say whether `n` respondents are enough to show how their answers are spread, not just means."""
    return n >= DISTRIBUTION


def hide_complement(sizes: Vector, hidden: NDArray[np.bool_], *, minimum: int) -> None:
    """Extend `hidden` (changed in place) until subtraction reveals nothing smaller than `minimum`."""
    order = [int(k) for k in np.argsort(sizes, kind="stable") if not hidden[k]]
    while order and _follows(sizes[hidden], minimum=minimum):
        hidden[order.pop(0)] = True


def hide_small_table(frame: pd.DataFrame, counts: pd.Series, *, minimum: int = MINIMUM) -> pd.DataFrame:
    """Mask every statistic of the groups that `hide_small` hides.

    Parameters
    ----------
    frame : DataFrame
        Statistics; its index, or the index level named as the index of `counts` (else the first), holds
        the groups.
    counts : Series
        Persons in each group of the whole partition, not only of the groups in `frame`.
    minimum : int
        Smallest size that may be shown; at least 5.

    Returns
    -------
    DataFrame
        The same rows and columns; NaN in every column of a hidden group.

    Raises
    ------
    DisclosureError
        When a group of `frame` has no count, or as `hide_small`.
    """
    name = counts.index.name
    named = name is not None and name in frame.index.names
    groups = frame.index.get_level_values(str(name) if named else 0)
    uncounted = len(set(groups) - set(counts.index))
    if uncounted:
        raise DisclosureError(
            f"{uncounted} groups of the table have no count, so nothing of it can be shown."
        )
    shown = hide_small(counts, minimum=minimum).dropna().index
    return frame.where(np.broadcast_to(np.isin(groups, list(shown))[:, None], frame.shape))


def _follows(hidden: Vector, *, minimum: int) -> bool:
    """Return whether total minus shown groups tells about fewer than `minimum` persons.

    A single hidden group always does: it was hidden because it is that small. Sizes hidden before they
    came here (NaN) are taken as one person each: the cautious reading.
    """
    persons = np.where(np.isnan(hidden), 1.0, hidden).sum()
    return bool(0 < persons < minimum)


def check_minimum(minimum: int) -> None:
    """Raise when a minimum is below the floor."""
    if minimum < FLOOR:
        raise DisclosureError(f"The minimum group size is {minimum}; it cannot be below {FLOOR}.")

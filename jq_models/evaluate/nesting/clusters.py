"""Which groupings of a study nest people, and whether they are enough for cluster-robust errors."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data.responses import Responses

# where people work together: those of one place are alike. A study's own names count where teams lie
# within them or they within organisations; age bands, functions or tenure do neither, in however many classes
PLACES = ("organisation", "location", "department", "team")
OUTERMOST, INNERMOST = PLACES[0], PLACES[-1]
MINIMUM_GROUPS = 6  # ours: a variance between five groups or fewer rests on next to nothing
MINIMUM_SIZE = 3.0  # ours: mean persons a group
CLUSTER_LEVELS = ("too_few", "few", "enough")
# "few" clusters: fewer than 20 to fewer than 50, by how unequal they are (Cameron & Miller 2015, J. Human
# Resources 50, 317-372); 30 is where `fit_sem` stops saying so
TOO_FEW, FEW = 20, 30


def nested_groupings(responses: Responses) -> tuple[str, ...]:
    """Return the groupings that people are nested in: many groups of several people each.

    At least six groups of three people or more on average, of people who work together: a grouping of one of
    the names `PLACES`, or one that holds whole teams or lies within organisations. Any other split (contract,
    language, age, function, days at home) is no cluster: its groups are compared, not sampled.

    Returns
    -------
    tuple of str
        The coarsest first: organisation before team.
    """
    counts = {str(name): _counts(responses.groups[name]) for name in responses.groups.columns}
    kept = [
        name
        for name, n in counts.items()
        if len(n) >= MINIMUM_GROUPS and float(n.mean()) >= MINIMUM_SIZE and _works_together(responses, name)
    ]
    return tuple(sorted(kept, key=lambda name: len(counts[name])))


def grouping_pair(responses: Responses) -> tuple[str, str] | None:
    """Return the outermost and innermost grouping where every inner group lies within one outer group."""
    groupings = nested_groupings(responses)
    pairs = [
        (outer, inner)
        for outer, inner in permutations(groupings, 2)
        if groupings.index(outer) < groupings.index(inner) and _inside(responses, inner, outer=outer)
    ]
    return max(pairs, key=lambda pair: groupings.index(pair[1])) if pairs else None


def team_grouping(responses: Responses) -> str | None:
    """Return the grouping whose members resemble each other: the innermost, such as teams; None without one.

    Organisations are no draws from others: the report speaks of these.
    """
    pair = grouping_pair(responses)
    inner = pair[1] if pair else next(reversed(nested_groupings(responses)), None)
    return None if inner == OUTERMOST else inner


def cluster_codes(groups: pd.Series) -> NDArray[np.intp]:
    """Return a number from 0 on for each group, and one of its own for each person without a group.

    Teams of one name in several organisations are told apart already (``data.team_names``).
    """
    codes = pd.factorize(groups, use_na_sentinel=True)[0].astype(np.intp)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def cluster_level(count: int) -> str:
    """Return whether clusters are ``"too_few"`` (below 20), ``"few"`` (below 30) or ``"enough"``.

    Parameters
    ----------
    count : int
        How many clusters.

    Examples
    --------
    >>> [cluster_level(count) for count in (8, 25, 60)]
    ['too_few', 'few', 'enough']
    """
    return "too_few" if count < TOO_FEW else "few" if count < FEW else "enough"


def _counts(groups: pd.Series) -> pd.Series:
    counts = groups.value_counts(sort=False)
    return counts[counts > 0]


def _works_together(responses: Responses, name: str) -> bool:
    if name in PLACES:
        return True
    known = responses.groups
    pairs = ((OUTERMOST, name), (name, INNERMOST))
    return any(
        outer in known
        and inner in known
        and len(_counts(known[outer])) > 1  # all lie within a single one
        and len(_counts(known[inner])) > len(_counts(known[outer]))
        and _inside(responses, inner, outer=outer)
        for outer, inner in pairs
    )


def _inside(responses: Responses, inner: str, *, outer: str) -> bool:
    known = responses.groups[[inner, outer]].dropna().astype(str)
    wholes: pd.Series = known.groupby(inner, sort=False)[outer].nunique()
    return bool((wholes == 1).all())

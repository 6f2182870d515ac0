"""Which groupings of a study nest people, and whether they are enough for cluster-robust errors."""

from __future__ import annotations

from itertools import permutations

import pandas as pd

from jq_models.data.responses import Responses

MINIMUM_GROUPS = 6  # ours: a variance between five groups or fewer rests on next to nothing
MINIMUM_SIZE = 3.0  # ours: mean persons a group
CLUSTER_LEVELS = ("too_few", "few", "enough")
# "few" clusters: fewer than 20 to fewer than 50, by how unequal they are (Cameron & Miller 2015, J. Human
# Resources 50, 317-372); 30 is where `fit_sem` stops saying so
TOO_FEW, FEW = 20, 30


def nested_groupings(responses: Responses) -> tuple[str, ...]:
    """Return the groupings that people are nested in: many groups of several people each.

    At least six groups of three people or more on average. A split into a few categories (contract, language,
    year, days at home) is no cluster: its groups are compared, not sampled.

    Returns
    -------
    tuple of str
        The coarsest first: organisation before team.
    """
    counts = {str(name): _counts(responses.groups[name]) for name in responses.groups.columns}
    kept = [
        name for name, n in counts.items() if len(n) >= MINIMUM_GROUPS and float(n.mean()) >= MINIMUM_SIZE
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


def cluster_level(count: int) -> str:
    """Return whether clusters are ``"too_few"`` (below 20), ``"few"`` (below 30) or ``"enough"``."""
    return "too_few" if count < TOO_FEW else "few" if count < FEW else "enough"


def _counts(groups: pd.Series) -> pd.Series:
    counts = groups.value_counts(sort=False)
    return counts[counts > 0]


def _inside(responses: Responses, inner: str, *, outer: str) -> bool:
    known = responses.groups[[inner, outer]].dropna().astype(str)
    wholes: pd.Series = known.groupby(inner, sort=False)[outer].nunique()
    return bool((wholes == 1).all())

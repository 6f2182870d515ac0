"""What a resample of a fit's sample draws: cases or whole clusters, group by group."""

from __future__ import annotations

import numpy as np

from jq_models.numeric.resampling import Resampling
from jq_models.sem.sample import Sample


def resampling_of(sample: Sample) -> Resampling:
    """Return the way to resample a sample.

    Groups keep their sizes. Clusters are drawn whole, within groups when none spans two of them, so that
    the number of cases then varies.
    """
    sizes = [g.n for g in sample.groups]
    ends = np.cumsum(sizes)
    group = np.repeat(np.arange(len(sizes)), sizes)
    parts = [g.clusters for g in sample.groups if g.clusters is not None]
    if len(parts) < len(sizes):
        unit = np.arange(ends[-1])
        strata = tuple(np.split(unit, ends[:-1]))
        return Resampling(unit=unit, strata=strata, ends=ends)
    unit = np.unique(np.concatenate(parts), return_inverse=True)[1]
    inside = tuple(np.unique(unit[group == g]) for g in range(len(sizes)))
    nested = sum(len(units) for units in inside) == unit.max() + 1
    return Resampling(unit=unit, strata=inside if nested else (np.unique(unit),), ends=ends)

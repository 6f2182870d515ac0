"""Drawing cases with replacement: within groups, whole clusters where there are any.

Every replicate has a random stream of its own, so that it does not depend on how many others there are or
on who draws them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.sem.matrices import Whole
from jq_models.sem.moments import Array
from jq_models.sem.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """What is drawn.

    Attributes
    ----------
    unit : ndarray of int, shape (N,)
        The unit, a case or a cluster, of each case of all groups one after the other.
    strata : tuple of ndarray of int
        The units of each stratum; as many are drawn from it as it has.
    ends : ndarray of int
        Where each group ends among the cases.
    """

    unit: Whole
    strata: tuple[Whole, ...]
    ends: Whole

    def counts(self, seed: int, replicate: int) -> list[Array]:
        """Return how often each case is drawn, group by group: floats, shape (n_g,)."""
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate,)))
        drawn = np.concatenate([s[rng.integers(len(s), size=len(s))] for s in self.strata])
        times = np.bincount(drawn, minlength=int(self.unit.max()) + 1).astype(float)
        return np.split(times[self.unit], self.ends[:-1])


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

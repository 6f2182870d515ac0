"""Drawing cases with replacement: within groups, whole clusters where there are any.

Every replicate has a random stream of its own, so that it does not depend on how many others there are or
on who draws them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.numeric.moments import Array, Whole


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
        return np.split(self.times(seed, range(replicate, replicate + 1))[0], self.ends[:-1])

    def times(self, seed: int, replicates: range) -> Array:
        """Return how often each case of all groups is drawn in each replicate: floats, shape (b, N)."""
        units = int(self.unit.max()) + 1
        times = np.empty((len(replicates), units))
        for row, replicate in enumerate(replicates):
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate,)))
            drawn = [s[rng.integers(len(s), size=len(s))] for s in self.strata]
            one = drawn[0] if len(drawn) == 1 else np.concatenate(drawn)
            times[row] = np.bincount(one, minlength=units)
        return np.take(times, self.unit, axis=1)

"""Moments of the same cases in many samples, in standard deviations of the whole sample."""

from __future__ import annotations

import numpy as np

from jq_models.numeric.drawn import Drawn, GroupMoments
from jq_models.numeric.moments import Array
from jq_models.pls.bootstrap import CONSTANT


class StandardMoments:
    """What `of` needs, computed once.

    Attributes
    ----------
    centre, unit : ndarray, shape (p,)
        Mean and standard deviation of the whole sample (divisor N).
    z : ndarray, shape (n, p)
        The cases in these units.
    """

    def __init__(self, cases: Array) -> None:
        self.centre, self.unit = cases.mean(axis=0), cases.std(axis=0)
        self.z = (cases - self.centre) / self.unit
        self._moments = GroupMoments(self.z)

    def of(self, counts: Array) -> Drawn:
        """Return means and covariances of samples in which the cases stand `counts` times, (b, n).

        The variance of an item that does not vary in a sample is NaN: one threshold tells it, as all items
        have the same unit.
        """
        drawn = self._moments.moments(counts, None)
        at = np.arange(drawn.covariance.shape[1])
        variance = drawn.covariance[:, at, at]
        drawn.covariance[:, at, at] = np.where(variance > CONSTANT, variance, np.nan)
        return drawn


def deviations(drawn: Drawn) -> Array:
    """Return standard deviations, (b, p); NaN for what does not vary."""
    variance = np.diagonal(drawn.covariance, axis1=1, axis2=2)
    result: Array = np.sqrt(variance)
    return result

"""Three readings of "needs most attention": the lowest score, the largest gap, importance times shortfall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from jq_models.data import OpenStudy
from jq_models.numeric.moments import Array
from jq_models.spec.norm import load_norm, norm_refusal

READINGS = ("lowest", "gap", "weighted")
# what a gap is taken to, and what a shortfall is from
BASES = ("norm", "target", "dimensions", "organisation", "maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """What scores are held against.

    Attributes
    ----------
    gap : str
        Of `BASES`: the norm when there is one; else the client's target; else, of everybody, the mean of all
        dimensions, and of a group the mean of everybody on the same dimension.
    gap_to : ndarray, shape (k,)
        The norm or target of each dimension; NaN where the norm says nothing, or there is neither.
    shortfall : str
        ``"target"`` or ``"maximum"`` of the scale.
    shortfall_from : float
    """

    gap: str
    gap_to: Array = field(repr=False)
    shortfall: str
    shortfall_from: float

    @property
    def mirrors(self) -> bool:
        """Whether gaps rank the dimensions as their scores do: all are taken to one and the same number."""
        return self.gap == "dimensions" or (
            bool(np.isfinite(self.gap_to).all()) and bool(np.ptp(self.gap_to) == 0)
        )

    def shortfalls(self, means: Array) -> Array:
        """Return how much means fall short, not below zero."""
        result: Array = np.maximum(self.shortfall_from - means, 0.0)
        return result


def yardstick(opened: OpenStudy, *, norm: Mapping[str, float] | None, group: bool = False) -> Yardstick:
    """Choose what a study's scores are held against.

    Parameters
    ----------
    opened : OpenStudy
    norm : mapping of str to float, optional
        Construct -> mean; default: that of the study's norm file (`study_norm`).
    group : bool
        Whether for a group or for everybody.
    """
    norm = study_norm(opened) if norm is None else norm
    dimensions, target = opened.dimensions, opened.spec.client.target
    to = np.array([norm.get(code, np.nan) if norm else np.nan for code in dimensions], dtype=float)
    if np.isfinite(to).sum() > 1:
        gap = "norm"
    elif target is not None:
        gap, to = "target", np.full(len(dimensions), target)
    else:
        gap, to = "organisation" if group else "dimensions", np.full(len(dimensions), np.nan)
    highest = opened.instrument.score_range[1]
    return Yardstick(
        gap=gap,
        gap_to=to,
        shortfall="maximum" if target is None else "target",
        shortfall_from=highest if target is None else target,
    )


def study_norm(opened: OpenStudy) -> dict[str, float]:
    """Return the means of the norm file the study names, of dimensions with the same wording and scale."""
    name = opened.spec.client.norm
    if name is None:
        return {}
    norm = load_norm(name)
    found = {code: norm.of(code) for code in opened.dimensions}
    return {
        code: value.mean
        for code, value in found.items()
        if value is not None and not norm_refusal(norm, opened.instrument, code)
    }

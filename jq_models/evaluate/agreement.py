"""How far two fits of one model are apart: two engines, or the same model fitted twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import FitError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.sem import SemFit

Vector = NDArray[np.float64]
KEYS = ["lhs", "op", "rhs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Largest relative differences of two fits; 1e-4 means equal in four digits.

    Relative to the larger of 1 and the size of the number, so that estimates near 0 do not inflate it.
    """

    estimates: float
    standard_errors: float
    chi_square: float

    @property
    def largest(self) -> float:
        """The largest of the three."""
        return max(self.estimates, self.standard_errors, self.chi_square)


def compare_fits(a: SemFit, b: SemFit) -> Agreement:
    """Compare two fits of the same model to the same data.

    Raises
    ------
    FitError
        When one must not be used, or they do not hold the same parameters and number of cases.
    """
    a.require()
    b.require()
    first, second = (fit.table.set_index(KEYS)[["est", "se"]] for fit in (a, b))
    if a.n != b.n or set(first.index) != set(second.index):
        raise FitError("The two fits differ in parameters or number of cases. Compare fits of one model.")
    second = second.loc[first.index]
    return Agreement(
        estimates=relative_difference(first["est"].to_numpy(), second["est"].to_numpy()),
        standard_errors=relative_difference(first["se"].to_numpy(), second["se"].to_numpy()),
        chi_square=relative_difference(*(np.array([fit_indices(fit).chi_square]) for fit in (a, b))),
    )


def relative_difference(a: Vector, b: Vector) -> float:
    """Return the largest |a - b| / max(1, |a|, |b|); NaN against NaN is no difference."""
    both = ~(np.isnan(a) & np.isnan(b))
    difference = np.abs(a - b) / np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    return float(np.max(difference[both], initial=0.0))

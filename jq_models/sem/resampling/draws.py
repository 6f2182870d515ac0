"""What a bootstrap leaves: one row of estimates a replicate, and how each of them ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jq_models.errors import FitError, SpecError
from jq_models.numeric.moments import Array, read_only
from jq_models.sem.resampling.batched import Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Some replicates; attributes as in `Bootstrap`."""

    theta: Array
    chi_square: Array
    admissible: Flags
    fixed: tuple[Array, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Bootstrap:
    """Estimates from samples drawn with replacement.

    Attributes
    ----------
    theta : ndarray, shape (draws, k)
        NaN where a replicate has no estimates.
    chi_square : ndarray, shape (draws,)
        N F of each replicate, not scaled; NaN where it has none.
    admissible : ndarray of bool, shape (draws,)
        Whether there are estimates, no variance is negative and no matrix indefinite.
    fixed : tuple of ndarray, shape (draws, s)
        For each group the moments of observed covariates at which rows of its table are fixed.
    reasons : tuple of str
        Why a replicate has no estimates, as in ``status.REASONS``: the sample carries no model ("constant",
        "empty_category" ..., "data" for anything else), "not_converged", or "not_identified", as estimates
        are that run away; "" where it has.
    seed : int
    kind : str
        "ordinary" or "bollen_stine".
    estimate : ndarray, shape (k,)
        The estimates of the fit whose sample was drawn from.
    """

    theta: Array
    chi_square: Array
    admissible: Flags
    fixed: tuple[Array, ...]
    reasons: tuple[str, ...]
    seed: int
    kind: str
    estimate: Array

    def __repr__(self) -> str:
        """Count the draws and those that failed."""
        failed = sum(self.failed.values())
        return f"Bootstrap({len(self.reasons)} draws, {failed} failed, seed {self.seed}, {self.kind})"

    def require_of(self, theta: Array) -> None:
        """Raise when the replicates are not of the fit with these estimates.

        Raises
        ------
        SpecError
        """
        if not np.array_equal(self.estimate, theta):
            raise SpecError(
                "These replicates are of another fit. Draw them from this one: bootstrap(fit, ...)."
            )

    @property
    def converged(self) -> Flags:
        """Which replicates have estimates, shape (draws,)."""
        return np.array([not reason for reason in self.reasons], dtype=bool)

    @property
    def failed(self) -> dict[str, int]:
        """How many replicates have no estimates, by reason; empty when all have."""
        return dict(Counter(reason for reason in self.reasons if reason))

    def usable(self, least: int = 2) -> Flags:
        """Return `converged`.

        Raises
        ------
        FitError
            When fewer than `least` replicates have estimates.
        """
        good = self.converged
        if good.sum() < least:
            why = ", ".join(f"{reason} {times}" for reason, times in self.failed.items())
            raise FitError(
                f"Only {good.sum()} of {len(good)} replicates have estimates ({why}); {least} are needed. "
                "Draw more, simplify the model, or collect more data."
            )
        return good


def joined(parts: Sequence[Replicates], *, seed: int, kind: str, estimate: Array) -> Bootstrap:
    """Put replicates together, in their order."""
    admissible = np.concatenate([part.admissible for part in parts])
    admissible.flags.writeable = False
    return Bootstrap(
        theta=read_only(np.concatenate([part.theta for part in parts])),
        chi_square=read_only(np.concatenate([part.chi_square for part in parts])),
        admissible=admissible,
        fixed=tuple(
            read_only(np.concatenate(group)) for group in zip(*(part.fixed for part in parts), strict=True)
        ),
        reasons=tuple(reason for part in parts for reason in part.reasons),
        seed=seed,
        kind=kind,
        estimate=estimate,
    )

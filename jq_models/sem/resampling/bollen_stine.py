"""The bootstrap test of fit of Bollen and Stine (1992, Sociological Methods & Research 21, 205-229).

The answers are moved and turned so that the model holds exactly in them; what chi-square does in samples
drawn from these is its distribution under the model, whatever that of the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jq_models.errors import SpecError
from jq_models.numeric.moments import Array
from jq_models.sem.resampling.draws import Bootstrap
from jq_models.sem.result import SemFit


@dataclass(frozen=True, slots=True, kw_only=True)
class BollenStine:
    """The test: observed chi-square, share of replicates at or above it, replicates used and failed."""

    chi_square: float
    p_value: float
    draws: int
    failed: int


def bollen_stine(fit: SemFit, boot: Bootstrap) -> BollenStine:
    """Test the fit of a model.

    Parameters
    ----------
    fit : SemFit
    boot : Bootstrap
        ``bootstrap(fit, kind="bollen_stine", ...)``.

    Returns
    -------
    BollenStine
        p is the share of the replicates with estimates whose N F is at least the observed one, as Bollen
        and Stine define it; 0 says less than 1 / draws.

    Raises
    ------
    SpecError
        When the replicates are of the ordinary kind.
    FitError
        When no replicate has estimates.
    """
    if boot.kind != "bollen_stine":
        raise SpecError(
            f"These replicates are of the kind '{boot.kind}'. Draw them by bootstrap(kind='bollen_stine')."
        )
    boot.require_of(fit.theta)
    good = boot.usable(1)
    observed = max(fit.n * fit.objective, 0.0)
    return BollenStine(
        chi_square=observed,
        p_value=float(np.mean(boot.chi_square[good] >= observed)),
        draws=int(good.sum()),
        failed=int((~good).sum()),
    )


def transformed_cases(fit: SemFit) -> list[Array]:
    """Return answers in which the model holds: Z = (Y - mean) S^-1/2 Sigma^1/2 + mu.

    Without a mean structure mu is the sample's mean. The roots are symmetric.

    Returns
    -------
    list of ndarray, shape (n_g, p)

    Raises
    ------
    SpecError
        With missing answers or ordered items, where there is no such transformation here.
    DataError
        When there are moments only.
    """
    cases = fit.sample.require_cases("The Bollen-Stine bootstrap")
    if fit.sample.incomplete or fit.parameters.ordered:
        raise SpecError(
            "The Bollen-Stine bootstrap needs complete, continuous answers. "
            "Use missing='listwise', or a scaled test."
        )
    found = []
    for answers, group, state in zip(cases, fit.sample.groups, fit.states, strict=True):
        S = group.moments.covariance
        turned = (answers - group.moments.mean) @ (_power(S, -0.5) @ _power(state.implied, 0.5))
        found.append(turned + (state.mean if fit.parameters.meanstructure else group.moments.mean))
    return found


def _power(matrix: Array, power: float) -> Array:
    """Return a power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    result: Array = (vectors * values**power) @ vectors.T
    return result

"""Which bootstrap samples count, and whether enough of them do for an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jq_models.numeric.interval_formulas import percentile
from jq_models.numeric.moments import Array
from jq_models.sem import Bootstrap, SemFit, filled

ENOUGH = 0.80  # ours: with fewer samples left, those that are left are no fair sample of the rest
LOST = "latent_not_positive_definite"
ZERO = 1e-8


def proper_draws(fit: SemFit, boot: Bootstrap, codes: Sequence[str]) -> Bootstrap:
    """Return the bootstrap without the samples in which variables have an impossible covariance matrix.

    Shares and correlations of these variables do not exist there: their matrix is not positive definite. The
    samples stay counted, with "latent_not_positive_definite" as the reason why they have no estimates.
    """
    names = list(fit.matrices.latent)
    at = np.ix_(*[[names.index(code) for code in codes]] * 2)
    reasons = tuple(
        reason or ("" if _positive(filled(fit.matrices, theta).latent_covariance[at]) else LOST)
        for reason, theta in zip(boot.reasons, boot.theta, strict=True)
    )
    return replace(boot, reasons=reasons)


def enough(boot: Bootstrap) -> bool:
    """Say whether so many samples have estimates that an interval may rest on them."""
    return len(boot.converged) > 0 and float(boot.converged.mean()) >= ENOUGH


def interval_of(values: Array, boot: Bootstrap) -> tuple[float, float]:
    """Return the 95 % percentile interval of the values of samples that count; NaN where too few do."""
    finite = values[np.isfinite(values)]
    if not enough(boot) or len(finite) < ENOUGH * len(boot.reasons):
        return float("nan"), float("nan")
    low, high = percentile(finite, level=0.95)
    return float(low), float(high)


def _positive(covariance: Array) -> bool:
    variances = np.diag(covariance)
    if not (variances > 0.0).all():
        return False
    scale = np.sqrt(variances)
    return bool(np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] > ZERO)

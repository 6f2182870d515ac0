"""Results made up for tests of tables and sentences."""

from __future__ import annotations

from jq_models.evaluate.fit_indices import FitIndices
from jq_models.sem import FitStatus, Reason


def made_fit(**changes: float) -> FitIndices:
    """Fit indices of a model that fits well, some of them changed."""
    values: dict[str, float] = {
        "n": 497,
        "n_parameters": 138,
        "chi_square": 1776.61,
        "df": 1632,
        "p_value": 0.007,
        "baseline_chi_square": 14000.5,
        "baseline_df": 1711,
        "cfi": 0.988,
        "tli": 0.987,
        "rmsea": 0.0134,
        "rmsea_low": 0.0076,
        "rmsea_high": 0.0178,
        "rmsea_close_p": 1.0,
        "srmr": 0.0353,
        "log_likelihood": -34715.5,
        "log_likelihood_saturated": -33827.2,
        "aic": 69707.0,
        "bic": 70287.8,
        "sabic": 69849.8,
    }
    return FitIndices(**{**values, **changes})  # type: ignore[arg-type]


def ended(*reasons: Reason, converged: bool = True, identified: bool = True) -> FitStatus:
    """The status of a fit; admissible when there is no reason."""
    return FitStatus(
        converged=converged,
        identified=identified,
        admissible=not reasons,
        reasons=reasons,
        gradient_norm=1e-9,
        condition=10.0,
        iterations=7,
    )

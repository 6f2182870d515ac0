"""Items that a second construct may claim: modification indices of loadings the model leaves out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from statsmodels.stats.multitest import multipletests

from jq_models.evaluate.measurement import measured_factors
from jq_models.sem import SemFit, modification_indices

SHOWN = 10
SIZABLE = 0.20  # ours: a standardised cross-loading worth a thought; smaller ones are common


def cross_loadings(fit: SemFit) -> pd.DataFrame:
    """Return every loading the model leaves out, the one the chi-square would fall most by first.

    Parameters
    ----------
    fit : SemFit
        A usable fit.

    Returns
    -------
    DataFrame
        item, construct (the model's own), other (the construct that may claim it), mi, epc (expected
        loading), sepc_all (completely standardised), p_value, p_holm: adjusted for all loadings tested
        (Holm 1979), which is ``len(table)``.

    Raises
    ------
    FitError
        When the fit is not usable.
    """
    factors = measured_factors(fit)
    owner = {item: factor.name for factor in factors for item in factor.items}
    table = modification_indices(fit, operators=("=~",))
    table = table[table["rhs"].isin(owner) & table["lhs"].isin({factor.name for factor in factors})]
    p = chdtrc(1, np.maximum(table["mi"].to_numpy(dtype=float), 0.0))
    adjusted = multipletests(p, method="holm")[1] if len(p) else p
    return pd.DataFrame(
        {
            "item": table["rhs"].to_numpy(),
            "construct": [owner[item] for item in table["rhs"]],
            "other": table["lhs"].to_numpy(),
            "mi": table["mi"].to_numpy(dtype=float),
            "epc": table["epc"].to_numpy(dtype=float),
            "sepc_all": table["sepc_all"].to_numpy(dtype=float),
            "p_value": p,
            "p_holm": adjusted,
        }
    )

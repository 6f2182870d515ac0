"""The population behind simulated answers to the modules: choices of this project, none of them an estimate.

Some claims of the sources hold in it, some do not and some cannot be decided at the size of the demo, so that
every verdict can be held against a truth that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from jq_models.data.population import Floats
from jq_models.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePopulation:
    """Population values of the modules, standardised: every scale's latent variable has total variance 1.

    Attributes
    ----------
    weights : mapping of (module scale, construct)
        The scale's regression on constructs of the questionnaire and on module scales before it. Of a chain
        "scale -> dimension -> outcome" only the link between scale and dimension is written: the rest is the
        questionnaire's own model, so the chain's indirect effect is the product, its direct effect zero.
    means : mapping
        Mean of a scale's items on 1-5, high = what the scale's `high` says.
    shifts : mapping of (module scale, group column, group)
        Added to the scale in one group, in its standard deviations.
    products : mapping of (effect, module scale, module scale)
        Added to an outcome of the questionnaire for every product of two scales, on top of its documented
        variance.
    results : float
        Added to output steering (OUT) for every standard deviation of the team's results of the wave before.
    role : mapping
        Weights of constructs in the normal response behind having a new role.
    moved : mapping
        Added to a scale for everyone, in its standard deviations: how a wave differs from the demo.
    """

    weights: Mapping[tuple[str, str], float]
    means: Mapping[str, float]
    shifts: Mapping[tuple[str, str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    products: Mapping[tuple[str, str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    results: float = 0.0
    role: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def scales(self) -> tuple[str, ...]:
        """The module scales, in the order they are drawn."""
        return tuple(self.means)


DEMO_MODULES = ModulePopulation(
    weights=MappingProxyType(
        {
            ("OUT", "CON"): -0.45,
            ("INP", "EMP"): 0.50,
            ("ADU", "EMP"): 0.40, ("ADU", "LEM"): 0.25,
            ("CUF", "INT"): 0.45,
            ("COF", "CUF"): -0.40,
            ("DIA", "CUF"): 0.40,
            ("VAL", "ENJ"): 0.40,
            ("HLP", "ENJ"): 0.45,
            ("APR", "SAT"): 0.45,
            ("PRS", "CON"): -0.40,
            ("CAR", "COM"): 0.40,
            ("LRN", "OPP"): 0.50,
            ("PRI", "COM"): 0.50,
            ("VAR", "OPP"): 0.55,
            ("HRS", "PRS"): 0.50,
            ("HAP", "ENJ"): 0.65,
            ("GRO", "OPP"): 0.50,
            ("CTL", "EMP"): -0.45,
        }
    ),
    means=MappingProxyType(
        {
            "OUT": 3.6, "INP": 3.0, "ADU": 3.4, "SYS": 3.3, "CUF": 3.2, "COF": 3.2, "DIA": 3.0,
            "VAL": 3.7, "HLP": 3.9, "APR": 3.0, "PRS": 3.3, "CAR": 3.6, "LRN": 3.6, "PRI": 3.2,
            "VAR": 3.4, "HRS": 3.0, "HAP": 3.5, "GRO": 2.7, "INS": 3.2, "CTL": 3.1,
        }
    ),
    shifts=MappingProxyType({("APR", "contract", "flex"): -0.30, ("HRS", "evening", "often"): 0.40}),
    role=MappingProxyType({"OPP": 0.30, "COM": 0.20}),
)  # fmt: skip

# the wave before: the work meant a little less to people, too little to be sure of in two waves
BEFORE_MODULES = replace(DEMO_MODULES, moved=MappingProxyType({"VAL": -0.10}))


def draw_modules(
    rng: np.random.Generator, eta: pd.DataFrame, population: ModulePopulation, *, covariance: pd.DataFrame
) -> pd.DataFrame:
    """Draw the modules' latent variables, given those of the questionnaire.

    xi_k = sum_j w_kj (eta, xi)_j + e_k, with the variance of e_k what is left to reach 1 in the population.

    Parameters
    ----------
    rng : Generator
    eta : DataFrame, n x constructs
        Standardised constructs of the questionnaire.
    covariance : DataFrame, constructs x constructs
        Their covariance in the population.

    Returns
    -------
    DataFrame, n x scales

    Raises
    ------
    DataError
        When a scale is explained beyond its variance, or on a cause that is drawn later.
    """
    known, drawn = list(eta.columns), eta.to_numpy()
    sigma = covariance.loc[known, known].to_numpy()
    for scale in population.scales:
        weights = _weights(scale, population, known=known)
        left = 1.0 - float(weights @ sigma @ weights)
        if left <= 0:
            raise DataError(f"The population values of '{scale}' explain more than its variance. Lower them.")
        values = drawn @ weights + rng.standard_normal(len(eta)) * np.sqrt(left)
        sigma = _with_scale(sigma, weights)
        drawn, known = np.column_stack([drawn, values]), [*known, scale]
    return pd.DataFrame(drawn[:, -len(population.scales) :], columns=list(population.scales))


def module_correlation(population: ModulePopulation, covariance: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations of module scales (rows) and constructs (columns), without the shifts.

    Parameters
    ----------
    covariance : DataFrame, constructs x constructs
        Of the questionnaire's constructs in the population.
    """
    known = [str(name) for name in covariance]
    sigma: Floats = covariance.to_numpy()
    for scale in population.scales:
        sigma = _with_scale(sigma, _weights(scale, population, known=known))
        known = [*known, scale]
    return pd.DataFrame(sigma, index=known, columns=known).loc[list(population.scales)][list(covariance)]


def _with_scale(sigma: Floats, weights: Floats) -> Floats:
    """Return a covariance matrix with a scale of variance 1 that is explained by what is in it."""
    across = sigma @ weights
    return np.block([[sigma, across[:, None]], [across[None, :], np.ones((1, 1))]])


def _weights(scale: str, population: ModulePopulation, *, known: list[str]) -> Floats:
    weights = np.zeros(len(known))
    for (effect, cause), weight in population.weights.items():
        if effect != scale:
            continue
        if cause not in known:
            raise DataError(
                f"The population values of '{scale}' name '{cause}', which is drawn later or never."
            )
        weights[known.index(cause)] = weight
    return weights

"""Simulated answers to the modules, beside those to the questionnaire, and the truth they were drawn from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from jq_models.data.likert import answer
from jq_models.data.population import Exogenous, Floats, Population, latent_covariance
from jq_models.data.population_modules import ModulePopulation, draw_modules
from jq_models.data.truth import ItemValues, item_values
from jq_models.errors import DataError, suggest
from jq_models.spec import Instrument

MEANING = {
    "weights": "regression of a module's scale on constructs and earlier scales, written 'scale ~ cause'",
    "means": "mean of a scale's items on 1-5, high = what the questionnaire file's `high` says",
    "shifts": "added to a scale in one group, in its standard deviations, 'scale / column / group'",
    "products": "added to an outcome for the product of two scales, 'outcome ~ scale x scale'",
    "correlation": "of every scale with every construct of the questionnaire, without the shifts",
}


def module_answers(
    rng: np.random.Generator,
    modules: Instrument,
    *,
    eta: pd.DataFrame,
    background: pd.DataFrame,
    exogenous: Exogenous,
    population: Population,
    added: ModulePopulation,
) -> tuple[pd.DataFrame, tuple[ItemValues, ...], dict[str, Any]]:
    """Draw the answers to modules, as the questionnaire stores them.

    Returns
    -------
    DataFrame, n x items
        Complete answers, reversed items unturned.
    tuple of ItemValues
        Of every item, for the answers that are left out afterwards.
    dict
        The truth, JSON-able.

    Raises
    ------
    DataError
        When a scale has no population values.
    """
    for construct in modules.constructs:
        if construct.code not in added.means:
            hint = suggest(construct.code, added.means)
            raise DataError(f"No population values for the module scale '{construct.code}'. {hint}")
    covariance = latent_covariance(exogenous)
    xi = draw_modules(rng, eta[list(covariance)], added, covariance=covariance)
    for (scale, column, group), amount in added.shifts.items():
        xi[scale] += amount * (background[column].astype(str) == group).to_numpy(dtype=float)
    values = item_values(modules, replace(population, means={**population.means, **added.means}))
    answers = {}
    for item in values:
        noise = rng.standard_normal(len(xi)) * np.sqrt(1.0 - item.loading**2)
        good = answer(item.loading * xi[item.construct].to_numpy() + noise, item.cuts)
        answers[item.code] = 6 - good if item.reversed else good
    return pd.DataFrame(answers), values, _truth(modules, added, covariance=covariance)


def _truth(modules: Instrument, added: ModulePopulation, *, covariance: pd.DataFrame) -> dict[str, Any]:
    asked = [c.code for c in modules.constructs]
    return {
        "meaning": MEANING,
        "instrument": {"name": modules.name, "version": modules.version},
        "weights": {f"{effect} ~ {cause}": weight for (effect, cause), weight in added.weights.items()},
        "means": {code: added.means[code] for code in asked},
        "shifts": {" / ".join(where): amount for where, amount in added.shifts.items()},
        "products": {f"{y} ~ {a} x {b}": weight for (y, a, b), weight in added.products.items()},
        "correlation": {
            code: {str(k): round(float(v), 6) for k, v in row.items()}
            for code, row in _correlation(added, covariance).loc[asked].iterrows()
        },
    }


def _correlation(added: ModulePopulation, covariance: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations of module scales (rows) and constructs (columns) in the population."""
    known = list(covariance)
    sigma: Floats = covariance.to_numpy()
    for scale in added.scales:
        weights = np.zeros(len(known))
        for (effect, cause), weight in added.weights.items():
            if effect == scale:
                weights[known.index(cause)] = weight
        across = sigma @ weights
        sigma = np.block([[sigma, across[:, None]], [across[None, :], np.ones((1, 1))]])
        known = [*known, scale]
    return pd.DataFrame(sigma, index=known, columns=known).loc[list(added.scales), list(covariance)]

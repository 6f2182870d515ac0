"""Simulated answers to the modules, beside those to the questionnaire, and the truth they were drawn from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.data.likert import CATEGORIES, answer
from jq_models.data.population import Exogenous, Population, latent_covariance
from jq_models.data.population_modules import ModulePopulation, draw_modules, module_correlation
from jq_models.data.truth import ItemValues, item_values
from jq_models.errors import DataError, suggest
from jq_models.spec import Instrument

MEANING = {
    "weights": "regression of a module's scale on constructs and earlier scales, written 'scale ~ cause'",
    "means": "mean of a scale's items on 1-5, high = what the questionnaire file's `high` says",
    "shifts": "added to a scale in one group, in its standard deviations, 'scale / column / group'",
    "products": "added to an outcome for the product of two scales, 'outcome ~ scale x scale'",
    "results": "added to output steering for every standard deviation of the team's earlier results",
    "moved": "added to a scale for everyone, in its standard deviations",
    "role": "weights of constructs in the normal response behind having a new role",
    "correlation": "of every scale with every construct of the questionnaire, without the shifts",
}

NEW_ROLE = 0.20  # share of people with one
TENURES = {"0-1": 0.30, "1-3": 0.35, "3-10": 0.25, "10-99": 0.10}
PERIODS = {"before": 0.50, "crisis": 0.50}
AGENCIES = {"A": 0.60, "B": 0.40}  # of who works flexibly
CHANNELS = {"voice": 0.45, "text": 0.15, "both": 0.40}
EVENINGS = {"never": 0.35, "sometimes": 0.40, "often": 0.25}
HOURS = {"part": 0.55, "full": 0.45}
SERVED = {"one": 0.80, "several": 0.20}


def module_scales(
    drawn: np.random.Generator,
    facts: np.random.Generator,
    eta: pd.DataFrame,
    *,
    background: pd.DataFrame,
    exogenous: Exogenous,
    added: ModulePopulation,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the modules' latent variables and what is known of people besides.

    Returns
    -------
    DataFrame, n x scales
    DataFrame
        role ("new", "agent"), tenure, period, earlier_results (one value a team, mean 100, standard deviation
        10; known of teams, no question), agency (of flexible staff; none has "own"), channel, evening, hours,
        served (languages spoken with customers).
    """
    n, covariance = len(eta), latent_covariance(exogenous)
    weights = np.array(list(added.role.values()))
    codes = list(added.role)
    left = 1.0 - float(weights @ covariance.loc[codes, codes].to_numpy() @ weights)
    response = eta[codes].to_numpy() @ weights + facts.standard_normal(n) * np.sqrt(left)
    team, teams = pd.factorize(background["team"])
    result = facts.standard_normal(len(teams))[team]
    rows = pd.DataFrame(
        {
            "role": np.where(response > norm.ppf(1.0 - NEW_ROLE), "new", "agent"),
            "tenure": facts.choice(list(TENURES), size=n, p=list(TENURES.values())),
            "period": facts.choice(list(PERIODS), size=n, p=list(PERIODS.values())),
            "earlier_results": np.round(100.0 + 10.0 * result, 1),
        }
    )
    drawn_agency = facts.choice(list(AGENCIES), size=n, p=list(AGENCIES.values()))
    rows["agency"] = np.where(background["contract"] == "flex", drawn_agency, "own")
    for name, shares in (("channel", CHANNELS), ("evening", EVENINGS), ("hours", HOURS), ("served", SERVED)):
        rows[name] = facts.choice(list(shares), size=n, p=list(shares.values()))
    xi = draw_modules(drawn, eta[list(covariance)], added, covariance=covariance)
    known = pd.concat([background, rows], axis=1)
    for (scale, column, group), amount in added.shifts.items():
        xi[scale] += amount * (known[column].astype(str) == group).to_numpy(dtype=float)
    for scale, amount in added.moved.items():
        xi[scale] += amount
    if "OUT" in xi:
        xi["OUT"] += added.results * result
    return xi, rows


def with_products(eta: pd.DataFrame, xi: pd.DataFrame, added: ModulePopulation) -> pd.DataFrame:
    """Add the products of module scales to the outcomes they move."""
    moved = eta.copy()
    for (effect, first, second), weight in added.products.items():
        moved[effect] += weight * xi[first] * xi[second]
    return moved


def module_answers(
    rng: np.random.Generator,
    modules: Instrument,
    xi: pd.DataFrame,
    *,
    population: Population,
    added: ModulePopulation,
) -> tuple[pd.DataFrame, tuple[ItemValues, ...]]:
    """Draw complete answers to modules, as the questionnaire stores them, and return every item's values.

    Raises
    ------
    DataError
        When a scale has no population values.
    """
    for construct in modules.constructs:
        if construct.code not in added.means:
            hint = suggest(construct.code, added.means)
            raise DataError(f"No population values for the module scale '{construct.code}'. {hint}")
    values = item_values(modules, replace(population, means={**population.means, **added.means}))
    answers = {}
    for item in values:
        noise = rng.standard_normal(len(xi)) * np.sqrt(1.0 - item.loading**2)
        good = answer(item.loading * xi[item.construct].to_numpy() + noise, item.cuts)
        answers[item.code] = CATEGORIES + 1 - good if item.reversed else good
    return pd.DataFrame(answers), values


def module_truth(modules: Instrument, added: ModulePopulation, *, exogenous: Exogenous) -> dict[str, Any]:
    """Return what went into the answers to modules, JSON-able."""
    covariance = latent_covariance(exogenous)
    asked = [c.code for c in modules.constructs]
    return {
        "meaning": MEANING,
        "instrument": {"name": modules.name, "version": modules.version},
        "weights": {f"{effect} ~ {cause}": weight for (effect, cause), weight in added.weights.items()},
        "means": {code: added.means[code] for code in asked},
        "shifts": {" / ".join(where): amount for where, amount in added.shifts.items()},
        "products": {f"{y} ~ {a} x {b}": weight for (y, a, b), weight in added.products.items()},
        "results": added.results,
        "moved": dict(added.moved),
        "role": dict(added.role),
        "correlation": {
            code: {str(k): round(float(v), 6) for k, v in row.items()}
            for code, row in module_correlation(added, covariance).loc[asked].iterrows()
        },
    }

"""Worlds for planning: one study done many times, people from few organisations, many outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.evaluate.power import PowerPopulation, documented_population
from jq_models.numeric.moments import Array
from jq_models.spec import Instrument, load_instrument
from jq_models.spec.own_model import as_model

EFFECT = 0.20  # the true correlation of the first sections
STUDIES = 2000
Z = float(norm.ppf(0.975))
PLANNED, OUTCOMES = ("OPP", "SUP", "ATM", "EMP"), ("SAT", "COM")


@cache
def studies(n: int, *, effect: float = EFFECT, count: int = STUDIES, seed: int = 7) -> pd.DataFrame:
    """Do the same study many times: a correlation between two scores of n people.

    Returns
    -------
    DataFrame
        A row a study: estimate, low, high (95 %, by Fisher's z), found (the interval leaves out zero).
    """
    rng = np.random.default_rng([seed, n])
    x = rng.standard_normal((count, n))
    y = effect * x + np.sqrt(1.0 - effect**2) * rng.standard_normal((count, n))
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    half = Z / np.sqrt(n - 3)
    low, high = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    return pd.DataFrame({"estimate": r, "low": low, "high": high, "found": (low > 0) | (high < 0)})


def power_of(n: int) -> float:
    """Return the share of studies that find the effect."""
    return float(studies(n)["found"].mean())


def published_mean(n: int) -> float:
    """Return the mean estimate of those studies that found the effect."""
    done = studies(n)
    return float(done.loc[done["found"], "estimate"].mean())


def study_table(sizes: Sequence[int]) -> pd.DataFrame:
    """Return for each size: People, Found (share), Mean of all, Mean of those found, Half width."""
    rows = []
    for n in sizes:
        done = studies(n)
        rows.append(
            {
                "People": n,
                "Found": power_of(n),
                "Mean of all": done["estimate"].mean(),
                "Mean of those found": published_mean(n),
                "Half width": (done["high"] - done["low"]).mean() / 2,
            }
        )
    return pd.DataFrame(rows)


def design_effect(n: int, *, organisations: int, icc: float) -> float:
    """Return 1 + (m - 1) ICC of a mean, m people an organisation (Kish 1965)."""
    return 1.0 + (n / organisations - 1.0) * icc


def effective_n(n: int, *, organisations: int, icc: float) -> float:
    """Return how many independent people would tell as much about a mean."""
    return n / design_effect(n, organisations=organisations, icc=icc)


@cache
def covered(*, organisations: int, icc: float, n: int = 600, count: int = STUDIES, seed: int = 7) -> float:
    """Return in which share of studies an interval that ignores organisations holds the true mean."""
    rng = np.random.default_rng([seed, organisations, round(1000 * icc)])
    size = n // organisations
    between = rng.standard_normal((count, organisations)) * np.sqrt(icc)
    # means of organisations, and the spread a study sees, without drawing every person
    means = between + rng.standard_normal((count, organisations)) * np.sqrt((1.0 - icc) / size)
    inside = (1.0 - icc) * rng.chisquare(organisations * (size - 1), size=count)
    total = inside + size * ((means - means.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    people = organisations * size
    se = np.sqrt(total / (people - 1) / people)
    inside_interval: Array = np.abs(means.mean(axis=1)) <= Z * se
    return float(inside_interval.mean())


def organisation_table(organisations: Sequence[int], *, icc: float, n: int = 600) -> pd.DataFrame:
    """Return what n people of some organisations are worth, and how often their interval holds."""
    rows = [
        {
            "Organisations": k,
            "People in each": n // k,
            "Worth": effective_n(n, organisations=k, icc=icc),
            "Interval holds the truth": covered(organisations=k, icc=icc, n=n),
        }
        for k in organisations
    ]
    return pd.DataFrame(rows)


@cache
def fished(outcomes: int, *, n: int = 150, count: int = STUDIES, seed: int = 7) -> float:
    """Return how often one of several outcomes at least is "significant" where nothing is true."""
    found = [
        studies(n, effect=0.0, count=count, seed=seed + 1 + k)["found"].to_numpy() for k in range(outcomes)
    ]
    return float(np.any(found, axis=0).mean())


def fishing_table(outcomes: Sequence[int]) -> pd.DataFrame:
    """Return for each number of outcomes tried: Outcomes, Something found."""
    return pd.DataFrame({"Outcomes": list(outcomes), "Something found": [fished(k) for k in outcomes]})


@cache
def questionnaire() -> Instrument:
    """Return the workbook's questionnaire."""
    return load_instrument("ccc_job_quality")


@cache
def planned_population() -> PowerPopulation:
    """Return the population a planned study draws from: four dimensions, job quality, two outcomes."""
    measured = (
        f"{code} =~ {' + '.join(item.code for item in questionnaire().construct(code).items)}"
        for code in (*PLANNED, *OUTCOMES)
    )
    paths = (f"JQ =~ {' + '.join(PLANNED)}", "SAT ~ JQ", "COM ~ JQ + SAT")
    return documented_population(as_model("\n".join([*measured, *paths])), questionnaire())

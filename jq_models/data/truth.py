"""The truth behind simulated data: what was put in, and what it implies for the answers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from jq_models.data.likert import answer_covariance, thresholds, wanted_skew
from jq_models.data.population import OUTCOMES, Exogenous, Floats, Population, latent_covariance
from jq_models.data.recommend import SHARES, WEIGHTS
from jq_models.spec import Instrument

# The file must not differ by the last bits of another machine's arithmetic.
DIGITS = 6
NOTE = {
    "en": "Simulated data, no real respondents. All values are choices of this project, "
    "not results of a study.",
    "nl": "Gesimuleerde gegevens, geen echte respondenten. Alle waarden zijn keuzes van dit project, "
    "geen uitkomsten van een onderzoek.",
}
MEANING = {
    "second_order": "loading of each dimension on job quality (JQ)",
    "further": "loading on a further factor of the learning trio, uncorrelated with JQ",
    "paths": "standardised regression coefficients, written 'effect ~ cause'",
    "r_squared": "explained variance of the outcomes",
    "latent_correlation": "total correlation of the constructs",
    "icc": "share of a construct's variance between organisations, and between teams within them",
    "items": "loading: of the normal response behind the answer; answer_loading: correlation of the 1-5 "
    "answer with its construct; thresholds, mean, sd, skew: of the answer with high = good "
    "(reversed items turned)",
    "scores": "implied for the mean of a construct's items: mean, sd, alpha, icc, and the correlations",
    "recommend": "weights of the constructs in the normal response behind the answer, and the share of each "
    "answer from 0 to 10",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemValues:
    """The population values of one item; `mean`, `sd`, `skew` and `cuts` (4,) belong to the turned answer."""

    code: str
    construct: str
    reversed: bool
    loading: float
    mean: float
    sd: float
    skew: float
    cuts: Floats
    missing: float


def item_values(instrument: Instrument, population: Population) -> tuple[ItemValues, ...]:
    """Give every item its loading, moments, thresholds and share of missing answers."""
    rates = cycle(population.missing)
    values = []
    for construct in instrument.constructs:
        around = list(islice(cycle(population.means_around), len(construct.items)))
        for item, distance, plain in zip(construct.items, around, cycle(population.loadings), strict=False):
            mean = population.means[construct.code] + distance - sum(around) / len(around)
            skew = wanted_skew(mean)
            rate = next(rates)
            cuts = thresholds(mean, sd=population.sd, skew=skew)
            cuts.setflags(write=False)
            values.append(
                ItemValues(
                    code=item.code,
                    construct=construct.code,
                    reversed=item.reversed,
                    loading=population.reversed_loading if item.reversed else plain,
                    mean=mean,
                    sd=population.sd,
                    skew=skew,
                    cuts=cuts,
                    missing=population.sensitive_missing if item.sensitive else rate,
                )
            )
    return tuple(values)


def describe(
    instrument: Instrument, population: Population, *, exogenous: Exogenous, values: tuple[ItemValues, ...]
) -> dict[str, Any]:
    """Return everything that went into the data, and its consequences, as a JSON-able dictionary."""
    latent = latent_covariance(exogenous)
    disturbance = dict(zip(exogenous.parts, exogenous.variance, strict=True))
    return {
        "simulated": True,
        "note": NOTE,
        "meaning": MEANING,
        "instrument": {"name": instrument.name, "version": instrument.version},
        "second_order": dict(population.second_order),
        "further": dict(population.further),
        "paths": {f"{effect} ~ {cause}": value for (effect, cause), value in population.paths.items()},
        "r_squared": {code: _rounded(1.0 - disturbance[f"residual {code}"]) for code in OUTCOMES},
        **_planted(population),
        "icc": {
            "organisation": dict(population.organisation_icc),
            "team": {code: population.team_icc.get(code, 0.0) for code in latent.index},
        },
        "latent_correlation": _nested(latent),
        "items": [_item(value) for value in values],
        "scores": _scores(exogenous, values),
        "recommend": {"weights": dict(WEIGHTS), "shares": dict(enumerate(SHARES))},
    }


def _planted(population: Population) -> dict[str, Any]:
    """Return what a variant plants; the demo itself plants nothing."""
    planted: dict[str, Any] = {}
    if population.shifts:
        planted["shifts"] = {
            "meaning": "added to the response behind an item in one group, in its standard deviations",
            **{" / ".join(where): amount for where, amount in population.shifts.items()},
        }
    if population.moderation:
        planted["moderation"] = {
            "meaning": "effect of the product of a dimension and the standardised share of customer contact",
            **{f"{effect} ~ {code} x contact": b for (effect, code), b in population.moderation.items()},
        }
    if population.facets:
        planted["facets"] = {
            "meaning": "correlation of the facets that a dimension's items are sorted into",
            **population.facets,
        }
    if population.moved:
        planted["moved"] = {
            "meaning": "added for everyone to a construct (in its standard deviations) or to the response "
            "behind an item; items and scores describe the population without it",
            **population.moved,
        }
    return planted


def _item(value: ItemValues) -> dict[str, Any]:
    return {
        "code": value.code,
        "construct": value.construct,
        "reversed": value.reversed,
        "loading": value.loading,
        "answer_loading": _rounded(value.loading * float(norm.pdf(value.cuts).sum()) / value.sd),
        "thresholds": [_rounded(cut) for cut in value.cuts],
        "mean": _rounded(value.mean),
        "sd": value.sd,
        "skew": _rounded(value.skew),
        "missing": value.missing,
    }


def _scores(exogenous: Exogenous, values: tuple[ItemValues, ...]) -> dict[str, Any]:
    """Return the implied moments of construct scores (means of the turned items)."""
    codes = list(dict.fromkeys(value.construct for value in values))
    member = np.array([[value.construct == code for value in values] for code in codes], dtype=float)
    k = member.sum(axis=1)
    average = member / k[:, None]
    person = _answer_covariance(values, latent_covariance(exogenous))
    np.fill_diagonal(person, [value.sd**2 for value in values])
    same_organisation = _answer_covariance(values, latent_covariance(exogenous, share=exogenous.organisation))
    both = exogenous.organisation + exogenous.team
    same_team = _answer_covariance(values, latent_covariance(exogenous, share=both))
    total, organisation, team = (
        average @ part @ average.T for part in (person, same_organisation, same_team - same_organisation)
    )
    variance = np.diag(total)
    # Cronbach: k / (k - 1) (1 - sum of item variances / variance of the sum); NaN has no place in JSON
    alpha = [
        _rounded(size / (size - 1) * (1 - (row @ np.diag(person)) / (size**2 * spread))) if size > 1 else None
        for size, row, spread in zip(k, member, variance, strict=True)
    ]
    correlation = total / np.sqrt(np.outer(variance, variance))
    means = average @ np.array([value.mean for value in values])
    return {
        "mean": _by_code(codes, means),
        "sd": _by_code(codes, np.sqrt(variance)),
        "alpha": dict(zip(codes, alpha, strict=True)),
        "icc_organisation": _by_code(codes, np.diag(organisation) / variance),
        "icc_team": _by_code(codes, np.diag(team) / variance),
        "correlation": _nested(pd.DataFrame(correlation, index=codes, columns=codes)),
    }


def _answer_covariance(values: tuple[ItemValues, ...], latent: pd.DataFrame) -> Floats:
    """Return the covariance of the answers whose constructs covary by `latent`.

    The diagonal is that of one item answered by two people who share `latent`: with a group's part it is
    the group's variance of the item; with the total it is to be replaced by the item's own variance.
    """
    loading = np.array([value.loading for value in values])
    codes = [value.construct for value in values]
    response = np.outer(loading, loading) * latent.loc[codes, codes].to_numpy()
    return answer_covariance(response, np.array([value.cuts for value in values]))


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0


def _by_code(codes: list[str], values: Floats) -> dict[str, float]:
    return {code: _rounded(value) for code, value in zip(codes, values, strict=True)}


def _nested(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {str(row): _by_code(list(frame.columns), frame.loc[row].to_numpy()) for row in frame.index}

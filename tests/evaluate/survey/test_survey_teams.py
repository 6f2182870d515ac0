"""Errors that let people of one team resemble each other: by hand, by statsmodels, how often they err."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from jq_models.data import OpenStudy, Responses
from jq_models.evaluate.survey.differences import Moments, moments_of, welch
from jq_models.evaluate.survey.teams import team_spread, widened

Make = Callable[..., Responses]
TEAMS, SIZE = 30, 10
CODES = np.repeat(np.arange(TEAMS), SIZE)


def sample(make: Make, **groups: object) -> Responses:
    frame = pd.DataFrame({name: pd.Categorical(values) for name, values in groups.items()})  # type: ignore[call-overload]
    return make(pd.DataFrame({"A1": np.full(len(CODES), 3.0)}), frame)


def drawn(rng: np.random.Generator, between: float = 0.5) -> np.ndarray:
    values: np.ndarray = rng.normal(size=TEAMS)[CODES] * between + rng.normal(size=len(CODES))
    return values


def test_the_spread_is_that_of_a_mixed_model(make_responses: Make) -> None:
    """Groups of equal size: the ANOVA estimator and REML are one and the same."""
    values = drawn(np.random.default_rng(4))
    spread = team_spread(values, sample(make_responses, team=CODES))
    assert spread is not None
    fit = MixedLM(values, np.ones((len(values), 1)), groups=CODES).fit(reml=True)
    assert spread.variance == pytest.approx(float(fit.cov_re[0, 0]), rel=1e-3)
    assert (spread.clusters, spread.df) == (TEAMS, TEAMS - 1)


def test_the_error_of_a_mean_by_hand(make_responses: Make) -> None:
    values = drawn(np.random.default_rng(4))
    spread = team_spread(values, sample(make_responses, team=CODES))
    assert spread is not None
    plain = welch(moments_of(values), Moments(n=10**9, mean=0.0, sd=1.0))
    found = widened(plain, spread, weights=np.full(len(values), 1 / len(values)))
    expected = values.var(ddof=1) / len(values) + spread.variance / TEAMS
    assert found["se"] ** 2 == pytest.approx(expected, rel=1e-6)
    assert found["ci_high"] - found["ci_low"] > 2 * 1.96 * found["se"]  # t on few teams
    assert 25 < found["df"] < plain["df"]


def test_contrasts_within_teams_need_nothing_more(make_responses: Make) -> None:
    """Half of every team against the other half: what a team has in common falls away."""
    values, half = drawn(np.random.default_rng(2)), np.tile([True, False], len(CODES) // 2)
    spread = team_spread(values, sample(make_responses, team=CODES, contract=half), group="contract")
    assert spread is not None
    plain = welch(moments_of(values[half]), moments_of(values[~half]))
    weights = np.where(half, 1.0, -1.0) / half.sum()
    assert widened(plain, spread, weights=weights)["se"] == pytest.approx(plain["se"])


@pytest.mark.parametrize("grouping", ["organisation", "norm"])
def test_without_any_difference_one_in_twenty_is_called_clear(make_responses: Make, grouping: str) -> None:
    """Five teams against the other twenty-five, and all against a norm; persons as independent: far more."""
    rng, clear = np.random.default_rng(11), np.zeros(2)
    places = CODES // 5
    responses = sample(make_responses, team=CODES, organisation=places)
    inside = places == 0 if grouping == "organisation" else np.ones(len(CODES), dtype=bool)
    weights = np.where(inside, 1 / inside.sum(), -1 / max((~inside).sum(), 1))
    group = "organisation" if grouping == "organisation" else None
    draws = 300
    for _ in range(draws):
        values = drawn(rng)
        other = Moments(n=10**9, mean=0.0, sd=1.0) if group is None else moments_of(values[~inside])
        plain = welch(moments_of(values[inside]), other)
        wide = widened(plain, team_spread(values, responses, group=group), weights=weights)
        clear += [plain["p_value"] < 0.05, wide["p_value"] < 0.05]
    as_persons, with_teams = clear / draws
    assert as_persons > 0.15
    assert with_teams < 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


def test_a_group_of_one_team_has_an_error_too(make_responses: Make) -> None:
    values, places = drawn(np.random.default_rng(7)), np.where(CODES == 0, 0, 1 + CODES // 6)
    inside = places == 0
    spread = team_spread(
        values, sample(make_responses, team=CODES, organisation=places), group="organisation"
    )
    assert spread is not None
    weights = np.where(inside, 1 / inside.sum(), -1 / (~inside).sum())
    found = widened(welch(moments_of(values[inside]), moments_of(values[~inside])), spread, weights=weights)
    assert found["se"] ** 2 > spread.variance


def test_without_teams_or_between_teams_people_are_independent(demo: OpenStudy) -> None:
    values, responses = demo.responses.items["SUP1"].to_numpy(dtype=float), demo.responses
    assert team_spread(values, responses) is not None
    assert team_spread(values, responses, group="team") is None
    assert team_spread(values, replace(responses, groups=responses.groups[["contract"]])) is None
    found = welch(moments_of(values[:50]), moments_of(values[50:]))
    assert widened(found, None, weights=values) is found

"""Simulated clients whose true drivers, scores and shortfalls are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy, open_study
from jq_models.data.population import DEMO, Population, decompose, latent_covariance
from jq_models.data.responses import read_only
from jq_models.data.simulate import simulate
from jq_models.data.truth import describe, item_values
from jq_models.evaluate.attention import study_norm
from jq_models.evaluate.attention.formulas import regression_weights, relative_weights, shapley_shares
from jq_models.evaluate.scores import construct_scores

OUTCOMES = ["SAT", "COM"]
TOP = 3
METHODS = {"total": regression_weights, "relative": relative_weights, "lmg": shapley_shares}
# all dimensions alike: what is found first is found by chance
EQUAL = replace(
    DEMO,
    second_order=MappingProxyType(dict.fromkeys(DEMO.second_order, 0.70)),
    further=MappingProxyType({}),
    organisation_icc=MappingProxyType(dict.fromkeys(DEMO.organisation_icc, 0.0)),
    team_icc=MappingProxyType(dict.fromkeys(DEMO.second_order, 0.10)),
    means=MappingProxyType({**dict.fromkeys(DEMO.second_order, 3.4), "SAT": 3.6, "COM": 3.4, "TIN": 2.5}),
    loadings=(0.79,),
    reversed_loading=0.79,
    means_around=(0.0,),
)
# three dimensions matter much more than the others
STRONG = replace(
    DEMO,
    second_order=MappingProxyType(
        {code: {"OPP": 0.88, "SUP": 0.85, "ENJ": 0.82}.get(code, 0.40) for code in DEMO.second_order}
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """True values of the dimensions: importance by method, and the three readings."""

    importance: dict[str, np.ndarray]
    readings: dict[str, np.ndarray]


@contextmanager
def remembered() -> Iterator[None]:
    """Let the simulator solve each population's thresholds once: they take longer than drawing a client."""
    simulator, kept = import_module("jq_models.data.simulate"), {}
    plain = {name: getattr(simulator, name) for name in ("item_values", "describe")}

    def once(name: str) -> Callable[..., Any]:
        def solved(*given: Any, **more: Any) -> Any:
            key = (name, *map(id, given))
            if key not in kept:
                kept[key] = (given, plain[name](*given, **more))  # what was given stays alive, so ids stay
            value = kept[key][1]
            return dict(value) if isinstance(value, dict) else value

        return solved

    try:
        for name in plain:
            setattr(simulator, name, once(name))
        yield
    finally:
        for name, function in plain.items():
            setattr(simulator, name, function)


def study() -> OpenStudy:
    """Open the demo, without a norm and from 30 complete answers on, to put other answers in."""
    demo = open_study("demo")
    spec = replace(
        demo.spec,
        client=replace(demo.spec.client, norm=None, target=None),
        gates=replace(demo.spec.gates, score_path=30),
    )
    return replace(demo, spec=spec)


def with_answers(opened: OpenStudy, drawn: pd.DataFrame) -> OpenStudy:
    """Put simulated answers in the place of a study's."""
    items = drawn[list(opened.responses.items)].astype(float)
    items = items.where(items != 99)
    turned = [code for code in items if opened.instrument.item(code).reversed]
    items[turned] = 6.0 - items[turned]
    groups = drawn[["organisation", "team"]].astype("category")
    answers = replace(opened.responses, items=read_only(items), groups=groups, covariates=pd.DataFrame())
    return replace(opened, responses=answers)


def client(
    opened: OpenStudy, *, seed: int, n: int, organisations: int, population: Population = DEMO
) -> OpenStudy:
    """Draw a client from the simulator."""
    drawn = simulate(
        opened.instrument, seed=seed, n=n, organisations=organisations, population=population
    ).frame
    return with_answers(opened, drawn)


def client_of_its_own(
    opened: OpenStudy, *, seed: int, n: int, organisations: int, copies: int = 40
) -> tuple[OpenStudy, OpenStudy]:
    """Draw whole teams from organisations `copies` times as large; return the client and all its people."""
    everybody = simulate(opened.instrument, seed=seed, n=copies * n, organisations=organisations).frame
    rng = np.random.default_rng([seed, n])
    chosen: list[str] = []
    for _, members in everybody.groupby("organisation", sort=True):
        teams = members["team"].unique()
        chosen += rng.choice(teams, size=max(round(len(teams) / copies), 1), replace=False).tolist()
    drawn = everybody[everybody["team"].isin(chosen)].reset_index(drop=True)
    return with_answers(opened, drawn), with_answers(opened, everybody)


def truth_of(opened: OpenStudy, population: Population = DEMO, *, latent: bool) -> Truth:
    """Return the true values from the population's covariance matrix, of constructs or of their scores."""
    exogenous = decompose(population)
    scores = describe(
        opened.instrument,
        population,
        exogenous=exogenous,
        values=item_values(opened.instrument, population),
    )["scores"]
    covariance = latent_covariance(exogenous) if latent else pd.DataFrame(scores["correlation"])
    return _truth(opened, covariance, means=np.array([scores["mean"][code] for code in opened.dimensions]))


@cache
def norm() -> dict[str, float]:
    """Return the means of the demo's norm."""
    return study_norm(open_study("demo"))


def truth_among(opened: OpenStudy, everybody: OpenStudy, *, norm: Mapping[str, float] | None = None) -> Truth:
    """Return the values of all the people a client's answers were drawn from, the gap to a norm if any."""
    scores = construct_scores(everybody.responses)
    means = scores[list(opened.dimensions)].mean().to_numpy()
    truth = _truth(opened, scores.dropna().corr(), means=means)
    if norm is None:
        return truth
    gap = np.array([norm[code] for code in opened.dimensions]) - means
    return replace(truth, readings={**truth.readings, "gap": gap})


def _truth(opened: OpenStudy, covariance: pd.DataFrame, *, means: np.ndarray) -> Truth:
    names = list(opened.dimensions)
    among = covariance.loc[names, names].to_numpy()[None]
    toward = covariance.loc[names, OUTCOMES].to_numpy()[None]
    importance = {name: method(among, toward)[0].mean(axis=1) for name, method in METHODS.items()}
    readings = {
        "lowest": -means,
        "gap": means.mean() - means,
        "weighted": importance["lmg"] * (5.0 - means),
    }
    return Truth(importance=importance, readings=readings)


def true_ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of each; those that are equal share all of theirs."""
    values = np.round(values, 9)
    best = 1 + (values[None, :] > values[:, None]).sum(axis=1)
    return best, (values[None, :] >= values[:, None]).sum(axis=1)


def told_wrongly(
    supported: pd.DataFrame, truth: Truth, dimensions: tuple[str, ...]
) -> list[tuple[bool, bool]]:
    """Say of priorities whether the true rank lies beyond the first third, in any and in all readings.

    The third in which `attention.priorities` wants the whole rank interval, and the readings that support
    it; those that tie have the best of their ranks.
    """
    third = -(-len(dimensions) // 3)
    best = {
        name: dict(zip(dimensions, true_ranks(values)[0], strict=True))
        for name, values in truth.readings.items()
    }
    beyond = [
        [best[name][row["dimension"]] > third for name in row["readings"].split()]
        for _, row in supported.iterrows()
    ]
    return [(any(one), all(one)) for one in beyond]


def judged(rows: pd.DataFrame, values: np.ndarray) -> dict[str, float]:
    """Say whether rank intervals hold the true ranks, their width, and whether the first three are found."""
    best, worst = true_ranks(values)
    low, high = rows["rank_low"].to_numpy(), rows["rank_high"].to_numpy()
    held, top = (low <= best) & (high >= worst), best <= TOP
    first = set(rows["rank"].to_numpy().argsort(kind="stable")[:TOP].tolist())
    surely, may = set(np.flatnonzero(worst <= TOP).tolist()), set(np.flatnonzero(top).tolist())
    return {
        "all": float(held.all()),
        "top": float(held[top].all()),
        "width": float((high - low).mean()),
        "top_width": float((high - low)[top].mean()),
        "found": float(surely <= first <= may),
    }

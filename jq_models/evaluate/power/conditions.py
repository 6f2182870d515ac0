"""The conditions of a simulation and its parts: what is drawn where, whoever draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from jq_models.errors import SpecError
from jq_models.evaluate.power.population import PowerPopulation

# replications of one chunk: fixed, so that the same seed gives the same samples whoever draws them
CHUNK = 50
MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One kind of study.

    Attributes
    ----------
    n : int
        Complete answers.
    organisations : int
        Organisations the respondents come from, in equal numbers; 0 for independent respondents.
    loading : float or None
        Mean standardised loading of the items; None for the population's own.
    """

    n: int
    organisations: int = 0
    loading: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 2 <= self.n <= MOST:
            raise SpecError(f"n = {self.n}: give a number of respondents from 2 to {MOST}.")
        if self.organisations < 0 or self.organisations == 1 or 2 * self.organisations > self.n:
            raise SpecError(
                f"organisations = {self.organisations} for n = {self.n}: give 0 for independent respondents, "
                "or at least 2 organisations of 2 respondents."
            )

    @property
    def key(self) -> tuple[int, int, int]:
        """What its random streams follow from: the same condition gives the same samples in any plan."""
        return self.n, self.organisations, round(10_000 * (self.loading or 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One chunk of one condition: everything a worker needs, on this machine or another."""

    population: PowerPopulation
    condition: Condition
    seed: int
    chunk: int
    replications: int
    outcomes: tuple[str, ...]

    @property
    def rng(self) -> np.random.Generator:
        """The chunk's own random stream."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(*self.condition.key, self.chunk))
        return np.random.default_rng(sequence)


def grid(
    n: Sequence[int], *, organisations: Sequence[int] = (0,), loadings: Sequence[float | None] = (None,)
) -> tuple[Condition, ...]:
    """Return every combination, n running fastest.

    Parameters
    ----------
    organisations : sequence of int
        How many the people come from; 0: from no clusters.
    loadings : sequence of float or None
        Of every item; None: those of the population.

    Raises
    ------
    SpecError
        When there is none, or one cannot be drawn.
    """
    found = tuple(
        Condition(n=size, organisations=groups, loading=level)
        for level, groups, size in product(
            dict.fromkeys(loadings), dict.fromkeys(organisations), sorted(set(n))
        )
    )
    if not found:
        raise SpecError("There is nothing to simulate. Give at least one n.")
    return found


def tasks_of(
    population: PowerPopulation,
    conditions: Sequence[Condition],
    *,
    replications: int,
    seed: int,
    outcomes: tuple[str, ...],
) -> list[Task]:
    """Cut the conditions into chunks.

    Raises
    ------
    SpecError
        When there are no replications or the seed is negative.
    """
    if replications < 1 or seed < 0:
        raise SpecError(
            f"replications = {replications}, seed = {seed}: give at least 1 replication and a seed from 0 on."
        )
    return [
        Task(
            population=population,
            condition=condition,
            seed=seed,
            chunk=first // CHUNK,
            replications=min(CHUNK, replications - first),
            outcomes=outcomes,
        )
        for condition in conditions
        for first in range(0, replications, CHUNK)
    ]

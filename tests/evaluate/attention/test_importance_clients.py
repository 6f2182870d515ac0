"""The true first three drivers of simulated clients lie inside the printed rank intervals.

tests/reference/importance/RESULTS.md has the same with more sizes and quantities.
"""

from __future__ import annotations

import numpy as np
import pytest
from importance_clients import EQUAL, STRONG, client, judged, study, true_ranks, truth_of

from jq_models.data.population import DEMO, Population
from jq_models.evaluate import attention

N, ORGANISATIONS = 150, 4


def blocks(population: Population, *, clients: int, first: int) -> list[dict[str, float]]:
    opened = study()
    truths = [truth_of(opened, population, latent=latent) for latent in (True, False)]
    found = []
    for seed in range(first, first + clients):
        one = client(opened, seed=seed, n=N, organisations=ORGANISATIONS, population=population)
        rows = attention(one, draws=300, seed=seed).importance
        rows = rows[(rows["method"] == "lmg") & (rows["outcome"] == "overall")]
        found += [judged(rows, truth.importance["lmg"]) for truth in truths]
    return found


def test_the_population_says_who_comes_first() -> None:
    opened = study()
    constructs, scores = (truth_of(opened, latent=latent).importance["lmg"] for latent in (True, False))
    codes = np.array(opened.dimensions)
    best, worst = true_ranks(constructs)
    # two tie for the first place, three for the third
    assert set(codes[best == 1]) == {"ENJ", "INT"}
    assert set(codes[(best == 3) & (worst == 5)]) == {"OPP", "SUP", "EMP"}
    assert set(codes[np.argsort(-scores)[:3]]) == {"ENJ", "INT", "SUP"}
    equal = truth_of(opened, EQUAL, latent=False)
    assert np.ptp(equal.importance["lmg"]) < 1e-12
    assert np.ptp(equal.readings["lowest"]) < 1e-12


def test_a_few_clients_hold_their_true_drivers() -> None:
    found = blocks(STRONG, clients=3, first=1)
    assert np.mean([one["top"] for one in found]) > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("population", [DEMO, STRONG], ids=["demo", "strong"])
def test_the_true_first_three_lie_inside_in_nine_of_ten_of_200_clients(population: Population) -> None:
    found = blocks(population, clients=200, first=10_000)
    assert np.mean([one["top"] for one in found[::2]]) >= 0.90
    assert np.mean([one["top"] for one in found[1::2]]) >= 0.90

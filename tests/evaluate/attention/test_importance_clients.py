"""The true first three drivers of simulated clients lie inside the printed rank intervals.

tests/reference/importance/RESULTS.md has the same with more sizes and quantities.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from importance_clients import (
    EQUAL,
    METHODS,
    STRONG,
    Truth,
    client,
    client_of_its_own,
    judged,
    norm,
    remembered,
    study,
    told_wrongly,
    true_ranks,
    truth_among,
    truth_of,
)

from jq_models.data.population import DEMO, Population
from jq_models.evaluate import attention
from jq_models.evaluate.attention import READINGS

N, ORGANISATIONS = 150, 4


Found = dict[str, list[dict[str, float]]]


def drivers(population: Population, *, clients: int, first: int) -> Found:
    """Judge the importance of simulated clients by every method, against constructs and scores."""
    opened = study()
    truths = {"constructs": True, "scores": False}
    known = {name: truth_of(opened, population, latent=latent) for name, latent in truths.items()}
    found: Found = {}
    for seed in range(first, first + clients):
        one = client(opened, seed=seed, n=N, organisations=ORGANISATIONS, population=population)
        rows = attention(one, draws=300, seed=seed).importance
        for method in METHODS:
            block = rows[(rows["method"] == method) & (rows["outcome"] == "overall")]
            for name, truth in known.items():
                found.setdefault(f"{method}, {name}", []).append(judged(block, truth.importance[method]))
    return found


def readings(*, clients: int, first: int) -> Found:
    """Judge the readings of clients against all the people of their own organisations."""
    opened = study()
    found: Found = {}
    for seed in range(first, first + clients):
        one, everybody = client_of_its_own(opened, seed=seed, n=N, organisations=ORGANISATIONS)
        truth = truth_among(opened, everybody, norm=norm())
        seen = attention(one, norm=norm(), draws=300, seed=seed)
        for reading in READINGS:
            found.setdefault(reading, []).append(judged(seen.of(reading), truth.readings[reading]))
    return found


def held(found: Found) -> dict[str, float]:
    """Print (pytest -s) and return the share of clients whose true first three lie in their intervals."""
    shares = {}
    for name, clients in found.items():
        mean = {key: float(np.mean([one[key] for one in clients])) for key in clients[0]}
        shares[name] = mean["top"]
        print(
            f"\n{name}: {len(clients)} clients of {N}, the first three held {mean['top']:.3f}, "
            f"all twelve {mean['all']:.3f}; mean width {mean['top_width']:.1f} and {mean['width']:.1f}"
        )
    return shares


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
    found = held(drivers(STRONG, clients=3, first=1))
    assert len(found) == 2 * len(METHODS)
    assert np.mean(list(found.values())) > 0.8
    assert np.mean(list(held(readings(clients=2, first=1)).values())) > 0.8


def test_a_priority_beyond_the_first_third_is_told() -> None:
    codes = tuple("ABCDEF")  # of six, the first third are two
    truth = Truth(
        importance={}, readings={"lowest": np.array([6.0, 5, 5, 3, 2, 1]), "weighted": np.arange(6.0)}
    )
    told = pd.DataFrame(
        {"dimension": ["A", "C", "D", "F"], "readings": ["lowest", "lowest weighted", "lowest", "weighted"]}
    )
    wrong = told_wrongly(told, truth, codes)
    assert wrong == [(False, False), (True, False), (True, True), (False, False)]


@pytest.mark.slow
@pytest.mark.parametrize("population", [DEMO, STRONG], ids=["demo", "strong"])
def test_the_true_first_three_lie_inside_in_nine_of_ten_of_200_clients(population: Population) -> None:
    with remembered():
        found = held(drivers(population, clients=200, first=10_000))
    assert min(found.values()) >= 0.90


@pytest.mark.slow
def test_so_do_those_of_the_readings() -> None:
    with remembered():
        found = held(readings(clients=200, first=30_000))
    assert min(found.values()) >= 0.90

"""The bootstrap interval of one HTMT: against a slow second route, at its edges, and how often it covers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import htmt, htmt_interval

BLOCKS = {"A": ["A1", "A2", "A3", "A4"], "B": ["B1", "B2", "B3"], "C": ["C1", "C2", "C3"]}
PAIR = ("A", "B")
DRAWS = 80


@pytest.fixture(scope="module")
def items(table) -> pd.DataFrame:
    """260 persons, some answers missing."""
    return table("reliability_htmt", "data.csv", index=False)


def slow_htmt(frame: pd.DataFrame, first: list[str], second: list[str]) -> float:
    """HTMT from pandas' correlations and plain loops over pairs of items."""
    r = frame.corr().abs()
    between = [r.loc[a, b] for a in first for b in second]
    within = [
        [r.loc[codes[i], codes[j]] for i in range(len(codes)) for j in range(i)] for codes in (first, second)
    ]
    means = [sum(values) / len(values) for values in (between, *within)]
    return means[0] / math.sqrt(means[1] * means[2])


def slow_interval(frame: pd.DataFrame, pair: tuple[str, str], *, seed: int) -> tuple[float, float]:
    """The same persons drawn, row by row; the quantiles interpolated by hand."""
    first, second = (BLOCKS[code] for code in pair)
    complete = frame[[*first, *second]].dropna().reset_index(drop=True)
    generator = np.random.default_rng(seed)
    ratios = []
    for _ in range(DRAWS):
        persons = generator.integers(len(complete), size=len(complete))
        drawn = pd.DataFrame([complete.iloc[person] for person in persons]).reset_index(drop=True)
        ratios.append(slow_htmt(drawn, first, second))
    return _quantile(ratios, 0.025), _quantile(ratios, 0.975)


def _quantile(values: list[float], share: float) -> float:
    """Hyndman & Fan's (1996) definition 7, the default of R and numpy."""
    place = share * (len(values) - 1)
    below = math.floor(place)
    ordered = sorted(values)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


def test_equals_a_slow_bootstrap_of_the_same_draws(items):
    assert items.isna().any(axis=None)
    found = htmt_interval(items, BLOCKS, pair=PAIR, seed=11, draws=DRAWS)
    assert found == pytest.approx(slow_interval(items, PAIR, seed=11), rel=1e-12)


def test_complete_rows_are_those_of_the_pair(items):
    """A row without an answer to C serves A and B."""
    emptied = items.assign(C1=np.nan)
    assert htmt_interval(emptied, BLOCKS, pair=PAIR, seed=4, draws=DRAWS) == htmt_interval(
        items, BLOCKS, pair=PAIR, seed=4, draws=DRAWS
    )


def test_the_interval_holds_the_estimate_and_does_not_hang_on_the_order(items):
    low, high = htmt_interval(items, BLOCKS, pair=PAIR, seed=1)
    estimate = htmt(items[[*BLOCKS["A"], *BLOCKS["B"]]], {code: BLOCKS[code] for code in PAIR}).loc[PAIR]
    assert 0 < low < estimate < high
    assert htmt_interval(items, BLOCKS, pair=PAIR[::-1], seed=1) == pytest.approx((low, high), rel=1e-12)


def test_the_same_seed_gives_the_same_interval(items):
    found = [htmt_interval(items, BLOCKS, pair=PAIR, seed=seed, draws=DRAWS) for seed in (3, 3, 4)]
    assert found[0] == found[1]
    assert found[0][0] != found[2][0]
    assert found[0][1] != found[2][1]


@pytest.mark.parametrize(
    "pair",
    [("A", "D"), ("D", "A"), ("A", "ENJ"), ("ENJ", "SAT"), ("A", "A")],
    ids=["single item", "single item first", "one not asked", "both not asked", "the same twice"],
)
def test_a_pair_without_a_ratio_has_no_interval(items, pair):
    found = htmt_interval(items, {**BLOCKS, "D": ["D1"]}, pair=pair, seed=1, draws=5)
    assert all(math.isnan(bound) for bound in found)


def test_more_answers_make_it_narrower(items):
    complete = items.dropna()
    fourfold = pd.concat([complete] * 4, ignore_index=True)
    narrow, wide = (
        np.diff(htmt_interval(frame, BLOCKS, pair=PAIR, seed=2, draws=400))[0]
        for frame in (fourfold, complete)
    )
    assert wide / narrow == pytest.approx(2.0, rel=0.15)


def test_it_covers_the_population_ratio_about_as_often_as_it_says():
    """120 samples of 200 persons; loadings .8, so the population's HTMT is the correlation, .6."""
    generator = np.random.default_rng(7)
    blocks = {"f": ["f1", "f2", "f3"], "g": ["g1", "g2", "g3"]}
    hits = 0
    for sample in range(120):
        factors = generator.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=200)
        answers = np.repeat(factors, 3, axis=1) * 0.8 + 0.6 * generator.standard_normal((200, 6))
        frame = pd.DataFrame(answers, columns=[*blocks["f"], *blocks["g"]])
        low, high = htmt_interval(frame, blocks, pair=("f", "g"), seed=sample, draws=200)
        hits += low <= 0.6 <= high
    assert 0.88 <= hits / 120 <= 0.99

"""Verdicts on H1 to H8: right where the truth is known, in both directions."""

from __future__ import annotations

import pytest
from claim_truths import LEAST_RIGHT, MOST_FALSE, TRUTHS
from verdict_trial import judged_published, trial

SAID = {name: TRUTHS[name] for name in ("HOLDS", "WRONG", "NOTHING_ADDED", "ONE_FACTOR")}


def test_every_claim_has_a_truth_in_both_directions():
    assert {name for population, said in SAID.items() if population != "HOLDS" for name in said} == set(
        SAID["HOLDS"]
    )


@pytest.mark.parametrize("population", SAID)
def test_one_sample_of_each_truth_is_judged_right(population):
    found = judged_published(3, population=population)
    assert {name: found[name] for name in SAID[population]} == SAID[population]


@pytest.mark.slow
@pytest.mark.parametrize("population", SAID)
def test_verdicts_are_right_in_nine_of_ten_samples(population):
    shares = trial("published", population, samples=200, workers=2)
    print(f"\n{population}\n{shares.to_string()}")
    wanted = SAID[population]
    assert min(shares.loc[name, verdict] for name, verdict in wanted.items()) >= LEAST_RIGHT
    if population != "HOLDS":
        assert max(shares.loc[name, "supported"] for name in wanted) <= MOST_FALSE

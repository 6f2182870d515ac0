"""Verdicts on H1 to H8: right where the truth is known, in both directions."""

from __future__ import annotations

import pytest
from verdict_trial import judged_published, trial

# the truth on every claim a population is the truth of; the rest of its verdicts is of no interest here
SAID = {
    "HOLDS": dict.fromkeys(("H1", "H2", "H2b", "H3", "H4", "H5", "H6", "H7", "H8"), "supported"),
    "WRONG": dict.fromkeys(("H2", "H2b", "H4", "H5", "H6"), "not_supported"),
    "NOTHING_ADDED": dict.fromkeys(("H3", "H7", "H8"), "not_supported"),
    "ONE_FACTOR": {"H1": "not_supported"},
}


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
    assert min(shares.loc[name, verdict] for name, verdict in wanted.items()) >= 0.90
    if population != "HOLDS":
        assert max(shares.loc[name, "supported"] for name in wanted) <= 0.05

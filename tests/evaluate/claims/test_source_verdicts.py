"""Verdicts on the claims of the sources: right where the truth is known, in both directions."""

from __future__ import annotations

import pytest
from claim_truths import LEAST_RIGHT, MOST_FALSE, TRUTHS
from verdict_trial import judged_sources, trial

from jq_models.evaluate.sources.judge import SOURCE_CLAIMS

RIGHT = {name: TRUTHS[name] for name in ("holds", "wrong")}


def test_every_claim_of_the_sources_has_a_judge():
    assert list(SOURCE_CLAIMS) == [f"H{number}" for number in range(9, 31)]


@pytest.mark.parametrize("population", RIGHT)
def test_one_sample_of_each_truth_is_judged_right(population):
    found = judged_sources(3, population=population)
    assert found == RIGHT[population]


def test_nothing_is_supported_where_there_is_nothing():
    assert "supported" not in judged_sources(3, population="nothing").values()


@pytest.mark.slow
@pytest.mark.parametrize("population", RIGHT)
def test_verdicts_are_right_in_nine_of_ten_samples(population):
    shares = trial("sources", population, samples=200, workers=2)
    print(f"\n{population}\n{shares.to_string()}")
    assert min(shares.loc[name, verdict] for name, verdict in RIGHT[population].items()) >= LEAST_RIGHT
    if population == "wrong":
        assert shares["supported"].max() <= MOST_FALSE


@pytest.mark.slow
def test_a_claim_without_truth_is_hardly_ever_supported():
    shares = trial("sources", "nothing", samples=200, workers=2)
    print(f"\n{shares.to_string()}")
    assert shares["supported"].max() <= MOST_FALSE

"""Drawing cases: replicate by replicate, in strata and clusters, and many replicates at once."""

from __future__ import annotations

import numpy as np
import pytest

from jq_models.numeric.blocks import BLOCK, LARGEST, samples_at_once
from jq_models.numeric.resampling import Resampling

CLUSTERS = Resampling(
    unit=np.array([0, 0, 1, 2, 2, 2, 3]), strata=(np.array([0, 1]), np.array([2, 3])), ends=np.array([3, 7])
)
CASES = Resampling(unit=np.arange(40), strata=(np.arange(40),), ends=np.array([40]))


@pytest.mark.parametrize("resampling", [CLUSTERS, CASES], ids=["clusters in strata", "cases"])
def test_many_replicates_are_the_single_ones(resampling: Resampling) -> None:
    many = resampling.times(7, range(3, 9))
    for row, replicate in zip(many, range(3, 9), strict=True):
        np.testing.assert_array_equal(row, np.concatenate(resampling.counts(7, replicate)))
    assert not np.array_equal(many[0], many[1])


def test_a_replicate_counts_the_draws_of_its_own_stream() -> None:
    rng = np.random.default_rng(np.random.SeedSequence(7, spawn_key=(5,)))
    drawn = rng.integers(40, size=40)
    expected = [np.sum(drawn == case) for case in range(40)]
    assert CASES.times(7, range(5, 6))[0].tolist() == expected


def test_clusters_are_drawn_whole_and_as_many_as_their_stratum_has() -> None:
    for row in CLUSTERS.times(1, range(20)):
        assert row[0] == row[1]
        assert row[3] == row[4] == row[5]
        assert (row[0] + row[2], row[3] + row[6]) == (2, 2)


@pytest.mark.parametrize(
    ("variables", "samples"), [(5, LARGEST), (56, LARGEST), (100, 100), (1000, BLOCK // 2)]
)
def test_fewer_samples_at_once_of_more_variables(variables: int, samples: int) -> None:
    assert samples_at_once(variables) == samples

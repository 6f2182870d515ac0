"""Synthetic answers: the moments they were drawn from, within the scale, of nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from grouped_answers import answered_by, column, some_items

from jq_models.data import open_study
from jq_models.disclosure import distances, stand_in
from jq_models.errors import DisclosureError


@pytest.fixture(scope="module")
def opened():
    """The demo study."""
    return open_study("demo")


@pytest.fixture
def client(opened, tmp_path, monkeypatch):
    """A client's study, its raw data in a folder of its own; the answers are to be filled in."""
    monkeypatch.setattr("jq_models.disclosure.opened.paths.raw", lambda: tmp_path)
    return replace(opened, spec=replace(opened.spec, name="acme", simulated=False), modules=None)


def with_answers(client, n, **sizes):
    return replace(client, responses=answered_by(items=some_items(n), team=column(**sizes)))


def correlated(n, seed=3):
    """Answers to items that go together, with gaps."""
    items = some_items(n)
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((n, 1))
    drawn = np.clip(np.round(3.3 + common + 0.8 * rng.standard_normal(items.shape)), 1, 5)
    drawn[rng.random(items.shape) < 0.03] = np.nan
    return pd.DataFrame(drawn, columns=items.columns)


# the largest of some 2,000 correlations: random gaps move them, the less the more people; drawn by chance
# alone they are off by .21 and .12
@pytest.mark.parametrize(("n", "off"), [(120, 0.15), (400, 0.08)])
def test_the_moments_are_those_of_the_study(client, n, off):
    opened = replace(client, responses=answered_by(items=correlated(n), team=column(a=n // 2, b=n - n // 2)))
    drawn = stand_in(opened, seed=1)
    found = distances(drawn.frame, drawn.moments, drawn.correlations)
    assert found["mean"] < 0.02
    assert found["sd"] < 0.02
    assert found["missing"] < 0.01
    assert found["correlation"] < off
    # against the answers themselves, not against what was kept of them
    items = list(opened.responses.items)
    real = opened.responses.items.corr().to_numpy()
    turned = drawn.moments.loc[items, "reversed"].to_numpy(dtype=bool)
    raw = drawn.frame[items].astype(float).to_numpy()
    made = pd.DataFrame(np.where(turned, 6 - raw, raw)).corr().to_numpy()
    assert real.min() > 0.3  # there is something to keep
    assert np.abs(made - real).max() < off + 0.01  # kept to two decimals


def test_answers_are_of_the_scale_and_of_no_respondent(client):
    opened = with_answers(client, 200, a=100, b=100)
    drawn = stand_in(opened, seed=1)
    items = list(opened.responses.items)
    answers = drawn.frame[items].astype(float)
    assert set(np.unique(answers.to_numpy()[~np.isnan(answers)])) <= {1.0, 2.0, 3.0, 4.0, 5.0}
    if len(items) >= 12:
        real = set(map(tuple, opened.responses.items.to_numpy().tolist()))
        assert not real & set(map(tuple, answers.to_numpy().tolist()))


def test_only_groups_that_may_be_shown_are_there_with_their_sizes(client):
    drawn = stand_in(with_answers(client, 100, a=60, b=36, tiny=4), seed=1)
    counts = drawn.frame["team"].value_counts().to_dict()
    assert "tiny" not in counts
    assert set(drawn.groups["team"]) == set(counts) <= {"a", "b"}
    assert all(counts[name] == {"a": 60, "b": 36}[name] for name in counts)


def test_few_respondents_have_no_correlations(client):
    drawn = stand_in(with_answers(client, 40, a=20, b=20), seed=1)
    off = drawn.correlations.to_numpy() - np.eye(len(drawn.correlations))
    assert np.all(off == 0)
    assert len(drawn.frame) == 40


def test_fewer_than_the_minimum_have_no_stand_in(client):
    with pytest.raises(DisclosureError, match="may not be shown"):
        stand_in(with_answers(client, 8, a=8), seed=1)


def test_the_seed_decides(client):
    opened = with_answers(client, 60, a=30, b=30)
    first, again, other = (stand_in(opened, seed=seed).frame for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_what_is_told_of_the_study_is_rounded(client):
    drawn = stand_in(with_answers(client, 60, a=30, b=30), seed=1)
    for table in (drawn.moments[["mean", "sd", "missing"]], drawn.correlations):
        numbers = table.to_numpy(dtype=float)
        assert np.allclose(numbers, np.round(numbers, 2), atol=1e-12)

"""What simulated answers were drawn from is found by the hash of the data, and read back right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jq_models.data import OpenStudy, open_study
from jq_models.data.known import known_truth, truth_from
from jq_models.data.population import DEMO


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


def test_the_demo_has_the_paths_of_its_population(demo: OpenStudy) -> None:
    known = known_truth(demo)
    assert known is not None
    assert dict(known.paths) == dict(DEMO.paths)
    assert set(known.items) == {item.code for item in demo.instrument.items}


def test_its_moments_are_those_of_the_answers(demo: OpenStudy, checkout: Path) -> None:
    """Held against the scores of the truth file: spread, means and correlations."""
    known = known_truth(demo)
    assert known is not None
    truth = json.loads((checkout / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8"))
    owner = np.array([item["construct"] for item in truth["items"]])
    codes = list(truth["scores"]["sd"])
    average = np.array([(owner == code) / (owner == code).sum() for code in codes])
    scores = average @ known.covariance @ average.T
    sd = np.sqrt(np.diag(scores))
    np.testing.assert_allclose(sd, list(truth["scores"]["sd"].values()), rtol=0, atol=2e-5)
    wanted = np.array([list(row.values()) for row in truth["scores"]["correlation"].values()])
    np.testing.assert_allclose(scores / np.outer(sd, sd), wanted, rtol=0, atol=2e-5)
    np.testing.assert_allclose(average @ known.mean, list(truth["scores"]["mean"].values()), atol=2e-5)


def test_the_sample_lies_around_it(demo: OpenStudy) -> None:
    known = known_truth(demo)
    assert known is not None
    answers = demo.complete.items[list(known.items)].to_numpy(dtype=float)
    sd = np.sqrt(np.diag(known.covariance))
    there = known.covariance / np.outer(sd, sd)
    assert np.abs(np.corrcoef(answers, rowvar=False) - there).mean() < 0.05
    assert np.abs(answers.mean(axis=0) - known.mean).max() < 0.25


def test_other_data_and_real_answers_have_no_known_truth(demo: OpenStudy) -> None:
    assert known_truth(replace(demo, data_sha256="0" * 64)) is None
    assert known_truth(replace(demo, spec=replace(demo.spec, simulated=False))) is None


def test_nothing_of_it_can_be_changed(demo: OpenStudy) -> None:
    known = known_truth(demo)
    assert known is not None
    with pytest.raises(ValueError, match="read-only"):
        known.covariance[0, 0] = 2.0


def test_a_truth_file_is_read_by_its_own_numbers(checkout: Path) -> None:
    truth = json.loads((checkout / "data" / "simulated" / "demo_truth.json").read_text(encoding="utf-8"))
    truth["paths"]["SAT ~ JQ"] = 0.5
    assert truth_from(truth).paths["SAT", "JQ"] == 0.5

"""Favourable answers on scales of five, seven and four points, of items and of scales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, Responses
from jq_models.evaluate.survey import favourable_constructs, favourable_items
from jq_models.spec import Scale


def on_scale(responses: Responses, points: int) -> Responses:
    """The same answers, said to be on another scale."""
    labels = tuple(str(k) for k in range(points))
    scale = Scale(name="other", values=tuple(range(1, points + 1)), labels={"en": labels, "nl": labels})
    instrument = replace(
        responses.instrument,
        constructs=tuple(
            replace(c, items=tuple(replace(item, scale=scale) for item in c.items))
            for c in responses.instrument.constructs
        ),
    )
    return replace(responses, instrument=instrument)


def test_five_points(make_responses) -> None:
    rows = favourable_items(make_responses(pd.DataFrame({"A1": [1, 2, 3, 4, 5, 5, np.nan]})))
    row = rows.loc["A1"]
    assert (row["n"], row["favourable"], row["neutral"], row["unfavourable"]) == (6, 3 / 6, 1 / 6, 2 / 6)
    assert row["construct"] == "A"
    assert 0.18 < row["ci_low"] < 0.19  # Wilson, 3 of 6
    assert 0.81 < row["ci_high"] < 0.82


def test_seven_points_have_their_middle_at_four(make_responses) -> None:
    answers = make_responses(pd.DataFrame({"A1": [1, 2, 3, 4, 4, 5, 6, 7]}))
    row = favourable_items(on_scale(answers, 7)).loc["A1"]
    assert (row["favourable"], row["neutral"], row["unfavourable"]) == (3 / 8, 2 / 8, 3 / 8)


def test_an_even_scale_has_no_neutral_answer(make_responses) -> None:
    answers = make_responses(pd.DataFrame({"A1": [1, 2, 3, 4, 4]}))
    row = favourable_items(on_scale(answers, 4)).loc["A1"]
    assert (row["favourable"], row["unfavourable"]) == (3 / 5, 2 / 5)
    assert np.isnan(row["neutral"])
    assert np.isnan(favourable_constructs(on_scale(answers, 4)).loc["A", "neutral"])


def test_reversed_items_are_turned_once(demo: OpenStudy) -> None:
    raw = pd.read_csv("data/simulated/demo.csv")
    item = next(i for i in demo.instrument.items if i.reversed and i.construct == "OPP")
    given = raw[item.code][raw[item.code].between(1, 5)]
    found = favourable_items(demo.responses).loc[item.code]
    assert found["favourable"] == pytest.approx((given <= 2).mean())
    assert found["n"] == len(given)


def test_wanting_to_stay_is_favourable(demo: OpenStudy) -> None:
    answers = demo.responses.items["TIN1"].dropna()
    assert favourable_items(demo.responses).loc["TIN1", "favourable"] == pytest.approx((answers < 3).mean())


def test_a_scale_counts_every_person_once(make_responses) -> None:
    """Two people: one answered both items favourably, one only the first, unfavourably."""
    rows = favourable_constructs(make_responses(pd.DataFrame({"A1": [5, 1], "A2": [4, np.nan]})))
    assert (rows.loc["A", "n"], rows.loc["A", "favourable"]) == (2, 0.5)  # pooled answers would give 2/3
    assert rows.loc["A", "unfavourable"] == 0.5


def test_without_missing_answers_a_scale_is_the_mean_of_its_items(demo: OpenStudy) -> None:
    complete = demo.complete
    items, scales = favourable_items(complete), favourable_constructs(complete)
    for code in ("OPP", "LCU", "TIN"):
        mean = items.loc[items["construct"] == code, ["favourable", "neutral", "unfavourable"]].mean()
        np.testing.assert_allclose(scales.loc[code, mean.index].astype(float), mean)


def test_nobody_answered(make_responses) -> None:
    rows = make_responses(pd.DataFrame({"A1": [np.nan, np.nan], "A2": [np.nan, np.nan]}))
    assert favourable_items(rows).loc["A1", "n"] == 0
    assert np.isnan(favourable_items(rows).loc["A1", "favourable"])
    assert np.isnan(favourable_constructs(rows).loc["A", "favourable"])

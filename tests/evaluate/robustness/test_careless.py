"""Signs of careless answering: by hand, against R's Mahalanobis distance, and planted in the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, open_study
from jq_models.data.responses import Responses
from jq_models.evaluate.robustness.careless import (
    careless_counts,
    careless_flags,
    careless_indices,
    even_odd,
    given_answers,
    long_string,
    mahalanobis,
)
from jq_models.paths import project_root
from jq_models.report.questionnaire.form import dealt

NAN = np.nan


@pytest.fixture(scope="module")
def complete() -> Responses:
    return open_study("demo").complete


def test_the_longest_run_by_hand():
    answers = np.array(
        [
            [3, 3, 3, 3, 3, 3],  # 6 of 6
            [1, 2, 2, 2, 1, 1],  # 3
            [1, 2, 1, 2, 1, 2],  # 1
            [4, 4, NAN, 4, 4, 4],  # a gap ends a run: 3
            [NAN, NAN, NAN, NAN, NAN, NAN],
        ]
    )
    np.testing.assert_allclose(long_string(answers) * 6, [6, 3, 1, 3, NAN])


def test_a_run_does_not_cross_into_another_scale():
    answers = np.array([[2, 2, 2, 2, 2, 2]])
    breaks = np.array([False, False, True, False, False])
    assert long_string(answers, breaks=breaks)[0] * 6 == 3


def test_even_odd_by_hand():
    """r = .5 becomes 2/3; consistent 1; opposite -1; a flat half cannot be judged."""
    odd = np.array([[1.0, 2, 3], [1, 2, 3], [1, 2, 3], [2, 2, 2], [1, NAN, 3]])
    even = np.array([[1.0, 3, 2], [2, 3, 4], [3, 2, 1], [1, 2, 3], [1, 2, 3]])
    np.testing.assert_allclose(even_odd(even, odd), [2 / 3, 1.0, -1.0, NAN, NAN], atol=1e-12)


def test_even_odd_leaves_out_what_is_missing():
    odd, even = np.array([[1.0, 2, 3, NAN]]), np.array([[1.0, 3, 2, 5.0]])
    assert even_odd(even, odd)[0] == pytest.approx(2 / 3)


def test_mahalanobis_equals_r(table):
    data = table("nesting", "mahalanobis.csv", False)
    x, expected = data.drop(columns="distance").to_numpy(dtype=float), data["distance"].to_numpy()
    np.testing.assert_allclose(mahalanobis(x), expected, rtol=1e-9)
    holed = np.vstack([x, [1, 2, NAN, 4, 5, 1]])
    np.testing.assert_allclose(mahalanobis(holed)[:-1], expected, rtol=1e-9)
    assert np.isnan(mahalanobis(holed)[-1])


def test_items_that_determine_one_another_have_no_distance():
    x = np.random.default_rng(1).normal(size=(30, 3))
    assert np.isnan(mahalanobis(np.column_stack([x, x[:, 0]]))).all()
    assert np.isnan(mahalanobis(x[:4])).all()


def test_answers_are_turned_back_to_what_was_given(complete):
    raw = given_answers(complete)
    codes = [str(code) for code in complete.items]
    turned = [complete.instrument.item(code).reversed for code in codes]
    assert any(turned)
    np.testing.assert_array_equal(raw[:, turned], 6 - complete.items.to_numpy()[:, turned])
    same = ~np.array(turned)
    np.testing.assert_array_equal(raw[:, same], complete.items.to_numpy()[:, same])


def planted(complete: Responses, *, rows: slice, answers: np.ndarray) -> Responses:
    """Return responses in which some people gave these answers; what they gave is turned, as on reading."""
    items = complete.items.to_numpy(copy=True)
    turned = [complete.instrument.item(str(c)).reversed for c in complete.items]
    items[rows] = np.where(turned, 6 - answers, answers)
    return replace(complete, items=pd.DataFrame(items, columns=complete.items.columns))


def test_straight_liners_are_found_though_reversed_items_are_turned(complete):
    liners = planted(complete, rows=slice(0, 20), answers=np.full((20, complete.items.shape[1]), 4.0))
    flags = careless_flags(liners)
    assert flags["long_string"].to_numpy().nonzero()[0].tolist() == list(range(20))
    assert careless_indices(liners)["long_string"].max() == 1.0


def test_random_answers_are_found_by_the_other_two_signs(complete):
    rng = np.random.default_rng(5)
    noise = rng.integers(1, 6, size=(40, complete.items.shape[1])).astype(float)
    flags = careless_flags(planted(complete, rows=slice(0, 40), answers=noise))
    assert flags["even_odd"][:40].mean() > 0.6
    assert flags["mahalanobis"][:40].mean() > 0.6
    assert not flags["long_string"].any()
    assert flags[40:].any(axis=1).mean() < 0.03


def test_honest_people_are_seldom_flagged(complete):
    counts = careless_counts(complete)
    assert counts.n == complete.n
    assert counts.counts["long_string"] == 0
    assert counts.flagged < 0.02 * complete.n
    assert max(c for c in counts.counts.values() if c is not None) <= counts.flagged


def test_few_constructs_give_no_even_odd(make_responses):
    rng = np.random.default_rng(6)
    items = pd.DataFrame(rng.integers(1, 6, size=(50, 6)), columns=["A1", "A2", "B1", "B2", "C1", "C2"])
    found = careless_counts(make_responses(items))
    assert found.counts["even_odd"] is None
    assert found.counts["long_string"] is not None


LINERS = 15


@pytest.fixture(scope="module")
def reopened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], OpenStudy]:
    """Open the demo from a file whose columns stand in this order; 15 people straight-lined the last half."""

    def _reopened(codes: list[str]) -> OpenStudy:
        frame = pd.read_csv(project_root() / "data" / "simulated" / "demo.csv", dtype=str)
        given = frame[codes].notna() & frame[codes].ne("99")
        whole = given.all(axis=1).to_numpy().nonzero()[0][:LINERS]
        asked = [item.code for item in dealt(open_study("demo").instrument.items)]
        frame.loc[whole, asked[len(asked) // 2 :]] = "4"
        others = [name for name in frame if name not in codes]
        path: Path = tmp_path_factory.mktemp("asked") / "answers.csv"
        # something of the tool's own may stand between two questions
        frame[[*codes[:3], *others, *codes[3:]]].to_csv(path, index=False)
        return open_study("demo", data=path)

    return _reopened


def test_straight_lining_shows_in_the_order_asked(reopened: Callable[[list[str]], OpenStudy]) -> None:
    asked = [item.code for item in dealt(open_study("demo").instrument.items)]
    own = sorted(asked, key=[item.code for item in open_study("demo").instrument.items].index)
    in_order_asked, in_order_written = reopened(asked), reopened(own)
    told = in_order_asked.responses.asked  # of the modules, too
    assert tuple(code for code in told if code in asked) == tuple(asked)
    assert in_order_asked.responses.as_asked == in_order_asked.complete.as_asked == tuple(asked)
    pd.testing.assert_frame_equal(in_order_asked.responses.items, in_order_written.responses.items)
    found, blind = (careless_counts(one.complete) for one in (in_order_asked, in_order_written))
    assert (found.counts["long_string"], blind.counts["long_string"]) == (LINERS, 0)
    assert (found.as_asked, blind.as_asked) == (True, False)
    for sign in ("even_odd", "mahalanobis"):  # nothing else hangs on the order
        assert found.counts[sign] == blind.counts[sign]


def test_the_order_asked_holds_for_some_of_the_items_too(complete: Responses) -> None:
    asked = tuple(item.code for item in dealt(complete.instrument.items))
    some = replace(complete, asked=asked, items=complete.items[["OPP1", "OPP2", "SAT1", "SAT4", "TIN3"]])
    assert some.as_asked == tuple(code for code in asked if code in some.items)
    unknown = replace(some, asked=("SAT1",))
    assert unknown.as_asked == ("SAT1", "OPP1", "OPP2", "SAT4", "TIN3")


def test_answer_scales_break_runs_in_the_order_asked(make_responses: Callable[..., Responses]) -> None:
    codes = ["A1", "A2", "B1", "B2"]
    responses = make_responses(pd.DataFrame([[2.0, 3.0, 2.0, 2.0]], columns=codes))
    other = replace(responses.instrument.item("B1").scale, name="other")
    constructs = tuple(
        replace(c, items=tuple(replace(i, scale=other if i.code == "B1" else i.scale) for i in c.items))
        for c in responses.instrument.constructs
    )
    mixed = replace(responses, instrument=replace(responses.instrument, constructs=constructs))
    longest = {
        order: float(careless_indices(replace(mixed, asked=tuple(order.split())))["long_string"][0]) * 4
        for order in ("A1 A2 B1 B2", "A1 B1 B2 A2", "A1 B2 B1 A2")
    }
    assert longest == {"A1 A2 B1 B2": 1.0, "A1 B1 B2 A2": 1.0, "A1 B2 B1 A2": 2.0}

"""Statistics of what few answered are masked, whatever the number of respondents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import Responses
from jq_models.disclosure import (
    Ledger,
    mask_constructs,
    mask_items,
    mask_missing,
    mask_shares,
    mask_whole,
    record,
    release,
)
from jq_models.errors import DisclosureError
from jq_models.evaluate import answer_shares, construct_summary, item_statistics, missingness
from jq_models.spec import load_instrument


@pytest.fixture(scope="module")
def responses() -> Responses:
    """100 persons; ENJ1 answered by 49, SAT and TIN by few."""
    instrument = load_instrument("ccc_job_quality")
    codes = [item.code for item in instrument.items if item.construct in ("ENJ", "SAT", "TIN")]
    answers = np.random.default_rng(4).integers(1, 6, size=(100, len(codes))).astype(float)
    items = pd.DataFrame(answers, columns=codes)
    items.loc[49:, "ENJ1"] = np.nan
    items.loc[9:, [code for code in codes if code.startswith("SAT")]] = np.nan
    items.loc[10:, [code for code in codes if code.startswith("TIN")]] = np.nan
    return Responses(
        items=items, groups=pd.DataFrame(index=items.index), instrument=instrument, log=(), n_read=100
    )


def test_items_lose_their_spread_below_fifty_and_all_below_the_minimum(responses):
    before = item_statistics(responses)
    kept = before.copy()
    found = mask_items(before, minimum=10)
    pd.testing.assert_frame_equal(before, kept)
    assert list(found.columns) == list(before.columns)
    pd.testing.assert_series_equal(found.loc["ENJ2"], before.loc["ENJ2"])
    spread = ["skew", "floor_share", "ceiling_share"]
    level = ["n", "mean", "sd", "item_rest"]
    assert found.loc["ENJ1", spread].isna().all()
    assert found.loc["ENJ1", level].tolist() == before.loc["ENJ1", level].tolist()
    assert found.loc["SAT1", spread + level].isna().all()
    tin = next(code for code in before.index if code.startswith("TIN"))
    assert found.loc[tin, ["n", "mean"]].tolist() == before.loc[tin, ["n", "mean"]].tolist()  # ten: shown
    assert mask_items(before, minimum=11).loc[tin, level].isna().all()


def test_shares_need_fifty_answers(responses):
    before = answer_shares(responses)
    counts = responses.items.notna().sum()
    found = mask_shares(before, counts)
    assert found.index[found.isna().all(axis=1)].tolist() == [c for c in before.index if counts[c] < 50]
    assert found.loc["ENJ2"].sum() == pytest.approx(1)
    assert mask_shares(before, counts.drop("ENJ2")).loc["ENJ2"].isna().all()
    counts["ENJ1"] = 50
    assert mask_shares(before, counts).loc["ENJ1"].notna().all()


def test_constructs_need_the_minimum(responses):
    before = construct_summary(responses)
    found = mask_constructs(before, minimum=10)
    assert found.loc["SAT"].isna().all()
    pd.testing.assert_frame_equal(found.drop("SAT"), before.drop("SAT"), check_dtype=False)


@pytest.mark.parametrize("mask", [mask_items, mask_constructs])
def test_the_floor_is_enforced(mask):
    with pytest.raises(DisclosureError, match="is 4; it cannot be below 5"):
        mask(pd.DataFrame({"n": [20]}), minimum=4)


def test_the_share_missing_goes_with_the_number_it_would_tell(responses):
    """n = persons x (1 - share): a hidden n must not be worked out."""
    found = mask_items(item_statistics(responses), minimum=10)
    hidden = found.index[found["n"].isna()]
    assert len(hidden) >= 3
    assert found.loc[hidden, "missing_share"].isna().all()
    assert found.loc[found["n"].notna(), "missing_share"].notna().all()


def test_what_is_missing_on_a_construct_few_answered_is_masked(responses):
    before = missingness(responses)
    kept = before.copy()
    found = mask_missing(before, minimum=10)
    pd.testing.assert_frame_equal(before, kept)
    assert list(found.columns) == list(before.columns)
    assert found.loc["SAT"].drop("n_items").isna().all()
    assert found["n_items"].tolist() == before["n_items"].tolist()
    assert found.loc["TIN", "complete_cases"] == 10
    assert found.loc["ENJ"].tolist() == before.loc["ENJ"].tolist()
    with pytest.raises(DisclosureError):
        mask_missing(before, minimum=4)


def test_what_a_release_hides_of_everybody_is_masked_however_many_answered(responses):
    late = responses.items.copy()
    late.loc[99, [code for code in late if code.startswith("ENJ")]] = np.nan  # answered by all but one then
    empty = Ledger(key="0f" * 32)
    first = replace(responses, items=late)
    shown = release(responses, issued=record(empty, first, release(first, issued=empty)))
    summary, statistics, missing = (f(responses) for f in (construct_summary, item_statistics, missingness))
    assert mask_constructs(summary, minimum=10).loc["ENJ"].notna().any()
    assert mask_constructs(summary, minimum=10, release=shown).loc["ENJ"].isna().all()
    items = mask_items(statistics, minimum=10, release=shown)
    assert items.loc["ENJ2", ["n", "mean", "sd", "missing_share", "skew"]].isna().all()
    told = mask_missing(missing, minimum=10, release=shown)
    assert told.loc["ENJ"].drop("n_items").isna().all()
    assert mask_whole(summary, shown).loc["ENJ"].isna().all()
    free = release(responses)
    pd.testing.assert_frame_equal(
        mask_constructs(summary, minimum=10, release=free), mask_constructs(summary, minimum=10)
    )

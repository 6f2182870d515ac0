"""Groups beside the rest: planted differences, sizes, Holm over what is shown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from jq_models.data import OpenStudy
from jq_models.errors import DataError
from jq_models.evaluate import construct_scores
from jq_models.evaluate.survey import corrected, group_segments
from jq_models.evaluate.survey.segments import segments


def test_a_group_is_held_against_everybody_outside_it(demo: OpenStudy) -> None:
    flat = replace(demo.responses, groups=demo.responses.groups[["organisation"]])
    rows = segments(flat, "organisation", minimum=10).set_index(["group", "construct"])
    inside = (demo.responses.groups["organisation"] == "Organisation 4").to_numpy()
    scores = construct_scores(demo.responses)["LCU"]
    test = stats.ttest_ind(scores[inside], scores[~inside], equal_var=False, nan_policy="omit")
    row = rows.loc[("Organisation 4", "LCU")]
    assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-8)
    assert row["difference"] == pytest.approx(scores[inside].mean() - scores[~inside].mean())
    assert row["n"] + row["rest_n"] == scores.notna().sum()
    teams = segments(demo.responses, "organisation", minimum=10).set_index(["group", "construct"])
    assert (teams["se"] >= rows["se"]).all()
    assert teams.loc[("Organisation 4", "SUP"), "se"] > 1.3 * rows.loc[("Organisation 4", "SUP"), "se"]
    assert (teams["clusters"] == 51).all()
    assert rows["clusters"].isna().all()


def test_only_a_planted_difference_is_clear(make_responses) -> None:
    rng = np.random.default_rng(5)
    answers = pd.DataFrame(
        rng.integers(1, 6, size=(400, 6)).astype(float), columns=["A1", "A2", "B1", "B2", "C1", "C2"]
    )
    group = pd.Series(np.repeat(["x", "y", "z", "q"], 100), dtype="category")
    answers.loc[group == "y", ["B1", "B2"]] = rng.integers(3, 6, size=(100, 2))
    found = corrected(segments(make_responses(answers, pd.DataFrame({"team": group})), "team", minimum=10))
    clear = found[found["p_holm"] < 0.05]
    assert (clear["construct"] == "B").all()
    assert "y" in set(clear["group"])
    assert clear.set_index("group").loc["y", "difference"] > 0.8


def test_holm_counts_what_is_left_after_masking(demo: OpenStudy) -> None:
    rows = segments(demo.responses, "contract", minimum=10)
    numbers = [name for name in rows if name not in ("group", "construct")]
    rows.loc[rows["group"] == "Flexible", numbers] = np.nan
    found = corrected(rows)
    own = rows["p_value"].dropna()
    assert len(own) == 15
    np.testing.assert_allclose(found["p_holm"].dropna(), multipletests(own, method="holm")[1])
    assert found.loc[found["group"] == "Flexible", "p_holm"].isna().all()


def test_too_few_scores_on_either_side_give_no_numbers(make_responses) -> None:
    answers = pd.DataFrame({"A1": [1.0, 2, 3, 4, 5, 1, 2, 3]})
    group = pd.Series(["x"] * 6 + ["y"] * 2, dtype="category")
    responses = make_responses(answers, pd.DataFrame({"team": group}))
    assert segments(responses, "team", minimum=3)["difference"].isna().all()
    assert segments(responses, "team", minimum=2)["difference"].notna().all()


def test_people_without_a_group_belong_to_the_rest(make_responses) -> None:
    # else the whole minus group and rest would tell about those few
    answers = pd.DataFrame({"A1": [1.0, 2, 3, 4, 5, 5]})
    group = pd.Series(["x", "x", "y", "y", None, None], dtype="category")
    rows = segments(make_responses(answers, pd.DataFrame({"team": group})), "team", minimum=1)
    assert rows.loc[0, "rest_mean"] == pytest.approx((3.0 + 4 + 5 + 5) / 4)
    assert not math.isnan(rows.loc[0, "difference"])


def test_groupings_of_two_to_twelve_groups_take_part(demo: OpenStudy) -> None:
    names = ["organisation", "contract", "home_days", "language", "role", "tenure"]
    assert list(group_segments(demo)) == names
    with pytest.raises(DataError, match="No grouping variable 'sector'"):
        segments(demo.responses, "sector", minimum=10)

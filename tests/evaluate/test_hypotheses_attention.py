"""H4: the new dimensions score lower in every organisation, or it is not supported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from jq_models.data import OpenStudy, open_study
from jq_models.data.responses import read_only
from jq_models.evaluate import Plan, construct_scores, plan
from jq_models.evaluate.hypotheses import everywhere
from jq_models.evaluate.hypotheses.claims import Stated, h4

NEW = ("LCU", "LEM", "INF")


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


@pytest.fixture(scope="module")
def carried(demo: OpenStudy) -> Plan:
    return plan(demo)


def shifted(opened: OpenStudy, organisation: str, by: float) -> OpenStudy:
    """Move the new dimensions' answers in one organisation."""
    items = pd.DataFrame(opened.responses.items).copy()
    inside = (opened.responses.groups["organisation"] == organisation).to_numpy()
    codes = [i.code for i in opened.instrument.items if i.construct in NEW]
    items.loc[inside, codes] = (items.loc[inside, codes] + by).clip(1, 5)
    return replace(opened, responses=replace(opened.responses, items=read_only(items)))


def stated(opened: OpenStudy, carried: Plan) -> Stated:
    found = everywhere(opened, carried)
    assert found.gap is None
    return h4(found)


def test_a_trio_that_is_lower_everywhere_is_supported(demo: OpenStudy, carried: Plan) -> None:
    claim = stated(demo, carried)
    assert claim.rule(claim.pvalue) == "supported"
    assert claim.rule(0.06) == "inconclusive"
    count, weakest = claim.parts
    assert (count.measure, count.estimate, count.df) == ("holds", 8, 8)
    assert weakest.pvalue == claim.pvalue < 0.01
    assert weakest.ci_high < 0


def test_one_organisation_the_other_way_round_sinks_it(demo: OpenStudy, carried: Plan) -> None:
    claim = stated(shifted(demo, "Organisation 3", 1.5), carried)
    assert claim.rule(claim.pvalue) == "not_supported"
    assert claim.parts[0].estimate == 7
    assert claim.pvalue > 0.99


def test_one_organisation_without_a_difference_leaves_it_open_or_sinks_it(
    demo: OpenStudy, carried: Plan
) -> None:
    found = everywhere(demo, carried).differences
    level = shifted(demo, "Organisation 7", 0.4)
    row = everywhere(level, carried).differences.loc["Organisation 7"]
    assert row["ci_low"] < 0 < row["ci_high"] or abs(row["estimate"]) < abs(
        found["estimate"]["Organisation 7"]
    )
    claim = stated(level, carried)
    assert claim.rule(claim.pvalue) in ("inconclusive", "not_supported")


def test_the_numbers_are_paired_t_tests_by_person_or_team(demo: OpenStudy, carried: Plan) -> None:
    found = everywhere(demo, carried)
    scores = construct_scores(demo.responses)
    others = [code for code in demo.dimensions if code not in NEW]
    lower = scores[list(NEW)].mean(axis=1, skipna=False) - scores[others].mean(axis=1, skipna=False)
    groups = demo.responses.groups
    assert found.sd == pytest.approx(lower.std(ddof=1))
    units = set()
    for name, row in found.differences.iterrows():
        own = lower[(groups["organisation"] == name).to_numpy()].dropna()
        assert row["estimate"] == pytest.approx(own.mean())
        assert row["n"] == len(own)
        assert row["d"] == pytest.approx(own.mean() / found.sd)
        teams = groups["team"].astype(str)[own.index]
        robust = sm.OLS(own.to_numpy(), np.ones(len(own))).fit(
            cov_type="cluster", cov_kwds={"groups": pd.factorize(teams)[0]}, use_t=True
        )
        plain = own.std(ddof=1) / np.sqrt(len(own))
        by_team = bool(np.isfinite(row["clusters"]))
        units.add(by_team)
        assert row["se"] == pytest.approx(robust.bse[0] if by_team else plain)
        assert row["df"] == (teams.nunique() - 1 if by_team else len(own) - 1)
    assert units == {True, False}  # the wider interval of the two counts


def test_only_organisations_that_may_be_shown_take_part(demo: OpenStudy) -> None:
    sizes = demo.complete.groups["organisation"].value_counts(sort=False).astype(float)
    shown = {
        str(name): demo.complete.groups[name].value_counts(sort=False).astype(float)
        for name in demo.complete.groups
    }
    shown["organisation"] = sizes.where(sizes.index != "Organisation 5")
    found = everywhere(demo, plan(demo, shown=shown))
    assert (len(found.differences), found.total) == (7, 8)
    assert "Organisation 5" not in found.differences.index


def test_organisations_left_out_cannot_support_it_but_one_seen_can_sink_it(demo: OpenStudy) -> None:
    shown = {
        str(name): demo.complete.groups[name].value_counts(sort=False).astype(float)
        for name in demo.complete.groups
    }
    sizes = shown["organisation"]
    shown["organisation"] = sizes.where(sizes.index != "Organisation 5")
    seven = plan(demo, shown=shown)
    claim = stated(demo, seven)
    assert claim.pvalue < 0.01
    assert claim.rule(claim.pvalue) == "inconclusive"
    assert [(p.measure, p.estimate, p.df) for p in claim.parts[:2]] == [("holds", 7, 7), ("seen", 7, 8)]
    sunk = stated(shifted(demo, "Organisation 3", 1.5), seven)
    assert sunk.rule(sunk.pvalue) == "not_supported"


def test_one_organisation_is_not_all_organisations(demo: OpenStudy) -> None:
    old = demo.responses
    without = replace(demo, responses=replace(old, groups=old.groups[["team"]]))
    gap = everywhere(without, plan(without)).gap
    assert gap is not None
    assert gap.code == "no_organisations"


def test_without_the_new_dimensions_there_is_nothing_to_compare(demo: OpenStudy, carried: Plan) -> None:
    gone = [i.code for i in demo.instrument.items if i.construct in ("LCU", "LEM")]
    items = pd.DataFrame(demo.responses.items).drop(columns=gone)
    bare = replace(demo, responses=replace(demo.responses, items=read_only(items)))
    gap = everywhere(bare, carried).gap
    assert gap is not None
    assert (gap.code, gap.where) == ("not_asked", ("LCU", "LEM"))


def test_answers_without_any_difference_give_no_test(demo: OpenStudy, carried: Plan) -> None:
    still = replace(
        demo, responses=replace(demo.responses, items=read_only(pd.DataFrame(demo.responses.items) * 0 + 3))
    )
    gap = everywhere(still, carried).gap
    assert gap is not None
    assert gap.code == "constant"

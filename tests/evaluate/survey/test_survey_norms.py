"""Scores beside a norm: planted differences are found, other questions are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from jq_models.data import OpenStudy
from jq_models.errors import SpecError
from jq_models.evaluate import construct_scores
from jq_models.evaluate.survey import against_norm
from jq_models.spec import Norm, NormValue, load_norm


def changed(norm: Norm, code: str, **values: object) -> Norm:
    rows = tuple(replace(v, **values) if v.code == code else v for v in norm.values)  # type: ignore[arg-type]
    return replace(norm, values=rows)


def without_teams(opened: OpenStudy) -> OpenStudy:
    return replace(
        opened, responses=replace(opened.responses, groups=opened.responses.groups[["organisation"]])
    )


def test_without_teams_rows_are_welch_from_summary_statistics(demo: OpenStudy) -> None:
    found = against_norm(without_teams(demo))
    assert found is not None
    scores, norm = construct_scores(demo.responses), load_norm("demo_norm")
    for code in ("LCU", "TIN"):
        own, value, row = scores[code].dropna(), norm.of(code), found.table.loc[code]
        assert value is not None
        sides = (own.mean(), own.std(), len(own), value.mean, value.sd, value.n)
        test = stats.ttest_ind_from_stats(*sides, equal_var=False)
        assert row["difference"] / row["se"] == pytest.approx(test.statistic, rel=1e-10)
        assert row["p_value"] == pytest.approx(test.pvalue, rel=1e-10)
        assert row["p_holm"] >= row["p_value"]
        assert np.isnan(row["clusters"])


def test_people_of_one_team_resemble_each_other(demo: OpenStudy) -> None:
    """SUP has the largest share between teams in the demo: its interval grows most."""
    wide, plain = against_norm(demo), against_norm(without_teams(demo))
    assert wide is not None
    assert plain is not None
    ratio = wide.table["se"] / plain.table["se"]
    assert (ratio >= 1.0).all()
    assert ratio["SUP"] > 1.3
    assert (wide.table["clusters"] == 51).all()
    assert (wide.table["difference"] == plain.table["difference"]).all()


def test_a_small_norm_makes_the_interval_wider(demo: OpenStudy) -> None:
    norm = load_norm("demo_norm")
    wide = against_norm(without_teams(demo), changed(norm, "LCU", n=40))
    narrow = against_norm(without_teams(demo), norm)
    assert wide is not None
    assert narrow is not None
    widths = [f.table.loc["LCU", "ci_high"] - f.table.loc["LCU", "ci_low"] for f in (wide, narrow)]
    assert widths[0] > 2.5 * widths[1]
    assert wide.table.loc["LCU", "difference"] == narrow.table.loc["LCU", "difference"]


def test_what_was_planted_in_the_norm_is_found(demo: OpenStudy) -> None:
    """Against the population, moved; the demo's own distance to it is sampling error (test_simulate)."""
    found = against_norm(demo)
    assert found is not None
    clear = found.table[found.table["p_holm"] < 0.05]["difference"]
    assert clear["LEM"] < 0
    assert clear["CON"] < 0
    assert found.table.loc["LCU", "ci_low"] < -0.2  # differs much between teams: not clear here
    assert clear["OPP"] > 0
    assert "SUP" not in clear  # the norm scores the same


def test_other_questions_and_scales_are_refused_with_the_reason(demo: OpenStudy) -> None:
    norm = changed(load_norm("demo_norm"), "LCU", wording="0" * 64)
    norm = changed(norm, "LEM", scale="agree7 (1 to 7)")
    norm = replace(norm, values=tuple(v for v in norm.values if v.code != "INF"))
    found = against_norm(demo, norm)
    assert found is not None
    states = found.table["state"].to_dict()
    assert (states["LCU"], states["LEM"], states["INF"]) == ("wording", "scale", "absent")
    refused = found.table.loc[
        ["LCU", "LEM", "INF"], ["difference", "norm_mean", "p_value", "p_holm", "effect"]
    ]
    assert refused.isna().to_numpy().all()
    assert list(found.compared.index) == [c for c in found.table.index if c not in ("LCU", "LEM", "INF")]
    tested = found.table["p_value"].notna().sum()
    smallest = found.table["p_value"].min()
    assert found.table["p_holm"].min() == pytest.approx(smallest * tested)  # Holm counts the compared ones


def test_a_study_without_a_norm_has_none_and_an_absent_file_is_named(demo: OpenStudy) -> None:
    spec = demo.spec
    without = replace(demo, spec=replace(spec, client=replace(spec.client, norm=None)))
    assert against_norm(without) is None
    lost = replace(demo, spec=replace(spec, client=replace(spec.client, norm="lost")))
    with pytest.raises(SpecError, match=r"No file 'lost.toml' in norms/"):
        against_norm(lost)


def test_a_score_nobody_has_is_not_compared(demo: OpenStudy) -> None:
    items = demo.responses.items.copy()
    items[[c for c in items if c.startswith("LCU")]] = np.nan
    empty = replace(demo, responses=replace(demo.responses, items=items))
    found = against_norm(empty)
    assert found is not None
    assert found.table.loc["LCU", "state"] == "too_few"


def test_a_value_is_found_by_its_code() -> None:
    norm = load_norm("demo_norm")
    assert isinstance(norm.of("LCU"), NormValue)
    assert norm.of("JQ") is None

"""Whether paths differ between groups: outside numbers, brute force, planted differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from group_cases import OPENPLS, SECOND, TEXT, two_groups

from jq_models.errors import SpecError
from jq_models.evaluate.composites.group_study import judge_paths
from jq_models.evaluate.composites.micom import micom
from jq_models.evaluate.composites.multigroup import group_fit, henseler, pls_groups
from jq_models.evaluate.composites.permuted import pairs_of, permuted
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates


@pytest.fixture(scope="module")
def case(checkout: Path) -> Path:
    return checkout / "tests" / "reference" / "pls_groups"


def test_differences_and_their_test_are_those_of_openpls(case: Path) -> None:
    data = pd.read_csv(case / "data.csv")
    fit = fit_pls(OPENPLS, data, consistent=False)
    table = pls_groups(fit, data["group"], permutations=4000, draws=10, seed=3).table
    theirs = pd.read_csv(case / "permutation.csv")
    assert table["rhs"].tolist() == theirs["source"].tolist()
    assert table["lhs"].tolist() == theirs["target"].tolist()
    for ours, column in (("est_first", "estimateA"), ("est_second", "estimateB"), ("difference",) * 2):
        assert table[ours].to_numpy() == pytest.approx(theirs[column].to_numpy(), abs=1e-5)
    assert table["p_permutation"].to_numpy() == pytest.approx(theirs["p_value"].to_numpy(), abs=0.05)


def test_henselers_p_is_that_of_seminr(case: Path) -> None:
    draws, theirs = pd.read_csv(case / "draws.csv"), pd.read_csv(case / "henseler.csv")
    ours = [
        henseler(draws[a].to_numpy(), draws[b].to_numpy())
        for a, b in zip(theirs["first"], theirs["second"], strict=True)
    ]
    assert ours == pytest.approx(theirs["p"].tolist(), abs=1e-12)


def test_henselers_p_by_counting_every_pair() -> None:
    rng = np.random.default_rng(4)
    one, two = rng.normal(0.5, 0.1, 60), rng.normal(0.4, 0.2, 45)
    above = (2 * one.mean() - one)[:, None] - (2 * two.mean() - two)[None, :] > 0
    assert henseler(one, two) == pytest.approx(1 - above.mean(), abs=1e-12)
    assert np.isnan(henseler(one, two[:0]))


@pytest.mark.parametrize("text", [TEXT, SECOND])
@pytest.mark.parametrize("consistent", [True, False])
def test_one_exchange_is_what_fits_to_the_rows_give(text: str, consistent: bool) -> None:
    data, group = two_groups(5)
    fit = fit_pls(text, data, consistent=consistent)
    pair = pairs_of(fit, group)[0]
    found = permuted(fit, pair, permutations=3, seed=11)
    stream = np.random.SeedSequence(11, spawn_key=(2,))
    exchanged = np.random.default_rng(stream).permutation(pair.first)
    for first, compared, at in ((pair.first, found.observed, 0), (exchanged, found.replicates, 2)):
        for side, who in enumerate((first, ~first)):
            alone = group_fit(fit, pair.cases[who])
            assert compared.paths[at, side] == pytest.approx(alone.values("~")["est"].to_numpy(), abs=1e-9)


def test_a_group_is_fitted_with_the_settings_of_the_whole() -> None:
    data, group = two_groups(5)
    settings = {"scheme": "centroid", "modes": {"A": "B"}, "dominant": {"B": "b3"}, "consistent": False}
    fit = fit_pls(TEXT, data, **settings)  # type: ignore[arg-type]  # keywords of a test
    rows = data[group == "north"]
    alone = fit_pls(TEXT, rows, **settings)  # type: ignore[arg-type]
    ours = group_fit(fit, rows.to_numpy())
    assert ours.table["est"].to_numpy() == pytest.approx(
        alone.table["est"].to_numpy(), abs=1e-12, nan_ok=True
    )


def test_a_planted_difference_is_found_and_only_that() -> None:
    data, group = two_groups(9, (300, 250), path=0.0)
    fit = fit_pls(TEXT, data)
    found = pls_groups(fit, group, permutations=300, draws=200, seed=1)
    table = found.table.set_index(["lhs", "rhs"])
    assert table.loc[("C", "A"), "p_holm"] < 0.05
    assert table.loc[("C", "A"), "p_henseler"] < 0.01
    assert table.loc[("C", "A"), "ci_low"] > 0
    assert table.loc[("B", "A"), "p_permutation"] > 0.05
    assert (table["p_holm"] >= table["p_permutation"]).all()
    verdicts = judge_paths(found, micom(fit, group, permutations=300, seed=1))
    assert verdicts.tolist() == ["alike", "differs", "alike"]
    assert found.reasons == {("north", "south"): {"north": (), "south": ()}}


def test_a_path_is_not_compared_where_a_construct_is_made_otherwise() -> None:
    data, group = two_groups(8, (250, 200), loadings=(0.2, 0.5, 0.95), path=-0.2)
    fit = fit_pls(TEXT, data)
    paths = pls_groups(fit, group, permutations=200, draws=20, seed=1)
    verdicts = judge_paths(paths, micom(fit, group, permutations=200, seed=1))
    assert verdicts.tolist() == ["not_comparable", "differs", "not_comparable"]


def test_the_same_numbers_whatever_the_number_of_workers() -> None:
    data, group = two_groups(2)
    fit = fit_pls(TEXT, data)
    one, two = (pls_groups(fit, group, permutations=70, draws=70, seed=4, workers=w) for w in (1, 2))
    pd.testing.assert_frame_equal(one.table, two.table)


def test_exchanged_groups_mirror_each_other() -> None:
    data, group = two_groups(2, path=0.1)
    fit = fit_pls(TEXT, data)
    there, back = (
        pls_groups(fit, group, pair=pair, permutations=20, draws=20, seed=1).table
        for pair in (("north", "south"), ("south", "north"))
    )
    assert back["difference"].to_numpy() == pytest.approx(-there["difference"].to_numpy(), abs=1e-12)
    assert back["est_first"].to_numpy() == pytest.approx(there["est_second"].to_numpy(), abs=1e-12)


@pytest.mark.parametrize("kind", ["percentile", "bc"])
def test_intervals_are_those_of_the_groups_own_bootstrap(kind: str) -> None:
    data, group = two_groups(2)
    fit = fit_pls(TEXT, data)
    table = pls_groups(fit, group, permutations=5, draws=300, kind=kind, seed=6).table
    alone = fit_pls(TEXT, data[group == "south"])
    rows = pls_estimates(alone, bootstrap_pls(alone, draws=300, seed=99), kind=kind)
    rows = rows[rows["op"] == "~"]
    # other draws of the same group: the same interval but for chance
    assert table["low_second"].to_numpy() == pytest.approx(rows["ci_low"].to_numpy(), abs=0.08)
    assert table["high_second"].to_numpy() == pytest.approx(rows["ci_high"].to_numpy(), abs=0.08)
    inside = (table["ci_low"] < table["difference"]) & (table["difference"] < table["ci_high"])
    assert inside.all()


def test_an_unknown_kind_of_interval_is_refused() -> None:
    data, group = two_groups(2)
    with pytest.raises(SpecError, match="No kind of interval 'bca' for groups"):
        pls_groups(fit_pls(TEXT, data), group, permutations=5, draws=5, kind="bca", seed=1)


def test_holm_corrects_for_all_pairs() -> None:
    data, group = two_groups(2, (150, 60))
    group = group.mask(np.arange(210) < 50, "west")
    table = pls_groups(fit_pls(TEXT, data), group, permutations=40, draws=5, seed=1).table
    assert len(table) == 9
    p = np.sort(table["p_permutation"])
    expected = np.minimum(np.maximum.accumulate(p * np.arange(9, 0, -1)), 1.0)
    assert np.sort(table["p_holm"]) == pytest.approx(expected, abs=1e-12)


def test_a_group_without_estimates_says_why() -> None:
    data, group = two_groups(2)
    data.loc[group == "south", "b2"] = 3.0
    fit = fit_pls(TEXT, data)
    found = pls_groups(fit, group, permutations=10, draws=10, seed=1)
    assert [r.code for r in found.reasons["north", "south"]["south"]] == ["constant"]
    assert found.reasons["north", "south"]["south"][0].where == ("b2",)
    table = found.table
    assert table[["est_second", "difference", "p_permutation", "p_holm", "p_henseler"]].isna().all(axis=None)
    assert table[["est_first", "low_first", "high_first"]].notna().all(axis=None)
    assert set(judge_paths(found, micom(fit, group, permutations=10, seed=1))) == {"not_estimated"}


def test_a_group_of_a_few_people_has_no_estimates_and_no_verdict() -> None:
    data, _ = two_groups(2)
    fit = fit_pls(TEXT, data)
    pair = ("few", "many")
    few = ["few"] * 9 + ["many"] * 201
    found = pls_groups(fit, few, permutations=9, draws=9, seed=1)
    assert [reason.code for reason in found.reasons[pair]["few"]] == ["too_small"]
    assert "too_small" not in [reason.code for reason in found.reasons[pair]["many"]]
    numbers = found.table[["est_first", "low_first", "difference", "ci_low", "p_permutation", "p_henseler"]]
    assert numbers.isna().all(axis=None)
    assert found.table["est_second"].notna().all()
    assert set(judge_paths(found, micom(fit, few, permutations=9, seed=1))) == {"not_estimated"}

"""Whether composites mean the same in two groups: outside numbers, brute force, planted differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from group_cases import OPENPLS, SECOND, TEXT, two_groups

from jq_models.errors import DataError, FitError, SpecError
from jq_models.evaluate.composites.micom import MICOM_LEVELS, fewest, micom
from jq_models.evaluate.composites.multigroup import group_fit
from jq_models.evaluate.composites.permuted import both_tails, lower_tail, pairs_of, permuted
from jq_models.numeric.moments import Moments
from jq_models.pls import PlsFit, fit_pls


@pytest.fixture(scope="module")
def case(checkout: Path) -> Path:
    return checkout / "tests" / "reference" / "pls_groups"


def wide(data: pd.DataFrame) -> pd.DataFrame:
    """Return the answers with six more items that go with A."""
    rng = np.random.default_rng(4)
    return data.assign(**{f"x{k}": data["a1"] + rng.standard_normal(len(data)) for k in range(6)})


def by_hand(fit: PlsFit, first: np.ndarray) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return c, mean difference and log variance ratio from scores of fits to the rows of each group."""
    assert fit.cases is not None
    frame = pd.DataFrame(fit.cases, columns=list(fit.design.first.indicators))
    z = (frame - frame.mean()) / frame.std(ddof=0)

    def scores(own: PlsFit) -> pd.DataFrame:
        weights = own.table[own.table["op"] == "<~"].set_index(["lhs", "rhs"])["est"]
        found = {}
        for name in dict.fromkeys(weights.index.get_level_values(0)):
            parts = weights[name]
            found[name] = sum(parts[x] * (z[x] if x in z else found[x]) for x in parts.index)
        return pd.DataFrame(found)

    one, two = (scores(group_fit(fit, fit.cases[who])) for who in (first, ~first))
    pooled = scores(group_fit(fit, fit.cases))
    pooled = (pooled - pooled.mean()) / pooled.std(ddof=0)
    c = pd.Series({name: np.corrcoef(one[name], two[name])[0, 1] for name in one})
    mean = pooled[first].mean() - pooled[~first].mean()
    return c, mean, np.log(pooled[first].var() / pooled[~first].var())


def test_statistics_are_those_of_openpls(case: Path) -> None:
    data = pd.read_csv(case / "data.csv")
    fit = fit_pls(OPENPLS, data, consistent=False)
    table = micom(fit, data["group"], permutations=4000, seed=3).table.set_index("construct")
    two = pd.read_csv(case / "step2.csv", index_col="construct")
    three = pd.read_csv(case / "step3.csv", index_col="construct")
    assert table["c"].to_numpy() == pytest.approx(two["c"].to_numpy(), abs=1e-5)
    assert table["mean"].to_numpy() == pytest.approx(three["mean_diff"].to_numpy(), abs=1e-5)
    assert table["log_variance"].to_numpy() == pytest.approx(three["log_var_ratio"].to_numpy(), abs=1e-5)
    assert table["p_composition"].to_numpy() == pytest.approx(two["p_value"].to_numpy(), abs=0.05)
    assert table["p_mean"].to_numpy() == pytest.approx(three["mean_p_value"].to_numpy(), abs=0.05)
    assert table["p_variance"].to_numpy() == pytest.approx(three["var_p_value"].to_numpy(), abs=0.05)
    assert table["level"].to_dict() == {"A": "partial", "B": "none", "C": "partial"}


@pytest.mark.parametrize("text", [TEXT, SECOND])
@pytest.mark.parametrize("consistent", [True, False])
def test_one_exchange_is_what_fits_to_the_rows_give(text: str, consistent: bool) -> None:
    data, group = two_groups(5)
    fit = fit_pls(text, data, consistent=consistent)
    pair = pairs_of(fit, group)[0]
    found = permuted(fit, pair, permutations=3, seed=11)
    stream = np.random.SeedSequence(11, spawn_key=(1,))
    exchanged = np.random.default_rng(stream).permutation(pair.first)
    for first, compared, at in ((pair.first, found.observed, 0), (exchanged, found.replicates, 1)):
        c, mean, spread = by_hand(fit, first)
        assert compared.agreement[at] == pytest.approx(c.to_numpy(), abs=1e-9)
        assert compared.mean[at] == pytest.approx(mean.to_numpy(), abs=1e-9)
        assert compared.log_variance[at] == pytest.approx(spread.to_numpy(), abs=1e-9)


@pytest.mark.parametrize(
    ("differs", "levels"),
    [
        ({}, ("full", "full", "full")),
        ({"loadings": (0.2, 0.5, 0.95)}, ("full", "none", "full")),
        ({"mean": 0.8}, ("full", "full", "partial")),
        ({"spread": 1.8}, ("partial", "full", "full")),
    ],
)
def test_what_was_planted_is_found(differs: dict[str, object], levels: tuple[str, ...]) -> None:
    data, group = two_groups(8, (250, 200), **differs)
    found = micom(fit_pls(TEXT, data), group, permutations=300, seed=1)
    assert tuple(found.table["level"]) == levels
    assert set(MICOM_LEVELS) >= set(levels)
    assert found.sizes == {("north", "south"): (250, 200)}
    assert found.failed == {("north", "south"): 0}


def test_the_same_numbers_whatever_the_number_of_workers() -> None:
    data, group = two_groups(2)
    fit = fit_pls(TEXT, data)
    one, two, longer = (
        micom(fit, group, permutations=p, seed=4, workers=w) for p, w in ((70, 1), (70, 2), (90, 1))
    )
    pd.testing.assert_frame_equal(one.table, two.table)
    assert longer.table["c"].tolist() == one.table["c"].tolist()
    assert not longer.table["p_mean"].equals(one.table["p_mean"])


def test_groups_that_change_places_change_signs_only() -> None:
    data, group = two_groups(2, mean=0.3)
    fit = fit_pls(TEXT, data)
    there, back = (
        micom(fit, group, pair=pair, permutations=20, seed=1).table
        for pair in (("north", "south"), ("south", "north"))
    )
    assert back["c"].to_numpy() == pytest.approx(there["c"].to_numpy(), abs=1e-12)
    assert back["mean"].to_numpy() == pytest.approx(-there["mean"].to_numpy(), abs=1e-12)
    assert back["log_variance"].to_numpy() == pytest.approx(-there["log_variance"].to_numpy(), abs=1e-12)


def test_several_groups_are_compared_two_by_two_and_missing_ones_left_out() -> None:
    data, group = two_groups(2, (150, 60))
    labels = pd.Categorical(group, categories=["south", "west", "north"])
    labels[:50] = "west"
    labels[-5:] = None
    data.loc[0, "a1"] = np.nan
    found = micom(fit_pls(TEXT, data), pd.Series(labels), permutations=10, seed=1)
    assert found.sizes == {
        ("south", "west"): (55, 49),
        ("south", "north"): (55, 100),
        ("west", "north"): (49, 100),
    }
    assert len(found.table) == 9


@pytest.mark.parametrize(("text", "least"), [(TEXT, 10), ("A =~ {}\nC =~ c1 + c2 + c3\nC ~ A", 12)])
def test_groups_of_a_few_people_get_no_verdict(text: str, least: int) -> None:
    data, _ = two_groups(2)
    # nine items of one construct: as many people and two more are not enough
    fit = fit_pls(
        text.format(" + ".join([*(f"a{k}" for k in (1, 2, 3)), *(f"x{k}" for k in range(6))])), wide(data)
    )
    assert fewest(fit.design) == least
    for size in (2, least - 1, least):
        found = micom(fit, ["a"] * size + ["b"] * (210 - size), permutations=9, seed=1).table
        if size < least:
            assert set(found["level"]) == {"too_small"} <= set(MICOM_LEVELS)
            numbers = found.select_dtypes("number").drop(columns="items")
            assert numbers.isna().all(axis=None)
            assert "c" in numbers
        else:
            assert "too_small" not in set(found["level"])


def test_a_single_item_has_no_test_of_composition() -> None:
    data, group = two_groups(2, mean=1.0)
    table = micom(fit_pls("A =~ a1 + a2 + a3\nC ~ A\nC =~ c1", data), group, permutations=99, seed=1).table
    single = table.set_index("construct").loc["C"]
    assert single["c"] == pytest.approx(1.0, abs=1e-12)
    assert np.isnan(single["p_composition"])
    assert single["level"] == "partial"


def test_an_item_that_does_not_vary_in_a_group_is_named_and_nothing_estimated() -> None:
    data, group = two_groups(2)
    data.loc[group == "south", "b2"] = 3.0
    found = micom(fit_pls(TEXT, data), group, permutations=10, seed=1)
    assert found.unvarying == {("north", "south"): ("b2",)}
    assert set(found.table["level"]) == {"not_estimated"}
    assert found.table[["p_composition", "p_mean", "p_variance"]].isna().all(axis=None)


def test_exchanges_without_estimates_are_counted() -> None:
    data, group = two_groups(2, (30, 6))
    # two people answer otherwise: an exchange that puts both into the large group leaves the small one flat
    data["b2"] = 3.0
    data.loc[[3, 33], "b2"] = 4.0
    found = micom(fit_pls(TEXT, data), group, permutations=60, seed=1)
    failed = found.failed["north", "south"]
    assert 20 < failed < 60
    known = 60 - failed
    share = found.table["p_composition"].dropna() * (known + 1)
    assert share.to_numpy() == pytest.approx(share.round().to_numpy(), abs=1e-9)


def test_tails_count_the_observed_value() -> None:
    draws = np.array([0.1, 0.2, 0.3, np.nan, 0.4])
    assert lower_tail(draws, 0.2) == pytest.approx(3 / 5)
    assert lower_tail(draws, 0.0) == pytest.approx(1 / 5)
    assert both_tails(draws, 0.0) == pytest.approx(2 / 5)
    assert both_tails(draws, 0.25) == 1.0
    assert np.isnan(lower_tail(draws[3:4], 0.2))
    assert np.isnan(both_tails(draws, float("nan")))


def test_what_cannot_be_compared_is_refused_in_words() -> None:
    data, group = two_groups(2)
    fit = fit_pls(TEXT, data)
    with pytest.raises(SpecError, match=r"Nobody in the group 'sout'. Did you mean 'south'\?"):
        micom(fit, group, pair=("north", "sout"), permutations=5, seed=1)
    with pytest.raises(SpecError, match="two different groups"):
        micom(fit, group, pair=("north", "north"), permutations=5, seed=1)
    with pytest.raises(SpecError, match="two different groups"):
        micom(fit, ["north"] * 210, permutations=5, seed=1)
    with pytest.raises(DataError, match="209 group labels for a table of 210 rows"):
        micom(fit, group[1:], permutations=5, seed=1)
    with pytest.raises(SpecError, match="got draws = 0"):
        micom(fit, group, permutations=0, seed=1)
    clustered = fit_pls(TEXT, data.assign(team=np.arange(210) // 10), cluster="team")
    with pytest.raises(SpecError, match="Fit the model without cluster="):
        micom(clustered, group, permutations=5, seed=1)
    moments = Moments(names=tuple(data), covariance=data.cov().to_numpy(), mean=data.mean().to_numpy(), n=210)
    with pytest.raises(DataError, match="A comparison of groups"):
        micom(fit_pls(TEXT, moments), group, permutations=5, seed=1)
    with pytest.raises(FitError):
        micom(fit_pls(TEXT, data, max_iterations=1), group, permutations=5, seed=1)

"""Exchanges, resamples and folds without usable paths: converged all the same, and never a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from group_cases import TEXT, two_groups

from jq_models.errors import SpecError
from jq_models.evaluate.composites.group_study import judge_paths
from jq_models.evaluate.composites.ipma import ipma
from jq_models.evaluate.composites.micom import micom
from jq_models.evaluate.composites.multigroup import group_fit, pls_groups
from jq_models.evaluate.composites.permuted import pairs_of, permuted
from jq_models.evaluate.composites.predict import fold_of, pls_predict
from jq_models.numeric.interval_formulas import percentile
from jq_models.numeric.moments import UnfitError
from jq_models.pls import PlsFit, bootstrap_pls, fit_pls
from jq_models.pls.bootstrap import resampling_of

WEAK = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A"
PAIR = ("1", "2")


def weak(n: int, *, seed: int, loading: float = 0.25) -> pd.DataFrame:
    """A's items hold so little of it that its reliability often comes out below 0."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.4 * a + 0.9 * rng.normal(size=n)
    own = {"a": (a, loading), "b": (b, 0.7)}
    return pd.DataFrame(
        {
            f"{name}{k}": part * values + np.sqrt(1 - part**2) * rng.normal(size=n)
            for name, (values, part) in own.items()
            for k in (1, 2, 3)
        }
    )


@pytest.fixture(scope="module")
def fit() -> PlsFit:
    return fit_pls(WEAK, weak(100, seed=2))


def usable(fit: PlsFit, cases: np.ndarray) -> bool:
    try:
        return group_fit(fit, cases).usable
    except UnfitError:
        return False


@pytest.mark.parametrize("seed", range(5))
def test_a_group_whose_causes_determine_one_another_has_no_paths_and_no_verdict(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.standard_normal((100, 3)), columns=["x1", "x2", "y"])
    frame.loc[:49, "x2"] = 3 * frame.loc[:49, "x1"] + 0.1
    group = np.repeat(PAIR, 50)
    fit = fit_pls("y ~ x1 + x2", frame, consistent=False)
    found = pls_groups(fit, group, permutations=100, draws=20, seed=1)
    assert found.reasons[PAIR]["1"][0].code == "collinear_constructs"
    observed = permuted(fit, pairs_of(fit, group)[0], permutations=1, seed=1).observed
    assert np.isnan(observed.paths[0]).tolist() == [[True, True], [False, False]]
    lost = ["est_first", "low_first", "difference", "ci_low", "p_permutation", "p_holm", "p_henseler"]
    assert found.table[lost].isna().all(axis=None)
    assert found.table[["est_second", "low_second", "high_second"]].notna().all(axis=None)
    verdicts = judge_paths(found, micom(fit, group, permutations=100, seed=1))
    assert set(verdicts) == {"not_estimated"}


def test_a_group_that_the_start_alone_brings_to_an_end_has_no_paths() -> None:
    """With few iterations a group converges from the weights of all people, but not by itself."""
    data, group = two_groups(5, loadings=(0.4, 0.6, 0.8))

    def apart(fit: PlsFit) -> bool:
        if not fit.usable or group_fit(fit, data[group == "south"].to_numpy()).usable:
            return False
        observed = permuted(fit, pairs_of(fit, group)[0], permutations=1, seed=1).observed
        return bool(np.isfinite(observed.paths).all())

    tries = ((t, k) for t in (1e-4, 1e-5, 1e-6, 1e-3, 1e-8) for k in range(2, 15))
    fits = (fit_pls(TEXT, data, tolerance=t, max_iterations=k) for t, k in tries)
    fit = next(f for f in fits if apart(f))
    found = pls_groups(fit, group, permutations=20, draws=10, seed=1)
    assert [r.code for r in found.reasons["north", "south"]["south"]] == ["not_converged"]
    assert found.table[["est_second", "difference", "p_permutation"]].isna().all(axis=None)
    verdicts = judge_paths(found, micom(fit, group, permutations=20, seed=1))
    assert set(verdicts) == {"not_estimated"}


def test_exchanges_without_usable_paths_are_blank_and_counted(fit: PlsFit) -> None:
    group = np.repeat(PAIR, 50)
    pair = pairs_of(fit, group)[0]
    found = permuted(fit, pair, permutations=40, seed=3)
    both = []
    for k in range(40):
        stream = np.random.SeedSequence(3, spawn_key=(k,))
        first = np.random.default_rng(stream).permutation(pair.first)
        sides = [usable(fit, pair.cases[who]) for who in (first, ~first)]
        assert np.isfinite(found.replicates.paths[k]).all(axis=1).tolist() == sides
        both.append(all(sides))
    assert found.replicates.usable.tolist() == both
    lost = both.count(False)
    # weights exist all the same: whether composites are made alike can be tested
    assert found.failed < lost
    assert np.isfinite(found.replicates.agreement[found.replicates.converged]).all()
    share = np.mean(~found.replicates.admissible[found.replicates.usable])
    assert found.inadmissible_share == pytest.approx(share)
    groups = pls_groups(fit, group, permutations=40, draws=30, seed=3)
    assert groups.failed[PAIR][0] == lost


def test_resamples_of_a_group_without_paths_are_counted() -> None:
    good = [x for s in range(20) if fit_pls(WEAK, x := weak(100, seed=s)).usable]
    frame = next(pd.concat([good[0], x], ignore_index=True) for x in good[1:])
    fit = fit_pls(WEAK, frame)
    found = pls_groups(fit, np.repeat(PAIR, 100), permutations=5, draws=60, seed=3)
    seeds = [int(np.random.SeedSequence(3, spawn_key=(0, g)).generate_state(1)[0]) for g in (0, 1)]
    parts = [group_fit(fit, frame.iloc[k * 100 : k * 100 + 100].to_numpy()) for k in (0, 1)]
    failed = [bootstrap_pls(p, draws=60, seed=s).failed for p, s in zip(parts, seeds, strict=True)]
    assert min(failed) > 0
    assert found.failed[PAIR][1] == sum(failed)


def test_the_map_counts_resamples_without_usable_paths_and_takes_nothing_from_them(fit: PlsFit) -> None:
    scales = dict.fromkeys(fit.design.first.indicators, (-6.0, 6.0))
    found = ipma(fit, target="B", scales=scales, draws=60, seed=1)
    good = []
    for k in range(60):
        times = resampling_of(fit).counts(1, k)[0].astype(int)
        good.append(usable(fit, np.repeat(fit.cases, times, axis=0)))
    assert found.failed == good.count(False) > 5
    assert found.failed == bootstrap_pls(fit, draws=60, seed=1).failed
    # performance exists without paths, too: only resamples with both are counted in
    performance = []
    for k in np.flatnonzero(good):
        times = resampling_of(fit).counts(1, int(k))[0].astype(int)
        own = group_fit(fit, np.repeat(fit.cases, times, axis=0))
        performance.append(ipma(own, target="B", scales=scales).at("construct")["performance"][0])
    row = found.at("construct").iloc[0]
    known = np.array(performance)[np.isfinite(performance)]
    ends = [row["performance_low"], row["performance_high"]]
    assert ends == pytest.approx(list(percentile(known, level=0.95)), abs=1e-6)


def test_folds_without_a_usable_solution_predict_nothing() -> None:
    found = []
    for seed in range(40):
        fit = fit_pls(WEAK, weak(30, seed=seed))
        if fit.usable:
            prediction = pls_predict(fit, folds=5, repetitions=2, seed=1)
            found.append((fit, prediction))
    failed = [p.failed for _, p in found]
    assert max(failed) > 0
    assert min(failed) == 0
    fit, prediction = found[int(np.argmax(failed))]
    fold = fold_of(resampling_of(fit).unit, folds=5, repetitions=2, seed=1)
    lost = sum(not usable(fit, fit.cases[fold[r] != k]) for r in range(2) for k in range(5))
    assert prediction.failed == lost


@pytest.mark.parametrize("missing", [False, True])
def test_labels_that_are_numbers_are_asked_for_as_they_are_or_as_text(missing: bool) -> None:
    data, _ = two_groups(2)
    labels = pd.Series(np.repeat([1, 2], [120, 90]))
    if missing:
        labels = labels.where(np.arange(210) > 0)
        assert labels.dtype == float
    fit = fit_pls(TEXT, data)
    for pair in ((1, 2), ("1", "2")):
        found = micom(fit, labels, pair=pair, permutations=5, seed=1)  # type: ignore[arg-type]
        assert found.sizes == {("1", "2"): (119 if missing else 120, 90)}
    with pytest.raises(SpecError, match="Nobody in the group '3'"):
        micom(fit, labels, pair=(1, 3), permutations=5, seed=1)  # type: ignore[arg-type]
    halves = labels + 0.5
    assert list(micom(fit, halves, permutations=5, seed=1).sizes) == [("1.5", "2.5")]

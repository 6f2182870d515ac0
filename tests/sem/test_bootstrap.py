"""Replicates against exact refits of the same resampled tables; streams, workers, failures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from references import REFERENCE, reference

from jq_models.errors import DataError, FitError, SpecError
from jq_models.numeric.blocks import BLOCK, run_blocks
from jq_models.sem import SemFit, fit_sem, moments_of
from jq_models.sem.resampling import normal as replicate_normal
from jq_models.sem.resampling import search as batched_search
from jq_models.sem.resampling.bootstrap import bootstrap
from jq_models.sem.resampling.draws import Bootstrap
from jq_models.sem.resampling.resample import resampling_of

HOLZINGER = reference("holzinger")
OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "MLR": {"estimator": "MLR"},
    "means": {"meanstructure": True},
    "groups": {"group": "school", "equal": ("loadings", "intercepts")},
    "weights": {"weights": "w"},
    "clusters": {"cluster": "class"},
    "clusters in groups": {"cluster": "class", "group": "school"},
    "weighted groups": {"weights": "w", "group": "school", "equal": ("loadings",)},
    "ULS": {"estimator": "ULS"},
    "WLSMV": {"estimator": "WLSMV", "ordered": "all"},
    "missing": {"missing": "fiml"},
    "missing weights": {"missing": "fiml", "weights": "w"},
    "missing groups": {"missing": "fiml", "group": "school", "equal": ("loadings",)},
}


def answers(name: str) -> pd.DataFrame:
    """Holzinger's data with weights, classes inside schools, and holes where asked for."""
    data = HOLZINGER.data.sort_values("school", kind="stable", ignore_index=True)
    rng = np.random.default_rng(5)
    data["w"] = rng.uniform(0.5, 2.0, len(data))
    data["class"] = data["school"] + (np.arange(len(data)) // 8).astype(str)
    items = [f"x{i}" for i in range(1, 10)]
    if name == "WLSMV":
        low, high = data[items].quantile(0.3), data[items].quantile(0.8)
        data[items] = 1 + (data[items] > low) + (data[items] > high)
    if "missing" in name:
        data[items] = data[items].mask(rng.random((len(data), 9)) < 0.05)
    return data


def fitted(name: str) -> tuple[SemFit, pd.DataFrame]:
    data = answers(name)
    return fit_sem(HOLZINGER.text, data, **OPTIONS[name]), data


def redrawn(fit: SemFit, data: pd.DataFrame, *, seed: int, replicate: int) -> pd.DataFrame:
    """The table a replicate was fitted to."""
    counts = resampling_of(fit.sample).counts(seed, replicate)
    label = [g.label for g in fit.sample.groups]
    parts = []
    for name, times in zip(label, counts, strict=True):
        rows = data if len(label) == 1 else data[data["school"] == name]
        parts.append(rows.iloc[np.repeat(np.arange(len(rows)), times.astype(int))])
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("name", OPTIONS)
def test_replicates_are_exact_refits(name: str) -> None:
    fit, data = fitted(name)
    boot = bootstrap(fit, draws=3, seed=11)
    for i in range(3):
        again = fit_sem(HOLZINGER.text, redrawn(fit, data, seed=11, replicate=i), **OPTIONS[name])
        assert again.status.converged
        np.testing.assert_allclose(boot.theta[i], again.theta, atol=1e-5)
        np.testing.assert_allclose(boot.chi_square[i], again.n * again.objective, rtol=1e-6)
        assert boot.admissible[i] == again.status.admissible


def test_observed_covariates_are_resampled_too() -> None:
    case = reference("covariates")
    fit = fit_sem(case.text, case.data)
    boot = bootstrap(fit, draws=3, seed=2)
    again = fit_sem(case.text, redrawn(fit, case.data, seed=2, replicate=1))
    np.testing.assert_allclose(boot.theta[1], again.theta, atol=1e-5)
    assert boot.fixed[0].shape == (3, 3)
    rows = [i for i, r in enumerate(again.parameters.rows) if r.sample]
    np.testing.assert_allclose(boot.fixed[0][1], again.table["est"].to_numpy()[rows], rtol=1e-10)


@pytest.mark.parametrize("name", ["plain", "groups", "missing"])
def test_workers_change_not_a_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fit, _ = fitted(name)
    if name == "missing":
        monkeypatch.setattr(run_blocks, "__kwdefaults__", {**run_blocks.__kwdefaults__, "block": 3})
    draws = 10 if name == "missing" else 3 * BLOCK + 5
    found = [bootstrap(fit, draws=draws, seed=3, workers=w) for w in (1, 2, 3)]
    for other in found[1:]:
        np.testing.assert_array_equal(other.theta, found[0].theta)
        np.testing.assert_array_equal(other.chi_square, found[0].chi_square)
        assert other.reasons == found[0].reasons


def test_a_replicate_is_the_same_sample_whatever_the_number_of_draws() -> None:
    fit, _ = fitted("plain")
    few, many = bootstrap(fit, draws=7, seed=3), bootstrap(fit, draws=2 * BLOCK, seed=3)
    np.testing.assert_allclose(few.theta, many.theta[:7], atol=1e-7)
    other = bootstrap(fit, draws=7, seed=4)
    assert not np.isclose(few.theta, other.theta).all(axis=1).any()


def test_standard_errors_near_those_of_theory() -> None:
    rng = np.random.default_rng(6)
    data = pd.DataFrame(
        0.8 * rng.normal(size=(600, 1)) + 0.6 * rng.normal(size=(600, 4)), columns=list("abcd")
    )
    fit = fit_sem("f =~ a + b + c + d", data)
    boot = bootstrap(fit, draws=600, seed=1)
    assert not boot.failed
    # standard deviation of 600 draws: 3 % Monte Carlo error, and what the answers are not normal
    np.testing.assert_allclose(boot.theta.std(axis=0, ddof=1) / np.sqrt(np.diag(fit.vcov)), 1.0, atol=0.15)
    assert boot.converged.all()
    assert not boot.theta.flags.writeable


def test_what_does_not_converge_in_the_batch_is_finished_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, _ = fitted("plain")
    wanted = bootstrap(fit, draws=4, seed=9)
    monkeypatch.setattr(batched_search, "MAX_STEPS", 1)
    found = bootstrap(fit, draws=4, seed=9)
    np.testing.assert_allclose(found.theta, wanted.theta, atol=1e-5)
    np.testing.assert_allclose(found.chi_square, wanted.chi_square, atol=1e-6)
    assert found.converged.all()


def test_what_fails_alone_too_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, _ = fitted("plain")
    monkeypatch.setattr(batched_search, "MAX_STEPS", 0)
    stuck = replicate_normal.Alone(theta=fit.theta, objective=1.0, admissible=True, reason="not_converged")
    monkeypatch.setattr(replicate_normal, "fitted_alone", lambda *a, **k: stuck)
    boot = bootstrap(fit, draws=4, seed=9)
    assert boot.failed == {"not_converged": 4}
    assert np.isnan(boot.theta).all()
    assert not boot.admissible.any()
    with pytest.raises(FitError, match=r"Only 0 of 4 replicates have estimates \(not_converged 4\); 2 are"):
        boot.usable()


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_samples_that_carry_no_model_are_counted_by_reason(missing: str) -> None:
    data = answers("missing" if missing == "fiml" else "plain")[:80]
    # a variable that only three cases answered otherwise: some samples have none of them
    data = data.assign(x9=np.where(np.arange(80) < 3, 2.0, 1.0) + (np.arange(80) == 1))
    fit = fit_sem("visual =~ x1 + x2 + x3\nx9 ~~ x1", data, missing=missing)
    boot = bootstrap(fit, draws=150 if missing == "listwise" else 40, seed=1)
    # (1 - 3 / 80)^80 = 4.7 %
    assert set(boot.failed) == {"constant"}
    assert 0.01 < boot.failed["constant"] / len(boot.reasons) < 0.11
    gone = ~boot.converged
    assert np.isnan(boot.theta[gone]).all()
    assert np.isnan(boot.chi_square[gone]).all()
    assert np.isfinite(boot.theta[~gone]).all()
    assert not boot.admissible[gone].any()


def test_estimates_that_run_away_are_counted() -> None:
    fit, data = fitted("clusters in groups")
    boot = bootstrap(fit, draws=25, seed=11)
    again = fit_sem(
        HOLZINGER.text, redrawn(fit, data, seed=11, replicate=24), **OPTIONS["clusters in groups"]
    )
    assert not again.usable
    assert boot.reasons[24] in {reason.code for reason in again.status.reasons}
    assert np.isnan(boot.theta[24]).all()
    assert np.abs(boot.theta[boot.converged]).max() < 100


def test_groups_keep_their_sizes_and_clusters_stay_whole() -> None:
    fit, _ = fitted("groups")
    for i in range(5):
        times = resampling_of(fit.sample).counts(1, i)
        assert [t.sum() for t in times] == [g.n for g in fit.sample.groups]
    fit, _ = fitted("clusters in groups")
    times = resampling_of(fit.sample).counts(1, 0)
    for group, counts in zip(fit.sample.groups, times, strict=True):
        whole = pd.Series(counts).groupby(group.clusters).agg(["min", "max"])
        assert (whole["min"] == whole["max"]).all()
        assert whole["min"].sum() == len(whole)


def test_clusters_that_span_groups_are_drawn_over_the_whole_sample() -> None:
    data = answers("plain").assign(pair=np.arange(301) % 20)
    fit = fit_sem(HOLZINGER.text, data, group="school", cluster="pair")
    resampling = resampling_of(fit.sample)
    assert len(resampling.strata) == 1
    sizes = {tuple(t.sum() for t in resampling.counts(1, i)) for i in range(4)}
    assert len(sizes) > 1
    assert bootstrap(fit, draws=3, seed=1).converged.all()


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_is_reported(workers: int) -> None:
    fit, _ = fitted("plain")
    seen: list[tuple[int, int]] = []
    bootstrap(fit, draws=70, seed=1, workers=workers, on_progress=lambda *now: seen.append(now))
    assert seen[-1] == (70, 70)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interruption_stops_every_worker(workers: int) -> None:
    fit, _ = fitted("plain")

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        # two minutes of work, were it not stopped
        bootstrap(fit, draws=200_000, seed=1, workers=workers, on_progress=interrupt)


def test_errors_say_what_to_do() -> None:
    fit, data = fitted("plain")
    with pytest.raises(SpecError, match=r"No kind of bootstrap 'ordinry'[.] Did you mean 'ordinary'"):
        bootstrap(fit, seed=1, kind="ordinry")
    with pytest.raises(SpecError, match=r"draws = 0[.] Give a whole number from 1 on"):
        bootstrap(fit, seed=1, draws=0)
    with pytest.raises(SpecError, match="workers = 0"):
        bootstrap(fit, seed=1, workers=0)
    items = data[[f"x{i}" for i in range(1, 10)]]
    with pytest.raises(DataError, match="The bootstrap needs the answers themselves"):
        bootstrap(fit_sem(HOLZINGER.text, moments_of(items)), seed=1)


def test_the_result_says_how_it_was_made() -> None:
    fit, _ = fitted("plain")
    boot = bootstrap(fit, draws=5, seed=8)
    assert isinstance(boot, Bootstrap)
    assert (boot.seed, boot.kind, boot.failed) == (8, "ordinary", {})
    assert boot.theta.shape == (5, 21)


@pytest.mark.slow
def test_the_study_model_of_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    # no installed package: found from the checkout
    monkeypatch.syspath_prepend(REFERENCE.parents[1])
    from benchmarks.data import study_model, study_sample

    fit = fit_sem(study_model(), study_sample(800))
    boot = bootstrap(fit, draws=2000, seed=1, workers=2)
    assert not boot.failed
    data = study_sample(800)
    for i in (0, 999, 1999):
        exact = fit_sem(study_model(), redrawn(fit, data, seed=1, replicate=i))
        np.testing.assert_allclose(boot.theta[i], exact.theta, atol=1e-5)

"""The bootstrap: each replicate is a fit of its own; intervals by other routes; what fails is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pls_cases import MIXED, SECOND, THREE, answers, three_factors
from scipy import stats

from jq_models.errors import FitError, SpecError
from jq_models.pls import PlsBootstrap, PlsFit, bootstrap_pls, fit_pls, pls_estimates
from jq_models.pls.bootstrap import resampling_of
from jq_models.pls.estimates import accelerations
from jq_models.sem import fit_sem
from jq_models.sem.resampling.bootstrap import bootstrap

DRAWS = 200


@pytest.fixture(scope="module")
def fit() -> PlsFit:
    return fit_pls(THREE, three_factors())


@pytest.fixture(scope="module")
def boot(fit: PlsFit) -> PlsBootstrap:
    return bootstrap_pls(fit, draws=DRAWS, seed=7)


def rows_of(fit: PlsFit, seed: int, replicate: int) -> np.ndarray:
    """The drawn cases, each as often as it was drawn."""
    times = resampling_of(fit).counts(seed, replicate)[0]
    return np.repeat(np.arange(fit.n), times.astype(int))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (THREE, {}),
        (THREE, {"scheme": "factorial", "consistent": False, "modes": {"Y": "B"}}),
        (MIXED, {"scheme": "centroid"}),
        (SECOND, {}),
        (SECOND, {"consistent": False, "modes": {"G": "A"}}),
    ],
)
def test_a_replicate_is_a_fit_of_the_drawn_cases(text: str, options: dict[str, object]) -> None:
    frame = three_factors() if text == THREE else answers()
    fit = fit_pls(text, frame, **options)
    boot = bootstrap_pls(fit, draws=4, seed=3)
    for replicate in range(4):
        alone = fit_pls(text, frame.iloc[rows_of(fit, 3, replicate)], **options)
        np.testing.assert_allclose(boot.values[replicate], alone.table["est"], atol=1e-8)
        assert boot.admissible[replicate] == alone.status.admissible


def test_the_same_to_the_last_bit_on_any_number_of_threads(fit: PlsFit, boot: PlsBootstrap) -> None:
    for workers in (2, 3):
        again = bootstrap_pls(fit, draws=DRAWS, seed=7, workers=workers)
        np.testing.assert_array_equal(boot.values, again.values)
        np.testing.assert_array_equal(boot.admissible, again.admissible)
    fewer = bootstrap_pls(fit, draws=10, seed=7)
    np.testing.assert_allclose(boot.values[:10], fewer.values, atol=1e-9)
    assert not np.array_equal(boot.values[:10], bootstrap_pls(fit, draws=10, seed=8).values)


def test_both_engines_draw_the_same_samples() -> None:
    text = "y ~ x\nz ~ y"
    frame = three_factors().rename(columns={"x1": "x", "y1": "y", "z1": "z"})[["x", "y", "z"]]
    pls = fit_pls(text, frame)
    by_pls = bootstrap_pls(pls, draws=5, seed=11).values
    by_sem = bootstrap(fit_sem(text, frame), draws=5, seed=11).theta
    path = pls.table.index[pls.table["op"] == "~"][0]
    for k in range(5):
        x, y, _ = frame.to_numpy()[rows_of(pls, 11, k)].T
        slope = np.polyfit(x, y, 1)[0]
        assert np.isclose(by_sem[k], slope, atol=1e-5).any()
        assert by_pls[k, path] == pytest.approx(slope * x.std() / y.std(), abs=1e-10)


def test_whole_clusters_are_drawn() -> None:
    frame = three_factors().assign(team=np.repeat([*"jihgfedcba"], 10))
    fit = fit_pls(THREE, frame, cluster="team")
    for k in range(3):
        times = resampling_of(fit).counts(5, k)[0].reshape(10, 10)
        assert (times == times[:, :1]).all()
        assert times[:, 0].sum() == 10
        drawn = fit_pls(THREE, frame.iloc[rows_of(fit, 5, k)])
        np.testing.assert_allclose(
            bootstrap_pls(fit, draws=k + 1, seed=5).values[k], drawn.table["est"], atol=1e-8
        )


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_intervals_from_the_draws(fit: PlsFit, boot: PlsBootstrap, level: float) -> None:
    """The textbook formulas, written out again here, on the same draws."""
    half = stats.norm.ppf(0.5 + level / 2)
    z = np.array([-half, half])
    a = jackknife(fit)

    def quantile(draws: np.ndarray, share: np.ndarray) -> np.ndarray:
        # between neighbouring draws on the normal scale (Davison & Hinkley 1997, eq. 5.8)
        rank = stats.norm.ppf(np.arange(1, len(draws) + 1) / (len(draws) + 1))
        return np.interp(stats.norm.ppf(share), rank, np.sort(draws))

    tables = {k: pls_estimates(fit, boot, kind=k, level=level) for k in ("percentile", "bc", "bca")}
    for row, est in enumerate(fit.table["est"]):
        draws = boot.values[:, row]
        shift = stats.norm.ppf(np.mean(draws < est))
        shares = {
            "percentile": stats.norm.cdf(z),
            "bc": stats.norm.cdf(2 * shift + z),
            "bca": stats.norm.cdf(shift + (shift + z) / (1 - a[row] * (shift + z))),
        }
        for kind, share in shares.items():
            found = tables[kind].loc[row, ["ci_low", "ci_high"]].to_numpy(dtype=float)
            np.testing.assert_allclose(found, quantile(draws, share), atol=1e-9, err_msg=f"{kind} {row}")
        assert tables["bc"].loc[row, "se"] == pytest.approx(draws.std(ddof=1), abs=1e-12)


def jackknife(fit: PlsFit, *, units: np.ndarray | None = None) -> np.ndarray:
    """The acceleration from fits that leave one case, or cluster, out (Efron 1987)."""
    units = np.arange(fit.n) if units is None else units
    frame = pd.DataFrame(fit.cases, columns=fit.moments.names)
    values = np.stack([fit_pls(fit.model, frame[units != u]).table["est"] for u in np.unique(units)])
    gap = values.mean(axis=0) - values
    return np.sum(gap**3, axis=0) / (6 * np.sum(gap**2, axis=0) ** 1.5)


def test_acceleration_leaves_each_case_or_cluster_out_once(fit: PlsFit) -> None:
    np.testing.assert_allclose(accelerations(fit), jackknife(fit), atol=1e-6)
    team = np.arange(100) % 8
    clustered = fit_pls(THREE, three_factors().assign(team=team), cluster="team")
    np.testing.assert_allclose(accelerations(clustered), jackknife(clustered, units=team), atol=1e-6)


def test_what_cannot_move_has_no_spread() -> None:
    fit = fit_pls(MIXED, answers())
    table = pls_estimates(fit, bootstrap_pls(fit, draws=30, seed=1), kind="bca")
    single = table[(table["lhs"] == "D") & table["op"].isin(["=~", "<~"])]
    assert (single["se"] == 0.0).all()
    assert (single[["est", "ci_low", "ci_high"]] == 1.0).all(axis=None)
    formed = table[(table["lhs"] == "C") & (table["op"] == "rho_a")]
    assert formed[["est", "se", "ci_low", "ci_high"]].isna().all(axis=None)


def test_replicates_with_a_constant_item_fail_and_are_counted() -> None:
    frame = three_factors()
    frame["x1"] = 0.0
    frame.loc[0, "x1"] = 1.0
    fit = fit_pls(THREE, frame)
    boot = bootstrap_pls(fit, draws=100, seed=2)
    without = [0 not in rows_of(fit, 2, k) for k in range(100)]
    assert (~boot.converged).tolist() == without
    assert boot.failed == sum(without) > 20
    assert np.isnan(boot.values[without]).all()
    assert f"{boot.failed} failed" in repr(boot)
    table = pls_estimates(fit, boot)
    assert table["se"].notna().all()
    # leaving that case out leaves nothing to estimate: no acceleration, no interval
    assert pls_estimates(fit, boot, kind="bca")["ci_low"].isna().all()


def test_inadmissible_replicates_are_a_share_of_those_with_estimates(boot: PlsBootstrap) -> None:
    half = np.arange(DRAWS) % 2 == 0
    changed = replace(boot, converged=half, admissible=half & (np.arange(DRAWS) % 8 == 0))
    assert changed.failed == DRAWS // 2
    assert changed.inadmissible_share == pytest.approx(0.75)
    assert np.isnan(replace(boot, converged=half & ~half).inadmissible_share)


def test_refusals(fit: PlsFit, boot: PlsBootstrap) -> None:
    with pytest.raises(SpecError, match="No kind of interval 'basic'"):
        pls_estimates(fit, boot, kind="basic")
    with pytest.raises(SpecError, match="between 0 and 1"):
        pls_estimates(fit, boot, level=95)
    other = fit_pls(THREE, three_factors(seed=2))
    with pytest.raises(SpecError, match="of another fit"):
        pls_estimates(other, boot)
    for name in ("draws", "workers"):
        with pytest.raises(SpecError, match=f"{name} = 0"):
            bootstrap_pls(fit, **{"draws": 2, "seed": 1, name: 0})
    with pytest.raises(SpecError, match="seed = -1"):
        bootstrap_pls(fit, draws=2, seed=-1)
    with pytest.raises(FitError, match="Only 1 of 1 replicates"):
        pls_estimates(fit, bootstrap_pls(fit, draws=1, seed=1))


def test_progress_is_told(fit: PlsFit) -> None:
    seen: list[tuple[int, int]] = []
    bootstrap_pls(fit, draws=DRAWS, seed=7, on_progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (DRAWS, DRAWS)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Path Z ~ X is .4 / 1.4, as the three factors correlate by .4 each."""
    covered = dict.fromkeys(("percentile", "bc"), 0)
    samples = 300
    for k in range(samples):
        fit = fit_pls(THREE, three_factors(300, seed=1000 + k))
        boot = bootstrap_pls(fit, draws=400, seed=k)
        row = fit.table.index[(fit.table["op"] == "~") & (fit.table["lhs"] == "Z")][0]
        for kind in covered:
            table = pls_estimates(fit, boot, kind=kind)
            covered[kind] += table.loc[row, "ci_low"] <= 0.4 / 1.4 <= table.loc[row, "ci_high"]
    # three standard errors around 95 %
    for kind, count in covered.items():
        assert abs(count / samples - 0.95) < 3 * np.sqrt(0.95 * 0.05 / samples), kind

"""Simulated studies: what is drawn, what is found, and that it never depends on who draws."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data.population import DEMO, decompose, latent_covariance
from jq_models.data.truth import item_values
from jq_models.errors import RunError, SpecError
from jq_models.evaluate import effects
from jq_models.evaluate.power import (
    Condition,
    PowerPopulation,
    design_effects,
    documented_population,
    expected_rows,
    fitted_population,
    grid,
    simulate_power,
    wald_power,
)
from jq_models.evaluate.power.chunk import run_chunk, truth_of
from jq_models.evaluate.power.conditions import tasks_of
from jq_models.evaluate.power.draw import answers, wishart
from jq_models.evaluate.power.quantities import top_found
from jq_models.evaluate.power.schedule import run_tasks
from jq_models.sem import Moments, fit_sem
from jq_models.spec import Instrument, build_model, load_instrument

OUTCOMES = ("SAT", "COM", "TIN")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def population(instrument: Instrument) -> PowerPopulation:
    return documented_population(build_model("second_order", instrument=instrument), instrument)


@pytest.fixture(scope="module")
def small(instrument: Instrument) -> PowerPopulation:
    """The same values with three dimensions: quick to fit."""
    without = ("OPP", "AMB", "CON", "ATM", "EMP", "TOO", "LCU", "LEM", "INF")
    model = build_model("second_order", instrument=instrument, without=without)
    return documented_population(model, instrument)


def test_the_documented_values_are_found_in_the_population(population: PowerPopulation) -> None:
    truth = truth_of(population, loading=None, outcomes=OUTCOMES)
    assert truth.fit.objective < 1e-10
    rows = truth.quantities.rows.assign(value=truth.values).set_index(["source", "target", "kind"])["value"]
    for (target, source), value in DEMO.paths.items():
        if value:
            assert rows[source, target, "direct"] == pytest.approx(value, abs=1e-6)
    assert rows["JQ", "COM", "indirect"] == pytest.approx(0.72 * 0.36, abs=1e-6)
    assert dict(zip(truth.quantities.dimensions, truth.loadings, strict=True)) == pytest.approx(
        dict(DEMO.second_order), abs=1e-6
    )


def test_loadings_and_correlations_are_those_of_the_simulator(
    population: PowerPopulation, instrument: Instrument
) -> None:
    values = item_values(instrument, DEMO)
    assert population.items == tuple(v.code for v in values)
    assert population.loading == pytest.approx([v.loading for v in values])
    latent = latent_covariance(decompose(DEMO)).loc[list(population.factors), list(population.factors)]
    assert population.latent == pytest.approx(latent.to_numpy())


def test_quantities_and_errors_equal_those_of_effects(small: PowerPopulation) -> None:
    task = tasks_of(small, [Condition(n=250)], replications=2, seed=3, outcomes=OUTCOMES)[0]
    chunk, truth = run_chunk(task), truth_of(small, loading=None, outcomes=OUTCOMES)
    drawn = wishart(small.covariance, n=250, rng=task.rng, size=2)
    for i in range(2):
        moments = Moments(names=small.items, covariance=drawn[i], mean=np.zeros(len(small.items)), n=250)
        fit = fit_sem(small.model, moments)
        found = effects(fit, ["JQ", "SAT", "COM"], OUTCOMES).set_index(["source", "target", "kind"])
        wanted = found.loc[list(truth.quantities.rows.itertuples(index=False, name=None))]
        assert chunk.estimate[i] == pytest.approx(wanted["estimate"].to_numpy(), abs=5e-5)
        assert chunk.se[i] == pytest.approx(wanted["se"].to_numpy(), rel=1e-3)


def test_errors_by_cluster_equal_those_of_fit_sem(small: PowerPopulation) -> None:
    condition = Condition(n=240, organisations=12)
    task = tasks_of(small, [condition], replications=1, seed=3, outcomes=OUTCOMES)[0]
    clusters = np.arange(240) % 12
    frame = pd.DataFrame(answers(small, clusters, rng=task.rng), columns=list(small.items))
    fit = fit_sem(small.model, frame.assign(org=clusters.astype(str)), cluster="org")
    chunk, truth = run_chunk(task), truth_of(small, loading=None, outcomes=OUTCOMES)
    found = effects(fit, ["JQ", "SAT", "COM"], OUTCOMES).set_index(["source", "target", "kind"])
    wanted = found.loc[list(truth.quantities.rows.itertuples(index=False, name=None))]
    assert chunk.estimate[0] == pytest.approx(wanted["estimate"].to_numpy(), abs=5e-5)
    assert chunk.robust[0] == pytest.approx(wanted["se"].to_numpy(), rel=1e-3)


def test_wishart_has_the_moments_it_should() -> None:
    sigma = np.array([[2.0, 0.5, 0.3], [0.5, 1.0, 0.2], [0.3, 0.2, 1.5]])
    drawn = wishart(sigma, n=50, rng=np.random.default_rng(1), size=20_000)
    assert drawn.mean(axis=0) == pytest.approx(sigma * 49 / 50, abs=0.01)
    # var(s_ij) = (n - 1) / n^2 (s_ij^2 + s_ii s_jj)
    expected = 49 / 50**2 * (sigma**2 + np.outer(np.diag(sigma), np.diag(sigma)))
    assert drawn.var(axis=0) == pytest.approx(expected, rel=0.05)


def test_people_of_one_organisation_are_alike_as_documented(population: PowerPopulation) -> None:
    rng, organisations, each = np.random.default_rng(5), 400, 10
    clusters = np.arange(organisations * each) % organisations
    drawn = answers(population, clusters, rng=rng)
    item = population.items.index("INF1")
    means = pd.Series(drawn[:, item]).groupby(clusters).mean()
    within = pd.Series(drawn[:, item]).groupby(clusters).var().mean()
    between = means.var() - within / each
    assert between == pytest.approx(0.25 * population.loading[item] ** 2, abs=0.05)
    assert drawn[:, item].var() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("level", [0.5, 0.8])
def test_loadings_move_and_the_structure_stays(population: PowerPopulation, level: float) -> None:
    moved = population.at_loading(level)
    assert moved.mean_loading == pytest.approx(level, abs=0.01)
    before, after = (truth_of(p, loading=None, outcomes=OUTCOMES).values for p in (population, moved))
    assert after == pytest.approx(before, abs=1e-6)


def test_weak_items_need_more_respondents(population: PowerPopulation) -> None:
    needed = [
        expected_rows(truth_of(population, loading=level, outcomes=OUTCOMES), 300)["n_precision"].max()
        for level in (0.8, 0.7, 0.6, 0.5)
    ]
    assert needed == sorted(needed)
    assert needed[-1] > 2 * needed[0]


def test_a_fitted_population_gives_its_own_estimates_back(small: PowerPopulation) -> None:
    fit = small.fit(n=500)
    again = fitted_population(fit)
    assert again.covariance == pytest.approx(small.covariance, abs=1e-6)
    assert (again.source, again.factors) == ("fitted", small.factors)


def test_power_equals_the_analytic_one(small: PowerPopulation) -> None:
    study = simulate_power(small, grid([300]), outcomes=OUTCOMES, replications=600, seed=1)
    expected = expected_rows(study.truth, 300)
    direct = (study.paths["kind"] == "direct").to_numpy()
    power = expected["power"].to_numpy()
    error = 3 * np.sqrt(power * (1 - power) / 600) + 0.02
    assert (np.abs(study.paths["power"] - power)[direct] < error[direct]).all()
    assert study.paths["se"].to_numpy() == pytest.approx(expected["se"].to_numpy(), rel=0.06)
    assert (study.paths["se_bias"].abs() < 0.10).all()
    assert (study.paths["bias"].abs() < 4 * study.paths["sd"] / np.sqrt(600) + 0.01).all()
    assert study.paths["coverage"].between(0.92, 0.98).all()


def test_the_same_condition_gives_the_same_numbers_in_any_plan(small: PowerPopulation) -> None:
    def power(n: list[int]) -> pd.DataFrame:
        found = simulate_power(small, grid(n), outcomes=OUTCOMES, replications=20, seed=4).paths
        return found[found["n"] == 200].reset_index(drop=True)

    pd.testing.assert_frame_equal(power([200]), power([100, 200]))


def test_too_few_respondents_give_reasons_and_no_numbers(small: PowerPopulation) -> None:
    study = simulate_power(small, grid([20]), outcomes=OUTCOMES, replications=5, seed=1)
    assert study.paths["power"].isna().all()
    assert study.fits["converged"].tolist() == [0.0]


def test_two_processes_give_the_same_numbers_as_one(small: PowerPopulation) -> None:
    tasks = tasks_of(small, grid([150]), replications=110, seed=7, outcomes=OUTCOMES)
    alone, together = run_tasks(tasks), run_tasks(tasks, workers=2)
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.estimate, other.estimate)
        assert np.array_equal(one.se, other.se)


CLUSTER = """
import numpy as np
from jq_models.evaluate.power import documented_population, grid
from jq_models.evaluate.power.conditions import tasks_of
from jq_models.evaluate.power.schedule import run_tasks
from jq_models.spec import build_model, load_instrument

if __name__ == "__main__":
    from distributed import LocalCluster

    instrument = load_instrument("ccc_job_quality")
    without = ("OPP", "AMB", "CON", "ATM", "EMP", "TOO", "LCU", "LEM", "INF")
    model = build_model("second_order", instrument=instrument, without=without)
    population = documented_population(model, instrument)
    tasks = tasks_of(population, grid([150]), replications=110, seed=7, outcomes=("SAT", "COM", "TIN"))
    seen = []
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address=None,
        protocol="tcp",
        host="127.0.0.1",
    ) as cluster:
        address = cluster.scheduler_address
        found = run_tasks(tasks, scheduler=address, on_progress=lambda *state: seen.append(state))
    alone = run_tasks(tasks)
    assert seen == [(1, 3), (2, 3), (3, 3)], seen
    assert all(np.array_equal(a.estimate, b.estimate) for a, b in zip(alone, found, strict=True))
    assert all(np.array_equal(a.se, b.se) for a, b in zip(alone, found, strict=True))
    print("same")
"""


def test_a_dask_cluster_gives_the_same_numbers(tmp_path_factory: pytest.TempPathFactory) -> None:
    # a process of its own: a cluster's threads and sockets outlive it by a moment
    script = tmp_path_factory.mktemp("dask") / "run.py"
    script.write_text(CLUSTER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "same" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n": 1}, "n = 1"),
        ({"n": 100, "organisations": 1}, "organisations = 1"),
        ({"n": 100, "organisations": 60}, "organisations = 60"),
    ],
)
def test_a_condition_that_cannot_be_drawn_is_refused(given: dict[str, int], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        Condition(**given)


def test_other_mistakes_are_refused(small: PowerPopulation) -> None:
    with pytest.raises(SpecError, match="loading of 2"):
        small.at_loading(2.0)
    with pytest.raises(SpecError, match="replications = 0"):
        tasks_of(small, grid([100]), replications=0, seed=1, outcomes=OUTCOMES)
    with pytest.raises(SpecError, match="nothing to simulate"):
        grid([])
    with pytest.raises(RunError, match="workers = 0"):
        run_tasks([], workers=0)


def test_the_top_three_counts_ties_at_the_border() -> None:
    truth = np.array([0.9, 0.8, 0.7, 0.7, 0.5])
    drawn = np.array([[5.0, 4, 3, 2, 1], [5, 4, 2, 3, 1], [5, 3, 2, 1, 4], [np.nan] * 5])
    assert np.array_equal(top_found(drawn, truth), [1, 1, 0, np.nan], equal_nan=True)


def test_wald_power_is_alpha_without_an_effect_and_one_half_at_the_critical_value() -> None:
    assert wald_power(0.0, 0.1) == pytest.approx(0.05)
    assert wald_power(1.959963984540054, 1.0) == pytest.approx(0.5, abs=1e-4)


def test_five_point_answers_keep_the_target(instrument: Instrument) -> None:
    model = build_model("second_order", instrument=instrument)
    cut = documented_population(model, instrument, five_points=True)
    study = simulate_power(cut, grid([400]), outcomes=OUTCOMES, replications=20, seed=2)
    direct = study.paths[study.paths["kind"] == "direct"]
    assert direct["truth"].tolist() == pytest.approx([0.72, 0.40, 0.36, -0.38, -0.32], abs=1e-6)
    assert (direct["bias"].abs() < 4 * direct["sd"] / np.sqrt(20)).all()


def test_colleagues_cost_nothing_alone_and_more_together(population: PowerPopulation) -> None:
    truth = truth_of(population, loading=None, outcomes=OUTCOMES)
    alone, few, fewer = (
        design_effects(population, truth, n=300, organisations=groups) for groups in (300, 30, 8)
    )
    assert alone == pytest.approx(1.0, abs=1e-9)
    assert (few > 1.0).all()
    assert (few < fewer).all()


@pytest.mark.slow
def test_design_effects_equal_simulated_ones(small: PowerPopulation) -> None:
    # strongly alike within organisations, so that the effect stands out from the Monte Carlo error
    alike = replace(small, between=0.4 * small.latent, team=np.zeros_like(small.latent))
    conditions = grid([900], organisations=[0, 90])
    paths = simulate_power(alike, conditions, outcomes=OUTCOMES, replications=3000, seed=1).paths
    plain = paths[paths["errors"] == "plain"]
    sd = [plain.loc[plain["organisations"] == k, "sd"].to_numpy() for k in (0, 90)]
    truth = truth_of(alike, loading=None, outcomes=OUTCOMES)
    expected = design_effects(alike, truth, n=900, organisations=90)
    assert expected.max() > 1.3
    assert (sd[1] / sd[0]) ** 2 == pytest.approx(expected, rel=0.12)
    robust = paths[paths["errors"] == "clustered"]
    assert robust["coverage"].between(0.93, 0.965).all()


@pytest.mark.slow
def test_a_thousand_studies_of_the_whole_model_take_at_most_a_minute(population: PowerPopulation) -> None:
    from time import perf_counter

    started = perf_counter()
    study = simulate_power(population, grid([300]), outcomes=OUTCOMES, replications=1000, seed=1, workers=2)
    assert perf_counter() - started <= 60
    assert study.fits["converged"].item() > 0.99
    assert study.paths["coverage"].between(0.92, 0.98).all()
    assert (study.paths["se_bias"].abs() < 0.08).all()

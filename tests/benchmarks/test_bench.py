"""The benchmark's own arithmetic, without timing anything but a few small fits."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import by_lavaan, by_semopy
from benchmarks.data import (
    N_FREE,
    as_answers,
    factor_model,
    factor_sample,
    study_model,
    study_sample,
    with_groups,
    with_missing,
    with_patterns,
)
from benchmarks.growth import KINDS
from benchmarks.markdown import grid, number, page
from benchmarks.measure import Measured, Setting, agree, dgemm_speed, rounds
from benchmarks.replicates import Replicates
from benchmarks.run import write
from benchmarks.table import count_problems, growth_rows, target_rows, task_rows
from benchmarks.tasks import RATIOS, TASKS, Cell, Task
from jq_models.sem.table import parameter_table

ROOT = Path(__file__).parents[2]
ML = next(task for task in TASKS if task.name == "ml")


def cells(task: Task = ML, n: int = 800, **measured: Measured) -> list[Cell]:
    """Return one cell for each engine, those not named with nothing measured."""
    absent = {name: Measured(reason=f"no {name} here") for name in ("jq", "semopy", "lavaan")}
    both = {**absent, **measured}
    return [Cell(task=task, n=n, engine=name, measured=one, flops=26e9) for name, one in both.items()]


def took(*seconds: float, chi_square: float = 900.0, n_free: int = N_FREE) -> Measured:
    return Measured(
        seconds=seconds, optimising=(0.001,), looped=(0.0005,), chi_square=chi_square, df=854, n_free=n_free
    )


def test_the_study_model_has_181_free_parameters_and_45_items() -> None:
    parameters = parameter_table(study_model())
    assert (parameters.n_free, len(parameters.observed)) == (N_FREE, 45)
    assert tuple(study_sample(10).columns) == parameters.observed


def test_a_sample_follows_from_its_seed() -> None:
    pd.testing.assert_frame_equal(study_sample(50), study_sample(50))
    assert not study_sample(50).equals(study_sample(50, seed=2))


def test_items_have_variances_of_about_one() -> None:
    variance = study_sample(50_000).var()
    assert np.abs(variance - 1).max() < 0.1


def test_five_percent_are_missing_and_no_case_is_empty() -> None:
    gone = with_missing(study_sample(2000)).isna()
    assert gone.to_numpy().mean() == pytest.approx(0.05, abs=0.005)
    assert not gone.all(axis=1).any()


@pytest.mark.parametrize("patterns", [1, 10, 60])
def test_there_are_as_many_missing_patterns_as_asked(patterns: int) -> None:
    gone = with_patterns(study_sample(60), patterns=patterns).isna()
    assert len(gone.drop_duplicates()) == patterns


def test_more_patterns_than_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="11 patterns need as many cases; found 10"):
        with_patterns(study_sample(10), patterns=11)


def test_answers_are_one_to_five_and_all_given() -> None:
    answers = as_answers(study_sample(200))
    assert all(set(answers[name]) == {1, 2, 3, 4, 5} for name in answers)


def test_groups_are_of_equal_size() -> None:
    assert with_groups(study_sample(800), groups=5)["group"].value_counts().tolist() == [160] * 5


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_direction_of_growth_has_a_model_for_its_sample(kind: object) -> None:
    size = kind.sizes[0]  # type: ignore[attr-defined]
    model, sample = kind.model(size), kind.sample(size)  # type: ignore[attr-defined]
    assert set(parameter_table(model).observed) == set(sample.columns) - {"group"}


def test_repeats_end_with_their_number_or_their_time() -> None:
    data = pd.DataFrame()
    assert list(rounds(Setting(task="ml", model="", data=data, repeats=3, budget=60.0))) == [0, 1, 2]
    assert list(rounds(Setting(task="ml", model="", data=data, repeats=3, budget=0.0))) == [0]


def test_the_median_of_nothing_is_nan() -> None:
    assert math.isnan(Measured(reason="absent").median)
    assert took(1.0, 9.0, 2.0).median == 2.0


def test_the_speed_of_a_matrix_product_is_positive() -> None:
    assert dgemm_speed(size=50, repeats=2) > 0


def test_values_that_do_not_exist_do_not_disagree() -> None:
    assert agree([1.0, math.nan, 1.0 + 1e-8], tolerance=1e-6)
    assert not agree([1.0, 1.0 + 1e-5], tolerance=1e-6)
    assert agree([math.nan], tolerance=1e-6)


def test_a_ratio_is_a_peers_median_over_ours() -> None:
    row = task_rows(cells(jq=took(0.01), semopy=took(0.2, 0.4, 0.3), lavaan=took(0.5))).iloc[0]
    assert row["semopy_ratio"] == pytest.approx(30)
    assert row["lavaan_ratio"] == pytest.approx(50)
    assert row["same"] == "yes"


@pytest.mark.parametrize(
    ("other", "same"),
    [(took(1.0, chi_square=900.1), "NO"), (Measured(reason="gone"), "one engine only")],
)
def test_chi_squares_are_compared(other: Measured, same: str) -> None:
    assert task_rows(cells(jq=took(0.01), lavaan=other)).iloc[0]["same"] == same


def test_a_wrong_number_of_free_parameters_is_found() -> None:
    found = count_problems(cells(jq=took(0.01), lavaan=took(1.0, n_free=180)))
    assert found == ["lavaan, n = 800: 180 free parameters in place of 181"]


def verdicts(found: list[Cell], whole: Replicates | None = None) -> dict[str, str]:
    table = target_rows(found, whole=whole or Replicates(reason="not run"))
    return dict(zip(table["target"], table["verdict"], strict=True))


def test_targets_are_met_missed_or_open() -> None:
    found = verdicts(cells(jq=took(0.02), semopy=took(0.3), lavaan=took(0.51)))
    assert found["ml: times as fast as lavaan"] == "met"
    assert found["ml: times as fast as semopy"] == "not met"
    assert found["ML over the arithmetic floor, optimiser in a loop, as the product is"] == "met"
    assert found["ML over the arithmetic floor, optimiser within whole calls"] == "met"
    assert found["ML over the arithmetic floor, whole call"] == "not met"
    assert found["2000 replicates on 2 cores, s"] == "not measured: not run"


def test_a_peer_that_was_stopped_gives_a_lower_bound() -> None:
    stopped = Measured(reason="stopped after 120 s", at_least=120.0)
    assert verdicts(cells(jq=took(1.0), lavaan=stopped))["ml: times as fast as lavaan"] == "met"
    slow = verdicts(cells(jq=took(10.0), lavaan=stopped))
    assert slow["ml: times as fast as lavaan"] == "open: stopped after 120 s"


def test_an_absent_engine_is_said_to_be_absent() -> None:
    found = verdicts(cells(jq=took(0.02)))
    assert found["ml: times as fast as lavaan"] == "not measured: no lavaan here"


def test_whole_bootstrap_is_judged_by_seconds_and_bytes() -> None:
    found = verdicts(cells(jq=took(0.02)), Replicates(seconds=9.0, peak_bytes=1.5e9))
    assert found["2000 replicates on 2 cores, s"] == "met"
    assert found["their peak memory, GB"] == "not met"


def test_every_target_names_a_task() -> None:
    assert {wanted.task for wanted in RATIOS} <= {task.name for task in TASKS}


def test_the_page_holds_the_numbers_and_every_reason(tmp_path: Path) -> None:
    found = cells(jq=took(0.0123), semopy=took(0.3))
    tasks, targets = task_rows(found), target_rows(found, whole=Replicates(reason="not run"))
    text = page(machine=["a machine"], targets=targets, tasks=tasks, growth=growth_rows([]))
    assert "| ML | 800 | 12.3 (1) | 300 (1) | – | – | 24.4 | – | yes |" in text
    assert "- lavaan: no lavaan here (ml 800)" in text
    write(tmp_path / "results", tables={"tasks": tasks, "growth": None}, text=text)
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["bench.md", "tasks.csv"]
    again = pd.read_csv(tmp_path / "results" / "tasks.csv")
    assert again["jq_seconds"].tolist() == [0.0123]


def test_numbers_have_three_digits() -> None:
    assert [number(value) for value in (1234.5, 12.345, 0.012345, math.nan)] == [
        "1234",
        "12.3",
        "0.0123",
        "–",
    ]
    assert grid(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]


def test_semopy_is_timed_on_a_small_model() -> None:
    setting = Setting(
        task="ml", model=factor_model(9), data=factor_sample(200, items=9), repeats=2, budget=60.0
    )
    one = by_semopy.measure(setting)
    assert (len(one.seconds), one.df, one.n_free) == (2, 24, 21)
    assert by_semopy.measure(Setting(**{**vars_of(setting), "task": "wlsmv"})).reason == "no polychoric WLSMV"


def vars_of(setting: Setting) -> dict[str, object]:
    return {name: getattr(setting, name) for name in Setting.__dataclass_fields__}


def test_what_r_wrote_is_read() -> None:
    times = '"quantity","value"\n"seconds","0.5"\n"seconds","0.7"\n"optimising","0.1"\n"fitting","0.3"\n'
    rest = '"chi_square","9.25"\n"chi_square_scaled","NaN"\n"df","24"\n"n_free","21"\n'
    one = by_lavaan.parse(times + rest)
    assert (one.seconds, one.optimising, one.chi_square, one.df, one.n_free) == (
        (0.5, 0.7),
        (0.1,),
        9.25,
        24,
        21,
    )
    assert math.isnan(one.chi_square_scaled)


def test_without_r_lavaan_is_said_to_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_lavaan, "absent", lambda: "R with lavaan is not installed")
    setting = Setting(task="ml", model="", data=pd.DataFrame(), repeats=1, budget=1.0)
    assert by_lavaan.measure(setting).reason == "R with lavaan is not installed"


@pytest.mark.slow
@pytest.mark.skipif(bool(by_lavaan.absent()), reason="R with lavaan is not installed")
def test_lavaan_and_semopy_reach_the_same_chi_square() -> None:
    setting = Setting(
        task="ml", model=factor_model(9), data=factor_sample(200, items=9), repeats=1, budget=60.0
    )
    theirs = by_lavaan.measure(setting)
    assert theirs.chi_square == pytest.approx(by_semopy.measure(setting).chi_square, rel=1e-6)
    assert (theirs.df, theirs.n_free) == (24, 21)


def test_the_package_imports_nothing_of_the_benchmark() -> None:
    for path in (ROOT / "jq_models").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.partition(".")[0] == "benchmarks" for name in names), path.name

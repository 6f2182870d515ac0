"""The benchmark of the composite route: its arithmetic and what it says when seminr is absent."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import by_seminr, pls, run
from benchmarks.by_pls import COMPARED, N, fitted, same_samples, sample
from benchmarks.data import FOUR_EACH, study_model
from jq_models.pls import fit_pls

ROOT = Path(__file__).parents[2]
ABSENT = "seminr 0.2.1 is not here and can't be installed: no network"


def beside(**changed: Any) -> pls.Beside:
    """Return what a run could have measured."""
    found = {
        "ours": {"fit": [0.004, 0.005, 0.006], "one": [1.2], "two": [0.7, 0.9, 0.8]},
        "theirs": {"fit": [0.02], "one": [120.0], "two": [64.0]},
        "peak_bytes": 0.3e9,
        "quantities": 505,
        "apart": 5e-12,
        "versions": "seminr 0.2.1",
    }
    return pls.Beside(**{**found, **changed})


def verdicts(found: pls.Beside) -> dict[str, str]:
    table = pls.targets(found)
    return dict(zip(table["target"], table["verdict"], strict=True))


def test_the_sample_has_12_dimensions_two_outcomes_and_56_items() -> None:
    data = sample()
    assert data.shape == (N, 56)
    assert len(FOUR_EACH) == 14
    assert set(data.columns) == {f"{name}{i}" for name in FOUR_EACH for i in range(1, 5)}
    fit = fit_pls(study_model(FOUR_EACH), data)
    assert fit.consistent
    assert fit.status.admissible
    assert "htmt" in set(fit.table["op"])


def test_the_draws_of_both_sides_are_the_same_cases() -> None:
    fit = fitted()
    cases, values = same_samples(fit)
    assert [len(one) for one in cases] == [N] * COMPARED
    assert values.shape == (COMPARED, len(fit.table))
    # a fit to these cases is the replicate
    again = fit_pls(fit.model, sample().iloc[cases[3]])
    np.testing.assert_allclose(again.table["est"], values.iloc[3], atol=1e-9)


def test_what_a_start_costs_is_counted_once() -> None:
    timed = {"few": 1.0 + 2 * 0.02, "many": 1.0 + 102 * 0.02, "fewest": 2, "draws": 102}
    assert pls.whole(timed, draws=5000) == pytest.approx(1.0 + 5000 * 0.02)


def test_a_ratio_is_seminrs_median_over_ours() -> None:
    table = pls.rows(beside()).set_index("task")
    assert table.loc["one", "ratio"] == pytest.approx(100)
    assert table.loc["two", "ratio"] == pytest.approx(80)
    assert table.loc["two", "jq_least"] == 0.7
    assert table.loc["fit", "jq_repeats"] == 3


def test_targets_are_met_or_missed() -> None:
    assert set(verdicts(beside()).values()) == {"met"}
    slow = beside(ours={"fit": [0.01], "one": [3.0], "two": [2.5]}, peak_bytes=0.6e9, apart=1e-6)
    assert set(verdicts(slow).values()) == {"not met"}


def test_absent_seminr_is_said_and_ours_still_judged() -> None:
    found = beside(theirs={}, apart=math.nan, versions="", reasons={"seminr": ABSENT})
    judged = verdicts(found)
    assert judged["times as fast as seminr, one thread"] == f"not measured: seminr: {ABSENT}"
    assert judged[f"{pls.TITLES['two']}, s"] == "met"
    text = pls.page(found, effort=pls.QUICK, load="0.1")
    assert f"seminr: {ABSENT}" in text
    assert "| a PLSc fit with HTMT | 0.005 (3) | – | – |" in text
    assert not pls.problems(found)


def test_a_difference_in_the_same_samples_is_found() -> None:
    fit = fitted()
    _, values = same_samples(fit)
    theirs = {op: as_told(values[op], op=op) for op in ("~", "=~", "<~", "total", "htmt")}
    assert pls.apart(fit, values=values, theirs=theirs) == 0.0
    table = theirs["~"]
    table["values"][COMPARED - 1][table["rows"].index("LCU")][table["columns"].index("COM")] += 0.01
    assert pls.apart(fit, values=values, theirs=theirs) == pytest.approx(0.01)
    assert pls.problems(beside(apart=0.01)) == [
        "pls: seminr's estimates in the same samples differ by 1.0e-02"
    ]


def as_told(values: pd.DataFrame, *, op: str) -> dict[str, Any]:
    """Return estimates as `seminr_peer.py` writes them: one matrix a sample."""
    pairs = [(lhs, rhs) if op == "htmt" else (rhs, lhs) for lhs, rhs in values.columns]
    rows = list(dict.fromkeys(row for row, _ in pairs))
    columns = list(dict.fromkeys(column for _, column in pairs))
    matrices = np.full((len(values), len(rows), len(columns)), np.nan)
    for k, (row, column) in enumerate(pairs):
        matrices[:, rows.index(row), columns.index(column)] = values.iloc[:, k]
    return {"rows": rows, "columns": columns, "values": matrices.tolist()}


def test_the_task_writes_its_page_into_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pls, "measure", lambda effort: beside())
    assert run.main(["--only", "pls", "--results", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["pls"]
    assert sorted(path.name for path in (tmp_path / "pls").iterdir()) == [
        "bench.md",
        "targets.csv",
        "tasks.csv",
    ]
    assert "| 5,000 bootstraps with HTMT, one thread | 1.2 (1) | 120 (1) | 100 |" in capsys.readouterr().out


def test_numbers_that_differ_end_the_run_with_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pls, "measure", lambda effort: beside(apart=0.5))
    assert run.main(["--only", "pls", "--results", str(tmp_path)]) == 1
    assert "differ by 5.0e-01" in capsys.readouterr().err


def test_an_environment_that_cannot_be_made_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[list[str]] = []

    def runs(command: list[str], **_: Any) -> str:
        tried.append(command)
        return "" if "venv" in command else "no network (exit code 1)"

    monkeypatch.setattr(by_seminr, "_run", runs)
    monkeypatch.setattr(by_seminr, "FOLDER", tmp_path / "seminr")
    by_seminr.absent.cache_clear()
    try:
        answer, reason = by_seminr.ask({}, limit=1.0)
        assert answer is None
        assert reason == "seminr 0.2.1 is not here and can't be installed: no network (exit code 1)"
        assert [len(tried), "seminr==0.2.1" in tried[2]] == [3, True]
    finally:
        by_seminr.absent.cache_clear()


def test_a_command_that_fails_gives_its_last_line(tmp_path: Path) -> None:
    talk = "import sys; print('first\\nlast', file=sys.stderr); sys.exit(3)"
    assert by_seminr._run([sys.executable, "-c", talk], limit=60.0) == "last (exit code 3)"
    assert by_seminr._run([sys.executable, "-c", ""], limit=60.0) == ""
    assert "No such file" in by_seminr._run([str(tmp_path / "python")], limit=60.0)


def test_seminr_is_no_dependency() -> None:
    for name in ("pyproject.toml", "requirements.lock", "environment.yml"):
        assert "seminr" not in (ROOT / name).read_text(encoding="utf-8"), name


@pytest.mark.slow
@pytest.mark.skipif(
    not by_seminr._python(by_seminr.FOLDER).exists(), reason="no environment of seminr: python3 do.py bench"
)
def test_seminr_estimates_the_same_in_the_same_samples(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    sample().to_csv(data, index=False)
    found = pls.Beside()
    pls._compare(found, data)
    assert not found.reasons
    assert found.apart < 1e-9

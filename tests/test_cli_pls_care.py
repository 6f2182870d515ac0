"""``jq-models pls``: what is said of fits, draws and intervals that cannot be taken at their word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.pls import fit_pls

WEAK = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n"
REFERENCE = Path(__file__).parent / "reference" / "pls"


def weak(n: int, *, seed: int, loadings: tuple[float, ...] = (0.25, 0.25, 0.25)) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.4 * a + 0.9 * rng.normal(size=n)
    columns = {f"a{k}": w * a + np.sqrt(1 - w**2) * rng.normal(size=n) for k, w in enumerate(loadings, 1)}
    columns |= {f"b{k}": 0.7 * b + np.sqrt(0.51) * rng.normal(size=n) for k in (1, 2, 3)}
    return pd.DataFrame(columns)


def run(tmp_path: Path, text: str, data: pd.DataFrame, *options: str) -> tuple[Any, dict[str, Any]]:
    model, table, out = tmp_path / "model.txt", tmp_path / "data.csv", tmp_path / "out.json"
    model.write_text(text, encoding="utf-8")
    data.to_csv(table, index=False)
    done = CliRunner().invoke(app, ["pls", str(model), str(table), "--json", str(out), *options])
    return done, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_draws_whose_causes_determine_one_another_leave_no_trace(tmp_path: Path) -> None:
    drawn = np.random.default_rng(0).integers(1, 4, size=(8, 4))
    data = pd.DataFrame(drawn, columns=["x1", "x2", "x3", "y1"])
    done, ours = run(tmp_path, "y1 ~ x1 + x2 + x3", data, "--bootstrap", "2000", "--seed", "1")
    assert done.exit_code == 0, done.output
    assert max(row["se"] for row in ours["paths"]) < 1e3
    assert ours["bootstrap"]["failed"] > 100


def test_draws_without_a_reliability_are_counted_as_lost(tmp_path: Path) -> None:
    data = weak(100, seed=2)
    done, ours = run(tmp_path, WEAK, data, "--consistent", "--bootstrap", "300")
    assert done.exit_code == 0, done.output
    failed = ours["bootstrap"]["failed"]
    assert failed > 20
    assert ours["bootstrap"]["fewest"] <= 300 - failed
    said = ours["warnings"]
    assert any(x.startswith(f"{failed} of 300 bootstrap draws have no usable solution") for x in said)
    impossible = round(ours["bootstrap"]["inadmissible_share"] * (300 - failed))
    assert any(x.startswith(f"{impossible} of 300 bootstrap draws have an impossible") for x in said)


def test_quantities_that_fewer_draws_have_are_said(tmp_path: Path) -> None:
    _, ours = run(tmp_path, WEAK, weak(100, seed=2), "--bootstrap", "300")
    fewest, solved = ours["bootstrap"]["fewest"], 300 - ours["bootstrap"]["failed"]
    assert fewest < solved
    assert any(f"rest on {fewest} of {solved} draws or more" in x for x in ours["warnings"])


@pytest.mark.parametrize("cluster", [False, True])
def test_bca_without_intervals_says_why_and_what_to_ask_for(tmp_path: Path, cluster: bool) -> None:
    data = weak(60, seed=1).assign(t=np.arange(60))
    lost = sum(not fit_pls(WEAK, data.drop(index=k)).usable for k in range(60))
    options = ("--consistent", "--interval", "bca", "--bootstrap", "200")
    done, ours = run(tmp_path, WEAK, data, *options, *(("--cluster", "t") if cluster else ()))
    assert done.exit_code == 0, done.output
    assert all(row["ci_low"] is None for row in ours["paths"])
    what = "cluster" if cluster else "case"
    said = next(x for x in ours["warnings"] if x.startswith("BCa"))
    assert f"without each {what} in turn; {lost} of these 60 fits" in said
    assert "--interval bc" in said
    fine = pd.read_csv(REFERENCE / "data.csv")
    _, ours = run(tmp_path, "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A", fine, *options[1:])
    assert not any(x.startswith("BCa") for x in ours["warnings"])


def test_a_sign_left_to_chance_is_said_with_the_option_that_mends_it(tmp_path: Path) -> None:
    data = weak(200, seed=4, loadings=(0.0, 0.8, 0.8))
    _, ours = run(tmp_path, WEAK, data, "--bootstrap", "200")
    said = [x for x in ours["warnings"] if "points the other way" in x]
    assert len(said) == 1
    assert "dominant indicator a1" in said[0]
    option = said[0].rstrip(".").split("--dominant ")[1]
    _, ours = run(tmp_path, WEAK, data, "--bootstrap", "200", "--dominant", option)
    assert not any("points the other way" in x for x in ours["warnings"])


def test_a_construct_measured_too_weakly_gets_no_such_advice(tmp_path: Path) -> None:
    data = weak(60, seed=3, loadings=(0.0, 0.0, 0.0))
    for item in ("a1", "a2", "a3"):
        _, ours = run(tmp_path, WEAK, data, "--bootstrap", "200", "--dominant", f"A={item}")
        said = [x for x in ours["warnings"] if "A points the other way" in x]
        if said and "No other indicator goes with it more" in said[0]:
            assert "--dominant" not in said[0]
            return
    pytest.fail("one of the three items is the best")


def test_no_more_cases_than_items_is_said(tmp_path: Path) -> None:
    done, ours = run(tmp_path, WEAK, weak(6, seed=4, loadings=(0.8, 0.8, 0.8)))
    assert done.exit_code == 0, done.output
    assert any(x.startswith("Few cases for the size of the model: 6 for 6 items.") for x in ours["warnings"])
    _, ours = run(tmp_path, WEAK, weak(7, seed=4, loadings=(0.8, 0.8, 0.8)))
    assert not any(x.startswith("Few cases") for x in ours["warnings"])


def test_an_absent_reliability_is_said_and_leaves_the_fit_admissible(tmp_path: Path) -> None:
    data = weak(60, seed=2, loadings=(0.1, 0.1, 0.1))
    done, ours = run(tmp_path, WEAK, data)
    assert done.exit_code == 0, done.output
    assert sum(row["rho_a"] is None for row in ours["reliability"]) == 1
    assert (ours["converged"], ours["admissible"]) == (True, True)
    assert any(
        x.startswith("The reliability of a construct (rho_A) cannot be told") for x in ours["warnings"]
    )


def test_an_answer_too_large_to_compute_with_is_a_mistake_to_mend(tmp_path: Path) -> None:
    data = weak(60, seed=2)
    data.loc[3, "a1"] = 1e200
    done, ours = run(tmp_path, WEAK, data)
    assert (done.exit_code, ours) == (2, {})
    said = " ".join(done.stderr.split())
    assert "Numbers too large to compute with in: a1." in said
    assert "RuntimeWarning" not in done.output
    assert "No differences" not in said

"""``jq-models power``: a screen, a JSON file, and mistakes a user can mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jq_models.cli import app

QUICK = ["--replications", "4", "--workers", "1", "--seed", "5"]


def test_it_prints_tables_and_writes_all_numbers(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["power", "demo", "--n", "100,200", *QUICK, "--json", str(out)])
    assert done.exit_code == 0, done.output
    assert "How often a path is found" in done.output
    record = json.loads(out.read_text(encoding="utf-8"))
    assert (record["seed"], record["replications"], record["df"]) == (5, 4, 1632)
    assert {row["n"] for row in record["paths"]} == {100, 200}
    assert len(record["expected"]) == 16
    assert record["paths"][0]["loading"] is None


def test_too_few_people_are_told_so_and_nothing_else() -> None:
    done = CliRunner().invoke(app, ["power", "demo", "--n", "5", *QUICK])
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert "With 5 complete answers this model cannot be estimated: it has 59 questions." in text
    assert "of 100 studies; below" not in text


def test_it_speaks_dutch() -> None:
    done = CliRunner().invoke(app, ["power", "demo", "--n", "100", *QUICK, "--language", "nl"])
    assert "Hoe vaak een pad wordt gevonden" in done.output


def test_five_points_are_drawn() -> None:
    done = CliRunner().invoke(app, ["power", "demo", "--n", "200", *QUICK, "--answers", "five-point"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--n", "x"], "--n x: give whole numbers"),
        (["--loadings", ".6;.7"], "--loadings .6;.7"),
        (["--loadings", "3"], "A mean loading of 3.0"),
        (["--n", "100", "--organisations", "1"], "organisations = 1"),
        (["--n", "10,20,30,40,50,60,70,80"], "a table holds 7"),
        (["--scheduler", "nowhere"], "No dask scheduler answers at 'nowhere'"),
        (["--data", "nofile.csv"], "No data file 'nofile.csv'"),
    ],
)
def test_mistakes_end_with_two_and_a_remedy(given: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["power", "demo", *QUICK, *given])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())

"""``jq-models fit``: lavaan's numbers in the JSON, a diagnosis where there are none, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lavaan_cases import ENGINE, Case, by_parameter, cases
from references import REFERENCE, reference
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.run.fit_file import MEASURES

Fit = Callable[..., Any]
HOLZINGER = REFERENCE / "holzinger"
PARAMETER = [
    "lhs",
    "op",
    "rhs",
    "group",
    "label",
    "est",
    "se",
    "z",
    "pvalue",
    "ci_low",
    "ci_high",
    "std_all",
    "free",
]
LAVAAN = {"chisq": "chisq", "chisq_scaled": "chisq.scaled", "scaling_factor": "chisq.scaling.factor"} | {
    "rmsea_ci_low": "rmsea.ci.lower",
    "rmsea_ci_high": "rmsea.ci.upper",
    "df_scaled": "df.scaled",
}
END_TO_END = (
    "likert_skew/mlr",
    "likert_skew/wlsmv",
    "likert_skew/wlsmv_theta",
    "likert_skew/ml_std_lv",
    "likert_skew/ml_observed",
    "likert_missing/fiml_mlr_path",
    "likert_missing/listwise",
    "three_groups/ml_partial",
    "clusters/mlr",
    "weights/mlr_groups",
)


@pytest.fixture
def fit(tmp_path: Path) -> Fit:
    """Run ``jq-models fit`` with a model text or file, a table or file, and options."""

    def run(model: str | Path, data: pd.DataFrame | Path, *options: str) -> Any:
        if isinstance(model, str):
            text, model = model, tmp_path / "model.txt"
            model.write_text(text, encoding="utf-8")
        if isinstance(data, pd.DataFrame):
            frame, data = data, tmp_path / "data.csv"
            frame.to_csv(data, index=False)
        return CliRunner().invoke(app, ["fit", str(model), str(data), *options])

    return run


def read(path: Path) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def options_of(case: Case) -> list[str]:
    found = []
    for name, value in case.arguments.items():
        option = f"--{name.replace('_', '-')}"
        if name == "free":
            found += [word for one in value for word in (option, one)]
        else:
            found += (
                [option] if value is True else [option, ",".join(value) if isinstance(value, list) else value]
            )
    return found


@pytest.mark.parametrize("name", END_TO_END)
def test_the_json_holds_lavaans_numbers(fit: Fit, tmp_path: Path, name: str) -> None:
    case = cases()[name]
    out = tmp_path / "out.json"
    data = ENGINE / f"{case.data_file}.csv"
    done = fit(case.text, data, *options_of(case), "--json", str(out))
    assert done.exit_code == 0, done.output
    found = read(out)
    assert list(found) == ["converged", "n", "npar", "estimator", "parameters", "fit", "warnings"]
    assert all(list(row) == PARAMETER for row in found["parameters"])
    assert list(found["fit"]) == list(MEASURES)
    assert found["converged"] is True
    assert (found["n"], found["npar"]) == (case.measures["ntotal"], case.measures["npar"])
    assert found["estimator"] == case.arguments["estimator"]

    theirs = case.table("estimates")
    theirs = by_parameter(theirs[theirs["op"] != "r2"])
    ours = by_parameter(pd.DataFrame(found["parameters"]))
    assert set(ours.index) == set(theirs.index)
    tolerance = 1 if case.normal else 20
    for column, lavaans, allowed in (
        ("est", "est", 2e-5),
        ("se", "se", 5e-6),
        ("ci_low", "ci.lower", 3e-5),
        ("ci_high", "ci.upper", 3e-5),
        ("std_all", "std.all", 2e-5),
    ):
        expected = theirs[lavaans].reindex(ours.index).astype(float)
        np.testing.assert_allclose(ours[column].astype(float), expected, rtol=0, atol=allowed * tolerance)
    for measure, value in found["fit"].items():
        lavaans = LAVAAN.get(measure, measure.replace("_", "."))
        if value is None or lavaans not in case.measures:
            assert value is None or lavaans in case.unoffered or lavaans == "df.scaled", measure
            continue
        assert value == pytest.approx(case.measures[lavaans], rel=1e-4, abs=1e-6), measure


def test_free_label_and_group_are_numbers_and_words(fit: Fit, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    text = "f =~ x1 + a*x2 + b*x3\nx4 ~ c*f\nind := a * c  # of x2\nmore := ind + 1"
    done = fit(text, reference("holzinger").data, "--json", str(out))
    assert done.exit_code == 0
    rows = {row["lhs"] + row["op"] + row["rhs"]: row for row in read(out)["parameters"]}
    assert [rows[key]["free"] for key in ("f=~x1", "f=~x2", "f=~x3", "ind:=a*c")] == [0, 1, 2, 0]
    assert rows["ind:=a*c"]["group"] == 0
    assert rows["f=~x1"]["group"] == 1
    assert rows["f=~x2"]["label"] == "a"
    assert rows["f=~x1"]["se"] == 0.0
    assert rows["f=~x1"]["z"] is None
    assert rows["more:=ind+1"]["est"] == pytest.approx(rows["f=~x2"]["est"] * rows["x4~f"]["est"] + 1)
    assert read(out)["fit"]["chisq_scaled"] is None


def test_what_failed_is_on_the_first_line_and_in_the_json(fit: Fit, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = fit("f =~ x1 + x2", reference("holzinger").data, "--json", str(out))
    assert done.exit_code == 1
    assert done.stdout.startswith(
        "Failed: model.txt on data.csv: The model has more parameters than the data"
    )
    found = read(out)
    assert found["converged"] is False
    assert found["parameters"] == []
    assert set(found["fit"].values()) == {None}
    assert list(found["fit"]) == list(MEASURES)
    assert any("cannot tell all parameters apart: f =~ x2" in warning for warning in found["warnings"])
    assert "Loadings" not in done.stdout


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda data: data.assign(x2=3.0), "No differences between the answers in: x2"),
        (lambda data: data.head(5), "5 complete cases for 9 variables"),
        (lambda data: data.assign(x2=data["x1"]), "determine one another: x1, x2"),
        (lambda data: data.assign(x2=np.nan), "0 complete cases"),
    ],
)
def test_data_that_carry_no_model_are_a_named_diagnosis(
    fit: Fit, tmp_path: Path, spoilt: Callable[[pd.DataFrame], pd.DataFrame], says: str
) -> None:
    out = tmp_path / "out.json"
    done = fit(HOLZINGER / "model.txt", spoilt(reference("holzinger").data), "--json", str(out))
    assert done.exit_code == 1, done.output
    assert done.stdout.startswith("Failed: model.txt on data.csv: ")
    assert says in " ".join(done.stdout.split())
    found = read(out)
    assert (found["converged"], found["parameters"], found["npar"]) == (False, [], None)
    assert says in found["warnings"][0]


def test_an_inadmissible_fit_warns_before_its_numbers(fit: Fit, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = fit(REFERENCE / "heywood" / "model.txt", REFERENCE / "heywood" / "data.csv", "--json", str(out))
    assert done.exit_code == 0
    assert done.stdout.startswith("Warning     A variance is estimated below zero: x1 ~~ x1.")
    assert done.stdout.index("Warning") < done.stdout.index("Loadings")
    found = read(out)
    assert found["converged"] is True
    assert found["warnings"][0] == "A variance is estimated below zero: x1 ~~ x1."


@pytest.mark.parametrize(
    ("model", "options", "says"),
    [
        ("f =~ x1 ++ x2", (), "line 1, column 10: found '+'"),
        ("f =~ x1 + x2 + xx3", (), "data.csv has no column 'xx3'. Did you mean 'x3'?"),
        ("", (), "The model text is empty"),
        ("f =~ x1 + x2 + x3", ("--group", "scool"), "has no column 'scool'. Did you mean 'school'?"),
        ("f =~ x1 + x2 + x3", ("--cluster", "klas"), "has no column 'klas'"),
        ("f =~ x1 + x2 + x3", ("--estimator", "MLRR"), "No estimator 'MLRR'. Did you mean 'MLR'?"),
        ("f =~ x1 + x2 + x3", ("--equal", "loadings"), "needs at least two groups"),
        ("f =~ x1 + x2 + x3", ("--group", "school", "--equal", "loading"), "Did you mean 'loadings'?"),
        ("f =~ x1 + x2 + x3", ("--missing", "pairwise"), "'pairwise' is not one of"),
        ("f =~ x1 + x2 + school", (), "column 'school': 301 cells have something that is no number"),
        ("f =~ x1 + x2 + x3", ("--json", "nowhere/out.json"), "Name a file in a folder that exists"),
        ("f =~ x1 + x2 + x3", ("--engine", "semopy", "--group", "school"), "Use the engine 'jq'"),
        ("f =~ x1 + x2 + x3", ("--bootstrap", "1"), "greater than or equal to 2"),
    ],
)
def test_mistakes_end_with_2_and_write_nothing(
    fit: Fit, tmp_path: Path, model: str, options: tuple[str, ...], says: str
) -> None:
    out = tmp_path / "out.json"
    done = fit(model, reference("holzinger").data, "--json", str(out), *options)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.stderr.replace("│", " ").split())
    assert "Pasteur" not in done.output
    assert done.stdout == ""
    assert not out.exists()


def test_absent_files_end_with_2(fit: Fit, tmp_path: Path) -> None:
    assert "No data file 'no.csv'" in fit("f =~ x1 + x2 + x3", tmp_path / "no.csv").stderr
    done = fit(tmp_path / "no.txt", reference("holzinger").data)
    assert (done.exit_code, done.stderr) == (2, "No model file 'no.txt'. Check the name and the folder.\n")


def test_no_cell_is_in_an_error(fit: Fit) -> None:
    data = reference("holzinger").data.astype({"x1": object})
    data.loc[[3, 4], "x1"] = ["Geheim-4711", "Geheim-4712"]
    done = fit(HOLZINGER / "model.txt", data)
    assert done.exit_code == 2
    assert "column 'x1': 2 cells have something that is no number" in done.stderr
    assert "Geheim" not in done.output


def test_dropped_cases_are_counted_and_fiml_keeps_them(fit: Fit, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    data = reference("holzinger").data
    data.loc[:9, "x1"] = np.nan
    fit(HOLZINGER / "model.txt", data, "--json", str(out))
    found = read(out)
    assert found["n"] == 291
    assert found["warnings"][0].startswith(
        "10 of 301 cases were left out: an answer to a variable of the model"
    )
    fit(HOLZINGER / "model.txt", data, "--missing", "fiml", "--json", str(out))
    assert (read(out)["n"], read(out)["warnings"]) == (301, [])


def test_the_bootstrap_is_that_of_the_package(fit: Fit, tmp_path: Path) -> None:
    from jq_models.sem import fit_sem
    from jq_models.sem.resampling.bootstrap import bootstrap
    from jq_models.sem.resampling.intervals import bootstrap_intervals

    out = tmp_path / "out.json"
    case = reference("holzinger")
    done = fit(case.text, case.data, "--bootstrap", "60", "--seed", "5", "--level", "0.9", "--json", str(out))
    assert done.exit_code == 0, done.output
    assert "60 draws, seed 5" in " ".join(done.stdout.split())
    own = fit_sem(case.text, case.data)
    expected = bootstrap_intervals(own, bootstrap(own, draws=60, seed=5), level=0.9)
    rows = pd.DataFrame(read(out)["parameters"])
    for column in ("est", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(rows[column], expected[column], rtol=1e-9)
    free = rows["free"] > 0
    np.testing.assert_allclose(rows.loc[free, "z"].astype(float), (rows["est"] / rows["se"])[free])
    assert done.stderr == ""


def test_failed_draws_are_counted_in_the_warnings(fit: Fit, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    # a yes-or-no item that two of 40 answered with yes is constant in one of seven draws
    rng = np.random.default_rng(7)
    f = rng.normal(size=40)
    data = pd.DataFrame({f"y{i}": f + rng.normal(size=40) for i in range(3)}).assign(y3=[1, 1] + [0] * 38)
    done = fit("f =~ y0 + y1 + y2 + y3", data, "--bootstrap", "100", "--seed", "2", "--json", str(out))
    assert done.exit_code == 0, done.output
    said = [warning for warning in read(out)["warnings"] if "bootstrap draws have no estimates" in warning]
    assert len(said) == 1
    assert "constant: " in said[0]


def test_codes_for_no_answer_are_suspected_and_can_be_declared(
    fit: Fit, tmp_path: Path, checkout: Path
) -> None:
    out = tmp_path / "out.json"
    model, data = checkout / "data/models/second_order.txt", checkout / "data/simulated/demo.csv"
    data = pd.read_csv(data)
    data.loc[:4, "OPP1"] = 99
    fit(model, data, "--json", str(out))
    assert read(out)["warnings"][0].startswith("OPP1, OPP3, OPP4, CON2, ATM1 and ")
    done = fit(model, data, "--na", "99", "--json", str(out))
    assert done.exit_code == 0
    assert not any("codes" in warning for warning in read(out)["warnings"])


@pytest.mark.parametrize("name", ["second_order", "composite_pls"])
def test_the_stored_models_are_the_studys_own(checkout: Path, name: str) -> None:
    from jq_models.spec import build_model, load_instrument, load_study

    instrument = load_instrument(load_study("demo").instrument)
    stored = (checkout / "data" / "models" / f"{name}.txt").read_text(encoding="utf-8")
    assert stored == build_model(name, instrument=instrument).text


def test_the_readmes_examples_run(fit: Fit, checkout: Path, tmp_path: Path) -> None:
    lines = (checkout / "README.md").read_text(encoding="utf-8").splitlines()
    first, second = (line.split() for line in lines if line.strip().startswith("jq-models fit "))
    # once as a user does
    done = subprocess.run(
        [sys.executable, "-m", "jq_models.cli", *first[1:]],
        cwd=checkout,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Model       second_order.txt, 138 free parameters" in done.stdout
    out = tmp_path / second[-1]
    model, data = checkout / second[2], checkout / second[3]
    again = fit(model, data, *second[4:-1], str(out))
    assert again.exit_code == 0, again.output
    assert (read(out)["estimator"], read(out)["n"]) == ("MLR", 577)


def test_help_says_what_the_exit_codes_and_the_json_mean() -> None:
    done = CliRunner().invoke(app, ["fit", "--help"], env={"COLUMNS": "100"})
    said = " ".join(done.stdout.replace("│", " ").split())
    for words in ("Ends with 0; with 1 when", "is 0 for := rows", "--na", "--parameterization", "--free"):
        assert words in said
